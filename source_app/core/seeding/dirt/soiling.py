"""Puts dirt on rows while they pass."""

from collections import Counter
from collections.abc import Iterable, Iterator

from ..draw import Chance, Picks
from ..rows import Row
from ..shops import Shop
from . import billing, customers, events, orders, products
from .kind import Kind, Setting
from .shares import Dirt

KINDS: tuple[Kind, ...] = (
    *customers.KINDS,
    *products.KINDS,
    *orders.KINDS,
    *events.KINDS,
    *billing.KINDS,
)
# A second account is one of the latest clean customers' again.
REMEMBERED = 50


class Soiling:
    """The dirt of one tenant's rows. `made` counts the rows of each kind."""

    def __init__(self, shop: Shop, dirt: Dirt, made: Counter[str]) -> None:
        self._shop, self._made = shop, made
        self._spots: dict[str, list[_Spot]] = {}
        for kind in KINDS:
            if share := getattr(dirt, kind.name):
                self._spots.setdefault(kind.table, []).append(_Spot(kind, shop, share))
        self._memories = {
            table: _Memory(shop, table)
            for table, spots in self._spots.items()
            if any(spot.kind.copies for spot in spots)
        }

    def rows(self, table: str, rows: Iterable[Row]) -> Iterable[Row]:
        """The rows, some of them dirty; the same when this table has no dirt."""
        return self._soiled(table, rows) if table in self._spots else rows

    def _soiled(self, table: str, rows: Iterable[Row]) -> Iterator[Row]:
        spots, memory = self._spots[table], self._memories.get(table)
        setting = Setting(self._shop)
        for row in rows:
            if memory:
                setting = Setting(self._shop, memory.any())
            dirty = self._dirty(row, spots, setting)
            if memory and dirty is None:
                memory.keep(row)
            yield dirty or row

    def _dirty(self, row: Row, spots: list["_Spot"], setting: Setting) -> Row | None:
        """The row with one kind of dirt, or None; a kind that gives way takes a later row."""
        dirty = None
        for spot in spots:
            if spot.wants(row, setting) and dirty is None:
                dirty = spot.soil(row, setting)
                self._made[spot.kind.name] += 1
        return dirty


class _Spot:
    """One kind of dirt in one tenant."""

    def __init__(self, kind: Kind, shop: Shop, share: float) -> None:
        # Where it falls is drawn apart from what it is, which may need any number of draws.
        self.kind = kind
        self._picks = Picks(shop.chance("dirt", kind.name, shop.numbers), share)
        self._chance = shop.chance("dirt of", kind.name, shop.numbers)

    def wants(self, row: Row, setting: Setting) -> bool:
        return self.kind.can_have(row, setting) and self._picks.is_next()

    def soil(self, row: Row, setting: Setting) -> Row:
        self._picks.take()
        return self.kind.soil(self._chance, row, setting)


class _Memory:
    """The latest clean rows of a table."""

    def __init__(self, shop: Shop, table: str) -> None:
        self._chance: Chance = shop.chance("remembered", table, shop.numbers)
        self._rows: list[Row] = []
        self._position = 0

    def any(self) -> Row | None:
        """One of them; none before the first."""
        return self._chance.choice(self._rows) if self._rows else None

    def keep(self, row: Row) -> None:
        if len(self._rows) < REMEMBERED:
            self._rows.append(row)
        else:
            self._rows[self._position % REMEMBERED] = row
            self._position += 1
