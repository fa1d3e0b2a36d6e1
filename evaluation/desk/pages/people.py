"""Who takes part: the list to pick from, and enrolling somebody."""

from __future__ import annotations

import re
from collections.abc import Mapping

from evaluation import texts
from evaluation.collect.record.replay import Content
from evaluation.desk import days, questions
from evaluation.desk.asked import asked, of_page
from evaluation.desk.cues import Cue, cues
from evaluation.desk.handler import Page
from evaluation.desk.office import Opened, reference
from evaluation.desk.questions import Question
from evaluation.desk.storing import Kept, store
from evaluation.schema import Labels
from evaluation.texts import Message

_AT_THE_END = re.compile(r".*_end|left_on|leaving_reason")


class People(Page):
    async def get(self) -> None:
        people = await self.desk.office.ask(self._cues)
        self.show("people.html", people=people, month=lambda day: texts.month(day, self.language))

    def _cues(self, opened: Opened) -> tuple[Cue, ...]:
        return cues(opened.content(), self.desk.office.declaration, opened.key)


class Enrol(Page):
    """A new participant, with both consents; what is only known at the end is not asked here."""

    async def get(self) -> None:
        code = await self.desk.office.ask(lambda opened: next_code(opened.content()))
        typed = {"participant": code, "enrolled_on": days.written(self.desk.office.today)}
        self._form(typed, questions.new_id(), {})

    async def post(self) -> None:
        sent = self.typed()
        typed, id = of_page(sent, self.questions), questions.as_id(sent.get("submission", ""))
        kept = await self.desk.office.ask(lambda opened: self._store(opened, typed, id))
        if not kept.stored:
            self.set_status(422)
            self._form(typed, id, kept.faults)
            return
        code = typed["participant"].strip()
        person = await self.desk.office.ask(lambda opened: reference(opened.key, code))
        self.then("people", person, notice="desk.enrol.done")

    @property
    def questions(self) -> tuple[Question, ...]:
        declaration = self.desk.office.declaration
        table = declaration.tables["participants"]
        late = [each.name for each in table.fields if _AT_THE_END.fullmatch(each.name)]
        groups: dict[str, list[tuple[str, Labels]]] = {
            breakdown.column: list(breakdown.groups.items())
            for breakdown in declaration.file.breakdowns
            if not breakdown.recode and not table.field(breakdown.column).codes
        }
        return questions.of_table(table, known=groups, without=late)

    def _store(self, opened: Opened, typed: Mapping[str, str], id: str) -> Kept:
        office = self.desk.office
        form, name = office.declaration.tables["participants"], self.signed_in.name
        return store(opened, office, form=form, questions=self.questions, typed=typed, actor=name, id=id)

    def _form(self, typed: Mapping[str, str], id: str, faults: Mapping[str, Message]) -> None:
        self.show(
            "form.html",
            title="desk.enrol.title",
            intro="desk.enrol.about",
            code="",
            asked=asked(self.questions, typed, language=self.language, today=self.desk.office.today, faults=faults),
            faults=faults,
            submission=id,
            back=self.url("people"),
        )


def next_code(content: Content) -> str:
    """The code after the highest that ends in a number: P-042 after P-041; empty where there is none."""
    codes = [str(row.values["participant"]) for row in content.of("participants")]
    numbered = [found for code in codes if (found := re.fullmatch(r"(.*?)(\d+)", code, re.ASCII))]
    if not numbered:
        return ""
    last = max(numbered, key=lambda found: int(found[2]))
    return f"{last[1]}{int(last[2]) + 1:0{len(last[2])}d}"
