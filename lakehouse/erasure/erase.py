"""The steps of an erasure, in the order in which a stop between two of them does no harm."""

import shutil
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg2

from lakehouse.erasure.errors import ErasureError
from lakehouse.erasure.person import ROOT, Person, find_person, refuse_broken_files
from lakehouse.erasure.rebuild import rebuild_silver
from lakehouse.erasure.receipt import PUBLIC, digest, write_receipt
from lakehouse.erasure.records import erasures_folder, record
from lakehouse.erasure.rewrite import rewrite_bronze
from lakehouse.erasure.search import Searched, search
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.source_app import manage
from lakehouse.locks import locked
from lakehouse.stages.gold import run_models
from lakehouse.stages.lock import writing_silver
from lakehouse.stages.replicate import replicate

OnStep = Callable[[str], None]


@dataclass(frozen=True)
class Erasure:
    """What an erasure did: rows of Bronze by table, Silver tables made anew, places searched."""

    person: Person
    bronze_rows: dict[str, int]
    rebuilt: list[str]
    before: list[Searched]
    after: list[Searched]
    receipt: Path


def erase(
    home: EmbeddedHome, tenant: str, customer_id: str, on_step: OnStep = lambda step: None
) -> Erasure:
    """Erase the customer of the tenant (slug) everywhere; returns what was done.

    Raises ErasureError for a tenant or customer that nothing is known of, while another erasure
    runs, and when the person is still found afterwards; then no receipt is written. Running it
    again goes on where it stopped.
    """
    refusal = ErasureError(
        f"another erasure runs in {home.state.root}; nothing was changed. "
        "Wait until it has ended, then run the command again."
    )
    # One would build Gold from Silver tables that the other is just replacing.
    with locked(home.state.root / "erasure.lock", refusal=refusal):
        return _erase(home, tenant, customer_id, on_step)


def _erase(home: EmbeddedHome, tenant: str, customer_id: str, on_step: OnStep) -> Erasure:
    tenant_id = _tenant_id(home, tenant)
    refuse_broken_files(home.state.bronze, home.contracts)
    on_step("source: deleting the customer with everything that is theirs")
    manage(home.dsn(), "erase_customer", "--tenant", tenant, "--customer", customer_id, quiet=True)
    on_step("Bronze: bringing the deletes")
    replicate(home)
    began = time.time()
    person = find_person(home.state.bronze, home.contracts, tenant_id, customer_id)
    if not person.rows[ROOT]:
        raise ErasureError(
            f"no layer knows customer {customer_id} of tenant {tenant}; nothing was changed. "
            "Check the id: it is core_customer.id."
        )
    on_step("searching what is there before")
    before = search(home.state, person)
    on_step("Bronze: rewriting files")
    with writing_silver(home.state):
        bronze_rows = rewrite_bronze(home.state.bronze, home.contracts, person)
        record(home.state, person, began)
        on_step("Silver: building tables anew")
        tables = [home.contracts[name] for name, ids in person.rows.items() if ids]
        rebuilt = rebuild_silver(home, tables)
    on_step("Gold: building it anew")
    _forget_pages(home)
    home.state.duckdb.unlink(missing_ok=True)
    run_models(home.state)
    on_step("searching what is left")
    after = search(home.state, person)
    if found := [place.place for place in after if not place.is_empty]:
        raise ErasureError(
            f"the customer was still found in {', '.join(found)}; there is no receipt. The source "
            "and the other layers are done; remove what is named there and run the command again."
        )
    receipt = _receipt(home, tenant, person, bronze_rows, rebuilt, before, after)
    return Erasure(person, bronze_rows, rebuilt, before, after, receipt)


def _tenant_id(home: EmbeddedHome, slug: str) -> str:
    with closing(psycopg2.connect(home.dsn())) as connection, connection.cursor() as cursor:
        cursor.execute("select id::text from core_tenant where slug = %s", (slug,))
        found = cursor.fetchone()
    if not found:
        raise ErasureError(f"the source has no tenant {slug!r}; nothing was changed")
    return found[0]


def _forget_pages(home: EmbeddedHome) -> None:
    """Reports, logs and demonstrations may quote rows; all of them can be made again."""
    for folder in (home.state.reports, home.state.root / "demo", home.state.dbt_target):
        shutil.rmtree(folder, ignore_errors=True)
    for log in home.state.logs.glob("*"):
        if log.is_file():
            log.write_bytes(b"")


def _receipt(
    home: EmbeddedHome,
    tenant: str,
    person: Person,
    bronze_rows: dict[str, int],
    rebuilt: list[str],
    before: list[Searched],
    after: list[Searched],
) -> Path:
    content = {
        "what": "erasure of a customer from Bronze, Silver and Gold of this state folder",
        "tenant": tenant,
        "tenant_id": person.tenant_id,
        "customer_id": person.customer_id,
        "completed_at": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
        "searched_values_sha256": sorted(map(digest, person.values)),
        "values_shared_with_customers": sorted(person.shared_with),
        "bronze_rows_rewritten": bronze_rows,
        "silver_tables_rebuilt": rebuilt,
        "found_before": [asdict(place) for place in before],
        "found_after": [asdict(place) for place in after],
        "left": "tombstones with the key alone, and events that refer to nobody",
        "not_searched": "the source's own files and log; the rehearsal, which has a generated "
        "source of its own; copies of this folder elsewhere",
        "public_key": PUBLIC,
    }
    return write_receipt(erasures_folder(home.state), person.customer_id, content)
