"""What tells one code from another without saying who it is: the month of the start and the courses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from evaluation.desk.forms.tables import came, titles_of_courses
from evaluation.desk.office import Opened, references
from evaluation.schema import Declaration, Labels


@dataclass(frozen=True, slots=True)
class Cue:
    """A participant in a list. ``courses`` are labels, the most attended first; ``here``: has not left."""

    code: str
    reference: str
    enrolled: dt.date
    courses: tuple[Labels, ...]
    here: bool


def cues(opened: Opened, declaration: Declaration) -> tuple[Cue, ...]:
    """Everybody enrolled, by code."""
    return opened.once(
        "cues", ("participants", "courses", "sessions", "attendance"), lambda: _cues(opened, declaration)
    )


def _cues(opened: Opened, declaration: Declaration) -> tuple[Cue, ...]:
    titles, courses = titles_of_courses(opened, declaration), came(opened)
    order = {course: at for at, course in enumerate(titles)}
    people = sorted(
        ((str(row.values["participant"]), row) for row in opened.of("participants")), key=lambda each: each[0]
    )
    refers = references(opened.key, (code for code, _ in people))
    return tuple(
        Cue(
            code,
            refers[code],
            dt.date.fromisoformat(str(row.values["enrolled_on"])),
            tuple(titles[course] for course in _most(courses[code], order)),
            not row.values.get("left_on"),
        )
        for code, row in people
    )


def _most(courses: Mapping[str, int], order: Mapping[str, int]) -> list[str]:
    """The courses that are known, the most attended first, of equal ones in their ``order``."""
    return sorted(courses.keys() & order.keys(), key=lambda course: (-courses[course], order[course]))
