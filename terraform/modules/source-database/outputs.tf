output "host" {
  description = "Address of the database."
  value       = aws_db_instance.this.address
}

output "identifier" {
  description = "Name of the instance, for alarms."
  value       = aws_db_instance.this.identifier
}
