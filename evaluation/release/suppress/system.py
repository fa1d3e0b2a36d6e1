"""Everything that is known about the quantities of a document, as one linear system."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from evaluation.texts import Message

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
One = TypeVar("One")

TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Row:
    """``low`` <= sum of coefficient x quantity <= ``high``; ``name`` is what errors call it."""

    columns: tuple[int, ...]
    coefficients: tuple[float, ...]
    low: float
    high: float
    name: Message
    ratio: bool = False  # a printed mean or percentage

    def holds(self, values: Floats) -> bool:
        """Whether these values, one per quantity, satisfy the row; a row with an unknown (NaN) does."""
        total = math.fsum(c * values[q] for q, c in zip(self.columns, self.coefficients, strict=True))
        slack = TOLERANCE * max(1.0, *map(abs, self.coefficients), 0.0)
        return math.isnan(total) or self.low - slack <= total <= self.high + slack


@dataclass(frozen=True, slots=True)
class Demand:
    """The intruder must not exclude that ``side`` x quantity reaches ``target`` (side +1 above, -1 below)."""

    quantity: int
    side: int
    target: float


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """Every distinct quantity is one unknown; arrays have one entry per quantity.

    ``ids``: the first cell that shows it; ``members``: cell to quantity; ``low``/``high``: what everybody
    knows beforehand; ``shown_low``/``shown_high``: what is printed if the quantity is not hidden;
    ``truth``: NaN where the document does not tell it; ``printed``: stands in a table; ``open``: never
    printed, or hidden already; ``ranged``: hidden already, behind a printed range; ``closed``: may not
    be hidden.
    """

    ids: tuple[str, ...]
    members: Mapping[str, int]
    low: Floats
    high: Floats
    shown_low: Floats
    shown_high: Floats
    truth: Floats
    weight: NDArray[np.int64]
    integer: Bools
    printed: Bools
    open: Bools
    ranged: Bools
    closed: Bools
    rows: tuple[Row, ...]
    demands: tuple[Demand, ...]


def some(names: Sequence[str | Message], most: int = 8) -> list[str | Message]:
    """The first of the names, and how many more."""
    more = [Message("release.more", number=len(names) - most)] if len(names) > most else []
    return [*names[:most], *more]


def fewest(kept: Sequence[One], block: Sequence[One], suffice: Callable[[Sequence[One]], bool]) -> Sequence[One]:
    """``kept`` without each member of ``block`` that those left can do without, tried in this order.

    More never suffice less, so a block without which they do is left out in one step.
    """
    rest = [one for one in kept if one not in block]
    if suffice(rest):
        return rest
    if len(block) < 2:
        return kept
    half = len(block) // 2
    return fewest(fewest(kept, block[:half], suffice), block[half:], suffice)


def tied(size: int, groups: Iterable[Sequence[int]]) -> list[int]:
    """For each of so many places one place that stands for all that groups tie together, directly or not."""
    lead = list(range(size))

    def find(place: int) -> int:
        while lead[place] != place:
            lead[place] = lead[lead[place]]
            place = lead[place]
        return place

    for group in groups:
        for other in group[1:]:
            lead[find(other)] = find(group[0])
    return [find(place) for place in range(size)]
