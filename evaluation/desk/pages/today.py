"""What is to be done today: drafts, questionnaires that are due, rejected rows that wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from evaluation import texts
from evaluation.collect.access.keys import COORDINATOR
from evaluation.collect.alerts import Alert
from evaluation.collect.record.drafts import Draft
from evaluation.collect.record.replay import Row
from evaluation.collect.safety import backup
from evaluation.desk.due import Due, due
from evaluation.desk.forms import alerting, correcting
from evaluation.desk.handler import Page
from evaluation.desk.office import Opened, reference
from evaluation.desk.pages.clock import behind
from evaluation.schema import Labels
from evaluation.texts import Message

_SHOWN = 40
"""So many lines of what is due are shown at first."""


class Begun(NamedTuple):
    """A draft, what it is of, and the parts of its page's address; ``row`` is the one that it corrects."""

    draft: Draft
    title: Labels
    wave: Labels
    parts: tuple[str, ...]
    row: Row | None


class _Now(NamedTuple):
    drafts: tuple[Begun, ...]
    due: tuple[Due, ...]
    more: int
    backup: Message
    references: dict[str, str]
    alerts: tuple[Alert, ...]
    notices: tuple[Message, ...]
    clock: Message | None


class Today(Page):
    async def get(self, everything: str = "") -> None:
        office = self.desk.office
        if not self.enters:
            counted, last = await office.ask(lambda opened: (self._counted(opened), self._backup(opened)))
            self.show("overview.html", month=texts.month(office.today, self.language), counted=counted, backup=last)
            return
        now = await office.ask(lambda opened: self._now(opened, None if everything else _SHOWN))
        self.show(
            "today.html",
            weekday=texts.weekday(office.today, self.language),
            drafts=list(self._drafts(now)),
            due=[self._due(each, now.references[each.participant], office.today) for each in now.due],
            more=now.more,
            alerts=list(self._alerts(now)),
            waiting=now.notices,
            backup=now.backup,
            clock=now.clock,
            coordinator=self.signed_in.role == COORDINATOR,
        )

    def _now(self, opened: Opened, shown: int | None) -> _Now:
        declaration = self.desk.office.declaration
        drafts = opened.drafts.all()
        all_due = due(opened, declaration, today=self.desk.office.today)
        open_now = all_due[:shown]
        alerts = alerting.unseen(opened) if self.signed_in.role == COORDINATOR else ()
        codes = {draft.participant for draft in drafts} | {each.participant for each in open_now}
        codes |= {each.participant for each in alerts}
        references = {code: reference(opened.key, code) for code in codes}
        more, notices = len(all_due) - len(open_now), self.desk.office.notices()
        begun = tuple(self._begun(opened, drafts, references))
        return _Now(begun, open_now, more, self._backup(opened), references, alerts, notices, behind(opened))

    def _counted(self, opened: Opened) -> list[tuple[Labels, int, int]]:
        """Each wave with the people of whom something is open, and those of whom it is overdue."""
        declaration, today = self.desk.office.declaration, self.desk.office.today
        found = due(opened, declaration, today=today)
        of_wave = {wave.id: [each for each in found if each.wave == wave] for wave in declaration.file.waves}
        return [
            (wave.labels, len(of_wave[wave.id]), sum(each.overdue(today) for each in of_wave[wave.id]))
            for wave in declaration.file.waves
        ]

    def _backup(self, opened: Opened) -> Message:
        last = backup.last(opened.store)
        if last is None:
            return Message("desk.today.no_backup")
        return Message("desk.today.backup", n=max(0, (self.desk.office.today - last[0].astimezone().date()).days))

    def _begun(self, opened: Opened, drafts: Sequence[Draft], references: Mapping[str, str]) -> Iterator[Begun]:
        """What was begun of what the project still declares."""
        declaration = self.desk.office.declaration
        for draft in drafts:
            row = opened.held(draft.place[0]) if draft.form == correcting.DRAFT else None
            name, person = row.table if row else draft.form, references[draft.participant]
            if name in declaration.instruments:
                wave = declaration.wave(row.place[1] if row else draft.place[1])
                parts = ("people", person, name, wave.id, *(["correct"] if row else []))
                yield Begun(draft, declaration.instruments[name].labels, wave.labels, parts, row)
            elif row and name in declaration.tables:
                parts = ("people", person, "row", row.id) if draft.participant else ("tables", "row", row.id)
                yield Begun(draft, declaration.tables[name].title, {}, parts, row)

    def _drafts(self, now: _Now) -> Iterator[dict[str, Any]]:
        for each in now.drafts:
            yield {
                "code": each.draft.participant,
                "title": each.title,
                "wave": each.wave,
                "author": each.draft.author,
                "at": each.draft.saved_at,
                "corrects": each.row is not None,
                "url": self.url(*each.parts),
            }

    def _alerts(self, now: _Now) -> Iterator[dict[str, Any]]:
        declaration = self.desk.office.declaration
        waves = {wave.id: wave for wave in declaration.file.waves}
        for each in now.alerts:
            form = declaration.instruments.get(each.questionnaire)
            if form is not None and each.wave in waves:
                yield {
                    "code": each.participant,
                    "title": form.labels,
                    "wave": waves[each.wave].labels,
                    "on": each.raised_on,
                    "url": self.url("people", now.references[each.participant], form.id, each.wave, "alert"),
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
