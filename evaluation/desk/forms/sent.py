"""What a page sent of a form that it was typed into, and the draft that it is until it is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evaluation.collect.record.drafts import Draft
from evaluation.desk.forms.questions import Question, as_id


@dataclass(frozen=True, slots=True)
class Sent:
    """What ``actor`` ``typed``, by question, under the submission ``id``, on the opened ``page``.

    ``base`` is the digest of the stored row over which it was typed; ``over``: somebody else's version was seen and
    is given up.
    """

    typed: Mapping[str, str]
    id: str
    revision: int
    page: str
    actor: str
    base: str = ""
    over: bool = False

    @classmethod
    def of(cls, fields: Mapping[str, str], questions: Iterable[Question], *, actor: str) -> Sent:
        """The ``fields`` of a page, whatever a browser made of them."""
        revision = fields.get("revision", "")
        return cls(
            typed=of_page(fields, questions),
            id=as_id(fields.get("submission", "")),
            revision=int(revision) if revision.isdecimal() else 0,
            page=fields.get("page", ""),
            actor=actor,
            base=fields.get("base", ""),
            over=bool(fields.get("over")),
        )

    def unsaved(self, form: str, place: Sequence[str], *, participant: str, version: str, now: dt.datetime) -> Draft:
        """What was typed so far, as the draft that is to be saved."""
        return Draft(
            id=self.id,
            form=form,
            place=tuple(place),
            participant=participant,
            version=version,
            author=self.actor,
            saved_at=now.astimezone(dt.UTC).replace(microsecond=0),
            revision=self.revision,
            page=self.page,
            typed=self.typed,
        )


def of_page(fields: Mapping[str, str], questions: Iterable[Question]) -> dict[str, str]:
    """What a page sent, by question: a ticked state (refused, not known) stands for what was typed beside it."""
    return {
        each.name: fields.get(f"{each.name}:state") or fields.get(each.name, "")
        for each in questions
        if each.kind != "note"
    }
