# DMS looks for these two roles by name, once an account.
locals {
  dms_account_roles = var.create_dms_account_roles ? {
    dms-vpc-role             = "arn:aws:iam::aws:policy/service-role/AmazonDMSVPCManagementRole"
    dms-cloudwatch-logs-role = "arn:aws:iam::aws:policy/service-role/AmazonDMSCloudWatchLogsRole"
  } : {}
}

resource "aws_iam_role" "dms_account" {
  for_each = local.dms_account_roles

  name = each.key
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "dms.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "dms_account" {
  for_each = local.dms_account_roles

  role       = aws_iam_role.dms_account[each.key].name
  policy_arn = each.value
}
