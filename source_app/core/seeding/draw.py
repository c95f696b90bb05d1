"""Seeded chance: ids, shares, and picks among what exists at a moment."""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import accumulate
from typing import Generic, Protocol, TypeVar
from uuid import UUID


class Dated(Protocol):
    """Anything with a creation time."""

    @property
    def created_at(self) -> datetime:
        """When it came to exist."""


Item = TypeVar("Item", bound=Dated)
Choice = TypeVar("Choice")


class Chance(random.Random):
    """Random numbers of one purpose, so that more rows of one table never shift another's."""

    def __init__(self, *purpose: object) -> None:
        # A text seed is hashed by SHA-512, the same on every machine and Python version.
        super().__init__("/".join(map(str, purpose)))

    def uuid(self) -> UUID:
        """A version 4 id."""
        return UUID(int=self.getrandbits(128), version=4)

    def happens(self, probability: float) -> bool:
        """True in this share of the calls."""
        return self.random() < probability

    def one_of(self, weights: Mapping[Choice, float]) -> Choice:
        """A key, as often as its weight says."""
        return self.choices(list(weights), list(weights.values()))[0]


class Shelf(Generic[Item]):
    """Things to pick from, each only after it was created; the oldest is always there."""

    def __init__(self, items: Sequence[Item], weights: Sequence[float]) -> None:
        ranked = sorted(zip(items, weights, strict=True), key=lambda pair: pair[0].created_at)
        self.items = [item for item, _ in ranked]
        self._created = [item.created_at for item in self.items]
        self._cumulative = list(accumulate(weight for _, weight in ranked))

    def pick(self, chance: Chance, at: datetime) -> Item:
        """One of the things that existed then."""
        count = max(1, bisect_right(self._created, at))
        point = chance.random() * self._cumulative[count - 1]
        return self.items[min(bisect_left(self._cumulative, point), count - 1)]


def split(total: int, weights: Sequence[float], *, minimum: int = 0) -> list[int]:
    """`total` in whole parts near the weights, each at least `minimum`, adding up exactly."""
    spare, sum_of_weights = total - minimum * len(weights), sum(weights) or 1
    exact = [spare * weight / sum_of_weights for weight in weights]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_remainder[: spare - sum(parts)]:
        parts[index] += 1
    return [part + minimum for part in parts]


def deck(chance: Chance, total: int, shares: Mapping[Choice, float]) -> list[Choice]:
    """`total` cards in these shares, exactly as far as whole numbers allow, shuffled."""
    counts = split(total, list(shares.values()))
    cards = [card for card, count in zip(shares, counts, strict=True) for _ in range(count)]
    chance.shuffle(cards)
    return cards


def money(cents: int) -> Decimal:
    """Cents as an amount with two decimals."""
    return Decimal(cents).scaleb(-2)
