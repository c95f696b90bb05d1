resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${var.region}.s3"
  route_table_ids   = [aws_route_table.private.id]

  tags = { Name = "${var.name}-s3" }
}

resource "aws_vpc_endpoint" "interface" {
  for_each = var.interface_endpoints

  vpc_id              = aws_vpc.this.id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.endpoints.id]
  subnet_ids = [
    for zone in slice(var.zones, 0, min(var.endpoint_zones, length(var.zones))) : aws_subnet.private[zone].id
  ]

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_security_group" "endpoints" {
  name        = "${var.name}-endpoints"
  description = "Interface endpoints of ${var.name}"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-endpoints" }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_vpc" {
  security_group_id = aws_security_group.endpoints.id
  description       = "HTTPS from inside the VPC"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = var.cidr
}

resource "aws_security_group" "replication" {
  #checkov:skip=CKV2_AWS_5:module dms attaches it
  name        = "${var.name}-replication"
  description = "DMS replication instance: no way in, ways out to the source and to AWS"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-replication" }
}

resource "aws_vpc_security_group_egress_rule" "replication_to_source" {
  security_group_id = aws_security_group.replication.id
  description       = "Source database"
  ip_protocol       = "tcp"
  from_port         = var.source_port
  to_port           = var.source_port
  cidr_ipv4         = var.source_cidr
}

resource "aws_vpc_security_group_egress_rule" "replication_to_endpoints" {
  security_group_id = aws_security_group.replication.id
  description       = "Interface endpoints"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = var.cidr
}

resource "aws_vpc_security_group_egress_rule" "replication_to_s3" {
  security_group_id = aws_security_group.replication.id
  description       = "S3 through the gateway endpoint"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
}
