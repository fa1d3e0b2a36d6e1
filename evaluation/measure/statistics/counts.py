"""Intervals and tests for counts of people: one share, a share before and after, the shares of two groups."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import bdtr, ndtri

from evaluation.errors import Contradiction, TooFew
from evaluation.measure.statistics.numerical.crossing import crossing

Interval = tuple[float, float]

MOST_PEOPLE = 10_000_000
"""No count of people is larger; Fisher's test keeps one number for each."""


def part_of(n: float, *parts: float, least: int = 1) -> None:
    """Raise Contradiction unless ``n`` and ``parts`` are whole, none below 0, and ``parts`` together at most ``n``.

    Raises TooFew where ``n`` is below ``least``.
    """
    if not all(0 <= count <= MOST_PEOPLE and count == int(count) for count in (n, *parts)):
        raise Contradiction("measure.statistics.not_a_count")
    if n < least:
        raise TooFew("measure.statistics.too_few_counted", people=n, least=least)
    if sum(parts) > n:
        raise Contradiction("measure.statistics.more_than_group")


@dataclass(frozen=True, slots=True)
class Switched:
    """Yes/no before and after: ``lost`` went from yes to no, ``gained`` from no to yes, of ``n`` ≥ 1.

    Raises TooFew for nobody, Contradiction for counts that are not whole or exceed ``n``.
    """

    n: int
    lost: int
    gained: int

    def __post_init__(self) -> None:
        part_of(self.n, self.lost, self.gained)

    @property
    def difference(self) -> float:
        """Share after minus share before."""
        return (self.gained - self.lost) / self.n


def sign_test(up: int, down: int, *, mid: bool = False) -> float:
    """Exact two-sided p of the sign test (of McNemar): min(1, 2 · smaller tail of Binomial(up+down, ½)).

    ``mid`` takes the chance of what was observed off once (mid-p). p is 1 where nobody moved. Raises
    Contradiction for counts that are not whole numbers.
    """
    part_of(up + down, up, down, least=0)
    changed, fewer = up + down, min(up, down)
    if not changed:
        return 1.0
    tail = float(bdtr(fewer, changed, 0.5))
    beyond = float(bdtr(fewer - 1, changed, 0.5)) if fewer else 0.0
    return min(1.0, 2 * tail) - (tail - beyond if mid else 0.0)


def clopper_pearson(count: int, n: int, *, alpha: float = 0.05) -> Interval:
    """The exact interval of a share. Clopper & Pearson (1934), Biometrika 26.

    Raises TooFew for nobody (``n`` = 0), Contradiction where ``count`` is no part of ``n``.
    """
    return _of_share(count, n, alpha, "beta")


def wilson(count: int, n: int, *, alpha: float = 0.05) -> Interval:
    """The score interval of a share. Wilson (1927), JASA 22. Raises as ``clopper_pearson`` does."""
    return _of_share(count, n, alpha, "wilson")


def _of_share(count: int, n: int, alpha: float, method: str) -> Interval:
    from statsmodels.stats.proportion import proportion_confint

    part_of(n, count)
    low, high = proportion_confint(count, n, alpha, method=method)
    return (float(low) if count else 0.0), (float(high) if count < n else 1.0)


def tango(pairs: Switched, *, alpha: float = 0.05) -> Interval:
    """The score interval of the difference of paired shares. Tango (1998), Statistics in Medicine 17.

    With ``lost`` = lower and ``gained`` = higher it is the interval of the net share that rose. The
    limits solve score = ±z by halving, to the last digit.
    """
    z = float(ndtri(1 - alpha / 2))
    low = crossing(lambda delta: _score(pairs, delta) - z, -1.0, pairs.difference)
    high = crossing(lambda delta: _score(pairs, delta) + z, pairs.difference, 1.0)
    return low, high


def _score(pairs: Switched, delta: float) -> float:
    """Tango's statistic at difference ``delta``; it falls as ``delta`` rises."""
    n, gained, lost = pairs.n, pairs.gained, pairs.lost
    linear = -gained - lost + (2 * n - gained + lost) * delta
    constant = -lost * delta * (1 - delta)
    # The restricted estimate of the share lost: the larger root of 2n q² + linear q + constant = 0.
    share = (sqrt(max(linear * linear - 8 * n * constant, 0.0)) - linear) / (4 * n)
    variance = n * (2 * share + delta * (1 - delta))
    distance = gained - lost - n * delta
    if variance <= 0:
        return 0.0 if distance == 0 else float("inf") if distance > 0 else float("-inf")
    return distance / sqrt(variance)


def agresti_min(pairs: Switched, *, alpha: float = 0.05) -> Interval:
    """Wald's interval after half a person more in each cell. Agresti & Min (2005), Stat. in Medicine 24."""
    n, lost, gained = pairs.n + 2, pairs.lost + 0.5, pairs.gained + 0.5
    centre = (gained - lost) / n
    half = float(ndtri(1 - alpha / 2)) * sqrt(gained + lost - (gained - lost) ** 2 / n) / n
    return max(-1.0, centre - half), min(1.0, centre + half)


def newcombe_paired(pairs: Switched, both: int, *, alpha: float = 0.05) -> Interval:
    """The hybrid score interval of paired shares (``both`` = yes twice). Newcombe (1998), method 10.

    Raises Contradiction where ``both`` and those who switched are more than everybody.
    """
    part_of(pairs.n, pairs.lost, pairs.gained, both)
    before, after = both + pairs.lost, both + pairs.gained
    neither = pairs.n - both - pairs.lost - pairs.gained
    margins = before * after * (pairs.n - before) * (pairs.n - after)
    crossed = float(both * neither - pairs.lost * pairs.gained)
    if crossed > 0:
        crossed = max(0.0, crossed - pairs.n / 2)
    phi = crossed / sqrt(margins) if margins else 0.0
    low_1, high_1 = wilson(before, pairs.n, alpha=alpha)
    low_2, high_2 = wilson(after, pairs.n, alpha=alpha)
    p_1, p_2 = before / pairs.n, after / pairs.n
    down = _combined(p_2 - low_2, high_1 - p_1, phi)
    up = _combined(high_2 - p_2, p_1 - low_1, phi)
    return pairs.difference - down, pairs.difference + up


def _combined(one: float, other: float, phi: float) -> float:
    return sqrt(max(one * one - 2 * phi * one * other + other * other, 0.0))


def newcombe(count: int, n: int, count_other: int, n_other: int, *, alpha: float = 0.05) -> Interval:
    """The hybrid score interval of ``count``/``n`` - ``count_other``/``n_other`` (both n > 0).

    Newcombe (1998), Statistics in Medicine 17, 873: method 10. Raises TooFew for a group of nobody,
    Contradiction where a count is no part of its group.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    part_of(n, count)
    part_of(n_other, count_other)
    low, high = confint_proportions_2indep(
        count, n, count_other, n_other, method="newcomb", compare="diff", alpha=alpha
    )
    return max(-1.0, float(low)), min(1.0, float(high))


def fisher(count: int, n: int, count_other: int, n_other: int) -> float:
    """Fisher's exact two-sided p that two shares are equal: all tables no likelier than this one.

    Fisher (1935), The Design of Experiments, §21.1. 1 where a group has nobody. Raises Contradiction
    where a count is no part of its group.
    """
    from scipy.stats import fisher_exact  # slow to import

    part_of(n, count, least=0)
    part_of(n_other, count_other, least=0)
    table = np.array([[count, n - count], [count_other, n_other - count_other]])
    return float(fisher_exact(table).pvalue)
