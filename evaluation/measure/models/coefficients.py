"""An estimated coefficient with its standard error, degrees of freedom, p-value and interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from evaluation.errors import NotEstimable

Vector = NDArray[np.float64]
"""Any array of floats, whatever its shape."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """``estimate`` and ``low``…``high`` in units of the outcome (or log odds) per unit of the predictor.

    ``p`` is two-sided for "it is 0", from t on ``df`` degrees of freedom; ``df`` is infinite for the normal.
    """

    name: str
    estimate: float
    se: float
    df: float
    p: float
    low: float
    high: float


def coefficient(name: str, estimate: float, *, se: float, df: float = inf, alpha: float = 0.05) -> Coefficient:
    """The coefficient with its t test and interval of level 1 − ``alpha``.

    Raises NotEstimable where the estimate or its standard error is no finite number, the standard
    error is 0, or ``df`` is not above 0.
    """
    if not (isfinite(estimate) and 0 < se < inf and df > 0):
        raise NotEstimable("measure.models.undetermined", name=name)
    half = float(stdtrit(df, 1 - alpha / 2)) * se
    p = 2 * float(stdtr(df, -abs(estimate) / se))
    return Coefficient(name, estimate, se, df, p, estimate - half, estimate + half)


def coefficients(
    names: Sequence[str], estimates: ArrayLike, *, se: ArrayLike, df: ArrayLike = inf, alpha: float = 0.05
) -> tuple[Coefficient, ...]:
    """One coefficient per name; ``se`` and ``df`` are one per coefficient or one for all.

    Raises as ``coefficient`` does.
    """
    together = np.broadcast_arrays(np.asarray(estimates, float), np.asarray(se, float), np.asarray(df, float))
    rows: Iterable[tuple[float, float, float]] = zip(*(each.tolist() for each in together), strict=True)
    return tuple(
        coefficient(name, estimate, se=error, df=freedom, alpha=alpha)
        for name, (estimate, error, freedom) in zip(names, rows, strict=True)
    )
