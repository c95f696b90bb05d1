"""The query engine of the rehearsal: Trino, which Athena's engine version 3 is made of.

`downloads` fetches it and its Java, `settings` writes its configuration, `process` runs it.
"""
