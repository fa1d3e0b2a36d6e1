"""Lists of people that fit a document: those that were found to keep all its rows, and how far they go together."""

from __future__ import annotations

import math
from collections import deque

import highspy
import numpy as np

from evaluation.release.audit.persons.columns import Columns, Sums, Vector
from evaluation.release.audit.persons.solver import bind, cheapest, solver_of
from evaluation.release.audit.system import Limit, System

EPS = 1e-6
_LISTS = 300
_NODES = 2000  # branches in which a list of people must be found; without one the number counts as told
_ENDLESS = (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible)
_SPARED = 5  # people of whom nothing stays, beyond what counts of kinds require


class Lists:
    """Those of one document after another that have these columns and rows, whatever numbers they print.

    ``least``, ``most``: how far each quantity goes in the lists that are known to fit the document that was read last;
    ``inner``: how far it goes where kinds may count parts of people, which no list of people passes.
    """

    def __init__(self, columns: Columns) -> None:
        self.columns, self.size, self.kinds = columns, columns.size, columns.kinds
        self.rows = [*columns.rows]
        self.row_sums = Sums([of for of, *_ in self.rows], self.size)
        self.quantity_sums = Sums([columns.sums[index] for index in range(len(columns.sums))], self.size)
        size = np.array([max(map(abs, of.values()), default=1) for of, *_ in self.rows], dtype=np.float64)
        self.slack = EPS * size
        self.solver = solver_of(self.row_sums, self.kinds)
        self.found = deque[Vector](maxlen=_LISTS)

    def read(self, system: System) -> None:
        """Takes the numbers of a document."""
        ends = ((quantity.low, quantity.high) for quantity in system.quantities)
        own = [(of, *own, terms) for (of, _, _, terms), own in zip(self.columns.rows, ends, strict=False)]
        self.rows = [*own, *self.columns.rows[len(own) :]]
        self._settle()

    def _settle(self) -> None:
        """Takes the ends of the rows as they are, and those lists found under others that fit these, too."""
        nothing = np.full(self.quantity_sums.size, np.inf)
        self.least, self.most, self.inner = nothing, -nothing, (nothing, -nothing)
        self.row_low = np.array([-np.inf if low is None else float(low) for _, low, _, _ in self.rows])
        self.row_high = np.array([np.inf if high is None else float(high) for _, _, high, _ in self.rows])
        bind(self.solver, self.row_low, self.row_high)
        for one in self.found:
            self._fits(one)

    def feasible(self) -> bool:
        """Whether some list of people fits."""
        if self.least.size and self.least[0] < np.inf:
            return True
        cheapest(self.solver, np.zeros(self.size))
        if self.solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return False
        return self.remember(self.solver) or self.people(0, 1, None)

    def spare(self, beyond: int) -> bool:
        """Allows so many people of whom nothing stays beyond those that some list needs; False where none was found."""
        for row in self.columns.excepted:
            cost = np.zeros(self.size)
            cost[list(self.rows[row][0])] = 1.0
            cheapest(self.solver, cost)
            least = math.ceil(self.solver.getInfo().objective_function_value - EPS)
            self._allow(row, least)
            more = 0
            while not self.feasible():
                if (more := more + 1) > _SPARED:
                    return False
                self._allow(row, least + more)
            if beyond:
                self._allow(row, least + more + beyond)
                if not self.feasible():
                    return False
        return True

    def _allow(self, row: int, most: int) -> None:
        """So many people of whom nothing stays."""
        of, low, _, terms = self.rows[row]
        self.rows[row] = (of, low, most, terms)
        self._settle()

    def direction(self, number: int) -> Vector:
        """How much each quantity counts in one of several unlike directions: the same on every machine."""
        return (1 + np.arange(self.quantity_sums.size) * (2 * number + 1) * 37 % 97).astype(np.float64)

    def aim(self, weights: Vector) -> bool:
        """Takes the solver as far in a direction as any counts of kinds allow; whether that is a list of people."""
        cheapest(self.solver, -self.quantity_sums.weighed(weights))
        return self.remember(self.solver)

    def remember(self, solver: highspy.Highs) -> bool:
        """Keeps the solver's point if it fits; whether it is a list of people, in whole numbers."""
        point = np.array(solver.getSolution().col_value)
        whole = np.rint(point)
        listed = bool(np.abs(point - whole).max(initial=0.0) <= EPS)
        return self._take(whole if listed else point) and listed

    def _take(self, point: Vector) -> bool:
        fits = self._fits(point)
        if fits:
            self.found.append(point)
        return fits

    def _fits(self, point: Vector) -> bool:
        """Whether it keeps all rows; then it is known how far it goes."""
        total, listed = self.row_sums.of(point), bool((point == np.rint(point)).all())
        spare = 0.0 if listed else self.slack  # whole numbers below 2**53 are added up exactly
        low, high = self.row_low - spare, self.row_high + spare
        if (point[: self.kinds] < (0 if listed else -EPS)).any() or (total < low).any() or (total > high).any():
            return False
        found = self.quantity_sums.of(point)
        if listed:
            self.least, self.most = np.minimum(self.least, found), np.maximum(self.most, found)
        self.inner = np.minimum(self.inner[0], found), np.maximum(self.inner[1], found)
        return True

    def reached(self, index: int, sense: int, need: Limit) -> bool:
        """Whether the lists that are known go as far as needed."""
        best = self.most if sense > 0 else self.least
        return need is not None and bool((best[index] - float(need)) * sense >= 0)

    def within(self, index: int, sense: int, need: Limit) -> bool:
        """Whether counts of kinds, in parts of people too, go as far as needed."""
        return need is not None and bool((self.inner[sense > 0][index] - float(need)) * sense >= -EPS)

    def people(self, index: int, sense: int, need: Limit, weights: Vector | None = None) -> bool:
        """Whether a search in whole numbers finds people who fit, and have as many of a quantity as needed if any are.

        What it finds first lies far in the direction of the ``weights``.
        """
        solver, low, high = solver_of(self.row_sums, self.kinds), self.row_low.copy(), self.row_high.copy()
        if need is not None:  # the first rows are those of the quantities
            (low if sense > 0 else high)[index] = float(need)
            solver.setOptionValue("presolve", "on")  # a wrong answer is noticed below, or has the number hidden
        bind(solver, low, high)
        solver.changeColsIntegrality(self.size, np.arange(self.size, dtype=np.int32), np.ones(self.size, np.uint8))
        solver.setOptionValue("mip_max_nodes", _NODES)
        solver.setOptionValue("mip_max_improving_sols", 1)
        solver.setOptionValue("mip_heuristic_run_feasibility_jump", False)  # without it the others are there sooner
        nowhere = np.zeros(self.size)
        cheapest(solver, nowhere if weights is None else -self.quantity_sums.weighed(weights))
        if solver.getModelStatus() in _ENDLESS:
            cheapest(solver, nowhere)
        found = solver.getInfo().primal_solution_status == 2
        fits = found and self._take(np.rint(np.array(solver.getSolution().col_value)))
        return fits and (need is None or self.reached(index, sense, need))
