"""The last head that was seen of a record, remembered in the account and not beside it: an older file is noticed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evaluation import files
from evaluation.collect.record import chain_end, database
from evaluation.collect.record.store import Store
from evaluation.errors import StoreError


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a device's chain had come when it was last seen here: number and hash of its last entry."""

    seq: int
    hash: str


def folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the account keeps what programs remember."""
    if sys.platform == "win32" and environ.get("LOCALAPPDATA"):
        return Path(environ["LOCALAPPDATA"]) / "reintegration-evaluation"
    base = environ.get("XDG_STATE_HOME") or Path(environ.get("HOME") or Path.home()) / ".local" / "state"
    return Path(base) / "reintegration-evaluation"


def recall(record: Path, device: str, *, where: Path) -> Seen | None:
    """What was seen of the record at this path with this device; None if nothing was, or cannot be read."""
    try:
        values = json.loads((where / _name(record, device)).read_text(encoding="utf-8"))
        return Seen(int(values["seq"]), str(values["hash"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(record: Path, device: str, seen: Seen, *, where: Path) -> None:
    """Keep what was seen; an account that may keep nothing notices less, and stores all the same."""
    with contextlib.suppress(OSError):
        where.mkdir(parents=True, exist_ok=True, mode=0o700)
        values = {"seq": seen.seq, "hash": seen.hash}
        files.write(where / _name(record, device), json.dumps(values), private=True)


def check(store: Store, record: Path, *, where: Path) -> None:
    """Hold the record at this path against what was last seen of it, and remember how far it is now.

    Raises StoreError where it lacks entries that were there: an older file was put in its place.
    """
    device = store.writer.device
    before = recall(record, device, where=where)
    with store.transaction("DEFERRED") as execute:
        seq, last = chain_end.head(execute, device=device)
        at = (device, before.seq if before else 0)
        there = execute("SELECT hash FROM events WHERE device = ? AND seq = ?", at).fetchone()
    if before is not None and before.seq and (there is None or there[0].hex() != before.hash):
        raise StoreError("collect.record.older", file=record / database.NAME, n=max(1, before.seq - seq))
    if before is None or before.seq != seq:
        remember(record, device, Seen(seq, last.hex()), where=where)


def _name(record: Path, device: str) -> str:
    """A name that tells nothing of where the record lies or whose it is."""
    return hashlib.sha256(f"{device} {record.resolve()}".encode()).hexdigest()[:32] + ".json"
