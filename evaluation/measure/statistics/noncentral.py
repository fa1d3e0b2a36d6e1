"""The noncentral t distribution, with the far tails that scipy leaves undefined."""

from __future__ import annotations

from math import isnan

from scipy.special import nctdtr


def noncentral_t(df: float, nc: float, t: float) -> float:
    """P(T <= t). scipy gives NaN where ``nc`` and ``t`` are so far apart that this is 0 or 1 to the last digit."""
    chance = float(nctdtr(df, nc, t))
    return (1.0 if nc < t else 0.0) if isnan(chance) else chance
