"""Doses, completers, flow and reasons for leaving."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from evaluation.errors import Contradiction
from evaluation.measure.attendance import dose, flow, reasons
from evaluation.schema import Course, Wave

POLISH = Course("polish", {}, sessions=4, minimum_sessions=2)
DEFENCE = Course("defence", {}, sessions=2, minimum_sessions=2)
PEOPLE = pd.DataFrame({"participant": ["P-001", "P-002", "P-003"]})
SESSIONS = pd.DataFrame(
    {
        "session": ["pl1", "pl2", "pl3", "pl4", "d1", "d2"],
        "course": ["polish"] * 4 + ["defence"] * 2,
        "hours": [1.5, 1.5, 2.0, 1.0, 3.0, np.nan],
    }
)


def register(*entries: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(entries, columns=["session", "participant", "status"])


REGISTER = register(
    ("pl1", "P-001", "present"),
    ("pl2", "P-001", "absent"),
    ("pl3", "P-001", "present"),
    ("pl4", "P-001", "excused"),
    ("pl1", "P-002", "excused"),
    ("d1", "P-002", "present"),
    ("d2", "P-003", "present"),
    ("d1", "P-003", "absent"),
)


def taken(participant: str, course: str, entries: pd.DataFrame = REGISTER) -> pd.Series:
    table = dose(PEOPLE, SESSIONS, entries, (POLISH, DEFENCE))
    return table.set_index(["participant", "course"]).loc[(participant, course)]


def test_sessions_are_counted_by_status_and_hours_by_presence() -> None:
    row = taken("P-001", "polish")
    assert (row["present"], row["absent"], row["excused"], row["hours"]) == (2, 1, 1, 3.5)


def test_the_rate_leaves_excused_sessions_out() -> None:
    assert taken("P-001", "polish")["rate"] == pytest.approx(2 / 3)


def test_without_a_recorded_session_the_rate_is_missing_not_zero() -> None:
    assert np.isnan(taken("P-002", "polish")["rate"])  # excused once
    assert np.isnan(taken("P-003", "polish")["rate"])  # never entered
    assert taken("P-003", "polish")["hours"] == 0


def test_absent_from_all_recorded_sessions_is_a_rate_of_zero() -> None:
    assert taken("P-001", "defence", register(("d1", "P-001", "absent")))["rate"] == 0


def test_a_completer_was_present_at_the_declared_minimum() -> None:
    assert taken("P-001", "polish")["completer"]
    assert not taken("P-002", "defence")["completer"]


def test_a_course_without_a_minimum_still_needs_one_session() -> None:
    free = Course("polish", {}, sessions=4, minimum_sessions=0)
    table = dose(PEOPLE, SESSIONS, REGISTER, (free, DEFENCE)).set_index(["participant", "course"])
    assert table["completer"].loc[[("P-001", "polish"), ("P-002", "polish")]].tolist() == [True, False]


def test_hours_are_missing_where_an_attended_session_has_no_length() -> None:
    assert np.isnan(taken("P-003", "defence")["hours"])
    assert taken("P-002", "defence")["hours"] == 3


def test_everyone_has_a_row_for_every_course() -> None:
    table = dose(PEOPLE, SESSIONS, REGISTER, (POLISH, DEFENCE))
    assert list(table.columns) == [
        *("participant", "course", "present", "absent", "excused", "hours", "rate", "completer")
    ]
    assert len(table) == 6
    assert table["completer"].dtype == bool


def test_an_empty_register_gives_zeros() -> None:
    table = dose(PEOPLE, SESSIONS, register(), (POLISH, DEFENCE))
    assert table[["present", "absent", "excused"]].to_numpy().sum() == 0
    assert not table["completer"].any()
    assert dose(PEOPLE.iloc[:0], SESSIONS.iloc[:0], register(), ()).empty


def test_entries_of_people_who_are_not_listed_are_left_out() -> None:
    table = dose(PEOPLE.iloc[1:], SESSIONS, REGISTER, (POLISH, DEFENCE))
    assert set(table["participant"]) == {"P-002", "P-003"}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (("pl9", "P-001", "present"), "session 'pl9'"),
        (("pl2", "P-002", "late"), "status 'late'"),
        (("pl1", "P-001", "absent"), "session 'pl1' twice"),
    ],
)
def test_a_contradictory_register_is_refused_without_naming_the_person(entry: tuple[str, str, str], words: str) -> None:
    with pytest.raises(Contradiction, match=words) as caught:
        dose(PEOPLE, SESSIONS, pd.concat([REGISTER, register(entry)]), (POLISH, DEFENCE))
    assert "P-00" not in str(caught.value)


def test_a_session_of_an_undeclared_course_is_refused() -> None:
    with pytest.raises(Contradiction, match="'defence'"):
        dose(PEOPLE, SESSIONS, REGISTER, (POLISH,))


def test_a_session_listed_twice_is_refused() -> None:
    with pytest.raises(Contradiction, match="'sessions' has the session 'pl4' twice"):
        dose(PEOPLE, pd.concat([SESSIONS, SESSIONS.iloc[3:4]]), REGISTER, (POLISH, DEFENCE))


BASELINE, MID, END = Wave("baseline", {}, 0), Wave("mid", {}, 90), Wave("endline", {}, 180)
ENROLLED = pd.DataFrame(
    {
        "participant": ["P-001", "P-002", "P-003", "P-004"],
        # P-004 joined late.
        "enrolled_on": pd.to_datetime(["2024-01-01", "2024-01-01", "2024-01-01", "2024-06-01"]),
        "left_on": pd.to_datetime([None, "2024-02-10", "2024-05-20", None]),
        "leaving_reason": [None, "moved", "moved", None],
    }
)


def answers(**waves: list[str]) -> pd.DataFrame:
    rows = [
        {"participant": person, "wave": wave, "state": "answered"}
        for wave, people in waves.items()
        for person in people
    ]
    return pd.DataFrame(rows, columns=["participant", "wave", "state"])


def counted(table: pd.DataFrame, wave: str) -> dict[str, int]:
    return table.set_index("wave").loc[wave].to_dict()


def test_who_left_before_a_waves_day_is_not_due() -> None:
    table = flow(ENROLLED, answers(baseline=["P-001", "P-002", "P-004"], mid=["P-001"]), (BASELINE, MID, END))
    assert counted(table, "baseline") == {"enrolled": 4, "left": 0, "not_yet": 0, "due": 4, "answered": 3}
    assert counted(table, "mid") == {"enrolled": 4, "left": 1, "not_yet": 0, "due": 3, "answered": 1}
    assert counted(table, "endline") == {"enrolled": 4, "left": 2, "not_yet": 0, "due": 2, "answered": 0}


def test_a_late_joiner_is_not_yet_due_when_the_data_end_before_her_day() -> None:
    table = flow(ENROLLED, answers(), (BASELINE, MID, END), until=dt.date(2024, 8, 30))
    assert counted(table, "mid") == {"enrolled": 4, "left": 1, "not_yet": 0, "due": 3, "answered": 0}
    assert counted(table, "endline") == {"enrolled": 4, "left": 2, "not_yet": 1, "due": 1, "answered": 0}


def test_who_left_before_the_data_end_is_counted_once_as_left() -> None:
    table = flow(ENROLLED, answers(), (END,), until=dt.date(2024, 5, 30))
    assert counted(table, "endline") == {"enrolled": 4, "left": 2, "not_yet": 2, "due": 0, "answered": 0}


def test_who_answered_was_due_even_after_leaving_or_before_her_day() -> None:
    table = flow(ENROLLED, answers(endline=["P-003", "P-004"]), (END,), until=dt.date(2024, 8, 30))
    assert counted(table, "endline") == {"enrolled": 4, "left": 1, "not_yet": 0, "due": 3, "answered": 2}


def test_who_leaves_on_the_waves_day_is_still_due() -> None:
    people = ENROLLED.assign(left_on=pd.to_datetime([None, "2024-03-31", None, None]))
    assert counted(flow(people, answers(), (MID,)), "mid")["due"] == 4


def test_a_refused_form_is_not_answered_and_strangers_do_not_count() -> None:
    given = answers(mid=["P-001", "P-900"])
    given.loc[0, "state"] = "refused"
    assert counted(flow(ENROLLED, given, (MID,)), "mid")["answered"] == 0


def test_an_empty_project_flows_as_zeros() -> None:
    table = flow(ENROLLED.iloc[:0], answers(), (BASELINE, MID), until=dt.date(2024, 8, 30))
    assert table.drop(columns="wave").to_numpy().sum() == 0
    assert table["wave"].tolist() == ["baseline", "mid"]


def test_reasons_count_who_left_and_name_the_unrecorded() -> None:
    people = pd.DataFrame(
        {
            "left_on": pd.to_datetime(["2024-02-01", None, "2024-03-01", None, "2024-03-09"]),
            "leaving_reason": ["moved", None, None, "work", "moved"],
        }
    )
    assert reasons(people).values.tolist() == [["moved", 2], ["unknown", 1], ["work", 1]]


def test_nobody_left_gives_no_reasons() -> None:
    assert reasons(ENROLLED.iloc[[0, 3]]).empty
    assert reasons(ENROLLED.iloc[:0]).columns.tolist() == ["reason", "count"]
