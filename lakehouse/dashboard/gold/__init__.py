"""Where the answers come from: one principal's Gold, in DuckDB or in Athena."""

from lakehouse.dashboard.gold.athena import AthenaGold, workgroup_of
from lakehouse.dashboard.gold.embedded import EmbeddedGold
from lakehouse.dashboard.gold.reading import Reading

__all__ = ["AthenaGold", "EmbeddedGold", "Reading", "workgroup_of"]
