output "nat_address" {
  description = "Public address from which DMS reaches a source on the internet; null without NAT."
  value       = one(aws_eip.nat[*].public_ip)
}

output "private_subnet_ids" {
  description = "Private subnets, one a zone."
  value       = [for zone in var.zones : aws_subnet.private[zone].id]
}

output "replication_security_group_id" {
  description = "Security group of the DMS replication instance."
  value       = aws_security_group.replication.id
}

output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}
