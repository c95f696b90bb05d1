"""The whole check: the catalogue read, judged, and compared with what is accepted."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg2

from contracts import Contract
from contracts.yaml_files import read_yaml
from lakehouse.checks.source.catalogue import read_catalogue
from lakehouse.checks.source.column_risks import column_risks
from lakehouse.checks.source.finding import Finding
from lakehouse.checks.source.table_risks import missing_tables, server_risks, table_risks
from lakehouse.dms.settings import DmsSettings
from lakehouse.errors import SourceDatabaseError

ACCEPTED = Path(__file__).with_name("accepted.yaml")
PUBLICATION = "lakehouse"


def check_source(
    dsn: str,
    contracts: Mapping[str, Contract],
    *,
    lob_limit: int | None = None,
    publication: str = PUBLICATION,
) -> list[Finding]:
    """Every finding, worst first; lob_limit in bytes, by default LobMaxSize of the task settings.

    Only reads. Raises SourceDatabaseError when the database does not answer or may not be read.
    """
    limit = lob_limit or DmsSettings.read().task.target_metadata.lob_max_size * 1024
    by_place = {(c.source_schema, c.source_table): c for c in contracts.values()}
    try:
        with closing(psycopg2.connect(dsn, connect_timeout=5)) as connection:
            connection.set_session(readonly=True, autocommit=True)
            catalogue = read_catalogue(connection, contracts.values(), publication)
    except psycopg2.Error as error:
        raise SourceDatabaseError(
            f"the source's catalogue could not be read: {error}; nothing was changed; check the "
            "address, and that the role may read the tables"
        ) from error
    findings = [*server_risks(catalogue, publication), *missing_tables(by_place, catalogue)]
    for table in catalogue.tables:
        contract = by_place.get((table.schema, table.name))
        findings += table_risks(table, contract, catalogue, publication)
        findings += column_risks(table, contract, lob_limit=limit)
    reasons = accepted()
    judged = [replace(f, reason=reasons.get((f.code, f.table, f.column), "")) for f in findings]
    return sorted(judged, key=lambda f: (f.is_accepted, f.severity, f.place, f.code))


def accepted() -> dict[tuple[str, str, str], str]:
    """Reasons of the accepted findings, by code, table and column."""
    entries = read_yaml(ACCEPTED)
    return {(e["finding"], e["table"], e["column"]): e["reason"] for e in entries}
