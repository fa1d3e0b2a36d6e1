"""Half-filled forms, kept in the encrypted file until they are submitted, given up, or their person is erased."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluation.collect.record.store import Store
from evaluation.errors import StoreError

# A draft has the id of the submission that it becomes: storing that takes the draft away in the same transaction.
_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS drafts (
    id TEXT PRIMARY KEY,
    form TEXT NOT NULL,
    place TEXT NOT NULL,
    participant TEXT NOT NULL,
    version TEXT NOT NULL,
    author TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    revision INTEGER NOT NULL,
    page TEXT NOT NULL,
    typed TEXT NOT NULL,
    UNIQUE (form, place)
) STRICT, WITHOUT ROWID""",
    """CREATE TRIGGER IF NOT EXISTS drafts_stored AFTER INSERT ON events BEGIN
    DELETE FROM drafts WHERE id = NEW.id; END""",
    """CREATE TRIGGER IF NOT EXISTS drafts_erased AFTER INSERT ON erased BEGIN
    DELETE FROM drafts WHERE participant = NEW.participant; END""",
)
_COLUMNS = "id, form, place, participant, version, author, saved_at, revision, page, typed"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed into a form so far, as it was typed, by whom and when (UTC) it was last saved.

    ``id`` is the submission id that it will have; ``place`` the row of ``form`` that it will be; ``revision``
    grows with each saving; ``page`` is the opened page that saved last.
    """

    id: str
    form: str
    place: tuple[str, ...]
    participant: str
    version: str
    author: str
    saved_at: dt.datetime
    revision: int
    page: str
    typed: Mapping[str, str] = field(repr=False)


class Overtaken(StoreError):
    """Another page saved the same draft in between; ``draft`` is what it saved."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("collect.draft.overtaken", actor=draft.author)
        self.draft = draft


class Submitted(StoreError):
    """The draft was already submitted, or its row is already there; nothing was saved."""


class Drafts:
    """The drafts of an open record."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.transaction("IMMEDIATE") as execute:
            for statement in _SCHEMA:
                execute(statement)

    def save(
        self,
        id: str,
        *,
        form: str,
        place: Sequence[str],
        typed: Mapping[str, str],
        author: str,
        now: dt.datetime,
        participant: str = "",
        version: str = "",
        revision: int = 0,
        page: str = "",
    ) -> Draft:
        """The draft as it lies on the disk. ``revision`` is the one that the ``page`` last knew, 0 for a new draft.

        A page whose reply was lost on the way saves again. Raises Overtaken if another page has saved in between,
        Submitted if it is a row by now, StoreError if the participant was erased.
        """
        at = now.astimezone(dt.UTC).replace(microsecond=0)
        draft_id = str(uuid.UUID(id))
        with self._store.transaction("IMMEDIATE") as execute:
            if execute("SELECT 1 FROM erased WHERE participant = ?", (participant,)).fetchone():
                raise StoreError("collect.entry.participant_erased")
            if execute("SELECT 1 FROM events WHERE id = ?", (draft_id,)).fetchone():
                raise Submitted("collect.draft.submitted")
            there = _at(form, place, execute)
            if there is not None and (there.id != draft_id or (there.revision != revision and there.page != page)):
                raise Overtaken(there)
            last = there.revision if there else 0
            draft = Draft(draft_id, form, tuple(place), participant, version, author, at, last + 1, page, dict(typed))
            cells = _cells(draft)
            execute(f"INSERT OR REPLACE INTO drafts ({_COLUMNS}) VALUES ({', '.join('?' * len(cells))})", cells)
        return draft

    def at(self, form: str, place: Sequence[str]) -> Draft | None:
        """The draft of one row, if there is one."""
        with self._store.transaction("DEFERRED") as execute:
            return _at(form, place, execute)

    def all(self) -> tuple[Draft, ...]:
        """Every draft, the last saved first."""
        with self._store.transaction("DEFERRED") as execute:
            rows = execute(f"SELECT {_COLUMNS} FROM drafts ORDER BY saved_at DESC, id").fetchall()
        return tuple(map(_draft, rows))

    def give_up(self, form: str, place: Sequence[str]) -> None:
        """Delete a draft; none is left where there is none."""
        with self._store.transaction("IMMEDIATE") as execute:
            execute("DELETE FROM drafts WHERE form = ? AND place = ?", (form, json.dumps(list(place))))


def _at(form: str, place: Sequence[str], execute: Any) -> Draft | None:
    query = f"SELECT {_COLUMNS} FROM drafts WHERE form = ? AND place = ?"
    row = execute(query, (form, json.dumps(list(place)))).fetchone()
    return _draft(row) if row else None


def _cells(draft: Draft) -> tuple[object, ...]:
    where, typed = json.dumps(list(draft.place)), json.dumps(dict(draft.typed), ensure_ascii=False)
    about = (draft.participant, draft.version, draft.author, draft.saved_at.isoformat())
    return (draft.id, draft.form, where, *about, draft.revision, draft.page, typed)


def _draft(row: Sequence[Any]) -> Draft:
    id, form, place, participant, version, author, saved_at, revision, page, typed = row
    saved, values = dt.datetime.fromisoformat(saved_at), json.loads(typed)
    return Draft(id, form, tuple(json.loads(place)), participant, version, author, saved, revision, page, values)
