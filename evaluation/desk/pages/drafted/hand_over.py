"""The device in the client's hands: one question a page and nothing else, until staff end it."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.collect.record.drafts import Draft
from evaluation.desk.forms import alerting, filling, herself, questions
from evaluation.desk.forms.asked import asked, closed_by
from evaluation.desk.forms.filling import Place
from evaluation.desk.forms.herself import Screen
from evaluation.desk.forms.questions import Option, Question
from evaluation.desk.forms.sent import of_page
from evaluation.desk.office import Opened
from evaluation.desk.pages.of_person import OfPerson
from evaluation.desk.phrases import phrases
from evaluation.desk.staff.accounts import SHORTEST_CODE, Handed
from evaluation.errors import EvaluationError, StoreError, WrongPassphrase
from evaluation.schema import Labels
from evaluation.texts import Message, in_all, say


class HandOver(OfPerson):
    """To staff it asks how the questionnaire is filled in and by which code the hand-over ends; then it is hers."""

    kind = "hand_over"

    def reached_by_herself(self, handed: Handed) -> bool:
        return self.request.path == handed.address

    async def get(self, person: str, form: str, wave: str) -> None:
        place = await self.place(person, form, wave)
        handed = self.signed_in.handed
        if handed:
            await self._question(place, handed)
        elif await self._is_stored(place):
            self.then("people", person, form, wave)
        else:
            self._before(place, person, {})

    async def post(self, person: str, form: str, wave: str) -> None:
        place, handed, fields = await self.place(person, form, wave), self.signed_in.handed, self.typed()
        if handed is None:
            await self._not_handed(place, person, fields)
        elif fields.get("action") == "end":
            await self._end(place, person, handed, fields.get("code", ""))
        else:
            await self._go_on(place, handed, fields)

    # --- staff hand it over -----------------------------------------------------------------------

    async def _not_handed(self, place: Place, person: str, fields: Mapping[str, str]) -> None:
        if fields.get("action") != "begin":  # she typed this before the desk was started anew
            if name := fields.get("question"):
                await self._save(place, name, of_page(fields, place.questions).get(name, ""))
            self.then(*self._here(place, person), notice="desk.hand_over.again")
            return
        code, actor = fields.get("code", ""), self.signed_in.name
        wrong = {} if len(code.strip()) >= SHORTEST_CODE else {"code": Message("desk.hand_over.short", n=SHORTEST_CODE)}
        wrong |= {} if fields.get("mode") in herself.MODES else {"mode": Message("desk.wrong.required_missing")}
        if wrong or not self.desk.alone:
            self._before(place, person, fields, wrong)
            return
        spoken, known = self.spoken(place)
        language = fields["language"] if fields.get("language") in known else spoken
        if await self._is_stored(place):
            self.then("people", person, place.form.id, place.wave.id)
            return
        await self.desk.office.ask(
            lambda opened: herself.begin(
                opened,
                self.desk.office,
                place,
                actor=actor,
                mode=fields["mode"],
                language=language,
                interpreter=fields.get("interpreter", ""),
            )
        )
        address = self.url(*self._here(place, person))
        self.signed_in.handed = Handed(address, language, code)
        self.set_header("Clear-Site-Data", '"cache"')  # no page from before comes back by the back button
        self.redirect(address, status=303)

    def _before(
        self, place: Place, person: str, typed: Mapping[str, str], faults: Mapping[str, Message] | None = None
    ) -> None:
        spoken, known = self.spoken(place)
        about = {each.name: each for each in place.questions}
        modes = tuple(option for option in about["mode"].options if option.code in herself.MODES)
        asks = (
            Question("language", "one", in_all(Message("desk.hand_over.language")), _languages(known)),
            Question("mode", "one", in_all(Message("desk.hand_over.mode")), modes, required=True),
            Question("interpreter", "one", about["interpreter"].labels, about["interpreter"].options),
        )
        begun = {"language": spoken, "mode": "self", "interpreter": "false", **typed}
        self.set_status(422 if faults else 200)
        self.show(
            "hand_over.html",
            place=place,
            person=person,
            asked=asked(asks, begun, language=self.language, today=self.desk.office.today, faults=faults),
            wrong=(faults or {}).get("code"),
            alone=self.desk.alone,
            reload=False,
        )

    async def _end(self, place: Place, person: str, handed: Handed, code: str) -> None:
        """The code that was set, or the passphrase of who set it; both are tried slowly."""
        name = self.signed_in.name
        tried = f"{name} (device)"
        wait = self.desk.tries.wait(tried)
        said = Message("desk.sign_in.wait", n=wait) if wait else None
        if not wait and not handed.ends(code):
            said = await self._no_passphrase(name, code)
        if said:
            self.set_status(429 if wait else 403)
            await self._question(place, handed, staff=said)
            return
        self.desk.tries.right(tried)
        self.signed_in.handed = None
        self.then("people", person, place.form.id, place.wave.id, "returned")

    async def _no_passphrase(self, name: str, passphrase: str) -> Message | None:
        """What is told where it is not the passphrase either."""
        try:
            await self.desk.office.unlock(name, passphrase)
        except WrongPassphrase:
            self.desk.tries.wrong(f"{name} (device)")
            return Message("desk.hand_over.wrong")
        except EvaluationError as error:
            return error.message
        return None

    # --- she fills it in --------------------------------------------------------------------------

    async def _go_on(self, place: Place, handed: Handed, fields: Mapping[str, str]) -> None:
        action, name = fields.get("action", "next"), fields.get("question", "")
        asks = {each.name: each for each in place.questions}
        typed = of_page(fields, place.questions).get(name, "")
        if name in asks and handed.stage == "asking":
            typed = asks[name].refusal if action == "refuse" else typed
            draft = await self._save(place, name, typed)
            if self.request.headers.get("Accept") == "application/json":
                self._told(place, handed, draft)
                return
            if draft is None:
                handed.stage = "finished"
            else:
                await self._turn(place, handed, draft, action, name)
        elif action == "resume" and handed.stage == "ending":
            handed.stage = "asking"
        elif action == "finish" and handed.stage == "ending":
            await self._finish(place, handed)
        if action.removeprefix("speak:") in self.spoken(place)[1]:
            handed.language = action.removeprefix("speak:")
        self.redirect(handed.address, status=303)

    async def _turn(self, place: Place, handed: Handed, draft: Draft, action: str, name: str) -> None:
        """To the next question or the one before; an answer that cannot be is shown again."""
        office = self.desk.office
        names = [screen.question.name for screen in herself.screens(place, draft.typed, office)]
        at = names.index(name) if name in names else 0
        if action == "stop":
            handed.stage = "ending"
        elif action == "back":
            handed.at = names[max(at - 1, 0)]
        elif action in ("next", "refuse"):
            wrong = await office.ask(lambda opened: herself.fault(opened, office, place, draft.typed, name))
            if wrong is None and at + 1 == len(names):
                handed.stage = "ending"
            handed.at = name if wrong else names[min(at + 1, len(names) - 1)]

    async def _save(self, place: Place, name: str, value: str) -> Draft | None:
        """The draft with this answer; None where the questionnaire is stored already."""
        office, actor = self.desk.office, self.signed_in.name

        def saved(opened: Opened) -> Draft | None:
            if filling.find(opened, place).stored is not None:
                return None
            return herself.answer(opened, office, place, name, value, actor=actor)

        return await office.ask(saved)

    async def _finish(self, place: Place, handed: Handed) -> None:
        office, actor = self.desk.office, self.signed_in.name
        kept = await office.ask(lambda opened: herself.finish(opened, office, place, actor=actor))
        if kept.stored or kept.taken:
            handed.stage = "finished"
            return
        items = [item.id for item in place.form.items if item.id in kept.faults]
        if not items:
            raise StoreError("desk.hand_over.not_stored")
        handed.stage, handed.at = "asking", items[0]

    def _told(self, place: Place, handed: Handed, draft: Draft | None) -> None:
        spoken = phrases(handed.language, otherwise=self.language)
        if draft is None:
            self.set_status(409)
        closed = closed_by(place.questions, draft.typed, today=self.desk.office.today) if draft else ()
        said = spoken.text("saved" if draft else "unsaved")
        revision = draft.revision if draft else 0
        self.finish(
            {"saved": draft is not None, "said": said, "revision": revision, "closed": list(closed), "echoes": {}}
        )

    # --- what she sees ----------------------------------------------------------------------------

    async def _question(self, place: Place, handed: Handed, staff: Message | None = None) -> None:
        office = self.desk.office
        draft = (await office.ask(lambda opened: filling.find(opened, place))).draft
        typed = dict(draft.typed) if draft else {}
        if draft is None:
            handed.stage = "finished"
        shown = herself.screens(place, typed, office)
        left = [screen.question.name for screen in shown if not typed.get(screen.question.name)]
        names = [screen.question.name for screen in shown]
        if handed.at not in names:
            handed.at = (left or names or [""])[0]
        at = names.index(handed.at) if handed.at else -1
        wrong = None
        if handed.stage == "asking" and at >= 0:
            wrong = await office.ask(lambda opened: herself.fault(opened, office, place, typed, handed.at))
        _, known = self.spoken(place)
        self.show(
            "herself.html",
            language=handed.language,
            place=place,
            handed=handed,
            known=known,
            phrase=phrases(handed.language, otherwise=self.language),
            pages=self.language,
            screen=shown[at] if at >= 0 else None,
            asked=self._asked(shown[at], typed, wrong) if at >= 0 else None,
            refusal=_refusal,
            refused=at >= 0 and typed.get(handed.at) == shown[at].question.refusal,
            wanted=self._wanted(place, handed, wrong),
            n=at + 1,
            total=len(shown),
            left=len(left),
            staff=staff,
            reload=False,
        )

    def _asked(self, screen: Screen, typed: Mapping[str, str], wrong: Message | None) -> object:
        name, refusal = screen.question.name, screen.question.refusal
        value = {name: "" if typed.get(name) == refusal else typed.get(name, "")}
        faults = {name: wrong} if wrong else {}
        return asked([screen.question], value, language=self.language, today=self.desk.office.today, faults=faults)[0]

    def _wanted(self, place: Place, handed: Handed, wrong: Message | None) -> Labels:
        """What would be right: in the form's own words, as the ends of its numbers, or in those of the pages."""
        if wrong is None:
            return {}
        item = place.form.item(handed.at)
        if item.constraint_messages and wrong.key in ("desk.wrong.constraint", "desk.wrong.exclusive_choice"):
            return item.constraint_messages
        if item.low is not None and item.high is not None:
            return {handed.language: f"{item.low:g}–{item.high:g}"}
        return {self.language: say(wrong, self.language)} if handed.language == self.language else {}

    # --- where it is ------------------------------------------------------------------------------

    @staticmethod
    def _here(place: Place, person: str) -> tuple[str, ...]:
        return ("people", person, place.form.id, place.wave.id, "hand-over")

    async def _is_stored(self, place: Place) -> bool:
        return (await self.desk.office.ask(lambda opened: filling.find(opened, place))).stored is not None


class Returned(OfPerson):
    """What staff see first of what a client filled in by herself: that it is there, and not what it says."""

    kind = "hand_over"

    async def get(self, person: str, form: str, wave: str) -> None:
        place = await self.place(person, form, wave)
        found = await self.desk.office.ask(lambda opened: filling.find(opened, place))
        alert = await self.desk.office.ask(lambda opened: alerting.find(opened, place))
        if found.stored is None and not herself.by_herself(found.draft):
            self.then("people", person, form, wave)
            return
        typed = found.draft.typed if found.draft else {}
        self.show(
            "returned.html",
            place=place,
            person=person,
            stored=found.stored is not None,
            alert=bool(alert and not alert.seen_by),
            needs=alerting.needs_attention(place, typed, self.desk.office),
        )

    async def post(self, person: str, form: str, wave: str) -> None:
        place, actor, office = await self.place(person, form, wave), self.signed_in.name, self.desk.office
        if self.get_body_argument("action", "") == "open":
            self.signed_in.opened.add((place.participant, form, wave))
            self.then("people", person, form, wave)
            return
        kept = await office.ask(lambda opened: herself.finish(opened, office, place, actor=actor))
        if kept.stored:
            self.then("people", person, form, wave, "returned", notice="desk.form.stored", title=place.form.labels)
        else:
            self.then("people", person, form, wave, "returned", notice="desk.hand_over.faulty", n=len(kept.faults))


def _refusal(screen: Screen, language: str) -> str:
    """How the form calls a refusal in the language; empty where it does not."""
    return screen.refusals.get(language, "")


def _languages(known: tuple[str, ...]) -> tuple[Option, ...]:
    from evaluation.desk.templates import called

    return tuple(Option(one, questions.as_labels(called(one))) for one in known)
