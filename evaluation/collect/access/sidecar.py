"""The file records.keys: its slots, sealed so that nobody without the data key changes them unnoticed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation import files
from evaluation.collect.access.secret import DataKey
from evaluation.errors import DamagedStore, StoreError, WrongPassphrase

NAME = "records.keys"
FORMAT = 2

NEXT = "next"
"""What stands there besides while the data key is being changed: the sidecar that will hold after it."""

_COSTLIEST = 2**20  # a damaged sidecar must not ask for all the memory there is

Sidecar = dict[str, Any]


def make(key: DataKey, slots: Sequence[Mapping[str, Any]]) -> Sidecar:
    """What stands in the file for a data key and its slots."""
    return {"format": FORMAT, "check": _check(key), "slots": [*slots], "seal": _seal(key, slots)}


def belongs(key: DataKey, sidecar: Sidecar) -> bool:
    """Whether it is the sidecar of this data key."""
    return hmac.compare_digest(_check(key), sidecar["check"])


def genuine(key: DataKey, sidecar: Sidecar) -> bool:
    """Whether whoever wrote the slots could open the record; the first version did not show it."""
    return sidecar["format"] == 1 or hmac.compare_digest(_seal(key, sidecar["slots"]), sidecar["seal"])


def of(key: DataKey, folder: Path) -> Sidecar:
    """The sidecar in ``folder``, which must be this data key's and not being changed. Raises StoreError."""
    sidecar = read(folder)
    if NEXT in sidecar:
        raise StoreError("collect.key.changing", folder=folder)
    if not belongs(key, sidecar):
        raise WrongPassphrase("collect.key.wrong_data_key", folder=folder)
    return sidecar


def read(folder: Path) -> Sidecar:
    """The sidecar as it was written. Raises StoreError if it is missing or newer, DamagedStore."""
    path = folder / NAME
    try:
        sidecar = json.loads(path.read_text(encoding="utf-8"))
        intact = sidecar["digest"] == _digest(sidecar)
        known = intact and sidecar["format"] in range(1, FORMAT + 1)
        costs = [slot["scrypt"]["n"] for slot in sidecar["slots"] if "scrypt" in slot]
    except FileNotFoundError:
        raise StoreError("collect.key.missing", file=path) from None
    except OSError:
        raise StoreError("collect.key.unreadable", file=path) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        intact = known = False
        sidecar, costs = {}, []
    if not intact:
        raise DamagedStore("collect.key.damaged", file=path)
    if not known or max(costs, default=0) > _COSTLIEST:
        raise StoreError("collect.record.newer", file=path)
    loaded: Sidecar = sidecar
    return loaded


def replace(folder: Path, before: Sidecar, after: Sidecar) -> None:
    """Put ``after`` in the place of ``before``, so that no slot is lost. Raises StoreError for who comes second."""
    if read(folder) != before:
        raise StoreError("collect.key.meantime", folder=folder)
    write(folder, after)


def write(folder: Path, sidecar: Sidecar) -> None:
    """Put the sidecar in its place, whole or not at all. Raises StoreError."""
    parts = {name: sidecar[name] for name in sidecar if name != "digest"}
    text = json.dumps(parts | {"digest": _digest(parts)}, indent=1, ensure_ascii=False)
    try:
        files.write(folder / NAME, text.encode("utf-8"), private=True)
    except OSError:
        raise StoreError("collect.key.unwritable", file=folder / NAME) from None


def _check(key: DataKey) -> str:
    """Tells whether a data key is the one; it outlives no change of it, so it is never a kept key."""
    return key.derive("check").hex()


def _seal(key: DataKey, slots: Sequence[Mapping[str, Any]]) -> str:
    content = json.dumps([*slots], sort_keys=True).encode("utf-8")
    return hmac.new(key.derive("slots"), content, hashlib.sha256).hexdigest()


def _digest(sidecar: Mapping[str, Any]) -> str:
    parts = {name: sidecar[name] for name in sidecar if name != "digest"}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("utf-8")).hexdigest()
