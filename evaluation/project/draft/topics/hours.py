"""Person-hours as a total of the project: whether they may be told at all, and what they then say of counts."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import pandas as pd

from evaluation.measure.results import Results
from evaluation.release.planned.hours import MOST_OF_TWO, WHOEVER, WITHHELD
from evaluation.release.released import Hours, Line, Reference, Relation
from evaluation.release.system.means import withheld
from evaluation.rounding import rounded
from evaluation.schema import Course

MEASURE = "person_hours"


def told(results: Results, lines: Sequence[Line]) -> tuple[tuple[Line, ...], Hours | None]:
    """The lines with the total of hours in whole ones, or without it; and what it says of who took the courses.

    Not where fewer than ten people attended, or the two who attended longest make more than half of it.
    """
    codes = {one.code for one in results.declaration.indicators if one.measure == MEASURE}
    lines_of_hours = [line for line in lines if line.code in codes and line.achieved is not None]
    if not lines_of_hours:
        return tuple(lines), None
    each = results.dose.groupby("participant")["hours"].sum()
    total = float(rounded(float(each.sum())))
    enough = int((each > 0).sum()) >= WHOEVER and float(each.nlargest(2).sum()) <= MOST_OF_TWO * float(each.sum())
    achieved, why = (total, {}) if enough else (None, withheld(WITHHELD))
    made = (
        dataclasses.replace(line, achieved=achieved, withheld=why) if line in lines_of_hours else line for line in lines
    )
    rows = _rows(results.declaration.file.courses, results.frames["sessions"], total)
    return tuple(made), Hours(tuple(line.code for line in lines_of_hours), rows) if enough else None


def _rows(courses: Sequence[Course], sessions: pd.DataFrame, total: float) -> tuple[Relation, ...]:
    """Nobody attends a course longer than it was held, and whoever completed it attended its least at least.

    In minutes, of everybody who knows how long the sessions were; ``total`` is rounded to whole hours.
    """
    most, least = list[tuple[Reference, int]](), list[tuple[Reference, int]]()
    for course in courses:
        held = sessions.loc[sessions["course"] == course.id, "hours"].dropna()  # nobody was present at any other
        minutes = sorted(60 * float(hours) for hours in held)
        for code, shortest in (("completed", max(course.minimum_sessions, 1)), ("attended", 1)):
            place = Reference(f"course:{course.id}", {f"course:{course.id}": code})
            most.append((place, -math.ceil(sum(minutes))))
            least.append((place, math.floor(sum(minutes[:shortest]))))
    half = 30
    return (
        Relation(tuple(most), rhs=half - math.floor(60 * total)),
        Relation(tuple(least), rhs=math.ceil(60 * total) + half),
    )
