"""A stored row is corrected: only what was changed on the page is sent, and nothing over a change of somebody else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from evaluation.collect.check.corrections import EMPTY
from evaluation.collect.record.drafts import Draft, Overtaken
from evaluation.collect.record.replay import Row
from evaluation.desk.forms.asked import closed_by
from evaluation.desk.forms.questions import Question
from evaluation.desk.forms.sent import Sent
from evaluation.desk.forms.storing import Kept, store
from evaluation.desk.office import Office, Opened
from evaluation.errors import StoreError
from evaluation.schema import Form

DRAFT = "(correction)"
"""What a draft is of that will correct a row; its place is the row, its version the row's digest."""


class Outdated(StoreError):
    """The row was corrected since the page was opened; ``row`` is what it says now."""

    def __init__(self, row: Row) -> None:
        super().__init__("desk.conflict.outdated", name=row.actor)
        self.row = row


def typed_of(questions: Iterable[Question], row: Row) -> dict[str, str]:
    """A stored row as it would be typed."""
    return {each.name: each.typed(row.values.get(each.name)) for each in questions if each.kind != "note"}


def digest(row: Row) -> str:
    """What a page knows a stored row by, so that it sees whether somebody corrected it in between."""
    content = json.dumps([row.id, row.recorded_at.isoformat(), dict(row.values)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8")).hexdigest()[:24]


def changes(questions: Sequence[Question], before: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """What is to be sent: the answers that differ, as typed; EMPTY for one that was taken away."""
    return {
        each.name: typed.get(each.name, "").strip() or EMPTY
        for each in questions
        if each.kind != "note" and each.cell(typed.get(each.name, "")) != each.cell(before.get(each.name, ""))
    }


def draft_of(opened: Opened, row: Row) -> Draft | None:
    """The correction of a row that somebody has begun."""
    return opened.drafts.at(DRAFT, (row.id,))


def unsaved(office: Office, row: Row, sent: Sent) -> Draft:
    """What was typed over a row so far, as the draft that is to be saved."""
    participant = str(row.values.get("participant") or "")
    return sent.unsaved(DRAFT, (row.id,), participant=participant, version=sent.base, now=office.now())


def correct(
    opened: Opened,
    office: Office,
    *,
    form: Form,
    questions: Sequence[Question],
    row_id: str,
    sent: Sent,
) -> tuple[Kept, int]:
    """Store what was changed in a row, and how many answers that are; none is nothing to store. Its draft goes.

    Answers that the change closes are taken away with it. Raises Outdated where it was typed over what is not there
    any more, and Overtaken where somebody else has begun to correct it, unless that was seen and is given up.
    """
    row = opened.held(row_id)
    if row is None or row.table != form.id:
        raise StoreError("collect.entry.no_row")
    begun = draft_of(opened, row)
    if begun is not None and begun.id != sent.id and not sent.over:
        raise Overtaken(begun)
    closed = closed_by(questions, sent.typed, today=office.today)
    left = {name: value for name, value in sent.typed.items() if name not in closed}
    changed = changes(questions, typed_of(questions, row), left)
    if not changed:
        opened.drafts.give_up(DRAFT, (row_id,))
        return Kept(None, {}), 0
    if digest(row) != sent.base:
        raise Outdated(row)
    kept = store(
        opened,
        office,
        form=form,
        questions=[each for each in questions if each.name in changed],
        typed=changed,
        actor=sent.actor,
        id=sent.id,
        fixed={name: str(row.values[name]) for name in form.key},
        correct=True,
    )
    if kept.stored:
        opened.drafts.give_up(DRAFT, (row_id,))
    return kept, len(changed)
