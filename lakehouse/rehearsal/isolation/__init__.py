"""Tries what each role may and may not do on the rehearsal's Athena and S3, cell by cell.

`facts` says what is in the tables and what each role is to see: from the source's policy and from
Gold on DuckDB, not from what Lake Formation holds. `routes` lists the ways to a table's rows,
`matrix` takes all of them and compares.
"""
