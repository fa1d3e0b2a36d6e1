"""A stored row is corrected or struck out; what is typed is a draft until it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tornado.web import HTTPError

from evaluation.collect.record.drafts import Draft, Overtaken
from evaluation.collect.record.entries import new_id
from evaluation.collect.record.replay import Row
from evaluation.collect.submit import strike
from evaluation.desk.forms import correcting, questions, tables
from evaluation.desk.forms.correcting import Outdated
from evaluation.desk.forms.filling import Place
from evaluation.desk.forms.questions import Question
from evaluation.desk.forms.sent import Sent
from evaluation.desk.forms.storing import Kept
from evaluation.desk.office import Opened
from evaluation.desk.pages.drafted.entry import Entry, Target
from evaluation.errors import EvaluationError
from evaluation.schema import Labels, Table
from evaluation.texts import Message


@dataclass(frozen=True, slots=True)
class Stored(Target):
    """What a page corrects: the stored ``row``, and the correction of it that was begun."""

    row: Row
    draft: Draft | None = None


class Correct(Entry):
    """A stored row of a table, of a participant or of none."""

    kind = "correction"
    intro = "desk.form.correct_about"

    async def target(self, *address: str) -> Stored:
        self.person = address[0] if len(address) > 1 else ""
        self.participant = await self.code(self.person) if self.person else ""
        return await self.desk.office.ask(lambda opened: self.found(opened, address[-1]))

    def found(self, opened: Opened, row_id: str) -> Stored:
        declaration = self.desk.office.declaration
        row = opened.held(row_id)
        if row is None or row.table not in declaration.tables or row.values.get("participant", "") != self.participant:
            raise HTTPError(404)
        table = declaration.tables[row.table]
        self.table = table.name
        asks = tables.questions_of(table, opened, declaration, row=row)
        return Stored(table, asks, correcting.typed_of(asks, row), row, correcting.draft_of(opened, row))

    def back(self) -> tuple[str, ...]:
        return ("people", self.person) if self.person else ("tables", self.table)

    async def get(self, *address: str) -> None:
        target = await self.target(*address)
        if target.draft:
            self.shown(target, target.draft.typed, target.draft.id, target.draft.version)
        else:
            self.shown(target, target.begun, new_id(), correcting.digest(target.row))

    def shown(
        self,
        target: Stored,
        typed: Mapping[str, str],
        id: str,
        base: str,
        faults: Mapping[str, Message] | None = None,
    ) -> None:
        draft = target.draft if target.draft and target.draft.id == id else None
        self.form(
            target,
            typed,
            id,
            faults or {},
            422 if faults else 200,
            base=base,
            draft=draft,
            revision=draft.revision if draft else 0,
            page=new_id(),
            strikes=isinstance(target.form, Table) and target.form.name != "participants",
        )

    async def post(self, *address: str) -> None:
        target, office, actor = await self.target(*address), self.desk.office, self.signed_in.name
        fields, row_id = self.typed(), target.row.id
        sent = Sent.of(fields, target.questions, actor=actor)
        match fields.get("action"):
            case "strike" if isinstance(target.form, Table):
                await office.ask(lambda opened: strike(row_id, opened.store, actor=actor))
                await self._given_up(row_id, "desk.form.struck")
            case "give_up":
                await self._given_up(row_id, "desk.form.nothing_changed")
            case "save":
                await self._save(target, sent)
            case _:
                await self._store(target, sent)

    async def _given_up(self, row_id: str, notice: str) -> None:
        await self.desk.office.ask(lambda opened: opened.drafts.give_up(correcting.DRAFT, (row_id,)))
        self.then(*self.back(), notice=notice)

    async def _save(self, target: Stored, sent: Sent) -> None:
        office = self.desk.office
        try:
            draft = await office.save(correcting.unsaved(office, target.row, sent))
        except EvaluationError as error:
            if self.quiet:
                self.tell_unsaved(error)
                return
            if not isinstance(error, Overtaken):
                raise
            self._overtaken(target, sent, error)
            return
        if self.quiet:
            self.tell_saved(draft, target.questions)
        else:
            self.then(*self.path_inside.split("/"), notice="desk.form.saved_draft", at=self.time(draft))

    async def _store(self, target: Stored, sent: Sent) -> None:
        office, form, asks = self.desk.office, target.form, target.questions

        def corrected(opened: Opened) -> tuple[Kept, int]:
            return correcting.correct(opened, office, form=form, questions=asks, row_id=target.row.id, sent=sent)

        try:
            kept, n = await office.ask(corrected)
        except Outdated as error:
            self._outdated(target, sent, error)
            return
        except Overtaken as error:
            self._overtaken(target, sent, error)
            return
        if kept.faults:
            self.shown(target, sent.typed, sent.id, sent.base, kept.faults)
        elif n:
            self.then(*self.back(), notice="desk.form.corrected", n=n)
        else:
            self.then(*self.back(), notice="desk.form.nothing_changed")

    # --- two people on one row --------------------------------------------------------------------

    def _outdated(self, target: Stored, sent: Sent, error: Outdated) -> None:
        theirs = correcting.typed_of(target.questions, error.row)
        newer = replace(sent, base=correcting.digest(error.row))
        self._both(target, newer, error, theirs=theirs, whose=error.row.actor)

    def _overtaken(self, target: Stored, sent: Sent, error: Overtaken) -> None:
        self._both(target, sent, error, theirs=error.draft.typed, whose=error.draft.author)

    def _both(
        self, target: Stored, sent: Sent, error: EvaluationError, *, theirs: Mapping[str, str], whose: str
    ) -> None:
        """Both versions, of which a person takes one."""
        self.set_status(409)
        self.show(
            "conflict.html",
            title=target.title,
            said=error.message,
            whose=whose,
            rows=differing(target.questions, theirs, sent.typed),
            hidden={"submission": sent.id, "base": sent.base, "over": "yes", **sent.typed},
            sends=self.url(*self.path_inside.split("/")),
            way="desk.conflict.correct",
            here=self.url(*(self.path_inside.split("/") if isinstance(error, Overtaken) else self.back())),
        )


class CorrectQuestionnaire(Correct):
    async def target(self, *address: str) -> Stored:
        self.person = address[0]
        self.place_ = await self.place(*address)
        self.participant = self.place_.participant
        return await self.desk.office.ask(lambda opened: self._of(opened, self.place_))

    def _of(self, opened: Opened, place: Place) -> Stored:
        row = opened.row(place.form.id, place.key)
        if row is None:
            raise HTTPError(404)
        begun = correcting.typed_of(place.questions, row)
        return Stored(place.form, place.questions, begun, row, correcting.draft_of(opened, row))

    def back(self) -> tuple[str, ...]:
        return ("people", self.person, self.place_.form.id, self.place_.wave.id)


def differing(
    asks: tuple[Question, ...], theirs: Mapping[str, str], mine: Mapping[str, str]
) -> list[tuple[Labels, Labels, Labels]]:
    """The questions that two versions answer differently, with both answers in words."""

    def words(each: Question, typed: Mapping[str, str]) -> Labels:
        return questions.said(each, typed[each.name]) if typed.get(each.name) else {}

    return [
        (each.labels, words(each, theirs), words(each, mine))
        for each in asks
        if each.kind != "note" and theirs.get(each.name, "") != mine.get(each.name, "")
    ]
