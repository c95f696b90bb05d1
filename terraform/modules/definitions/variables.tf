variable "repository" {
  description = "Root folder of this repository: contracts/ and dbt_project/ are read from it."
  type        = string
}
