"""Which corrections a row has: kept beside the entries so that one row is read without all others.

It is keyed by the last entry and written with it in one transaction; where it does not fit, it is made anew of the
chain, which alone is believed. It names entries and holds no content, so an erasure leaves nothing in it.
"""

from __future__ import annotations

from collections.abc import Callable

from evaluation.collect.record import entries
from evaluation.collect.record.current import Execute
from evaluation.collect.record.replay import Content

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS corrections (
    correction TEXT PRIMARY KEY REFERENCES events (id),
    event TEXT NOT NULL REFERENCES events (id),
    position INTEGER NOT NULL
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS corrections_event ON corrections (event, position)",
)
_LAST = "SELECT entry, device, seq, id, recorded_at, actor, kind, sealed, hash FROM events ORDER BY entry DESC LIMIT 1"


def fit(execute: Execute, replayed: Callable[[], Content]) -> None:
    """Make what is kept fit the chain; ``replayed`` opens the whole chain and is asked only where it does not.

    Raises DamagedStore where the last entry is not what was written, and what ``replayed`` raises.
    """
    if fits(execute):
        return
    content = replayed()
    for statement in _SCHEMA:
        execute(statement)
    execute("DELETE FROM places")
    for place in sorted(_places(content)):
        execute("INSERT INTO places VALUES (?, ?, ?)", place)
    for participant in sorted(content.erased.items()):
        execute("INSERT OR IGNORE INTO erased VALUES (?, ?)", participant)
    execute("DELETE FROM corrections")
    for position, correction in enumerate(content.corrections.items()):
        execute("INSERT INTO corrections VALUES (?, ?, ?)", (*correction, position))
    _keep(_last(execute), execute)


def fits(execute: Execute) -> bool:
    """Whether what is kept is that of the last entry. Raises DamagedStore where that is not what was written."""
    return bool(execute("SELECT value FROM meta WHERE name = 'state'").fetchone() == (_last(execute),))


def keep(number: int, link: bytes, execute: Execute) -> None:
    """What is kept is that of the last entry from now on, the one of this number and hash."""
    _keep(_name(number, link), execute)


def corrected(row: str, correction: str, execute: Execute) -> None:
    """``correction`` is the latest one of ``row``."""
    position = "coalesce((SELECT max(position) + 1 FROM corrections WHERE event = ?), 0)"
    execute(f"INSERT INTO corrections VALUES (?, ?, {position})", (correction, row, row))


def forgotten(entry: str, execute: Execute) -> None:
    """The content of ``entry`` is destroyed: it corrects nothing any more."""
    execute("DELETE FROM corrections WHERE correction = ?", (entry,))


def agrees(execute: Execute, content: Content) -> bool:
    """Whether all that is kept is what the chain says; corrections only where they are of its last entry."""
    places = set(execute("SELECT table_name, place, event FROM places").fetchall())
    erased = {participant for (participant,) in execute("SELECT participant FROM erased").fetchall()}
    of = execute("SELECT correction, event FROM corrections").fetchall() if fits(execute) else ()
    corrections = dict(of) if fits(execute) else content.corrections
    return (places, erased, corrections) == (_places(content), {*content.erased}, content.corrections)


def _places(content: Content) -> set[tuple[str, str, str]]:
    return {(row.table, entries.written(row.place), row.id) for row in (*content.rows, *content.releases)}


def _last(execute: Execute) -> str:
    """Number and hash of the last entry, whose link to the one before is checked."""
    row = execute(_LAST).fetchone()
    if row is None:
        return "0"
    entry, device, seq, *open_fields, sealed, found = row
    before = execute("SELECT hash FROM events WHERE device = ? AND seq = ?", (device, seq - 1)).fetchone()
    previous = before[0] if before else entries.FIRST
    if found != entries.link(previous, about=(device, seq, *open_fields), sealed=sealed):
        raise entries.damaged(entry)
    return _name(entry, found)


def _name(number: int, link: bytes) -> str:
    return f"{number}:{link.hex()}"


def _keep(last: str, execute: Execute) -> None:
    execute("INSERT OR REPLACE INTO meta VALUES ('state', ?)", (last,))
