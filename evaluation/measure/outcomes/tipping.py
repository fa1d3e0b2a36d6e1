"""How far those without an end score would have to be from what was predicted before the estimate is another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluation.measure.outcomes.change import Change
from evaluation.measure.values import SAME


@dataclass(frozen=True, slots=True)
class Tipping:
    """``delta``: points by which those missing would on average have to end above what was predicted of them.

    ``possible``: whether the ends of the scale leave room for that.
    """

    delta: float
    possible: bool


def missing_people(change: Change) -> int:
    """People without an end score whom the estimate for everyone enrolled predicts."""
    model = change.means.all_enrolled
    return 0 if model is None else model.n - model.completers


def tipping(change: Change, value: float) -> Tipping | None:
    """Where the estimate for everyone enrolled would be ``value``, in raw points; None where nobody is predicted."""
    model, limits = change.means.all_enrolled, change.means.bounds
    if model is None or limits is None or not missing_people(change):
        return None
    low, wanted, high = np.round([limits[0], value, limits[1]], SAME)
    return Tipping((value - model.estimate) * model.n / missing_people(change), bool(low <= wanted <= high))


def tipping_of_interval(change: Change) -> Tipping | None:
    """Where the interval's limit nearer to 0 would be 0: of the opposite sign where the interval already holds 0."""
    model = change.means.all_enrolled
    return (
        None if model is None else tipping(change, model.estimate - (model.low if model.estimate > 0 else model.high))
    )
