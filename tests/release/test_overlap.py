"""Category totals against the number of people: what must overlap, what may, and how it is said."""

from __future__ import annotations

import itertools

import pytest

from evaluation.errors import BadDeclaration, Contradiction
from evaluation.release.overlap import overlaps
from evaluation.texts import say


def _every_population(total: int, sizes: tuple[int, ...]) -> list[tuple[int, int]]:
    """(in several, in none) for all ways to put ``total`` people into sets of these sizes."""
    kinds = list(itertools.product((0, 1), repeat=len(sizes)))
    found = []
    for people in itertools.combinations_with_replacement(range(len(kinds)), total):
        inside = [kinds[kind] for kind in people]
        if tuple(sum(column) for column in zip(*inside, strict=True)) == sizes:
            found.append((sum(sum(kind) > 1 for kind in inside), sum(not any(kind) for kind in inside)))
    return found


@pytest.mark.parametrize("total", [1, 2, 4])
@pytest.mark.parametrize("categories", [2, 3])
def test_both_spans_are_what_enumeration_finds(total: int, categories: int) -> None:
    for sizes in itertools.product(range(total + 1), repeat=categories):
        found = _every_population(total, sizes)
        result = overlaps(total, {f"c{i}": size for i, size in enumerate(sizes)})
        several, none = zip(*found, strict=True)
        assert result.several == (min(several), max(several)), sizes
        assert result.none == (min(none), max(none)), sizes


def test_totals_above_everybody_overlap_or_disagree() -> None:
    labels = {
        "violence": {"en": "victims of violence", "pl": "ofiary przemocy"},
        "trafficking": {"en": "victims of trafficking", "pl": "ofiary handlu ludźmi"},
    }
    result = overlaps(306, {"violence": 213, "trafficking": 102}, labels=labels)
    assert (result.verdict, result.several, result.none) == ("overlap", (9, 102), (0, 93))
    assert say(result.message, "en") == (
        "“victims of violence” (213) and “victims of trafficking” (102) add up to 315, but there are 306 "
        "people: at least 9 and at most 102 are in more than one category, or the numbers disagree. "
        "Do not show them as parts of one whole."
    )
    assert say(result.message, "pl") == (
        "„ofiary przemocy” (213) i „ofiary handlu ludźmi” (102) dają razem 315, a jest 306 osób: od 9 do 102 "
        "z nich jest w więcej niż jednej kategorii albo liczby są ze sobą niezgodne. "
        "Nie należy pokazywać ich jako części jednej całości."
    )


def test_totals_below_everybody_leave_somebody_out() -> None:
    result = overlaps(23, {"a": 7, "b": 5, "c": 2})
    assert (result.verdict, result.several, result.none) == ("gap", (0, 7), (9, 16))
    assert "at least 9 and at most 16 are in no category, and up to 7 may be" in say(result.message, "en")
    assert say(result.message, "pl").startswith("„a” (7), „b” (5) i „c” (2) dają razem 14, a są 23 osoby: od 9")


def test_totals_that_add_up_may_still_hide_an_overlap() -> None:
    result = overlaps(306, {"women": 167, "children": 139})
    assert (result.verdict, result.several, result.none) == ("adds up", (0, 139), (0, 139))
    assert "The numbers alone do not show" in say(result.message, "en")


@pytest.mark.parametrize(("total", "words"), [(1, "jest 1 osoba"), (12, "jest 12 osób"), (32, "są 32 osoby")])
def test_polish_counts_people_in_three_forms(total: int, words: str) -> None:
    assert words in say(overlaps(total, {"a": total, "b": 1}).message, "pl")


@pytest.mark.parametrize(
    ("total", "parts", "error", "sentence"),
    [
        (5, {"a": 6, "b": 1}, Contradiction, "'a' has more people"),
        (5, {"a": 3}, BadDeclaration, "at least two categories"),
        (5, {"a": 3, "b": -1}, BadDeclaration, "cannot be negative"),
    ],
)
def test_impossible_totals_are_refused(
    total: int, parts: dict[str, int], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        overlaps(total, parts)
