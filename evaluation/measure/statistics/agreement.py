"""Agreement of two ratings or of several raters: weighted kappa and intraclass correlations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc, fdtri

from evaluation.errors import Contradiction
from evaluation.measure.statistics.counts import Interval
from evaluation.measure.values import finite, same_people

Table = NDArray[np.float64]

_NO_ERROR = 1e-7  # what rounding leaves of a standard error of 0

MOST_CATEGORIES = 1000
"""Categories from the lowest rating to the highest; their table is kept whole."""


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa of ``n`` things rated twice; ``se`` is its large-sample standard error."""

    n: int
    kappa: float
    se: float


@dataclass(frozen=True, slots=True)
class Intraclass:
    """One intraclass correlation with the F test of zero and its interval."""

    icc: float
    f: float
    df1: int
    df2: int
    p: float
    interval: Interval


def weighted_kappa(
    one: ArrayLike, other: ArrayLike, *, weights: Literal["equal", "linear", "quadratic"] = "quadratic"
) -> Kappa | None:
    """Kappa of two whole-number ratings of the same things (no NaN), categories from lowest to highest.

    Categories that nobody chose count in the distances. ``equal``: any disagreement is as bad as
    any other. None where there is nothing to disagree about (one category, or no ratings). Cohen
    (1968), Psychological Bulletin 70; standard error: Fleiss, Cohen & Everitt (1969), ibid. 72.
    Raises Contradiction for a rating that is missing or not whole, more than ``MOST_CATEGORIES``
    apart, and where the two have different lengths.
    """
    first, second = _ratings(one), _ratings(other)
    same_people(first, second)
    if not first.size:
        return None
    lowest = int(min(first.min(), second.min()))
    k = int(max(first.max(), second.max())) - lowest + 1
    if k > MOST_CATEGORIES:
        raise Contradiction("measure.statistics.categories_apart", apart=k - 1, most=MOST_CATEGORIES)
    table = np.zeros((k, k))
    np.add.at(table, (first - lowest, second - lowest), 1)
    if k == 1:
        return None
    from statsmodels.stats.inter_rater import cohens_kappa

    with np.errstate(invalid="ignore", divide="ignore"):  # nothing to disagree about, or no error at all
        estimate = cohens_kappa(table, wt=None if weights == "equal" else weights)
    if not np.isfinite(estimate.kappa):
        return None
    se = float(np.nan_to_num(estimate.std_kappa))
    return Kappa(first.size, float(estimate.kappa), se if se > _NO_ERROR else 0.0)


def _ratings(values: ArrayLike) -> NDArray[np.int64]:
    ratings = finite(values)
    if (ratings != np.rint(ratings)).any():
        raise Contradiction("measure.statistics.rating_not_whole")
    return ratings.astype(np.int64)


def intraclass(ratings: ArrayLike, *, alpha: float = 0.05) -> dict[str, Intraclass] | None:
    """The six forms of Shrout & Fleiss (1979), Psychological Bulletin 86, by their names ICC1 … ICC3k.

    ``ratings``: things (or people) × raters (or occasions), no NaN, at least 2 × 2. ICC1: each thing
    has raters of its own; ICC2: the same raters, a sample; ICC3: these raters only; k: the mean of
    all raters, left out where the single form lies where the mean's has no value (−1/(k−1), to which
    only ratings that agree less than chance come). None where nothing varies within the things, or
    nothing between them. Raises Contradiction for a rating that is missing or no finite number.
    """
    table = finite(ratings, dimensions=2)
    n, k = table.shape
    if n < 2 or k < 2:
        return None
    between = k * float(np.var(table.mean(axis=1), ddof=1))
    raters = n * float(np.var(table.mean(axis=0), ddof=1))
    within = float(np.var(table, axis=1, ddof=1).mean())
    error = (within * n * (k - 1) - raters * (k - 1)) / ((n - 1) * (k - 1))
    if min(between, error) < 1e-12 * max(1.0, within, raters):
        return None
    f1, f3 = between / within, between / error
    one = _f_test(f1, n - 1, n * (k - 1), alpha)
    three = _f_test(f3, n - 1, (n - 1) * (k - 1), alpha)
    two = _absolute(between, raters, error, (n, k), alpha)
    single = {
        "ICC1": Intraclass(_one(f1, k), *one[:4], (_one(one[4], k), _one(one[5], k))),
        "ICC2": Intraclass(two[0], *three[:4], two[1:]),
        "ICC3": Intraclass(_one(f3, k), *three[:4], (_one(three[4], k), _one(three[5], k))),
    }
    means = {f"{name}k": _of_mean(form, k) for name, form in single.items()}
    return single | {name: form for name, form in means.items() if form is not None}


def _one(f: float, k: int) -> float:
    return (f - 1) / (f + k - 1)


def _f_test(f: float, df1: int, df2: int, alpha: float) -> tuple[float, int, int, float, float, float]:
    """F, its degrees of freedom and p, and the F at the limits."""
    low, high = f / float(fdtri(df1, df2, 1 - alpha / 2)), f * float(fdtri(df2, df1, 1 - alpha / 2))
    return f, df1, df2, float(fdtrc(df1, df2, f)), low, high


def _absolute(
    between: float, raters: float, error: float, size: tuple[int, int], alpha: float
) -> tuple[float, float, float]:
    """ICC2 with its limits, which rest on Satterthwaite's degrees of freedom."""
    n, k = size
    icc = (between - error) / (between + (k - 1) * error + k * (raters - error) / n)
    part = k * icc * raters / error
    rest = n * (1 + (k - 1) * icc) - k * icc
    df = (n - 1) * (k - 1) * (part + rest) ** 2 / ((n - 1) * part**2 + rest**2)
    upper, lower = float(fdtri(n - 1, df, 1 - alpha / 2)), float(fdtri(df, n - 1, 1 - alpha / 2))
    mixed = k * raters + (k * n - k - n) * error
    low = n * (between - upper * error) / (upper * mixed + n * between)
    return icc, low, n * (lower * between - error) / (mixed + n * lower * between)


def _of_mean(form: Intraclass, k: int) -> Intraclass | None:
    """Spearman–Brown: the reliability of the mean of ``k``; None where that divides by 0."""
    if any(abs(1 + (k - 1) * r) < 1e-12 for r in (form.icc, *form.interval)):
        return None
    icc, low, high = (k * r / (1 + (k - 1) * r) for r in (form.icc, *form.interval))
    return Intraclass(icc, form.f, form.df1, form.df2, form.p, (low, high))
