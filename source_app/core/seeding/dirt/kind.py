"""What a kind of dirt is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..draw import Chance
from ..rows import Row
from ..shops import Shop


class Setting(NamedTuple):
    """Where a row stands: its shop, and for kinds that copy, a clean row that came before it."""

    shop: Shop
    before: Any = None


@dataclass(frozen=True)
class Kind:
    """One kind of dirt; `name` is the field of Dirt with its share.

    count: SQL that counts the rows that have it, 0 in clean data; %(end)s is the day after the
    history. issue: what Silver calls it, if it has a name for it. copies: it takes something from
    an earlier row of the table.
    """

    name: str
    table: str
    can_have: Callable[[Any, Setting], bool]
    soil: Callable[[Chance, Any, Setting], Row]
    count: str
    issue: str = ""
    copies: bool = False
