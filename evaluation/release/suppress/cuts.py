"""Inequalities that every protected pattern satisfies, from the prices of the intruder's linear programs.

Fischetti & Salazar-Gonzalez (2001), Solving the cell suppression problem on tabular data with linear
constraints, Management Science 47(7), 1008-1027: capacity constraints; mixed-integer rounding is ours.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.release.suppress.attack import Intruder, Steps
from evaluation.release.suppress.problem import Problem
from evaluation.release.suppress.system import TOLERANCE, Bools, Demand, Floats

_POINTS = 200
"""Points of the intruder that are remembered: where one shows that a demand is met, no program need be solved."""


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """sum of ``value`` x hidden[``index``] >= ``rhs`` over the choosable, true of every protected pattern."""

    index: NDArray[np.int32]
    value: Floats
    rhs: float

    def lack(self, hidden: Floats) -> float:
        """How far (in the cut's own norm) these values of the choosable fall short."""
        return (self.rhs - float(self.value @ hidden[self.index])) / float(np.linalg.norm(self.value))


class Separator:
    """Cuts that a point of the master violates."""

    def __init__(self, problem: Problem, *, steps: Steps) -> None:
        self.p, self.steps = problem, steps
        self.intruder = Intruder(problem.matrix, problem.integer, problem.low, problem.high, steps=steps)
        self.points = deque[Floats](maxlen=_POINTS)
        with np.errstate(invalid="ignore"):  # inf - inf of what is always open is never looked at
            self.below = problem.shown_low - problem.low
            self.above = problem.high - problem.shown_high

    def cuts(self, hidden: Floats, numbers: Sequence[int], *, floor: float) -> tuple[list[int], list[Cut]]:
        """(demands with a violated cut, those cuts); ``floor``: the least share in which anything is hidden.

        A floor above 0 makes the intruder's prices look at what is printed too: stronger cuts.
        """
        fresh: list[Cut] = []
        live: list[int] = []
        if not numbers:
            return live, fresh
        share = np.zeros(len(self.p.low))
        share[self.p.choice] = np.maximum(hidden, floor)
        for need in np.unique(self.p.need[list(numbers)]):
            low = self.p.shown_low - share * np.minimum(self.below, need)
            high = self.p.shown_high + share * np.minimum(self.above, need)
            low = np.where(self.p.always, self.p.low, low)
            high = np.where(self.p.always, self.p.high, high)
            self.intruder.set_box(low, high)
            met = self._met(low, high)
            for number in numbers:
                if self.p.need[number] == need and not met[number] and not self.steps.over:
                    cuts = self._cut(self.p.demands[number], hidden)
                    fresh += cuts
                    live += [number] * len(cuts)
        return live, fresh

    def _met(self, low: Floats, high: Floats) -> Bools:
        """The demands that points reach which were found before and lie in this box, too."""
        points = np.array(self.points).reshape(-1, len(low))
        inside = ((points >= low - TOLERANCE) & (points <= high + TOLERANCE)).all(axis=1)
        return self.p.met(points[inside], slack=TOLERANCE)

    def exact(self, pattern: Bools, hidden: Floats, numbers: Sequence[int]) -> list[Cut]:
        """The violated cuts of these demands at a 0/1 pattern, without any strengthening of its box."""
        self.intruder.set_box(*self.p.box(pattern))
        return [cut for number in numbers for cut in self._cut(self.p.demands[number], hidden)]

    def _cut(self, demand: Demand, hidden: Floats) -> list[Cut]:
        reach = self.intruder.reach(demand)
        if reach is None:
            return []
        point, prices = reach
        if demand.side * point[demand.quantity] >= demand.target - TOLERANCE:
            self.points.append(point)
            return []
        cut = self.capacity(demand, prices)
        if cut is None:
            return []
        best = max(rounded(cut), key=lambda c: c.lack(hidden))
        return [best] if best.lack(hidden) > 1e-5 else []

    def capacity(self, demand: Demand, prices: Floats) -> Cut | None:
        """side x quantity <= prices x rows + reduced prices x box, solved for the pattern."""
        p = self.p
        prices = np.where(np.abs(prices - np.rint(prices)) < 1e-9, np.rint(prices), prices)
        prices = np.where(np.isinf(p.matrix.high), np.minimum(prices, 0.0), prices)
        prices = np.where(np.isinf(p.matrix.low), np.maximum(prices, 0.0), prices)
        reduced = -p.matrix.transposed_times(prices)
        reduced[demand.quantity] += demand.side
        reduced[np.abs(reduced) < 1e-9] = 0.0
        rest = demand.target - _most(prices, p.matrix.low, p.matrix.high).sum()
        shown = _most(reduced, p.shown_low, p.shown_high)
        opened = _most(reduced, p.low, p.high)
        rest -= np.where(p.always, opened, shown).sum()
        if not math.isfinite(rest) or rest <= TOLERANCE:
            return None
        gain = np.minimum((opened - shown)[self.p.choice], rest)
        index = np.flatnonzero(gain > 1e-9).astype(np.int32)
        return Cut(index, gain[index], float(rest)) if len(index) else None


def _most(factor: Floats, low: Floats, high: Floats) -> Floats:
    """The largest factor x value over the interval; 0 where the factor is 0, whatever the interval."""
    with np.errstate(invalid="ignore"):
        most = np.where(factor > 0, factor * high, factor * low)
    most[factor == 0.0] = 0.0
    return most


def rounded(cut: Cut) -> list[Cut]:
    """The cut and its mixed-integer roundings (every hidden[i] is 0 or 1)."""
    cuts = [cut]
    for divisor in np.unique(np.round(cut.value, 9))[-8:]:
        whole = math.ceil(cut.rhs / divisor - TOLERANCE)
        part = cut.rhs / divisor - (whole - 1)
        if part < 0.01 or whole > 1000:  # the rounding would stand on the last digits
            continue
        base = np.floor(cut.value / divisor + TOLERANCE)
        left = np.maximum(cut.value / divisor - base, 0.0)
        value = np.minimum(base + np.minimum(left / part, 1.0), whole)
        cuts.append(Cut(cut.index, value, float(whole)))
    return cuts
