"""A local Spark session for the Silver job."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lakehouse.homes.embedded.hudi_jars import resolve_jars
from lakehouse.homes.embedded.java import find_java
from lakehouse.state import State

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DRIVER_MEMORY = "3g"
PARALLELISM = "2"
PAGE_SIZE = "1m"
# With the quick compiler alone Java reserves 48 MB for compiled code instead of 240, and the code
# that Spark generates fills them: nothing more is compiled, and in the end calls fail with
# NoSuchMethodError: MethodHandle.linkToStatic.
# An object of half a region or more can make the collector look through the whole heap. With this
# heap a region would have 1 MB, as much as a page of Spark's.
JVM_OPTIONS = "-XX:ReservedCodeCacheSize=512m -XX:G1HeapRegionSize=4m -Duser.timezone=UTC"
# A laptop run is over before the optimising compiler pays for itself: with the quick one alone the
# job takes about a third less. It pays in a session that goes on, after twenty batches of all
# tables, and in one that works through much data: its code takes half the quick compiler's time.
QUICK_COMPILER = "-XX:TieredStopAtLevel=1"
MUCH_BYTES = 8 << 20
# Hadoop's settings travel with almost every task, each written out as text: a fifth of a small
# batch's time. Most are defaults of HDFS, MapReduce and YARN, which nothing here uses: files of the
# same names come first on the class path, and are empty.
HADOOP_DEFAULTS = Path(__file__).with_name("hadoop")
LOG_CONFIGURATION = Path(__file__).with_name("log4j2.properties")


def local_session(state: State, *, goes_on: bool = False) -> "SparkSession":
    """A warm session on two threads with Hudi; the first call takes a few seconds.

    goes_on tells of a session that is to run for many batches, or through much data.
    Raises PrerequisiteError when Java or the bundle cannot be had.
    """
    from spark_bronze_to_silver.session import build_session

    java = find_java()
    state.logs.mkdir(parents=True, exist_ok=True)
    jars = resolve_jars(state.jars, java=java, trust_folder=state.java)
    log = state.logs / "spark.log"
    os.environ["JAVA_HOME"] = str(java.home)
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    session = build_session(local_settings(state, jars, log, goes_on=goes_on))
    _send_prints_to(session, state.logs / "spark.out")
    _write_no_checksums(session)
    return session


def unread_bytes(state: State) -> int:
    """Size of the Bronze files that came after Silver's last commit: about what a run will read."""
    commits = [p.stat().st_mtime for p in state.silver.glob("*/.hoodie/*.commit")]
    last = max(commits, default=0.0)
    # Hidden files are being written, and get other names meanwhile.
    shown = [p for p in state.bronze.rglob("*") if not p.name.startswith(".") and p.is_file()]
    files = [p.stat() for p in shown]
    return sum(f.st_size for f in files if f.st_mtime > last)


def local_settings(
    state: State, jars: Sequence[Path], log: Path, *, goes_on: bool = False
) -> dict[str, str]:
    """What Spark needs to know to run on this machine alone, with these jars."""
    java = JVM_OPTIONS if goes_on else f"{QUICK_COMPILER} {JVM_OPTIONS}"
    return {
        "spark.master": f"local[{PARALLELISM}]",
        "spark.jars": ",".join(map(str, jars)),
        "spark.driver.memory": DRIVER_MEMORY,
        "spark.driver.extraClassPath": str(HADOOP_DEFAULTS),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": (
            f"-Dlog4j2.configurationFile=file:{LOG_CONFIGURATION} -Dlakehouse.log={log} {java}"
        ),
        "spark.default.parallelism": PARALLELISM,
        "spark.sql.shuffle.partitions": PARALLELISM,
        # With so few partitions it has nothing to decide, and makes each stage its own job.
        "spark.sql.adaptive.enabled": "false",
        # A batch of all tables compiles some hundred pieces of code. The next one finds them
        # again; Spark's default is to remember 100.
        "spark.sql.codegen.cache.maxEntries": "2000",
        # By default 64 MB with this memory: each sort or aggregation takes a page, empties it and
        # leaves it to the garbage collector. Larger rows get larger pages.
        "spark.buffer.pageSize": PAGE_SIZE,
        "spark.sql.warehouse.dir": str(state.root / "spark-warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }


def _write_no_checksums(session: "SparkSession") -> None:
    """Hadoop would write a file with a checksum beside each local file.

    Hudi lists a table's folders a dozen times a commit; without them these hold half as much.
    """
    files = session._jvm.org.apache.hadoop.fs.FileSystem
    files.getLocal(session._jsc.hadoopConfiguration()).setWriteChecksum(False)


def _send_prints_to(session: "SparkSession", file: Path) -> None:
    """What Java code prints (Hudi's object sizer does) goes to a file, not to the terminal."""
    java = session._jvm.java
    stream = java.io.PrintStream(java.io.FileOutputStream(str(file), True), True)
    java.lang.System.setOut(stream)
    java.lang.System.setErr(stream)
