"""A table whose first commit has only begun is read as one without rows."""

import pytest

from lakehouse.checks.notes import noted
from lakehouse.homes.embedded import hudi_folder
from lakehouse.homes.embedded.hudi_folder import read_table
from lakehouse.homes.embedded.silver_relations import current_files
from lakehouse.homes.embedded.time_travel import read_timeline


@pytest.mark.parametrize("properties", [None, ""])
def test_a_table_that_is_just_being_made_has_no_rows_yet(tmp_path, properties):
    (tmp_path / "order" / ".hoodie").mkdir(parents=True)
    if properties is not None:
        (tmp_path / "order" / ".hoodie" / "hoodie.properties").write_text(properties)
    assert current_files(tmp_path / "order") == []
    assert read_timeline(tmp_path / "order").commits == ()
    assert list(noted(tmp_path / "order", "ledger")) == []


PROPERTIES = """
hoodie.table.name=order
hoodie.table.type=COPY_ON_WRITE
hoodie.table.version=6
hoodie.timeline.layout.version=1
hoodie.table.base.file.format=PARQUET
"""


class HudiCoreError(Exception):
    """As hudi-rs has it, which does not export its own."""


def table_in(folder):
    (folder / ".hoodie").mkdir(parents=True)
    (folder / ".hoodie" / "hoodie.properties").write_text(PROPERTIES)
    return folder


def test_a_commit_whose_file_is_still_empty_is_waited_for(tmp_path):
    table, tries = table_in(tmp_path / "order"), []

    def read(hudi):
        tries.append(hudi)
        if len(tries) < 3:
            raise HudiCoreError("EOF while parsing a value")
        return "rows"

    assert read_table(table, read) == "rows"
    assert len(tries) == 3


def test_an_error_that_stays_is_raised(tmp_path, monkeypatch):
    """hudi-rs's own error, of a commit whose file stays empty."""
    monkeypatch.setattr(hudi_folder, "WAIT_SECONDS", 0.1)
    table = table_in(tmp_path / "order")
    (table / ".hoodie" / "20260101000000000.commit").touch()
    with pytest.raises(Exception, match="commit metadata"):
        current_files(table)


def test_other_errors_are_not_waited_for(tmp_path):
    with pytest.raises(ZeroDivisionError):
        read_table(table_in(tmp_path / "order"), lambda hudi: 1 / 0)
