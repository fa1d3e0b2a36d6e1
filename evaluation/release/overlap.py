"""What follows from published category totals that need not be parts of one whole."""

from __future__ import annotations

import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from evaluation.errors import BadDeclaration, Contradiction
from evaluation.schema import Labels
from evaluation.texts import Message

Span = tuple[int, int]
"""Smallest and largest number of people that the totals allow."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What totals by category say about who is in several categories and who is in none.

    ``verdict``: ``overlap`` (they add up to more than everybody: some are counted twice, or the
    numbers disagree), ``gap`` (less: some are in none) or ``adds up`` (they may be parts of a whole).
    """

    verdict: Literal["overlap", "gap", "adds up"]
    several: Span  # people in two categories or more
    none: Span  # people in no category
    message: Message


def overlaps(total: int, parts: Mapping[str, int], *, labels: Mapping[str, Labels] | None = None) -> Overlap:
    """Compares category totals (id to number of people) with the number of people there are.

    A person may be in any number of categories. Both spans are tight: each end is reached by some
    population with these totals. ``labels`` gives the categories' names by language; without them the
    sentences show the ids.

    Raises BadDeclaration for fewer than two categories or a negative number, Contradiction for a
    category with more people than there are.
    """
    _check(total, parts)
    added, largest = sum(parts.values()), max(parts.values())
    several = (_fewest(total, parts), min(total, added // 2, added - largest))
    none = (max(0, total - added), total - largest)
    verdict: Literal["overlap", "gap", "adds up"] = "adds up"
    if added != total:
        verdict = "overlap" if added > total else "gap"
    names = [
        Message("release.overlap.category", name=(labels or {}).get(id, id), count=count) for id, count in parts.items()
    ]
    facts = {
        "names": names,
        "added": added,
        "there": Message("release.overlap.there", n=total),
        "people": Message("release.overlap.people", n=total),
        "several": several[1],
        "none": none[1],
    }
    n, high = {"overlap": several, "gap": none, "adds up": none}[verdict]
    key = f"release.overlap.{verdict.replace(' ', '_')}"
    return Overlap(verdict, several, none, Message(key, n=n, high=high, **facts))


def _fewest(total: int, parts: Mapping[str, int]) -> int:
    """The fewest people in several categories: everybody else holds only one place, and there are many."""

    def fits(shared: int) -> bool:
        return sum(max(0, count - shared) for count in parts.values()) <= total - shared

    second = sorted(parts.values())[-2]  # with so many people shared, the largest category is left
    return bisect.bisect_left(range(second), True, key=fits)


def _check(total: int, parts: Mapping[str, int]) -> None:
    if len(parts) < 2:
        raise BadDeclaration("release.overlap.too_few")
    if total < 0 or any(count < 0 for count in parts.values()):
        raise BadDeclaration("release.overlap.negative")
    over = [id for id, count in parts.items() if count > total]
    if over:
        raise Contradiction("release.overlap.too_many", category=over[0])
