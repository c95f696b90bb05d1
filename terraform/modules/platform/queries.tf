# dbt's analyses as named queries. Terraform can say where ref() points; what needs a macro of dbt is left out.
locals {
  analyses = "${var.repository}/dbt_project/analyses"
  ref      = "/\\{\\{ *ref\\('(\\w+)'\\) *\\}\\}/"

  resolved_queries = {
    for file in fileset(local.analyses, "*.sql") :
    trimsuffix(file, ".sql") => replace(file("${local.analyses}/${file}"), local.ref, "${local.databases.gold}.$1")
  }

  named_queries = { for name, sql in local.resolved_queries : name => sql if !strcontains(sql, "{{") }
}
