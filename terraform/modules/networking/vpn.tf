resource "aws_customer_gateway" "source" {
  count = var.vpn == null ? 0 : 1

  type       = "ipsec.1"
  bgp_asn    = var.vpn.bgp_asn
  ip_address = var.vpn.gateway_ip

  tags = { Name = "${var.name}-source" }
}

resource "aws_vpn_gateway" "this" {
  count = var.vpn == null ? 0 : 1

  vpc_id = aws_vpc.this.id

  tags = { Name = var.name }
}

resource "aws_vpn_connection" "source" {
  count = var.vpn == null ? 0 : 1

  type                = "ipsec.1"
  customer_gateway_id = aws_customer_gateway.source[0].id
  vpn_gateway_id      = aws_vpn_gateway.this[0].id
  static_routes_only  = true

  tags = { Name = "${var.name}-source" }
}

resource "aws_vpn_connection_route" "source" {
  count = var.vpn == null ? 0 : 1

  destination_cidr_block = var.vpn.remote_cidr
  vpn_connection_id      = aws_vpn_connection.source[0].id
}

resource "aws_route" "source" {
  count = var.vpn == null ? 0 : 1

  route_table_id         = aws_route_table.private.id
  destination_cidr_block = var.vpn.remote_cidr
  gateway_id             = aws_vpn_gateway.this[0].id
}
