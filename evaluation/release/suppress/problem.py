"""A system is cut into parts that can be protected one by one, around numbers that satisfy all of it."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.errors import Contradiction, Infeasible
from evaluation.release.suppress.attack import Intruder, Matrix, OutOfSteps, Steps, matrix_of
from evaluation.release.suppress.system import Bools, Demand, Floats, Row, System, fewest, some, tied


@dataclass(frozen=True, eq=False)
class Problem:
    """One connected part of a system; arrays have one entry per unknown.

    ``center``: integers that satisfy every row and everything printed; ``always``: open whatever is
    decided; the others may be hidden at their ``weight``.
    """

    matrix: Matrix
    integer: Bools
    low: Floats
    high: Floats
    shown_low: Floats
    shown_high: Floats
    center: Floats
    always: Bools
    weight: NDArray[np.int64]
    demands: tuple[Demand, ...]

    @functools.cached_property
    def need(self) -> Floats:
        """How far from the center each demand is."""
        return np.array([d.target - d.side * self.center[d.quantity] for d in self.demands])

    @functools.cached_property
    def _aims(self) -> tuple[NDArray[np.intp], Floats, Floats]:
        at, side, target = zip(*((d.quantity, float(d.side), d.target) for d in self.demands), strict=True)
        return np.array(at), np.array(side), np.array(target)

    def met(self, points: Floats, *, slack: float = 0.0) -> Bools:
        """The demands that any of these points, one a row, reaches."""
        at, side, target = self._aims
        return np.asarray((side * points[:, at] >= target - slack).any(axis=0), dtype=np.bool_)

    @functools.cached_property
    def choice(self) -> NDArray[np.int64]:
        """What may be hidden or not."""
        return np.flatnonzero(~self.always)

    def box(self, pattern: Bools) -> tuple[Floats, Floats]:
        """What the intruder knows of each unknown if the pattern is hidden."""
        return np.where(pattern, self.low, self.shown_low), np.where(pattern, self.high, self.shown_high)


def rows_matrix(rows: tuple[Row, ...], columns: int) -> Matrix:
    """All rows over all quantities."""
    return matrix_of([(r.columns, r.coefficients, r.low, r.high) for r in rows], columns)


def completed(system: System, *, steps: Steps) -> Floats:
    """The true numbers, and for those that the document does not tell, integers that fit them.

    Raises Contradiction where there are none, naming the cells of rows that exclude each other.
    """
    if not np.isnan(system.truth).any():
        return system.truth
    low = np.where(np.isnan(system.truth), system.shown_low, system.truth)
    high = np.where(np.isnan(system.truth), system.shown_high, system.truth)

    def fits(numbers: Sequence[int]) -> Floats | None:
        rows = tuple(system.rows[number] for number in numbers)
        intruder = Intruder(rows_matrix(rows, len(low)), system.integer, low, high, steps=steps)
        return intruder.integer_point(None, low, high)

    try:
        every = range(len(system.rows))
        point = fits(every)
        if point is not None:
            return point
        rows = [system.rows[number] for number in fewest(every, every, lambda some: fits(some) is None)]
    except OutOfSteps:
        raise Infeasible("release.suppress.too_slow") from None
    cells = [system.ids[q] for q in sorted({q for row in rows for q in row.columns})]
    raise Contradiction("release.suppress.no_numbers", names=some(cells))


def parts(system: System, center: Floats) -> Iterator[tuple[NDArray[np.int64], Problem]]:
    """(its quantities, the problem) of each connected part in which something is still to be protected.

    Raises Infeasible for a sensitive quantity that must be published as it is.
    """
    demands = [d for d in system.demands if d.side * center[d.quantity] < d.target]
    always = system.open | system.closed
    for demand in demands:
        q = demand.quantity
        if (system.shown_high[q] if demand.side > 0 else -system.shown_low[q]) >= demand.target:
            continue
        if system.closed[q]:
            raise Infeasible("release.suppress.sensitive_published", name=system.ids[q])
        always[q] = True
    low = np.where(system.closed, system.shown_low, system.low)
    high = np.where(system.closed, system.shown_high, system.high)
    constant = low == high
    root = np.array(tied(len(constant), ([q for q in row.columns if not constant[q]] for row in system.rows)))
    for part in sorted({int(root[d.quantity]) for d in demands}):
        places = np.flatnonzero((root == part) & ~constant)
        yield (
            places,
            Problem(
                matrix=_matrix(system, places, np.where(constant, low, math.nan)),
                integer=system.integer[places],
                low=low[places],
                high=high[places],
                shown_low=np.where(system.open, low, system.shown_low)[places],
                shown_high=np.where(system.open, high, system.shown_high)[places],
                center=center[places],
                always=always[places],
                weight=system.weight[places],
                demands=tuple(
                    Demand(int(np.searchsorted(places, d.quantity)), d.side, d.target)
                    for d in demands
                    if root[d.quantity] == part
                ),
            ),
        )


def _matrix(system: System, places: NDArray[np.int64], constant: Floats) -> Matrix:
    """The rows over these quantities, constants (not NaN) moved to the other side."""
    local = {int(q): i for i, q in enumerate(places)}
    rows = []
    for row in system.rows:
        if not any(q in local for q in row.columns):
            continue
        terms = list(zip(row.columns, row.coefficients, strict=True))
        known = math.fsum(c * constant[q] for q, c in terms if q not in local)
        kept = [(local[q], c) for q, c in terms if q in local]
        rows.append(([q for q, _ in kept], [c for _, c in kept], row.low - known, row.high - known))
    return matrix_of(rows, len(places))
