"""Who takes part: the list to pick from."""

from __future__ import annotations

from evaluation import texts
from evaluation.desk.cues import Cue, cues
from evaluation.desk.handler import Page
from evaluation.desk.office import Opened


class People(Page):
    async def get(self) -> None:
        people = await self.desk.office.ask(self._cues)
        self.show("people.html", people=people, month=lambda day: texts.month(day, self.language))

    def _cues(self, opened: Opened) -> tuple[Cue, ...]:
        return cues(opened, self.desk.office.declaration)
