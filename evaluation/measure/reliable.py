"""Is one person's change more than the noise of measurement: the reliable change index, counted over people."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtri

from evaluation.measure.change import Change
from evaluation.measure.paired import SAME
from evaluation.measure.reliability import Reliability
from evaluation.schema import Plan

Category = Literal["Improved", "Unchanged", "Deteriorated"]


@dataclass(frozen=True, slots=True)
class MeasurementError:
    """What a score with this ``sd`` and reliability is uncertain by, in points.

    ``of_score`` is the standard error of one score (SEM), ``of_difference`` that of the difference
    of two.
    """

    sd: float
    of_score: float
    of_difference: float

    def threshold(self, *, alpha: float = 0.05) -> float:
        """The change in points beyond which noise alone goes in a share ``alpha`` of people."""
        return float(ndtri(1 - alpha / 2)) * self.of_difference


@dataclass(frozen=True, slots=True)
class ReliableChange:
    """Of ``n`` people, how many changed by more than ``threshold`` points: for the better, for the worse.

    ``reliability`` and its ``source`` are what the threshold rests on; ``approximate`` where it is
    the own sample's alpha, which then names no source. ``step_within_noise``: the step that the plan
    counts as improved is smaller than the threshold, so that one person's step may be noise.
    """

    n: int
    improved: int
    same: int
    worse: int
    threshold: float
    reliability: float
    source: str
    approximate: bool
    step_within_noise: bool


def measurement_error(sd: float, reliability: float) -> MeasurementError:
    """The error of a score from the baseline ``sd`` (points, above 0) and a ``reliability`` of 0…1.

    Jacobson & Truax (1991), J. of Consulting and Clinical Psychology 59. Raises ValueError outside.
    """
    if not (sd > 0 and 0 <= reliability <= 1):
        raise ValueError("A measurement error needs a standard deviation above 0 and a reliability from 0 to 1.")
    of_score = sd * sqrt(1 - reliability)
    return MeasurementError(sd, of_score, of_score * sqrt(2))


def category(index: float, *, critical: float) -> Category:
    """The verdict on one reliable change ``index`` (change in the good direction / its standard error)."""
    if abs(index) <= critical:
        return "Unchanged"
    return "Improved" if index > 0 else "Deteriorated"


def cutoff_c(mean: float, sd: float, functional_mean: float, functional_sd: float) -> float:
    """The score as many SDs from this group's ``mean`` as from the functional population's."""
    return (sd * functional_mean + functional_sd * mean) / (sd + functional_sd)


def with_cutoff(verdict: Category, *, before_well: bool, after_well: bool) -> str:
    """The verdict together with which side of the cut-off a person was on: Recovered, Harmed, or as it was."""
    if verdict == "Improved" and after_well and not before_well:
        return "Recovered"
    return "Harmed" if verdict == "Deteriorated" and before_well and not after_well else verdict


def reliable_counts(
    gains: ArrayLike, *, sd: float, reliability: float, source: str = "", step: float = 0.0, alpha: float = 0.05
) -> ReliableChange:
    """Counts of ``gains`` (points in the good direction, one per pair, no NaN) beyond the threshold.

    ``sd`` of everyone's baseline in points. Without ``source`` the reliability is taken for the own
    sample's. ValueError as for ``measurement_error``.
    """
    points = np.round(np.asarray(gains, dtype=np.float64), SAME)
    threshold = measurement_error(sd, reliability).threshold(alpha=alpha)
    improved, worse = int((points > threshold).sum()), int((points < -threshold).sum())
    same = points.size - improved - worse
    within = step < threshold
    return ReliableChange(points.size, improved, same, worse, threshold, reliability, source, not source, within)


def reliable_change(
    change: Change, scores: pd.DataFrame, plan: Plan, *, own: Reliability | None = None
) -> ReliableChange | None:
    """Reliable change of the people in ``change.paired``, from the same ``scores`` that made ``change``.

    The plan's reliability with its source where it has both; else ``own``, the alpha of this sample's
    baseline. None without either, where alpha is not above 0, or where the baseline is refused or
    does not vary.
    """
    sd = change.means.baseline_sd
    declared = change.outcome.reliability if change.outcome.reliability_source else None
    found = declared if declared is not None else own.cronbach if own is not None else None
    if not sd or found is None or found <= 0:
        return None
    of_scale = scores[(scores["scale"] == change.outcome.scale) & scores["participant"].isin(change.paired)]
    wide = of_scale.pivot(index="participant", columns="wave", values="score")
    gains = (wide[plan.endline] - wide[plan.baseline]).to_numpy(dtype=np.float64)
    return reliable_counts(
        gains if change.scale.direction == "higher" else -gains,
        sd=sd,
        reliability=min(found, 1.0),
        source=change.outcome.reliability_source if declared is not None else "",
        step=change.outcome.step,
        alpha=change.alpha,
    )
