"""Bronze without a person: nothing of theirs is left, nothing of anybody else's is touched."""

import shutil

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakehouse.erasure.erase import erase
from lakehouse.erasure.errors import ErasureError
from lakehouse.erasure.person import find_person, refuse_broken_files
from lakehouse.erasure.receipt import PUBLIC, verify_receipt, write_receipt
from lakehouse.erasure.records import erasures_folder, forget, record, refuse_erased
from lakehouse.erasure.rewrite import rewrite_bronze
from lakehouse.erasure.search import search
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.locks import locked
from lakehouse.state import State
from tests.fakes.bronze import bronze_row, cdc_name, write_bronze, write_bronze_csv

ANN, BOB = "00000000-0000-4000-8000-0000000000a0", "00000000-0000-4000-8000-0000000000b0"
TENANT, OTHER = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
MAIL = {ANN: "Ann.Smith@example.com", BOB: "bob@example.com"}


@pytest.fixture
def lake(tmp_path, contracts):
    """Two customers with an order, its item and an event each; Ann has been deleted since."""
    state = State(tmp_path)

    def put(table: str, name: str, *rows: dict) -> None:
        given = [bronze_row(contracts[table], **{"tenant_id": TENANT, **row}) for row in rows]
        write_bronze(state.bronze, contracts[table], name, given)

    def rows_of(customer: str, op: str, seq: int) -> dict[str, dict]:
        key = customer[-2:]
        common = {"op": op, "seq": seq}
        return {
            "customer": {
                **common,
                "id": customer,
                "email": MAIL[customer],
                "phone": f"+1555{key}77",
            },
            "order": {**common, "id": f"o{key}", "customer_id": customer},
            "orderitem": {**common, "id": f"i{key}", "order_id": f"o{key}"},
            "event": {**common, "id": f"e{key}", "customer_id": customer},
        }

    for table, row in rows_of(BOB, "I", 1).items():
        put(table, cdc_name(1), row)
    for table, row in rows_of(ANN, "I", 2).items():
        put(table, cdc_name(2), row)
    for table, row in rows_of(ANN, "D", 3).items():
        last = {**row, "op": "U", "customer_id": None} if table == "event" else row
        put(table, cdc_name(3), last)
    # The same id in another tenant is another person.
    namesake = {"tenant_id": OTHER, "email": "ann@example.org", "phone": "+15550000"}
    put("customer", cdc_name(4), {**rows_of(ANN, "I", 4)["customer"], **namesake})
    return state


def files(state, contracts, table):
    contract = contracts[table]
    folder = state.bronze / contract.bronze_folder
    return sorted(folder.rglob("*.parquet"))


def rows(state, contracts, table):
    return [row for f in files(state, contracts, table) for row in pq.read_table(f).to_pylist()]


def test_what_belongs_to_a_person_follows_from_the_contracts_references(lake, contracts):
    person = find_person(lake.bronze, contracts, TENANT, ANN)
    mine = {table: set(ids) for table, ids in person.rows.items() if ids}
    assert mine == {"customer": {ANN}, "order": {"oa0"}, "orderitem": {"ia0"}, "event": {"ea0"}}
    assert person.values == {MAIL[ANN], MAIL[ANN].lower(), "+1555a077"}


def test_a_deleted_row_leaves_its_delete_with_the_key_alone(lake, contracts):
    rewrite_bronze(lake.bronze, contracts, find_person(lake.bronze, contracts, TENANT, ANN))
    for table, key in (("customer", ANN), ("order", "oa0"), ("orderitem", "ia0")):
        (left,) = [
            r for r in rows(lake, contracts, table) if (r["id"], r["tenant_id"]) == (key, TENANT)
        ]
        kept = {name for name, value in left.items() if value is not None}
        assert kept == {"Op", "dms_committed_at", "dms_change_seq", "id", "tenant_id"}
        assert left["Op"] == "D"


def test_a_row_that_lives_on_keeps_what_is_nobodys(lake, contracts):
    before = [r for r in rows(lake, contracts, "event") if r["id"] == "ea0"]
    rewrite_bronze(lake.bronze, contracts, find_person(lake.bronze, contracts, TENANT, ANN))
    after = [r for r in rows(lake, contracts, "event") if r["id"] == "ea0"]
    gone = {"customer_id", "ip_address", "user_agent"}
    assert [{k: v for k, v in r.items() if k not in gone} for r in before] == [
        {k: v for k, v in r.items() if k not in gone} for r in after
    ]
    left = {(r["customer_id"], r["ip_address"], r["user_agent"]) for r in after}
    assert left == {(None, None, "")}, "a column that the source requires is empty, not null"


def test_files_of_others_are_not_even_written(lake, contracts):
    others = {
        path: (path.read_bytes(), path.stat().st_mtime_ns)
        for table in contracts
        for path in files(lake, contracts, table)
        if path.name
        in (cdc_name(1)[-26:], "20260102-000000004.parquet", "20260102-000000001.parquet")
    }
    assert len(others) == 5
    rewrite_bronze(lake.bronze, contracts, find_person(lake.bronze, contracts, TENANT, ANN))
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in others} == others


def test_the_columns_and_types_of_a_file_stay(lake, contracts):
    schemas = {f: pq.read_schema(f) for t in contracts for f in files(lake, contracts, t)}
    person = find_person(lake.bronze, contracts, TENANT, ANN)
    touched = rewrite_bronze(lake.bronze, contracts, person)
    assert touched == {"customer": 2, "order": 2, "orderitem": 2, "event": 2}
    assert {f: pq.read_schema(f) for f in schemas} == schemas
    assert rewrite_bronze(lake.bronze, contracts, person) == {}, "the second time nothing is left"


@pytest.mark.parametrize("copy", [shutil.copy, shutil.copy2])
def test_files_that_are_delivered_again_bring_nobody_back(lake, contracts, tmp_path, copy):
    person = find_person(lake.bronze, contracts, TENANT, ANN)
    kept = tmp_path / "copies"
    shutil.copytree(lake.bronze, kept)
    rewrite_bronze(lake.bronze, contracts, person)
    record(lake, person, max(p.stat().st_ctime for p in lake.bronze.rglob("*.parquet")))
    for number, table in enumerate(("customer", "order", "orderitem", "event")):
        contract = contracts[table]
        old = kept / contract.bronze_folder / cdc_name(2)
        copy(old, files(lake, contracts, table)[0].with_name(f"20260102-00000009{number}.parquet"))
    (place,) = [p for p in search(lake, person) if p.place == "bronze"]
    assert not place.is_empty, "they are there again"
    touched = refuse_erased(lake, contracts)
    assert set(touched) == {"customer", "order", "orderitem", "event"}
    (place,) = [p for p in search(lake, person) if p.place == "bronze"]
    assert place.is_empty
    assert refuse_erased(lake, contracts) == {}


def test_several_persons_are_erased_and_none_of_them_comes_back(lake, contracts, tmp_path):
    """The second erasure meets the first one's tombstones; later a file has rows of both."""
    copies, persons = tmp_path / "copies", []
    shutil.copytree(lake.bronze, copies)
    bob = {"tenant_id": TENANT, "email": MAIL[BOB], "customer_id": BOB, "order_id": "ob0"}
    for table, key in (("customer", BOB), ("order", "ob0"), ("orderitem", "ib0")):
        names = {column.name for column in contracts[table].columns}
        told = {name: value for name, value in bob.items() if name in names}
        row = bronze_row(contracts[table], "D", 5, **told, id=key)
        write_bronze(lake.bronze, contracts[table], cdc_name(5), [row])
    for customer in (ANN, BOB):
        persons.append(find_person(lake.bronze, contracts, TENANT, customer))
        rewrite_bronze(lake.bronze, contracts, persons[-1])
        record(lake, persons[-1], max(p.stat().st_ctime for p in lake.bronze.rglob("*.parquet")))
    for table in ("customer", "order"):
        folder = copies / contracts[table].bronze_folder
        both = [pq.read_table(folder / cdc_name(number)) for number in (1, 2)]
        again = files(lake, contracts, table)[0].with_name("20260102-000000090.parquet")
        pq.write_table(pa.concat_tables(both), again)
    shutil.rmtree(copies)

    assert refuse_erased(lake, contracts) == {"customer": 2, "order": 2}

    for person in persons:
        assert len(person.rows["order"]) == 1
        assert [p.place for p in search(lake, person) if not p.is_empty] == []
    assert refuse_erased(lake, contracts) == {}


def test_a_broken_file_that_came_since_is_left_alone_and_the_others_are_done(lake, contracts):
    """Silver keeps a broken file out by itself; when it is mended it is as good as new."""
    person = find_person(lake.bronze, contracts, TENANT, ANN)
    old = files(lake, contracts, "order")[1]
    rewrite_bronze(lake.bronze, contracts, person, since=old.stat().st_ctime + 60)
    record(lake, person, 0)
    whole = old.read_bytes()
    broken = old.with_name("20260102-000000095.parquet")
    broken.write_bytes(whole[: len(whole) // 2])
    broken.with_name("20260102-000000096.parquet").write_bytes(b"")
    assert refuse_erased(lake, contracts)["order"] == 2
    assert broken.read_bytes() == whole[: len(whole) // 2]
    broken.write_bytes(whole)
    assert refuse_erased(lake, contracts) == {"order": 1}


def test_a_broken_file_refuses_an_erasure_before_anything_is_changed(lake, contracts):
    refuse_broken_files(lake.bronze, contracts)
    broken = files(lake, contracts, "orderitem")[0]
    broken.write_bytes(broken.read_bytes()[:100])
    with pytest.raises(ErasureError, match=f"{broken.name} .*nothing was changed"):
        refuse_broken_files(lake.bronze, contracts)


def test_files_from_before_a_column_was_added_are_searched_and_rewritten(lake, contracts):
    for table, column in (("customer", "phone"), ("event", "user_agent"), ("order", "metadata")):
        for file in files(lake, contracts, table):
            pq.write_table(pq.read_table(file).drop_columns([column]), file)
    person = find_person(lake.bronze, contracts, TENANT, ANN)
    assert person.values == {MAIL[ANN], MAIL[ANN].lower()}
    touched = rewrite_bronze(lake.bronze, contracts, person)
    assert touched == {"customer": 2, "order": 2, "orderitem": 2, "event": 2}
    (place,) = [p for p in search(lake, person) if p.place == "bronze"]
    assert place.is_empty
    assert "phone" not in pq.read_schema(files(lake, contracts, "customer")[0]).names


def test_the_search_finds_a_person_wherever_they_are(lake, contracts):
    person = find_person(lake.bronze, contracts, TENANT, ANN)
    (lake.root / "logs").mkdir()
    (lake.root / "logs" / "x.log").write_text(f"mail to {MAIL[ANN].lower()} failed")
    with duckdb.connect(str(lake.duckdb)) as gold:
        gold.execute(f"create table t as select '{ANN}' as customer_id")
    found = {p.place: p for p in search(lake, person)}
    assert found["logs"].values == 1
    assert found["lakehouse.duckdb"].references == 1
    assert found["bronze"].values > 0
    rewrite_bronze(lake.bronze, contracts, person)
    (lake.root / "logs" / "x.log").unlink()
    lake.duckdb.unlink()
    assert [p.place for p in search(lake, person) if not p.is_empty] == []


def test_an_address_that_others_have_too_stays_theirs_and_is_told(lake, contracts):
    twin = {"op": "I", "seq": 9, "id": "c2", "email": f" {MAIL[ANN].upper()}", "phone": None}
    row = bronze_row(contracts["customer"], **{"tenant_id": TENANT, **twin})
    write_bronze(lake.bronze, contracts["customer"], cdc_name(9), [row])
    person = find_person(lake.bronze, contracts, TENANT, ANN)
    assert person.shared_with == {"c2"}
    assert person.values == {"+1555a077"}
    rewrite_bronze(lake.bronze, contracts, person)
    assert [p.place for p in search(lake, person) if not p.is_empty] == []
    assert MAIL[ANN].upper() in {
        r["email"].strip() for r in rows(lake, contracts, "customer") if r["email"]
    }


def test_text_in_bronze_is_refused_before_anything_changes(lake, contracts):
    write_bronze_csv(lake.bronze, contracts["order"], "LOAD00000001.csv", [])
    with pytest.raises(ErasureError, match="no Parquet file"):
        find_person(lake.bronze, contracts, TENANT, ANN)


def test_one_erasure_runs_at_a_time(tmp_path):
    """Without that, Gold of the first would be built from tables that the second replaces."""
    running = locked(tmp_path / "erasure.lock", refusal=AssertionError("nobody else is here"))
    with running, pytest.raises(ErasureError, match="another erasure runs.*nothing was changed"):
        erase(EmbeddedHome(State(tmp_path)), "acme", ANN)
    assert [p.name for p in tmp_path.iterdir()] == ["erasure.lock"]


def test_a_receipt_that_was_changed_is_not_taken(tmp_path):
    folder = erasures_folder(State(tmp_path))
    path = write_receipt(folder, "x", {"customer_id": ANN, "found_after": []})
    assert verify_receipt(path, folder / PUBLIC)["customer_id"] == ANN
    path.write_text(path.read_text().replace(ANN, BOB))
    with pytest.raises(ErasureError, match="not what was signed"):
        verify_receipt(path, folder / PUBLIC)
    assert (folder / "signing_key.pem").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_no_receipt_is_named(tmp_path):
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(ErasureError, match="no receipt"):
        verify_receipt(tmp_path / "x.json", tmp_path / PUBLIC)


def test_a_source_that_is_filled_anew_is_not_held_against(lake, contracts):
    """The same seed gives the same ids, and those are new customers."""
    record(lake, find_person(lake.bronze, contracts, TENANT, ANN), 0.0)
    forget(lake)
    assert refuse_erased(lake, contracts) == {}
    assert MAIL[ANN] in {row["email"] for row in rows(lake, contracts, "customer")}
