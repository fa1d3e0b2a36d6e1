"""One connected part of a document's unknowns in whole numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.release.audit.integers.propagation import fall_apart, narrow_bounds
from evaluation.release.audit.integers.tableau import Ends
from evaluation.release.audit.system import Limit, Number, Row, System, divided


@dataclass(frozen=True, slots=True)
class Part:
    """Unknowns tied together by rows, in whole numbers; ``units[i]`` of unknown i make one."""

    lines: tuple[tuple[tuple[int, int], ...], ...]  # one a row: (unknown, coefficient other than 0)
    row_ends: tuple[Ends, ...]
    ends: tuple[Ends, ...]
    units: tuple[int, ...]
    continuous: tuple[bool, ...]


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
    units = [math.lcm(*(end.denominator for end in (low[i], high[i]) if end is not None)) for i in members]
    lines: dict[tuple[tuple[int, int], ...], Ends] = {}
    for row in rows:
        terms: dict[int, Number] = {}
        fixed: Number = 0
        for index, factor in row.terms:
            if index in place:
                terms[place[index]] = divided(factor, units[place[index]])
            else:
                fixed += factor * (low[index] or 0)
        ends = [None if end is None else end - fixed for end in (row.low, row.high)]
        scale: Number = math.lcm(*(x.denominator for x in terms.values()), *(x.denominator for x in ends if x))
        whole = {at: int(value * scale) for at, value in terms.items()}
        if not any(continuous[members[at]] for at in whole):
            scale = divided(scale, math.gcd(*whole.values()))
        line = tuple((at, int(value * scale)) for at, value in sorted(terms.items()))
        lower, upper = (None if end is None else end * scale for end in ends)
        lines[line] = _tighter(lines.get(line, (None, None)), lower, upper)
    return Part(
        tuple(lines),
        tuple(lines.values()),
        tuple((_times(low[i], unit), _times(high[i], unit)) for i, unit in zip(members, units, strict=True)),
        tuple(units),
        tuple(continuous[i] for i in members),
    )


def _tighter(known: Ends, lower: Number | None, upper: Number | None) -> Ends:
    lows = [end for end in (known[0], None if lower is None else math.ceil(lower)) if end is not None]
    highs = [end for end in (known[1], None if upper is None else math.floor(upper)) if end is not None]
    return max(lows, default=None), min(highs, default=None)


def _times(end: Limit, unit: int) -> int | None:
    return None if end is None else int(end * unit)


def matrix(part: Part) -> list[list[int]]:
    """The coefficients, one list a row."""
    full = [[0] * len(part.ends) for _ in part.lines]
    for row, line in zip(full, part.lines, strict=True):
        for at, factor in line:
            row[at] = factor
    return full


def check(part: Part, point: Sequence[Number]) -> None:
    """Puts a solution into every row and bound; ArithmeticError if one does not hold."""
    for value, (low, high) in zip(point, part.ends, strict=True):
        _inside(value, low, high)
    for line, (low, high) in zip(part.lines, part.row_ends, strict=True):
        _inside(sum(factor * point[at] for at, factor in line), low, high)


def _inside(value: Number, low: int | None, high: int | None) -> None:
    if (low is not None and value < low) or (high is not None and value > high):
        raise ArithmeticError("The auditor's arithmetic is wrong; please report this document.")
