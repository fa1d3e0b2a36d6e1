"""Two waves become one change per outcome: counts, mean, interval, test, everyone enrolled, refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evaluation.errors import Contradiction
from evaluation.measure.attendance import enrolled_once
from evaluation.measure.frames import reporting
from evaluation.measure.outcomes.missing import AllEnrolled, Unpredicted, Vector, bounds, if_nothing_gained, predicted
from evaluation.measure.outcomes.near_ends import NearEnds, near_ends
from evaluation.measure.outcomes.trust import Trust, trust
from evaluation.measure.refusals import (
    COUNTS_ONLY,
    NO_HEADLINE,
    Refusal,
    end_cautions,
    no_prediction,
    noise_cautions,
    refusals_for,
    reversed_items,
)
from evaluation.measure.statistics.counts import Interval
from evaluation.measure.statistics.exact import SignFlip, sign_flip, sign_flip_interval
from evaluation.measure.statistics.paired import Directions, PairedT, directions, paired_t
from evaluation.measure.statistics.reliable_change import ReliableChange, reliable_change
from evaluation.measure.statistics.standardised import StandardisedChange, standardised_change
from evaluation.measure.values import SAME
from evaluation.schema import Outcome, Plan, Scale


@dataclass(frozen=True, slots=True)
class Means:
    """Everything about the mean change, endline - baseline in raw points; None was refused.

    ``baseline`` and ``baseline_sd`` are of everyone with a baseline, ``paired_baseline`` and
    ``endline`` of the pairs, so that ``t.mean`` is their difference.
    """

    baseline: float | None = None
    baseline_sd: float | None = None
    paired_baseline: float | None = None
    endline: float | None = None
    t: PairedT | None = None
    exact: SignFlip | None = None
    exact_interval: tuple[float | None, float | None] | None = None
    all_enrolled: AllEnrolled | None = None
    bounds: Interval | None = None
    if_nothing_gained: float | None = None
    standardised: StandardisedChange | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One outcome between baseline and endline, in raw points of the scale.

    ``enrolled`` is everybody; ``reporting`` those who agreed to be reported on, from whom all the
    rest is. ``paired`` are the participants with both scores; ``improved_by_step`` and
    ``worse_by_step`` those among them who moved by at least the plan's step, in the scale's good
    and bad direction. ``refusals`` begins with those for which ``headline`` is "none".

    ``trust``: whether the items at baseline bear a total; None for a scale of one item. ``reliable``:
    whose change is more than measurement error; None where it cannot be said. ``near_ends``: how many
    scores lie near the ends of the scale. ``preplanned`` and
    ``p_holm`` (the exact p after Holm over the primary outcomes; None for others and where refused)
    are known only once all outcomes and the locks of the plan are.
    """

    outcome: Outcome
    scale: Scale
    alpha: float
    enrolled: int
    reporting: int
    at_baseline: int
    at_endline: int
    paired: tuple[str, ...]
    improved_by_step: tuple[str, ...]
    worse_by_step: tuple[str, ...]
    directions: Directions
    means: Means
    headline: Literal["paired", "all enrolled", "none"]
    show_tipping: bool
    refusals: tuple[Refusal, ...]
    trust: Trust | None = None
    reliable: ReliableChange | None = None
    near_ends: NearEnds | None = None
    preplanned: bool = True
    p_holm: float | None = None

    def __repr__(self) -> str:
        """The outcome, how many have both scores, and its headline in points; no participant's code."""
        estimate = self.headline_estimate
        headline = "no headline" if estimate is None else f"{estimate:+.2g} points ({self.headline})"
        return f"<Change of {self.outcome.id}: {self.pairs} pairs of {self.enrolled}, {headline}>"

    @property
    def untrusted(self) -> tuple[Refusal, ...]:
        """Why the items bear no total; empty where they do, and for a scale of one item."""
        return () if self.trust is None else self.trust.refusals

    @property
    def headlined(self) -> bool:
        """Whether the mean change heads what is told: there is one, and its items bear a total."""
        return self.headline != "none" and not self.untrusted

    @property
    def pairs(self) -> int:
        return len(self.paired)

    @property
    def retention(self) -> float | None:
        """Pairs among those with a baseline (0–1); None where nobody has one."""
        return self.pairs / self.at_baseline if self.at_baseline else None

    @property
    def higher(self) -> int:
        return self.directions.higher

    @property
    def same(self) -> int:
        return self.directions.same

    @property
    def lower(self) -> int:
        return self.directions.lower

    @property
    def improved(self) -> int:
        """Pairs that moved in the scale's good direction, however little."""
        return self.higher if self.scale.direction == "higher" else self.lower

    @property
    def worse(self) -> int:
        return self.lower if self.scale.direction == "higher" else self.higher

    @property
    def headline_estimate(self) -> float | None:
        """The mean change to print first, in raw points; None where ``headline`` is "none"."""
        return None if self._headlined is None else self._headlined[0]

    @property
    def headline_interval(self) -> Interval | None:
        return None if self._headlined is None else self._headlined[1:]

    @property
    def _headlined(self) -> tuple[float, float, float] | None:
        if self.headline == "paired" and self.means.t is not None:
            return self.means.t.mean, self.means.t.low, self.means.t.high
        if self.headline == "all enrolled" and self.means.all_enrolled is not None:
            model = self.means.all_enrolled
            return model.estimate, model.low, model.high
        return None


def outcome_change(
    scores: pd.DataFrame,
    participants: pd.DataFrame,
    outcome: Outcome,
    scale: Scale,
    plan: Plan,
    *,
    items: ArrayLike | None = None,
) -> Change:
    """The whole primary block of one outcome (docs/statistics.md).

    ``scores``: one row per participant × wave × scale (participant, wave, scale, score in points;
    NaN = too few answers). ``participants``: one row per enrolled person; where it has
    ``consent_reporting``, only those who said yes are looked at. ``items``: people × items of the
    scale at baseline (scoring.keyed_items); without it nothing is said of reliability. Raises
    Contradiction where a person has two scores in one wave, is enrolled twice, or has a score that is
    infinite or outside the scale.
    """
    of = _compared(scores[scores["scale"] == outcome.scale], _reporting(participants), plan)
    _within(of, scale, outcome)
    better = np.round(of.differences if scale.direction == "higher" else -of.differences, SAME)
    refused = refusals_for(len(participants), of.known.size, of.differences, scale, plan)
    means, unpredicted = _means(of, scale, plan, {refusal.id for refusal in refused})
    if unpredicted is not None:
        refused = (no_prediction(unpredicted), *refused)
    judged = None if items is None or len(scale.items) < 2 else trust(items, plan)
    own = judged.reliability if judged else None
    sd = means.baseline_sd or 0.0
    reliable = reliable_change(better, outcome, scale, sd=sd, own=own, alpha=plan.alpha)
    near = near_ends(of.start, of.end, minimum=scale.minimum, maximum=scale.maximum, step=outcome.step)
    refused += (judged.refusals if judged else ()) + reversed_items(own, scale, plan)
    refused += end_cautions(near, scale, plan) + noise_cautions(outcome, scale, reliable)
    return Change(
        outcome=outcome,
        scale=scale,
        alpha=plan.alpha,
        enrolled=len(participants),
        reporting=of.people.size,
        at_baseline=of.known.size,
        at_endline=int((~np.isnan(of.end)).sum()),
        paired=tuple(of.people[of.both].tolist()),
        improved_by_step=tuple(of.people[of.both][better >= outcome.step].tolist()),
        worse_by_step=tuple(of.people[of.both][better <= -outcome.step].tolist()),
        directions=directions(of.differences),
        means=means,
        headline=_headline(of.retention, means, plan),
        show_tipping=means.all_enrolled is not None and of.retention < plan.tipping_below,
        refusals=tuple(sorted(refused, key=lambda one: (one.kind == "caution", one.id not in NO_HEADLINE))),
        trust=judged,
        reliable=reliable,
        near_ends=near,
    )


def _within(of: _Compared, scale: Scale, outcome: Outcome) -> None:
    """Raises Contradiction for a score that the scale cannot give; NaN is none."""
    for wave in (of.start, of.mid, of.end):
        points = np.empty(0) if wave is None else wave[~np.isnan(wave)]
        if ((points < scale.minimum - 1e-6) | (points > scale.maximum + 1e-6)).any():
            raise Contradiction(
                "measure.score_outside_scale", scale=outcome.scale, minimum=scale.minimum, maximum=scale.maximum
            )


@dataclass(frozen=True, slots=True)
class _Compared:
    """One entry per person who may be reported on: scores in points, NaN = none."""

    people: NDArray[np.object_]
    start: Vector
    mid: Vector | None
    end: Vector

    @property
    def both(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.start) & ~np.isnan(self.end)

    @property
    def differences(self) -> Vector:
        return (self.end - self.start)[self.both]

    @property
    def known(self) -> Vector:
        return self.start[~np.isnan(self.start)]

    @property
    def retention(self) -> float:
        return int(self.both.sum()) / self.known.size if self.known.size else 0.0


def _reporting(participants: pd.DataFrame) -> pd.Series[str]:
    enrolled_once(participants)
    if "consent_reporting" not in participants.columns:
        return participants["participant"]
    return reporting(participants)


def _compared(scores: pd.DataFrame, people: pd.Series[str], plan: Plan) -> _Compared:
    waves = [wave for wave in (plan.baseline, plan.mid, plan.endline) if wave]
    place = pd.Index(people).get_indexer(pd.Index(scores["participant"]))
    at, points = scores["wave"].to_numpy(dtype=object), scores["score"].to_numpy(dtype=np.float64, na_value=np.nan)
    column = {wave: _of_wave(wave, place[at == wave], points[at == wave], people.size) for wave in waves}
    return _Compared(people.to_numpy(dtype=object), column[plan.baseline], column.get(plan.mid), column[plan.endline])


def _of_wave(wave: str, place: NDArray[np.intp], points: Vector, people: int) -> Vector:
    """One score per person (``place``: her row, -1 = not among them), NaN = none."""
    place, points = place[place >= 0], points[place >= 0]
    if np.unique(place).size < place.size:
        raise Contradiction("measure.two_scores", wave=wave)
    column = np.full(people, np.nan)
    column[place] = points
    return column


def _means(of: _Compared, scale: Scale, plan: Plan, refused: set[str]) -> tuple[Means, Unpredicted | None]:
    """Whatever the refusals leave to be computed, and why nothing is predicted where it was tried.

    Nothing at all where only counts may be shown.
    """
    if refused & COUNTS_ONLY:
        return Means(), None
    spread = "no_spread" not in refused
    ends = {"minimum": scale.minimum, "maximum": scale.maximum}
    model: AllEnrolled | Unpredicted | None = None
    if spread and "low_retention" not in refused:
        model = predicted(of.start, of.end, mid=of.mid, alpha=plan.alpha, **ends)
    made = Means(
        baseline=float(of.known.mean()),
        baseline_sd=float(of.known.std(ddof=1)) if of.known.size > 1 else None,
        paired_baseline=float(of.start[of.both].mean()),
        endline=float(of.end[of.both].mean()),
        t=paired_t(of.differences, alpha=plan.alpha) if spread else None,
        exact=None if "no_test" in refused else sign_flip(of.differences),
        exact_interval=sign_flip_interval(of.differences, alpha=plan.alpha) if spread else None,
        all_enrolled=model if isinstance(model, AllEnrolled) else None,
        bounds=bounds(of.start, of.end, **ends),
        if_nothing_gained=if_nothing_gained(of.start, of.end),
        standardised=standardised_change(of.start[of.both], of.end[of.both], alpha=plan.alpha) if spread else None,
    )
    return made, None if isinstance(model, AllEnrolled) else model


def _headline(retention: float, means: Means, plan: Plan) -> Literal["paired", "all enrolled", "none"]:
    if means.t is None or retention < plan.minimum_retention:
        return "none"
    if retention >= plan.high_retention:
        return "paired"
    return "none" if means.all_enrolled is None else "all enrolled"
