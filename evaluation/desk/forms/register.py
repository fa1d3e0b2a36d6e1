"""The attendance register of one session: who is expected, what is recorded, what is changed and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluation.collect.files.sheet import Row as SheetRow
from evaluation.collect.files.sheet import Sheet
from evaluation.collect.record.replay import Row
from evaluation.collect.submit import Submission, strike, submit
from evaluation.desk.office import Office, Opened
from evaluation.errors import StoreError


@dataclass(frozen=True, slots=True)
class Register:
    """``expected``: whoever came to the course before, and has not left; ``others`` may be added.

    ``statuses``: what is recorded, by code of the participant.
    """

    session: Row
    expected: tuple[str, ...]
    others: tuple[str, ...]
    statuses: Mapping[str, str]


def register(opened: Opened, session: Row) -> Register:
    """The register of a session as it stands."""
    course, day, name = session.values["course"], str(session.values["date"]), str(session.values["session"])
    of_course = {str(row.values["session"]) for row in opened.of("sessions") if row.values["course"] == course}
    here = {
        str(row.values["participant"])
        for row in opened.of("participants")
        if str(row.values["enrolled_on"]) <= day <= str(row.values.get("left_on") or "9999")
    }
    came = {code for each, code in opened.places("attendance") if each in of_course}
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

    Raises StoreError where a row is rejected; the whole of it can be sent again.
    """
    rows = _recorded(opened, session)
    before = {code: str(row.values["status"]) for code, row in rows.items()}
    changed = {code: status for code, status in wanted.items() if status != before.get(code, "")}
    new = {code: status for code, status in changed.items() if status and code not in before}
    other = {code: status for code, status in changed.items() if status and code in before}
    for statuses, correct in ((new, False), (other, True)):
        if statuses:
            _send(opened, office, session, statuses, actor=actor, correct=correct)
    for code, status in changed.items():
        if not status:
            strike(rows[code].id, opened.store, actor=actor)
    return {code: before.get(code, "") for code in changed}


def _send(
    opened: Opened, office: Office, session: str, statuses: Mapping[str, str], *, actor: str, correct: bool
) -> None:
    cells = [(session, code, status) for code, status in sorted(statuses.items())]
    sheet = Sheet("page", ("session", "participant", "status"), tuple(map(SheetRow, range(1, len(cells) + 1), cells)))
    form = office.declaration.tables["attendance"]
    sent = Submission(sheet, form, actor=actor, today=office.today, correct=correct)
    submitted = submit(sent, opened.store, declaration=office.declaration)
    rejected = next((rejection for intake in submitted.intakes for rejection in intake.rejected), None)
    if rejected is not None:
        raise StoreError("desk.register.rejected", said=rejected.said)
