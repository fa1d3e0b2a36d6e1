"""Where this computer's clock lies behind the last entry, a coordinator says that it is right now."""

from __future__ import annotations

from evaluation.collect.safety import clock
from evaluation.desk.handler import Page
from evaluation.desk.office import Opened
from evaluation.texts import Message


def behind(opened: Opened) -> Message | None:
    """What to say where nothing can be stored because of the clock."""
    return clock.behind(opened.store, now=opened.store.writer.clock())


class Clock(Page):
    kind = "clock"

    async def get(self) -> None:
        self.show("clock.html", said=await self.desk.office.ask(behind))

    async def post(self) -> None:
        """What was entered while it was wrong stays as it is; ``evaluation check`` names the rows in doubt."""
        office = self.desk.office
        if await office.ask(behind):
            await office.ask(lambda opened: clock.call_right(opened.store))
            await office.note("called_right", actor=self.signed_in.name, page=self.kind)
        self.then(notice="desk.clock.done")
