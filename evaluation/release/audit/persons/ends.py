"""The ends of every count over all lists of people that fit: bounds of sums, and lists that reach them."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import highspy
import numpy as np

from evaluation.release.audit.integers.propagation import narrow_bounds, rows_of
from evaluation.release.audit.persons.columns import Columns, Sums, Terms, Vector
from evaluation.release.audit.persons.solver import run, solver_of
from evaluation.release.audit.system import Limit, System

Bound = tuple[Terms, int]
Outer = tuple[list[Limit], list[Limit]]
Asked = tuple[frozenset[int], Mapping[int, Sequence[Limit]]]

Lists = dict[tuple[int, int, int], deque[Vector]]
"""Lists of people that fitted some document of one proposal, by how many columns and quantities it had."""

_EPS = 1e-6
_LISTS = 300
_NODES = 2000  # branches in which a list of people must be found; without one the number counts as told
TOGETHER = 2000  # kinds of people through several releases; where there are more, each release is judged by itself
_SPARED = 5  # people of whom nothing stays, beyond what counts of kinds require
_LARGEST = 5000  # of a certificate's coefficients
_FAILED = 3  # directions one after another in which nothing is reached that was not before
_PRICES = 12  # tries at the prices of rows that a list of people does not keep


@dataclass(frozen=True, slots=True)
class Known:
    """Ends of each quantity, by index; ``narrow``: sensitive ids without lists of people at both their ends.

    ``rows``: sums of quantities, at most so much for every list of people that fits, that make some id narrow.
    ``apart``: lives through several releases have too many kinds, so each release was judged by itself.
    """

    low: tuple[Limit, ...]
    high: tuple[Limit, ...]
    narrow: tuple[str, ...]
    rows: tuple[Bound, ...]
    apart: bool = False


class Search:
    """The linear system of one document, and how far those lists of people go that were found to fit it."""

    def __init__(
        self,
        entries: Sequence[Mapping[str, Any]],
        system: System,
        allowed: int | None = None,
        asked: Asked | None = None,
        *,
        apart: bool = False,
        found: Lists | None = None,
    ) -> None:
        """``asked``: the quantities whose ends are, and how far others must go; None: the ends of all.

        ``apart``: because lives would have too many kinds. ``found``: lists of people that may fit, to which those are
        added that are found to. For the others see ``Columns``.
        """
        made = Columns(entries, system, allowed)
        self.system, self.asked, self.apart = system, asked, apart
        self.sums, self.rows, self.excepted = made.sums, made.rows, made.excepted
        self.size, self.kinds, self.counted = made.size, made.kinds, made.counted
        self.even_rows = [row for row in system.rows if all(abs(factor) == 1 for _, factor in row.terms)]
        self.users = rows_of(self.even_rows, len(self.sums))
        self.quantity_sums = Sums([self.sums[index] for index in range(len(self.sums))], self.size)
        self.lists = (
            deque[Vector](maxlen=_LISTS) if found is None else found.setdefault(self._shape, deque(maxlen=_LISTS))
        )
        self._settle()

    @property
    def _shape(self) -> tuple[int, int, int]:
        return self.size, self.kinds, len(self.sums)

    def _settle(self) -> None:
        """Takes the rows as they are, and forgets lists of people that were found under others."""
        self.least, self.most = np.full(len(self.sums), np.inf), np.full(len(self.sums), -np.inf)
        self.row_sums = Sums([columns for columns, *_ in self.rows], self.size)
        self.row_low = np.array([-np.inf if low is None else float(low) for _, low, _, _ in self.rows])
        self.row_high = np.array([np.inf if high is None else float(high) for _, _, high, _ in self.rows])
        uneven = (any(abs(times) != 1 for times in columns.values()) for columns, *_ in self.rows)
        self.uneven = np.flatnonzero(np.fromiter(uneven, dtype=np.bool_))
        self.solver = self._solver()
        self.even: highspy.Highs | None = None  # without the uneven rows
        for one in self.lists:
            self._fits(one)

    def _solver(self) -> highspy.Highs:
        return solver_of(self.row_sums, self.row_low, self.row_high, self.kinds)

    def feasible(self) -> bool:
        """Whether some list of people fits; it is the first that is remembered."""
        run(self.solver)
        if self.solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return False
        found = self._remember(self.solver) or any(self._look(self._direction(number)) for number in range(_FAILED))
        return found or self._people(None, 0)

    def spare(self, beyond: int) -> bool:
        """Allows so many people of whom nothing stays beyond those that some list needs; False where none was found."""
        for columns in self.excepted:
            cost = np.zeros(self.size)
            cost[list(columns)] = 1.0
            self._cheapest(self.solver, cost)
            least = math.ceil(self.solver.getInfo().objective_function_value - _EPS)
            self._allow(columns, least)
            more = 0
            while not self.feasible():
                if (more := more + 1) > _SPARED:
                    return False
                self._allow(columns, least + more)
            if beyond:
                self._allow(columns, least + more + beyond)
                if not self.feasible():
                    return False
        return True

    def _allow(self, columns: dict[int, int], most: int) -> None:
        """So many people of whom nothing stays."""
        self.rows = [row for row in self.rows if row[0] is not columns] + [(columns, None, most, ())]
        self._settle()

    def known(self) -> Known:
        """Both ends of every quantity that is not told, and whether people at the ends that count were found."""
        outer = self._outer()
        self._gather(outer)
        low, high = [list[Limit](), list[Limit]()]
        narrow: list[str] = []
        certificates: list[Bound] = []
        wanted = {self.system.where[id]: (id, ends) for id, ends in self.system.sensitive.items()}
        for index, quantity in enumerate(self.system.quantities):
            for side, (sense, ends) in enumerate(((-1, low), (1, high))):
                told = quantity.low == quantity.high or self._enough(index, sense)
                own = (quantity.low, quantity.high)[side] if told else self._end(index, sense, outer)
                ends.append(own)
                need = wanted[index][1][side] if index in wanted else None
                if need is None or self._reached(index, sense, need):
                    continue
                outside = own is not None and (own - need) * sense < 0
                if outside or not self._people((index, sense), need):
                    narrow.append(wanted[index][0])
                    certificates += self._certificate(index, sense) if outside else []
        return Known(tuple(low), tuple(high), tuple(dict.fromkeys(narrow)), tuple(certificates), self.apart)

    def _outer(self) -> Outer:
        """Between which ends sums of quantities leave each: all counts of kinds lie there, in parts of people too."""
        low, high = ([getattr(quantity, side) for quantity in self.system.quantities] for side in ("low", "high"))
        self._narrow(low, high)
        return low, high

    def _narrow(self, low: list[Limit], high: list[Limit], *, fixed: int | None = None) -> None:
        continuous = [quantity.continuous for quantity in self.system.quantities]
        narrow_bounds(self.even_rows, low, high, continuous, fixed=fixed, users=self.users)

    def _gather(self, outer: Outer) -> None:
        """Looks for lists of people that reach many ends at once, in one direction after another."""
        goals = [[self._goal(index, side, end) for index, end in enumerate(ends)] for side, ends in enumerate(outer)]
        low, high = (np.array(side) for side in goals)
        number, failed, before = 0, 0, -1
        while failed < _FAILED:
            below, above = self.least > low, self.most < high
            left = int(below.sum() + above.sum())
            if not left:
                return
            failed, before, number = failed + 1 if left == before else 0, left, number + 1
            upwards = bool(above.any()) and (number % 2 == 0 or not below.any())
            self._look(self._direction(number) * (above if upwards else -1.0 * below))

    def _direction(self, number: int) -> Vector:
        """How much each quantity counts in one of several unlike directions: the same on every machine."""
        return (1 + np.arange(len(self.sums)) * (2 * number + 1) * 37 % 97).astype(np.float64)

    def _goal(self, index: int, side: int, end: Limit) -> float:
        """How far lists of people should go; NaN where nobody asks."""
        if self.system.quantities[index].low == self.system.quantities[index].high:
            return math.nan
        if self.asked is not None and index not in self.asked[0]:
            end = self.asked[1].get(index, (None, None))[side]
            return math.nan if end is None else float(end)
        return (-math.inf, math.inf)[side] if end is None else float(end)

    def _enough(self, index: int, sense: int) -> bool:
        """Whether nobody asks how far a quantity goes: one of an earlier release that goes as far as it must."""
        if self.asked is None or index in self.asked[0]:
            return False
        ends = self.asked[1].get(index)
        return ends is None or self._reached(index, sense, ends[0 if sense < 0 else 1])

    def _reached(self, index: int, sense: int, need: Limit) -> bool:
        best = self.most if sense > 0 else self.least
        return need is not None and bool((best[index] - float(need)) * sense >= 0)

    def _end(self, index: int, sense: int, outer: Outer) -> Limit:
        """The furthest that any counts of kinds allow, rounded inwards: no list of people goes beyond.

        Where they reach a whole number, ``outer`` learns of it.
        """
        side = outer[sense > 0]
        end = side[index]
        if end is not None and self._reached(index, sense, end):
            return end
        self._aim(index, sense)
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        self._remember(self.solver)
        value = -sense * self.solver.getInfo().objective_function_value
        whole = math.floor(value + _EPS) if sense > 0 else math.ceil(value - _EPS)
        if whole != end and abs(value - whole) <= _EPS:
            side[index] = whole
            self._narrow(*outer, fixed=index)
        return whole

    def _aim(self, index: int, sense: int) -> None:
        weights = np.zeros(len(self.sums))
        weights[index] = sense
        self._cheapest(self.solver, -self.quantity_sums.weighed(weights))

    def _cheapest(self, solver: highspy.Highs, cost: Vector) -> None:
        solver.changeColsCost(self.size, np.arange(self.size, dtype=np.int32), cost)
        run(solver)

    def _look(self, weights: Vector) -> bool:
        """Looks for a list of people as far as may be in a direction, at a price for each row that it does not keep.

        Without the rows of means, which alone have many factors, what HiGHS finds is whole nearly always.
        """
        cost = -self.quantity_sums.weighed(weights)
        self._cheapest(self.solver, cost)
        if (found := self._remember(self.solver)) or not len(self.uneven):
            return found
        if self.even is None:
            self.even = self._solver()
            for row in self.uneven.tolist():
                self.even.changeRowBounds(row, -np.inf, np.inf)
        at, step = self.uneven, float(np.abs(weights).max()) / 2
        size = np.array([max(map(abs, self.rows[row][0].values())) for row in at.tolist()], dtype=np.float64)
        prices = np.zeros(len(self.rows))
        prices[at] = np.array(self.solver.getSolution().row_dual)[at]
        for _ in range(_PRICES):
            self._cheapest(self.even, cost - self.row_sums.weighed(prices))
            if self._remember(self.even):
                return True
            total = self.row_sums.of(np.array(self.even.getSolution().col_value))[at]
            lack = np.maximum(self.row_low[at] - total, 0) - np.maximum(total - self.row_high[at], 0)
            prices[at] += (step * lack / size + np.sign(lack)) / size
        return False

    def _remember(self, solver: highspy.Highs) -> bool:
        """Whether the solver's point is a list of people in whole numbers, which is then known to fit."""
        point = np.array(solver.getSolution().col_value)
        whole = np.rint(point)
        return bool(np.abs(point - whole).max(initial=0.0) <= _EPS) and self._take(whole)

    def _take(self, whole: Vector) -> bool:
        fits = self._fits(whole)
        if fits:
            self.lists.append(whole)
        return fits

    def _fits(self, whole: Vector) -> bool:
        """Whether it keeps all rows; then it is known how far it goes."""
        total = self.row_sums.of(whole)  # whole numbers below 2**53 are added up exactly
        if (whole[: self.kinds] < 0).any() or (total < self.row_low).any() or (total > self.row_high).any():
            return False
        found = self.quantity_sums.of(whole)
        self.least, self.most = np.minimum(self.least, found), np.maximum(self.most, found)
        return True

    def _people(self, aim: tuple[int, int] | None, need: Limit) -> bool:
        """Whether a search in whole numbers finds people who fit, and have as many of the quantity as needed."""
        solver = self._solver()
        everything = np.arange(self.size, dtype=np.int32)
        solver.changeColsIntegrality(self.size, everything, np.ones(self.size, dtype=np.uint8))
        solver.setOptionValue("mip_max_nodes", _NODES)
        solver.setOptionValue("mip_heuristic_run_feasibility_jump", False)  # without it the others are there sooner
        if aim is not None:
            solver.setOptionValue("presolve", "on")  # a wrong answer is noticed below, or has the number hidden
            index, sense = aim
            columns = self.sums[index]
            ends = (float(need or 0), np.inf) if sense > 0 else (-np.inf, float(need or 0))
            at, times = np.array(list(columns), dtype=np.int32), np.array(list(columns.values()), dtype=np.float64)
            solver.addRow(*ends, len(columns), at, times)
        run(solver)
        found = solver.getInfo().primal_solution_status == 2
        fits = found and self._take(np.rint(np.array(solver.getSolution().col_value)))
        return fits and (aim is None or self._reached(*aim, need))

    def _certificate(self, index: int, sense: int) -> list[Bound]:
        """The prices of an end as a row of quantities that holds for every kind of person, checked in fractions."""
        self._aim(index, sense)
        duals = self.solver.getSolution().row_dual
        prices = [Fraction(price).limit_denominator(60) if price else Fraction(0) for price in duals]
        scale = math.lcm(*(price.denominator for price in prices))
        reduced = {column: sense * times * scale for column, times in self.sums[index].items()}
        row, most = {self.system.quantities[index].ids[0]: sense * scale}, 0
        for (columns, low, high, terms), price in zip(self.rows, prices, strict=True):
            times = int(price * scale)
            if times and not terms:  # nobody but the auditor knows of it
                if (end := high if times < 0 else low) is None:
                    return []
                most -= times * int(end)
            for column, factor in columns.items() if times else ():
                reduced[column] = reduced.get(column, 0) + times * factor
            for name, factor in terms if times else ():
                row[name] = row.get(name, 0) + times * factor
        counted = {self.system.quantities[at].ids[0] for at in self.counted}
        terms = tuple((name, factor) for name, factor in row.items() if factor and name in counted)
        true = all(value <= 0 for column, value in reduced.items() if column < self.kinds)
        return [(terms, most)] if true and 0 < max((abs(factor) for _, factor in terms), default=0) <= _LARGEST else []
