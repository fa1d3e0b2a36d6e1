"""Half-filled forms, kept in the encrypted file until they are submitted, given up, or their person is erased."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluation.collect.record import entries
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
        unsaved = Draft(id, form, tuple(place), participant, version, author, at, revision, page, dict(typed))
        (saved,) = self.save_all([unsaved])
        if isinstance(saved, Draft):
            return saved
        raise saved

    def save_all(self, unsaved: Sequence[Draft]) -> list[Draft | StoreError | ValueError]:
        """Each draft as it lies on the disk, or why it does not; all of them at the price of one.

        ``revision`` of what is unsaved is the one that its page last knew. Raises StoreError where nothing is saved.
        """
        with self._store.transaction("IMMEDIATE") as execute:
            return [_tried(each, execute) for each in unsaved]

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
            execute("DELETE FROM drafts WHERE form = ? AND place = ?", (form, entries.written(place)))


def _tried(draft: Draft, execute: Any) -> Draft | StoreError | ValueError:
    try:
        return _saved(draft, execute)
    except (StoreError, ValueError) as error:  # of this draft alone, before anything of it was written
        return error


def _saved(draft: Draft, execute: Any) -> Draft:
    draft_id, where = str(uuid.UUID(draft.id)), entries.written(draft.place)
    if execute("SELECT 1 FROM erased WHERE participant = ?", (draft.participant,)).fetchone():
        raise StoreError("collect.entry.participant_erased")
    stored = "SELECT 1 FROM events WHERE id = ? UNION ALL SELECT 1 FROM places WHERE table_name = ? AND place = ?"
    if execute(stored, (draft_id, draft.form, where)).fetchone():
        raise Submitted("collect.draft.submitted")
    there = _at(draft.form, draft.place, execute)
    known = there is None or there.revision == draft.revision or there.page == draft.page
    if there is not None and (there.id != draft_id or not known):
        raise Overtaken(there)
    saved = dataclasses.replace(draft, id=draft_id, revision=(there.revision if there else 0) + 1)
    cells = _cells(saved)
    execute(f"INSERT OR REPLACE INTO drafts ({_COLUMNS}) VALUES ({', '.join('?' * len(cells))})", cells)
    return saved


def _at(form: str, place: Sequence[str], execute: Any) -> Draft | None:
    query = f"SELECT {_COLUMNS} FROM drafts WHERE form = ? AND place = ?"
    row = execute(query, (form, entries.written(place))).fetchone()
    return _draft(row) if row else None


def _cells(draft: Draft) -> tuple[object, ...]:
    where, typed = entries.written(draft.place), json.dumps(dict(draft.typed), ensure_ascii=False)
    about = (draft.participant, draft.version, draft.author, draft.saved_at.isoformat())
    return (draft.id, draft.form, where, *about, draft.revision, draft.page, typed)


def _draft(row: Sequence[Any]) -> Draft:
    id, form, place, participant, version, author, saved_at, revision, page, typed = row
    saved, values = dt.datetime.fromisoformat(saved_at), json.loads(typed)
    return Draft(id, form, tuple(json.loads(place)), participant, version, author, saved, revision, page, values)
