"""An intruder's reach into one linear system, by linear and integer programs kept warm in HiGHS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from evaluation.release.suppress.system import TOLERANCE, Bools, Demand, Floats

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Rows of a system in coordinate form; ``low``/``high`` bound each row's sum."""

    row: Ints
    column: Ints
    value: Floats
    low: Floats
    high: Floats
    columns: int

    def times(self, values: Floats) -> Floats:
        """Each row's sum."""
        return _sums(self.row, self.value * values[self.column], len(self.low))

    def transposed_times(self, prices: Floats) -> Floats:
        """Each column's sum of prices."""
        return _sums(self.column, self.value * prices[self.row], self.columns)


def _sums(place: Ints, value: Floats, size: int) -> Floats:
    return np.bincount(place, value, minlength=size).astype(np.float64)


_NODES = 5000
"""Branches in which one integer question must be decided."""


class Steps:
    """How much work is left for a search, in pivots of the solver: as much on every machine, whatever its load."""

    def __init__(self, left: int) -> None:
        self.left = left

    @property
    def over(self) -> bool:
        return self.left <= 0

    def take(self, solver: highspy.Highs) -> None:
        """What the solver just did."""
        self.left -= max(1, solver.getInfo().simplex_iteration_count)


def quiet(**options: float | int | str | bool) -> highspy.Highs:
    """A silent, single-threaded solver (one thread: the same answer on every machine).

    Without presolve: with it HiGHS was seen to call a worse point of an integer program the best (tests/release/data).
    """
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("presolve", "off")
    solver.setOptionValue("threads", 1)
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver


def run(solver: highspy.Highs) -> None:
    """Solve; where other code of this process left HiGHS with another number of threads, start it anew."""
    if solver.run() == highspy.HighsStatus.kError:
        highspy.Highs.resetGlobalScheduler(True)
        if solver.run() == highspy.HighsStatus.kError:
            raise RuntimeError("HiGHS refused a model of the release gate; please report this as a bug.")


def linear_program(
    matrix: Matrix, cost: Floats, low: Floats, high: Floats, *, integer: Bools | None = None
) -> highspy.HighsLp:
    """The model: minimise cost x within the rows of ``matrix`` and the column bounds."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = matrix.columns, len(matrix.low)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, low, high
    lp.row_lower_, lp.row_upper_ = matrix.low, matrix.high
    order = np.argsort(matrix.column, kind="stable")
    starts = np.searchsorted(matrix.column[order], np.arange(matrix.columns + 1))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = starts.astype(np.int32)
    lp.a_matrix_.index_ = matrix.row[order]
    lp.a_matrix_.value_ = matrix.value[order]
    if integer is not None:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[bool(flag)] for flag in integer]
    return lp


class Intruder:
    """All demands of a system against any box of the unknowns."""

    def __init__(self, matrix: Matrix, integer: Bools, low: Floats, high: Floats, *, steps: Steps) -> None:
        self.matrix, self.integer, self.steps = matrix, integer, steps
        self.low, self.high = low.copy(), high.copy()
        self._all = np.arange(matrix.columns, dtype=np.int32)
        self._relaxed: highspy.Highs | None = None
        self._mip: highspy.Highs | None = None

    @property
    def _lp(self) -> highspy.Highs:
        """The linear relaxation, made where one is asked for."""
        if self._relaxed is None:
            self._relaxed = quiet(solver="simplex")
            self._relaxed.passModel(linear_program(self.matrix, np.zeros(self.matrix.columns), self.low, self.high))
        return self._relaxed

    def set_box(self, low: Floats, high: Floats) -> None:
        """What the intruder knows of each unknown."""
        self.low, self.high = low.copy(), high.copy()
        if self._relaxed is not None:
            self._relaxed.changeColsBounds(len(self._all), self._all, low, high)

    def reach(self, demand: Demand) -> tuple[Floats, Floats] | None:
        """The linear relaxation's furthest point of a demand, stopped at its target, and its row prices, if any."""
        k, up, lp = demand.quantity, demand.side > 0, self._lp
        low, high = float(self.low[k]), float(self.high[k])
        aim = min(max(demand.side * demand.target, low), high)
        lp.changeColBounds(k, low if up else aim, aim if up else high)
        lp.changeColCost(k, -float(demand.side))
        run(lp)
        self.steps.take(lp)
        found = None
        if lp.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            solution = lp.getSolution()
            found = np.array(solution.col_value), -np.array(solution.row_dual)
        lp.changeColCost(k, 0.0)
        lp.changeColBounds(k, low, high)
        return found

    def whole(self, point: Floats) -> Floats | None:
        """The point rounded to integers, if it is one within tolerance and still solves the rows."""
        near = np.where(self.integer, np.rint(point), point)
        if np.abs(near - point).max(initial=0.0) > 1e-5:
            return None
        sums = self.matrix.times(near)
        slack = TOLERANCE * 10
        fits = np.all(sums >= self.matrix.low - slack) and np.all(sums <= self.matrix.high + slack)
        return near if fits else None

    def integer_point(self, demand: Demand | None, low: Floats, high: Floats) -> Floats | None:
        """An integer point of the box that meets the demand; None if there is none.

        Raises OutOfSteps if that was not decided.
        """
        low, high = low.copy(), high.copy()
        if demand is not None:
            k, end = demand.quantity, low if demand.side > 0 else high
            end[k] = demand.side * max(demand.side * end[k], demand.target)
            if low[k] > high[k]:
                return None
        if self._mip is None:
            self._mip = quiet(mip_max_nodes=_NODES, mip_heuristic_run_feasibility_jump=False)  # the rest is faster
            zero = np.zeros(self.matrix.columns)
            self._mip.passModel(linear_program(self.matrix, zero, low, high, integer=self.integer))
        self._mip.changeColsBounds(len(self._all), self._all, low, high)
        run(self._mip)
        self.steps.take(self._mip)
        if self._mip.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None
        if self._mip.getInfo().primal_solution_status == 2:
            return self.whole(np.array(self._mip.getSolution().col_value))
        raise OutOfSteps


class OutOfSteps(Exception):
    """An integer question was not decided."""


def matrix_of(rows: Sequence[tuple[Sequence[int], Sequence[float], float, float]], columns: int) -> Matrix:
    """Coordinate form of (columns, coefficients, low, high) rows."""
    counts = [len(r[0]) for r in rows]
    return Matrix(
        row=np.repeat(np.arange(len(rows), dtype=np.int32), counts),
        column=np.array([q for r in rows for q in r[0]], dtype=np.int32),
        value=np.array([c for r in rows for c in r[1]], dtype=np.float64),
        low=np.array([r[2] for r in rows], dtype=np.float64),
        high=np.array([r[3] for r in rows], dtype=np.float64),
        columns=columns,
    )
