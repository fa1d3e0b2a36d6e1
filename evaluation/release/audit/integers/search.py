"""The smallest and largest value of each unknown of one connected part: reached by a solution, proven by search."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.release.audit.integers.lattice import solvable
from evaluation.release.audit.integers.part import Part
from evaluation.release.audit.integers.propagation import narrow_bounds
from evaluation.release.audit.integers.relaxation import Box, Relaxation, guess
from evaluation.release.audit.system import Limit, Number, Row

_STEPS = 20  # values from the end of the relaxation inwards of which is asked whether equations allow them at all
_NODES = 3000  # branches for an end before what was found has to do


@dataclass(frozen=True, slots=True)
class Span:
    """Tight ends of every unknown of a part; of ``unproven`` ones only that they are reached is sure."""

    low: tuple[Limit, ...]
    high: tuple[Limit, ...]
    unproven: frozenset[int]


def span(part: Part) -> Span | None:
    """Tight ends of every unknown of ``part``; None where nothing satisfies its rows. Raises Undecided."""
    search = _Search(part)
    if not search.start():
        return None
    ends = [[search.end(unknown, sense) for unknown in range(len(part.low))] for sense in (-1, 1)]
    low, high = (tuple(end for end, _ in side) for side in ends)
    return Span(low, high, frozenset(at for side in ends for at, (_, proven) in enumerate(side) if not proven))


def satisfiable(part: Part) -> bool:
    """Whether anything satisfies the rows of ``part``; also True where the search does not end."""
    try:
        return _Search(part).start()
    except Undecided:
        return True


class Undecided(Exception):
    """Neither a solution nor a proof that there is none."""


class _Search:
    """``least``, ``most``: how far each unknown goes in the solutions that were found."""

    def __init__(self, part: Part) -> None:
        self.part, self.relaxed = part, Relaxation(part)
        self.ways: list[Sequence[Number]] = []  # steps that lead from each solution to another
        self.least: list[Number] = []
        self.most: list[Number] = []

    def start(self) -> bool:
        """Finds a first solution."""
        box = self._box()
        if self.relaxed.furthest(box, 0, 0) and self._take(self.relaxed.point()):
            return True
        if self._take(guess(self.relaxed, box, 0, 0)):
            return True
        exhausted = self._exhaust(0, 0)
        if not self.least and not exhausted and solvable(self.part):
            raise Undecided
        return bool(self.least)

    def end(self, unknown: int, sense: int) -> tuple[Limit, bool]:
        """One end of an unknown, and whether it is proven."""
        box = self._box()
        end = box[sense > 0][unknown]
        if end == self._best(unknown, sense):
            return end, True
        if self.relaxed.furthest(box, unknown, sense):
            end = self._beyond(box, unknown, sense)
            self._take(self.relaxed.point())
        elif self.relaxed.open and self._endless(unknown, sense):
            return None, True
        if end != self._best(unknown, sense):
            self._take(guess(self.relaxed, box, unknown, sense))
        for _ in range(_STEPS):  # equations may rule out the end itself
            if end in (None, self._best(unknown, sense)) or not self._barred(unknown, end):
                break
            end = (end or 0) - sense
        proven = end == self._best(unknown, sense) or (end is not None and self._exhaust(unknown, sense))
        return self._best(unknown, sense), proven

    def _endless(self, unknown: int, sense: int) -> bool:
        """Whether one may go on from any solution for ever: there are steps that no row and no bound ends."""
        if not any(way[unknown] * sense > 0 for way in self.ways):
            steps = self.part.steps(unknown, sense)
            way = guess(Relaxation(steps), ([*steps.low], [*steps.high]), 0, 0)
            self.ways += [way] if way is not None and steps.holds(way) else []
        return any(way[unknown] * sense > 0 for way in self.ways)

    def _barred(self, unknown: int, value: Limit) -> bool:
        return not self.part.continuous[unknown] and not solvable(self.part, unknown=unknown, value=int(value or 0))

    def _exhaust(self, unknown: int, sense: int) -> bool:
        """Whether branching shows that nothing goes further than what was found; ``sense`` 0: that there is nothing."""
        waiting = [self._box()]
        for _ in range(_NODES):
            if not waiting or (self.least and not sense):
                return True
            box = low, high = waiting.pop()
            if not narrow_bounds(self._further(unknown, sense), low, high, self.part.continuous):
                continue
            there = self.relaxed.furthest(box, unknown, sense)
            if self._passed(box, unknown, sense) if there else self.relaxed.empty(box):
                continue
            if there and self._take(self.relaxed.point()):
                waiting.append(box)  # something may go further still
                continue
            split = self.relaxed.torn() if there else None
            if split is None and not narrow_bounds(self.part.rows, low, high, self.part.continuous):
                continue  # where floating point does not tell
            split = split or _middle(box, self.part)
            if split is not None:
                at, below = split
                waiting.append(([*low[:at], below + 1, *low[at + 1 :]], [*high]))
                waiting.append((low, [*high[:at], below, *high[at + 1 :]]))
            elif not self._take(low):
                return False
            elif low != high:
                waiting.append(box)  # it is one solution of the box, which another may pass
        return False

    def _further(self, unknown: int, sense: int) -> list[Row]:
        """That it goes further than what was found."""
        if not sense:
            return []
        least = self._best(unknown, sense) * sense + (not self.part.continuous[unknown])
        return [Row(((unknown, sense),), least, None, 0)]

    def _passed(self, box: Box, unknown: int, sense: int) -> bool:
        """Whether nothing in the box goes further than what was found, in fractions either."""
        end = self._beyond(box, unknown, sense) if sense else None
        return end is not None and (end - self._best(unknown, sense)) * sense <= 0

    def _beyond(self, box: Box, unknown: int, sense: int) -> Limit:
        """The end that no solution of the box passes, rounded inwards; None where none is known."""
        most = self.relaxed.most(box, unknown, sense)
        if most is None or self.part.continuous[unknown]:
            return None if most is None else most * sense
        return math.floor(most) * sense

    def _take(self, point: Sequence[Limit] | None) -> bool:
        """Whether it is a solution in exact arithmetic; then it is known how far it goes."""
        found = [value for value in point or () if value is not None]
        if len(found) < len(self.part.low) or not self.part.holds(found):
            return False
        self.least = [min(pair) for pair in zip(self.least or found, found, strict=True)]
        self.most = [max(pair) for pair in zip(self.most or found, found, strict=True)]
        return True

    def _box(self) -> Box:
        return [*self.part.low], [*self.part.high]

    def _best(self, unknown: int, sense: int) -> Number:
        return self.least[unknown] if sense < 0 else self.most[unknown]


def _middle(box: Box, part: Part) -> tuple[int, int] | None:
    """The whole unknown that has the fewest values left, and the middle one of them; None where none has an end."""
    ends = enumerate(zip(*box, part.continuous, strict=True))
    found = [
        (most - least, at, math.floor((least + most) / 2))
        for at, (least, most, free) in ends
        if least is not None and most is not None and least < most and not free
    ]
    return min(found)[1:] if found else None
