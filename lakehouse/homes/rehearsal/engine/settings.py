"""Trino's configuration: one coordinator that works too, three catalogs over one Glue catalog.

Users see `awsdatacatalog` alone, as on Athena: its tables of other formats are redirected to the
catalogs `iceberg` and `hudi`.
"""

import json
from collections.abc import Mapping
from pathlib import Path

HIVE, ICEBERG, HUDI = "awsdatacatalog", "iceberg", "hudi"
# The engine's own access key and secret: it reads and writes all data, whoever asks.
ENGINE_KEY = "engine"
# Athena writes at most this many partitions in one statement.
MAX_PARTITIONS = 100
# Seconds after which Trino reads changed rules.
REFRESH_SECONDS = 1
# Nobody may do anything until the endpoint has compiled what Lake Formation grants.
CLOSED = {"catalogs": [], "schemas": [], "tables": [], "procedures": []}


def write_settings(folder: Path, *, port: int, aws: str, region: str) -> None:
    """Write the configuration of a server that uses the AWS at this address.

    It reads and writes all data: rows and tables are refused by access control, not by S3.
    """
    (folder / "catalog").mkdir(parents=True, exist_ok=True)
    rules = folder / "rules.json"
    rules.write_text(json.dumps(CLOSED))
    _write(
        folder / "config.properties",
        {
            "coordinator": "true",
            "node-scheduler.include-coordinator": "true",
            "http-server.http.port": str(port),
            "discovery.uri": f"http://127.0.0.1:{port}",
            "query.max-memory": "500MB",
            "query.max-memory-per-node": "500MB",
            "memory.heap-headroom-per-node": "300MB",
            "query.max-history": "200",
            "query.min-expire-age": "1m",
            # Several writers would share a statement's partitions, and each has the limit.
            "task.min-writer-count": "1",
            "task.max-writer-count": "1",
            # A column that is not granted is not there, as with Lake Formation.
            "hide-inaccessible-columns": "true",
        },
    )
    _write(
        folder / "access-control.properties",
        {
            "access-control.name": "file",
            "security.config-file": str(rules),
            "security.refresh-period": f"{REFRESH_SECONDS}s",
        },
    )
    _write(
        folder / "log.properties", {"io.trino": "WARN", "io.airlift": "WARN", "org.apache": "WARN"}
    )
    for name, settings in _catalogs(aws, region).items():
        _write(folder / "catalog" / f"{name}.properties", settings)


def _catalogs(aws: str, region: str) -> dict[str, dict[str, str]]:
    common = {
        "hive.metastore.glue.region": region,
        "hive.metastore.glue.endpoint-url": aws,
        "hive.metastore.glue.aws-access-key": ENGINE_KEY,
        "hive.metastore.glue.aws-secret-key": ENGINE_KEY,
        "fs.native-s3.enabled": "true",
        "s3.endpoint": aws,
        "s3.region": region,
        "s3.path-style-access": "true",
        "s3.aws-access-key": ENGINE_KEY,
        "s3.aws-secret-key": ENGINE_KEY,
    }
    hive = {
        "connector.name": "hive",
        "hive.metastore": "glue",
        "hive.metastore.glue.skip-archive": "true",
        "hive.iceberg-catalog-name": ICEBERG,
        "hive.hudi-catalog-name": HUDI,
        "hive.non-managed-table-writes-enabled": "true",
        "hive.hive-views.enabled": "true",
        "hive.max-partitions-per-writers": str(MAX_PARTITIONS),
    }
    iceberg = {
        "connector.name": "iceberg",
        "iceberg.catalog.type": "glue",
        # OPTIMIZE has no such limit; for other statements the session sets Athena's.
        "iceberg.max-partitions-per-writer": "10000",
    }
    hudi = {"connector.name": "hudi", "hive.metastore": "glue"}
    return {HIVE: hive | common, ICEBERG: iceberg | common, HUDI: hudi | common}


def _write(file: Path, settings: Mapping[str, str]) -> None:
    file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
