"""The SQLCipher file under the record: how it is made, opened and copied."""

from __future__ import annotations

import contextlib
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from evaluation.collect.record import fresh
from evaluation.collect.record.file.faults import explained
from evaluation.errors import DamagedStore, StoreError

NAME = "records.db"
FORMAT = 4
"""1: one device's entries; 2: those of several devices, in the order of their clocks; 3: who opened what;
4: the last rows on a page of their own."""

Connection = Any  # sqlcipher3 is without type hints; it follows sqlite3

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE events (
    entry INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    device TEXT NOT NULL,
    seq INTEGER NOT NULL,
    recorded_at TEXT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('row', 'correction', 'withdrawal', 'erasure')),
    sealed BLOB NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    UNIQUE (device, seq)
) STRICT;
-- The key of each entry; deleting it destroys the entry's content and nothing else.
CREATE TABLE event_keys (
    event TEXT PRIMARY KEY REFERENCES events (id),
    participant TEXT NOT NULL,
    material BLOB NOT NULL CHECK (length(material) = 32)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_keys_participant ON event_keys (participant);
-- Which row is there, without opening any entry: replayed from the events, checked by verify.
CREATE TABLE places (
    table_name TEXT NOT NULL,
    place TEXT NOT NULL,
    event TEXT NOT NULL UNIQUE REFERENCES events (id),
    PRIMARY KEY (table_name, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE erased (
    participant TEXT PRIMARY KEY,
    event TEXT NOT NULL REFERENCES events (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_kind ON events (kind) WHERE kind <> 'row';
CREATE TRIGGER events_update BEFORE UPDATE ON events BEGIN
    SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER events_delete BEFORE DELETE ON events BEGIN
    SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER event_keys_update BEFORE UPDATE ON event_keys BEGIN
    SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER event_keys_delete BEFORE DELETE ON event_keys
WHEN (SELECT kind FROM events ORDER BY entry DESC LIMIT 1) IS NOT 'erasure' BEGIN
    SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER erased_update BEFORE UPDATE ON erased BEGIN
    SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER erased_delete BEFORE DELETE ON erased BEGIN
    SELECT RAISE(ABORT, 'append-only'); END;
"""

_TRAIL = (
    """CREATE TABLE trail (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    page TEXT NOT NULL,
    about TEXT NOT NULL,
    participant TEXT NOT NULL
) STRICT""",
    "CREATE INDEX trail_participant ON trail (participant) WHERE participant <> ''",
    """CREATE TRIGGER trail_update BEFORE UPDATE ON trail
WHEN NEW.participant <> '(erased)' OR OLD.participant NOT IN (SELECT participant FROM erased)
    OR (NEW.number, NEW.at, NEW.actor, NEW.act, NEW.page, NEW.about)
        IS NOT (OLD.number, OLD.at, OLD.actor, OLD.act, OLD.page, OLD.about) BEGIN
    SELECT RAISE(ABORT, 'append-only'); END""",
    "CREATE TRIGGER trail_delete BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    """CREATE TRIGGER trail_erased AFTER INSERT ON erased BEGIN
    UPDATE trail SET participant = '(erased)' WHERE participant = NEW.participant; END""",
)

_STEPS: Mapping[int, tuple[str, ...]] = {
    2: (
        "CREATE INDEX IF NOT EXISTS events_kind ON events (kind)",
        "DROP TABLE IF EXISTS corrections",  # made anew of the chain
        "DELETE FROM meta WHERE name = 'state'",
    ),
    3: _TRAIL,
    4: fresh.SCHEMA,
}
"""The statements by which a record of the version before becomes one of this version."""

_PRAGMAS = (
    "synchronous = FULL",
    "fullfsync = ON",  # macOS otherwise leaves what was acknowledged in the disk's own memory
    "checkpoint_fullfsync = ON",
    "foreign_keys = ON",
    "recursive_triggers = ON",  # without it INSERT OR REPLACE deletes past the triggers
    "secure_delete = ON",  # a destroyed key is overwritten in the file
    "trusted_schema = OFF",
)


def create(path: Path, key: bytes, *, device: str) -> None:
    """A new, empty record at ``path``, closed again so that it is one file."""
    with explained(path), contextlib.closing(_connect(path, key, mode="rwc", patience=5.0)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"BEGIN; {_SCHEMA} {'; '.join((*_TRAIL, *fresh.SCHEMA))}; COMMIT;")
        rows = [("format", str(FORMAT)), ("device", device), ("kept:ledger", secrets.token_hex(32))]
        connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)
    if sys.platform != "win32":
        path.chmod(0o600)


def connect(path: Path, key: bytes, *, patience: float) -> Connection:
    """The record at ``path``, opened with the 32-byte ``key``; waits ``patience`` seconds for other writers.

    Raises StoreError if it is missing, in use or newer than this program, DamagedStore if it is not what
    was written.
    """
    if not path.exists():
        raise StoreError("collect.record.missing", file=path)
    with explained(path), contextlib.ExitStack() as stack:
        connection = stack.enter_context(contextlib.closing(_connect(path, key, mode="rw", patience=patience)))
        written = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
        if written is None or not written[0].isdigit():
            raise DamagedStore("collect.record.damaged", file=path)
        if int(written[0]) > FORMAT:
            raise StoreError("collect.record.newer", file=path)
        if int(written[0]) < FORMAT:
            _bring_forward(connection, path, key)
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):  # a change of the key was interrupted
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
        stack.pop_all()
        return connection


@contextlib.contextmanager
def alone(path: Path, key: bytes, *, patience: float = 2.0) -> Iterator[Connection]:
    """The record at ``path`` while no other program has it open, as one file without a journal beside it.

    Raises StoreError where another one has it open, DamagedStore where the key is not the file's.
    """
    with contextlib.closing(connect(path, key, patience=patience)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            with explained(path):
                connection.execute("PRAGMA journal_mode = DELETE").fetchall()
                connection.execute("BEGIN EXCLUSIVE")
                connection.execute("COMMIT")
        except StoreError as error:
            if error.message.key == "collect.record.in_use":
                raise StoreError("collect.record.not_alone", file=path) from None
            raise
        with explained(path):
            yield connection
            connection.execute("PRAGMA journal_mode = WAL").fetchall()


def copy(connection: Connection, path: Path, key: bytes) -> None:
    """A copy of the open record at ``path``, as it is at one moment while others write; under the same ``key``."""
    with explained(path), contextlib.closing(_connect(path, key, mode="rwc", patience=5.0)) as target:
        connection.backup(target)
        if target.execute("SELECT 1 FROM sqlite_master WHERE name = 'fresh'").fetchone():
            target.execute("BEGIN")
            fresh.settle(target.execute)
            target.execute("COMMIT")
        target.execute("PRAGMA journal_mode = DELETE").fetchall()  # one file, readable on any disk
    if sys.platform != "win32":
        path.chmod(0o600)


def read_only(path: Path, key: bytes) -> Connection:
    """A record that nobody writes to, wherever it lies, and whatever of it can still be read."""
    with explained(path):
        return _connect(path, key, mode="ro&immutable=1", patience=0.0)


def keep(connection: Connection, kept: Mapping[str, bytes]) -> None:
    """Remember the derived keys that outlive the data key, as they were the first time."""
    rows = [(f"kept:{purpose}", material.hex()) for purpose, material in kept.items()]
    connection.executemany("INSERT OR IGNORE INTO meta VALUES (?, ?)", rows)


def kept(execute: Callable[..., Any]) -> dict[str, bytes]:
    """The derived keys that outlived a change of the data key, by purpose."""
    rows = execute("SELECT name, value FROM meta WHERE name LIKE 'kept:%'").fetchall()
    return {str(name).partition(":")[2]: bytes.fromhex(value) for name, value in rows}


def rekey(connection: Connection, key: bytes) -> None:
    """Encrypt every page of the file with another key: all of them or, where it is interrupted, none."""
    connection.execute(f"PRAGMA rekey = \"x'{key.hex()}'\"")
    connection.execute("SELECT count(*) FROM meta").fetchone()


def _bring_forward(connection: Connection, path: Path, key: bytes) -> None:
    """Make an earlier version's record one of today's, in one transaction, with a copy of it until that is done."""
    saved = path.with_name(f"{path.name}.earlier")
    saved.unlink(missing_ok=True)  # left by a program that was killed before it began
    copy(connection, saved, key)
    connection.execute("BEGIN IMMEDIATE")
    ((written,),) = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchall()
    for version in range(int(written) + 1, FORMAT + 1):
        for statement in _STEPS[version]:
            connection.execute(statement)
    connection.execute("UPDATE meta SET value = ? WHERE name = 'format'", (str(FORMAT),))
    connection.execute("COMMIT")
    saved.unlink(missing_ok=True)  # it would hold what is erased later


def _connect(path: Path, key: bytes, *, mode: str, patience: float) -> Connection:
    connection = sqlcipher.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")  # it would write its errors to the screen
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for pragma in _PRAGMAS if mode.startswith("rw") else ():  # some of them read pages that may be broken
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection
