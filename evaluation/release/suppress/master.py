"""The proven cheapest pattern: a 0/1 master program, cut wherever the intruder still learns too much.

Integer demands that a linear program cannot refute are answered by covers: of the quantities outside a
largest pattern that still fails, one must be hidden.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from evaluation.release.suppress.attack import OutOfSteps, Steps, quiet, run
from evaluation.release.suppress.cuts import Cut, Separator
from evaluation.release.suppress.problem import Problem
from evaluation.release.suppress.search import Checker, mask
from evaluation.release.suppress.system import TOLERANCE, Bools, Floats

_NODES = 20_000
"""Branches that one proof may take."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A protected pattern, its weight over the choosable, and a proven lower bound of that weight."""

    pattern: Bools
    cost: int
    bound: int


class Master:
    """One problem being solved to proof, or until no steps are left."""

    def __init__(self, problem: Problem, *, steps: Steps) -> None:
        self.p, self.steps = problem, steps
        self.checker = Checker(problem, steps=steps)
        self.separator = Separator(problem, steps=steps)
        self.weight = problem.weight[self.p.choice]
        self.step = max(1, math.gcd(*(int(w) for w in self.weight))) if len(self.weight) else 1
        self.cuts: list[Cut] = []
        self.bound = 0
        self.best: Bools = np.ones(len(problem.low), dtype=np.bool_)
        self.cost = int(self.weight.sum()) + 1
        self.lp = self._program(solver="simplex")

    def _program(self, **options: float | int | str) -> highspy.Highs:
        """What may be hidden, each at its weight, without any cut."""
        size = len(self.p.choice)
        solver = quiet(**options)
        solver.addVars(size, np.zeros(size), np.ones(size))
        solver.changeColsCost(size, np.arange(size, dtype=np.int32), self.weight.astype(np.float64))
        return solver

    def start(self) -> None:
        """A first protected pattern; raises Unprotectable."""
        self._improve(self.p.always, self.weight.astype(np.float64))

    def run(self) -> Outcome:
        """The cheapest pattern found and the bound proved, after ``start``."""
        if self.bound < self.cost:
            hidden = self._relax()
            if self.bound < self.cost and hidden is not None and not self.steps.over:
                self._improve(self.p.always, self.weight * (1.0 - hidden))
                self._prove()
        return Outcome(self.best, self.cost, min(self.bound, self.cost))

    def _improve(self, pattern: Bools, price: Floats) -> None:
        """Repair and trim the pattern; keep it if it is the cheapest so far."""
        prices = np.zeros(len(self.p.low))
        prices[self.p.choice] = price + 1e-3
        repaired = self.checker.repair(pattern, prices)
        order = np.argsort(-prices, kind="stable")
        trimmed = self.checker.trim(repaired, [int(q) for q in order])
        cost = self._cost(trimmed)
        if cost < self.cost:
            self.best, self.cost = trimmed, cost

    def _cost(self, pattern: Bools) -> int:
        return int(self.weight[pattern[self.p.choice]].sum())

    def _raise_bound(self, value: float) -> None:
        if math.isfinite(value):
            self.bound = max(self.bound, math.ceil(value / self.step - 1e-5) * self.step)

    def _add(self, cuts: Sequence[Cut]) -> None:
        _cut(self.lp, cuts)
        self.cuts += cuts

    def _relax(self) -> Floats | None:
        """Solve the master's linear relaxation; its point, or None without steps."""
        numbers = live = list(range(len(self.p.demands)))
        stalled, last = 0, -1.0
        hidden = None
        while not self.steps.over:
            run(self.lp)
            self.steps.take(self.lp)
            hidden = np.clip(np.array(self.lp.getSolution().col_value), 0.0, 1.0)
            value = self.lp.getInfo().objective_function_value
            self._raise_bound(value)
            stalled = stalled + 1 if value < last + 1e-3 * max(1.0, abs(last)) else 0
            last = max(value, last)
            if self.bound >= self.cost or stalled > 6:
                break
            live, cuts = self.separator.cuts(hidden, live, floor=1e-3)
            if not cuts:
                live, cuts = self.separator.cuts(hidden, numbers, floor=1e-3)
            if not cuts:
                break
            self._add(cuts)
        return hidden

    def _prove(self) -> None:
        """Solve 0/1 masters, cutting off unprotected patterns, until bound and pattern meet."""
        columns, passed = np.arange(len(self.p.choice), dtype=np.int32), 0
        mip = self._program(mip_rel_gap=0.0, mip_abs_gap=0.99 * self.step, mip_max_nodes=_NODES)
        mip.changeColsIntegrality(len(columns), columns, np.ones(len(columns), dtype=np.uint8))
        while self.bound < self.cost and not self.steps.over:
            _cut(mip, self.cuts[passed:])
            passed = len(self.cuts)
            mip.setSolution(len(columns), columns, self.best[self.p.choice].astype(np.float64))
            run(mip)
            self.steps.take(mip)
            self._raise_bound(mip.getInfo().mip_dual_bound)
            if mip.getModelStatus() != highspy.HighsModelStatus.kOptimal or self.bound >= self.cost:
                return
            pattern = self.p.always.copy()
            pattern[self.p.choice] = np.array(mip.getSolution().col_value) > 0.5
            failing = self.checker.failing(pattern)
            if not failing:  # the cheapest that satisfies the cuts, and protected
                self.best, self.cost = pattern, self._cost(pattern)
                return
            if not self._cut_off(pattern, failing):
                return
            self._improve(pattern, self.weight.astype(np.float64))

    def _cut_off(self, pattern: Bools, failing: Sequence[int]) -> bool:
        """Add cuts that this pattern violates; False where no steps were left before there was one."""
        hidden = pattern[self.p.choice].astype(np.float64)
        _, cuts = self.separator.cuts(hidden, failing, floor=1e-3)
        cuts = cuts or self.separator.exact(pattern, hidden, failing)
        try:
            self._add(cuts or self._cover(pattern, failing[0]))
        except OutOfSteps:
            return False
        return True

    def _cover(self, pattern: Bools, number: int) -> list[Cut]:
        """One of the quantities outside a largest pattern that fails the demand must be hidden.

        No cut where an integer point shows that the pattern does not fail. Raises OutOfSteps.
        """
        if self._integer_meets(number, pattern):
            return []
        grown = pattern.copy()
        for q in np.flatnonzero(~pattern).tolist():
            grown[q] = True
            grown[q] = not self._integer_meets(number, grown)
        index = np.flatnonzero(~grown[self.p.choice]).astype(np.int32)
        return [Cut(index, np.ones(len(index)), 1.0)]

    def _integer_meets(self, number: int, pattern: Bools) -> bool:
        if self.checker.known(number, mask(pattern)) is not None:
            return True
        if self.steps.over:
            raise OutOfSteps
        low, high = self.p.box(pattern)
        demand = self.p.demands[number]
        point = self.checker.intruder.integer_point(demand, low, high)
        if point is not None:
            self.checker.learn(number, point)
        return point is not None


def _cut(solver: highspy.Highs, cuts: Sequence[Cut]) -> None:
    for cut in cuts:
        solver.addRow(cut.rhs - TOLERANCE, highspy.kHighsInf, len(cut.index), cut.index, cut.value)
