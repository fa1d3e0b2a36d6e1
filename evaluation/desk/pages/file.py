"""A file is taken in: first what would become of it, then it is stored."""

from __future__ import annotations

import shlex
from dataclasses import replace

from evaluation.desk.dropped import LIMIT, LIMIT_MB, Dropped, Sent
from evaluation.desk.handler import Page
from evaluation.errors import EvaluationError
from evaluation.texts import Message


class TakeIn(Page):
    """The bytes stay in the memory of the session that sent them, and nowhere else."""

    kind = "file"
    largest = 2 * LIMIT

    async def get(self) -> None:
        await self.opens()
        self._show()
        held = self.signed_in.dropped
        if held is not None and held.sent is None:  # what was stored is told once
            self.signed_in.dropped = None

    async def post(self) -> None:
        action, held = self.get_body_argument("action", ""), self.signed_in.dropped
        if action == "look":
            await self._look()
        elif held is None or held.id != self.get_body_argument("held", ""):
            self._show(Message("desk.file.gone"), 409)
        elif action == "store":
            await self._store(held)
        else:
            self.signed_in.dropped = None
            self.then("file")

    async def _look(self) -> None:
        """What would become of the file; any other that was held is forgotten."""
        self.signed_in.dropped = None
        file = next(iter(self.request.files.get("file", ())), None)
        if file is None or not file.filename:
            self._show(Message("desk.file.none"), 422)
        elif len(file.body) > LIMIT:
            self._show(Message("desk.file.too_large", limit=LIMIT_MB), 413)
        else:
            today = self.desk.office.today.isoformat()
            await self._take(Sent(file.filename, file.body, self.signed_in.name, today))

    async def _store(self, held: Dropped) -> None:
        if held.sent is None:  # a second click
            self.then("file")
            return
        correct = self.get_body_argument("correct", "") == "true"
        await self._take(replace(held.sent, store=True, correct=correct), held)

    async def _take(self, sent: Sent, held: Dropped | None = None) -> None:
        """Have it looked at or stored, and keep in the session what came of it."""
        session = self.signed_in
        try:
            told = await self.desk.office.take_in(sent)
        except EvaluationError as error:
            self._show(error.message, 422)
            return
        if sent.store and told.form:
            await self.desk.office.note("took_in", actor=sent.actor, page=self.kind, about=told.form)
        if held is None:
            session.dropped = Dropped(told, sent if told.form else None, sent.name)
        elif session.dropped is held:
            session.dropped = replace(held, told=told, sent=None)
        self.then("file")

    def _show(self, said: Message | None = None, status: int = 200) -> None:
        self.set_status(status)
        held = self.signed_in.dropped
        command = (
            f"evaluation intake {shlex.quote(str(self.desk.office.folder))} {shlex.quote(held.name)}" if held else ""
        )
        self.show("file.html", said=said, held=held, command=command, limit=LIMIT_MB, largest=LIMIT)
