"""A questionnaire: filled in, saved as a draft while one types, submitted, and shown once it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tornado.web import HTTPError

from evaluation.collect.record.drafts import Draft, Overtaken, Submitted
from evaluation.collect.record.entries import new_id
from evaluation.collect.record.replay import Row
from evaluation.desk.forms import alerting, correcting, days, filling, herself, sight
from evaluation.desk.forms.asked import asked, sections
from evaluation.desk.forms.filling import Place
from evaluation.desk.forms.questions import Question
from evaluation.desk.forms.sent import Sent
from evaluation.desk.pages.drafted.correction import differing
from evaluation.desk.pages.drafted.drafting import Drafting
from evaluation.errors import EvaluationError
from evaluation.texts import Message


class Questionnaire(Drafting):
    kind = "questionnaire"

    async def get(self, person: str, form: str, wave: str) -> None:
        place = await self.place(person, form, wave)
        found = await self.desk.office.ask(lambda opened: filling.find(opened, place))
        if found.stored is not None:
            alert = await self.desk.office.ask(lambda opened: alerting.find(opened, place))
            self._stored(place, person, found.stored, alert=bool(alert and not alert.seen_by))
            return
        if not self.enters:
            raise HTTPError(404)
        draft = found.draft
        if herself.by_herself(draft) and (place.participant, form, wave) not in self.signed_in.opened:
            self.then("people", person, form, wave, "returned")
            return
        self._form(place, person, dict(draft.typed) if draft else self._fresh(place), draft=draft)

    async def post(self, person: str, form: str, wave: str) -> None:
        place = await self.place(person, form, wave)
        fields = self.typed()
        action = fields.get("action", "save")
        sent = Sent.of(fields, place.questions, actor=self.signed_in.name)
        if action in ("store", "stop"):
            await self._submit(place, person, sent, stopped=action == "stop")
        elif action == "give_up":
            await self.desk.office.ask(lambda opened: opened.drafts.give_up(place.form.id, place.key))
            self.then(notice="desk.form.given_up")
        else:
            if action.startswith("speak:"):
                self.signed_in.spoken[form] = action.removeprefix("speak:")
            await self._save(place, person, sent)

    # --- saving -----------------------------------------------------------------------------------

    async def _save(self, place: Place, person: str, sent: Sent) -> None:
        try:
            draft = await self.desk.office.save(filling.unsaved(self.desk.office, place, sent))
        except EvaluationError as error:
            if self.quiet:
                self.tell_unsaved(error)
            else:
                await self._conflict(place, person, sent, error)
            return
        if self.quiet:
            needed = alerting.needs_attention(place, draft.typed, self.desk.office)
            self.tell_saved(draft, place.questions, alert=needed)
        else:
            here = ("people", person, place.form.id, place.wave.id)
            self.then(*here, notice="desk.form.saved_draft", at=self.time(draft))

    # --- submitting -------------------------------------------------------------------------------

    async def _submit(self, place: Place, person: str, sent: Sent, *, stopped: bool) -> None:
        office = self.desk.office
        left = {} if stopped else filling.unanswered(place, sent.typed, office)
        if left:
            await self._back(place, person, sent, left=left)
            return
        try:
            kept = await office.ask(lambda opened: filling.submit(opened, office, place, sent, stopped=stopped))
        except Overtaken as error:
            await self._conflict(place, person, sent, error)
            return
        if kept.taken:
            await self._conflict(place, person, sent, Submitted("collect.draft.submitted"))
        elif kept.stored:
            here = ("people", person, place.form.id, place.wave.id)
            alert = await office.ask(lambda opened: alerting.find(opened, place))
            card = ("alert",) if alert and not alert.seen_by else ()
            self.then(*here, *card, notice="desk.form.stored", title=place.form.labels)
        else:
            await self._back(place, person, sent, faults=self._worded(place, kept.faults))

    async def _back(self, place: Place, person: str, sent: Sent, **why: Mapping[str, Message]) -> None:
        """The same page again: something is wrong, or is left without an answer; meanwhile it is a draft."""
        try:
            draft = await self.desk.office.save(filling.unsaved(self.desk.office, place, sent))
        except EvaluationError as error:
            await self._conflict(place, person, sent, error)
            return
        self.set_status(422)
        self._form(place, person, sent.typed, draft=draft, **why)

    async def _conflict(self, place: Place, person: str, sent: Sent, error: EvaluationError) -> None:
        """Two people on one questionnaire: both versions are shown, and a person decides."""
        found = await self.desk.office.ask(lambda opened: filling.find(opened, place))
        self.set_status(409 if isinstance(error, Overtaken | Submitted) else 503)
        stored, here = found.stored, ("people", person, place.form.id, place.wave.id)
        base = {"base": correcting.digest(stored)} if stored else {"over": "yes", "page": sent.page, "action": "stop"}
        self.show(
            "conflict.html",
            title=place.form.labels,
            said=error.message,
            whose=found.actor,
            rows=differing(place.questions, found.typed(place), sent.typed),
            hidden={"submission": sent.id, **base, **sent.typed},
            sends=self.url(*here, "correct") if stored else self.url(*here),
            way="desk.conflict.correct" if stored else "desk.conflict.over",
            here=self.url(*here),
        )

    @staticmethod
    def _worded(place: Place, faults: Mapping[str, Message]) -> dict[str, Message]:
        """A broken rule in the questionnaire's own words, where it has them."""
        own = {item.id: item.constraint_messages for item in place.form.items if item.constraint_messages}
        return {
            name: Message("desk.wrong.rule", said=own[name])
            if name in own and fault.key in ("desk.wrong.constraint", "desk.wrong.exclusive_choice")
            else fault
            for name, fault in faults.items()
        }

    # --- showing ----------------------------------------------------------------------------------

    def _fresh(self, place: Place) -> dict[str, str]:
        """What a new page begins with."""
        known = {each.name for each in place.questions}
        begun = {"date": days.written(self.desk.office.today), "mode": "staff", "filled_by": self.signed_in.name}
        return {name: value for name, value in begun.items() if name in known}

    def _form(
        self,
        place: Place,
        person: str,
        typed: Mapping[str, str],
        *,
        draft: Draft | None = None,
        faults: Mapping[str, Message] | None = None,
        left: Mapping[str, Message] | None = None,
    ) -> None:
        spoken, known = self.spoken(place)
        shown = asked(place.questions, typed, language=self.language, today=self.desk.office.today, faults=faults)
        items = {item.id for item in place.form.items}
        self.show(
            "questionnaire.html",
            place=place,
            person=person,
            about=[each for each in shown if each.question.name not in items],
            items=(listed := [each for each in shown if each.question.name in items]),
            sections=sections(listed),
            faults=faults or {},
            left=[each for each in shown if each.question.name in (left or {})],
            spoken=spoken,
            known=known,
            submission=draft.id if draft else new_id(),
            revision=draft.revision if draft else 0,
            page=new_id(),
            draft=draft,
            alerts=any(item.alert for item in place.form.items),
            alert=alerting.needs_attention(place, typed, self.desk.office),
        )

    def _stored(self, place: Place, person: str, row: Row, *, alert: bool) -> None:
        spoken, _ = self.spoken(place)
        fine = self.enters
        asks = sight.seen(place.questions, fine=fine)
        shown: list[tuple[Question, Any]] = [
            (each, sight.in_words(each, row.values.get(each.name), fine=fine)) for each in asks if each.kind != "note"
        ]
        self.show("stored.html", place=place, person=person, row=row, shown=shown, spoken=spoken, alert=alert and fine)
