"""Whether the source's tables survive AWS DMS: reads the catalogue, judges, accepts what is known.

`catalogue` asks the database, `table_risks` and `column_risks` judge without one, `accepted.yaml`
lists the findings that we live with and why.
"""

from lakehouse.checks.source.check import check_source
from lakehouse.checks.source.finding import Finding, Severity

__all__ = ["Finding", "Severity", "check_source"]
