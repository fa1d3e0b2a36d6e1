"""HiGHS in floating point says where solutions lie, and prices that prove in exact arithmetic that none lies beyond."""

from __future__ import annotations

import contextlib
import math
import os
import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction

import highspy
import numpy as np

from evaluation.release.audit.integers.part import Part
from evaluation.release.audit.persons.columns import Sums, Vector
from evaluation.release.audit.persons.solver import cheapest, solver_of
from evaluation.release.audit.system import Limit, Number

_NODES = 2000
_FINE = 3 * 10**7  # the largest denominator that sixteen digits tell
_LARGE = 10**12  # factors beyond which floating point tells nothing
_BEYOND = 10**24  # what is further for HiGHS than anything

Box = tuple[list[Limit], list[Limit]]
Point = list[Number]


class Relaxation:
    """The linear program of a part, kept warm. All that it answers is a guess but ``most`` and ``empty``."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.size, self.every = len(part.low), np.arange(len(part.low), dtype=np.int32)
        self.blind = any(abs(factor) > _LARGE for row in part.rows for _, factor in row.terms)
        self.program = solver_of(Sums([dict(() if self.blind else row.terms) for row in part.rows], self.size), 0)
        low, high = _floats([row.low for row in part.rows], -np.inf), _floats([row.high for row in part.rows], np.inf)
        self.program.changeRowsBounds(len(low), np.arange(len(low), dtype=np.int32), low, high)  # type: ignore[attr-defined]

    def furthest(self, box: Box, unknown: int, sense: int) -> bool:
        """Goes in the ``box`` as far as fractions allow; whether there is a point. ``sense`` 0: to any."""
        if self.blind:
            return False
        self._bind(box)
        cost = np.zeros(self.size)
        cost[unknown] = -sense
        cheapest(self.program, cost)
        return self.program.getModelStatus() == highspy.HighsModelStatus.kOptimal

    def point(self, solver: highspy.Highs | None = None) -> Point:
        """Where it is, whole but for the continuous unknowns."""
        values = (solver or self.program).getSolution().col_value
        return [
            _plain(Fraction(value).limit_denominator(_FINE)) if free else int(np.rint(value))
            for value, free in zip(values, self.part.continuous, strict=True)
        ]

    def torn(self) -> tuple[int, int] | None:
        """The smallest unknown that is not whole, as small counts are soonest decided, and the whole number below."""
        values = np.array(self.program.getSolution().col_value)
        apart = (np.abs(values - np.rint(values)) > 1e-6) & ~np.array(self.part.continuous)
        if not apart.any():
            return None
        at = int(np.argmin(np.where(apart, values, np.inf)))
        return at, math.floor(values[at])

    def most(self, box: Box, unknown: int, sense: int) -> Limit:
        """What ``sense`` times an unknown cannot exceed in the box, by the prices of where it is; None where any."""
        return self._sum_of(-np.array(self.program.getSolution().row_dual), box, unknown, sense)

    def empty(self, box: Box) -> bool:
        """Whether nothing lies in the box, not in fractions either: proven by the prices of its rows."""
        if self.blind or self.program.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
            return False
        _, known, ray = self.program.getDualRay()  # type: ignore[attr-defined]
        sums = [self._sum_of(side * ray, box, 0, 0) for side in (1, -1)] if known else []
        return any(most is not None and most < 0 for most in sums)

    @property
    def open(self) -> bool:
        """Whether it seems that one may go on for ever."""
        return not self.blind and self.program.getModelStatus() == highspy.HighsModelStatus.kUnbounded

    def _sum_of(self, prices: Vector, box: Box, unknown: int, sense: int) -> Limit:
        """The rows, each times its price, and the bounds of what is left of the unknowns: true of every solution."""
        left: dict[int, Number] = {unknown: sense}
        most: Number = 0
        for row, price in zip(self.part.rows, map(_fraction, prices), strict=True):
            bound = row.high if price > 0 else row.low
            if price and bound is not None:
                most += price * bound
                for at, factor in row.terms:
                    left[at] = left.get(at, 0) - price * factor
        for at, times in left.items():
            end = box[times > 0][at]
            if times and end is None:
                return None
            most += times * (end or 0)
        return most

    def _bind(self, box: Box) -> None:
        self.program.changeColsBounds(self.size, self.every, _floats(box[0], -np.inf), _floats(box[1], np.inf))


def guess(relaxed: Relaxation, box: Box, unknown: int, sense: int) -> Point | None:
    """A point of the box in whole numbers, as far as they allow; None where HiGHS finds none."""
    if relaxed.blind:
        return None
    program = highspy.Highs()  # type: ignore[no-untyped-call]
    program.setOptionValue("output_flag", False)
    program.setOptionValue("threads", 1)
    program.setOptionValue("mip_max_nodes", _NODES)
    program.passModel(relaxed.program.getLp())
    program.changeColsBounds(relaxed.size, relaxed.every, _floats(box[0], -np.inf), _floats(box[1], np.inf))
    whole = np.array([0 if free else 1 for free in relaxed.part.continuous], dtype=np.uint8)
    program.changeColsIntegrality(relaxed.size, relaxed.every, whole)
    cost = np.zeros(relaxed.size)
    cost[unknown] = -sense
    with _quiet():
        cheapest(program, cost)
    return relaxed.point(program) if program.getInfo().primal_solution_status == 2 else None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """HiGHS now and then writes a line past Python to standard output, into the JSON of a command."""
    try:
        kept = os.dup(1)
    except OSError:  # no standard output, nothing to spoil
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        sys.stdout.flush()
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _fraction(price: float) -> Number:
    whole = int(np.rint(price))
    return whole if abs(price - whole) < 1e-9 else Fraction(price).limit_denominator(_FINE)


def _plain(value: Fraction) -> Number:
    return int(value) if value.denominator == 1 else value


def _floats(ends: Sequence[Limit], none: float) -> Vector:
    return np.array([none if end is None or not -_BEYOND < end < _BEYOND else float(end) for end in ends])
