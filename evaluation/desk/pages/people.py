"""Who takes part: the list to pick from."""

from __future__ import annotations

from evaluation import schema, texts
from evaluation.desk.cues import Cue, cues
from evaluation.desk.handler import Page
from evaluation.desk.office import Opened

_SHOWN = 200
"""So many people are listed at once; of more, one finds whom she looks for."""


class People(Page):
    async def get(self) -> None:
        await self._list("")

    async def post(self) -> None:
        """A search is sent and stands in no address, for it may be a code."""
        await self._list(self.get_body_argument("find", ""))

    async def _list(self, wanted: str) -> None:
        people = await self.desk.office.ask(self._cues)
        words = wanted.casefold().split()
        found = [each for each in people if all(word in self._words(each) for word in words)] if words else people
        self.show(
            "people.html",
            people=found[:_SHOWN],
            more=len(found) - len(found[:_SHOWN]),
            anybody=bool(people),
            find=wanted,
            month=lambda day: texts.month(day, self.language),
        )

    def _words(self, each: Cue) -> str:
        courses = (schema.text(course, self.language) for course in each.courses)
        return " ".join((each.code, texts.month(each.enrolled, self.language), *courses)).casefold()

    def _cues(self, opened: Opened) -> tuple[Cue, ...]:
        return cues(opened, self.desk.office.declaration)


class KeySheet(People):
    """The codes with a line for each name, to be printed, filled in by hand and locked away; nothing is stored."""

    kind = "key_sheet"

    async def get(self) -> None:
        await self.opens(act="exported")
        people = await self.desk.office.ask(self._cues)
        self.show("key_sheet.html", people=people, month=lambda day: texts.month(day, self.language))
