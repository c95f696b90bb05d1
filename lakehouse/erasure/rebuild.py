"""Makes Silver tables again from Bronze, beside the old ones, and puts them in their place.

Every older file of a copy-on-write table holds all rows, so the past states of the tables go with
the person. Readers see the old table until the new one is there.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

from contracts import Contract, derived_tables
from lakehouse.homes.embedded.home import EmbeddedHome
from spark_bronze_to_silver.schemas import QUARANTINE_FOLDER


def rebuild_silver(home: EmbeddedHome, contracts: Iterable[Contract]) -> list[str]:
    """Rebuild these tables, what is derived from them and their quarantine; returns their names.

    The caller holds the lock of Silver. Raises SilverJobError; then the old tables stand.
    """
    from lakehouse.dms.state import load_started
    from spark_bronze_to_silver.to_silver import run_tables

    contracts = list(contracts)
    new, old = (home.state.root / f"erasing-{name}" for name in ("new", "old"))
    for folder in (new, old):
        shutil.rmtree(folder, ignore_errors=True)
    # Every row was accepted before, by the gate and the limit of its own batch.
    run_tables(
        home.spark,
        contracts,
        bronze=str(home.state.bronze),
        silver=str(new),
        load_started=load_started(home.state.dms),
        quarantine_limit=1.0,
        enforce_quality=False,
    )
    names = [c.name for c in contracts]
    places = [*names, *(t.name for t in derived_tables(contracts))]
    for place in [*places, *(f"{QUARANTINE_FOLDER}/{name}" for name in names)]:
        _swap(home.state.silver / place, new / place, old / place)
    for folder in (new, old):
        shutil.rmtree(folder, ignore_errors=True)
    return places


def _swap(current: Path, new: Path, old: Path) -> None:
    if current.exists():
        old.parent.mkdir(parents=True, exist_ok=True)
        current.rename(old)
    if new.exists():
        current.parent.mkdir(parents=True, exist_ok=True)
        new.rename(current)
