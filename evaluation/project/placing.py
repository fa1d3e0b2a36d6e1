"""Where each participant is by a variable, and the counts that follow, every margin included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import pandas as pd

from evaluation.release.released import Count, CountTable, Variable
from evaluation.schema import Labels

PEOPLE = "participants"
YES_NO: Mapping[str, Labels] = {"yes": {"en": "yes", "pl": "tak"}, "no": {"en": "no", "pl": "nie"}}

_EXPLORATORY: Labels = {"en": "exploratory", "pl": "eksploracyjnie"}

Placing = tuple[Variable, Mapping[str, str]]
"""A variable and the code each participant is at."""


def named(labels: Labels, *, preplanned: bool) -> Labels:
    """What an outcome is called in all that leaves: what was not planned beforehand says so wherever it stands."""
    if preplanned:
        return labels
    return {language: f"{text} ({_EXPLORATORY.get(language, _EXPLORATORY['en'])})" for language, text in labels.items()}


def partition(
    table_id: str,
    topic: str,
    labels: Labels,
    people: Sequence[str],
    *placings: Placing,
    zeros_sensitive: bool = False,
) -> CountTable:
    """Counts of all ``people`` by the variables, with every margin; the total of everyone is public."""
    placed = pd.DataFrame({v.id: [codes[person] for person in people] for v, codes in placings}, index=list(people))
    counts = []
    for at in product(*([None, *variable.codes] for variable, _ in placings)):
        chosen = {v.id: code for (v, _), code in zip(placings, at, strict=True) if code is not None}
        kept = placed
        for name, code in chosen.items():
            kept = kept[kept[name] == code]
        # A margin is worth more to a reader than a cell of a cross-table.
        counts.append(Count(chosen, len(kept), weight=2 if len(chosen) == 1 else 1, public=not chosen))
    variables = tuple(variable for variable, _ in placings)
    return CountTable(table_id, topic, labels, PEOPLE, variables, tuple(counts), zeros_sensitive=zeros_sensitive)


def split(
    table_id: str, topic: str, people: Sequence[str], placing: Placing, *, zeros_sensitive: bool = False
) -> CountTable:
    """``people`` by one variable, whose labels are the table's."""
    return partition(table_id, topic, placing[0].labels, people, placing, zeros_sensitive=zeros_sensitive)
