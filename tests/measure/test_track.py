"""The client track: goals attained, referrals and their outcomes, months that make a total, status that changed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.measure.attendance import held
from evaluation.measure.track.goals import attainment, of_kind, scored
from evaluation.measure.track.referrals import ACCEPTED, by_institution, people_referred
from evaluation.measure.track.status import regulated, status
from evaluation.measure.track.tallies import tallies

NAN = float("nan")


def goals(*rows: tuple[str, str, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["participant", "kind", "weight", "baseline_level", "reached_level"])


GOALS = goals(
    ("P-001", "housing", 1, -2, 0),
    ("P-001", "work", 3, -1, -1),
    ("P-002", "housing", NAN, -1, 2),
    ("P-003", "housing", 1, -2, -2),
    ("P-004", "work", 1, 0, NAN),
)


def test_goals_are_counted_by_kind_and_an_unrated_one_is_neither_reached_nor_missed() -> None:
    everything, housing, work = attainment(GOALS)
    assert [one.kind for one in (everything, housing, work)] == ["", "housing", "work"]
    assert (everything.goals, everything.people, everything.rated, everything.reached, everything.rose) == (
        5,
        4,
        4,
        2,
        2,
    )
    assert everything.levels == (1, 1, 1, 0, 1)
    assert (housing.levels, work.levels) == ((1, 0, 1, 0, 1), (0, 1, 0, 0, 0))
    assert (work.goals, work.people, work.rated) == (2, 2, 1)
    assert everything.reached_people == {"P-001", "P-002"}
    assert everything.rated_people == {"P-001", "P-002", "P-003"}
    assert of_kind(GOALS, "work").reached_people == frozenset()
    assert of_kind(GOALS) == everything


def test_the_t_score_is_50_where_all_ended_as_expected_and_weighs_the_goals_of_a_person() -> None:
    as_expected = goals(("P-001", "work", 2, -1, 0), ("P-001", "money", 1, -2, 0), ("P-002", "work", NAN, -1, 0))
    made = scored(as_expected)
    assert (made.people, made.end) == (2, pytest.approx(50))
    assert made.start < 50
    # Kiresuk & Sherman (1968): two goals of weight 1 at +1: 50 + 10 · 2 / √(0.7 · 2 + 0.3 · 4)
    one = scored(goals(("P-001", "work", 1, -1, 1), ("P-001", "money", 1, -1, 1)))
    assert one.end == pytest.approx(50 + 20 / np.sqrt(2.6))
    assert one.start == pytest.approx(50 - 20 / np.sqrt(2.6))
    assert scored(goals(("P-001", "work", 1, -1, NAN))) == scored(GOALS.iloc[:0])


def test_referrals_are_counted_from_us_first_with_those_whose_outcome_is_not_known() -> None:
    rows = [
        ("P-001", "police", "to_us", None),
        ("P-001", "lawyer", "from_us", ACCEPTED),
        ("P-001", "lawyer", "from_us", None),
        ("P-002", "lawyer", "from_us", "refused"),
        ("P-002", "court", "from_us", ACCEPTED),
    ]
    made = pd.DataFrame(rows, columns=["participant", "institution", "direction", "outcome"])
    lawyer, court, police = by_institution(made)
    assert (lawyer.institution, lawyer.referrals, lawyer.people) == ("lawyer", 3, 2)
    assert lawyer.outcomes == {ACCEPTED: 1, "": 1, "refused": 1}
    assert (court.outcomes, police.direction) == ({ACCEPTED: 1}, "to_us")
    assert people_referred(made) == {"P-001", "P-002"}
    assert people_referred(made, institution="police") == frozenset(), "who was referred to us is not referred by us"
    assert people_referred(made, institution="lawyer", outcome=ACCEPTED) == {"P-001"}
    assert by_institution(made.iloc[:0]) == ()


def test_months_are_summed_or_the_last_one_counts_and_a_gap_is_not_zero() -> None:
    rows = [("2026-03", "calls", 7), ("2025-12", "calls", 5), ("2026-01", "calls", 0)]
    rows += [("2025-12", "cases_pending", 9), ("2026-01", "cases_pending", 4)]
    made = pd.DataFrame(rows, columns=["month", "kind", "count"])
    pending, calls = tallies(made, {"cases_pending": "last", "minors": "last", "calls": "sum"})
    assert (calls.total, calls.summed, calls.gaps) == (12, True, ("2026-02",))
    assert list(calls.months) == ["2025-12", "2026-01", "2026-03"]
    assert (pending.total, pending.summed, pending.gaps) == (4, False, ())


def test_status_that_is_not_known_at_one_end_has_not_changed() -> None:
    rows = [
        ("P-001", "unregulated", "regulated"),
        ("P-002", "in_procedure", "unregulated"),
        ("P-003", "regulated", "regulated"),
        ("P-004", "unregulated", None),
        ("P-005", "unknown", "regulated"),
        ("P-006", None, None),
        ("P-007", "unregulated", "unknown"),
    ]
    people = pd.DataFrame(rows, columns=["participant", "legal_start", "legal_end"])
    legal = status(people, "legal")
    assert legal.at[("unregulated", "regulated")] == 1
    assert (legal.known, legal.changed, sum(legal.at.values())) == (3, 2, 7)
    became = regulated(people)
    assert became.reached == {"P-001"}
    assert became.asked == {"P-001", "P-002", "P-004", "P-007"}


def test_sessions_held_are_told_by_course_and_kind_and_hours_only_where_all_are_known() -> None:
    rows = [("polish", "group", 2.0), ("polish", "group", 1.5), ("polish", "individual", NAN), ("law", None, 1.0)]
    made = held(pd.DataFrame(rows, columns=["course", "kind", "hours"]))
    assert [(one.course, one.kind, one.sessions, one.hours) for one in made] == [
        ("polish", "group", 2, 3.5),
        ("polish", "individual", 1, None),
        ("law", "", 1, 1.0),
    ]


LEVEL = st.sampled_from([-2.0, -1.0, 0.0, 1.0, 2.0])


@given(st.lists(st.tuples(st.sampled_from(["A", "B", "C"]), st.sampled_from(["k", "m"]), LEVEL, LEVEL | st.just(NAN))))
def test_kinds_add_up_to_all_goals_and_whoever_reached_one_was_rated(
    rows: list[tuple[str, str, float, float]],
) -> None:
    everything, *kinds = attainment(goals(*((who, kind, 1.0, start, end) for who, kind, start, end in rows)))
    assert everything.goals == len(rows) == sum(one.goals for one in kinds)
    assert everything.levels == tuple(map(sum, zip((0,) * 5, *(one.levels for one in kinds), strict=True)))
    assert everything.reached_people == frozenset().union(*(one.reached_people for one in kinds))
    assert everything.reached_people <= everything.rated_people
