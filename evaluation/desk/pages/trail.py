"""Who opened, exported and changed what: for the coordinator."""

from __future__ import annotations

import datetime as dt

from evaluation.collect.record import trail
from evaluation.collect.record.trail import Trace
from evaluation.desk.handler import Page
from evaluation.desk.office import Opened, reference
from evaluation.desk.pages.acts import ACTS
from evaluation.schema import Labels, Table
from evaluation.texts import Message, in_all

_SHOWN = 200


class Trail(Page):
    """The newest first; earlier ones page by page, or those of one participant."""

    kind = "trail"

    async def get(self) -> None:
        await self.opens()
        at = self.get_query_argument("before", "")
        try:
            before = dt.datetime.fromisoformat(at).astimezone(dt.UTC) if at else None
        except (ValueError, OverflowError):
            before = None
        await self._list("", before)

    async def post(self) -> None:
        """A code is sent and stands in no address."""
        await self._list(self.get_body_argument("find", "").strip(), None)

    async def _list(self, code: str, before: dt.datetime | None) -> None:
        found, references = await self.desk.office.ask(lambda opened: self._found(opened, code, before))
        self.show(
            "trail.html",
            traces=[(each, self._about(each)) for each in found],
            references=references,
            find=code,
            earlier=found[-1].at.isoformat() if len(found) == _SHOWN and not code else "",
            reload=False,
        )

    @staticmethod
    def _found(opened: Opened, code: str, before: dt.datetime | None) -> tuple[tuple[Trace, ...], dict[str, str]]:
        found = trail.read(opened.store, limit=_SHOWN, before=before, participant=code)
        here = {each for (each,) in opened.places("participants")}
        return found, {
            each.participant: reference(opened.key, each.participant) for each in found if each.participant in here
        }

    def _about(self, each: Trace) -> list[Labels]:
        """The form and wave, table or command in words where the project declares them."""
        declaration = self.desk.office.declaration
        known: dict[str, Labels] = {
            **{
                name: form.title if isinstance(form, Table) else form.labels
                for name, form in declaration.tables.items()
            },
            **{name: form.labels for name, form in declaration.instruments.items()},
            **{wave.id: wave.labels for wave in declaration.file.waves},
            **{act: in_all(Message(f"desk.act.{act}")) for act in ACTS},
        }
        return [known.get(word, {"en": word}) for word in each.about.split(" ") if word]
