"""The local DMS: reads PostgreSQL as AWS DMS does and writes the Bronze files that it writes.

`task.ReplicationTask` is the entry. docs/reference/local-dms.md describes layout and guarantees.
"""
