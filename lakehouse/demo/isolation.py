"""`lakehouse demo isolation`: what each principal sees, and what it is refused."""

from collections.abc import Mapping
from contextlib import closing

import duckdb
from rich.table import Table

from lakehouse.checks.isolation import ATTACKS, TABLE_ROUTES, Cell, Facts, Principal, probe
from lakehouse.demo.left_behind import require_demo
from lakehouse.demo.proof import Proof
from lakehouse.errors import LakehouseError
from lakehouse.governance.registry import read_registry
from lakehouse.homes.embedded.governed import open_connection
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.silver_relations import create_silver_views, current_files

REVENUE = "lakehouse_gold.revenue_metrics"
CUSTOMERS = "lakehouse_silver.customer"
TABLES = (REVENUE, "lakehouse_gold.customer_lifetime", "lakehouse_gold.dim_date", CUSTOMERS)
# What an analyst must not see of customers, written down here, not taken from the policy.
PERSONAL = frozenset(
    {
        "email",
        "first_name",
        "last_name",
        "phone",
        "metadata",
        "email_normalised",
        "phone_e164",
        "country",
        "age_band",
        "acquisition_channel",
        "marketing_consent",
        "language",
    }
)


def show_isolation(home: EmbeddedHome, proof: Proof) -> None:
    """Raises LakehouseError when the demo's state is missing; claims go to the proof."""
    require_demo(home)
    registered = read_registry(home.state.tenants).tenants
    if len(registered) < 2:
        raise LakehouseError(
            "the demonstration needs two registered tenants; nothing was done. "
            "Register them: `lakehouse tenants --register SLUG --register SLUG`"
        )
    facts, emails = _facts(home)
    tenants = {slug: tenant.id for slug, tenant in list(registered.items())[:2]}
    everybody = _principals(tenants, facts, emails)
    proof.heading("The same question, asked as each of them")
    proof.show(_what_each_sees(home, everybody))
    cells = _every_way(home, everybody, facts)
    proof.heading("Every way to ask, and to ask for more")
    proof.show(_outcomes(cells))
    for name in tenants:
        mine = [c for c in cells if c.principal == f"analyst@{name}"]
        proof.claim(f"analyst@{name} sees {name} alone", all(c.holds for c in mine))
    for name, sees in (("analyst", "all tenants, no personal column"), ("engineer", "everything")):
        mine = [c for c in cells if c.principal == name]
        proof.claim(f"{name} sees {sees}", all(c.holds for c in mine))
    for cell in [c for c in cells if not c.holds][:3]:
        proof.note(f"{cell.principal}, {cell.table} {cell.route}: {cell.seen}, not {cell.expected}")
    refused = sum(c.seen == "refused" for c in cells)
    proof.claim(
        f"{refused} of {len(cells)} tries are refused, the others see what they may",
        bool(refused) and all(c.holds for c in cells),
    )
    _strangers(home, proof, facts, registered)


def _facts(home: EmbeddedHome) -> tuple[list[Facts], frozenset[str]]:
    """Rows by tenant and columns of the tables as they are; and all e-mail addresses."""
    found = []
    with closing(duckdb.connect(str(home.state.duckdb), read_only=True)) as gold:
        for table in TABLES[:3]:
            found.append(_facts_of(gold, table))
    with closing(duckdb.connect()) as silver:
        create_silver_views(silver, home.state.silver, [home.contracts["customer"]])
        found.append(_facts_of(silver, CUSTOMERS, hidden="email"))
        rows = silver.execute(f"select email from {CUSTOMERS} where email is not null").fetchall()
    return found, frozenset(email for (email,) in rows)


def _facts_of(connection: duckdb.DuckDBPyConnection, table: str, hidden: str = "") -> Facts:
    described = connection.execute(f"describe {table}").fetchall()
    # Hudi's own columns are nobody's.
    columns = tuple(row[0] for row in described if not row[0].startswith("_hoodie"))
    by = "tenant_id" if "tenant_id" in columns else "''"
    rows = connection.execute(f"select {by}, count(*) from {table} group by 1").fetchall()
    return Facts(table, dict(rows), columns, hidden)


def _principals(
    tenants: Mapping[str, str], facts: list[Facts], emails: frozenset[str]
) -> list[Principal]:
    """What must hold for each, from the tables' own rows."""
    every_tenant = frozenset(t for f in facts for t in f.rows)
    columns = {f.table: f.columns for f in facts}
    of_tenants = {t: c for t, c in columns.items() if "gold" in t and "tenant_id" in c}
    not_personal = {**columns, CUSTOMERS: tuple(c for c in columns[CUSTOMERS] if c not in PERSONAL)}
    found = []
    for slug, tenant in tenants.items():
        others = every_tenant - {tenant, ""}
        name = f"analyst@{slug}"
        found.append(Principal(name, of_tenants, frozenset({tenant}), others | emails, min(others)))
    one = min(every_tenant - {""})
    found.append(Principal("analyst", not_personal, every_tenant, emails, one))
    found.append(Principal("engineer", columns, every_tenant, frozenset(), one))
    return found


def _what_each_sees(home: EmbeddedHome, everybody: list[Principal]) -> Table:
    table = Table("as", "tenants in Gold", "revenue rows", "customers", "an e-mail address")
    for principal in everybody:
        with open_connection(principal.name, home.state) as connection:
            sql = f"select count(distinct tenant_id), count(*) from {REVENUE}"
            ((tenants, rows),) = connection.query(sql).rows()
            cells = [f"{tenants}", f"{rows:,}"]
            for sql in (f"select count(*) from {CUSTOMERS}", f"select max(email) from {CUSTOMERS}"):
                try:
                    cells.append(str(connection.query(sql).rows()[0][0]))
                except LakehouseError:
                    cells.append("[red]refused[/]")
        table.add_row(principal.name, *cells)
    return table


def _every_way(home: EmbeddedHome, everybody: list[Principal], facts: list[Facts]) -> list[Cell]:
    parquet = current_files(home.state.silver / "customer")[0]
    cells: list[Cell] = []
    for principal in everybody:
        with open_connection(principal.name, home.state) as connection:
            cells += probe(connection, principal, facts, [(parquet, str(home.state.duckdb))])
    return cells


def _outcomes(cells: list[Cell]) -> Table:
    tables = (*TABLES, "")
    titles = [t.split(".")[-1] or "files, settings" for t in tables]
    table = Table("as", *titles, title=f"{len(TABLE_ROUTES)} ways a table, {len(ATTACKS)} attacks")
    for name in dict.fromkeys(c.principal for c in cells):
        row = []
        for of in tables:
            mine = [c for c in cells if (c.principal, c.table) == (name, of)]
            seen = sum(c.seen != "refused" for c in mine)
            text = f"{seen} seen, {len(mine) - seen} refused"
            row.append(text if all(c.holds for c in mine) else f"[red]{text}[/]")
        table.add_row(name, *row)
    return table


def _strangers(home: EmbeddedHome, proof: Proof, facts: list[Facts], registered) -> None:
    """Tenants that have rows and are not registered, and nobody."""
    with closing(duckdb.connect(str(home.state.duckdb), read_only=True)) as gold:
        slugs = gold.execute("select tenant_slug from lakehouse_gold.dim_tenant").fetchall()
    left_out = [slug for (slug,) in slugs if slug not in registered]
    for name in (*(f"analyst@{slug}" for slug in left_out), "analyst@nobody", "nobody"):
        try:
            open_connection(name, home.state).close()
            is_refused = False
        except LakehouseError:
            is_refused = True
        proof.claim(f"{name} is let in nowhere", is_refused)
