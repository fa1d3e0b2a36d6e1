"""Which questionnaires are to be filled in, of whom, and until when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from evaluation.desk.forms.tables import came
from evaluation.desk.office import Opened
from evaluation.schema import Declaration, Wave

_NEVER = dt.timedelta.min


@dataclass(frozen=True, slots=True)
class Due:
    """The questionnaires of one person at one wave that are still open; asked from ``opens`` to ``closes``."""

    participant: str
    wave: Wave
    opens: dt.date
    closes: dt.date
    instruments: tuple[str, ...]

    def overdue(self, today: dt.date) -> bool:
        return today > self.closes


def due(opened: Opened, declaration: Declaration, *, today: dt.date) -> tuple[Due, ...]:
    """What is to be filled in today, the longest overdue first.

    Nobody who has left or withdrew from the service is asked; a questionnaire of a course only those who came to
    it, at the waves that the plan compares. When the time of the next wave has come, or its answers are there, an
    earlier one is past; only the first stays open until then.
    """
    filled = _filled(opened, declaration)
    courses = came(opened)
    found = [
        each
        for row in opened.of("participants")
        if not row.values.get("left_on") and str(row.values.get("consent_service")).casefold() != "false"
        for each in _of_person(
            str(row.values["participant"]),
            dt.date.fromisoformat(str(row.values["enrolled_on"])),
            declaration,
            today=today,
            answered=filled.get(str(row.values["participant"]), {}),
            asked=_asked(declaration, set(courses.get(str(row.values["participant"]), ()))),
        )
    ]
    return tuple(sorted(found, key=lambda each: (each.closes, each.participant)))


def _of_person(
    code: str,
    enrolled: dt.date,
    declaration: Declaration,
    *,
    today: dt.date,
    answered: Mapping[str, dt.timedelta],
    asked: Mapping[str, Set[str]],
) -> Iterator[Due]:
    waves = sorted(declaration.file.waves, key=lambda wave: wave.day)
    for at, wave in enumerate(waves):
        opens, closes = _window(wave, enrolled)
        later = waves[at + 1 :]
        if today < opens or (at and later and today >= _window(later[0], enrolled)[0]):
            continue
        left = tuple(
            instrument
            for instrument, when in asked.items()
            if wave.id in when and answered.get(instrument, _NEVER) < dt.timedelta(wave.day)
        )
        if left:
            yield Due(code, wave, opens, closes, left)


def _window(wave: Wave, enrolled: dt.date) -> tuple[dt.date, dt.date]:
    day = enrolled + dt.timedelta(days=wave.day)
    around = dt.timedelta(days=wave.window)
    return max(enrolled, day - around), day + around


def _asked(declaration: Declaration, courses: Set[str]) -> dict[str, Set[str]]:
    """The waves at which each questionnaire is asked of somebody who came to these courses."""
    everywhere = {wave.id for wave in declaration.file.waves}
    compared = {declaration.plan.baseline, declaration.plan.endline}
    of_courses: dict[str, set[str]] = defaultdict(set)
    for course in declaration.file.courses:
        if course.instrument:
            of_courses[course.instrument].add(course.id)
    return {
        instrument: compared if instrument in of_courses else everywhere
        for instrument in declaration.file.instruments
        if instrument not in of_courses or of_courses[instrument] & courses
    }


def _filled(opened: Opened, declaration: Declaration) -> dict[str, dict[str, dt.timedelta]]:
    """By participant and questionnaire: the day of the last wave at which it was filled in."""
    days = {wave.id: dt.timedelta(wave.day) for wave in declaration.file.waves}
    found: dict[str, dict[str, dt.timedelta]] = defaultdict(dict)
    for instrument in declaration.instruments:
        for participant, wave in opened.places(instrument):
            last = found[participant].get(instrument, _NEVER)
            found[participant][instrument] = max(last, days.get(wave, _NEVER))
    return found
