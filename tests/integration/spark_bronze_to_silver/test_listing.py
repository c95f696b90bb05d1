"""Bronze is listed while it is written."""

import threading

import pytest

from spark_bronze_to_silver.bronze_files import list_bronze_files
from tests.fakes.bronze import cdc_name

pytestmark = [pytest.mark.spark, pytest.mark.slow]


def test_files_that_get_their_names_meanwhile_stop_nobody(spark, tmp_path):
    """Hadoop's own listing fails for a hidden file that is renamed before it asks about it."""
    day, stop = (tmp_path / cdc_name(0)).parent, threading.Event()
    day.mkdir(parents=True)

    def publish() -> None:
        for number in range(100_000):
            if stop.is_set():
                return
            hidden = day / f".{number}.tmp"
            hidden.write_bytes(b"x")
            hidden.rename(tmp_path / cdc_name(number))
            stop.wait(0.002)

    writer = threading.Thread(target=publish)
    writer.start()
    try:
        counts = [len(list_bronze_files(spark, str(tmp_path))) for _ in range(40)]
    finally:
        stop.set()
        writer.join()
    assert counts == sorted(counts)
    assert counts[-1] > 0
    found = list_bronze_files(spark, str(tmp_path))
    assert {f.name for f in found} == {cdc_name(n) for n in range(len(found))}
    assert {f.size for f in found} == {1}
