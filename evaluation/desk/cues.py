"""What tells one code from another without saying who it is: the month of the start and the courses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from evaluation.desk.forms.tables import came, titles_of_courses
from evaluation.desk.office import Opened, reference
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
    titles, courses = titles_of_courses(opened, declaration), came(opened)
    return tuple(
        Cue(
            code := str(row.values["participant"]),
            reference(opened.key, code),
            dt.date.fromisoformat(str(row.values["enrolled_on"])),
            tuple(titles[course] for course, _ in courses[code].most_common() if course in titles),
            not row.values.get("left_on"),
        )
        for row in sorted(opened.of("participants"), key=lambda row: str(row.values["participant"]))
    )
