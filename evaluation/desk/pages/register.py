"""The attendance register of a session, on one screen."""

from __future__ import annotations

import datetime as dt

from tornado.web import HTTPError

from evaluation import schema, texts
from evaluation.desk.forms import tables
from evaluation.desk.forms.register import Register, put, register, shortcuts
from evaluation.desk.handler import Page
from evaluation.desk.office import Opened
from evaluation.errors import FileRefused, StoreError
from evaluation.schema import Labels

_OF = "status:"  # in front of a participant's code


class AttendanceRegister(Page):
    kind = "register"

    async def get(self, session_id: str) -> None:
        found, course = await self.desk.office.ask(lambda opened: self._found(opened, session_id))
        await self.opens(about=str(found.session.values["session"]))
        self._show(found, course, session_id)

    def _show(self, found: Register, course: Labels, session_id: str) -> None:
        statuses = self.desk.office.declaration.tables["attendance"].field("status").codes
        words = [schema.text(labels, self.language) for labels in statuses.values()]
        self.show(
            "register.html",
            found=found,
            course=course,
            statuses=statuses,
            letters=dict(zip(statuses, shortcuts(words), strict=True)),
            weekday=texts.weekday(dt.date.fromisoformat(str(found.session.values["date"])), self.language),
            undo=self.signed_in.undo.get(session_id),
            session_id=session_id,
        )

    async def post(self, session_id: str) -> None:
        sent, actor = self.typed(), self.signed_in.name
        undo = sent.get("action") == "undo"
        wanted = {name.removeprefix(_OF): status for name, status in sent.items() if name.startswith(_OF)}
        if sent.get("other") and sent.get("other_status"):
            wanted[sent["other"]] = sent["other_status"]
        if undo:
            wanted = self.signed_in.undo.pop(session_id, {})

        def stored(opened: Opened) -> dict[str, str]:
            session = str(self._found(opened, session_id)[0].session.values["session"])
            return put(opened, self.desk.office, session, wanted, actor=actor)

        try:
            before = await self.desk.office.ask(stored)
        except (StoreError, FileRefused) as error:
            self.set_status(422)
            self.show("failed.html", said=error.message)
            return
        if before and not undo:
            self.signed_in.undo[session_id] = before
        notice = "desk.register.undone" if undo else "desk.register.stored"
        self.then("registers", session_id, notice=notice, n=len(before))

    def _found(self, opened: Opened, session_id: str) -> tuple[Register, Labels]:
        session, declaration = opened.held(session_id), self.desk.office.declaration
        if session is None or session.table != "sessions":
            raise HTTPError(404)
        course = str(session.values["course"])
        return register(opened, session), tables.titles_of_courses(opened, declaration).get(course, {"en": course})
