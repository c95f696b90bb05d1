"""One full load by the local DMS: `local_dms.py COMPRESSION DSN FOLDER`; see full_load.py."""

import json
import sys
import time
from pathlib import Path

from contracts import load_contracts
from lakehouse.dms.settings import DmsSettings
from lakehouse.dms.task import ReplicationTask


def main() -> None:
    compression, dsn, folder = sys.argv[1:]
    task = ReplicationTask(
        dsn=dsn,
        bronze=Path(folder) / "bronze",
        state_dir=Path(folder) / "dms",
        contracts=load_contracts(),
        settings=DmsSettings.read().with_target(CompressionType=compression),
    )
    begun = time.perf_counter()
    report = task.full_load()
    seconds = time.perf_counter() - begun
    task.drop()
    print(json.dumps({"seconds": seconds, "rows": sum(report.rows_by_table.values())}))


if __name__ == "__main__":
    main()
