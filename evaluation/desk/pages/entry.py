"""A row of any table: entered, corrected, struck out. One page serves them all, enrolment too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tornado.web import HTTPError

from evaluation.collect.record.replay import Row
from evaluation.collect.submit import strike
from evaluation.desk.forms import correcting, days, questions, tables
from evaluation.desk.forms.asked import asked, of_page
from evaluation.desk.forms.correcting import Outdated
from evaluation.desk.forms.filling import Place
from evaluation.desk.forms.questions import Question
from evaluation.desk.forms.storing import store
from evaluation.desk.office import Opened, reference
from evaluation.desk.pages.of_person import OfPerson
from evaluation.schema import Form, Instrument, Labels, Table
from evaluation.texts import Message, in_all


@dataclass(frozen=True, slots=True)
class Target:
    """What a page enters or corrects: a new row of ``form``, or the stored ``row``."""

    form: Form
    questions: tuple[Question, ...]
    begun: Mapping[str, str]
    row: Row | None = None

    @property
    def title(self) -> Labels:
        return self.form.labels if isinstance(self.form, Instrument) else self.form.title


class Entry(OfPerson):
    """What is common to entering and correcting; ``address`` are the parts of the page's address that vary."""

    kind = "entry"

    participant = ""
    intro = ""

    async def target(self, *address: str) -> Target:
        raise NotImplementedError

    def back(self) -> tuple[str, ...]:
        """The page to go to afterwards."""
        return ("people", self.person) if self.person else ()

    person = ""

    def title(self, target: Target) -> Labels:
        return target.title

    async def get(self, *address: str) -> None:
        target = await self.target(*address)
        self.form(target, target.begun, questions.new_id(), {})

    def form(
        self, target: Target, typed: Mapping[str, str], id: str, faults: Mapping[str, Message], status: int = 200
    ) -> None:
        self.set_status(status)
        self.show(
            "form.html",
            title=self.title(target),
            intro=self.intro,
            code=self.participant,
            asked=asked(target.questions, typed, language=self.language, today=self.desk.office.today, faults=faults),
            faults=faults,
            submission=id,
            base=correcting.digest(target.row) if target.row else "",
            strikes=target.row is not None and isinstance(target.form, Table) and target.form.name != "participants",
            back=self.url(*self.back()),
        )


class New(Entry):
    """A new row of a table."""

    async def post(self, *address: str) -> None:
        target, office = await self.target(*address), self.desk.office
        sent = self.typed()
        typed, id, actor = (
            of_page(sent, target.questions),
            questions.as_id(sent.get("submission", "")),
            self.signed_in.name,
        )
        fixed = {"participant": self.participant} if self.participant else {}
        kept = await office.ask(
            lambda opened: store(
                opened,
                office,
                form=target.form,
                questions=target.questions,
                typed=self.completed(target, typed, opened),
                actor=actor,
                id=id,
                fixed=fixed,
            )
        )
        if kept.stored:
            await self.done(target, typed)
        else:
            self.form(target, typed, id, kept.faults, 422)

    def completed(self, target: Target, typed: Mapping[str, str], opened: Opened) -> Mapping[str, str]:
        """What was typed, with what follows from it."""
        return tables.numbered(target.form, typed, opened) if isinstance(target.form, Table) else typed

    async def done(self, target: Target, typed: Mapping[str, str]) -> None:
        self.then(*self.back(), notice="desk.form.stored", title=target.title)


class Enrol(New):
    """A new participant, with both consents."""

    intro = "desk.enrol.about"

    def title(self, target: Target) -> Labels:
        return in_all(Message("desk.enrol.title"))

    async def target(self, *_: str) -> Target:
        return await self.desk.office.ask(lambda opened: self.new(opened, "participants"))

    def new(self, opened: Opened, name: str) -> Target:
        declaration, today = self.desk.office.declaration, days.written(self.desk.office.today)
        table = declaration.tables[name]
        return Target(
            table,
            tables.questions_of(table, opened, declaration),
            tables.begun(table, opened, participant=self.participant, today=today),
        )

    async def done(self, target: Target, typed: Mapping[str, str]) -> None:
        code = typed["participant"].strip()
        self.person = await self.desk.office.ask(lambda opened: reference(opened.key, code))
        self.then(*self.back(), notice="desk.enrol.done")

    def back(self) -> tuple[str, ...]:
        return ("people", self.person) if self.person else ("people",)


class NewOfPerson(Enrol):
    """A new row about one participant."""

    intro = ""
    title = Entry.title

    async def target(self, *address: str) -> Target:
        self.person, name = address
        if name not in [table.name for table in tables.of_person(self.desk.office.declaration)]:
            raise HTTPError(404)
        self.participant = await self.code(self.person, about=name)
        return await self.desk.office.ask(lambda opened: self.new(opened, name))

    async def done(self, target: Target, typed: Mapping[str, str]) -> None:
        await New.done(self, target, typed)


class NewOfHouse(NewOfPerson):
    """A new row about no participant."""

    async def target(self, *address: str) -> Target:
        (name,) = address
        self.table = name
        if name not in [table.name for table in tables.of_house(self.desk.office.declaration)]:
            raise HTTPError(404)
        return await self.desk.office.ask(lambda opened: self.new(opened, name))

    def back(self) -> tuple[str, ...]:
        return ("tables", self.table)


# --- corrections ----------------------------------------------------------------------------------


class Correct(Entry):
    """A stored row of a table, of a participant or of none."""

    kind = "correction"
    intro = "desk.form.correct_about"

    async def target(self, *address: str) -> Target:
        self.person = address[0] if len(address) > 1 else ""
        self.participant = await self.code(self.person) if self.person else ""
        return await self.desk.office.ask(lambda opened: self.found(opened, address[-1]))

    def found(self, opened: Opened, row_id: str) -> Target:
        declaration = self.desk.office.declaration
        row = opened.held(row_id)
        if row is None or row.table not in declaration.tables or row.values.get("participant", "") != self.participant:
            raise HTTPError(404)
        table = declaration.tables[row.table]
        self.table = table.name
        asks = tables.questions_of(table, opened, declaration, row=row)
        return Target(table, asks, correcting.typed_of(asks, row), row)

    def back(self) -> tuple[str, ...]:
        return ("people", self.person) if self.person else ("tables", self.table)

    async def post(self, *address: str) -> None:
        target, office, actor = await self.target(*address), self.desk.office, self.signed_in.name
        if target.row is None:
            raise HTTPError(404)
        sent, row_id = self.typed(), target.row.id
        if sent.get("action") == "strike" and isinstance(target.form, Table):
            await office.ask(lambda opened: strike(row_id, opened.store, actor=actor))
            self.then(*self.back(), notice="desk.form.struck")
            return
        typed, id = of_page(sent, target.questions), questions.as_id(sent.get("submission", ""))

        def corrected(opened: Opened) -> tuple[object, dict[str, Message], int]:
            kept, n = correcting.correct(
                opened,
                office,
                form=target.form,
                questions=target.questions,
                row_id=row_id,
                base=sent.get("base", ""),
                typed=typed,
                actor=actor,
                id=id,
            )
            return kept, dict(kept.faults), n

        try:
            _, faults, n = await office.ask(corrected)
        except Outdated as error:
            self._outdated(target, typed, id, error)
            return
        if faults:
            self.form(target, typed, id, faults, 422)
        elif n:
            self.then(*self.back(), notice="desk.form.corrected", n=n)
        else:
            self.then(*self.back(), notice="desk.form.nothing_changed")

    def _outdated(self, target: Target, typed: Mapping[str, str], id: str, error: Outdated) -> None:
        theirs = correcting.typed_of(target.questions, error.row)
        self.set_status(409)
        self.show(
            "conflict.html",
            title=target.title,
            said=error.message,
            whose=error.row.actor,
            rows=differing(target.questions, theirs, typed),
            hidden={"submission": id, "base": correcting.digest(error.row), **typed},
            sends=self.url(*self.path_inside.split("/")),
            way="desk.conflict.correct",
            here=self.url(*self.back()),
        )


class CorrectQuestionnaire(Correct):
    async def target(self, *address: str) -> Target:
        self.person = address[0]
        self.place_ = await self.place(*address)
        self.participant = self.place_.participant
        return await self.desk.office.ask(lambda opened: self._of(opened, self.place_))

    def _of(self, opened: Opened, place: Place) -> Target:
        row = opened.row(place.form.id, place.key)
        if row is None:
            raise HTTPError(404)
        return Target(place.form, place.questions, correcting.typed_of(place.questions, row), row)

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
