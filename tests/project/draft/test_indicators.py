"""Each declared indicator is counted from what it names, and says why where it cannot be."""

from __future__ import annotations

import dataclasses

import pytest

from evaluation.errors import BadDeclaration
from evaluation.measure.indicators import achieved_share, measure, progress
from evaluation.project import Project
from evaluation.project.checks import indicator_lines
from evaluation.schema import Indicator
from evaluation.texts import say


def declared(measured: str, unit: str = "persons") -> Indicator:
    return Indicator("X", {"en": "x"}, "output", unit, measured, {"en": "register"})  # type: ignore[arg-type]


def test_a_trust_score_that_stays_at_four_of_five_has_achieved_80_percent_and_progressed_0() -> None:
    assert achieved_share(4, 5) == pytest.approx(0.8)
    assert progress(4, 4, 5) == 0


@pytest.mark.parametrize(
    ("actual", "baseline", "target", "expected"),
    [(41, 0, 30, 41 / 30), (3, 4, 2, 0.5), (5, 5, 5, None), (5, None, 6, None), (5, 4, None, None), (None, 4, 5, None)],
)
def test_progress_is_null_where_it_has_no_meaning(
    actual: float | None, baseline: float | None, target: float | None, expected: float | None
) -> None:
    assert progress(actual, baseline, target) == (None if expected is None else pytest.approx(expected))


def test_41_reached_of_30_planned_is_137_percent_of_the_target(project: Project) -> None:
    out = next(one for one in project.results.indicators if one.indicator.code == "OUT-1")
    assert (out.value, out.achieved_share) == (41, pytest.approx(41 / 30))


def test_each_person_counts_once_however_many_courses_she_completed(project: Project) -> None:
    anyone = measure(declared("completed"), project.results)
    each = [measure(declared(f"completed:{course.id}"), project.results) for course in project.declaration.file.courses]
    assert anyone.persons == frozenset().union(*(one.persons for one in each))
    assert anyone.value == len(anyone.persons) < sum(len(one.persons) for one in each)


def test_whoever_completed_a_course_took_it(project: Project) -> None:
    for course in project.declaration.file.courses:
        completed = measure(declared(f"completed:{course.id}"), project.results).persons
        assert completed <= measure(declared(f"taken:{course.id}"), project.results).persons


def test_a_share_of_people_improved_is_of_those_with_both_measurements(project: Project) -> None:
    shown = measure(declared("improved:security", "share"), project.results)
    change = project.changes["security"]
    assert shown.value == pytest.approx(len(change.improved_by_step) / change.pairs)


def test_the_survey_of_two_organisations_gives_no_mean_but_a_reason(project: Project) -> None:
    shown = measure(declared("trust", "score 1-7"), project.results)
    assert shown.value is None
    assert "five organisations" in say(shown.reason, "en")


def test_five_organisations_have_a_mean(project: Project) -> None:
    survey = project.frames["partner_survey"]
    more = survey[survey["wave"] == "endline"].sample(5, replace=True, random_state=1)
    frames = {**project.frames, "partner_survey": more.reset_index(drop=True)}
    shown = measure(declared("trust", "score 1-7"), dataclasses.replace(project.results, frames=frames))
    assert shown.value == pytest.approx(more["trust"].mean())


COUNTS = ("telefony", "Porady  prawne", "spotkania")
LABELS = {"en": "legal consultations", "pl": "porady prawne"}


@pytest.mark.parametrize(
    ("named", "value", "told"),
    [
        ("telefony", 412, None),
        ("Telefony", 412, None),
        ("porady", 96, "counts the category 'Porady  prawne', which is called as the indicator is"),
        ("porady prawne", 96, None),
        ("telefon", None, "counts the category 'telefon', of which nothing is recorded"),
    ],
)
def test_an_aggregate_count_is_the_category_that_is_named_or_called_as_the_indicator_is(
    project: Project, named: str, value: float | None, told: str | None
) -> None:
    labels = {"en": "calls"} if named == "telefon" else LABELS
    indicator = dataclasses.replace(declared(f"aggregate:{named}"), labels=labels)
    frame = project.frames["aggregate_counts"].iloc[:0].reindex(range(3)).assign(category=COUNTS, count=[412, 96, 5])
    results = dataclasses.replace(project.results, frames={**project.frames, "aggregate_counts": frame})
    assert measure(indicator, results).value == value
    declaration = dataclasses.replace(project.declaration, indicators=(indicator,))
    said = [say(line, "en") for line in indicator_lines(declaration, COUNTS)]
    assert len(said) == (told is not None)
    assert told is None or told in said[0]
    assert list(indicator_lines(declaration, ())) == []


def test_an_aggregate_count_that_does_not_say_what_it_is_of_is_told(project: Project) -> None:
    silent = declared("aggregate:x", "number")
    others = (dataclasses.replace(silent, counts="events"), declared("aggregate:x"), declared("sessions", "number"))
    said = [*indicator_lines(dataclasses.replace(project.declaration, indicators=(silent, *others)), ())]
    assert [line.key for line in said] == ["project.check.indicator_counts"]


@pytest.mark.parametrize(
    ("measured", "told"),
    [
        ("supported:medical", False),
        ("supported:lawyers", True),
        ("supported", False),
        ("activities:study_visit", False),
        ("activities:study", True),
        ("trust:endline", False),
        ("trust:end", True),
        ("enrolled", False),
    ],
)
def test_an_indicator_that_can_never_find_a_row_is_told(project: Project, measured: str, told: bool) -> None:
    declaration = dataclasses.replace(project.declaration, indicators=(declared(measured),))
    said = [say(line, "en") for line in indicator_lines(declaration, ())]
    assert len(said) == told
    assert not told or "X counts" in said[0]


def test_no_example_has_an_indicator_that_finds_nothing(project: Project) -> None:
    recorded = project.frames["aggregate_counts"]["category"].dropna().unique()
    assert list(indicator_lines(project.declaration, recorded)) == []


def test_an_unknown_measure_is_named_with_the_nearest_known_one(project: Project) -> None:
    with pytest.raises(BadDeclaration, match="did you mean 'enrolled'"):
        measure(declared("enroled"), project.results)
