"""What tells one code from another without saying who it is: the month of the start and the courses."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from evaluation.collect.record.keys import DataKey
from evaluation.collect.record.replay import Content
from evaluation.desk.office import reference
from evaluation.desk.tables import titles_of_courses
from evaluation.schema import Declaration, Labels


@dataclass(frozen=True, slots=True)
class Cue:
    """A participant in a list. ``courses`` are labels, the most attended first; ``here``: has not left."""

    code: str
    reference: str
    enrolled: dt.date
    courses: tuple[Labels, ...]
    here: bool


def cues(content: Content, declaration: Declaration, key: DataKey) -> tuple[Cue, ...]:
    """Everybody enrolled, by code."""
    titles = titles_of_courses(content, declaration)
    of_session = {str(row.values["session"]): str(row.values["course"]) for row in content.of("sessions")}
    came: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in content.of("attendance"):
        if row.values["status"] == "present":
            came[str(row.values["participant"])][of_session.get(str(row.values["session"]), "")] += 1
    return tuple(
        Cue(
            code := str(row.values["participant"]),
            reference(key, code),
            dt.date.fromisoformat(str(row.values["enrolled_on"])),
            tuple(titles[course] for course in sorted(came[code], key=lambda c: -came[code][c]) if course in titles),
            not row.values.get("left_on"),
        )
        for row in sorted(content.of("participants"), key=lambda row: str(row.values["participant"]))
    )
