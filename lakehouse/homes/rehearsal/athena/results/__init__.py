"""Results: values as Athena writes them (`values`), columns as it describes them (`columns`), and
the files that it leaves in S3 (`files`).
"""
