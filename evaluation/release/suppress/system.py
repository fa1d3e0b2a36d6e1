"""Everything that is known about the quantities of a document, as one linear system."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.texts import Message

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

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
