"""Do source, Bronze and Silver hold the same rows?

`reconcile` brings the live rows of each layer, in the Silver types of the contract, into one DuckDB
database (`layers`) and compares them key by key and column by column (`compare`). Bronze is
replayed in SQL that shares nothing with the Silver job, so the comparison also checks the job.
"""

from lakehouse.checks.reconciliation.compare import Comparison, Difference, TenantCounts
from lakehouse.checks.reconciliation.reconcile import TableReconciliation, reconcile

__all__ = ["Comparison", "Difference", "TableReconciliation", "TenantCounts", "reconcile"]
