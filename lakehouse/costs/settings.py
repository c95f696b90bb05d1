"""Sizes of an environment, read from its Terraform root."""

import re
from dataclasses import dataclass
from pathlib import Path

from contracts import load_contracts
from lakehouse.errors import LakehouseError

DAYS = 30.4
MINUTES = {"minute": 1, "hour": 60, "day": 1440}


@dataclass(frozen=True)
class Settings:
    """What of an environment's Terraform decides its cost; runs and crawls are per month."""

    dms_class: str
    database_class: str
    multi_az: bool
    endpoint_zones: int
    runs: float
    crawls: float
    tables: int
    tenants: int


def read_settings(repository: Path, environment: str) -> Settings:
    """Settings of terraform/environments/<environment>; LakehouseError when there is none.

    A size that the root does not set has the default of module platform.
    """
    root = repository / "terraform/environments" / environment
    if not (root / "main.tf").exists():
        known = sorted(p.parent.name for p in root.parent.glob("*/main.tf"))
        raise LakehouseError(f"no environment {environment!r}; there are: {', '.join(known)}")
    values = _defaults(repository) | _values((root / "main.tf").read_text("utf-8"))
    return Settings(
        dms_class=values["dms_class"],
        database_class=values["database_class"],
        multi_az=values["multi_az"] == "true",
        endpoint_zones=int(values["endpoint_zones"]),
        runs=runs_per_month(values["schedule"]),
        crawls=runs_per_month(values["crawl"]),
        tables=len(load_contracts(repository / "contracts")),
        tenants=len(re.findall(r"^    id:", (root / "tenants.yaml").read_text("utf-8"), re.M)),
    )


def runs_per_month(schedule: str) -> float:
    """How often rate(n unit), or cron with a fixed minute, comes in a month."""
    if rate := re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", schedule):
        return DAYS * 1440 / (int(rate[1]) * MINUTES[rate[2]])
    if cron := re.fullmatch(r"cron\(\d+ (\*|\d+) \* \* \? \*\)", schedule):
        return DAYS * (24 if cron[1] == "*" else 1)
    raise LakehouseError(f"cannot count {schedule!r}: use rate(...), or cron hourly or daily")


def _defaults(repository: Path) -> dict[str, str]:
    text = (repository / "terraform/modules/platform/variables.tf").read_text("utf-8")
    found = re.findall(r'(\w+)\s*= optional\(\w+, "?(.*?)"?\)$', text, re.MULTILINE)
    return dict(found)


def _values(text: str) -> dict[str, str]:
    return dict(re.findall(r'(\w+)\s*= "?(rate\(.*?\)|cron\(.*?\)|[\w.]+)"?$', text, re.MULTILINE))
