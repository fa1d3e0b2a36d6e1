"""Intervals and tests for counts of people: one share, and a share before and after."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from scipy.special import bdtr, betaincinv, ndtri

from evaluation.measure.crossing import crossing

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Switched:
    """Yes/no before and after: ``lost`` went from yes to no, ``gained`` from no to yes, of ``n``."""

    n: int
    lost: int
    gained: int

    @property
    def difference(self) -> float:
        """Share after minus share before."""
        return (self.gained - self.lost) / self.n


def sign_test(up: int, down: int, *, mid: bool = False) -> float:
    """Exact two-sided p of the sign test (of McNemar): min(1, 2 · smaller tail of Binomial(up+down, ½)).

    ``mid`` takes the chance of what was observed off once (mid-p). p is 1 where nobody moved.
    """
    changed, fewer = up + down, min(up, down)
    if not changed:
        return 1.0
    tail = float(bdtr(fewer, changed, 0.5))
    beyond = float(bdtr(fewer - 1, changed, 0.5)) if fewer else 0.0
    return min(1.0, 2 * tail) - (tail - beyond if mid else 0.0)


def clopper_pearson(count: int, n: int, *, alpha: float = 0.05) -> Interval:
    """The exact interval of a share. Clopper & Pearson (1934), Biometrika 26."""
    low = float(betaincinv(count, n - count + 1, alpha / 2)) if count else 0.0
    high = float(betaincinv(count + 1, n - count, 1 - alpha / 2)) if count < n else 1.0
    return low, high


def wilson(count: int, n: int, *, alpha: float = 0.05) -> Interval:
    """The score interval of a share. Wilson (1927), JASA 22."""
    z = float(ndtri(1 - alpha / 2))
    centre = (count + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * sqrt(count * (n - count) / n + z * z / 4)
    return (max(0.0, centre - half) if count else 0.0), (min(1.0, centre + half) if count < n else 1.0)


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
    """The hybrid score interval of paired shares (``both`` = yes twice). Newcombe (1998), method 10."""
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
