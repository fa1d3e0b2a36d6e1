"""What a reader of a published document knows: quantities with bounds, tied together by rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Number = int | Fraction
Limit = Number | None
"""One end of an interval; None where it is open."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One unknown or printed number: all ids that show it, and what its own print and bounds allow."""

    ids: tuple[str, ...]
    low: Limit
    high: Limit
    continuous: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """``low <= sum(coefficient * quantity) <= high``; ``fact`` is the printed statement it comes from."""

    terms: tuple[tuple[int, int], ...]  # (index of the quantity, coefficient other than 0)
    low: Limit
    high: Limit
    fact: int


@dataclass(frozen=True, slots=True)
class System:
    """Everything that a reader of the document knows, without any true value."""

    quantities: tuple[Quantity, ...]
    rows: tuple[Row, ...]
    facts: tuple[tuple[str, ...], ...]  # the ids that each statement ties together
    where: Mapping[str, int]  # index of the quantity of an id
    unknown: tuple[str, ...]  # ids that are not printed as a plain number, in the document's order
    sensitive: Mapping[str, tuple[Limit, Limit]]


def tied(size: int, groups: Iterable[Sequence[int]]) -> list[int]:
    """For each of so many places the one that leads all places that groups tie to it, directly or not."""
    leader = list(range(size))

    def find(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for group in groups:
        for other in group[1:]:
            leader[find(other)] = find(group[0])
    return [find(place) for place in range(size)]


def divided(number: Number, by: int) -> Number:
    """The exact quotient; whole numbers, which are several times faster, stay whole where they can."""
    if isinstance(number, int) and not number % by:
        return number // by
    return Fraction(number, by)
