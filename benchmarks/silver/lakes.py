"""What the measurements of Silver share: a warm session, lakes in a folder, and stop watches."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from invoices import contract, write_load
from pyspark.sql import SparkSession

from lakehouse.homes.embedded.spark import local_session
from lakehouse.state import State, current_state
from spark_bronze_to_silver.batch import TypedBatch, typed_batch
from spark_bronze_to_silver.kept import Kept
from spark_bronze_to_silver.read_bronze import read_bronze
from spark_bronze_to_silver.to_silver import run_table

WARM_ROWS = 2_000


@contextmanager
def bench(*, goes_on: bool = False) -> Iterator[tuple[SparkSession, Path]]:
    """A session that has loaded and merged a small table before, and a folder for what is made.

    goes_on is what `local_session` takes.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        spark = local_session(state_in(folder / "state"), goes_on=goes_on)
        try:
            write_load(folder / "warm" / "bronze", WARM_ROWS)
            merge(spark, folder / "warm")
            yield spark, folder
        finally:
            spark.stop()


def state_in(folder: Path) -> State:
    """A state folder of its own, with the jars of Hudi that were fetched already."""
    folder.mkdir(exist_ok=True)
    state = State(folder)
    state.jars.symlink_to(current_state().jars)
    return state


def merge(spark: SparkSession, lake: Path) -> None:
    """Bring the lake's Silver up to date with its Bronze."""
    run_table(spark, contract(), bronze=str(lake / "bronze"), silver=str(lake / "silver"))


@contextmanager
def typed(spark: SparkSession, lake: Path) -> Iterator[TypedBatch]:
    """All of the lake's Bronze as the job types it, in memory until its `with` block ends."""
    paths = sorted(map(str, (lake / "bronze").rglob("*.parquet")))
    with Kept(few=False) as kept:
        yield typed_batch(spark, contract(), read_bronze(spark, paths, contract()), kept)


def seconds(work: Callable[[], None]) -> float:
    """How long the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
