"""Shares of two separate groups: Newcombe's interval of the difference and Fisher's exact test."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from evaluation.measure.counts import Interval, part_of, wilson


def newcombe(count: int, n: int, count_other: int, n_other: int, *, alpha: float = 0.05) -> Interval:
    """The hybrid score interval of ``count``/``n`` - ``count_other``/``n_other`` (both n > 0).

    Newcombe (1998), Statistics in Medicine 17, 873: method 10. Raises TooFew for a group of nobody,
    Contradiction where a count is no part of its group.
    """
    low, high = wilson(count, n, alpha=alpha)
    low_other, high_other = wilson(count_other, n_other, alpha=alpha)
    p, other = count / n, count_other / n_other
    down = sqrt((p - low) ** 2 + (high_other - other) ** 2)
    up = sqrt((high - p) ** 2 + (other - low_other) ** 2)
    return p - other - down, p - other + up


def fisher(count: int, n: int, count_other: int, n_other: int) -> float:
    """Fisher's exact two-sided p that two shares are equal: all tables no likelier than this one.

    Fisher (1935), The Design of Experiments, §21.1; as likely means to seven digits. 1 where a group
    has nobody. Raises Contradiction where a count is no part of its group.
    """
    part_of(n, count, least=0)
    part_of(n_other, count_other, least=0)
    yes = count + count_other
    cell = np.arange(max(0, yes - n_other), min(n, yes) + 1, dtype=np.float64)
    log = _choose(n, cell) + _choose(n_other, yes - cell)
    chance = np.exp(log - log.max())
    observed = chance[count - int(cell[0])]
    return min(1.0, float(chance[chance <= observed * (1 + 1e-7)].sum() / chance.sum()))


def _choose(n: int, k: NDArray[np.float64]) -> NDArray[np.float64]:
    ways: NDArray[np.float64] = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return ways
