"""How far people came with the goals of their plans, by goal attainment scaling (Kiresuk & Sherman 1968)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from evaluation.measure.points import t_score

LEVELS = (-2, -1, 0, 1, 2)
"""From much less than expected to much more; 0 is what was expected."""


@dataclass(frozen=True, slots=True)
class Attainment:
    """The goals of one ``kind`` ("" of all): how many were set, and at which level those rated ended.

    ``levels``: rated goals at −2, −1, 0, +1, +2. ``rose``: rated goals that ended above the level at which they
    were set. ``rated_people`` have a rated goal, ``reached_people`` one at 0 or above. A goal without a rating
    is not known, and never counts as not reached.
    """

    kind: str
    goals: int
    people: int
    levels: tuple[int, ...]
    rose: int
    rated_people: frozenset[str] = field(repr=False)
    reached_people: frozenset[str] = field(repr=False)

    @property
    def rated(self) -> int:
        return sum(self.levels)

    @property
    def reached(self) -> int:
        """Rated goals at the level that was expected, or above."""
        return sum(count for level, count in zip(LEVELS, self.levels, strict=True) if level >= 0)


@dataclass(frozen=True, slots=True)
class Scored:
    """The mean T-score of ``people`` over their rated goals, when these were set and when they were rated.

    T is 50 where every goal ended as expected; ``people`` have at least one rated goal, each counts once.
    None of nobody.
    """

    people: int
    start: float | None
    end: float | None


def attainment(goals: pd.DataFrame) -> tuple[Attainment, ...]:
    """All goals, then each kind that there is, the most frequent first.

    ``goals``: one row per participant and goal: participant, kind, ``baseline_level`` and ``reached_level``
    (−2 … +2; NaN = not rated).
    """
    kinds = goals["kind"].value_counts(sort=False).rename_axis("kind").reset_index(name="n")
    order = kinds.sort_values(["n", "kind"], ascending=[False, True])["kind"]
    return (_of("", goals), *(_of(str(kind), goals[goals["kind"] == kind]) for kind in order))


def of_kind(goals: pd.DataFrame, kind: str = "") -> Attainment:
    """The goals of one kind, or all; ``goals`` as for ``attainment``."""
    return _of(kind, goals[goals["kind"] == kind] if kind else goals)


def scored(goals: pd.DataFrame) -> Scored:
    """Everybody's T-score over her rated goals; ``goals`` as for ``attainment``, with ``weight`` (NaN = 1)."""
    rated = goals[goals["reached_level"].notna()]
    if rated.empty:
        return Scored(0, None, None)
    place = rated.assign(weight=rated["weight"].fillna(1.0), number=rated.groupby("participant").cumcount())
    wide = place.pivot(index="participant", columns="number", values=["weight", "baseline_level", "reached_level"])
    weights = wide["weight"].to_numpy(dtype=np.float64)
    start, end = (
        t_score(wide[column].to_numpy(dtype=np.float64), weights) for column in ("baseline_level", "reached_level")
    )
    return Scored(len(wide), float(start.mean()), float(end.mean()))


def _of(kind: str, own: pd.DataFrame) -> Attainment:
    rated = own[own["reached_level"].notna()]
    counts = rated["reached_level"].value_counts()
    return Attainment(
        kind,
        goals=len(own),
        people=own["participant"].nunique(),
        levels=tuple(int(counts.get(level, 0)) for level in LEVELS),
        rose=int((rated["reached_level"] > rated["baseline_level"]).sum()),
        rated_people=frozenset(rated["participant"].astype(str)),
        reached_people=frozenset(rated.loc[rated["reached_level"] >= 0, "participant"].astype(str)),
    )
