"""Residence and legal situation when people came and when they left or the project ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

KINDS = ("residence", "legal")
REGULATED, UNKNOWN = "regulated", ("", "unknown")


@dataclass(frozen=True, slots=True)
class Status:
    """How many people were ``at`` each pair of codes, at the start and at the end; "" where nothing is recorded."""

    kind: str
    at: Mapping[tuple[str, str], int]

    @property
    def changed(self) -> int:
        """People of whom both are known, and differ."""
        return sum(n for (start, end), n in self.at.items() if start != end and not {start, end} & {*UNKNOWN})

    @property
    def known(self) -> int:
        """People of whom both are known."""
        return sum(n for pair, n in self.at.items() if not {*pair} & {*UNKNOWN})


@dataclass(frozen=True, slots=True)
class Regulated:
    """``asked``: people whose legal situation was known and not regulated at the start; ``reached``: is at the end."""

    asked: frozenset[str] = field(repr=False)
    reached: frozenset[str] = field(repr=False)


def status(participants: pd.DataFrame, kind: str) -> Status:
    """Where people were by ``kind`` (residence, legal).

    ``participants``: one row per person, with the codes ``KIND_start`` and ``KIND_end`` (NaN = not recorded).
    """
    pairs = participants[[f"{kind}_start", f"{kind}_end"]].fillna("").astype(str)
    counts = Counter(pairs.itertuples(index=False, name=None))
    return Status(kind, dict(sorted(counts.items(), key=lambda one: (-one[1], one[0]))))


def regulated(participants: pd.DataFrame) -> Regulated:
    """Whose legal situation became regulated; one who has no known end has not reached it, and was asked."""
    start, end = (participants[column].fillna("") for column in ("legal_start", "legal_end"))
    people = participants["participant"].astype(str)
    asked = ~start.isin([REGULATED, *UNKNOWN])
    return Regulated(frozenset(people[asked]), frozenset(people[asked & (end == REGULATED)]))
