# What the people inside may see, as the compiled policy says.
locals {
  readers = merge([
    for role, layers in var.people_grants : { for layer in keys(layers) : "${role}.${layer}" => { role = role, layer = layer } }
  ]...)

  # Tables whose columns are listed, by role and layer.
  listed = merge(flatten([
    for role, layers in var.people_grants : [
      for layer, tables in layers : {
        for table, columns in tables : "${role}.${layer}.${table}" => {
          role = role, layer = layer, table = table, columns = columns
        }
      } if can(keys(tables))
    ]
  ])...)
}

resource "aws_lakeformation_permissions" "database" {
  for_each = local.readers

  principal   = aws_iam_role.person[each.value.role].arn
  permissions = ["DESCRIBE"]

  database {
    catalog_id = var.account_id
    name       = var.databases[each.value.layer]
  }

  depends_on = [aws_lakeformation_data_lake_settings.this]
}

# Whole layers. A wildcard grant needs no table to exist.
resource "aws_lakeformation_permissions" "all_tables" {
  for_each = { for key, reader in local.readers : key => reader if !can(keys(var.people_grants[reader.role][reader.layer])) }

  principal   = aws_iam_role.person[each.value.role].arn
  permissions = ["DESCRIBE", "SELECT"]

  table {
    catalog_id    = var.account_id
    database_name = var.databases[each.value.layer]
    wildcard      = true
  }

  depends_on = [aws_lakeformation_data_lake_settings.this]
}

resource "aws_lakeformation_permissions" "listed_columns" {
  for_each = { for key, grant in local.listed : key => grant if var.grant_tables }

  principal   = aws_iam_role.person[each.value.role].arn
  permissions = ["SELECT"]

  # A list of what may be seen: renaming a column that a grant excludes would uncover it.
  table_with_columns {
    catalog_id    = var.account_id
    database_name = var.databases[each.value.layer]
    name          = each.value.table
    column_names  = each.value.columns
  }

  depends_on = [aws_lakeformation_data_lake_settings.this, aws_lakeformation_resource.layer]
}

resource "aws_lakeformation_opt_in" "people" {
  for_each = local.readers

  principal {
    data_lake_principal_identifier = aws_iam_role.person[each.value.role].arn
  }

  resource_data {
    table {
      catalog_id    = var.account_id
      database_name = var.databases[each.value.layer]
      wildcard      = true
    }
  }

  depends_on = [aws_lakeformation_data_lake_settings.this]
}

# Writers. Even in hybrid mode Lake Formation asks for the data location when a table is created.
locals {
  writers = {
    silver = "silver"
    dbt    = "gold"
  }
  writer_databases = { silver = ["silver"], dbt = ["gold", "staging"], crawler = ["bronze"] }
}

resource "aws_lakeformation_permissions" "location" {
  for_each = local.writers

  principal   = var.operations_role_arns[each.key]
  permissions = ["DATA_LOCATION_ACCESS"]

  data_location {
    catalog_id = var.account_id
    arn        = aws_lakeformation_resource.layer[each.value].arn
  }
}

resource "aws_lakeformation_permissions" "writer_database" {
  for_each = merge([
    for role, layers in local.writer_databases : { for layer in layers : "${role}.${layer}" => { role = role, layer = layer } }
  ]...)

  principal   = var.operations_role_arns[each.value.role]
  permissions = ["ALTER", "CREATE_TABLE", "DESCRIBE"]

  database {
    catalog_id = var.account_id
    name       = var.databases[each.value.layer]
  }

  depends_on = [aws_lakeformation_data_lake_settings.this]
}

resource "aws_lakeformation_permissions" "writer_tables" {
  for_each = merge(
    { "dbt.read-silver" = { role = "dbt", layer = "silver", permissions = ["DESCRIBE", "SELECT"] } },
    merge([
      for role, layers in local.writer_databases : {
        for layer in layers : "${role}.${layer}" => {
          role = role, layer = layer, permissions = ["ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT"]
        }
      }
    ]...),
  )

  principal   = var.operations_role_arns[each.value.role]
  permissions = each.value.permissions

  table {
    catalog_id    = var.account_id
    database_name = var.databases[each.value.layer]
    wildcard      = true
  }

  depends_on = [aws_lakeformation_data_lake_settings.this]
}
