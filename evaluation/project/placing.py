"""Where each participant is by a variable, and the counts that follow, every margin included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from evaluation.release.released import Count, CountTable, Variable
from evaluation.schema import Labels
from evaluation.texts import say

PEOPLE = "participants"
YES_NO: Mapping[str, Labels] = {"yes": {"en": "yes", "pl": "tak"}, "no": {"en": "no", "pl": "nie"}}

Placing = tuple[Variable, Mapping[str, str]]
"""A variable and the code each participant is at."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A table with where each participant is by its variables."""

    table: CountTable
    placings: tuple[Placing, ...]


def named(labels: Labels, *, preplanned: bool) -> Labels:
    """What an outcome is called in all that leaves: what was not planned beforehand says so wherever it stands."""
    if preplanned:
        return labels
    return {language: f"{text} ({say('shared.exploratory', language)})" for language, text in labels.items()}


def partition(
    table_id: str,
    topic: str,
    labels: Labels,
    people: Sequence[str],
    *placings: Placing,
    zeros_sensitive: bool = False,
) -> Counted:
    """Counts of all ``people`` by the variables, with every margin; the total of everyone is public."""
    placed = Counter(tuple(codes[person] for _, codes in placings) for person in people)
    counts = []
    for at in product(*([None, *variable.codes] for variable, _ in placings)):
        chosen = {v.id: code for (v, _), code in zip(placings, at, strict=True) if code is not None}
        there = sum(n for own, n in placed.items() if all(a in (None, b) for a, b in zip(at, own, strict=True)))
        # A margin is worth more to a reader than a cell of a cross-table.
        counts.append(Count(chosen, there, weight=2 if len(chosen) == 1 else 1, public=not chosen))
    variables = tuple(variable for variable, _ in placings)
    table = CountTable(table_id, topic, labels, PEOPLE, variables, tuple(counts), zeros_sensitive=zeros_sensitive)
    return Counted(table, placings)


def split(
    table_id: str, topic: str, people: Sequence[str], placing: Placing, *, zeros_sensitive: bool = False
) -> Counted:
    """``people`` by one variable, whose labels are the table's."""
    return partition(table_id, topic, placing[0].labels, people, placing, zeros_sensitive=zeros_sensitive)


def together(variables: Iterable[str], counted: Sequence[Counted], people: Sequence[str]) -> Counted:
    """A table that nobody prints: ``people`` by variables of different tables at once."""
    known = {variable.id: (variable, placed) for one in counted for variable, placed in one.placings}
    placings = [known[name] for name in variables]
    return partition("joint:" + "+".join(variable.id for variable, _ in placings), "", {}, people, *placings)
