"""Leaving, withdrawing a consent, erasure: the consequence is read before anything happens."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from evaluation.collect.acts import Act, Erase, Leave, Withdraw, consequences, perform
from evaluation.desk.forms import days
from evaluation.desk.forms.asked import Asked, asked
from evaluation.desk.forms.questions import Option, Question
from evaluation.desk.pages.of_person import OfPerson
from evaluation.errors import EvaluationError
from evaluation.texts import Message, in_all

ACTS = ("leave", "withdraw", "erase")


class ActOnPerson(OfPerson):
    """First the day and the reason, then what will happen, then it happens."""

    kind = "act"

    async def get(self, person: str, name: str) -> None:
        code = await self.code(person, about=name)
        self._ask(person, code, name, {"on": days.written(self.desk.office.today)})

    async def post(self, person: str, name: str) -> None:
        code, office = await self.code(person), self.desk.office
        sent, actor = self.typed(), self.signed_in.name
        confirmed = sent.get("action") == "confirm"
        act = _act(name, code, sent)
        if act is None:
            self._ask(person, code, name, sent, faults=_faults(name, sent))
            return
        if isinstance(act, Erase) and confirmed and sent.get("typed_code", "").strip() != code:
            self._ask(person, code, name, sent, Message("desk.act.other_code"))
            return
        try:
            if confirmed:
                done = await office.ask(
                    lambda opened: perform(
                        act, opened.store, declaration=office.declaration, actor=actor, today=office.today
                    )
                )
                self.show("done.html", messages=done.messages, name=name)
                return
            told = await office.ask(
                lambda opened: consequences(
                    act, opened.store, declaration=office.declaration, today=office.today, folder=office.folder
                )
            )
        except EvaluationError as error:
            self._ask(person, code, name, sent, error.message)
            return
        held = {key: value for key, value in sent.items() if key != "action"}
        self.show("consequences.html", code=code, person=person, name=name, told=told, held=held)

    def _ask(
        self,
        person: str,
        code: str,
        name: str,
        typed: Mapping[str, str],
        said: Message | None = None,
        *,
        faults: Mapping[str, Message] = MappingProxyType({}),
    ) -> None:
        self.set_status(422 if said or faults else 200)
        asked = self._asked(name, typed, faults)
        self.show("act.html", code=code, person=person, name=name, said=said, asked=asked, faults=faults)

    def _asked(self, name: str, typed: Mapping[str, str], faults: Mapping[str, Message]) -> tuple[Asked, ...]:
        day = Question("on", "date", in_all(Message("desk.act.on")), required=True)
        asks: tuple[Question, ...] = ()
        if name == "leave":
            codes = self.desk.office.declaration.tables["participants"].field("leaving_reason")
            options = tuple(Option(code, labels) for code, labels in codes.codes.items())
            asks = (day, Question("reason", "list", codes.title, options, required=True))
        elif name == "withdraw":
            service = (Option("false", in_all(Message("desk.false"))), Option("true", in_all(Message("desk.true"))))
            asks = (day, Question("service", "one", in_all(Message("desk.act.service")), service))
            typed = {"service": "false", **typed}
        return asked(asks, typed, language=self.language, today=self.desk.office.today, faults=faults)


def _act(name: str, code: str, sent: Mapping[str, str]) -> Act | None:
    """What was asked for; None where its day is no day, or the reason is missing."""
    if name == "erase":
        return Erase(code)
    on, reason = days.read(sent.get("on", "")), sent.get("reason", "").strip()
    if on is None or (name == "leave" and not reason):
        return None
    return Leave(code, on, reason) if name == "leave" else Withdraw(code, on, service=sent.get("service") == "true")


def _faults(name: str, sent: Mapping[str, str]) -> dict[str, Message]:
    """What is missing or wrong, by question."""
    asked = ("on", "reason") if name == "leave" else ("on",)
    missing = [each for each in asked if not sent.get(each, "").strip()]
    found = dict.fromkeys(missing, Message("desk.wrong.required_missing"))
    return found if "on" in missing or days.read(sent["on"]) else {**found, "on": Message("desk.wrong.bad_date")}
