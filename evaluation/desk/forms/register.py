"""The attendance register of one session: who is expected, what is recorded, what is changed and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evaluation.collect.files.sheet import Row as SheetRow
from evaluation.collect.files.sheet import Sheet
from evaluation.collect.record.replay import Row
from evaluation.collect.submit import Submission, submit_together
from evaluation.desk.office import Office, Opened

_LAST = 10
"""Of so many sessions of a course, up to this one, the registers tell who is expected."""


@dataclass(frozen=True, slots=True)
class Register:
    """``expected``: whoever stands on one of the course's last registers, and has not left; ``others`` may be added.

    ``statuses``: what is recorded, by code of the participant.
    """

    session: Row
    expected: tuple[str, ...]
    others: tuple[str, ...]
    statuses: Mapping[str, str]


def register(opened: Opened, session: Row) -> Register:
    """The register of a session as it stands."""
    course, day, name = session.values["course"], str(session.values["date"]), str(session.values["session"])
    held = (
        (str(row.values["date"]), str(row.values["session"]), row.values["course"]) for row in opened.of("sessions")
    )
    before = sorted((on, each) for on, each, of in held if of == course and on <= day)
    last = {each for _, each in before[-_LAST:]}
    here = {
        str(row.values["participant"])
        for row in opened.of("participants")
        if str(row.values["enrolled_on"]) <= day <= str(row.values.get("left_on") or "9999")
    }
    came = {code for each, code in opened.places("attendance") if each in last}
    statuses = {code: str(row.values["status"]) for code, row in _recorded(opened, name).items()}
    expected = sorted({*statuses, *(came & here)})
    return Register(session, tuple(expected), tuple(sorted(here - set(expected))), statuses)


def _recorded(opened: Opened, session: str) -> dict[str, Row]:
    """The rows of one session's register, by participant."""
    codes = [code for each, code in opened.places("attendance") if each == session]
    found = {code: opened.row("attendance", (session, code)) for code in codes}
    return {code: row for code, row in found.items() if row}


def put(opened: Opened, office: Office, session: str, wanted: Mapping[str, str], *, actor: str) -> dict[str, str]:
    """Store the statuses that differ ("" strikes one out); what stood before, by code, so that it can be put back.

    All of it is one transaction. Raises StoreError where a row is rejected; then nothing of it is stored.
    """
    rows = _recorded(opened, session)
    before = {code: str(row.values["status"]) for code, row in rows.items()}
    changed = {code: status for code, status in wanted.items() if status != before.get(code, "")}
    new = {code: status for code, status in changed.items() if status and code not in before}
    other = {code: status for code, status in changed.items() if status and code in before}
    sent = [
        _submission(office, session, statuses, actor=actor, correct=correct)
        for statuses, correct in ((new, False), (other, True))
        if statuses
    ]
    struck = [rows[code].id for code, status in changed.items() if not status]
    if changed:
        submit_together(sent, opened.store, declaration=office.declaration, struck=struck, actor=actor)
    return {code: before.get(code, "") for code in changed}


def _submission(office: Office, session: str, statuses: Mapping[str, str], *, actor: str, correct: bool) -> Submission:
    cells = [(session, code, status) for code, status in sorted(statuses.items())]
    sheet = Sheet("page", ("session", "participant", "status"), tuple(map(SheetRow, range(1, len(cells) + 1), cells)))
    form = office.declaration.tables["attendance"]
    return Submission(sheet, form, actor=actor, today=office.today, correct=correct)


def shortcuts(labels: Iterable[str]) -> tuple[str, ...]:
    """A letter for each label: the first of one of its words, else any of it that no other label has."""
    taken: list[str] = []
    for label in labels:
        words = label.casefold().split()
        letters = [*(word[0] for word in words), *(letter for letter in label.casefold() if letter.isalpha())]
        taken.append(next((letter for letter in letters if letter not in taken), ""))
    return tuple(taken)
