locals {
  here = "${var.region}:${var.account_id}"

  people = {
    admin    = { role = "LakeFormationAdmin", principals = var.people.admin, workgroup = "data-engineering", prefix = "data-engineering" }
    engineer = { role = "DataEngineer", principals = var.people.engineer, workgroup = "data-engineering", prefix = "data-engineering" }
    analyst  = { role = "DataAnalyst", principals = var.people.analyst, workgroup = "analytics-team", prefix = "analytics-team" }
  }

  # Runs queries in one workgroup, and reads nothing of S3 but that workgroup's results: rows come from
  # Lake Formation, or not at all.
  query_statements = {
    for key, user in merge(local.people, {
      for slug, tenant in var.tenants : "tenant-${slug}" => { workgroup = "tenant-${slug}", prefix = "tenants/${slug}" }
      }) : key => [
      {
        Sid    = "OwnWorkgroup"
        Effect = "Allow"
        Action = [
          "athena:GetNamedQuery", "athena:GetQueryExecution", "athena:GetQueryResults", "athena:GetWorkGroup",
          "athena:ListNamedQueries", "athena:ListQueryExecutions", "athena:StartQueryExecution", "athena:StopQueryExecution",
        ]
        Resource = "arn:aws:athena:${local.here}:workgroup/${var.name}-${user.workgroup}"
      },
      {
        Sid      = "OwnResults"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
        Resource = "arn:aws:s3:::${var.results_bucket}/${user.prefix}/*"
      },
      {
        Sid       = "ListOwnResults"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = "arn:aws:s3:::${var.results_bucket}"
        Condition = { StringLike = { "s3:prefix" = "${user.prefix}/*" } }
      },
      { Sid = "ResultsBucket", Effect = "Allow", Action = "s3:GetBucketLocation", Resource = "arn:aws:s3:::${var.results_bucket}" },
      {
        Sid       = "ResultsKey"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = var.lake_key_arn
        Condition = { StringEquals = { "kms:ViaService" = "s3.${var.region}.amazonaws.com" } }
      },
      {
        Sid    = "Catalog"
        Effect = "Allow"
        Action = ["glue:GetDatabase", "glue:GetDatabases", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"]
        Resource = concat(
          ["arn:aws:glue:${local.here}:catalog", "arn:aws:glue:${local.here}:database/default"],
          flatten([
            for layer in(startswith(key, "tenant-") ? ["gold"] : ["gold", "silver"]) : [
              "arn:aws:glue:${local.here}:database/${var.databases[layer]}",
              "arn:aws:glue:${local.here}:table/${var.databases[layer]}/*",
            ]
          ]),
        )
      },
      # Lake Formation decides per table; this action knows no resources.
      { Sid = "LakeFormation", Effect = "Allow", Action = "lakeformation:GetDataAccess", Resource = "*" },
    ]
  }
}

resource "aws_iam_role" "person" {
  for_each = local.people

  name = "${var.name}-${each.value.role}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Principal = {
        AWS = length(each.value.principals) > 0 ? sort(each.value.principals) : ["arn:aws:iam::${var.account_id}:root"]
      }
      Action = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "person" {
  for_each = local.people

  name   = "query"
  role   = aws_iam_role.person[each.key].id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.query_statements[each.key] })
}

resource "aws_iam_role_policy_attachment" "admin" {
  role       = aws_iam_role.person["admin"].name
  policy_arn = "arn:aws:iam::aws:policy/AWSLakeFormationDataAdmin"
}

# TenantSpecificAnalyst: one role a tenant. The external id keeps a principal that serves several tenants
# from being tricked into the wrong one's role.
resource "aws_iam_role" "tenant" {
  for_each = var.tenants

  name = "${var.name}-tenant-${each.key}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Principal = {
        AWS = length(each.value.principals) > 0 ? sort(each.value.principals) : ["arn:aws:iam::${var.account_id}:root"]
      }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "sts:ExternalId" = each.value.id } }
    }]
  })

  tags = { Tenant = each.key }
}

resource "aws_iam_role_policy" "tenant" {
  for_each = var.tenants

  name   = "query"
  role   = aws_iam_role.tenant[each.key].id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.query_statements["tenant-${each.key}"] })
}
