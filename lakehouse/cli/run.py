"""`lakehouse run`."""

from lakehouse.cli.gold import gold
from lakehouse.cli.replicate import replicate
from lakehouse.cli.silver import silver


def run() -> None:
    """Replicate, Silver, Gold: everything up to date once."""
    replicate()
    silver()
    gold()
