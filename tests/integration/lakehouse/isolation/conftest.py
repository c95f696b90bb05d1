"""Gold and Silver of three tenants, made up: every text says whose row it is in."""

from dataclasses import dataclass

import duckdb
import pytest
import yaml

from contracts import Contract, derived_tables
from lakehouse.checks.isolation import Facts
from lakehouse.governance.marts import MARTS_FOLDER
from lakehouse.governance.registry import Registry, Tenant, write_registry
from lakehouse.homes.embedded.governed import GovernedConnection, open_connection
from lakehouse.homes.embedded.silver_relations import DUCKDB_TYPES
from lakehouse.state import State
from spark_bronze_to_silver.schemas import silver_columns

# Rows of each tenant in every table; Cyd is a tenant that is not registered.
ROWS = {
    "00000000-0000-4000-8000-00000000000a": 3,
    "00000000-0000-4000-8000-00000000000b": 5,
    "00000000-0000-4000-8000-00000000000c": 7,
}
ANN, BOB, CYD = ROWS
# Written down again on purpose: what the contracts' classes must come to.
PERSONAL = {
    "customer": "email first_name last_name phone metadata email_normalised phone_e164 country "
    "age_band acquisition_channel marketing_consent language",
    "event": "ip_address user_agent",
    "order": "metadata shipping_country shipping_city",
}


@dataclass(frozen=True)
class MadeUp:
    """The state folder, the Silver files, and the facts of every table."""

    state: State
    files: dict[str, str]
    facts: dict[str, Facts]

    def open(self, principal: str, **options) -> GovernedConnection:
        """A connection of the principal to this state."""
        return open_connection(
            principal, self.state, silver_files=lambda name: [self.files[name]], **options
        )


def secret(tenant: str, table: str, column: str) -> str:
    """What a text column holds."""
    return f"{table}.{column} of {tenant}"


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory, contracts: dict[str, Contract]) -> MadeUp:
    root = tmp_path_factory.mktemp("isolation")
    state = State(root)
    facts: dict[str, Facts] = {}
    with duckdb.connect(str(state.duckdb)) as gold:
        gold.execute("create schema lakehouse_gold")
        for name, columns in marts().items():
            fill(gold, f"lakehouse_gold.{name}", columns)
            facts[f"lakehouse_gold.{name}"] = facts_of(f"lakehouse_gold.{name}", columns)
        # Neither a table nor a column that dbt does not describe may show.
        gold.execute("create table lakehouse_gold.undescribed as select 'x' as tenant_id")
        gold.execute("alter table lakehouse_gold.mrr_metrics add column undescribed text")
    files = {}
    with duckdb.connect() as silver:
        for table in (*contracts.values(), *derived_tables(contracts.values())):
            types = {n: DUCKDB_TYPES.get(t, t) for n, t in silver_columns(table).items()}
            fill(silver, f'"{table.name}"', types)
            files[table.name] = str(root / f"{table.name}.parquet")
            silver.execute(f"copy \"{table.name}\" to '{files[table.name]}' (format parquet)")
            name = f"lakehouse_silver.{table.name}"
            hidden = PERSONAL.get(table.name, "").split()[:1]
            facts[name] = facts_of(name, types, *hidden)
    tenants = {"ann": Tenant("ann", ANN), "bob": Tenant("bob", BOB)}
    tables = tuple(sorted(n for n, columns in marts().items() if "tenant_id" in columns))
    write_registry(state.tenants, Registry(tables, tenants))
    return MadeUp(state, files, facts)


def marts() -> dict[str, dict[str, str]]:
    """Types of every mart's columns, from dbt's YAML."""
    models = [
        model
        for path in MARTS_FOLDER.rglob("*.yml")
        for model in yaml.safe_load(path.read_text()).get("models", [])
    ]
    return {m["name"]: {c["name"]: c["data_type"] for c in m["columns"]} for m in models}


def facts_of(table: str, columns: dict[str, str], hidden: str = "") -> Facts:
    """The rows are those of ROWS; a table of no tenant has as many for everybody."""
    quoted = ".".join(f'"{part}"' if part == "order" else part for part in table.split("."))
    return Facts(quoted, ROWS if "tenant_id" in columns else {"": 15}, tuple(columns), hidden)


def fill(connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str]) -> None:
    """Create the table with the rows of every tenant."""
    shown = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    connection.execute(f"create table {table} ({shown})")
    for tenant, number in ROWS.items():
        values = ", ".join(
            f"'{tenant}'"
            if name == "tenant_id"
            else f"'{secret(tenant, bare(table), name)}'"
            if kind in ("varchar", "string")
            else f"cast(null as {kind})"
            for name, kind in columns.items()
        )
        connection.execute(f"insert into {table} select {values} from range({number})")


def bare(table: str) -> str:
    """The table's name without schema and quotes."""
    return table.split(".")[-1].strip('"')
