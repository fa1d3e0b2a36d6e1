"""Answers become scores."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import xlsform
from evaluation.errors import BadDeclaration, Contradiction
from evaluation.measure.scoring import COLUMNS, keyed_items, score
from evaluation.resources import folder
from evaluation.schema import Instrument, Item, Scale


def item(name: str, *, key: int = 1, low: float = 1, high: float = 5) -> Item:
    return Item(id=name, kind="select_one", labels={}, key=key, low=low, high=high)


def scale(*items: str, transform: str = "sum", minimum_answered: int = 3) -> Scale:
    return Scale(
        id="total",
        labels={},
        direction="higher",
        transform=transform,
        minimum=0,
        maximum=99,
        minimum_answered=minimum_answered,
        items=items,
    )


SAFETY = Instrument(
    id="safety",
    version="1",
    labels={},
    items=(item("sec_01"), item("sec_02"), item("sec_03"), item("sec_04", key=-1)),
    scales=(scale("sec_01", "sec_02", "sec_03", "sec_04"),),
)


def form(wave: str = "baseline", participant: str = "P-017", **values: object) -> list[dict[str, object]]:
    """Rows of one questionnaire; a value given as a word is the answer's state."""
    states = ("refused", "not_asked", "not_applicable", "unknown")
    return [
        {
            "participant": participant,
            "wave": wave,
            "date": pd.Timestamp("2024-03-01"),
            "instrument": "safety",
            "version": "1",
            "item": name,
            "value": np.nan if value in states else str(value),
            "state": value if value in states else "answered",
        }
        for name, value in values.items()
    ]


def one(rows: list[dict[str, object]], instrument: Instrument = SAFETY) -> pd.Series:
    scored = score(pd.DataFrame(rows), instrument)
    assert len(scored) == 1
    return scored.iloc[0]


def test_a_reversed_item_is_lowest_plus_highest_minus_the_answer() -> None:
    assert one(form(sec_01=1, sec_02=2, sec_03=5, sec_04=4))["score"] == 1 + 2 + 5 + (6 - 4)


def test_a_reversed_item_from_zero_to_three_turns_around_its_own_ends() -> None:
    instrument = Instrument(
        id="safety",
        version="1",
        labels={},
        items=(item("a", key=-1, low=0, high=3), item("b", low=0, high=3), item("c", low=0, high=3)),
        scales=(scale("a", "b", "c"),),
    )
    assert one(form(a=1, b=3, c=0), instrument)["score"] == 2 + 3 + 0


def test_items_are_found_by_id_whatever_their_order() -> None:
    rows = form(sec_04=5, sec_03=2, sec_01=4, sec_02=1)
    assert one(rows)["score"] == 1 + 2 + 4 + 1
    assert one(rows[::-1])["score"] == 1 + 2 + 4 + 1


def test_a_sum_with_one_answer_missing_is_prorated() -> None:
    found = one(form(sec_01=2, sec_02="refused", sec_03=5, sec_04=1))
    assert found["score"] == pytest.approx((2 + 5 + 5) / 3 * 4)
    assert (found["answered"], found["asked"]) == (3, 4)


def test_below_the_minimum_answered_there_is_no_score() -> None:
    found = one(form(sec_01=2, sec_02="unknown", sec_03="not_applicable", sec_04=1))
    assert np.isnan(found["score"])
    assert (found["answered"], found["asked"]) == (2, 4)


def test_without_any_answer_there_is_no_score_even_where_none_is_demanded() -> None:
    instrument = Instrument(
        id="safety",
        version="1",
        labels={},
        items=SAFETY.items,
        scales=(scale("sec_01", "sec_02", minimum_answered=0),),
    )
    assert np.isnan(one(form(sec_01="refused", sec_02="refused"), instrument)["score"])


def test_an_item_that_was_not_asked_is_neither_answered_nor_asked() -> None:
    found = one(form(sec_01=2, sec_02=3, sec_03="not_asked", sec_04=1))
    assert (found["answered"], found["asked"]) == (3, 3)


def test_an_item_without_a_row_was_not_asked() -> None:
    found = one(form(sec_01=2, sec_02=3, sec_04=1))
    assert (found["score"], found["asked"]) == (pytest.approx(10 / 3 * 4), 3)


def test_a_missing_state_is_never_a_number_even_where_a_code_stands_beside_it() -> None:
    rows = form(sec_01=2, sec_02=3, sec_03=4, sec_04="refused")
    rows[3]["value"] = "98"
    assert one(rows)["score"] == pytest.approx((2 + 3 + 4) / 3 * 4)


def test_a_mean_is_of_the_answered_items() -> None:
    instrument = Instrument(
        id="safety", version="1", labels={}, items=SAFETY.items,
        scales=(scale("sec_01", "sec_02", "sec_04", transform="mean", minimum_answered=2),),
    )  # fmt: skip
    assert one(form(sec_01=2, sec_02="refused", sec_03=1, sec_04=1), instrument)["score"] == 3.5


def test_an_ordinal_scale_keeps_the_level_of_its_one_item() -> None:
    instrument = Instrument(
        id="safety", version="1", labels={}, items=(item("level", low=0, high=6),),
        scales=(scale("level", transform="ordinal", minimum_answered=1),),
    )  # fmt: skip
    assert one(form(level=4), instrument)["score"] == 4


def test_an_ordinal_scale_of_two_items_is_refused() -> None:
    instrument = Instrument(
        id="safety", version="1", labels={}, items=SAFETY.items,
        scales=(scale("sec_01", "sec_02", transform="ordinal"),),
    )  # fmt: skip
    with pytest.raises(BadDeclaration, match="exactly one item"):
        score(pd.DataFrame(form(sec_01=1, sec_02=2)), instrument)


def test_an_item_of_a_scale_without_a_key_is_refused() -> None:
    instrument = Instrument(
        id="safety", version="1", labels={}, items=(item("sec_01", key=0),), scales=(scale("sec_01"),)
    )
    with pytest.raises(BadDeclaration, match="'sec_01' belongs to a scale but has no key"):
        score(pd.DataFrame(form(sec_01=1)), instrument)


@pytest.mark.parametrize("value", ["6", "0", "98", "inf", "nan", "often", "-1", ""])
def test_an_answer_outside_the_codes_names_the_item_and_never_the_answer(value: str) -> None:
    rows = form(sec_01=1, sec_02=2, sec_03=3, sec_04=3, participant="P-777")
    rows[2]["value"] = value
    with pytest.raises(Contradiction) as caught:
        score(pd.DataFrame(rows), SAFETY)
    sentence = str(caught.value)
    assert "'sec_03'" in sentence
    assert "from 1 to 5" in sentence
    assert "P-777" not in sentence
    assert not value or value not in sentence.replace("sec_03", "")


def test_the_ends_of_the_codes_are_inside() -> None:
    assert one(form(sec_01=1, sec_02=5, sec_03=1, sec_04=5))["score"] == 1 + 5 + 1 + 1


def test_an_item_answered_twice_in_a_wave_names_table_and_wave_only() -> None:
    rows = form("mid", sec_01=1, sec_02=2) + form("mid", sec_02=4) + form("baseline", sec_02=4)
    with pytest.raises(Contradiction) as caught:
        score(pd.DataFrame(rows), SAFETY)
    assert "'answers'" in str(caught.value)
    assert "'mid'" in str(caught.value)
    assert "P-017" not in str(caught.value)
    assert "sec_02" not in str(caught.value)


def test_other_instruments_and_items_of_no_scale_are_left_aside() -> None:
    rows = form(sec_01=1, sec_02=2, sec_03=3, sec_04=3, remark="good")
    other = [{**row, "instrument": "rights", "value": "77"} for row in rows]
    assert one(rows + other)["score"] == 1 + 2 + 3 + 3


def test_every_person_wave_and_scale_has_one_row_named_instrument_and_scale() -> None:
    rows = [
        *form("endline", "P-002", sec_01=5, sec_02=5, sec_03=5, sec_04=1),
        *form("baseline", "P-001", sec_01=1, sec_02=1, sec_03=2, sec_04=5),
        *form("baseline", "P-002", sec_01=3, sec_02=3, sec_03=3, sec_04=2),
    ]
    scored = score(pd.DataFrame(rows), SAFETY)
    assert list(scored.columns) == COLUMNS
    assert scored.values.tolist() == [
        ["P-001", "baseline", "safety.total", 5.0, 4, 4],
        ["P-002", "baseline", "safety.total", 13.0, 4, 4],
        ["P-002", "endline", "safety.total", 20.0, 4, 4],
    ]


def test_a_scale_whose_items_a_form_lacked_is_there_without_a_score() -> None:
    instrument = Instrument(
        id="safety", version="2", labels={}, items=(*SAFETY.items, item("new_01")),
        scales=(*SAFETY.scales, Scale("new", {}, "higher", "sum", 1, 5, 1, ("new_01",))),
    )  # fmt: skip
    scored = score(pd.DataFrame(form(sec_01=1, sec_02=1, sec_03=1, sec_04=1)), instrument)
    assert scored["score"].tolist()[0] == 8
    assert np.isnan(scored["score"].tolist()[1])
    assert scored["asked"].tolist() == [4, 0]


@pytest.mark.parametrize("kept", [0, 1])
def test_no_answers_give_an_empty_frame_with_the_columns(kept: int) -> None:
    rows = pd.DataFrame(form(sec_01=1))
    scored = score(rows.assign(instrument="rights").iloc[:kept], SAFETY)
    assert list(scored.columns) == COLUMNS
    assert scored.empty


def test_an_instrument_without_scales_gives_no_scores() -> None:
    instrument = Instrument(id="safety", version="1", labels={}, items=SAFETY.items, scales=())
    assert score(pd.DataFrame(form(sec_01=1)), instrument).empty


@settings(max_examples=14, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=4, max_size=4))
def test_the_opposite_answers_mirror_the_score(answers: list[int]) -> None:
    names = [i.id for i in SAFETY.items]
    straight = one(form(**dict(zip(names, answers, strict=True))))["score"]
    opposite = one(form(**dict(zip(names, [6 - a for a in answers], strict=True))))["score"]
    assert straight + opposite == 24


def test_keyed_items_are_numbers_of_one_wave_reversed_by_key_with_gaps_left_open() -> None:
    instrument = Instrument(
        "calm", "1", {}, (item("a"), item("b", key=-1), item("c")), (scale("a", "b", minimum_answered=1),)
    )
    rows = [
        ("P-1", "baseline", "a", "4", "answered"),
        ("P-1", "baseline", "b", "2", "answered"),
        ("P-1", "baseline", "c", "5", "answered"),
        ("P-1", "endline", "a", "1", "answered"),
        ("P-2", "baseline", "a", np.nan, "refused"),
        ("P-2", "baseline", "b", "5", "answered"),
    ]
    table = pd.DataFrame(rows, columns=["participant", "wave", "item", "value", "state"]).assign(instrument="calm")
    found = keyed_items(table, instrument, instrument.scales[0], wave="baseline")
    assert found.index.tolist() == ["P-1", "P-2"]
    assert found.columns.tolist() == ["a", "b"]
    assert found.loc["P-1"].tolist() == [4, 4]
    assert np.isnan(found.loc["P-2", "a"])
    assert found.loc["P-2", "b"] == 1


@pytest.mark.parametrize(
    ("given", "points"),
    [((3, 3, 3, 3, 3), 60), ((5, 5, 5, 5, 5), 100), ((0, 0, 0, 0, 1), 4), ((3, 3, 3, 3, "refused"), None)],
)
def test_the_who_5_is_four_times_the_sum_of_five_answers_and_nothing_where_one_is_missing(
    given: tuple[object, ...], points: float | None
) -> None:
    instrument = xlsform.read(folder("data_schema") / "questionnaires" / "who5.md")
    rows = form(**{f"who5_{number}": value for number, value in enumerate(given, start=1)})
    found = one([{**row, "instrument": "who5"} for row in rows], instrument)
    assert found["score"] == points if points is not None else np.isnan(found["score"])


def test_a_mean_with_a_factor_is_multiplied_too() -> None:
    items = ("sec_01", "sec_02", "sec_03")
    tenfold = dataclasses.replace(scale(*items, transform="mean", minimum_answered=2), factor=10)
    found = one(form(sec_01=2, sec_02=3, sec_03="refused"), dataclasses.replace(SAFETY, scales=(tenfold,)))
    assert found["score"] == 25
