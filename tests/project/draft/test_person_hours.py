"""Person-hours: of ten people or more, of whom two make at most half, with what they say of who took courses."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from evaluation.errors import BadDeclaration
from evaluation.project import Project
from evaluation.project.draft.assembly import draft
from evaluation.project.draft.topics.hours import told
from evaluation.project.folder import read
from evaluation.release.released import Line
from evaluation.schema import Course, Indicator
from tests.conftest import Folder

INDICATOR = Indicator("H", {"en": "hours"}, "output", "number", "person_hours", {"en": "register"})
LENGTHS = (2.0, 1.5, 0.75, float("nan"))  # nobody was present at the last


def given(hours: Sequence[float]) -> Any:
    dose = pd.DataFrame({"participant": [f"P{n}" for n in range(len(hours))], "course": "c", "hours": hours})
    sessions = pd.DataFrame({"course": "c", "hours": LENGTHS})
    file = SimpleNamespace(courses=(Course("c", {}, 4, 2),))
    declaration = SimpleNamespace(indicators=(INDICATOR,), file=file)
    return SimpleNamespace(declaration=declaration, dose=dose, frames={"sessions": sessions})


def line(achieved: float | None) -> Line:
    return Line("H", {}, "output", "number", {}, None, None, None, achieved=achieved)


@pytest.mark.parametrize(
    ("hours", "total"),
    [
        ([1.0] * 10, 10.0),
        ([1.0] * 9, None),
        ([1.0] * 9 + [0.0], None),
        ([4.5, 4.5] + [1.0] * 9, 18.0),  # two make exactly half
        ([4.75, 4.5] + [1.0] * 9, None),
        ([0.25] * 2 + [1.0] * 10, 11.0),  # 10.5
    ],
)
def test_ten_people_are_needed_and_two_make_half_at_most(hours: list[float], total: float | None) -> None:
    (made,), found = told(given(hours), [line(sum(hours))])
    assert made.achieved == total
    assert (found is None) == (total is None)
    assert bool(made.withheld) == (total is None)


def test_what_a_total_says_of_counts_is_in_minutes_and_true() -> None:
    _, found = told(given([1.5] * 11), [line(16.5)])
    assert found is not None
    most, least = found.rows
    assert [(one.at["course:c"], factor) for one, factor in most.terms] == [("completed", -255), ("attended", -255)]
    assert most.rhs == -(17 * 60 - 30)
    assert [(one.at["course:c"], factor) for one, factor in least.terms] == [("completed", 135), ("attended", 45)]
    assert least.rhs == 17 * 60 + 30


def test_where_a_length_is_not_known_or_nobody_asks_nothing_is_told() -> None:
    unknown = line(None)
    assert told(given([1.0] * 12), [unknown]) == ((unknown,), None)
    other = dataclasses.replace(line(12.0), code="O")
    assert told(given([1.0] * 12), [other]) == ((other,), None)


def test_the_example_tells_its_hours_and_they_are_true_of_its_people(project: Project) -> None:
    made = draft(project.results, "r")
    assert made.hours is not None
    (shown,) = [one for one in made.indicators if one.code in made.hours.lines]
    present = project.dose[project.dose["present"] > 0]
    assert shown.achieved == pytest.approx(present["hours"].sum(), abs=0.5)
    counts = {(t.id, frozenset(c.at.items())): c.value for t in made.tables for c in t.counts}
    for row in made.hours.rows:
        assert sum(factor * counts[place.table, frozenset(place.at.items())] for place, factor in row.terms) <= row.rhs  # type: ignore[operator]


@pytest.mark.parametrize("change", ["person_hours:polish", "unit: persons"])
def test_hours_of_one_course_or_in_another_unit_are_refused(copied: Folder, change: str) -> None:
    path = copied.path / "indicators.yml"
    text = path.read_text(encoding="utf-8")
    old = "    unit: number\n    measure: person_hours"
    new = old.replace("unit: number", change) if "unit" in change else old.replace("person_hours", f'"{change}"')
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadDeclaration, match="one total of the whole project"):
        read(copied.path)
