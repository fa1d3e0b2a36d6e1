"""Which first answers came late: long after enrolment, or when the project had begun for her."""

from __future__ import annotations

import pandas as pd

from evaluation.schema import Course, Plan, Wave

COLUMNS = ["participant", "instrument", "after_days", "after_session"]


def late_first_answers(
    answers: pd.DataFrame,
    participants: pd.DataFrame,
    sessions: pd.DataFrame,
    attendance: pd.DataFrame,
    *,
    wave: Wave,
    plan: Plan,
    courses: tuple[Course, ...],
) -> pd.DataFrame:
    """One row per participant and instrument whose first answers are late: ``after_days``, ``after_session``.

    ``answers``: one row per participant × wave × item (participant, wave, instrument, date); those of ``wave``
    are the first. Late is a day more than the plan's ``late_after_days`` after the wave's own, counted from
    enrolment, and a day after the first session at which she was present: of any course, for the questionnaire
    of a course of that course. The other frames are those of these tables. A day that is not known is not late.
    """
    first = answers.loc[answers["wave"] == wave.id, ["participant", "instrument", "date"]].drop_duplicates()
    enrolled = participants.set_index("participant")["enrolled_on"].reindex(first["participant"]).set_axis(first.index)
    due = enrolled + pd.Timedelta(days=wave.day + plan.late_after_days)
    began = _first_sessions(first, sessions, attendance, courses)
    found = first.assign(after_days=first["date"] > due, after_session=first["date"] > began)
    return found.loc[found["after_days"] | found["after_session"], COLUMNS].reset_index(drop=True)


def _first_sessions(
    first: pd.DataFrame, sessions: pd.DataFrame, attendance: pd.DataFrame, courses: tuple[Course, ...]
) -> pd.Series:
    """For each row of ``first`` the day of the first session that counts for its questionnaire; NaT without one."""
    present = attendance[attendance["status"] == "present"].merge(sessions[["session", "course", "date"]], on="session")
    began = _earliest(present, first["participant"])
    for instrument in {course.instrument for course in courses if course.instrument}:
        own = present[present["course"].isin([course.id for course in courses if course.instrument == instrument])]
        began = began.mask(first["instrument"] == instrument, _earliest(own, first["participant"]))
    return began


def _earliest(present: pd.DataFrame, people: pd.Series) -> pd.Series:
    first = present.groupby("participant")["date"].min().reindex(people).set_axis(people.index)
    return pd.to_datetime(first)  # of nobody there are no days, and no dates


def marked(rows: pd.DataFrame, instruments: pd.Series, late: pd.DataFrame, *, wave: str) -> pd.Series:
    """Which of ``rows`` (participant, wave) are of ``late`` first answers; ``instruments`` has that of each row."""
    keys = pd.MultiIndex.from_frame(late[["participant", "instrument"]])
    own = pd.MultiIndex.from_arrays([rows["participant"], instruments])
    return pd.Series(own.isin(keys), rows.index, dtype=bool) & (rows["wave"] == wave).astype(bool)
