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
from evaluation.texts import Message, in_all, listed

_TOGETHER = {
    (rung, code): in_all(Message(f"project.draft.rung.{rung}"))
    for rung, code in (
        *(("taken", "yes"), ("asked", "yes"), ("answered", "no"), ("known", "others"), ("known", "no")),
        ("regulated", "others"),
    )
}
"""What several codes are called together, where "one or another" would be long-winded."""


def graded(topic: str, fine: Classification, rules: Rules, *, better: str = "higher") -> Classification:
    """The classification with every coarser one of its topic; ``better``: higher or lower, where that matters."""
    variable, code_of = fine
    within = {_name(topic, variable.id, rung): to for rung, to in _coarser(topic, variable, rules, better).items()}
    return dataclasses.replace(variable, within={**variable.within, **within}), code_of


def rungs(
    topic: str,
    table: str,
    people: Sequence[str],
    fine: Classification,
    rules: Rules,
    *,
    better: str = "higher",
    shown_as: str = "",
    zeros_sensitive: bool = False,
) -> list[Tabulation]:
    """One table for each rung of a topic, of a ``graded`` classification, the finest first.

    ``shown_as``: where the report shows them, if not under the topic of the ladder.
    """
    where = shown_as or topic
    variable = fine[0]
    tables = [tabulate(table, where, people, fine, zeros_sensitive=zeros_sensitive)]
    for rung, to in _coarser(topic, variable, rules, better).items():
        coarse = coarsened(fine, _name(topic, variable.id, rung), _labels(variable, rung, to))
        name = _name(topic, table, rung)
        tables.append(tabulate(name, where, people, coarse, zeros_sensitive=zeros_sensitive))
    names = [next(iter(LADDERS[topic])), *_coarser(topic, variable, rules, better)]
    steps = {rung: one.table.id for rung, one in zip(names, tables, strict=True)}
    return [dataclasses.replace(one, ladder=Ladder(topic, steps)) for one in tables]


def crossed(
    code: str, labels: Labels, people: Sequence[str], by: Classification, found: Sequence[Classification]
) -> list[Tabulation]:
    """An indicator by group: by its finest classification, and by one that only tells whom it counts."""
    topic, ends = "by_group", ("", ".known")
    names = [f"{code}{end}.by.{by[0].id}" for end, _ in zip(ends, found, strict=False)]
    tables = [
        cross_tabulate(name, "indicators", labels, people, one, by, zeros_sensitive=True)
        for name, one in zip(names, found, strict=True)
    ]
    steps = dict(zip(LADDERS[topic], names, strict=False))
    return [dataclasses.replace(one, ladder=Ladder(topic, steps)) for one in tables]


def told_as(fine: Classification, rung: str, topic: str, rules: Rules, better: str = "higher") -> Classification:
    """A ``graded`` classification at one of its coarser rungs."""
    to = _coarser(topic, fine[0], rules, better)[rung]
    return coarsened(fine, _name(topic, fine[0].id, rung), _labels(fine[0], rung, to))


def _name(topic: str, fine: str, rung: str) -> str:
    """Of a variable or table at a coarser rung; what counts in goals.legal is no kind of goal."""
    return f"{rung}:{fine}" if topic == "indicators" else f"{fine}.{rung}"


def _coarser(topic: str, variable: Variable, rules: Rules, better: str) -> dict[str, Mapping[str, str]]:
    """What becomes of each code at each coarser rung, as declared merges have it too."""
    found = {rung: (to if better == "higher" else turned(to)) for rung, to in LADDERS[topic].items() if to}
    merges = rules.merges.get(variable.id) or rules.merges.get(topic, ())
    if merges:
        together = {code: "+".join(some) for some in merges for code in some}
        found = {"merged": {code: together.get(code, code) for code in variable.codes}, **found}
    return {rung: {code: to[code] for code in variable.codes} for rung, to in found.items()}


def _labels(variable: Variable, rung: str, to: Mapping[str, str]) -> dict[str, Labels]:
    codes: dict[str, list[str]] = {}
    for code, coarse in to.items():
        codes.setdefault(coarse, []).append(code)
    return {
        coarse: _TOGETHER.get((rung, coarse)) or _listed([variable.codes[code] for code in some])
        for coarse, some in codes.items()
    }


def _listed(labels: Sequence[Labels]) -> Labels:
    """Several categories as one: "lower or about the same"."""
    if len(labels) == 1:
        return labels[0]
    return {
        language: listed([label[language] for label in labels if language in label], language, "or")
        for language in labels[0]
    }
