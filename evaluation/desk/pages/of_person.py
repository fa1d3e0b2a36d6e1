"""Pages below one participant's address."""

from __future__ import annotations

from tornado.web import HTTPError

from evaluation.collect.record.trail import Act
from evaluation.desk.forms.filling import Place
from evaluation.desk.handler import Page


class OfPerson(Page):
    act: Act = "opened"

    async def code(self, person: str, *, about: str = "") -> str:
        """The participant that an address means, whose page is opened. Raises HTTPError where there is none."""
        code = await self.desk.office.code(person)
        if code is None:
            raise HTTPError(404)
        await self.opens(about=about, participant=code, act=self.act)
        return code

    async def place(self, person: str, form: str, wave: str) -> Place:
        """The questionnaire that an address means. Raises HTTPError where there is none."""
        declaration = self.desk.office.declaration
        code = await self.code(person, about=f"{form} {wave}")
        waves = {each.id: each for each in declaration.file.waves}
        if form not in declaration.instruments or wave not in waves:
            raise HTTPError(404)
        return Place(code, declaration.instruments[form], waves[wave])

    def spoken(self, place: Place) -> tuple[str, tuple[str, ...]]:
        """The language in which the questionnaire is shown, and all that it has."""
        known = tuple(dict.fromkeys(language for item in place.form.items for language in item.labels))
        chosen = self.signed_in.spoken.get(place.form.id, self.language)
        return (chosen if chosen in known or not known else known[0]), known
