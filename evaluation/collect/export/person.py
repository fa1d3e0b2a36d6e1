"""Everything that the record holds of one participant, for her to read on request (GDPR art. 15)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from evaluation.codebook import forms_of
from evaluation.collect.export.rows import Exported, exported
from evaluation.collect.record.replay import Content
from evaluation.errors import StoreError
from evaluation.schema import Declaration


@dataclass(frozen=True, slots=True)
class Held:
    """What is recorded of ``participant``: her rows, form by form, and the sessions that her register names.

    ``withdrawn``: since when she does not agree to be reported on; None where she never took it back.
    """

    participant: str
    withdrawn: dt.date | None
    parts: tuple[Exported, ...] = field(repr=False)

    def labelled(self, language: str) -> Held:
        """The same with labels in the place of names and codes."""
        return replace(self, parts=tuple(part.labelled(language) for part in self.parts))


def held_of(participant: str, content: Content, declaration: Declaration) -> Held:
    """Everything of one participant, forms without a row of hers left out.

    Raises StoreError where nothing is recorded of her, or no longer.
    """
    if participant in content.erased:
        raise StoreError("collect.entry.participant_erased")
    made = [exported(form.id, content, declaration, of={participant}) for form in forms_of(declaration)]
    own = [part for part in made if "participant" in part.header and part.rows]
    if not own:
        raise StoreError("collect.entry.unknown_participant")
    parts = [part for at in own for part in (at, *_sessions(at, content, declaration))]
    return Held(participant, content.withdrawn.get(participant), tuple(parts))


def _sessions(register: Exported, content: Content, declaration: Declaration) -> tuple[Exported, ...]:
    """When and of which course the sessions were; her register has only their names."""
    if register.form.id != "attendance":
        return ()
    names = {row[register.header.index("session")] for row in register.rows}
    sessions = exported("sessions", content, declaration)
    return (replace(sessions, rows=tuple(row for row in sessions.rows if row[0] in names)),)
