"""Mutations of the merge that a test has to notice: each takes one of its guarantees away."""

from dataclasses import dataclass

JOB = "spark_bronze_to_silver"
TESTS = "tests/integration/spark_bronze_to_silver"


@dataclass(frozen=True)
class Mutation:
    """`old` stands once in the file and becomes `new`; then `test` has to fail."""

    name: str
    file: str
    old: str
    new: str
    test: str


MUTATIONS = (
    Mutation(
        "drop the ordering guard",
        f"{JOB}/hudi_table.py",
        'KEEP_NEWER = "org.apache.hudi.common.model.DefaultHoodieRecordPayload"',
        'KEEP_NEWER = "org.apache.hudi.common.model.OverwriteWithLatestAvroPayload"',
        f"{TESTS}/test_to_silver.py::test_an_older_change_in_a_later_file_never_wins",
    ),
    Mutation(
        "take stored rows for new ones",
        f"{JOB}/hudi_table.py",
        'join(rows.select(*key), on=key, how="left_semi")',
        'join(rows.select(*key), on=key, how="left_anti")',
        f"{TESTS}/test_upsert.py::test_a_row_in_any_file_is_found",
    ),
    Mutation(
        "drop the tombstone",
        f"{JOB}/to_silver.py",
        "merge.changed.drop(VERSIONS), noted, loads, kept)",
        'merge.changed.drop(VERSIONS).where("not is_deleted"), noted, loads, kept)',
        f"{TESTS}/test_to_silver.py::"
        "test_a_delete_leaves_a_tombstone_that_an_older_insert_cannot_revive",
    ),
    Mutation(
        "use commit time",
        f"{JOB}/latest.py",
        '        F.col("source_order").desc(),\n',
        "",
        f"{TESTS}/test_to_silver.py::"
        "test_changes_of_one_transaction_are_ordered_by_sequence_not_by_time",
    ),
    Mutation(
        "skip the ledger",
        f"{JOB}/to_silver.py",
        "unread = Ledger.from_json(ledger).unread(files)",
        "unread = sorted(files)",
        f"{TESTS}/test_to_silver.py::test_a_file_that_arrives_late_for_an_old_day_is_read_once",
    ),
    Mutation(
        "forget the newest full load",
        f"{JOB}/batch.py",
        "(batch.lowest or loads.floor) < loads.floor:\n",
        "batch.lowest is None:\n",
        f"{TESTS}/test_generations.py::test_changes_from_before_a_reload_bring_nothing_back",
    ),
    Mutation(
        "overlook what an older load does not hold",
        f"{JOB}/history.py",
        "    if loads.new:\n",
        "    if loads.new > loads.all:\n",
        f"{TESTS}/test_history.py::test_a_row_ended_at_the_first_load_that_does_not_hold_it",
    ),
    Mutation(
        "commit what the quality gate calls critical",
        f"{JOB}/to_silver.py",
        "    if enforce_quality:\n",
        "    if not enforce_quality:\n",
        f"{TESTS}/test_quality_gate.py::"
        "test_a_critical_failure_commits_nothing_until_it_is_mended_or_let_pass",
    ),
    Mutation(
        "let the quarantine vanish from the accounts",
        f"{JOB}/batch.py",
        "        bad=sum(f.bad for f in files),\n",
        "        bad=0,\n",
        f"{TESTS}/test_quarantine.py::"
        "test_a_few_bad_rows_are_kept_with_file_reason_values_and_version",
    ),
)
