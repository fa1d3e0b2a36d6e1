"""The same people on two or more occasions: categories before and after, yes/no answers, scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from evaluation.errors import Contradiction
from evaluation.measure.values import SAME, finite


@dataclass(frozen=True, slots=True)
class ChiSquare:
    """A statistic that is chi-square distributed in large samples; p is 1 where ``df`` is 0."""

    statistic: float
    df: int
    p: float


def bowker(table: ArrayLike) -> ChiSquare:
    """Are moves between two categories as frequent in both directions? Bowker (1948), JASA 43.

    ``table``: counts of people, rows the category before, columns after. Only pairs of categories
    between which anybody moved count in the degrees of freedom (statsmodels' ``SquareTable``
    counts all). Raises Contradiction for a table that is not square or does not hold counts.
    """
    counts = _square(table)
    up, down = counts[np.triu_indices(len(counts), 1)], counts.T[np.triu_indices(len(counts), 1)]
    moved = up + down > 0
    statistic = float(np.sum((up - down)[moved] ** 2 / (up + down)[moved]))
    return _tested(statistic, int(moved.sum()))


def stuart_maxwell(table: ArrayLike) -> ChiSquare:
    """Are the categories as frequent before as after? Stuart (1955), Biometrika 42; Maxwell (1970).

    ``table`` as for Bowker. The covariance matrix is inverted on its own rank, which is the degrees
    of freedom, so that categories that nobody entered or left do no harm (``SquareTable`` gives NaN
    there). Raises as Bowker's does.
    """
    counts = _square(table)
    apart = counts.sum(axis=1) - counts.sum(axis=0)
    covariance = np.diag(counts.sum(axis=1) + counts.sum(axis=0)) - counts - counts.T
    rank = int(np.linalg.matrix_rank(covariance, hermitian=True))
    inverse = np.linalg.pinv(covariance, rcond=1e-12, hermitian=True)
    return _tested(max(float(apart @ inverse @ apart), 0.0), rank)


def _square(table: ArrayLike) -> NDArray[np.float64]:
    counts = finite(table, dimensions=2)
    if not counts.size or counts.shape[0] != counts.shape[1]:
        raise Contradiction("measure.statistics.table_not_square")
    if (counts < 0).any() or (counts != np.rint(counts)).any():
        raise Contradiction("measure.statistics.table_not_counts")
    return counts


def _tested(statistic: float, df: int) -> ChiSquare:
    return ChiSquare(statistic, df, float(chdtrc(df, statistic)) if df else 1.0)


@dataclass(frozen=True, slots=True)
class Friedman:
    """Friedman's tie-corrected chi-square with Kendall's coefficient of concordance ``w`` (0…1)."""

    test: ChiSquare
    w: float


def cochran_q(answers: ArrayLike) -> ChiSquare | None:
    """Are yes answers as frequent on each occasion? ``answers``: people × occasions of 0 and 1, no NaN.

    None where nobody changed an answer. Cochran (1950), Biometrika 37. Raises Contradiction for an
    answer that is missing or neither 0 nor 1.
    """
    table = finite(answers, dimensions=2)
    if not np.isin(table, (0, 1)).all():
        raise Contradiction("measure.statistics.answer_not_yes_no")
    if (table == table[:, :1]).all():
        return None
    from statsmodels.stats.contingency_tables import cochrans_q

    q = cochrans_q(table)
    return ChiSquare(float(q.statistic), int(q.df), float(q.pvalue))


def friedman(scores: ArrayLike) -> Friedman | None:
    """Do scores lie as high on each occasion? ``scores``: people × occasions, no NaN; ties have mid-ranks.

    None where everybody's scores are all alike, or there is one occasion only. Friedman (1937), JASA
    32. Raises Contradiction for a score that is missing or no finite number.
    """
    table = np.round(finite(scores, dimensions=2), SAME)
    n, k = table.shape
    if k < 2:
        return None
    # Twice the mid-rank: how many of one's own scores are below, plus those not above, plus one.
    below = (table[:, None, :] < table[:, :, None]).sum(axis=2)
    not_above = (table[:, None, :] <= table[:, :, None]).sum(axis=2)
    centred = (below + not_above - k) / 2
    within = float(np.sum(centred**2)) / (k - 1)
    if not within:
        return None
    chi2 = float(np.sum(centred.sum(axis=0) ** 2)) / within
    return Friedman(ChiSquare(chi2, k - 1, float(chdtrc(k - 1, chi2))), chi2 / (n * (k - 1)))
