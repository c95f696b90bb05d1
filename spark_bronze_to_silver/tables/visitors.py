"""What an event says of its visitor: a device, by ua-parser, and a part of the address."""

import ipaddress
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pandas as pd
from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql import types as t
from user_agents import parse

REMEMBERED = 10_000
# What stays of an address: the network, which stands for some hundred visitors or a site.
PREFIXES = {4: 24, 6: 48}
DEVICE = t.StructType(
    [t.StructField(name, t.StringType()) for name in ("device_type", "browser", "os")]
)


def device_of(user_agent: Column) -> Column:
    """Struct of device_type (desktop, mobile, tablet, bot, other), browser and os.

    All null when there is no user agent; browser and os are Other when they are not known.
    """
    return F.pandas_udf(_devices, DEVICE)(user_agent)


def anonymised_address(address: Column) -> Column:
    """The address with its last part zeroed: IPv4 keeps 24 bits, IPv6 48; null when malformed."""
    return F.pandas_udf(_addresses, t.StringType())(address)


def _devices(user_agents: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(_each(user_agents, _device), columns=DEVICE.names, dtype=object)


def _addresses(addresses: pd.Series) -> pd.Series:
    return pd.Series(_each(addresses, _network), dtype=object)


def _each(values: pd.Series, function: Callable[[Any], Any]) -> list[Any]:
    return [function(v if isinstance(v, str) else None) for v in values]


@lru_cache(REMEMBERED)
def _device(user_agent: str | None) -> tuple[str | None, str | None, str | None]:
    if not user_agent or not user_agent.strip():
        return None, None, None
    found = parse(user_agent)
    kinds = {
        "bot": found.is_bot,
        "tablet": found.is_tablet,
        "mobile": found.is_mobile,
        "desktop": found.is_pc,
    }
    kind = next((name for name, holds in kinds.items() if holds), "other")
    return kind, found.browser.family, found.os.family


@lru_cache(REMEMBERED)
def _network(address: str | None) -> str | None:
    try:
        parsed = ipaddress.ip_interface((address or "").strip()).ip
    except ValueError:
        return None
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ipaddress.ip_network(f"{parsed}/{PREFIXES[parsed.version]}", strict=False)[0])
