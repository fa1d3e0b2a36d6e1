"""A mean change in standard deviations: d and g by four divisors, each with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from evaluation.errors import Contradiction
from evaluation.measure.statistics.counts import Interval, part_of
from evaluation.measure.statistics.numerical.crossing import crossing
from evaluation.measure.statistics.power import noncentral_t
from evaluation.measure.values import SAME, finite, same_people

_FARTHEST_T = 1e5  # the noncentral distribution cannot be computed much beyond


@dataclass(frozen=True, slots=True)
class Standardised:
    """``d`` = mean change / one standard deviation, ``g`` = ``d`` times the small-sample factor J.

    ``d_interval`` and ``g_interval`` take ``d`` as normal with standard error ``se``.
    """

    d: float
    se: float
    d_interval: Interval
    g: float
    g_interval: Interval


@dataclass(frozen=True, slots=True)
class StandardisedChange:
    """The mean change of ``n`` pairs by the SD at the start (``by_baseline``: Glass, Becker), by both
    waves' mean variance (``by_average``), by that of the change corrected for the correlation ``r``
    of the waves (``by_repeated``; None where ``r`` is 1) and by that of the change (``by_change``: d_z)."""

    n: int
    j: float
    r: float
    sd_start: float
    sd_end: float
    by_baseline: Standardised
    by_average: Standardised
    by_repeated: Standardised | None
    by_change: Standardised


def standardised_change(start: ArrayLike, end: ArrayLike, *, alpha: float = 0.05) -> StandardisedChange | None:
    """Standardised mean changes of the same people (points, one number per person and wave, no NaN).

    None below three people, where the scores of a wave do not vary, or where the changes do not.
    Becker (1988), British J. of Math. & Stat. Psychology 41; Cumming (2012) for d_av; Borenstein
    et al. (2009) for d_rm; J by the gamma function, Hedges (1981). Raises Contradiction for a score
    that is missing or no finite number, and for waves of different length.
    """
    before, after = finite(start), finite(end)
    same_people(before, after)
    n = before.size
    if n < 3 or any(np.ptp(np.round(values, SAME)) == 0 for values in (before, after, after - before)):
        return None
    mean = float(np.mean(after - before))
    sd_start, sd_end, sd = (float(v.std(ddof=1)) for v in (before, after, after - before))
    r = float(np.corrcoef(before, after)[0, 1])
    apart = 2 * (1 - r)
    average = sqrt((sd_start**2 + sd_end**2) / 2)
    repeated = sd / sqrt(apart) if apart > 1e-12 else None  # where one wave foretells the other nothing is left
    j = small_sample_factor(n - 1)
    z = float(ndtri(1 - alpha / 2))

    def by(divisor: float, variance: float) -> Standardised:
        d, half = mean / divisor, z * sqrt(variance)
        return Standardised(d, sqrt(variance), (d - half, d + half), j * d, (j * (d - half), j * (d + half)))

    return StandardisedChange(
        n=n,
        j=j,
        r=r,
        sd_start=sd_start,
        sd_end=sd_end,
        by_baseline=by(sd_start, apart / n + (mean / sd_start) ** 2 / (2 * n)),
        by_average=by(average, (sd / average) ** 2 / n),
        by_repeated=by(repeated, (1 / n + (mean / repeated) ** 2 / (2 * n)) * apart) if repeated else None,
        by_change=by(sd, 1 / n + (mean / sd) ** 2 / (2 * n)),
    )


def small_sample_factor(df: int) -> float:
    """Hedges' J: what a d on ``df`` ≥ 2 degrees of freedom is to be multiplied by; TooFew below."""
    part_of(df, least=2)
    return exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)


def noncentral_interval(d_z: float, n: int, *, alpha: float = 0.05) -> Interval:
    """The interval of ``d_z`` of ``n`` ≥ 2 people that inverts the noncentral t distribution.

    Steiger & Fouladi (1997). Raises TooFew below two people, Contradiction for a ``d_z`` that no
    scores could give.
    """
    part_of(n, least=2)
    t, root = d_z * sqrt(n), sqrt(n)
    if not abs(t) <= _FARTHEST_T:
        raise Contradiction("measure.statistics.unlikely_change")
    reach = abs(t) * 2 + 40  # far beyond any limit: t on one degree of freedom included

    def where(share: float) -> float:
        return crossing(lambda nc: noncentral_t(n - 1, nc, t) - share, t - reach, t + reach) / root

    return where(1 - alpha / 2), where(alpha / 2)
