"""The last few rows: written as they came in, on a page of their own, and put among the others a little later.

An entry among the others changes eight pages, each of which is encrypted and waited for. So that whoever sends one row
waits for one or two, it lies here first, as whole and as durable as anywhere, until something else is asked or written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from evaluation.collect.record import entries

AT_MOST = 32
"""So many rows lie here at once; the next one puts them among the others."""

SCHEMA = (
    """CREATE TABLE fresh (
    entry INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    table_name TEXT NOT NULL,
    place TEXT NOT NULL,
    participant TEXT NOT NULL,
    device TEXT NOT NULL,
    seq INTEGER NOT NULL,
    recorded_at TEXT NOT NULL,
    actor TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    material BLOB NOT NULL CHECK (length(material) = 32),
    sealed BLOB NOT NULL
) STRICT""",
    "CREATE TRIGGER fresh_update BEFORE UPDATE ON fresh BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    """CREATE TRIGGER fresh_delete BEFORE DELETE ON fresh
WHEN NOT EXISTS (SELECT 1 FROM events JOIN event_keys ON event = events.id JOIN places USING (event)
    WHERE entry = OLD.entry AND hash = OLD.hash) BEGIN
    SELECT RAISE(ABORT, 'append-only'); END""",
    # A program that knows of no fresh rows, started before the record had any, would take their numbers for others.
    """CREATE TRIGGER fresh_first BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM fresh) AND NOT EXISTS (SELECT 1 FROM fresh WHERE entry = NEW.entry AND hash = NEW.hash) BEGIN
    SELECT RAISE(ABORT, 'fresh rows come first'); END""",
)
_NAMED = "entry || ':' || lower(hex(hash))"  # as what is kept beside the entries names the last one
_LAST = f"SELECT {_NAMED} FROM main.{{}} ORDER BY entry DESC LIMIT 1"
_EVENTS = _LAST.format("events")
_AMONG = {
    "events": (
        "entry, id, device, seq, recorded_at, actor, kind, sealed, hash",
        "entry, id, device, seq, recorded_at, actor, 'row', sealed, hash",
    ),
    "event_keys": ("event, participant, material", "id, participant, material"),
    "places": ("table_name, place, event", "table_name, place, id"),
}
"""The columns of each table among whose rows fresh ones are put, and what they are of a fresh one."""
_SETTLE = (
    f"""INSERT OR REPLACE INTO meta SELECT 'state', {_NAMED} FROM fresh
    WHERE (SELECT value FROM meta WHERE name = 'state') IS coalesce(({_EVENTS}), '0') ORDER BY entry DESC LIMIT 1""",
    *(f"INSERT INTO {table} ({to}) SELECT {of} FROM fresh ORDER BY entry" for table, (to, of) in _AMONG.items()),
    "DELETE FROM fresh",
)
_SHOW = (
    *(
        f"CREATE TEMP VIEW {table} AS SELECT {to} FROM main.{table} UNION ALL SELECT {of} FROM main.fresh"
        for table, (to, of) in _AMONG.items()
    ),
    f"""CREATE TEMP VIEW meta AS SELECT name, CASE WHEN name = 'state' AND value IS coalesce(({_EVENTS}), '0')
    THEN coalesce(({_LAST.format("fresh")}), value) ELSE value END AS value FROM main.meta""",
    "CREATE TEMP VIEW drafts AS SELECT * FROM main.drafts WHERE id NOT IN (SELECT id FROM main.fresh)",
)
_WRITE = "INSERT INTO fresh VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_READ = "SELECT id, table_name, place, participant, entry, device, seq, recorded_at, hash FROM fresh ORDER BY entry"
_SEALED = "SELECT entry, id, device, seq, recorded_at, actor, 'row', sealed, hash, material FROM fresh WHERE entry = ?"


class End(NamedTuple):
    """The last entry of a device: its number in the file and in the chain, when it was made, and its hash."""

    entry: int
    device: str
    seq: int
    recorded_at: str
    hash: bytes


def there(execute: Callable[..., Any]) -> bool:
    """Whether any row lies here."""
    return execute("SELECT 1 FROM fresh LIMIT 1").fetchone() is not None


def settle(execute: Callable[..., Any]) -> None:
    """Put what lies here among the others, inside the open transaction that writes."""
    for statement in _SETTLE if there(execute) else ():
        execute(statement)


def show(execute: Callable[..., Any]) -> None:
    """Let all that is asked in the open transaction be answered as if they lay among the others; until it is undone."""
    for statement in _SHOW:
        execute(statement)


class Fresh:
    """What lies here, inside the transactions of one writer with nobody else's in between; opens nothing."""

    def __init__(self, execute: Callable[..., Any]) -> None:
        """Raises DamagedStore where the last row is not what was written."""
        self.rows: dict[str, int] = {}
        self.places: dict[tuple[str, str], str] = {}
        self.participants: set[str] = set()
        self.end: End | None = None
        for id, table, place, participant, *end in execute(_READ):
            self._hold(id, (table, place), participant, End(*end))
        if self.end:
            self._check(self.end, execute)

    def _hold(self, id: str, place: tuple[str, str], participant: str, end: End) -> None:
        self.rows[id], self.places[place], self.end = end.entry, id, end
        self.participants.add(participant)

    def _check(self, end: End, execute: Callable[..., Any]) -> None:
        query = "SELECT hash FROM {} WHERE device = ? AND seq = ?"
        before = [execute(query.format(table), (end.device, end.seq - 1)).fetchone() for table in ("fresh", "events")]
        previous = next((row[0] for row in before if row), entries.FIRST)
        entry, id, device, seq, at, actor, kind, sealed, found, _ = self.sealed(end.entry, execute)
        if found != entries.link(previous, about=(device, seq, id, at, actor, kind), sealed=sealed):
            raise entries.damaged(entry)

    @property
    def full(self) -> bool:
        return len(self.rows) >= AT_MOST

    @staticmethod
    def sealed(entry: int, execute: Callable[..., Any]) -> tuple[Any, ...]:
        """The row as it lies here."""
        found: tuple[Any, ...] = execute(_SEALED, (entry,)).fetchone()
        return found

    def at(self, table: str, place: str) -> str | None:
        """The submission id of the row of ``table`` whose key cells are ``place`` (as JSON)."""
        return self.places.get((table, place))

    def write(
        self,
        about: tuple[str, int, str, str, str, str],
        *,
        entry: int,
        where: tuple[str, tuple[str, ...]],
        participant: str,
        content: tuple[bytes, bytes, bytes],
        execute: Callable[..., Any],
    ) -> None:
        """Add a row. ``about``: its open fields; ``where``: its table and key cells; ``content``: hash, key, sealed."""
        device, seq, id, at, actor, _ = about
        table, place = where[0], entries.written(where[1])
        execute(_WRITE, (entry, id, table, place, participant, device, seq, at, actor, *content))
        self._hold(id, (table, place), participant, End(entry, device, seq, at, content[0]))

    def settle(self, execute: Callable[..., Any]) -> None:
        """Put what lies here among the others; from now on nothing does."""
        if self.rows:
            settle(execute)
        self.rows.clear()
        self.places.clear()
        self.participants.clear()
        self.end = None
