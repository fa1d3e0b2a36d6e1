"""One connected part of a document's unknowns as a matrix of whole numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.release.audit_document import Limit, Number, Row
from evaluation.release.audit_tableau import Ends


@dataclass(frozen=True, slots=True)
class Part:
    """Unknowns tied together by rows, in whole numbers; ``units[i]`` of unknown i make one."""

    matrix: tuple[tuple[int, ...], ...]  # one line a row
    row_ends: tuple[Ends, ...]
    ends: tuple[Ends, ...]
    units: tuple[int, ...]
    continuous: tuple[bool, ...]


def cut_out(
    rows: Sequence[Row],
    members: Sequence[int],
    low: Sequence[Limit],
    high: Sequence[Limit],
    continuous: Sequence[bool],
) -> Part:
    """The part of ``members``; all other quantities in ``rows`` are fixed and go to the right side."""
    place = {index: position for position, index in enumerate(members)}
    units = [math.lcm(*(Fraction(end).denominator for end in (low[i], high[i]) if end is not None)) for i in members]
    matrix: dict[tuple[tuple[int, int], ...], Ends] = {}
    for row in rows:
        terms: dict[int, Fraction] = {}
        fixed: Number = 0
        for index, factor in row.terms:
            if index in place:
                terms[place[index]] = Fraction(factor, units[place[index]])
            else:
                fixed += factor * (low[index] or 0)
        ends = [None if end is None else end - fixed for end in (row.low, row.high)]
        scale = Fraction(
            math.lcm(*(x.denominator for x in terms.values()), *(Fraction(x).denominator for x in ends if x))
        )
        whole = {at: int(value * scale) for at, value in terms.items()}
        if not any(continuous[members[at]] for at in whole):
            scale /= math.gcd(*whole.values())
        line = tuple((at, int(value * scale)) for at, value in sorted(terms.items()))
        lower, upper = (None if end is None else end * scale for end in ends)
        matrix[line] = _tighter(matrix.get(line, (None, None)), lower, upper)
    return Part(
        tuple(_dense(line, len(members)) for line in matrix),
        tuple(matrix.values()),
        tuple((_times(low[i], unit), _times(high[i], unit)) for i, unit in zip(members, units, strict=True)),
        tuple(units),
        tuple(continuous[i] for i in members),
    )


def _tighter(known: Ends, lower: Number | None, upper: Number | None) -> Ends:
    lows = [end for end in (known[0], None if lower is None else math.ceil(lower)) if end is not None]
    highs = [end for end in (known[1], None if upper is None else math.floor(upper)) if end is not None]
    return max(lows, default=None), min(highs, default=None)


def _dense(line: tuple[tuple[int, int], ...], size: int) -> tuple[int, ...]:
    full = [0] * size
    for at, value in line:
        full[at] = value
    return tuple(full)


def _times(end: Limit, unit: int) -> int | None:
    return None if end is None else int(end * unit)


def check(part: Part, point: Sequence[Number]) -> None:
    """Puts a solution into every row and bound; ArithmeticError if one does not hold."""
    for value, (low, high) in zip(point, part.ends, strict=True):
        _inside(value, low, high)
    for line, (low, high) in zip(part.matrix, part.row_ends, strict=True):
        _inside(sum(factor * value for factor, value in zip(line, point, strict=True) if factor), low, high)


def _inside(value: Number, low: int | None, high: int | None) -> None:
    if (low is not None and value < low) or (high is not None and value > high):
        raise ArithmeticError("The auditor's arithmetic is wrong; please report this document.")
