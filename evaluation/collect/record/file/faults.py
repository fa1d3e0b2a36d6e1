"""What SQLite says of a file, as what a person can do about it."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from sqlcipher3 import dbapi2 as sqlcipher

from evaluation.errors import DamagedStore, StoreError

_PAGES = 1 << 16  # less room than a shared-memory file and some pages take

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")


class _Foreign(Exception):
    """An error of whoever is asked in the middle of a transaction; the record is not its cause."""


@contextlib.contextmanager
def _left_alone() -> Iterator[None]:
    try:
        yield
    except sqlcipher.Error:  # the record was asked in it
        raise
    except Exception as error:
        raise _Foreign(error) from error


def unexplained(ask: Callable[[Asked], Answered], about: Asked) -> Answered:
    """What ``ask`` answers inside ``explained``: what goes wrong in it leaves as it is, and is no damaged record."""
    with _left_alone():
        return ask(about)


def one_by_one(made: Iterable[Answered]) -> Iterator[Answered]:
    """What is made while it is asked for, as ``unexplained``."""
    with _left_alone():
        yield from made


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite says into what a person can do."""
    try:
        yield
    except _Foreign as error:
        raise error.args[0] from error.args[0].__cause__
    except sqlcipher.Error as error:
        raise _error(path, str(getattr(error, "sqlite_errorname", "")), str(error)) from None
    except MemoryError:  # what SQLCipher may say after a page that it could not decrypt
        raise _error(path, "SQLITE_CORRUPT", "") from None


_UNNAMED = {  # a failed copy comes without the name of its error
    "database or disk is full": "SQLITE_FULL",
    "disk I/O error": "SQLITE_IOERR",
    "database is locked": "SQLITE_BUSY",
    "unable to open database file": "SQLITE_CANTOPEN",
    "attempt to write a readonly database": "SQLITE_READONLY",
}


def _error(path: Path, name: str, text: str) -> StoreError:
    code = "_".join((name or _UNNAMED.get(text, "")).split("_")[:2])
    if code in ("SQLITE_BUSY", "SQLITE_LOCKED"):
        return StoreError("collect.record.in_use", file=path)
    if code == "SQLITE_FULL" or (code == "SQLITE_IOERR" and _no_room(path)):
        return StoreError("collect.record.disk_full", file=path)
    if code == "SQLITE_IOERR":
        return StoreError("collect.record.disk", file=path)
    if code in ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH"):
        return StoreError("collect.record.read_only", file=path)
    if "append-only" in text:
        return StoreError("collect.record.append_only", file=path)
    if code == "SQLITE_CONSTRAINT":
        return StoreError("collect.record.contradiction", file=path)
    return DamagedStore("collect.record.no_record", file=path)


def _no_room(path: Path) -> bool:
    """Whether the disk has no room for a page more; SQLite tells a failed write by the same name as a broken disk."""
    try:
        return shutil.disk_usage(path.parent).free < _PAGES
    except OSError:
        return False
