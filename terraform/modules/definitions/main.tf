# What the contracts and the marts' YAML say, as maps that for_each can walk. No resource, no table list.
locals {
  contract_folder = "${var.repository}/contracts"
  mart_folder     = "${var.repository}/dbt_project/models/marts"

  contracts = {
    for file in fileset(local.contract_folder, "*.odcs.yaml") :
    trimsuffix(file, ".odcs.yaml") => yamldecode(file("${local.contract_folder}/${file}")).schema[0]
  }

  tables = {
    for name, schema in local.contracts : name => {
      source_table = schema.physicalName
      source_schema = one([
        for property in schema.customProperties : property.value if property.property == "sourceSchema"
      ])
      # A derived column has no classification of its own: it may hold a personal value in another form.
      columns = [
        for column in schema.properties : column.name if try(column.classification, null) != null
      ]
      personal_columns = [
        for column in schema.properties : column.name if try(column.classification, null) == "personal"
      ]
    }
  }

  mart_models = flatten([
    for file in fileset(local.mart_folder, "**/*.yml") :
    try(yamldecode(file("${local.mart_folder}/${file}")).models, [])
  ])

  marts = {
    for model in local.mart_models : model.name => {
      columns = [for column in model.columns : column.name]
    } if try(length(model.columns), 0) > 0
  }
}
