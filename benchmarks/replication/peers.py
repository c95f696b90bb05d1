"""One full load by a tool that others use: every table of the shop to Parquet, uncompressed.

Run by full_load.py in an environment of its own: `peers.py TOOL URI FOLDER`, where the URI has a
percent-encoded socket folder as its host. Prints the seconds without imports, and the rows.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyarrow.parquet as pq

TABLES = ("tenant", "customer", "product", "order", "orderitem", "event", "subscription", "invoice")
# ConnectorX knows no inet.
QUERIES = {t: f"select * from core_{t}" for t in TABLES} | {
    "event": (
        "select id, tenant_id, customer_id, event_type, event_data, session_id, "
        "host(ip_address) as ip_address, user_agent, created_at "
        "from core_event"
    )
}


def adbc(uri: str, folder: Path) -> int:
    import adbc_driver_postgresql.dbapi as driver

    rows = 0
    parts = urlsplit(uri)
    address = f"postgresql://{parts.username}@/{parts.path[1:]}?host={unquote(parts.hostname)}"
    with driver.connect(f"{address}&port={parts.port}") as connection:
        for table in TABLES:
            with connection.cursor() as cursor:
                cursor.execute(f"select * from core_{table}")
                reader = cursor.fetch_record_batch()
                path = folder / f"{table}.parquet"
                with pq.ParquetWriter(path, reader.schema, compression="none") as writer:
                    for batch in reader:
                        writer.write_batch(batch)
                        rows += batch.num_rows
    return rows


def connectorx(uri: str, folder: Path) -> int:
    import connectorx as cx

    rows = 0
    for table in TABLES:
        loaded = cx.read_sql(uri, QUERIES[table], return_type="arrow")
        pq.write_table(loaded, folder / f"{table}.parquet", compression="none")
        rows += loaded.num_rows
    return rows


def dlt(uri: str, folder: Path) -> int:
    os.environ.update(
        RUNTIME__DLTHUB_TELEMETRY="false",
        DATA_WRITER__COMPRESSION="none",
        NORMALIZE__DATA_WRITER__COMPRESSION="none",
        SOURCES__DATA_WRITER__COMPRESSION="none",
        DLT_DATA_DIR=str(folder / "dlt"),
    )
    import dlt as tool

    @tool.source
    def shop():
        for table in TABLES:
            yield tool.resource(
                _read(uri, table), name=f"core_{table}", write_disposition="replace"
            )

    destination = tool.destinations.filesystem(bucket_url=(folder / "out").as_uri())
    pipeline = tool.pipeline("shop", destination=destination, dataset_name="bronze")
    pipeline.run(shop(), loader_file_format="parquet")
    counts = pipeline.last_trace.last_normalize_info.row_counts
    return sum(n for name, n in counts.items() if name.startswith("core_"))


def _read(uri: str, table: str):
    """What dlt's own connectorx backend does; that one cannot be told to leave inet alone."""
    import connectorx as cx

    yield cx.read_sql(uri, QUERIES[table], return_type="arrow", protocol="binary")


TOOLS: dict[str, Callable[[str, Path], int]] = {"adbc": adbc, "connectorx": connectorx, "dlt": dlt}


def main() -> None:
    tool, uri, folder = sys.argv[1:]
    if tool == "dlt":
        import dlt  # noqa: F401
    else:
        __import__({"adbc": "adbc_driver_postgresql.dbapi"}.get(tool, tool))
    Path(folder).mkdir(parents=True)
    begun = time.perf_counter()
    rows = TOOLS[tool](uri, Path(folder))
    print(json.dumps({"seconds": time.perf_counter() - begun, "rows": rows}))


if __name__ == "__main__":
    main()
