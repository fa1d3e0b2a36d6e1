"""A first answer that came late is marked, and left out of the estimate where the plan says so."""

from __future__ import annotations

import dataclasses
from typing import Literal

import numpy as np
import pandas as pd
import pytest

from evaluation.inside.outcomes.results import block
from evaluation.measure.outcomes.change import Change
from evaluation.measure.outcomes.timing import late_first_answers
from evaluation.measure.results import Results
from evaluation.project import Project
from evaluation.schema import Course, Instrument, Item, Outcome, Plan, Scale, Wave
from tests.records import declared

WAVES = (Wave("baseline", {"en": "start"}, 0), Wave("endline", {"en": "end"}, 180))
COURSES = (Course("polish", {}, 5, 3, "language"), Course("cooking", {}, 5, 3))
PLAN = Plan(outcomes=(Outcome("mood", {"en": "mood"}, "mood.mood", primary=True, step=2),))


def day(text: str | None) -> pd.Timestamp:
    return pd.NaT if text is None else pd.Timestamp(text)


def marks(
    baseline: str | None, *, instrument: str = "mood", sessions: dict[str, str] | None = None, plan: Plan = PLAN
) -> set[str]:
    """By which rules the first answers of a person enrolled on 1 March are late; ``sessions``: course to first day."""
    held = {"polish": "2025-05-01", "cooking": "2025-05-01"} if sessions is None else sessions
    names = [f"{course}-{at}" for course in held for at in (1, 2)]
    days = [pd.Timestamp(first) + pd.Timedelta(weeks=at) for first in held.values() for at in (0, 1)]
    found = late_first_answers(
        pd.DataFrame(
            {"participant": "P-1", "wave": ["baseline"] * 2 + ["endline"], "instrument": instrument}
            | {"item": ["a", "b", "a"], "date": [day(baseline), day(baseline), day("2025-09-01")]}
        ),
        pd.DataFrame({"participant": ["P-1"], "enrolled_on": [day("2025-03-01")]}),
        pd.DataFrame({"session": names, "course": [name.split("-")[0] for name in names], "date": days}),
        pd.DataFrame({"session": names, "participant": "P-1", "status": "present"}),
        wave=WAVES[0],
        plan=plan,
        courses=COURSES,
    )
    assert len(found) <= 1
    return {rule for rule in ("after_days", "after_session") if not found.empty and found[rule].iloc[0]}


@pytest.mark.parametrize(
    ("baseline", "days", "late"),
    [
        ("2025-03-01", 14, set()),
        ("2025-03-15", 14, set()),
        ("2025-03-16", 14, {"after_days"}),
        ("2025-03-16", 15, set()),
        ("2025-02-01", 14, set()),
        (None, 14, set()),
    ],
)
def test_a_first_answer_is_late_more_than_so_many_days_after_its_day(
    baseline: str | None, days: int, late: set[str]
) -> None:
    assert marks(baseline, plan=dataclasses.replace(PLAN, late_after_days=days)) == late


@pytest.mark.parametrize(
    ("instrument", "sessions", "late"),
    [
        ("mood", {"polish": "2025-03-09", "cooking": "2025-04-01"}, {"after_session"}),
        ("mood", {"polish": "2025-03-10"}, set()),  # on the day itself it is usually filled in before
        ("mood", {}, set()),
        ("language", {"polish": "2025-04-01", "cooking": "2025-03-02"}, set()),
        ("language", {"polish": "2025-03-02", "cooking": "2025-04-01"}, {"after_session"}),
        ("language", {"cooking": "2025-03-02"}, set()),
    ],
)
def test_a_first_answer_is_late_after_the_first_session_that_its_questionnaire_is_about(
    instrument: str, sessions: dict[str, str], late: set[str]
) -> None:
    assert marks("2025-03-10", instrument=instrument, sessions=sessions) == late


def test_a_session_that_she_missed_has_begun_nothing() -> None:
    frames = (
        pd.DataFrame({"participant": ["P-1"], "wave": ["baseline"], "instrument": "mood", "date": [day("2025-03-10")]}),
        pd.DataFrame({"participant": ["P-1"], "enrolled_on": [day("2025-03-01")]}),
        pd.DataFrame({"session": ["S1"], "course": ["polish"], "date": [day("2025-03-02")]}),
    )
    for status, late in (("absent", 0), ("excused", 0), ("present", 1)):
        register = pd.DataFrame({"session": ["S1"], "participant": ["P-1"], "status": [status]})
        assert len(late_first_answers(*frames, register, wave=WAVES[0], plan=PLAN, courses=COURSES)) == late


# --- what the plan does with them -------------------------------------------------------------

GAINS = (3, 2, 4, -1, 3, 2, 5, 1, 4, 2, 12, 10)  # the last two came late and gained most
LATE = 2


def results(late_baseline: Literal["counted", "left out"]) -> Results:
    """Twelve people with both measurements, of whom two answered first when their courses had begun."""
    item = Item("a", "integer", {}, key=1, low=0, high=30)
    mood = Instrument("mood", "1", {}, (item,), (Scale("mood", {}, "higher", "sum", 0, 30, 1, ("a",)),))
    people = [f"P-{number}" for number in range(len(GAINS))]
    first = ["2025-03-02"] * (len(GAINS) - LATE) + ["2025-04-02"] * LATE
    starts = [8 + at % 5 for at in range(len(GAINS))]
    answers = pd.DataFrame(
        {
            "participant": people * 2,
            "wave": ["baseline"] * len(people) + ["endline"] * len(people),
            "date": [*map(day, first), *[day("2025-09-01")] * len(people)],
            "instrument": "mood",
            "item": "a",
            "value": [str(start) for start in starts] + [str(s + g) for s, g in zip(starts, GAINS, strict=True)],
            "state": "answered",
        }
    )
    everyone = {"participant": people, "enrolled_on": day("2025-03-01"), "consent_reporting": True}
    frames = {
        "answers": answers,
        "participants": pd.DataFrame(everyone),
        "sessions": pd.DataFrame({"session": ["S1"], "course": ["polish"], "date": [day("2025-04-10")]}),
        "attendance": pd.DataFrame({"session": ["S1"], "participant": ["P-0"], "status": ["present"]}),
    }
    plan = dataclasses.replace(PLAN, late_baseline=late_baseline)
    return Results(declared(mood, waves=WAVES, plan=plan), frames)


def paired(change: Change) -> tuple[int, int, float]:
    assert change.means.t is not None
    return change.at_baseline, change.pairs, change.means.t.mean


def test_the_plan_says_whether_late_first_answers_count_and_the_other_way_stands_beside() -> None:
    with_them = (12, 12, pytest.approx(sum(GAINS) / 12))
    without = (10, 10, pytest.approx(sum(GAINS[:-LATE]) / 10))
    for late_baseline, told, beside in (("counted", with_them, without), ("left out", without, with_them)):
        made = results(late_baseline)  # type: ignore[arg-type]
        assert paired(made.changes["mood"]) == told
        assert paired(made.late_otherwise["mood"]) == beside


def test_late_scores_are_marked_and_kept_and_in_nothing_that_counts() -> None:
    made = results("left out")
    late = made.scores[made.scores["late"]]
    assert (sorted(late["participant"]), set(late["wave"])) == (["P-10", "P-11"], {"baseline"})
    assert late["score"].isna().all()
    assert late["late_score"].tolist() == [8.0, 9.0]
    assert made.scores["late_score"].notna().sum() == LATE
    assert np.isnan(made.scores_by_wave(PLAN.outcomes[0]).loc["P-11", "baseline"])
    assert len(made.answers) == len(made.frames["answers"]) - LATE
    counted = results("counted").scores
    assert counted["late"].tolist() == made.scores["late"].tolist()
    assert counted["score"].notna().all()


@pytest.mark.parametrize(
    ("late_baseline", "english", "polish"),
    [
        ("counted", "mean change without the 2 late first answers", "średnia zmiana bez 2 spóźnionych"),
        ("left out", "mean change with the 2 late first answers", "średnia zmiana z 2 spóźnionymi"),
    ],
)
def test_the_table_of_results_has_a_line_for_the_other_way(
    late_baseline: Literal["counted", "left out"], english: str, polish: str
) -> None:
    made = results(late_baseline)
    for language, said in (("en", english), ("pl", polish)):
        shown = block(made.changes, made.declaration, language, otherwise=made.late_otherwise)
        assert shown.table.iloc[:, 1].str.startswith(said).sum() == 1
    plain = block(made.changes, made.declaration, "en")
    assert not plain.table.iloc[:, 1].str.contains("late").any()


def test_the_fictional_plans_count_late_first_answers_as_they_always_did(project: Project) -> None:
    assert project.declaration.plan.late_baseline == "counted"
    assert project.results.late["participant"].nunique() == 8
    assert not project.results.late["after_days"].any()
    assert project.scores["late_score"].isna().all()
