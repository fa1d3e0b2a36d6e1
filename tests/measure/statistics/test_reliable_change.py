"""Reliable change of persons."""

from __future__ import annotations

import dataclasses
import re
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaluation import xlsform
from evaluation.errors import Contradiction
from evaluation.inside import pictures
from evaluation.measure.outcomes.change import Change, outcome_change
from evaluation.measure.statistics.reliability import reliability
from evaluation.measure.statistics.reliable_change import (
    category,
    cutoff_c,
    measurement_error,
    reliable_counts,
    with_cutoff,
)
from evaluation.resources import folder
from evaluation.schema import Evidence, Outcome, Plan, Scale
from evaluation.texts import say

OUTCOME = Outcome("calm", {}, "calm.total", step=3, reliability=0.84, reliability_source="validation study, 2015")
SCALE = Scale("total", {}, "higher", "sum", 0, 40, 5, ("a",))
START = [10, 14, 20, 12, 18, 16, 22, 8]
END = [24, 13, 21, 2, 27, 16, 24, 20]


def found(outcome: Outcome = OUTCOME, scale: Scale = SCALE, direction: str = "higher", **given: Any) -> Change:
    rows = [
        (f"P-{person}", wave, "calm.total", value)
        for wave, values in (("endline", END), ("baseline", START))
        for person, value in enumerate(values)
    ]
    rows += [("P-77", "baseline", "calm.total", 15), ("P-0", "baseline", "other.total", 1)]
    scores = pd.DataFrame(rows, columns=["participant", "wave", "scale", "score"])
    people = pd.DataFrame({"participant": [f"P-{person}" for person in [*range(8), 77]]})
    plan = Plan(outcomes=(outcome,))
    return outcome_change(scores, people, outcome, dataclasses.replace(scale, direction=direction), plan, **given)


def published(kind: str, value: float) -> Evidence:
    return Evidence(kind, value, f"{kind} study", {"en": "500 adults", "pl": "500 osób dorosłych"})


def test_the_threshold_is_twice_the_noise_of_a_difference() -> None:
    error = measurement_error(5.0, 0.84)
    assert (error.of_score, error.of_difference) == pytest.approx((2.0, 2 * sqrt(2)))
    assert error.threshold() == pytest.approx(1.959963984540054 * 2 * sqrt(2))


def test_only_changes_beyond_the_threshold_count_in_the_good_direction() -> None:
    # Everyone's baseline (nine people) has SD 4.58; the threshold is 5.08 points.
    better, worse = found().reliable, found(direction="lower").reliable
    assert better.threshold == pytest.approx(1.959963984540054 * 4.5825756949558 * sqrt(0.32), rel=1e-9)
    assert (better.n, better.improved, better.same, better.worse) == (8, 3, 4, 1)
    assert (worse.improved, worse.same, worse.worse) == (1, 4, 3)


def test_a_change_of_exactly_the_threshold_is_not_beyond_it() -> None:
    assert category(1.96, critical=1.96) == category(-1.96, critical=1.96) == "Unchanged"
    # Rounded to nine decimals, as scores are, no threshold is met exactly; a perfect scale's is 0.
    assert reliable_counts([0, 0, 1, -2], sd=5, reliability=1.0, source="s").same == 2
    assert (category(1.97, critical=1.96), category(-1.97, critical=1.96)) == ("Improved", "Deteriorated")


def test_the_plan_s_reliability_comes_before_a_published_one_and_that_before_the_own() -> None:
    two = dataclasses.replace(SCALE, items=("a", "b"), evidence=(published("reliability", 0.7),))
    items = np.array([[1, 2], [2, 2], [4, 5], [5, 3]])
    declared = found(scale=two, items=items).reliable
    assert (declared.source, declared.reliability, declared.approximate) == ("validation study, 2015", 0.84, False)
    silent = dataclasses.replace(OUTCOME, reliability=None)
    known = found(silent, two, items=items).reliable
    assert (known.source, known.reliability, known.population["pl"]) == ("reliability study", 0.7, "500 osób dorosłych")
    assert not known.approximate
    own = found(silent, dataclasses.replace(two, evidence=()), items=items).reliable
    assert (own.source, own.approximate, own.population) == ("", True, {})
    assert own.reliability == pytest.approx(reliability(items).cronbach)


def test_a_reliability_without_its_source_is_not_used() -> None:
    assert found(dataclasses.replace(OUTCOME, reliability_source="")).reliable is None


def test_without_a_reliability_above_zero_there_is_nothing_to_say() -> None:
    silent = dataclasses.replace(OUTCOME, reliability=None)
    assert found(silent).reliable is None
    contrary = np.array([[1, 4], [2, 2], [4, 2], [5, 1]])
    assert reliability(contrary).cronbach < 0
    assert found(silent, dataclasses.replace(SCALE, items=("a", "b")), items=contrary).reliable is None


@pytest.mark.parametrize(
    ("step", "evidence", "cautions"),
    [
        # The declared reliability and the baseline's SD give an error of 5.08 points.
        (
            5.0,
            (),
            {"step_within_noise": "(in points: 5) is less than one person's score may change by error alone: 5.1"},
        ),
        (5.1, (), {}),
        # What the plan declares comes before what is published.
        (5.1, (published("detectable", 6.5),), {}),
        (
            7.0,
            (published("detectable", 6.5), published("change", 5.0)),
            {"published_within_noise": "threshold (in points: 5; change study; 500 adults) is below"},
        ),
        (9.0, (published("change", 5.0),), {"published_within_noise": "change, 5.1; nobody is called improved by it"}),
    ],
)
def test_a_step_or_a_published_threshold_below_the_error_is_said_with_source_and_population(
    step: float, evidence: tuple[Evidence, ...], cautions: dict[str, str]
) -> None:
    scale = dataclasses.replace(SCALE, evidence=evidence)
    told = [one for one in found(dataclasses.replace(OUTCOME, step=step), scale).refusals if "within" in one.id]
    assert [one.id for one in told] == list(cautions)
    for one in told:
        assert cautions[one.id] in say(one.message, "en")
        assert one.kind == "caution"
        assert not re.search(r"\d\.\d", say(one.message, "pl"))  # Polish writes a comma


@pytest.mark.parametrize(
    ("step", "evidence", "cautions"),
    [
        (6.4, (published("detectable", 6.5),), {"step_within_noise": "6.5 (detectable study; 500 adults)"}),
        (6.5, (published("detectable", 6.5), published("change", 6.5)), {}),
        (
            7.0,
            (published("detectable", 6.5), published("change", 6.4)),
            {"published_within_noise": "threshold (in points: 6.4; change study; 500 adults) is below"},
        ),
        (5.0, (), {}),  # nothing is known of its error
    ],
)
def test_without_a_declared_reliability_the_published_error_counts(
    step: float, evidence: tuple[Evidence, ...], cautions: dict[str, str]
) -> None:
    scale = dataclasses.replace(SCALE, evidence=evidence)
    outcome = dataclasses.replace(OUTCOME, step=step, reliability=None)
    told = [one for one in found(outcome, scale).refusals if "within" in one.id]
    assert {one.id: cautions[one.id] in say(one.message, "en") for one in told} == dict.fromkeys(cautions, True)


def test_who_5_s_ten_points_are_shown_to_be_below_its_error() -> None:
    # instruments.md, trap 2: ICC .81 and an SD of 19.5 give an error of 8.5 for a score, 23.6 for a change.
    error = measurement_error(19.5, 0.81)
    assert (round(error.of_score, 1), round(error.threshold(), 1)) == (8.5, 23.6)
    instrument = xlsform.read(folder("data_schema") / "questionnaires" / "who5.md")
    scale, outcome = instrument.scale("wellbeing"), Outcome("wellbeing", {}, "calm.total", step=10)
    change = found(outcome, scale)
    assert {one.id for one in change.refusals} >= {"step_within_noise", "published_within_noise"}
    shown = pictures.reliable({"wellbeing": change}, "en").table
    assert "Valant, description of the WHO-5; population not stated there" in shown.iloc[0, -1]
    assert "error alone: 23.6" in shown.iloc[0, -1]
    assert shown.iloc[0, -2] == "doi 10.1186/s12955-018-1001-0; test and retest of 554 people after 22 days (ICC)"


def test_the_cut_off_lies_nearer_to_the_group_with_the_smaller_spread() -> None:
    assert cutoff_c(10, 2, 20, 6) == pytest.approx(12.5)


@pytest.mark.parametrize(
    ("verdict", "before", "after", "named"),
    [
        ("Improved", False, True, "Recovered"),
        ("Improved", True, True, "Improved"),
        ("Improved", False, False, "Improved"),
        ("Deteriorated", True, False, "Harmed"),
        ("Deteriorated", False, False, "Deteriorated"),
        ("Unchanged", False, True, "Unchanged"),
    ],
)
def test_crossing_the_cut_off_counts_only_with_a_reliable_change(
    verdict: Any, before: bool, after: bool, named: str
) -> None:
    assert with_cutoff(verdict, before_well=before, after_well=after) == named


@pytest.mark.parametrize(("sd", "r"), [(0, 0.8), (-1, 0.8), (5, 1.01), (5, -0.1), (float("nan"), 0.5)])
def test_an_impossible_spread_or_reliability_is_an_error(sd: float, r: float) -> None:
    with pytest.raises(Contradiction, match="above 0"):
        measurement_error(sd, r)
