"""Which types a column may get without a change of its contract."""

import pytest

from lakehouse.dms.type_changes import is_wider


@pytest.mark.parametrize(
    ("found", "listed"),
    [
        ("bigint", "integer"),
        ("integer", "smallint"),
        ("character varying(300)", "character varying(200)"),
        ("numeric(14,2)", "numeric(12,2)"),
    ],
)
def test_a_wider_type_holds_every_old_value_with_the_same_text(found, listed):
    assert is_wider(found, listed)
    assert not is_wider(listed, found)


@pytest.mark.parametrize(
    ("found", "listed"),
    [
        ("integer", "integer"),
        ("text", "character varying(200)"),
        ("character varying", "character varying(200)"),
        ("numeric(14,3)", "numeric(12,2)"),
        ("numeric", "numeric(12,2)"),
        ("integer", "numeric(12,2)"),
        ("timestamp without time zone", "timestamp with time zone"),
        ("character varying(300)", "uuid"),
    ],
)
def test_every_other_type_is_another_one(found, listed):
    assert not is_wider(found, listed)
