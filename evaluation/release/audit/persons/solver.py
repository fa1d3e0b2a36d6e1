"""HiGHS with the columns and rows of a document: the same answer on every machine."""

from __future__ import annotations

import highspy
import numpy as np

from evaluation.release.audit.persons.columns import Sums, Vector


def solver_of(rows: Sums, kinds: int) -> highspy.Highs:
    """``rows``, of which none is bound yet; the first so many columns count people, the others may be anything.

    Without presolve: with it HiGHS was seen to answer wrongly.
    """
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("simplex_strategy", 4)):
        solver.setOptionValue(name, value)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = rows.columns, rows.size
    lp.col_cost_ = np.zeros(rows.columns)
    lp.col_lower_ = np.where(np.arange(rows.columns) < kinds, 0.0, -np.inf)
    lp.col_upper_ = np.full(rows.columns, np.inf)
    lp.row_lower_, lp.row_upper_ = np.full(rows.size, -np.inf), np.full(rows.size, np.inf)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.searchsorted(rows.place, np.arange(rows.size + 1)).astype(np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = rows.column, rows.factor
    solver.passModel(lp)
    return solver


def bind(solver: highspy.Highs, low: Vector, high: Vector) -> None:
    """Each row lies between its ends."""
    solver.changeRowsBounds(len(low), np.arange(len(low), dtype=np.int32), low, high)  # type: ignore[attr-defined]


def cheapest(solver: highspy.Highs, cost: Vector) -> None:
    """Solve for a point of the smallest ``cost``, one factor a column, from where the solver is."""
    solver.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
    run(solver)


def run(solver: highspy.Highs) -> None:
    """Solve; where other code of this process left HiGHS with another number of threads, start it anew."""
    if solver.run() == highspy.HighsStatus.kError:
        highspy.Highs.resetGlobalScheduler(True)
        if solver.run() == highspy.HighsStatus.kError:
            raise RuntimeError("HiGHS refused a model of the release gate; please report this as a bug.")
