"""`lakehouse demo time-travel`: a table as it was a week ago, a bad update, and the way back."""

import shutil
from datetime import UTC, datetime
from decimal import Decimal

from rich.table import Table

from contracts import Contract
from lakehouse.demo.backdating import backdate
from lakehouse.demo.invoices import DAYS, Invoices, days_ago, invoices_of
from lakehouse.demo.left_behind import require_demo
from lakehouse.demo.proof import Proof
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.silver_as_of import open_silver_as_of
from lakehouse.homes.embedded.time_travel import read_timeline
from lakehouse.stages.restore import plan_restore, restore
from lakehouse.stages.silver import build_silver
from lakehouse.state import State
from spark_bronze_to_silver.timeline import shown

TABLE = "invoice"
WEEK = 7
OPEN_AMOUNT = (
    f"select coalesce(sum(amount) filter (status = 'sent'), 0) from lakehouse_silver.{TABLE}"
)


def show_time_travel(home: EmbeddedHome, proof: Proof) -> None:
    """Raises LakehouseError when the demo's state is missing; claims go to the proof."""
    require_demo(home)
    own = _own_lakehouse(home)
    contract, now = home.contracts[TABLE], datetime.now(UTC)
    log = invoices_of(home.state, contract, own.state.bronze)
    proof.heading("A week of history")
    proof.note(
        "The lakehouse was built today, so its past is made for this demonstration: a change"
    )
    proof.note(
        f"log of {len(log.rows)} invoices is replayed by the Silver job into a table of its own,"
    )
    proof.note("and its commits are given the dates of their changes. Your tables are not touched.")
    own.spark  # noqa: B018 (starts the session before anything is timed)
    instants = _week_of_history(own, contract, log, now)
    _past(own, proof, log, now, instants)
    good = log.open_after(len(DAYS) - 1)
    _bad_update_and_back(own, proof, log, good, instants[-1])


def _own_lakehouse(home: EmbeddedHome) -> EmbeddedHome:
    """An empty lakehouse below the demo's, with the same Spark session."""
    root = home.state.root / "demo" / "time-travel"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    own = EmbeddedHome(State(root))
    own.__dict__["spark"] = home.spark
    return own


def _week_of_history(
    own: EmbeddedHome, contract: Contract, log: Invoices, now: datetime
) -> list[str]:
    """Replay the change log, a commit a part; returns the commits by their dates."""
    instants = []
    for number, days in enumerate(DAYS):
        moment = days_ago(now, days)
        if number:
            log.pay(number - 1, moment)
        else:
            log.load(moment)
        (result,) = build_silver(own, [TABLE])
        instants.append(backdate(own.state.silver / TABLE, result.instant, moment))
    return instants


def _past(
    own: EmbeddedHome, proof: Proof, log: Invoices, now: datetime, instants: list[str]
) -> None:
    table = Table("as of", "open invoices", "of the change log", title=f"Silver table {TABLE}")
    claims = []
    for days, parts in ((WEEK, 0), (DAYS[1] - 1, 1), (0, len(DAYS) - 1)):
        seen = _open_amount(own, days_ago(now, days))
        expected = log.open_after(parts)
        name = f"{days} days ago" if days else "now"
        table.add_row(name, f"{seen:,.2f}", f"{expected:,.2f}")
        claims.append((f"{name}: what was open then, to the cent", seen == expected))
    proof.show(table)
    for claim in claims:
        proof.claim(*claim)
    reach = read_timeline(own.state.silver / TABLE).commits
    proof.claim("every commit of the week can be read", list(reach) == instants)


def _bad_update_and_back(
    own: EmbeddedHome, proof: Proof, log: Invoices, good: Decimal, last_good: str
) -> None:
    proof.heading("A bad update, and the way back")
    contract = own.contracts[TABLE]
    bad_file = log.spoil(datetime.now(UTC))
    build_silver(own, [TABLE])
    spoiled = _open_amount(own, datetime.now(UTC))
    proof.claim(f"a bad file has made {good:,.2f} of open invoices {spoiled:,.2f}", spoiled != good)
    before = _open_amount(own, days_ago(datetime.now(UTC), 1))
    proof.claim("yesterday's state can still be read, and is right", before == good)
    plan = plan_restore(own, contract, last_good)
    (changes,) = plan.differences
    proof.note(
        f"lakehouse restore {TABLE} --to {last_good}: {changes.changed} rows would change back"
    )
    proof.claim("the dry run names every invoice", changes.changed == len(log.rows))
    bad_file.unlink()
    instant = restore(own, contract, plan)
    proof.note(f"restored by commit {shown(instant)} UTC; the bad file was taken out of Bronze")
    restored = _open_amount(own, datetime.now(UTC))
    proof.claim(f"{restored:,.2f} are open again", restored == good)
    build_silver(own, [TABLE])
    again = _open_amount(own, datetime.now(UTC))
    proof.claim("and stay so when the job reads the files since then again", again == good)


def _open_amount(own: EmbeddedHome, moment: datetime) -> Decimal:
    contracts = [own.contracts[TABLE]]
    with open_silver_as_of(own.state.silver, contracts, OPEN_AMOUNT, moment) as (connection, _):
        ((amount,),) = connection.execute(OPEN_AMOUNT).fetchall()
        return amount
