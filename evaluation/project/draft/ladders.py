"""A table at all the finenesses of its topic: the same people, counted finely and more and more coarsely."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from evaluation.project.draft.counting import (
    Classification,
    Tabulation,
    coarsened,
    cross_tabulate,
    tabulate,
)
from evaluation.release.planned.design import LADDERS, turned
from evaluation.release.released import Ladder, Variable
from evaluation.schema import Labels, Rules
from evaluation.texts import Message, either, in_all

_TOGETHER = {
    (rung, code): in_all(Message(f"project.draft.rung.{rung}"))
    for rung, code in (
        *(("taken", "yes"), ("asked", "yes"), ("answered", "no"), ("known", "others"), ("known", "no")),
        ("regulated", "others"),
    )
}
"""What several codes are called together, where "one or another" would be long-winded."""

_MERGED = "merged"
"""The rung of what project.yml declares to be told together, right below the finest."""


def graded(topic: str, fine: Classification, rules: Rules, *, better: str = "higher") -> Classification:
    """The classification with every coarser one of its topic; ``better``: higher or lower, where that matters."""
    variable, code_of = fine
    merges = rules.merges.get(variable.id) or rules.merges.get(topic, ())
    together = {code: "+".join(some) for some in merges for code in some}
    coarser = {_MERGED: {code: together.get(code, code) for code in variable.codes}} if merges else {}
    for rung, to in LADDERS[topic].items():
        if to:
            own = to if better == "higher" else turned(to)
            coarser[rung] = {code: own[code] for code in variable.codes}
    within = {_name(topic, variable.id, rung): to for rung, to in coarser.items()}
    return dataclasses.replace(variable, within={**variable.within, **within}), code_of


def rungs(
    topic: str,
    fine: Classification,
    people: Sequence[str],
    *,
    table: str = "",
    shown_as: str = "",
    zeros_sensitive: bool = False,
) -> list[Tabulation]:
    """One table for each rung of a topic, of a ``graded`` classification, the finest first.

    ``table``: what the finest is called, if not as its variable; ``shown_as``: where the report shows them, if not
    under the topic of the ladder.
    """
    variable, name = fine[0], table or fine[0].id
    finest, *others = LADDERS[topic]
    coarser = [rung for rung in (_MERGED, *others) if _name(topic, variable.id, rung) in variable.within]
    steps = {finest: name, **{rung: _name(topic, name, rung) for rung in coarser}}
    found = [fine, *(told_as(fine, rung, topic) for rung in coarser)]
    return [
        dataclasses.replace(
            tabulate(id, shown_as or topic, people, one, zeros_sensitive=zeros_sensitive), ladder=Ladder(topic, steps)
        )
        for id, one in zip(steps.values(), found, strict=True)
    ]


def crossed(
    code: str, labels: Labels, people: Sequence[str], by: Classification, found: Sequence[Classification]
) -> list[Tabulation]:
    """An indicator by group: by its finest classification, and by one that only tells whom it counts."""
    topic, ends = "by_group", ("", ".known")
    names = [f"{code}{end}.by.{by[0].id}" for end, _ in zip(ends, found, strict=False)]
    ladder = Ladder(topic, dict(zip(LADDERS[topic], names, strict=False)))
    return [
        dataclasses.replace(
            cross_tabulate(name, "indicators", labels, people, one, by, zeros_sensitive=True), ladder=ladder
        )
        for name, one in zip(names, found, strict=True)
    ]


def told_as(fine: Classification, rung: str, topic: str) -> Classification:
    """A ``graded`` classification at one of its coarser rungs."""
    name = _name(topic, fine[0].id, rung)
    return coarsened(fine, name, _labels(fine[0], rung, fine[0].within[name]))


def _name(topic: str, fine: str, rung: str) -> str:
    """Of a variable or table at a coarser rung; what counts in goals.legal is no kind of goal."""
    return f"{rung}:{fine}" if topic == "indicators" else f"{fine}.{rung}"


def _labels(variable: Variable, rung: str, to: Mapping[str, str]) -> dict[str, Labels]:
    codes: dict[str, list[str]] = {}
    for code, coarse in to.items():
        codes.setdefault(coarse, []).append(code)
    return {
        coarse: _TOGETHER.get((rung, coarse)) or either([variable.codes[code] for code in some])
        for coarse, some in codes.items()
    }
