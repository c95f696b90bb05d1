"""Erased persons, for files that are delivered again: what of them must not come back.

Ids of rows only, no value. Beside the receipts, in `erasures` of the state folder.
"""

import json
import time
from pathlib import Path

from contracts import Contract
from lakehouse.erasure.person import Person
from lakehouse.erasure.rewrite import rewrite_bronze
from lakehouse.state import State

SUFFIX = ".erased.json"


def erasures_folder(state: State) -> Path:
    """Where receipts, their keys and the records are."""
    return state.root / "erasures"


def record(state: State, person: Person, checked_at: float) -> None:
    """Write down whose rows are refused, and that files before checked_at hold none of them."""
    folder = erasures_folder(state)
    folder.mkdir(parents=True, exist_ok=True)
    known = {
        "tenant_id": person.tenant_id,
        "customer_id": person.customer_id,
        "rows": {table: sorted(ids) for table, ids in person.rows.items()},
        "checked_at": checked_at,
    }
    path = folder / f"{person.customer_id}{SUFFIX}"
    path.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


def forget(state: State) -> None:
    """Refuse nobody any more; receipts stay. For a source that is filled anew with the same ids."""
    for path in erasures_folder(state).glob(f"*{SUFFIX}"):
        path.unlink()


def refuse_erased(state: State, contracts: dict[str, Contract]) -> dict[str, int]:
    """Take erased persons out of Bronze files that came since; rows touched by table.

    Called before Silver reads Bronze. A file that is put back with an old time of change counts as
    new: what is asked is when its name was given here.
    """
    touched: dict[str, int] = {}
    for path in sorted(erasures_folder(state).glob(f"*{SUFFIX}")):
        known = json.loads(path.read_text("utf-8"))
        rows = {table: frozenset(ids) for table, ids in known["rows"].items()}
        person = Person(known["tenant_id"], known["customer_id"], rows, frozenset())
        began = time.time()
        found = rewrite_bronze(state.bronze, contracts, person, since=known["checked_at"])
        record(state, person, began)
        for table, count in found.items():
            touched[table] = touched.get(table, 0) + count
    return touched
