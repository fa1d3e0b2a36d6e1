"""What is to be done today: drafts, questionnaires that are due, rejected rows that wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from evaluation import texts
from evaluation.collect.record.drafts import Draft
from evaluation.desk.due import Due, due
from evaluation.desk.handler import Page
from evaluation.desk.office import Opened, reference
from evaluation.schema import Instrument
from evaluation.texts import Message


class _Now(NamedTuple):
    drafts: tuple[Draft, ...]
    due: tuple[Due, ...]
    references: dict[str, str]
    notices: tuple[Message, ...]


class Today(Page):
    async def get(self) -> None:
        now = await self.desk.office.ask(self._now)
        office = self.desk.office
        self.show(
            "today.html",
            weekday=texts.weekday(office.today, self.language),
            drafts=list(self._drafts(now)),
            due=[self._due(each, now.references[each.participant], office.today) for each in now.due],
            waiting=now.notices,
        )

    def _now(self, opened: Opened) -> _Now:
        declaration = self.desk.office.declaration
        drafts = opened.drafts.all()
        open_now = due(opened, declaration, today=self.desk.office.today)
        codes = {draft.participant for draft in drafts} | {each.participant for each in open_now}
        return _Now(drafts, open_now, {code: reference(opened.key, code) for code in codes}, self.desk.office.notices())

    def _drafts(self, now: _Now) -> Iterator[dict[str, Any]]:
        declaration = self.desk.office.declaration
        for draft in now.drafts:
            form = declaration.instruments.get(draft.form)
            if isinstance(form, Instrument):
                wave = declaration.wave(draft.place[1])
                address = self.url("people", now.references[draft.participant], draft.form, wave.id)
                yield {
                    "code": draft.participant,
                    "title": form.labels,
                    "wave": wave.labels,
                    "author": draft.author,
                    "at": draft.saved_at,
                    "url": address,
                }

    def _due(self, each: Due, person: str, today: dt.date) -> dict[str, Any]:
        instruments = self.desk.office.declaration.instruments
        return {
            "code": each.participant,
            "reference": person,
            "wave": each.wave.labels,
            "opens": each.opens,
            "closes": each.closes,
            "overdue": each.overdue(today),
            "forms": [
                {"title": instruments[name].labels, "url": self.url("people", person, name, each.wave.id)}
                for name in each.instruments
            ],
        }
