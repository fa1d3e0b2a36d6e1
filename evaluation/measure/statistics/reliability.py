"""Can the sum of some items be trusted: Cronbach's alpha with Feldt's interval, items against the rest, omega."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import atanh, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtri, ndtri

from evaluation.measure.values import SAME, numbers

Matrix = NDArray[np.float64]

LEAST_FOR_OMEGA = 100
"""People below whom omega is refused: its factor model is too unstable."""

MOST_LOADING = 0.9999
"""A loading above says that the item measures without error, where the likelihood has no maximum."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Cronbach's alpha of ``k`` items from ``n`` people with all of them answered, and its interval.

    ``standardised`` is alpha of the correlations. ``item_rest``: each item's correlation with the
    sum of the others; ``if_dropped``: alpha without it. None where something does not vary.
    """

    n: int
    k: int
    cronbach: float
    low: float
    high: float
    standardised: float | None
    item_rest: tuple[float | None, ...]
    if_dropped: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Omega:
    """McDonald's omega total from one factor by maximum likelihood.

    ``loadings`` are in points (of the covariance with divisor n); ``of_correlations`` is omega of
    the items at equal variance.
    """

    omega: float
    of_correlations: float
    loadings: tuple[float, ...]


def reliability(items: ArrayLike, *, alpha: float = 0.05) -> Reliability | None:
    """Alpha of ``items`` (people × items, all keyed in one direction; rows with a NaN are left out).

    None with fewer than two items or people, or where the sum does not vary. Cronbach (1951),
    Psychometrika 16; interval by the F distribution: Feldt (1965), Psychometrika 30. Raises
    Contradiction for an answer that is no number or infinite.
    """
    answers = _complete(items)
    n, k = answers.shape
    cronbach = _cronbach(answers) if n > 1 else None
    if cronbach is None:
        return None
    degrees = (n - 1), (n - 1) * (k - 1)
    return Reliability(
        n=n,
        k=k,
        cronbach=cronbach,
        low=1 - (1 - cronbach) * float(fdtri(*degrees, 1 - alpha / 2)),
        high=1 - (1 - cronbach) * float(fdtri(*degrees, alpha / 2)),
        standardised=_standardised(answers),
        item_rest=_with_rest(answers),
        if_dropped=tuple(_cronbach(np.delete(answers, i, axis=1)) for i in range(k)),
    )


def against_the_rest(of: Reliability, *, alpha: float = 0.05) -> tuple[int, ...]:
    """Places of the items whose correlation with the rest is clearly negative: the interval's upper limit is below 0.

    Fisher's (1921) z interval, Metron 1. Empty below four people.
    """
    if of.n < 4:
        return ()
    reach = float(ndtri(1 - alpha / 2)) / sqrt(of.n - 3)
    return tuple(
        place for place, r in enumerate(of.item_rest) if r is not None and r < 0 and (r <= -1 or atanh(r) + reach < 0)
    )


def _complete(items: ArrayLike) -> Matrix:
    answers = numbers(items, dimensions=2)
    return answers[~np.isnan(answers).any(axis=1)]


def _cronbach(answers: Matrix) -> float | None:
    k = answers.shape[1]
    total = float(np.var(answers.sum(axis=1), ddof=1))
    parts = float(np.var(answers, axis=0, ddof=1).sum())
    return k / (k - 1) * (1 - parts / total) if k > 1 and total > 1e-12 else None


def _standardised(answers: Matrix) -> float | None:
    k = answers.shape[1]
    if (np.ptp(np.round(answers, SAME), axis=0) == 0).any():
        return None
    whole = float(np.corrcoef(answers, rowvar=False).sum())
    return k / (k - 1) * (1 - k / whole) if whole > 1e-12 else None


def _with_rest(answers: Matrix) -> tuple[float | None, ...]:
    """Each item's correlation with the sum of the others; None where one of both does not vary."""
    rest = answers.sum(axis=1, keepdims=True) - answers
    still = [np.ptp(np.round(side, SAME), axis=0) == 0 for side in (answers, rest)]
    own, other = answers - answers.mean(axis=0), rest - rest.mean(axis=0)
    spread = np.sqrt((own**2).sum(axis=0) * (other**2).sum(axis=0))
    pairs = zip((own * other).sum(axis=0).tolist(), spread.tolist(), (still[0] | still[1]).tolist(), strict=True)
    return tuple(None if dead else together / apart for together, apart, dead in pairs)


def omega(items: ArrayLike, *, least: int = LEAST_FOR_OMEGA) -> Omega | None:
    """Omega total of ``items`` (as for alpha); None with fewer than ``least`` people or three items.

    None also where an item does not vary, or the items hold no single factor that could be found
    (an item without error of its own). McDonald (1999), Test Theory. Raises Contradiction for an
    answer that is no number or infinite.
    """
    answers = _complete(items)
    n, k = answers.shape
    if n < max(least, 3) or k < 3 or (np.ptp(np.round(answers, SAME), axis=0) == 0).any():
        return None
    loadings = _one_factor(np.asarray(np.corrcoef(answers, rowvar=False)))
    if loadings is None:
        return None
    # Maximum likelihood does not depend on the items' units: both scales share one solution.
    in_points = loadings * answers.std(axis=0)
    errors = (1 - loadings**2) * answers.var(axis=0)
    return Omega(
        omega=_share(in_points, errors),
        of_correlations=_share(loadings, 1 - loadings**2),
        loadings=tuple(in_points.tolist()),
    )


def _share(loadings: Matrix, errors: Matrix) -> float:
    common = float(loadings.sum()) ** 2
    return common / (common + float(errors.sum()))


def _one_factor(correlations: Matrix) -> Matrix | None:
    """Loadings of one factor by maximum likelihood (statsmodels); None where an item has no error of its own."""
    from statsmodels.multivariate.factor import Factor
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            loadings: Matrix = Factor(corr=correlations, n_factor=1, method="ml").fit(rng=0).loadings[:, 0]
        except (np.linalg.LinAlgError, ValueError, ConvergenceWarning):
            return None
    return None if float(np.abs(loadings).max()) >= MOST_LOADING else loadings * (np.sign(loadings.sum()) or 1.0)
