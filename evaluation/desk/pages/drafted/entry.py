"""A new row of any table. One page serves them all, enrolment too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tornado.web import HTTPError

from evaluation.collect.record.entries import new_id
from evaluation.desk.forms import days, tables
from evaluation.desk.forms.asked import asked
from evaluation.desk.forms.questions import Question
from evaluation.desk.forms.sent import Sent
from evaluation.desk.forms.storing import store
from evaluation.desk.office import Opened, reference
from evaluation.desk.pages.drafted.drafting import Drafting
from evaluation.schema import Form, Instrument, Labels, Table
from evaluation.texts import Message, in_all


@dataclass(frozen=True, slots=True)
class Target:
    """What a page enters or corrects: a new row of ``form``, or a stored one; ``begun`` is what is typed already."""

    form: Form
    questions: tuple[Question, ...]
    begun: Mapping[str, str]

    @property
    def title(self) -> Labels:
        return self.form.labels if isinstance(self.form, Instrument) else self.form.title


class Entry(Drafting):
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
        self.form(target, target.begun, new_id(), {})

    def form(
        self,
        target: Target,
        typed: Mapping[str, str],
        id: str,
        faults: Mapping[str, Message],
        status: int = 200,
        **corrects: object,
    ) -> None:
        """``corrects``: what the page of a stored row shows besides."""
        self.set_status(status)
        self.show(
            "form.html",
            title=self.title(target),
            intro=self.intro,
            code=self.participant,
            asked=asked(target.questions, typed, language=self.language, today=self.desk.office.today, faults=faults),
            faults=faults,
            submission=id,
            back=self.url(*self.back()),
            corrects=corrects,
        )


class New(Entry):
    """A new row of a table."""

    async def post(self, *address: str) -> None:
        target, office = await self.target(*address), self.desk.office
        sent = Sent.of(self.typed(), target.questions, actor=self.signed_in.name)
        fixed = {"participant": self.participant} if self.participant else {}
        kept = await office.ask(
            lambda opened: store(
                opened,
                office,
                form=target.form,
                questions=target.questions,
                typed=self.completed(target, sent.typed, opened),
                actor=sent.actor,
                id=sent.id,
                fixed=fixed,
            )
        )
        if kept.stored:
            await self.done(target, sent.typed)
        else:
            self.form(target, sent.typed, sent.id, kept.faults, 422)

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
