"""One connected part of a document's unknowns, with the rows that tie them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.release.audit.integers.propagation import fall_apart, narrow_bounds
from evaluation.release.audit.system import Limit, Number, Row, System

_FAR = 1000  # so that whole steps fit where the way is narrow


@dataclass(frozen=True, slots=True)
class Part:
    """Unknowns between ``low`` and ``high`` that ``rows`` tie together; they are whole but for the ``continuous``."""

    rows: tuple[Row, ...]
    low: tuple[Limit, ...]
    high: tuple[Limit, ...]
    continuous: tuple[bool, ...]

    def holds(self, point: Sequence[Number]) -> bool:
        """Whether this is a solution, in exact arithmetic."""
        sums = (sum(factor * point[at] for at, factor in row.terms) for row in self.rows)
        within = (_inside(total, row.low, row.high) for total, row in zip(sums, self.rows, strict=True))
        return all(map(_inside, point, self.low, self.high)) and all(within)

    def steps(self, unknown: int, sense: int) -> Part:
        """What leads from each solution to another, any number of times, and moves an unknown far."""
        rows = (Row(row.terms, _nought(row.low), _nought(row.high), row.fact) for row in self.rows)
        low, high = (tuple(map(_nought, side)) for side in (self.low, self.high))
        return Part((*rows, Row(((unknown, sense),), _FAR, None, 0)), low, high, self.continuous)


def _nought(end: Limit) -> Limit:
    return None if end is None else 0


def _inside(value: Number, low: Limit, high: Limit) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


Open = tuple[list[Limit], list[Limit], list[tuple[list[int], Part]]]
"""Ends of each quantity, and the parts that rows tie together, each with the quantities that are its unknowns."""


def left_open(system: System, rows: Sequence[Row]) -> Open | None:
    """What bounds leave open that narrow each other by ``rows``; None where they show that one cannot hold."""
    low, high = ([getattr(quantity, side) for quantity in system.quantities] for side in ("low", "high"))
    continuous = [quantity.continuous for quantity in system.quantities]
    if not narrow_bounds(rows, low, high, continuous):
        return None
    undecided = [i for i in range(len(low)) if low[i] is None or low[i] != high[i]]
    tied = [(some, [rows[at] for at in of]) for some, of in fall_apart(rows, undecided, len(low)) if of]
    return low, high, [(some, _cut_out(of, some, low, high, continuous)) for some, of in tied]


def _cut_out(
    rows: Sequence[Row],
    members: Sequence[int],
    low: Sequence[Limit],
    high: Sequence[Limit],
    continuous: Sequence[bool],
) -> Part:
    """The part of ``members``; all other quantities in ``rows`` are fixed and go to the right side."""
    place = {index: position for position, index in enumerate(members)}
    left = []
    for row in rows:
        terms = [(index, factor) for index, factor in row.terms if index in place]
        fixed = sum((factor * (low[index] or 0) for index, factor in row.terms if index not in place), start=0)
        least, most = (None if end is None else end - fixed for end in (row.low, row.high))
        if not any(continuous[index] for index, _ in terms):
            common = math.gcd(*(factor for _, factor in terms))
            terms = [(index, factor // common) for index, factor in terms]
            least = None if least is None else -(-least // common)
            most = None if most is None else most // common
        left.append(Row(tuple((place[index], factor) for index, factor in terms), least, most, row.fact))
    below, above = (tuple(side[index] for index in members) for side in (low, high))
    return Part(tuple(left), below, above, tuple(continuous[index] for index in members))
