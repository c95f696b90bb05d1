"""An Athena: its API in front of Trino, over the emulator's Glue catalog and S3.

How a query travels:

    operations   StartQueryExecution and the others, as moto's server calls them
    workgroups   whose settings apply: results, scan limit
    access       access key -> role -> what Lake Formation grants -> Trino's rules
    translation  Athena's statement -> statements of Trino, or changes of the catalog
    executions   runs them, keeps state, rows, statistics
    results      rows as Athena shows them, and the files that it writes to S3

Trino is reached through `trino_client`, the catalog through `catalog`.
"""
