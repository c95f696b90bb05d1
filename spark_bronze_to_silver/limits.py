"""When a batch is too broken to go on with: then nothing of it is committed."""

import re
from collections.abc import Sequence

from pyspark.sql import functions as F  # noqa: N812

from contracts import Contract
from spark_bronze_to_silver.batch import TypedBatch
from spark_bronze_to_silver.conform import LOAD_PATH
from spark_bronze_to_silver.errors import UnreadableBronzeError, UntypableRowsError
from spark_bronze_to_silver.read_bronze import BrokenFile
from spark_bronze_to_silver.schemas import FILE, PROBLEM

EXAMPLES = 3
UNTOUCHED = "Nothing was committed and Bronze is untouched."


def refuse_broken_files(
    broken: Sequence[BrokenFile], files: int, contract: Contract, limit: float
) -> None:
    """Raises UnreadableBronzeError when too many files are broken, or one of a full load.

    Nobody knows how many rows such a file has, so the limit is applied to files; a single one
    always passes, or a truncated file would stop every small batch.
    """
    loads = [f for f in broken if re.search(LOAD_PATH, f.path)]
    if not loads and len(broken) <= max(1, limit * files):
        return
    listed = "; ".join(f"{f.path}: {f.problem}" for f in (loads or broken)[:EXAMPLES])
    reason = (
        "Rows that are missing from a full load would count as deleted"
        if loads
        else f"{len(broken)} of {files} files are more than the limit of {limit:.2%}"
    )
    raise UnreadableBronzeError(
        f"{contract.name}: Bronze files cannot be read: {listed}.\n{reason}. {UNTOUCHED} Restore "
        "the files from the source or move them out of Bronze, then run the job again."
    )


def refuse_bad_rows(batch: TypedBatch, contract: Contract, limit: float) -> None:
    """Raises UntypableRowsError when the share of rows for the quarantine is above the limit."""
    if batch.bad <= limit * batch.count:
        return
    bad = batch.rows.where(F.col(PROBLEM).isNotNull()).select("tenant_id", "id", FILE, PROBLEM)
    listed = "; ".join(
        f"{r[PROBLEM]} (tenant_id={r.tenant_id}, id={r.id}, {r[FILE]})" for r in bad.take(EXAMPLES)
    )
    raise UntypableRowsError(
        f"{contract.name}: {batch.bad} of {batch.count} rows cannot be typed by "
        f"contracts/{contract.name}.odcs.yaml, more than the limit of {limit:.2%}: {listed}.\n"
        f"{UNTOUCHED} Mend the contract or the file and run the job again, or let them into the "
        "quarantine once with --quarantine-limit 1."
    )
