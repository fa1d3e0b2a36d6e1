"""Who can open the record: records.keys holds one random data key, closed in the slot of each named person."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation import files
from evaluation.codec import nearest
from evaluation.collect.record import recovery
from evaluation.collect.record import slots as slot_forms
from evaluation.collect.record.secret import DESCRIPTOR as DESCRIPTOR
from evaluation.collect.record.secret import KEY_FILE as KEY_FILE
from evaluation.collect.record.secret import PASSPHRASE as PASSPHRASE
from evaluation.collect.record.secret import DataKey as DataKey
from evaluation.collect.record.secret import Secret as Secret
from evaluation.collect.record.secret import handed_over as handed_over
from evaluation.collect.record.secret import make_key_file as make_key_file
from evaluation.collect.record.secret import passphrase as passphrase
from evaluation.collect.record.secret import read_key_file as read_key_file
from evaluation.collect.record.secret import secret as secret
from evaluation.collect.record.slots import COORDINATOR as COORDINATOR
from evaluation.collect.record.slots import COST as COST
from evaluation.collect.record.slots import ROLES as ROLES
from evaluation.collect.record.slots import Role as Role
from evaluation.collect.record.slots import Slot
from evaluation.errors import DamagedStore, StoreError, WrongPassphrase

NAME = "records.keys"
FORMAT = 2
RECOVERY = "recovery"
"""The name of the slot that the recovery code opens."""

_COSTLIEST = 2**20  # a damaged sidecar must not ask for all the memory there is


@dataclass(frozen=True, slots=True)
class Opened:
    """Who opened the record: the name and role of the slot, and the data key that it gave.

    A notebook's kernel, which was handed the data key itself, has no name and reads as an evaluator.
    """

    name: str
    role: Role
    key: DataKey


def create(
    folder: Path, secret: Secret, *, slot: str, role: Role = COORDINATOR, on: dt.date | None = None, cost: int = COST
) -> DataKey:
    """A new data key, closed in the first ``slot`` of ``folder``/records.keys, which must not be there yet."""
    path = folder / NAME
    if path.exists():
        raise StoreError("collect.record.there", file=path)
    key = DataKey(secrets.token_bytes(32))
    made = slot_forms.make(key.material, secret, Slot(slot, role, secret.kind, on), cost=cost)
    _write(path, _sidecar(key, [made]))
    return key


def unlock(folder: Path, secret: Secret, *, slot: str = "") -> Opened:
    """Who opens the record in ``folder`` with this secret; naming the ``slot`` spares trying every person's.

    Raises WrongPassphrase if the secret opens no slot, DamagedStore if records.keys is not what was
    written, StoreError if it is missing.
    """
    path = folder / NAME
    sidecar = _read(path)
    for name, role, material in _tried(sidecar, secret, slot_forms.name(slot)):
        key = DataKey(material)
        if hmac.compare_digest(_check(key), sidecar["check"]):
            if sidecar["format"] > 1 and not hmac.compare_digest(_seal(key, sidecar["slots"]), sidecar["seal"]):
                raise DamagedStore("collect.key.changed", file=path)
            return Opened(name, role, key)
    if secret.kind == "passphrase":
        recovery.typed(secret)  # says so where it is a code with a slip in it
        raise WrongPassphrase("collect.key.wrong_passphrase", folder=folder)
    key_file = secret.kind == "key file"
    raise WrongPassphrase("collect.key.wrong_file" if key_file else "collect.key.wrong_data_key", folder=folder)


def slots(folder: Path) -> tuple[Slot, ...]:
    """Who can open the record, as what and with what; never a secret."""
    return tuple(slot_forms.told(each) for each in _read(folder / NAME)["slots"])


def with_passphrase(folder: Path) -> bool:
    """Whether a passphrase or a recovery code opens the record, or key files only."""
    return any(slot.kind != "key file" for slot in slots(folder))


def add_slot(
    folder: Path,
    key: DataKey,
    *,
    secret: Secret,
    slot: str,
    role: Role,
    on: dt.date | None = None,
    cost: int = COST,
) -> None:
    """Let one more person, key file or recovery code open the record."""
    sidecar = _belonging(key, folder)
    if any(each["name"] == slot_forms.name(slot) for each in sidecar["slots"]):
        raise StoreError("collect.key.slot_there", slot=slot)
    made = slot_forms.make(key.material, secret, Slot(slot, role, secret.kind, on), cost=cost)
    _write(folder / NAME, _sidecar(key, [*sidecar["slots"], made]))


def remove_slot(folder: Path, key: DataKey, *, slot: str) -> None:
    """Take a person's slot away. Who copied records.keys before can still open that copy with it.

    Raises StoreError where nobody, or no coordinator but the recovery code, would be left.
    """
    sidecar = _belonging(key, folder)
    left = [each for each in sidecar["slots"] if each["name"] != slot_forms.name(slot)]
    if len(left) == len(sidecar["slots"]):
        known = [each["name"] for each in sidecar["slots"]]
        raise StoreError("collect.key.no_slot", slot=slot, hint=nearest(slot, known))
    people = [told for each in left if (told := slot_forms.told(each)).kind != recovery.KIND]
    if not people:
        raise StoreError("collect.key.last_slot", slot=slot)
    if not any(person.role == COORDINATOR for person in people):
        raise StoreError("collect.key.last_coordinator", slot=slot)
    _write(folder / NAME, _sidecar(key, left))


def add_recovery(folder: Path, key: DataKey, *, on: dt.date | None = None, cost: int = COST) -> str:
    """A new recovery code, which is shown once and stored nowhere; the one before no longer opens the record."""
    code = recovery.fresh()
    sidecar = _belonging(key, folder)
    made = slot_forms.make(key.material, recovery.of(code), Slot(RECOVERY, COORDINATOR, recovery.KIND, on), cost=cost)
    others = [each for each in sidecar["slots"] if each["kind"] != recovery.KIND]
    if any(each["name"] == RECOVERY for each in others):
        raise StoreError("collect.key.slot_there", slot=RECOVERY)
    _write(folder / NAME, _sidecar(key, [*others, made]))
    return code


# --- the file ---------------------------------------------------------------------------------


def _tried(sidecar: Mapping[str, Any], secret: Secret, name: str) -> Iterator[tuple[str, Role, bytes]]:
    """The data keys that the secret gives, each with its slot's name and role; of the slot ``name`` only, if given."""
    if secret.kind == "data key":
        yield "", "evaluator", secret.material
        return
    for tried in filter(None, (_code(secret), secret)):
        for slot in sidecar["slots"]:
            if slot["kind"] == tried.kind and name in ("", slot["name"]):
                material = slot_forms.opened(slot, tried)
                if material is not None:
                    yield slot["name"], slot_forms.told(slot).role, material


def _code(secret: Secret) -> Secret | None:
    try:
        return recovery.typed(secret) if secret.kind == "passphrase" else None
    except WrongPassphrase:
        return None  # it may be a passphrase that looks like a code


def _belonging(key: DataKey, folder: Path) -> dict[str, Any]:
    sidecar = _read(folder / NAME)
    if not hmac.compare_digest(_check(key), sidecar["check"]):
        raise WrongPassphrase("collect.key.wrong_data_key", folder=folder)
    return sidecar


def _sidecar(key: DataKey, slots: list[dict[str, Any]]) -> dict[str, Any]:
    return {"format": FORMAT, "check": _check(key), "slots": slots, "seal": _seal(key, slots)}


def _check(key: DataKey) -> str:
    return key.derive("check").hex()


def _seal(key: DataKey, slots: list[dict[str, Any]]) -> str:
    """Shows that whoever wrote the slots could open the record: nobody else puts a slot of hers among them."""
    return hmac.new(key.derive("slots"), json.dumps(slots, sort_keys=True).encode("utf-8"), hashlib.sha256).hexdigest()


def _digest(sidecar: Mapping[str, Any]) -> str:
    parts = {name: sidecar[name] for name in sidecar if name != "digest"}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("utf-8")).hexdigest()


def _read(path: Path) -> dict[str, Any]:
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
    loaded: dict[str, Any] = sidecar
    return loaded


def _write(path: Path, sidecar: Mapping[str, Any]) -> None:
    text = json.dumps(dict(sidecar) | {"digest": _digest(sidecar)}, indent=1, ensure_ascii=False)
    try:
        files.write(path, text.encode("utf-8"), private=True)
    except OSError:
        raise StoreError("collect.key.unwritable", file=path) from None
