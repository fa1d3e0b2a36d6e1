"""The register becomes doses and completers; enrolment, leaving and answers become the flow of people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluation.errors import Contradiction
from evaluation.schema import Course, Wave

STATUSES = ("present", "absent", "excused")


def dose(
    participants: pd.DataFrame, sessions: pd.DataFrame, attendance: pd.DataFrame, courses: tuple[Course, ...]
) -> pd.DataFrame:
    """One row per participant × course, whether she took it or not.

    ``participants``, ``sessions`` and ``attendance`` are the frames of these tables; entries of
    people who are not in ``participants`` are left out. Gives participant, course, ``present``,
    ``absent``, ``excused`` (sessions), ``hours`` (of the sessions she was present at; NaN where one
    of them has no length), ``rate`` = present/(present + absent), NaN if none was recorded, and
    ``completer`` (present at the course's minimum of sessions). Raises Contradiction for a session
    or course that is not declared, a session listed twice, or a person enrolled twice or entered twice
    in a session.
    """
    enrolled_once(participants)
    register = _register(sessions, attendance, [course.id for course in courses])
    everyone = pd.MultiIndex.from_product(
        [participants["participant"], [course.id for course in courses]], names=["participant", "course"]
    )
    counted = register.groupby(["participant", "course", "status"]).size().unstack("status")
    counts = counted.reindex(index=everyone, columns=list(STATUSES)).fillna(0).astype(int)
    there = register[register["status"] == "present"]
    hours = there.groupby(["participant", "course"])["hours"].agg(lambda each: each.sum(skipna=False))
    minimum = everyone.get_level_values("course").map({c.id: max(c.minimum_sessions, 1) for c in courses})
    recorded = (counts["present"] + counts["absent"]).to_numpy(dtype=float)
    return (
        counts.assign(
            hours=hours.reindex(everyone).where(counts["present"] > 0, 0.0).astype(float),
            rate=np.divide(counts["present"], recorded, out=np.full(len(counts), np.nan), where=recorded > 0),
            completer=counts["present"].to_numpy() >= minimum.to_numpy(dtype=int),
        )
        .rename_axis(columns=None)
        .reset_index()
    )


def enrolled_once(participants: pd.DataFrame) -> None:
    """Raises Contradiction where a person is in ``participants`` twice."""
    if participants["participant"].duplicated().any():
        raise Contradiction("measure.enrolled_twice")


def _register(sessions: pd.DataFrame, attendance: pd.DataFrame, courses: list[str]) -> pd.DataFrame:
    """``attendance`` with each session's course and hours."""
    for table, name, key in ((sessions, "sessions", ["session"]), (attendance, "attendance", _ENTRY)):
        twice = table.duplicated(key)
        if twice.any():
            session = table.loc[twice, "session"].iloc[0]
            raise Contradiction("measure.session_twice", table=name, session=session)
    _known(sessions["course"], courses, "measure.unknown_course")
    _known(attendance["session"], sessions["session"].tolist(), "measure.unknown_session")
    _known(attendance["status"], list(STATUSES), "measure.unknown_status")
    return attendance.merge(sessions[["session", "course", "hours"]], on="session", how="left")


_ENTRY = ["session", "participant"]


def _known(column: pd.Series[str], known: list[str], key: str) -> None:
    unknown = column[~column.isin(known)]
    if not unknown.empty:
        raise Contradiction(key, name=unknown.iloc[0])


def flow(
    participants: pd.DataFrame,
    answers: pd.DataFrame,
    waves: tuple[Wave, ...],
    *,
    until: dt.date | None = None,
) -> pd.DataFrame:
    """One row per wave: of the ``enrolled``, how many had ``left``, are ``not_yet`` there, are ``due``.

    ``participants``: enrolled_on, left_on (NaT = still here); a wave's day counts from each
    person's own enrolment, so late joiners are due later: after ``until`` (the end of the data)
    they are ``not_yet``. ``answered`` are those with any answered item in the wave; who answered is
    due even if her day had not come or she had left. enrolled = left + not_yet + due, and
    answered ≤ due. Answers of people who are not in ``participants`` are left out. Raises
    Contradiction for a person enrolled twice.
    """
    enrolled_once(participants)
    enrolled = pd.to_datetime(participants["enrolled_on"])
    left_on = pd.to_datetime(participants["left_on"])
    given = answers[answers["state"] == "answered"]
    rows = []
    for wave in waves:
        day = enrolled + pd.Timedelta(days=wave.day)
        answered = participants["participant"].isin(given.loc[given["wave"] == wave.id, "participant"])
        left = (left_on < day) & ~answered
        not_yet = (day > pd.Timestamp(until)) & ~answered & ~left if until else answered & False
        rows.append(
            {
                "wave": wave.id,
                "enrolled": len(participants),
                "left": int(left.sum()),
                "not_yet": int(not_yet.sum()),
                "due": len(participants) - int(left.sum()) - int(not_yet.sum()),
                "answered": int(answered.sum()),
            }
        )
    return pd.DataFrame(rows, columns=["wave", "enrolled", "left", "not_yet", "due", "answered"])


@dataclass(frozen=True, slots=True)
class Held:
    """Sessions of one course and ``kind`` (group, individual; "" where nobody said) that were held.

    ``hours`` None: of one of them nobody wrote down how long it was.
    """

    course: str
    kind: str
    sessions: int
    hours: float | None


def held(sessions: pd.DataFrame) -> tuple[Held, ...]:
    """What was held, by course and kind. ``sessions``: one row per session: course, kind (NaN), ``hours`` (NaN)."""
    kinds = sessions["kind"].fillna("")
    return tuple(
        Held(str(course), str(kind), len(own), None if own["hours"].isna().any() else float(own["hours"].sum()))
        for (course, kind), own in sessions.groupby(["course", kinds], sort=False)
    )


def leavers(participants: pd.DataFrame, waves: tuple[Wave, ...]) -> pd.DataFrame:
    """One row per person with a date of leaving: ``before`` (wave) and ``reason`` (code).

    ``participants``: enrolled_on, left_on (NaT = still here), leaving_reason (NaN = "unknown").
    ``before`` is the first wave whose day she did not reach, counted from her own enrolment; "" if
    she left after the last one's, or has no date of enrolment.
    """
    gone = participants[participants["left_on"].notna()]
    stayed = (pd.to_datetime(gone["left_on"]) - pd.to_datetime(gone["enrolled_on"])).dt.days
    before = pd.Series("", index=gone.index, dtype=object)
    for wave in sorted(waves, key=lambda each: each.day, reverse=True):
        before = before.mask(stayed < wave.day, wave.id)
    reason = gone["leaving_reason"].fillna("unknown").astype(str)
    return pd.DataFrame({"before": before, "reason": reason}).reset_index(drop=True)


def reasons(participants: pd.DataFrame) -> pd.DataFrame:
    """One row per reason for leaving, most frequent first: ``reason`` (code), ``count`` of people.

    Who has left without a recorded reason counts under "unknown".
    """
    gone = participants[participants["left_on"].notna() | participants["leaving_reason"].notna()]
    counts = gone["leaving_reason"].fillna("unknown").value_counts(sort=False)
    table = counts.rename_axis("reason").reset_index(name="count")
    return table.sort_values(["count", "reason"], ascending=[False, True], ignore_index=True)
