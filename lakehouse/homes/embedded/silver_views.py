"""dbt-duckdb plugin: dbt's DuckDB connection sees Silver, and its sources are the same as Athena's.

The views are made when the connection is configured, once per process and before any thread
runs: dbt-duckdb's own per-source `load` races when dbt has several threads.
"""

from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from contracts import load_contracts
from lakehouse.homes.embedded.silver_relations import create_silver_views


class Plugin(BasePlugin):
    """Reads one setting, `silver`: the folder of the Silver tables."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Keep the folder; a relative one starts at the folder that dbt runs in."""
        self._silver = Path(plugin_config["silver"]).absolute()

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Create the views over Silver."""
        create_silver_views(conn, self._silver, load_contracts().values())
