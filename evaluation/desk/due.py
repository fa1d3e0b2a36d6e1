"""Which questionnaires are to be filled in, of whom, and until when."""

from __future__ import annotations

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from evaluation.desk.forms.tables import came
from evaluation.desk.office import Opened
from evaluation.schema import CONSENTS, Declaration, Wave

_NEVER = -(10**6)
"""A day before all waves."""


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
    """What is to be filled in today: first what can still be in time, the next to close first; then what is overdue,
    the latest first.

    Nobody is asked who has left, or whose answers nothing may be reported of; a questionnaire of a course only those
    who came to it, at the waves that the plan compares. When the time of the next wave has come, or its answers are
    there, an earlier one is past; only the first stays open until then.
    """
    tables = ("participants", "sessions", "attendance", *declaration.instruments)
    return opened.once(("due", today), tables, lambda: tuple(_due(opened, declaration, today)))


def _due(opened: Opened, declaration: Declaration, today: dt.date) -> list[Due]:
    filled, courses = _filled(opened, declaration), came(opened)
    waves = sorted(declaration.file.waves, key=lambda wave: wave.day)
    asked = functools.cache(functools.partial(_asked, declaration))
    found = []
    for code, enrolled in _taking_part(opened):
        for wave in _open(waves, (today - enrolled).days):
            left = tuple(
                instrument
                for instrument, when in asked(frozenset(courses.get(code, ()))).items()
                if wave.id in when and filled[instrument].get(code, _NEVER) < wave.day
            )
            if left:
                first, last = _window(wave)
                found.append(Due(code, wave, enrolled + dt.timedelta(first), enrolled + dt.timedelta(last), left))
    return sorted(found, key=lambda each: (each.overdue(today), abs((each.closes - today).days), each.participant))


def _taking_part(opened: Opened) -> Iterator[tuple[str, dt.date]]:
    """Whoever has not left and consents, with the day of her enrolment."""
    withdrew = opened.store.ask(lambda current: current.withdrew())
    for row in opened.of("participants"):
        code, values = str(row.values["participant"]), row.values
        refused = any(str(values.get(consent)).casefold() == "false" for consent in CONSENTS)
        if not values.get("left_on") and not refused and code not in withdrew:
            yield code, dt.date.fromisoformat(str(values["enrolled_on"]))


def _open(waves: Sequence[Wave], since: int) -> list[Wave]:
    """The waves whose questionnaires may be asked so many days after enrolment: the first, and the latest."""
    begun = [wave for wave in waves if _window(wave)[0] <= since]
    return [*begun[:1], *begun[1:][-1:]]


def _window(wave: Wave) -> tuple[int, int]:
    """The days after enrolment on which a wave begins and ends."""
    return max(0, wave.day - wave.window), wave.day + wave.window


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


def _filled(opened: Opened, declaration: Declaration) -> dict[str, dict[str, int]]:
    """By questionnaire and participant: the day of the last wave at which it was filled in."""
    days = {wave.id: wave.day for wave in declaration.file.waves}

    def add(last: dict[str, int], key: tuple[str, ...]) -> None:
        participant, wave = key
        last[participant] = max(last.get(participant, _NEVER), days.get(wave, _NEVER))

    return {form: opened.folded(form, "last wave", dict[str, int], add) for form in declaration.instruments}
