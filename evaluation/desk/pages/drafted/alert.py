"""The organisation's own safety card, where an answer needs somebody's attention, and who has seen it."""

from __future__ import annotations

from tornado.web import HTTPError

from evaluation.collect import alerts
from evaluation.desk.forms.alerting import find
from evaluation.desk.pages.of_person import OfPerson


class Alert(OfPerson):
    async def get(self, person: str, form: str, wave: str) -> None:
        place = await self.place(person, form, wave)
        found = await self.desk.office.ask(lambda opened: find(opened, place))
        if found is None:
            raise HTTPError(404)
        asks = {each.name: each for each in place.questions}
        self.show(
            "alert.html",
            place=place,
            person=person,
            alert=found,
            questions=[asks[name].labels for name in found.questions if name in asks],
        )

    async def post(self, person: str, form: str, wave: str) -> None:
        """She has seen it and goes by the card."""
        place, office, actor = await self.place(person, form, wave), self.desk.office, self.signed_in.name
        at = (place.participant, form, wave)
        await office.ask(lambda opened: alerts.acknowledge([at], opened.store, actor=actor, now=office.now()))
        self.then("people", person, form, wave, "alert", notice="desk.alert.done")
