"""The mean change of each outcome as it may leave, and in a waiting-list design the served against the waiting."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Literal

from evaluation.measure.outcomes.change import Change
from evaluation.measure.outcomes.waiting import Adjusted
from evaluation.measure.results import Results
from evaluation.project.draft.counting import outcome_labels
from evaluation.release.released import Mean
from evaluation.release.system.means import tellable, withheld
from evaluation.rounding import rounded
from evaluation.schema import Outcome, Scale

NOT_TOLD = withheld("too_few")
"""The refusal's own sentence may hold counts of people; it stays inside, and all reasons share one outside."""


def trusted(results: Results, change: Change) -> bool:
    """Whether a report may say that the outcome's items bear a total.

    That says that the plan's ``alpha_people`` answered at the start; where it would say something of the
    few who did not, no total is called trusted.
    """
    if change.trust is None:
        return True
    threshold = results.declaration.file.rules.threshold
    others = change.enrolled - results.declaration.plan.alpha_people
    return change.trust.headlined and (threshold <= 1 or others >= threshold)


def means(results: Results, outcome: Outcome) -> Iterator[Mean]:
    """The mean change of all enrolled; before it, in a waiting-list design, the served against the waiting."""
    change, compared = results.changes[outcome.id], results.waiting.get(outcome.id)
    if compared is not None:
        adjusted = compared.adjusted
        borne = adjusted is not None and change.headline != "none" and _bearable(results, adjusted)
        estimate = (adjusted.difference, adjusted.low, adjusted.high) if adjusted is not None and borne else None
        yield _mean(results, outcome, change, "waiting list", estimate, primary=outcome.primary)
    made = _of_all(results, outcome, change)
    # Of the same people as the change, so that no mean of some of them stands beside one of all.
    start = change.means.baseline if made.change is not None else None
    yield dataclasses.replace(made, start=None if start is None else _rounded(start))


def later(results: Results, outcome: Outcome) -> Iterator[Mean]:
    """The mean change of all enrolled up to each wave after the end."""
    for wave, change in results.follow_ups[outcome.id].items():
        made, labels = _of_all(results, outcome, change), results.declaration.wave(wave).labels
        yield dataclasses.replace(made, id=later_name(outcome, wave), wave=wave, wave_labels=labels)


def _of_all(results: Results, outcome: Outcome, change: Change) -> Mean:
    # Always the same method: a choice by retention would tell the reader how many stayed.
    model = change.means.all_enrolled if change.headline != "none" else None
    estimate = (model.estimate, model.low, model.high) if model else None
    primary = outcome.primary and outcome.id not in results.waiting
    return _mean(results, outcome, change, "all enrolled", estimate, primary=primary)


def later_name(outcome: Outcome, wave: str) -> str:
    """What the mean up to a wave after the end is called; the variable of who is behind it adds ``.pairs``."""
    return f"{outcome.id}.{wave}"


def _mean(
    results: Results,
    outcome: Outcome,
    change: Change,
    method: Literal["all enrolled", "waiting list"],
    estimate: tuple[float, float, float] | None,
    *,
    primary: bool,
) -> Mean:
    """The mean of a change with its interval, (estimate, low, high) in points; what only one method has is left out."""
    planned, scale = results.changes[outcome.id], results.declaration.scale(outcome)
    point, low, high = map(_rounded, estimate) if estimate is not None else (None, None, None)
    detectable, reliability = published_error(outcome, scale)
    return Mean(
        id=outcome.id if method == "all enrolled" else f"{outcome.id}.waiting",
        labels=outcome_labels(outcome.labels, preplanned=planned.preplanned),
        method=method,
        n=change.pairs,
        of=change.enrolled,
        change=point,
        low=low,
        high=high,
        direction=scale.direction,
        scale_minimum=scale.minimum,
        scale_maximum=scale.maximum,
        confidence=1 - results.declaration.plan.alpha,
        primary=primary,
        preplanned=planned.preplanned,
        step=outcome.step,
        withheld={} if estimate is not None else NOT_TOLD,
        trusted=trusted(results, planned),
        detectable=detectable,
        reliability=reliability,
    )


def published_error(outcome: Outcome, scale: Scale) -> tuple[float | None, float | None]:
    """The published detectable change, else the reliability: the plan's with its source, or the questionnaire's.

    Never the sample's own, which rests on hidden answers, and nothing that nobody read at its source.
    """
    read = {one.kind: one.value for one in reversed(scale.evidence) if one.status == "read"}
    if "detectable" in read:
        return read["detectable"], None
    if outcome.reliability is not None and outcome.reliability_source:
        return None, outcome.reliability
    return None, read.get("reliability")


def _bearable(results: Results, compared: Adjusted) -> bool:
    """Whether the comparison may be told: whoever sees it knows that enough of each group answered twice."""
    plan, people = results.declaration.plan, results.frames["participants"]
    threshold = results.declaration.file.rules.threshold
    served = int(people[plan.served_column].eq(plan.served_code).sum())
    groups = ((compared.served, served), (compared.waiting, len(people) - served))
    return all(tellable(n, of, threshold) for n, of in groups)


def _rounded(value: float) -> float:
    """One decimal, as printed."""
    return float(rounded(value, 1))
