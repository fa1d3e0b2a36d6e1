"""What follows from published category totals that need not be parts of one whole."""

from __future__ import annotations

import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from evaluation.errors import BadDeclaration, Contradiction
from evaluation.schema import Labels

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
    sentences: Labels


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
    names = {language: _names(parts, labels or {}, language) for language in ("en", "pl")}
    write = {"overlap": _overlap, "gap": _gap, "adds up": _adds_up}[verdict]
    return Overlap(verdict, several, none, write(total, added, several, none, names))


def _fewest(total: int, parts: Mapping[str, int]) -> int:
    """The fewest people in several categories: everybody else holds only one place, and there are many."""

    def fits(shared: int) -> bool:
        return sum(max(0, count - shared) for count in parts.values()) <= total - shared

    second = sorted(parts.values())[-2]  # with so many people shared, the largest category is left
    return bisect.bisect_left(range(second), True, key=fits)


def _check(total: int, parts: Mapping[str, int]) -> None:
    if len(parts) < 2:
        raise BadDeclaration("An overlap needs at least two categories; give each its number of people.")
    if total < 0 or any(count < 0 for count in parts.values()):
        raise BadDeclaration("The numbers of people in the categories and altogether cannot be negative.")
    over = [id for id, count in parts.items() if count > total]
    if over:
        raise Contradiction(f"The category '{over[0]}' has more people than there are altogether; correct one.")


def _names(parts: Mapping[str, int], labels: Mapping[str, Labels], language: str) -> str:
    opening, closing, last = ("„", "”", " i ") if language == "pl" else ("“", "”", " and ")
    shown = [f"{opening}{labels.get(id, {}).get(language, id)}{closing} ({count})" for id, count in parts.items()]
    return ", ".join(shown[:-1]) + last + shown[-1]


def _overlap(total: int, added: int, several: Span, none: Span, names: Labels) -> Labels:
    low, high = several
    return {
        "en": f"{names['en']} add up to {added}, but there {_are(total)} {_people(total)}: at least {low} "
        f"and at most {high} {_are(low)} in more than one category, or the numbers disagree. "
        "Do not show them as parts of one whole.",
        "pl": f"{names['pl']} dają razem {added}, a {_osob(total, 'jest')}: od {low} do {high} z nich jest "
        "w więcej niż jednej kategorii albo liczby są ze sobą niezgodne. "
        "Nie należy pokazywać ich jako części jednej całości.",
    }


def _gap(total: int, added: int, several: Span, none: Span, names: Labels) -> Labels:
    return {
        "en": f"{names['en']} add up to {added}, but there {_are(total)} {_people(total)}: at least "
        f"{none[0]} and at most {none[1]} {_are(none[0])} in no category, and up to {several[1]} may be "
        "in more than one. Do not show them as parts of one whole.",
        "pl": f"{names['pl']} dają razem {added}, a {_osob(total, 'jest')}: od {none[0]} do {none[1]} z nich "
        f"nie należy do żadnej kategorii, a do {several[1]} może być w więcej niż jednej. "
        "Nie należy pokazywać ich jako części jednej całości.",
    }


def _adds_up(total: int, added: int, several: Span, none: Span, names: Labels) -> Labels:
    return {
        "en": f"{names['en']} add up to {_people(total)}, everybody there is. The numbers alone do not show "
        f"that nobody is counted twice: up to {several[1]} could be in more than one category and up to "
        f"{none[1]} in none.",
        "pl": f"{names['pl']} dają razem {added}, czyli wszystkich. Same liczby nie dowodzą, że nikogo nie "
        f"policzono dwa razy: do {several[1]} osób mogłoby być w więcej niż jednej kategorii, "
        f"a do {none[1]} w żadnej.",
    }


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _people(count: int) -> str:
    return f"{count} person" if count == 1 else f"{count} people"


def _osob(count: int, verb: str) -> str:
    """``1 osoba jest``, ``3 osoby są``, ``306 osób jest`` with the verb first."""
    if count == 1:
        return f"{verb} 1 osoba"
    if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14):
        return f"są {count} osoby"
    return f"{verb} {count} osób"
