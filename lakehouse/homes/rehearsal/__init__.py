"""The rehearsal: an AWS on this machine that Terraform's platform is applied to, and runs on.

The emulator is moto's server with the project's extension: it keeps what it is told and answers as
the AWS API does (`services`, `identity`). With an engine beside it (`engine`) its Athena runs
queries (`athena`); jobs and dbt run as Terraform defined them (`glue`, `dbt_project`). What that
shows and what not is in docs/REHEARSAL.md.
"""
