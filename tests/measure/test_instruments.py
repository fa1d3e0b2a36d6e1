"""Published instruments give their published scores, and their traps are kept apart."""

from __future__ import annotations

import functools
import itertools
import json
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaluation import xlsform
from evaluation.measure.scoring import score
from evaluation.resources import folder
from evaluation.schema import Instrument, Scale

DATA = Path(__file__).parent / "data"
VECTORS = json.loads((DATA / "scores.json").read_text(encoding="utf-8"))
TABLES = json.loads((DATA / "cfpb_tables.json").read_text(encoding="utf-8"))["tables"]
SHELF = folder("data_schema") / "questionnaires"
ORDER_A = ("satisfied", "no_good", "qualities", "able", "proud", "useless", "worth", "respect", "failure", "positive")
ORDER_B = ("worth", "qualities", "failure", "able", "proud", "positive", "satisfied", "respect", "useless", "no_good")
SHORT = ("never_have", "getting_by", "wont_last", "left_over", "control")
ITEMS = (
    *("unexpected", "future", "never_have", "enjoy", "getting_by"),
    *("wont_last", "gift", "left_over", "behind", "control"),
)


@functools.cache
def instrument(name: str) -> Instrument:
    return xlsform.read(SHELF / f"{name}.md")


def scored(form: Instrument, answers: dict[str, object]) -> dict[str, float]:
    """The scores of one filled questionnaire by scale; an answer that is None was refused."""
    told = {name: "refused" if value is None else "answered" for name, value in answers.items()}
    rows = [
        ("P-1", "baseline", form.id, name, np.nan if value is None else str(value), told[name])
        for name, value in answers.items()
    ]
    frame = pd.DataFrame(rows, columns=["participant", "wave", "instrument", "item", "value", "state"])
    return {str(row.scale).partition(".")[2]: float(row.score) for row in score(frame, form).itertuples()}


def numbered(stem: str, answers: list[object]) -> dict[str, object]:
    return {f"{stem}_{number}": value for number, value in enumerate(answers, 1)}


def of(name: str) -> list[dict[str, object]]:
    return [vector for vector in VECTORS if vector["instrument"] == name]


def cut(scale: Scale, points: float) -> int:
    """How many of the published cuts the points reach."""
    return sum(points >= one.value for one in scale.published("cut"))


def test_every_vector_is_of_an_instrument_or_measure_that_is_tested() -> None:
    here = {"who5", "rses_0_30", "gse", "ras", "pc_ptsd5", "phq4", "cfpb_fwb10", "movers", "gas_t", "cast_1_5", "aso"}
    assert {vector["instrument"] for vector in VECTORS} - here == {"indicator", "attendance"}
    assert len(VECTORS) == 48


@pytest.mark.parametrize("vector", of("who5"), ids=lambda vector: vector["case"])
def test_who_5(vector: dict[str, dict[str, object]]) -> None:
    expected = vector["expected"]
    points = scored(instrument("who5"), numbered("who5", vector["input"]))["wellbeing"]
    assert points == expected["pct"] == 4 * expected["raw"]
    assert (points / 4 < 13) == expected["poor_wellbeing"]


@pytest.mark.parametrize("vector", of("rses_0_30"), ids=lambda vector: vector["case"])
def test_rosenbergs_scale_is_keyed_by_what_a_statement_is_about_whatever_its_number(vector: dict[str, object]) -> None:
    order = (
        ORDER_B if str(vector["case"]).endswith("order B") else ORDER_A
    )  # the trap: form B under the names of form A
    answers = {f"rses_{name}": value for name, value in zip(order, vector["input"], strict=True)}
    assert scored(instrument("rses"), answers)["self_esteem"] == vector["expected"]


def test_the_two_orders_of_rosenbergs_scale_reverse_different_numbers() -> None:
    form = instrument("rses")
    numbers = [
        {number for number, name in enumerate(order, 1) if form.item(f"rses_{name}").key < 0}
        for order in (ORDER_A, ORDER_B)
    ]
    assert numbers == [{2, 5, 6, 8, 9}, {3, 5, 8, 9, 10}]
    assert sorted(ORDER_A) == sorted(ORDER_B)


def test_agreeing_with_everything_and_with_nothing_are_the_same_on_rosenbergs_scale() -> None:
    form = instrument("rses")
    ends = [scored(form, {item.id: value for item in form.items})["self_esteem"] for value in (0, 3)]
    assert ends == [15, 15]


@pytest.mark.parametrize("vector", of("gse"), ids=lambda vector: vector["case"])
def test_general_self_efficacy(vector: dict[str, object]) -> None:
    assert scored(instrument("gse"), numbered("gse", vector["input"]))["self_efficacy"] == vector["expected"]


def test_general_self_efficacy_has_no_score_with_four_missing() -> None:
    assert math.isnan(scored(instrument("gse"), numbered("gse", [None] * 4 + [3] * 6))["self_efficacy"])
    assert scored(instrument("gse"), numbered("gse", [None] * 3 + [3] * 7))["self_efficacy"] == 30


@pytest.mark.parametrize("vector", of("ras"), ids=lambda vector: vector["case"])
def test_assertiveness_with_plus_three_for_very_characteristic(vector: dict[str, object]) -> None:
    form = instrument("ras")
    assert scored(form, numbered("ras", vector["input"]))["assertiveness"] == vector["expected"]
    assert "very characteristic of me" in {choice.name: choice.labels["en"] for choice in form.items[0].choices}["3"]
    assert "0" not in [choice.name for choice in form.items[0].choices]


@pytest.mark.parametrize("vector", of("pc_ptsd5"), ids=lambda vector: vector["case"])
def test_the_gate_of_the_screen_for_stress_makes_structural_zeros(vector: dict[str, dict[str, object]]) -> None:
    given = vector["input"]
    answers = {"ptsd_gate": given["gate"], **numbered("ptsd", given.get("items", []))}
    assert scored(instrument("pc_ptsd5"), answers)["symptoms"] == vector["expected"]


@pytest.mark.parametrize(
    ("gate", "items", "points"),
    [
        (None, [1, 1, 1, 1, 1], math.nan),  # no answer at the gate: no score, whatever follows
        (1, [1, 1, None, 1, 1], math.nan),
        (0, [None] * 5, 0),
        (0, [1, 1, 1, 1, 1], 0),
        (1, [0, 0, 0, 0, 0], 0),
    ],
)
def test_a_gate_without_an_answer_gives_no_score(gate: int | None, items: list[object], points: float) -> None:
    found = scored(instrument("pc_ptsd5"), {"ptsd_gate": gate, **numbered("ptsd", items)})["symptoms"]
    assert found == points or (math.isnan(found) and math.isnan(points))


@pytest.mark.parametrize("vector", of("phq4"), ids=lambda vector: str(vector["input"]))
def test_distress_has_a_total_and_two_parts_of_the_same_items(vector: dict[str, dict[str, object]]) -> None:
    form, expected = instrument("phq4"), vector["expected"]
    found = scored(form, numbered("phq4", vector["input"]))
    assert found == {"total": expected["total"], "anxiety": expected["anx"], "depression": expected["dep"]}
    assert ["none", "mild", "moderate", "severe"][cut(form.scale("total"), found["total"])] == expected["band"]
    assert cut(form.scale("anxiety"), found["anxiety"]) == int(expected["anx"] >= 3)


def cfpb(values: dict[str, object], age: str, mode: str | None, form: str = "cfpb_fwb10") -> float:
    answers = {f"fwb_{name}": value for name, value in values.items()}
    return scored(instrument(form), {**answers, "fwb_age": age, "mode": mode})["wellbeing"]


def reaching(total: int, names: tuple[str, ...] = ITEMS, form: str = "cfpb_fwb10") -> dict[str, object]:
    """Answers whose keyed sum is ``total``: the first items take as much as they can."""
    made: dict[str, object] = {}
    for name in names:
        part = min(4, total)
        total -= part
        made[name] = part if instrument(form).item(f"fwb_{name}").key > 0 else 4 - part
    return made


@pytest.mark.parametrize("vector", of("cfpb_fwb10"), ids=lambda vector: f"{vector['case']} {vector['input']}")
def test_financial_well_being_is_found_in_the_table_of_age_and_mode(vector: dict[str, object]) -> None:
    given = vector["input"]
    if "values" in given:
        # The Bureau's form codes reversed statements already; the questionnaire codes what was ticked.
        keyed = dict(zip(ITEMS, given["values"], strict=True))
        form = instrument("cfpb_fwb10")
        values = {name: value if form.item(f"fwb_{name}").key > 0 else 4 - value for name, value in keyed.items()}
        assert cfpb(values, "62_plus", "self") == vector["expected"]
        return
    mode, age = str(vector["case"]).split("_", 1)
    place = ("62_plus" if age == "62" else age, "self" if mode == "self" else "staff")
    assert cfpb(reaching(given["sum"]), *place) == vector["expected"]


@pytest.mark.parametrize(("mode", "age"), [*itertools.product(("self", "int"), ("18_61", "62"))])
def test_the_four_tables_are_those_of_the_bureau(mode: str, age: str) -> None:
    place = ("62_plus" if age == "62" else age, "self" if mode == "self" else "staff")
    form = instrument("cfpb_fwb10")
    rows = []
    for total in range(41):
        answers = {f"fwb_{name}": value for name, value in reaching(total).items()}
        rows += [
            (f"P-{total}", name, str(value))
            for name, value in {**answers, "fwb_age": place[0], "mode": place[1]}.items()
        ]
    frame = pd.DataFrame(rows, columns=["participant", "item", "value"]).assign(
        wave="baseline", instrument=form.id, state="answered"
    )
    found = score(frame, form).set_index("participant")["score"]
    assert [found[f"P-{total}"] for total in range(41)] == TABLES[f"{mode}_{age}"]


def test_financial_well_being_is_no_stretched_sum() -> None:
    apart = {
        name: max(abs(points - 2.5 * total) for total, points in enumerate(table)) for name, table in TABLES.items()
    }
    assert apart["self_18_61"] == 17.5
    assert max(apart.values()) == apart["int_62"] == 21


@pytest.mark.parametrize(
    ("answers", "age", "mode"),
    [
        ({**reaching(20), "gift": None}, "18_61", "self"),  # one item missing
        (reaching(20), "18_61", "self_with_help"),  # no table is for that
        (reaching(20), "18_61", "unknown"),
        (reaching(20), "18_61", None),
        (reaching(20), None, "self"),
    ],
)
def test_without_a_table_of_its_own_or_with_an_item_missing_there_is_no_score(
    answers: dict[str, object], age: str, mode: str | None
) -> None:
    assert math.isnan(cfpb(answers, age, mode))


def test_another_mode_at_the_next_wave_moves_the_same_answers() -> None:
    assert cfpb(reaching(20), "18_61", "staff") - cfpb(reaching(20), "18_61", "self") == 2


def test_the_short_form_has_tables_for_self_completion_only() -> None:
    form = instrument("cfpb_fwb5")
    for age, ends in (("18_61", (19, 82)), ("62_plus", (20, 90))):
        found = [cfpb(reaching(total, SHORT, "cfpb_fwb5"), age, "self", "cfpb_fwb5") for total in (0, 20)]
        assert found == list(ends)
    assert math.isnan(cfpb(reaching(10, SHORT, "cfpb_fwb5"), "18_61", "staff", "cfpb_fwb5"))
    assert form.key_status == "recalled"
    assert all(len(table.points) == 21 for table in form.scales[0].lookup)


@pytest.mark.parametrize("vector", of("movers"), ids=lambda vector: vector["case"])
def test_movers_has_three_scales_no_total_and_one_that_runs_the_other_way(vector: dict[str, dict[str, float]]) -> None:
    form = instrument("movers")
    found = scored(form, numbered("movers", vector["input"]))
    assert {name: round(points, 4) for name, points in found.items()} == vector["expected"]
    assert [scale.direction for scale in form.scales] == ["higher", "higher", "lower"]
    assert len(form.scales) == 3


@pytest.mark.parametrize("vector", of("gas_t"), ids=lambda vector: str(vector["input"]))
def test_goal_attainment_with_equal_weights(vector: dict[str, object]) -> None:
    form = instrument("gas_t")
    points = scored(form, numbered("gas", vector["input"]))["goals"]
    assert round(points, 4) == vector["expected"]
    weighed = {f"gas_{number}_weight": 7 for number in range(1, len(vector["input"]) + 1)}
    assert scored(form, {**numbered("gas", vector["input"]), **weighed})["goals"] == pytest.approx(points, abs=1e-9)
    assert form.key_status == "recalled"


def test_goals_weigh_as_much_as_their_weight_says_and_a_goal_without_one_among_others_has_no_score() -> None:
    form = instrument("gas_t")
    answers = {"gas_1": 2, "gas_2": -1, "gas_1_weight": 3, "gas_2_weight": 1}
    expected = 50 + 10 * (3 * 2 - 1) / math.sqrt(0.7 * (9 + 1) + 0.3 * 16)
    assert scored(form, answers)["goals"] == pytest.approx(expected, abs=1e-12)
    assert math.isnan(scored(form, {**answers, "gas_2_weight": None})["goals"])
    assert scored(form, {**answers, "gas_3": None, "gas_3_weight": 9})["goals"] == pytest.approx(expected, abs=1e-12)
    assert math.isnan(scored(form, {"gas_1": None, "gas_1_weight": 3})["goals"])


def test_no_score_of_goals_lies_beyond_the_ends_of_its_scale() -> None:
    form = instrument("gas_t")
    (scale,) = form.scales
    found = [scored(form, numbered("gas", [value] * n))["goals"] for n in range(1, 6) for value in (-2, 2)]
    assert round(min(found), 2) == scale.minimum
    assert round(max(found), 2) == scale.maximum


@pytest.mark.parametrize("vector", of("cast_1_5"), ids=lambda vector: vector["case"])
def test_a_rated_need_has_changed_by_the_published_steps(vector: dict[str, dict[str, float]]) -> None:
    form, given, expected = instrument("cast_needs"), vector["input"], vector["expected"]
    before, after = (scored(form, {"cast_housing": given[wave]})["housing"] for wave in ("base", "follow"))
    measurable, substantial = (one.value for one in form.scale("housing").published("change"))
    assert (after - before, after - before >= measurable, after - before >= substantial) == (
        expected["delta"],
        expected["measurable"],
        expected["substantial"],
    )


@pytest.mark.parametrize("vector", of("aso"), ids=lambda vector: vector["case"])
def test_a_domain_is_the_mean_of_its_sub_domains_and_is_rated_for_where_she_will_return(
    vector: dict[str, dict[str, list[int]]],
) -> None:
    form = instrument("aso")
    found = scored(form, numbered("aso_safety", vector["input"]["safety"]))
    assert found["safety"] == vector["expected"]
    assert "the environment that she will return to" in (SHELF / "aso.md").read_text(encoding="utf-8").splitlines()[0]
    assert "overall" not in found


def test_levels_of_language_are_five_scales_that_are_never_averaged() -> None:
    form = instrument("cefr_self")
    assert {scale.transform for scale in form.scales} == {"ordinal"}
    assert scored(form, {"cefr_reading": 3, "cefr_writing": 1})["reading"] == 3


def test_what_ships_with_wording_is_free_and_the_rest_has_none() -> None:
    shipped = {"cfpb_fwb10", "cfpb_fwb5"}
    for path in sorted(SHELF.glob("*.md")):
        form = xlsform.read(path)
        if "none" in form.translations.values():
            assert form.id not in shipped
            assert form.licence.startswith(("wording not included", "descriptors not included"))
        if form.id in shipped:
            assert form.licence.startswith("CC0-1.0")
            assert dict(form.translations) == {"en": "official", "pl": "own"}
    assert not {"iom_rss", "outcomes_star", "ohts", "ipip_assert"} & {path.stem for path in SHELF.glob("*.md")}


def test_ten_points_of_the_who_5_are_within_its_error_of_measurement() -> None:
    scale = instrument("who5").scale("wellbeing")
    (ten,), (detectable,) = scale.published("change"), scale.published("detectable")
    assert ten.value < detectable.value
    assert re.fullmatch(r"doi \S+", detectable.source)
