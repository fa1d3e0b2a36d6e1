"""What change the planned number of people could find, told before any data."""

from __future__ import annotations

from collections.abc import Iterator

from evaluation.errors import BadArgument
from evaluation.measure.statistics.power import minimal_detectable, smallest_n
from evaluation.schema import Declaration, Outcome
from evaluation.texts import Message


def power_lines(declaration: Declaration, *, pairs: int | None = None) -> Iterator[Message]:
    """What change ``pairs`` people (else everyone planned) would find with 80 % power, in sentences.

    Raises BadArgument for fewer pairs than the plan tests.
    """
    plan, n = declaration.plan, declaration.file.planned_participants if pairs is None else pairs
    if n < max(2, plan.minimum_pairs):
        raise BadArgument("project.power.too_few", minimum=plan.minimum_pairs, n=n)
    least = minimal_detectable(n, alpha=plan.alpha)
    waves = {"baseline": plan.baseline, "endline": plan.endline}
    yield Message("project.power.detectable", n=n, **waves, least=least, alpha=plan.alpha)
    stay = n * 4 // 5
    if stay >= max(2, plan.minimum_pairs):
        yield Message("project.power.one_in_five", pairs=stay, least=minimal_detectable(stay, alpha=plan.alpha))
    primary = len(plan.primary)
    if primary > 1:
        strict = minimal_detectable(n, alpha=plan.alpha / primary)
        yield Message("project.power.holm", primary=primary, alpha=plan.alpha / primary, least=strict)
    for outcome in plan.outcomes:
        yield from _power_of(declaration, outcome, least)


def _power_of(declaration: Declaration, outcome: Outcome, least: float) -> Iterator[Message]:
    plan, scale, worth = declaration.plan, declaration.scale(outcome), outcome.smallest_worthwhile
    name, sd = outcome.labels, outcome.sd_of_change
    if sd is not None:
        ends = {"low": scale.minimum, "high": scale.maximum}
        yield Message("project.power.points", outcome=name, points=least * sd, **ends, sd=sd)
    if worth is None:
        return
    if sd is None:
        yield Message("project.power.largest_sd", outcome=name, worth=worth, sd=worth / least)
        return
    needed = smallest_n(worth / sd, alpha=plan.alpha)
    if needed is None:
        yield Message("project.power.over_a_million", outcome=name, worth=worth)
    else:
        yield Message("project.power.needed", outcome=name, n=max(needed, plan.minimum_pairs), worth=worth)
