"""Is one person's change more than the noise of measurement: the reliable change index, counted over people."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from evaluation.errors import Contradiction
from evaluation.measure.statistics.reliability import Reliability
from evaluation.measure.values import SAME, finite
from evaluation.schema import Labels, Outcome, Scale

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

    ``reliability``, its ``source`` and the ``population`` it was found in are what the threshold rests
    on; ``approximate`` where it is the own sample's alpha, which then names no source.
    """

    n: int
    improved: int
    same: int
    worse: int
    threshold: float
    reliability: float
    source: str
    approximate: bool
    population: Labels = field(default_factory=dict)


def measurement_error(sd: float, reliability: float) -> MeasurementError:
    """The error of a score from the baseline ``sd`` (points, above 0) and a ``reliability`` of 0…1.

    Jacobson & Truax (1991), J. of Consulting and Clinical Psychology 59. Raises Contradiction outside.
    """
    if not (0 < sd < inf and 0 <= reliability <= 1):
        raise Contradiction("measure.statistics.no_measurement_error")
    of_score = sd * sqrt(1 - reliability)
    return MeasurementError(sd, of_score, of_score * sqrt(2))


def category(index: float, *, critical: float) -> Category:
    """The verdict on one reliable change ``index`` (change in the good direction / its standard error)."""
    if abs(index) <= critical:
        return "Unchanged"
    return "Improved" if index > 0 else "Deteriorated"


def cutoff_c(mean: float, sd: float, functional_mean: float, functional_sd: float) -> float:
    """The score as many SDs from this group's ``mean`` as from the functional population's.

    Raises Contradiction where neither group varies.
    """
    if not sd + functional_sd > 0:
        raise Contradiction("measure.statistics.no_cutoff")
    return (sd * functional_mean + functional_sd * mean) / (sd + functional_sd)


def with_cutoff(verdict: Category, *, before_well: bool, after_well: bool) -> str:
    """The verdict together with which side of the cut-off a person was on: Recovered, Harmed, or as it was."""
    if verdict == "Improved" and after_well and not before_well:
        return "Recovered"
    return "Harmed" if verdict == "Deteriorated" and before_well and not after_well else verdict


def reliable_counts(
    gains: ArrayLike,
    *,
    sd: float,
    reliability: float,
    source: str = "",
    population: Labels | None = None,
    alpha: float = 0.05,
) -> ReliableChange:
    """Counts of ``gains`` (points in the good direction, one per pair, no NaN) beyond the threshold.

    ``sd`` of everyone's baseline in points. Without ``source`` the reliability is taken for the own
    sample's. Contradiction as for ``measurement_error``, and for a gain that is no finite number.
    """
    points = np.round(finite(gains), SAME)
    threshold = measurement_error(sd, reliability).threshold(alpha=alpha)
    improved, worse = int((points > threshold).sum()), int((points < -threshold).sum())
    return ReliableChange(
        n=points.size,
        improved=improved,
        same=points.size - improved - worse,
        worse=worse,
        threshold=threshold,
        reliability=reliability,
        source=source,
        approximate=not source,
        population=population or {},
    )


def reliable_change(
    gains: ArrayLike, outcome: Outcome, scale: Scale, *, sd: float, own: Reliability | None = None, alpha: float = 0.05
) -> ReliableChange | None:
    """Reliable change of the pairs with these ``gains``; ``sd`` of everyone's baseline in points.

    The reliability is the plan's, where it has one with its source; else the first that was published
    about ``scale``; else that of ``own``, this sample's baseline. None without any, where alpha is not
    above 0, or where the baseline does not vary.
    """
    reliability, source, population = _reliability(outcome, scale, own)
    if not sd > 0 or reliability is None or reliability <= 0:
        return None
    return reliable_counts(
        gains,
        sd=sd,
        reliability=min(reliability, 1.0),
        source=source,
        population=population,
        alpha=alpha,
    )


def _reliability(outcome: Outcome, scale: Scale, own: Reliability | None) -> tuple[float | None, str, Labels]:
    if outcome.reliability is not None and outcome.reliability_source:
        return outcome.reliability, outcome.reliability_source, {}
    if published := scale.published("reliability"):
        return published[0].value, published[0].source, published[0].labels
    return (own.cronbach if own is not None else None), "", {}
