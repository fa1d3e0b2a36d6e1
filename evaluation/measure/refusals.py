"""What is declined or warned about: each rule that applied, with the facts that its sentence tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from evaluation.measure.outcomes.missing import Unpredicted, Vector
from evaluation.measure.outcomes.near_ends import NearEnds
from evaluation.measure.statistics.reliability import Reliability, against_the_rest
from evaluation.measure.values import SAME
from evaluation.rounding import in_percent, rounded
from evaluation.schema import Evidence, Outcome, Plan, Scale
from evaluation.texts import Message

if TYPE_CHECKING:
    from evaluation.measure.statistics.reliable_change import ReliableChange

COUNTS_ONLY = frozenset({"nobody_enrolled", "no_baseline", "no_pairs", "few_pairs", "ordinal"})
"""Refusals after which only counts of people are left."""

NO_HEADLINE = COUNTS_ONLY | {"no_spread", "low_retention", "no_prediction"}
"""Refusals because of which there is no mean change to head what is told."""


CAUTIONS = frozenset(
    {
        "very_few_pairs",
        "few_changes",
        "moderate_retention",
        "many_primary",
        "reversed_item",
        "ceiling",
        "floor",
        "step_within_noise",
        "published_within_noise",
    }
)
"""Those after which there is a number, to be read with care."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One rule that applied: ``message`` says so. It may hold counts of people: it is for inside the house."""

    id: str
    message: Message

    @property
    def kind(self) -> Literal["refused", "caution"]:
        """``refused``: a number is missing; ``caution``: one to read with care."""
        return "caution" if self.id in CAUTIONS else "refused"


def refusal(identifier: str, /, **facts: object) -> Refusal:
    """The refusal with this id and the facts that its sentence tells."""
    return Refusal(identifier, Message(f"measure.refusal.{identifier}", **facts))


def no_prediction(why: Unpredicted) -> Refusal:
    """That there is no estimate for everyone enrolled, with the reason."""
    return refusal("no_prediction", why=Message(f"measure.unpredicted.{why}"))


def noise_cautions(outcome: Outcome, scale: Scale, reliable: ReliableChange | None) -> tuple[Refusal, ...]:
    """Where a step or a published threshold is smaller than what one person's score may change by error alone.

    The error is that of the reliability that the plan declares, else the one published about the scale,
    else that of ``reliable``.
    """
    declared = outcome.reliability is not None and outcome.reliability_source != ""
    error, source = _error(scale, reliable, declared=declared)
    cautions, noise = [], rounded(error, 1)
    if outcome.step < error:
        cautions.append(refusal("step_within_noise", step=rounded(outcome.step, 1), error=noise, source=source))
    cautions += [
        refusal("published_within_noise", points=rounded(one.value, 1), error=noise, source=_source(one))
        for one in scale.published("change")
        if one.value < error
    ]
    return tuple(cautions)


def _error(scale: Scale, reliable: ReliableChange | None, *, declared: bool) -> tuple[float, str | Message]:
    """The change in points that error alone can bring (95 %), and where that is known from; 0 where it is not."""
    if (published := scale.published("detectable")) and not (declared and reliable is not None):
        return published[0].value, _source(published[0])
    if reliable is None:
        return 0.0, ""
    return reliable.threshold, reliable.source or Message("measure.own_sample")


def _source(one: Evidence) -> Message:
    return Message("measure.evidence", source=one.source, population=one.labels)


def reversed_items(reliability: Reliability | None, scale: Scale, plan: Plan) -> tuple[Refusal, ...]:
    """A caution that names the items that go against the rest of their scale, and asks whether their keys are right."""
    places = () if reliability is None else against_the_rest(reliability, alpha=plan.alpha)
    if reliability is None or not places:
        return ()
    weakest = min(reliability.item_rest[place] or 0.0 for place in places)
    names = tuple(scale.items[place] for place in places)
    return (refusal("reversed_item", items=names, r=weakest),)


def end_cautions(near: NearEnds, scale: Scale, plan: Plan) -> tuple[Refusal, ...]:
    """Where so many began near an end of the scale that their scores could hardly move on; never of levels."""
    if not near.first or scale.transform == "ordinal":
        return ()
    counted = (("ceiling", near.first_highest), ("floor", near.first_lowest))
    return tuple(
        refusal(name, near=people, first=near.first, step=rounded(near.step, 1))
        for name, people in counted
        if people >= plan.near_end_share * near.first
    )


def refusals_for(enrolled: int, at_baseline: int, differences: Vector, scale: Scale, plan: Plan) -> tuple[Refusal, ...]:
    """The rules of docs/statistics.md, What is refused, that apply to these pairs, refused before cautions.

    ``differences``: one per pair, in points, no NaN. The plan's ``minimum_pairs`` and
    ``minimum_released`` bound pairs and changed pairs alike.
    """
    refused = [*_refused(enrolled, at_baseline, differences, scale, plan)]
    if len(differences) >= max(plan.minimum_pairs, 1):
        refused += _doubtful(differences, plan, at_baseline)
    return tuple(sorted(refused, key=lambda refusal: refusal.kind == "caution"))


def _refused(enrolled: int, at_baseline: int, differences: Vector, scale: Scale, plan: Plan) -> Iterator[Refusal]:
    pairs = len(differences)
    if not pairs:
        yield refusal("nobody_enrolled" if not enrolled else "no_baseline" if not at_baseline else "no_pairs")
        return
    if scale.transform == "ordinal":
        yield refusal("ordinal")
    if pairs < plan.minimum_pairs:
        yield refusal("few_pairs", pairs=pairs, minimum=plan.minimum_pairs)
        return
    if np.ptp(np.round(differences, SAME)) == 0 and scale.transform != "ordinal":
        yield refusal("no_spread")
    if pairs / at_baseline < plan.minimum_retention:
        yield refusal(
            "low_retention",
            pairs=pairs,
            first=at_baseline,
            minimum=int(in_percent(plan.minimum_retention)),
        )


def _doubtful(differences: Vector, plan: Plan, at_baseline: int) -> Iterator[Refusal]:
    pairs, nonzero = len(differences), int(np.count_nonzero(np.round(differences, SAME)))
    if nonzero < plan.minimum_pairs:
        yield refusal("no_test", nonzero=nonzero, minimum=plan.minimum_pairs)
    elif nonzero < plan.minimum_released:
        yield refusal("few_changes", nonzero=nonzero, minimum=plan.minimum_released)
    if pairs < plan.minimum_released:
        yield refusal("very_few_pairs", pairs=pairs, minimum=plan.minimum_released)
    if plan.minimum_retention <= pairs / at_baseline < plan.tipping_below:
        yield refusal("moderate_retention", pairs=pairs, first=at_baseline)
