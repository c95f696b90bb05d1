# What the contracts and the compiled access policy say, as maps that for_each can walk. No resource, no table list.
locals {
  contract_folder = "${var.repository}/contracts"
  policy_file     = "${var.repository}/terraform/generated/access_policy.json"

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
    }
  }

  policy = jsondecode(file(local.policy_file))
}
