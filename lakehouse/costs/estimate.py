"""The monthly cost of an environment, line by line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.yaml_files import read_yaml
from lakehouse.costs.settings import Settings
from lakehouse.errors import LakehouseError

PRICES = Path(__file__).with_name("prices.yaml")
SOURCE_KINDS = ("private", "public", "vpn", "rds")
DMS_DISK_GB = 50
DATABASE_DISK_GB = 50
# Glue, KMS, Logs and Secrets Manager; S3's gateway endpoint costs nothing.
INTERFACE_ENDPOINTS = 4
# A driver and a worker; auto-scaling adds workers only to a large batch.
DPU_OF_A_SMALL_RUN = 2
CRAWLER_DPU = 2
BUILDS_OF_A_RUN = 2
KEYS = 2
# Of replication, pipeline, freshness and the teams' scans; each tenant and each table has its own.
COMMON_ALARMS = 8
# An alarm over an expression is billed for each metric in it.
METRICS_OF_A_TABLES_ALARM = 3


@dataclass(frozen=True)
class Volumes:
    """What is used rather than built; minutes are of one run."""

    source_kind: str = "private"
    stored_gb: float = 20
    scanned_tb: float = 0.1
    logs_gb: float = 2
    job_minutes: float = 2
    build_minutes: float = 5


@dataclass(frozen=True)
class Line:
    """USD a month of one thing, and the setting that changes it."""

    what: str
    usd: float
    lever: str


def load_prices() -> dict[str, Any]:
    """The dated table of list prices."""
    return read_yaml(PRICES)


def estimate(settings: Settings, volumes: Volumes, prices: dict[str, Any]) -> list[Line]:
    """Lines of a month, the most expensive first; LakehouseError for a size without a price."""
    if volumes.source_kind not in SOURCE_KINDS:
        raise LakehouseError(
            f"unknown kind of source {volumes.source_kind!r}; there are: {', '.join(SOURCE_KINDS)}"
        )
    lines = [
        *_replication(settings, volumes, prices),
        *_pipeline(settings, volumes, prices),
        *_rest(settings, volumes, prices),
    ]
    return sorted((line for line in lines if line.usd), key=lambda line: -line.usd)


def _replication(settings: Settings, volumes: Volumes, prices: dict[str, Any]) -> list[Line]:
    hours, copies = prices["hours_per_month"], 2 if settings.multi_az else 1
    instance = hours * _price(prices, "dms_instance_hour", settings.dms_class)
    disk = DMS_DISK_GB * prices["dms_storage_gb_month"]
    endpoints = INTERFACE_ENDPOINTS * settings.endpoint_zones * prices["interface_endpoint_hour"]
    lines = [
        Line("DMS instance and disk", copies * (instance + disk), "dms_class, multi_az"),
        Line("VPC interface endpoints", hours * endpoints, "endpoint_zones"),
    ]
    if volumes.source_kind == "public":
        lines.append(Line("NAT gateway", hours * prices["nat_gateway_hour"], "source kind"))
    if volumes.source_kind == "vpn":
        lines.append(Line("VPN connection", hours * prices["vpn_hour"], "source kind"))
    if volumes.source_kind == "rds":
        server = hours * _price(prices, "database_instance_hour", settings.database_class)
        storage = DATABASE_DISK_GB * prices["database_storage_gb_month"]
        lines.append(Line("Source database", copies * (server + storage), "database_class"))
    return lines


def _pipeline(settings: Settings, volumes: Volumes, prices: dict[str, Any]) -> list[Line]:
    dpu = prices["glue_dpu_hour"]
    # Glue bills a minute at least.
    job_hours = settings.runs * settings.tables * max(1, volumes.job_minutes) / 60
    crawl_hours = settings.crawls * prices["crawler_minutes_minimum"] / 60
    builds = settings.runs * BUILDS_OF_A_RUN * volumes.build_minutes
    return [
        Line("Glue jobs", job_hours * DPU_OF_A_SMALL_RUN * dpu, "schedule"),
        Line("Bronze crawler", crawl_hours * CRAWLER_DPU * dpu, "crawl"),
        Line("dbt in CodeBuild", builds * prices["codebuild_small_minute"], "schedule"),
        Line("Athena", volumes.scanned_tb * prices["athena_scanned_tb"], "scan_limit"),
    ]


def _rest(settings: Settings, volumes: Volumes, prices: dict[str, Any]) -> list[Line]:
    alarms = COMMON_ALARMS + settings.tenants + METRICS_OF_A_TABLES_ALARM * settings.tables
    watching = alarms * prices["alarm_month"] + prices["dashboard_month"]
    secrets = KEYS * prices["kms_key_month"] + prices["secret_month"]
    return [
        Line("S3", volumes.stored_gb * prices["s3_standard_gb_month"], "retention"),
        Line("Alarms and dashboard", watching, ""),
        Line("Logs", volumes.logs_gb * prices["logs_ingested_gb"], "log_retention"),
        Line("Keys and secret", secrets, ""),
    ]


def _price(prices: dict[str, Any], table: str, size: str) -> float:
    if size not in prices[table]:
        raise LakehouseError(
            f"no price for {size} under {table} in {PRICES.name}; known: "
            f"{', '.join(prices[table])}. Nothing was estimated; add its price there"
        )
    return prices[table][size]
