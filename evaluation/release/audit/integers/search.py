"""The smallest and largest whole value of each unknown of one connected part, proven by search."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

import numpy as np

from evaluation.release.audit.integers.guess import guess
from evaluation.release.audit.integers.lattice import solvable
from evaluation.release.audit.integers.part import Part, check, matrix
from evaluation.release.audit.integers.tableau import Tableau, TooLarge
from evaluation.release.audit.system import Limit, Number

Answer = TypeVar("Answer")

_STEPS = 20  # values tried one by one from the end of the relaxation inwards
_QUICK = 60  # branches for one value before HiGHS is asked for a guess
_NODES = 3000  # branches for an end before its guess has to do
_DEPTH = 200  # bounds on bounds, a search that runs away where nothing is bounded


@dataclass(frozen=True, slots=True)
class Span:
    """Tight ends of every unknown of a part; of ``unproven`` ones only that they are reached is sure."""

    low: tuple[Limit, ...]
    high: tuple[Limit, ...]
    unproven: frozenset[int]


def span(part: Part) -> Span | None:
    """Tight ends of every unknown of ``part``; None where no whole numbers satisfy its rows."""
    return _searched(part, _Search.span)


def satisfiable(part: Part) -> bool:
    """Whether any whole numbers satisfy the rows of ``part``; also True where the search does not end."""
    try:
        return _searched(part, _Search.start)
    except Undecided:
        return True


def _searched(part: Part, asked: Callable[[_Search], Answer]) -> Answer:
    """In 64 bits, several times faster; in Python's integers where the numbers grow too large for them."""
    try:
        return asked(_Search(part, wide=False))
    except TooLarge:
        return asked(_Search(part, wide=True))


class Undecided(Exception):
    """Neither a solution nor a proof that there is none."""


class _OutOfNodes(Exception):
    pass


@dataclass(slots=True)
class _Search:
    part: Part
    wide: bool
    tableau: Tableau = field(init=False)
    free: np.ndarray[tuple[int], np.dtype[np.bool_]] = field(init=False)
    least: list[Number] = field(default_factory=list)
    most: list[Number] = field(default_factory=list)
    nodes: int = 0
    depth: int = 0

    def __post_init__(self) -> None:
        self.free = np.array(self.part.continuous, dtype=bool)
        self.tableau = self._fresh()

    def start(self) -> bool:
        """Finds a first solution."""
        crossed = any(low is not None and high is not None and low > high for low, high in self.part.row_ends)
        if crossed or not self.tableau.feasible():
            return False
        self.tableau.settle()
        start = self._allow(_NODES)
        try:
            return self._branch(0, 0)
        except _OutOfNodes:
            self.tableau = start
            if not solvable(self.part):
                return False
            if not self._adopt(guess(self.part)):
                raise Undecided from None
            return True

    def span(self) -> Span | None:
        """Both ends of every unknown, those that a solution already reaches without any search."""
        if not self.start():
            return None
        low: list[Limit] = []
        high: list[Limit] = []
        unproven: set[int] = set()
        for unknown, unit in enumerate(self.part.units):
            for sense, answers in ((-1, low), (1, high)):
                end, proven = self._end(unknown, sense)
                answers.append(None if end is None else _plain(Fraction(end, unit)))
                if not proven:
                    unproven.add(unknown)
        return Span(tuple(low), tuple(high), frozenset(unproven))

    def _end(self, unknown: int, sense: int) -> tuple[Limit, bool]:
        """One end of an unknown and whether it is proven."""
        outer = self.part.ends[unknown][0 if sense < 0 else 1]
        if outer is not None and self._best(unknown, sense) == outer:
            return outer, True
        self.tableau.feasible()
        bound = self.tableau.extreme(unknown, sense)
        if bound is None:  # from a whole solution one may go on in that direction for ever
            return None, True
        value = self._round(unknown, bound, sense)
        if value == self._best(unknown, sense) or self._whole():
            return value, True
        for _ in range(0 if self.part.continuous[unknown] else _STEPS):
            attained = value == self._best(unknown, sense) or self._takes(unknown, int(value))
            if attained:  # nearly always the end of the relaxation itself
                return value, True
            if attained is None:
                break
            value -= sense
        return self._furthest(unknown, sense)

    def _takes(self, unknown: int, value: int) -> bool | None:
        """Whether an unknown has this value in some solution; None where that stays open."""
        start = self._allow(_QUICK)
        self.tableau.bound(unknown, (value, value))
        try:
            attained: bool | None = self._branch(unknown, 0)
        except _OutOfNodes:
            attained = False
            if solvable(self.part, unknown=unknown, value=value):
                attained = self._adopt(guess(self.part, unknown, fixed=value)) or None
        self.tableau = start
        return attained

    def _furthest(self, unknown: int, sense: int) -> tuple[Limit, bool]:
        """Branch and bound for one end, and whether it came to an end itself."""
        start = self._allow(_NODES)
        try:
            self._branch(unknown, sense)
        except _OutOfNodes:
            self.tableau = start
            self._adopt(guess(self.part, unknown, sense))
            return self._best(unknown, sense), False
        return self._best(unknown, sense), True

    def _branch(self, unknown: int, sense: int) -> bool:
        """Searches the present bounds for solutions that reach further; True once a first one will do.

        ``sense`` 0 looks for any solution. The tableau's bounds are as before when it returns.
        """
        self.nodes -= 1
        if self.nodes < 0 or self.depth > _DEPTH:
            raise _OutOfNodes
        if not self.tableau.feasible():
            return False
        if sense:
            bound = self.tableau.extreme(unknown, sense)
            best = self._best(unknown, sense)
            if bound is not None and (self._round(unknown, bound, sense) - best) * sense <= 0:
                return False
        if self._whole():
            return sense == 0
        torn = self.tableau.torn(self.free)
        return torn is not None and self._split(unknown, sense, *torn)

    def _split(self, unknown: int, sense: int, at: int, value: Fraction) -> bool:
        below = math.floor(value)
        first_up = value - below > Fraction(1, 2)
        low, high = self.tableau.ends(at)
        for up in (first_up, not first_up):
            self.tableau.bound(at, (below + 1, high) if up else (low, below))
            self.depth += 1
            done = self._branch(unknown, sense)
            self.depth -= 1
            self.tableau.bound(at, (low, high))
            if done:
                return True
        return False

    def _whole(self) -> bool:
        """Whether the present point is a solution; it is then remembered."""
        if self.tableau.torn(self.free) is not None:
            return False
        self._harvest(self.tableau.values())
        return True

    def _harvest(self, point: Sequence[Number]) -> None:
        """Every solution found may extend the ends of every unknown; it is checked against the rows."""
        check(self.part, point)
        if not self.least:
            self.least, self.most = list(point), list(point)
            return
        self.least = [min(pair) for pair in zip(self.least, point, strict=True)]
        self.most = [max(pair) for pair in zip(self.most, point, strict=True)]

    def _adopt(self, point: Sequence[float] | None) -> bool:
        """Takes over a guess if its whole numbers are a solution in exact arithmetic."""
        if point is None:
            return False
        kept, self.tableau = self.tableau, self._fresh()
        for unknown, value in enumerate(point):
            low, high = self.part.ends[unknown]
            if not self.part.continuous[unknown]:
                whole = round(value) if low is None else max(round(value), low)
                whole = whole if high is None else min(whole, high)
                self.tableau.bound(unknown, (whole, whole))
        good = self.tableau.feasible() and self._whole()
        self.tableau = kept
        return good

    def _fresh(self) -> Tableau:
        return Tableau(matrix(self.part), self.part.ends, self.part.row_ends, wide=self.wide)

    def _allow(self, nodes: int) -> Tableau:
        """Grants so many branches and answers the tableau to come back to."""
        self.nodes, self.depth = nodes, 0
        return self.tableau.copy()

    def _best(self, unknown: int, sense: int) -> Number:
        return self.least[unknown] if sense < 0 else self.most[unknown]

    def _round(self, unknown: int, bound: Fraction, sense: int) -> Number:
        if self.part.continuous[unknown]:
            return _plain(bound)
        return math.floor(bound) if sense > 0 else math.ceil(bound)


def _plain(value: Fraction) -> Number:
    return int(value) if value.denominator == 1 else value
