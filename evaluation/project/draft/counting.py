"""Where each participant is by a variable, and the counts that follow, every margin included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from evaluation.measure.results import Results
from evaluation.release.released import Count, CountTable, Ladder, Reference, Variable
from evaluation.schema import Labels
from evaluation.texts import Message, in_all, or_english, say

PEOPLE = "participants"

Classification = tuple[Variable, Mapping[str, str]]
"""A variable and the code each participant is at."""


@dataclass(frozen=True, slots=True)
class Tabulation:
    """A table with where each participant is by its variables, and the ladder on which it is a rung, if any."""

    table: CountTable
    classifications: tuple[Classification, ...]
    ladder: Ladder | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """Where each of the ``people`` of a project is: by breakdown, by how an outcome changed, by course."""

    results: Results
    people: Sequence[str]
    breakdowns: Mapping[str, Classification]
    changed: Mapping[str, Classification]
    courses: Mapping[str, Classification]


def labels_of(group: str, *codes: str) -> Mapping[str, Labels]:
    """The labels of a variable's codes in every language: the sentences ``project.draft.GROUP.CODE``."""
    return {code: in_all(Message(f"project.draft.{group}.{code}")) for code in codes}


YES_NO = labels_of("answer", "yes", "no")


def placed(people: Sequence[str], rest: str, **at: Collection[str]) -> Mapping[str, str]:
    """Each of the people at the first code among whose people she is, and all others at ``rest``."""
    sets = {code: frozenset(some) for code, some in at.items()}
    return {person: next((code for code, some in sets.items() if person in some), rest) for person in people}


def count_of(name: str, code: str) -> Reference:
    """The count at ``code`` in the table ``name``, whose one variable is called as it is."""
    return Reference(name, {name: code})


def coarsened(classification: Classification, name: str, codes: Mapping[str, Labels] = YES_NO) -> Classification:
    """The coarser variable ``name``, yes or no or of these ``codes``, that the classification's lies within."""
    variable, code_of = classification
    coarse = variable.within[name]
    coarser = Variable(name, variable.labels, codes, within=_still_coarser(variable, name))
    return coarser, {person: coarse[code] for person, code in code_of.items()}


def _still_coarser(variable: Variable, name: str) -> Mapping[str, Mapping[str, str]]:
    """Of the variables within which ``variable`` lies, those within which its coarser one ``name`` lies, too."""
    to, found = variable.within[name], {}
    for other, mapping in variable.within.items():
        pairs = {(to[code], mapping[code]) for code in variable.codes}
        if len({end for _, end in pairs}) < len({*to.values()}) == len(pairs):
            found[other] = dict(sorted(pairs))
    return found


def outcome_labels(labels: Labels, *, preplanned: bool) -> Labels:
    """What an outcome is called in all that leaves: what was not planned beforehand says so wherever it stands."""
    if preplanned:
        return labels
    return {
        language: f"{text} ({say('shared.exploratory', or_english(language))})" for language, text in labels.items()
    }


def cross_tabulate(
    table_id: str,
    topic: str,
    labels: Labels,
    people: Sequence[str],
    *classifications: Classification,
    zeros_sensitive: bool = False,
) -> Tabulation:
    """Counts of all ``people`` by the variables, with every margin; the total of everyone is public."""
    people_at = Counter(tuple(code_of[person] for _, code_of in classifications) for person in people)
    counts = []
    for at in product(*([None, *variable.codes] for variable, _ in classifications)):
        chosen = {v.id: code for (v, _), code in zip(classifications, at, strict=True) if code is not None}
        there = sum(n for codes, n in people_at.items() if all(a in (None, b) for a, b in zip(at, codes, strict=True)))
        # A margin is worth more to a reader than a cell of a cross-table.
        counts.append(Count(chosen, there, weight=2 if len(chosen) == 1 else 1, public=not chosen))
    variables = tuple(variable for variable, _ in classifications)
    table = CountTable(table_id, topic, labels, PEOPLE, variables, tuple(counts), zeros_sensitive=zeros_sensitive)
    return Tabulation(table, classifications)


def tabulate(
    table_id: str, topic: str, people: Sequence[str], classification: Classification, *, zeros_sensitive: bool = False
) -> Tabulation:
    """``people`` by one variable, whose labels are the table's."""
    labels = classification[0].labels
    return cross_tabulate(table_id, topic, labels, people, classification, zeros_sensitive=zeros_sensitive)
