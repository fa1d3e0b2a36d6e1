"""The scores that answers can give, and where the thirds of a scale begin and end by them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from evaluation.measure.scoring import score
from evaluation.project.draft.topics.thirds import attainable, ends
from evaluation.schema import Choice, Instrument, Item, Lookup, Scale

L: Mapping[str, str] = {}


def instrument(scale: Scale, *codes: str, key: int = 1, kind: str = "select_one") -> Instrument:
    """Questions of a scale, of which the last is of this ``key``, with these ``codes``; 9 is no answer."""
    choices = tuple(Choice(code, L) for code in (*codes, "9"))
    low, high = min(map(float, codes)), max(map(float, codes))
    items = tuple(
        Item(
            name,
            kind,
            L,
            choices,
            key=key if name == scale.items[-1] else 1,
            missing={"9": "unknown"},
            low=low,
            high=high,
        )  # type: ignore[arg-type]
        for name in scale.items
    )
    return Instrument("i", "1", L, items, (scale,))


def scale(minimum: float, maximum: float, answered: int, *, items: str = "abc", **more: object) -> Scale:
    kind = {"transform": "sum"} | more
    return Scale(
        "s", L, "higher", minimum=minimum, maximum=maximum, minimum_answered=answered, items=tuple(items), **kind
    )  # type: ignore[arg-type]


def scores(form: Instrument, codes: tuple[str, ...]) -> set[float]:
    """Every score by the kit's own scoring, of everybody who could answer."""
    people = list(itertools.product((*codes, None), repeat=len(form.items)))
    rows = [
        {"participant": f"P{number}", "wave": "w", "instrument": "i", "item": item.id, "value": given,
         "state": "answered" if given else "refused"}
        for number, answers in enumerate(people)
        for item, given in zip(form.items, answers, strict=True)
    ]  # fmt: skip
    made = score(pd.DataFrame(rows), form)["score"].to_numpy(dtype=float)
    return {float(one) for one in made if not np.isnan(one)}


@pytest.mark.parametrize(
    ("what", "codes", "key"),
    [
        (scale(3, 15, 3), ("1", "2", "3", "4", "5"), 1),
        (scale(3, 15, 2), ("1", "2", "3", "4", "5"), -1),
        (scale(0, 12, 1), ("0", "1", "4"), -1),
        (scale(-6, 6, 2), ("-2", "0", "2"), 1),
        (scale(0, 4, 2, transform="mean"), ("0", "1", "2", "3", "4"), -1),
        (scale(0, 100, 3, factor=25 / 3), ("0", "1", "2", "3", "4"), 1),
        (scale(1, 4, 1, items="a", transform="ordinal"), ("1", "2", "3", "4"), 1),
    ],
)  # fmt: skip
def test_these_are_the_scores_that_answers_give_and_no_others(what: Scale, codes: tuple[str, ...], key: int) -> None:
    form = instrument(what, *codes, key=key)
    assert set(attainable(what, form)) == scores(form, codes)


@pytest.mark.parametrize(
    ("what", "codes", "found"),
    [
        (scale(0, 6, 3), ("0", "1", "2"), ((0, 1), (2, 3), (4, 6))),
        (scale(0, 6, 2), ("0", "1", "2"), ((0, 1.5), (2, 3), (4, 6))),  # two answers of three: half as much again
        (scale(4, 20, 4, items="abcd"), ("1", "2", "3", "4", "5"), ((0, 5), (6, 10), (11, 16))),
        (scale(6, 30, 5, items="abcdef"), ("1", "2", "3", "4", "5"), ((0, 7.2), (8, 15.6), (16, 24))),
        (scale(0, 1, 1, items="a"), ("0", "1"), ((0, 0), (0.333333, 0.666667), (1, 1))),  # nobody is in the middle
        (scale(3, 9, 3, gate="${a} = 1"), ("2", "3"), ((0, 0), (3, 3), (4, 6))),  # who was not asked has the least
        (scale(0, 6, 3), ("0", "0.5", "2"), ()),
    ],
)
def test_a_third_goes_from_its_least_to_its_greatest_score(
    what: Scale, codes: tuple[str, ...], found: tuple[tuple[float, float], ...]
) -> None:
    assert ends(what, instrument(what, *codes)) == found


def test_a_table_gives_its_points_and_what_may_be_other_than_whole_or_is_weighed_is_not_known() -> None:
    assert not ends(scale(0, 6, 3), instrument(scale(0, 6, 3), "0", "2", kind="decimal"))
    assert ends(scale(0, 6, 3), instrument(scale(0, 6, 3), "0", "2", kind="integer")) == ((0, 1), (2, 3), (4, 6))
    table = scale(0, 9, 3, transform="lookup", lookup=(Lookup("", (0, 1, 4, 5, 9)),))
    assert ends(table, instrument(table, "0", "2")) == ((0, 1), (4, 5), (9, 9))
    goals = scale(20, 80, 1, transform="goal_attainment")
    assert not ends(goals, instrument(goals, "-2", "2"))
