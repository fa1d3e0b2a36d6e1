"""Outcomes group by group, and how far they lean on the people of any one country; described, never tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evaluation.inside.display import Inside, frame
from evaluation.inside.numbers import between, estimated, named, number
from evaluation.measure.groups import Group, LeftOut
from evaluation.measure.outcomes.change import Change
from evaluation.schema import Declaration, text
from evaluation.texts import say


def groups(
    by_outcome: Mapping[str, Mapping[str, Sequence[Group]]],
    changes: Mapping[str, Change],
    declaration: Declaration,
    language: str,
) -> Inside:
    """Each outcome in each declared group: how many, and the mean change with its interval, or why there is none.

    ``by_outcome``: groups.by_group() by outcome and by breakdown.
    """
    breakdowns = {breakdown.id: breakdown for breakdown in declaration.file.breakdowns}
    rows = [
        (
            named(changes[outcome], language),
            text(breakdowns[by].labels, language),
            text(breakdowns[by].groups[group.code], language),
            f"{group.pairs} / {group.enrolled}",
            estimated(group.estimate, group.interval, language),
            " ".join(say(refusal.message, language) for refusal in group.refusals) or "–",
        )
        for outcome, split in by_outcome.items()
        for by, of in split.items()
        for group in of
    ]
    names = say("inside.groups.groups_columns", language).split("|")
    caption = say("inside.groups.groups_caption", language)
    return Inside(language, caption, frame(names, rows))


def left_out(by_outcome: Mapping[str, LeftOut], changes: Mapping[str, Change], language: str) -> Inside:
    """The headline of each outcome, and its range when the people of any one country are left out.

    ``by_outcome``: groups.leave_one_out() by country, by outcome.
    """
    rows = [
        (
            named(changes[outcome], language),
            one.groups,
            number(one.whole, language),
            between((one.low, one.high), language) if one.low is not None else "–",
            one.unbearable,
        )
        for outcome, one in by_outcome.items()
    ]
    names = say("inside.groups.left_out_columns", language).split("|")
    caption = say("inside.groups.left_out_caption", language)
    return Inside(language, caption, frame(names, rows))
