"""What Lake Formation grants becomes Trino's rules: nothing more is ever open."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakehouse.homes.rehearsal.athena.access import gate
from lakehouse.homes.rehearsal.athena.access.gate import Gate
from lakehouse.homes.rehearsal.athena.access.grants import DatabaseGrant, Grant, read_grants
from lakehouse.homes.rehearsal.athena.access.policy import compile_policy
from lakehouse.homes.rehearsal.athena.access.rules import trino_rules
from lakehouse.homes.rehearsal.athena.errors import AccessDeniedError
from lakehouse.homes.rehearsal.athena.translation.plan import Need
from lakehouse.homes.rehearsal.services.extending import kept

ROOT = "arn:aws:iam::111111111111:root"
COLUMNS = {("gold", "orders"): ("tenant_id", "id", "paid"), ("gold", "plans"): ("id", "name")}
SELECT = frozenset({"SELECT"})


def rules_of(grants, databases=()):
    policy = compile_policy(ROOT, grants, databases)
    return trino_rules(
        policy,
        lambda database, table: COLUMNS.get((database, table)),
        lambda database: [t for d, t in COLUMNS if d == database],
    )


def rule_for(rules, user, database, table):
    """The first rule that fits, as Trino takes it."""
    for rule in rules["tables"]:
        fits = (("user", user), ("schema", database), ("table", table))
        if all(re.fullmatch(rule.get(key, ".*"), value) for key, value in fits):
            return rule
    return None


def test_without_a_grant_nothing_is_open_but_the_list_of_what_is():
    rules = rules_of([])
    assert rule_for(rules, "somebody", "gold", "orders") is None
    assert rule_for(rules, "somebody", "information_schema", "tables")["privileges"] == ["SELECT"]
    assert rule_for(rules, ROOT, "gold", "orders")["privileges"][0] == "SELECT"


def test_a_filter_limits_rows_and_columns_and_hides_what_lies_beside_the_table():
    rules = rules_of(
        [Grant("t1", "gold", "orders", SELECT, "tenant_id = '1'", frozenset({"tenant_id", "id"}))]
    )
    rule = rule_for(rules, "t1", "gold", "orders")
    assert rule["filter"] == "(tenant_id = '1')"
    assert rule["columns"] == [{"name": "paid", "allow": False}]
    assert rule["privileges"] == ["GRANT_SELECT", "SELECT"]
    for name in ("orders$snapshots", "plans", "orders2"):
        assert rule_for(rules, "t1", "gold", name) is None
    assert rule_for(rules, "t2", "gold", "orders") is None


def test_two_filters_show_the_rows_of_both():
    rules = rules_of(
        [Grant("t1", "gold", "orders", SELECT, row) for row in ("id = 1 or id = 2", "id = 3")]
    )
    assert rule_for(rules, "t1", "gold", "orders")["filter"] == "(id = 1 or id = 2) or (id = 3)"


def test_a_filter_beside_a_grant_on_all_rows_limits_nothing():
    grants = [
        Grant("t1", "gold", "orders", SELECT, "id = 1", frozenset({"id"})),
        Grant("t1", "gold", None, SELECT),
    ]
    rule = rule_for(rules_of(grants), "t1", "gold", "orders")
    assert set(rule) & {"filter", "columns"} == set()


def test_who_may_make_tables_may_not_touch_those_of_others():
    rules = rules_of(
        [Grant("w", "gold", "plans", frozenset({"SELECT"}))],
        [DatabaseGrant("w", "gold", frozenset({"CREATE_TABLE"}))],
    )
    assert rule_for(rules, "w", "gold", "new")["privileges"] == ["OWNERSHIP"]
    assert rule_for(rules, "w", "gold", "orders")["privileges"] == []
    assert rule_for(rules, "w", "gold", "orders$files")["privileges"] == []
    assert rule_for(rules, "w", "gold", "plans")["privileges"] == ["GRANT_SELECT", "SELECT"]


def test_a_principals_name_is_taken_literally():
    rules = rules_of([Grant("role/a.b+c", "gold", "orders", SELECT)])
    assert rule_for(rules, "role/a.b+c", "gold", "orders")
    assert rule_for(rules, "role/aXb+c", "gold", "orders") is None


def test_changes_of_the_catalog_need_their_permission():
    policy = compile_policy(
        ROOT,
        [Grant("w", "gold", None, frozenset({"ALTER"})), Grant("r", "gold", "orders", SELECT)],
        [DatabaseGrant("w", "gold", frozenset({"CREATE_TABLE"}))],
    )
    assert policy.allows("w", Need("ALTER", "gold", "orders"))
    assert policy.allows("w", Need("CREATE_TABLE", "gold"))
    assert not policy.allows("r", Need("ALTER", "gold", "orders"))
    assert not policy.allows("r", Need("CREATE_TABLE", "gold"))
    assert policy.allows(ROOT, Need("ALTER", "gold", "anything"))


NAMES = ("tenant_id", "id", "paid")
SOME_GRANTS = st.lists(
    st.builds(
        Grant,
        principal=st.just("p"),
        database=st.just("gold"),
        table=st.sampled_from(["orders", None]),
        permissions=st.sets(st.sampled_from(["SELECT", "INSERT", "DESCRIBE"]), min_size=1).map(
            frozenset
        ),
        rows=st.sampled_from([None, "id = 1", "id = 2"]),
        only=st.one_of(st.none(), st.sets(st.sampled_from(NAMES), min_size=1).map(frozenset)),
        excluded=st.sets(st.sampled_from(NAMES)).map(frozenset),
    ),
    max_size=4,
)


@given(SOME_GRANTS)
def test_no_cell_is_open_that_no_single_grant_opens(grants):
    rule = rule_for(rules_of(grants), "p", "gold", "orders")
    reading = [g for g in grants if "SELECT" in g.permissions]
    open_rows = _rows(rule, reading)
    hidden = {c["name"] for c in (rule or {}).get("columns", ())}
    for row in open_rows:
        for column in set(NAMES) - hidden:
            assert any(_opens(g, row, column) for g in reading), (row, column)


def _rows(rule, reading):
    """Which of three rows, told apart by id, the rule opens."""
    if rule is None or "SELECT" not in rule["privileges"]:
        return []
    if "filter" not in rule:
        return [1, 2, 3]
    return [n for n in (1, 2, 3) if f"(id = {n})" in rule["filter"]]


def _opens(grant, row, column):
    has_row = grant.rows is None or grant.rows == f"id = {row}"
    listed = grant.only is None or column in grant.only
    return has_row and listed and (grant.only is not None or column not in grant.excluded)


ACCOUNT, REGION = "333333333333", "eu-central-1"


@pytest.fixture
def lake():
    from moto.lakeformation.models import lakeformation_backends

    backend = lakeformation_backends[ACCOUNT][REGION]
    backend.reset()
    return backend


def granted(lake, resource, *permissions, principal="p"):
    grant = {
        "Principal": {"DataLakePrincipalIdentifier": principal},
        "Resource": resource,
        "Permissions": list(permissions),
    }
    kept(lake, "grants")[json.dumps(grant)] = grant


def cells_filter(lake, name="f", **more):
    described = {"TableCatalogId": ACCOUNT, "DatabaseName": "gold", "TableName": "orders"}
    key = {**described, "Name": name}
    kept(lake, "filters")[tuple(key.values())] = {**key, **more}
    return {"DataCellsFilter": key}


def test_every_kind_of_grant_is_read(lake):
    table = {"DatabaseName": "gold", "Name": "orders"}
    granted(lake, {"Database": {"Name": "gold"}}, "CREATE_TABLE")
    granted(lake, {"Table": {**table, "Name": "ALL_TABLES"}}, "SELECT")
    granted(lake, {"TableWithColumns": {**table, "ColumnNames": ["id"]}}, "SELECT")
    rows = {"FilterExpression": "id = 1"}
    granted(lake, cells_filter(lake, RowFilter=rows, ColumnNames=["paid"]), "SELECT")
    granted(lake, {"LFTagPolicy": {"ResourceType": "TABLE"}}, "SELECT")

    tables, databases = read_grants(ACCOUNT, REGION)

    assert tables == [
        Grant("p", "gold", None, SELECT),
        Grant("p", "gold", "orders", SELECT, only=frozenset({"id"})),
        Grant("p", "gold", "orders", SELECT, "id = 1", frozenset({"paid"})),
    ]
    assert databases == [DatabaseGrant("p", "gold", frozenset({"CREATE_TABLE"}))]


def test_a_filter_that_is_gone_or_says_nothing_of_rows_opens_nothing(lake):
    granted(lake, cells_filter(lake, "nothing said"), "SELECT")
    resource = cells_filter(lake, "gone", RowFilter={"FilterExpression": "true"})
    kept(lake, "filters").popitem()
    granted(lake, resource, "SELECT")
    assert read_grants(ACCOUNT, REGION) == ([], [])


def test_grants_that_cannot_be_read_close_everything(lake, tmp_path, monkeypatch):
    monkeypatch.setattr(gate, "REFRESH_SECONDS", -0.2)
    file = tmp_path / "rules.json"
    entrance = Gate(file)
    entrance.policy(ACCOUNT, REGION)
    assert "SELECT" in file.read_text()

    granted(lake, {"Table": {"no": "database"}}, "SELECT")
    with pytest.raises(AccessDeniedError, match="all is closed"):
        entrance.policy(ACCOUNT, REGION)
    assert "SELECT" not in file.read_text()
