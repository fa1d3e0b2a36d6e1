"""Signed ranks of paired differences: the exact Wilcoxon test and the Hodges–Lehmann estimate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.measure.statistics.exact import grid, sign_flip, subset_sums
from evaluation.measure.values import SAME, finite


@dataclass(frozen=True, slots=True)
class Wilcoxon:
    """The exact signed-rank test of "changes lie evenly around zero" among ``n`` people.

    ``plus`` and ``minus`` are the sums of the (mid-)ranks of rises and of falls. ``rounded``: from
    some six hundred people on p is the saddlepoint's (see exact.SignFlip).
    """

    n: int
    zeros: int
    plus: float
    minus: float
    p_two_sided: float
    p_greater: float
    p_less: float
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class PseudoMedian:
    """The median of all pairwise means of differences, in points; ``achieved`` is the interval's own level.

    ``low``, ``high`` and ``achieved`` are None where even the outermost pairwise means would be too
    narrow: with five people at 95 %.
    """

    estimate: float
    low: float | None
    high: float | None
    achieved: float | None


def wilcoxon(differences: ArrayLike, *, zeros: Literal["drop", "pratt"] = "drop") -> Wilcoxon:
    """The exact Wilcoxon signed-rank test; ties have mid-ranks.

    ``differences``: one per pair, in points, no NaN; alike to nine decimals is a tie. ``zeros`` are
    dropped before ranking (Wilcoxon 1945, Biometrics 1) or ranked with the others and then dropped
    (Pratt 1959, JASA 54). Given the ranks it is the sign-flip test of the signed ranks, whose
    distribution is exact with ties and zeros too. Two-sided p = min(1, 2 · smaller tail); 1 where
    nobody changed. Raises Contradiction for a difference that is missing or no finite number.
    """
    points = np.round(finite(differences), SAME)
    ranked = points[points != 0] if zeros == "drop" else points
    doubled = np.sign(ranked).astype(np.int64) * _doubled_ranks(np.abs(ranked))
    test = sign_flip(doubled)
    return Wilcoxon(
        n=points.size,
        zeros=int((points == 0).sum()),
        plus=int(doubled[doubled > 0].sum()) / 2,
        minus=-int(doubled[doubled < 0].sum()) / 2,
        p_two_sided=test.p_two_sided,
        p_greater=test.p_greater,
        p_less=test.p_less,
        rounded=test.rounded,
    )


def _doubled_ranks(sizes: NDArray[np.float64]) -> NDArray[np.int64]:
    """Twice the mid-ranks, which are whole numbers."""
    _, tied, count = np.unique(sizes, return_inverse=True, return_counts=True)
    doubled: NDArray[np.int64] = (2 * np.cumsum(count) - count + 1)[tied].astype(np.int64)
    return doubled


def hodges_lehmann(differences: ArrayLike, *, alpha: float = 0.05) -> PseudoMedian | None:
    """The pseudo-median of ``differences`` (points, no NaN, zeros kept) with its order-statistic interval.

    The interval takes the tie-free signed-rank distribution, which is conservative with ties, and is
    not one for the mean; no limits where so few people cannot reach 1 - ``alpha``. None without
    differences. Memory grows as n², time as n³: for some hundreds of people. Hodges & Lehmann (1963),
    Annals of Math. Statistics 34.
    Raises Contradiction for a difference that is missing or no finite number.
    """
    points = finite(differences)
    n = points.size
    if not n:
        return None
    on = grid(points)
    first, second = np.triu_indices(n)
    # Whole sums of steps, so that equal means are equal.
    sums = np.sort(on.steps[first] + on.steps[second])
    below = np.cumsum(subset_sums(np.arange(1, n + 1), n * (n + 1) // 2))
    half = float(on.unit) / 2
    estimate = float(np.median(sums)) * half
    if below[0] > alpha / 2:
        return PseudoMedian(estimate, None, None, None)
    out = max(int(np.searchsorted(below, alpha / 2)), 1)
    return PseudoMedian(
        estimate=estimate,
        low=int(sums[out - 1]) * half,
        high=int(sums[-out]) * half,
        achieved=1 - 2 * float(below[out - 1]),
    )
