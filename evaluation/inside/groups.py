"""Outcomes group by group, and how far they lean on the people of any one country; described, never tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evaluation.inside.display import Inside, frame, pick
from evaluation.inside.numbers import between, named, number
from evaluation.measure.change import Change
from evaluation.measure.groups import Group, LeftOut
from evaluation.schema import Declaration, text


def groups(
    found: Mapping[str, Mapping[str, Sequence[Group]]],
    changes: Mapping[str, Change],
    declaration: Declaration,
    language: str,
) -> Inside:
    """Each outcome in each declared group: how many, and the mean change with its interval, or why there is none.

    ``found``: groups.by_group() by outcome and by breakdown.
    """
    breakdowns = {breakdown.id: breakdown for breakdown in declaration.file.breakdowns}
    rows = [
        (
            named(changes[outcome], language),
            text(breakdowns[by].labels, language),
            text(breakdowns[by].groups[group.code], language),
            f"{group.pairs} / {group.enrolled}",
            "–" if group.estimate is None else f"{number(group.estimate)} {between(group.interval)}",
            " ".join(text(refusal.sentences, language) for refusal in group.refusals) or "–",
        )
        for outcome, split in found.items()
        for by, of in split.items()
        for group in of
    ]
    names = pick(
        language,
        "outcome|split by|group|pairs / enrolled|mean change in points|why not",
        "rezultat|podział|grupa|pary / przyjęte|średnia zmiana w punktach|dlaczego nie",
    ).split("|")
    caption = pick(
        language,
        "Outcomes by group: exploratory, described and not compared by any test",
        "Rezultaty według grup: eksploracyjnie, opisane i nieporównywane żadnym testem",
    )
    return Inside(language, caption, frame(names, rows))


def left_out(found: Mapping[str, LeftOut], changes: Mapping[str, Change], language: str) -> Inside:
    """The headline of each outcome, and its range when the people of any one country are left out.

    ``found``: groups.leave_one_out() by country, by outcome.
    """
    rows = [
        (
            named(changes[outcome], language),
            one.groups,
            number(one.whole),
            between((one.low, one.high)) if one.low is not None else "–",
            one.unbearable,
        )
        for outcome, one in found.items()
    ]
    names = pick(
        language,
        "outcome|countries|mean change of all|least and greatest without any one country|cannot be left out",
        "rezultat|kraje|średnia zmiana wszystkich|najmniejsza i największa bez któregoś kraju|nie można pominąć",
    ).split("|")
    caption = pick(
        language,
        "Does the mean change lean on the people of one country? (exploratory)",
        "Czy średnia zmiana opiera się na osobach z jednego kraju? (eksploracyjnie)",
    )
    return Inside(language, caption, frame(names, rows))
