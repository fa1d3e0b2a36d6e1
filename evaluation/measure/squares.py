"""A category before against a category after: symmetry and equal margins of a square table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from evaluation.errors import Contradiction
from evaluation.measure.paired import finite


@dataclass(frozen=True, slots=True)
class ChiSquare:
    """A statistic that is chi-square distributed in large samples; p is 1 where ``df`` is 0."""

    statistic: float
    df: int
    p: float


def bowker(table: ArrayLike) -> ChiSquare:
    """Are moves between two categories as frequent in both directions? Bowker (1948), JASA 43.

    ``table``: counts of people, rows the category before, columns after. Only pairs of categories
    between which anybody moved count in the degrees of freedom. Raises Contradiction for a table
    that is not square or does not hold counts.
    """
    counts = _square(table)
    up, down = counts[np.triu_indices(len(counts), 1)], counts.T[np.triu_indices(len(counts), 1)]
    moved = up + down > 0
    statistic = float(np.sum((up - down)[moved] ** 2 / (up + down)[moved]))
    return _tested(statistic, int(moved.sum()))


def stuart_maxwell(table: ArrayLike) -> ChiSquare:
    """Are the categories as frequent before as after? Stuart (1955), Biometrika 42; Maxwell (1970).

    ``table`` as for Bowker. The covariance matrix is inverted on its own rank, which is the degrees
    of freedom, so that categories that nobody entered or left do no harm. Raises as Bowker's does.
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
        raise Contradiction("A table of moves needs the same categories in its rows and columns; add the missing ones.")
    if (counts < 0).any() or (counts != np.rint(counts)).any():
        raise Contradiction("A table of moves holds counts of people, whole and none below 0; correct it.")
    return counts


def _tested(statistic: float, df: int) -> ChiSquare:
    return ChiSquare(statistic, df, float(chdtrc(df, statistic)) if df else 1.0)
