"""A record to practise on: a fictional client in a folder of its own, gone when the last person has signed out."""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from evaluation.collect.access import keys
from evaluation.collect.files.sheet import Row, Sheet
from evaluation.collect.record.drafts import Drafts
from evaluation.collect.record.store import Store
from evaluation.collect.submit import Submission, submit
from evaluation.desk.office import Office, Opened
from evaluation.schema import Declaration

CODE = "T-001"
_PATTERN = r"T-\d{3}"
_YEAR = dt.timedelta(days=365)

Answer = TypeVar("Answer")


@dataclass(slots=True)
class Practice(Office):
    """It shares nothing with the project's record but what the project declares, and its key is never written.

    So what is tried on it is in no count, export, backup or release: they never see this folder.
    """

    def _asked(self, question: Callable[[Opened], Answer]) -> Answer:
        if self._opened is None:
            self.folder = Path(tempfile.mkdtemp(prefix="practice-"))
            secret = keys.passphrase(secrets.token_urlsafe(24))
            store = Store.create(self.folder, secret, slot="practice", cost=2**4)
            _fill(store, self.declaration, self.today)
            self._opened = Opened(store, Drafts(store), store.key)
        return question(self._opened)

    def _close(self) -> None:
        if self._opened is not None:
            self._opened.store.close()
            shutil.rmtree(self.folder, ignore_errors=True)
        self._opened, self._codes = None, {}
        self._traces.clear()


def beside(office: Office) -> Practice:
    """What is practised on beside an office; it is locked and closed with it. Its codes are no codes of the project."""
    today = office.today
    file = replace(
        office.declaration.file, participant_pattern=_PATTERN, period_start=today - _YEAR, period_end=today + _YEAR
    )
    made = Practice(office.folder, replace(office.declaration, file=file), office.now)
    office.beside = made
    return made


def _fill(store: Store, declaration: Declaration, today: dt.date) -> None:
    """One client, and a course that meets today."""
    consents = {"consent_service": "true", "consent_reporting": "true"}
    _enter(store, declaration, "participants", {"participant": CODE, "enrolled_on": today.isoformat(), **consents})
    for course in declaration.file.courses[:1]:
        title = next(iter(course.labels.values()))
        _enter(store, declaration, "courses", {"course": course.id, "title": title, "sessions": str(course.sessions)})
        session = {"session": f"{course.id}-01", "course": course.id, "date": today.isoformat(), "hours": "2"}
        _enter(store, declaration, "sessions", session)
        attended = {"session": session["session"], "participant": CODE, "status": "present"}
        _enter(store, declaration, "attendance", attended)


def _enter(store: Store, declaration: Declaration, table: str, cells: Mapping[str, str]) -> None:
    sheet = Sheet("practice", tuple(cells), (Row(1, tuple(cells.values())),))
    today = dt.date.fromisoformat(cells["date"]) if "date" in cells else declaration.file.period_start + _YEAR
    submission = Submission(sheet, declaration.form(table), actor="practice", today=today)
    submit(submission, store, declaration=declaration)
