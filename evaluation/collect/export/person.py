"""Everything that the record holds of one participant, for her to read on request (GDPR art. 15)."""

from __future__ import annotations

from evaluation.codebook import forms_of
from evaluation.collect.export.rows import Exported, exported
from evaluation.collect.record.current import Current
from evaluation.collect.record.replay import Content
from evaluation.descriptors import alerts
from evaluation.errors import StoreError
from evaluation.schema import Declaration


def recorded_of(participant: str, current: Current) -> Content:
    """What the record says of one participant: her rows and the sessions that her register names.

    No row of anybody else is opened. It has no rows where nothing is recorded of her, or no longer.
    """
    hers = current.of(participant) if participant else ()
    named = dict.fromkeys(str(row.values["session"]) for row in hers if row.table == "attendance")
    sessions = [held for session in named if (held := current.row("sessions", (session,)))]
    since = current.withdrawn(participant)
    return Content(
        (*hers, *sessions),
        withdrawn={participant: since} if since else {},
        erased={participant: ""} if current.erased(participant) else {},
        entries=0,
        heads={},
    )


def held_of(participant: str, current: Current) -> Content:
    """``recorded_of`` whoever something is recorded of. Raises StoreError of anybody else."""
    content = recorded_of(participant, current)
    if participant in content.erased:
        raise StoreError("collect.entry.participant_erased")
    if not content.rows:
        raise StoreError("collect.entry.unknown_participant")
    return content


def every_form(content: Content, declaration: Declaration) -> tuple[Exported, ...]:
    """The rows form by form, as they are told; forms without rows are left out."""
    made = (exported(form, content, declaration) for form in (*forms_of(declaration), alerts()))
    return tuple(part for part in made if part.rows)
