"""What a fictional project is told from: who takes part, what happens to them, and whom that gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

Row = dict[str, str]
Rows = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the people: how many from which country, how likely each takes a course, what all share."""

    target_group: str
    countries: Mapping[str, int]
    takes: Mapping[str, float] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """What happens in a fictional project. ``gains`` are mean changes by instrument, in item steps;
    ``tallies`` are mean counts a month, by kind."""

    seed: int
    groups: tuple[Group, ...]
    gains: Mapping[str, float]
    sex: Mapping[str, float]
    leavers: int = 0
    refuses: float = 0.01
    skips_item: float = 0.015
    skips_wave: float = 0.06
    takes_otherwise: float = 0.45
    withdrawals: int = 0
    activities: tuple[Row, ...] = ()
    survey: tuple[Row, ...] = ()
    aggregates: tuple[Row, ...] = ()
    tallies: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    code: str
    group: Group
    country: str
    enrolled: dt.date
    left: dt.date | None
    courses: tuple[str, ...]


def generator(story: Story, name: str) -> np.random.Generator:
    """A random stream of its own for whatever is called ``name``: drawing more of one thing changes no other."""
    return np.random.default_rng([story.seed, *name.encode("ascii")])


def pick(rng: np.random.Generator, codes: Sequence[str]) -> str:
    return str(codes[int(rng.integers(len(codes)))])
