"""Everything on this machine: PostgreSQL and Java from their wheels, Spark local, DuckDB."""
