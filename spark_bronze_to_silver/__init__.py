"""PySpark jobs from Bronze to Silver; runs on Glue alone and, the same functions, locally.

`job` is the entry point on Glue; `to_silver` and `session` are what the local home calls.
`schemas` derives the column lists of both layers from a contract.
"""
