"""What a run needs from the machine, each with its mend when it is missing or wrong."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass

from contracts import ContractError
from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.home import EmbeddedHome

MIN_FREE_GIB = 3


@dataclass(frozen=True)
class Finding:
    """One prerequisite: whether it holds, what was found, and what to do when it does not hold."""

    what: str
    ok: bool
    found: str
    mend: str = ""


def check_prerequisites(home: EmbeddedHome) -> list[Finding]:
    """Every prerequisite of the embedded home, found or not; never raises for a missing one."""
    return [
        _python(),
        _attempt("Java 11 or 17", _java, "install Java 17 and set JAVA_HOME, or run `make setup`"),
        _attempt("Hudi", lambda: _hudi(home), "run `make setup`"),
        _attempt("contracts", lambda: _contracts(home), "mend the contract that it names"),
        _attempt("dbt profile", _profile, "run `make setup`"),
        _attempt("source database", lambda: _source(home), "run `lakehouse up`"),
        _disk(home),
    ]


def _attempt(what: str, look: Callable[[], str], mend: str) -> Finding:
    try:
        return Finding(what, True, look())
    except (LakehouseError, ContractError) as error:
        return Finding(what, False, str(error), mend)


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    ok = (3, 11) <= sys.version_info < (3, 13)
    return Finding("Python 3.11 or 3.12", ok, found, "" if ok else "make the venv with Python 3.11")


def _java() -> str:
    from lakehouse.homes.embedded.java import find_java

    java = find_java()
    return f"{java.version}, {'from its wheel' if java.from_wheel else java.home}"


def _hudi(home: EmbeddedHome) -> str:
    from lakehouse.homes.embedded.hudi_jars import BUNDLE, missing_jars

    if missing := missing_jars(home.state.jars):
        raise LakehouseError(f"not fetched yet: {', '.join(missing)}")
    return BUNDLE.file_name


def _contracts(home: EmbeddedHome) -> str:
    return f"{len(home.contracts)} tables"


def _profile() -> str:
    from lakehouse.stages.gold import PROFILES

    if not PROFILES.exists():
        raise LakehouseError("profiles.yml is missing")
    return PROFILES.name


def _source(home: EmbeddedHome) -> str:
    import psycopg2

    dsn = home.dsn()
    try:
        connection = psycopg2.connect(dsn, connect_timeout=5)
    except psycopg2.OperationalError as error:
        raise LakehouseError(f"does not answer: {error}") from error
    try:
        with connection.cursor() as cursor:
            cursor.execute("show wal_level")
            level = cursor.fetchone()[0]
    finally:
        connection.close()
    if level != "logical":
        raise LakehouseError(f"wal_level is {level}; set it to logical and restart the server")
    return f"answers, wal_level={level}"


def _disk(home: EmbeddedHome) -> Finding:
    folder = home.state.root if home.state.root.exists() else home.state.root.parent
    free = shutil.disk_usage(folder).free / 2**30
    ok = free >= MIN_FREE_GIB
    mend = "" if ok else f"free {MIN_FREE_GIB} GiB, or set LAKEHOUSE_STATE to another disk"
    return Finding("free disk space", ok, f"{free:.0f} GiB", mend)
