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


class Weights(Generic[Choice]):
    """Choices and how often each is drawn; added up once, because it is drawn from often."""

    def __init__(self, weights: Mapping[Choice, float]) -> None:
        self.choices = list(weights)
        self.cumulative = list(accumulate(weights.values()))
        self._weights = weights

    def share(self, choice: Choice) -> float:
        """How often this choice is drawn."""
        return self._weights[choice] / self.cumulative[-1]


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

    def one_of(self, weights: Weights[Choice]) -> Choice:
        """A choice, as often as its weight says."""
        point = self.random() * weights.cumulative[-1]
        return weights.choices[bisect_right(weights.cumulative, point)]


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


class Picks:
    """Picks a fixed share of a stream: one, at a random place, of every run of 1 / share.

    So the number picked of n is n x share rounded down or up, which a coin per row would not give.
    """

    def __init__(self, chance: Chance, share: float) -> None:
        self._chance, self._run = chance, 1 / share if share else 0.0
        self._seen, self._end, self._next = 0, 0.0, -1
        if share:
            self._aim()

    def is_next(self) -> bool:
        """Whether the one that comes now is picked. One that was refused is made up for later."""
        number, self._seen = self._seen, self._seen + 1
        return 0 <= self._next <= number

    def take(self) -> None:
        """The one that was picked is used: aim at the next run."""
        self._aim()

    def _aim(self) -> None:
        start, self._end = self._end, self._end + self._run
        self._next = int(self._chance.uniform(start, self._end))


class Sampling:
    """Takes `wanted` of `total` things, each as likely, while they pass (Knuth's algorithm S)."""

    def __init__(self, chance: Chance, *, wanted: int, total: int) -> None:
        self._chance, self._wanted, self._left = chance, min(wanted, total), total

    def takes(self) -> bool:
        """Whether the thing that passes now is taken."""
        taken = self._chance.random() * self._left < self._wanted
        self._wanted -= taken
        self._left -= 1
        return taken


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
