locals {
  tenant_tables = merge([
    for slug, tenant in var.tenants : {
      for table, columns in var.tenant_tables : "${slug}.${table}" => {
        slug = slug, table = table, columns = columns, filter = replace(var.row_filter, "{tenant_id}", tenant.id)
      }
    } if var.grant_tables
  ]...)
}

resource "aws_lakeformation_data_cells_filter" "tenant" {
  for_each = local.tenant_tables

  table_data {
    table_catalog_id = var.account_id
    database_name    = var.databases["gold"]
    table_name       = each.value.table
    name             = "${each.value.slug}_${each.value.table}"
    # A list, not "all but": a column that appears later is not visible until dbt's YAML lists it.
    column_names = each.value.columns

    row_filter {
      filter_expression = each.value.filter
    }
  }

  depends_on = [aws_lakeformation_data_lake_settings.this, aws_lakeformation_resource.layer]
}

resource "aws_lakeformation_permissions" "tenant_rows" {
  for_each = local.tenant_tables

  principal   = aws_iam_role.tenant[each.value.slug].arn
  permissions = ["SELECT"]

  data_cells_filter {
    table_catalog_id = var.account_id
    database_name    = var.databases["gold"]
    table_name       = each.value.table
    name             = aws_lakeformation_data_cells_filter.tenant[each.key].table_data[0].name
  }
}

# Opted in to every table: one that is granted to nobody is then closed to the tenant too. The role has no
# rights on the bucket either, so without this a query fails; it never sees more.
resource "aws_lakeformation_opt_in" "tenant" {
  for_each = var.tenants

  principal {
    data_lake_principal_identifier = aws_iam_role.tenant[each.key].arn
  }

  resource_data {
    table {
      catalog_id    = var.account_id
      database_name = var.databases["gold"]
      wildcard      = true
    }
  }

  depends_on = [aws_lakeformation_data_lake_settings.this]
}

resource "aws_lakeformation_permissions" "tenant_database" {
  for_each = var.tenants

  principal   = aws_iam_role.tenant[each.key].arn
  permissions = ["DESCRIBE"]

  database {
    catalog_id = var.account_id
    name       = var.databases["gold"]
  }

  depends_on = [aws_lakeformation_data_lake_settings.this]
}
