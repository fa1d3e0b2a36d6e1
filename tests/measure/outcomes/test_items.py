"""A scale item by item."""

from __future__ import annotations

import pandas as pd
import pytest

from evaluation.errors import Contradiction
from evaluation.inside import pictures
from evaluation.measure.outcomes.items import item_changes
from evaluation.schema import Choice, Instrument, Item, Labels, Plan, Scale

FIVE = tuple(Choice(str(code), {}) for code in (5, 4, 3, 2, 1, 98))


def item(name: str, key: int) -> Item:
    labels: Labels = {"en": f"item {name}", "pl": f"pozycja {name}"}
    return Item(name, "select_one", labels, FIVE, "total", key, missing={"98": "refused"}, low=1, high=5)


SCALE = Scale("total", {}, "higher", "sum", 2, 10, 2, ("safe", "afraid"))
FORM = Instrument("calm", "1", {}, (item("safe", 1), item("afraid", -1)), (SCALE,))
PLAN = Plan(outcomes=())
# (person, wave, safe, afraid); C left, D joined late and has no start, E refused an item at the end.
FILLED = [
    ("A", "baseline", 2, 4), ("A", "endline", 5, 1), ("B", "baseline", 3, 2), ("B", "endline", 3, 3),
    ("C", "baseline", 1, 5), ("D", "endline", 4, 2), ("E", "baseline", 4, 4), ("E", "endline", 2, 98),
    ("A", "mid", 1, 1),
]  # fmt: skip


def answers(*extra: tuple[str, str, int, int]) -> pd.DataFrame:
    rows = [
        (who, wave, "calm", name, str(code), "refused" if code == 98 else "answered")
        for who, wave, safe, afraid in (*FILLED, *extra)
        for name, code in (("safe", safe), ("afraid", afraid))
    ]
    rows.append(("A", "baseline", "other", "safe", "1", "answered"))
    return pd.DataFrame(rows, columns=["participant", "wave", "instrument", "item", "value", "state"])


def test_only_those_who_answered_the_item_twice_are_counted_in_the_order_of_the_codes() -> None:
    safe, afraid = item_changes(answers(), FORM, SCALE, PLAN)
    assert safe.codes == ("1", "2", "3", "4", "5") == afraid.codes
    assert (safe.before, safe.after) == ((0, 1, 1, 1, 0), (0, 1, 1, 0, 1))
    assert (afraid.before, afraid.after) == ((0, 1, 0, 1, 0), (1, 0, 1, 0, 0))


def test_higher_is_more_of_the_scale_also_for_an_item_that_is_turned() -> None:
    safe, afraid = item_changes(answers(), FORM, SCALE, PLAN)
    assert (safe.directions.higher, safe.directions.same, safe.directions.lower) == (1, 1, 1)
    # A is less afraid (4 to 1), B more (2 to 3).
    assert (afraid.directions.higher, afraid.directions.same, afraid.directions.lower) == (1, 0, 1)


def test_an_item_answered_twice_in_a_wave_is_no_answer() -> None:
    with pytest.raises(Contradiction, match="answered twice"):
        item_changes(answers(("A", "baseline", 2, 4)), FORM, SCALE, PLAN)


def test_nobody_with_both_answers_makes_empty_counts() -> None:
    safe, _ = item_changes(answers().iloc[:0], FORM, SCALE, PLAN)
    assert (safe.before, safe.directions.n, safe.directions.net) == ((0, 0, 0, 0, 0), 0, None)


def test_the_picture_and_its_alt_text_tell_every_count() -> None:
    from evaluation.project import folder as folders  # a real project, with this scale in it
    from evaluation.resources import folder
    from tests.inside.test_pictures import outcome_of

    declaration, change = outcome_of(folders.read(folder("templates") / "projects" / "reference"), FORM)
    made = pictures.items({"calm": item_changes(answers(), FORM, SCALE, PLAN)}, {"calm": change}, declaration, "en")
    assert made.png
    assert made.table["item"].tolist() == ["item safe", "item afraid"]
    assert made.table.iloc[0, 3] == "1 / 1 / 1"
    assert "1: 0, 2: 1, 3: 1, 4: 1, 5: 0 → 1: 0, 2: 1, 3: 1, 4: 0, 5: 1" in made.alt
    assert "item afraid: 1 / 0 / 1" in made.alt
