"""Who opened, exported and changed what, and when: kept in the encrypted file, added to and never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evaluation.collect.record.current import Execute
from evaluation.collect.record.store import Store
from evaluation.texts import Message

Act = Literal[
    "signed_in", "refused", "opened", "exported", "took_in", "called_right", "correction", "withdrawal", "erasure"
]

ERASED = "(erased)"
"""What stands in place of the code of a participant who was erased."""

_INSERT = f"""INSERT INTO trail (at, actor, act, page, about, participant) VALUES (?, ?, ?, ?, ?,
    CASE WHEN ? IN (SELECT participant FROM erased) THEN '{ERASED}' ELSE ? END)"""
_LOOKED = """SELECT at, actor, act, page, about, participant FROM trail
    WHERE (?1 = '' OR at < ?1) AND (?2 = '' OR participant = ?2) ORDER BY number DESC LIMIT ?3"""
# Changes are entries of the record themselves; the code of an erased participant is gone from them.
_CHANGED = f"""SELECT recorded_at, actor, kind, '', coalesce(table_name, ''),
    coalesce(nullif(participant, ''), '{ERASED}')
    FROM events LEFT JOIN event_keys ON event_keys.event = id
    LEFT JOIN corrections ON correction = id LEFT JOIN places ON places.event = corrections.event
    WHERE kind <> 'row' AND (?1 = '' OR recorded_at < ?1) AND (?2 = '' OR participant = ?2)
    ORDER BY entry DESC LIMIT ?3"""


@dataclass(frozen=True, slots=True)
class Trace:
    """Who did what at which second (UTC). ``page`` is the kind of page, command or notebook; never an answer.

    ``about``: the form, table or command; ``participant``: whose record it was, ERASED where she was erased.
    """

    at: dt.datetime
    actor: str
    act: Act
    page: str = ""
    about: str = ""
    participant: str = ""


def add(store: Store, traces: Sequence[Trace]) -> None:
    """Write the ``traces``, all or none, without waiting for the disk.

    They outlive the program that wrote them; a power cut may take those since the record was last written to.
    Raises StoreError at once where another program is writing.
    """
    with store.unhurried() as execute:
        for each in traces:
            at = each.at.astimezone(dt.UTC).isoformat(timespec="seconds")
            cells = (each.actor, each.act, each.page, each.about, each.participant, each.participant)
            execute(_INSERT, (at, *cells))


def read(store: Store, *, limit: int, before: dt.datetime | None = None, participant: str = "") -> tuple[Trace, ...]:
    """The last ``limit`` traces, the newest first: of pages and commands, and of the changes in the record.

    ``before``: only earlier ones; ``participant``: only hers.
    """
    until = before.astimezone(dt.UTC).isoformat(timespec="seconds") if before else ""
    asked = (until, participant, limit)
    rows = store.ask(
        lambda current: [row for query in (_LOOKED, _CHANGED) for row in current.execute(query, asked).fetchall()]
    )
    found = [Trace(dt.datetime.fromisoformat(at), *rest) for at, *rest in rows]
    return tuple(sorted(found, key=lambda trace: trace.at, reverse=True)[:limit])


def faults(execute: Execute) -> tuple[Message, ...]:
    """Whether a trace is missing: they are numbered without a gap."""
    n, last = execute("SELECT count(*), coalesce(max(number), 0) FROM trail").fetchone()
    made = execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'trail'").fetchone()[0]
    return () if n == last == made else (Message("collect.verify.trail", n=made - n),)
