"""What change the planned number of people could find, told before any data."""

from __future__ import annotations

from collections.abc import Iterator

from evaluation.errors import BadArgument
from evaluation.measure.planning import minimal_detectable, smallest_n
from evaluation.rounding import rounded
from evaluation.schema import Declaration, Outcome


def power_lines(declaration: Declaration, *, pairs: int | None = None) -> Iterator[str]:
    """What change ``pairs`` people (else everyone planned) would find with 80 % power, in sentences.

    Raises BadArgument for fewer pairs than the plan tests.
    """
    plan, n = declaration.plan, declaration.file.planned_participants if pairs is None else pairs
    if n < max(2, plan.minimum_pairs):
        raise BadArgument(f"The plan makes no test with fewer than {plan.minimum_pairs} pairs; {n} are too few.")
    least = minimal_detectable(n, alpha=plan.alpha)
    yield (
        f"If {n} people answer at both '{plan.baseline}' and '{plan.endline}', a mean change of {rounded(least, 3)} SD "
        f"of the changes is found with 80 % power (two-sided, alpha {plan.alpha:g})."
    )
    stay = n * 4 // 5
    if stay >= max(2, plan.minimum_pairs):
        yield f"If one in five leaves ({stay} pairs): {rounded(minimal_detectable(stay, alpha=plan.alpha), 3)} SD."
    primary = len(plan.primary)
    if primary > 1:
        strict = minimal_detectable(n, alpha=plan.alpha / primary)
        alpha = f"alpha {plan.alpha / primary:.2g}"
        yield f"As the first of {primary} primary outcomes by Holm ({alpha}): {rounded(strict, 3)} SD."
    for outcome in plan.outcomes:
        yield from _power_of(declaration, outcome, least)


def _power_of(declaration: Declaration, outcome: Outcome, least: float) -> Iterator[str]:
    plan, scale, worth = declaration.plan, declaration.scale(outcome), outcome.smallest_worthwhile
    name, sd = outcome.labels.get("en", outcome.id), outcome.sd_of_change
    if sd is not None:
        yield (
            f"{name}: {rounded(least * sd, 1)} points of a scale of {scale.minimum:g}–{scale.maximum:g}, "
            f"if the SD of the changes is {sd:g}."
        )
    if worth is None:
        return
    if sd is None:
        yield (
            f"{name}: a change of {worth:g} points is found if the SD of the changes is at most "
            f"{rounded(worth / least, 1)} points; declare 'sd_of_change' in plan.yml for more."
        )
        return
    needed = smallest_n(worth / sd, alpha=plan.alpha)
    many = "more than a million pairs are" if needed is None else f"{max(needed, plan.minimum_pairs)} pairs are"
    yield f"{name}: {many} needed to find the smallest worthwhile change, {worth:g} points."
