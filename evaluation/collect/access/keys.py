"""Who can open the record: records.keys holds one random data key, closed in the slot of each named person."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evaluation.codec import nearest
from evaluation.collect.access import recovery, rotation
from evaluation.collect.access import sidecar as sidecars
from evaluation.collect.access import slots as slot_forms
from evaluation.collect.access.secret import DESCRIPTOR as DESCRIPTOR
from evaluation.collect.access.secret import KEY_FILE as KEY_FILE
from evaluation.collect.access.secret import PASSPHRASE as PASSPHRASE
from evaluation.collect.access.secret import DataKey as DataKey
from evaluation.collect.access.secret import Secret as Secret
from evaluation.collect.access.secret import handed_over as handed_over
from evaluation.collect.access.secret import make_key_file as make_key_file
from evaluation.collect.access.secret import passphrase as passphrase
from evaluation.collect.access.secret import read_key_file as read_key_file
from evaluation.collect.access.secret import secret as secret
from evaluation.collect.access.slots import COORDINATOR as COORDINATOR
from evaluation.collect.access.slots import COST as COST
from evaluation.collect.access.slots import ROLES as ROLES
from evaluation.collect.access.slots import Role as Role
from evaluation.collect.access.slots import Slot
from evaluation.errors import DamagedStore, StoreError, WrongPassphrase

NAME = sidecars.NAME
RECOVERY = "recovery"
"""The name of the slot that the recovery code opens."""


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
    if (folder / NAME).exists():
        raise StoreError("collect.record.there", file=folder / NAME)
    key = DataKey(secrets.token_bytes(32))
    made = slot_forms.make(key.material, secret, Slot(slot, role, secret.kind, on), cost=cost)
    sidecars.write(folder, sidecars.make(key, [made]))
    return key


def unlock(folder: Path, secret: Secret, *, slot: str = "") -> Opened:
    """Who opens the record in ``folder`` with this secret; naming the ``slot`` spares trying every person's.

    Raises WrongPassphrase if the secret opens no slot, DamagedStore if records.keys is not what was
    written, StoreError if it is missing.
    """
    sidecar = sidecars.read(folder)
    for name, role, material in _tried(sidecar, secret, slot_forms.name(slot)):
        key = DataKey(material)
        if sidecars.belongs(key, sidecar):
            if not sidecars.genuine(key, sidecar):
                raise DamagedStore("collect.key.changed", file=folder / NAME)
            return Opened(name, role, rotation.settled(folder, key, sidecar))
    if secret.kind == "passphrase":
        recovery.typed(secret)  # says so where it is a code with a slip in it
        raise WrongPassphrase("collect.key.wrong_passphrase", folder=folder)
    key_file = secret.kind == "key file"
    raise WrongPassphrase("collect.key.wrong_file" if key_file else "collect.key.wrong_data_key", folder=folder)


def slots(folder: Path) -> tuple[Slot, ...]:
    """Who can open the record, as what and with what; never a secret."""
    return tuple(slot_forms.told(each) for each in sidecars.read(folder)["slots"])


def fingerprints(folder: Path) -> dict[str, str]:
    """What stands for each slot as it is written now, by name: another one after any change of it."""
    return {each["name"]: slot_forms.fingerprint(each) for each in sidecars.read(folder)["slots"]}


def with_passphrase(folder: Path) -> bool:
    """Whether a passphrase or a recovery code opens the record, or key files only."""
    return any(slot.kind != "key file" for slot in slots(folder))


def belongs(folder: Path, key: DataKey) -> bool:
    """Whether the slots in ``folder`` give this data key, and no other one is about to take its place."""
    sidecar = sidecars.read(folder)
    return sidecars.belongs(key, sidecar) and sidecars.NEXT not in sidecar


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
    sidecar = sidecars.of(key, folder)
    if any(each["name"] == slot_forms.name(slot) for each in sidecar["slots"]):
        raise StoreError("collect.key.slot_there", slot=slot)
    made = slot_forms.make(key.material, secret, Slot(slot, role, secret.kind, on), cost=cost)
    sidecars.replace(folder, sidecar, sidecars.make(key, [*sidecar["slots"], made]))


def remove_slot(folder: Path, key: DataKey, *, slot: str) -> None:
    """Take a person's slot away. Who copied records.keys before can still open that copy with it.

    Raises StoreError where nobody, or no coordinator but the recovery code, would be left.
    """
    sidecar = sidecars.of(key, folder)
    left = [each for each in sidecar["slots"] if each["name"] != slot_forms.name(slot)]
    if len(left) == len(sidecar["slots"]):
        known = [each["name"] for each in sidecar["slots"]]
        raise StoreError("collect.key.no_slot", slot=slot, hint=nearest(slot, known))
    people = [told for each in left if (told := slot_forms.told(each)).kind != recovery.KIND]
    if not people:
        raise StoreError("collect.key.last_slot", slot=slot)
    if not any(person.role == COORDINATOR for person in people):
        raise StoreError("collect.key.last_coordinator", slot=slot)
    sidecars.replace(folder, sidecar, sidecars.make(key, left))


def add_recovery(folder: Path, key: DataKey, *, on: dt.date | None = None, cost: int = COST) -> str:
    """A new recovery code, which is shown once and stored nowhere; the one before no longer opens the record."""
    code = recovery.fresh()
    sidecar = sidecars.of(key, folder)
    made = slot_forms.make(key.material, recovery.of(code), Slot(RECOVERY, COORDINATOR, recovery.KIND, on), cost=cost)
    others = [each for each in sidecar["slots"] if each["kind"] != recovery.KIND]
    if any(each["name"] == RECOVERY for each in others):
        raise StoreError("collect.key.slot_there", slot=RECOVERY)
    sidecars.replace(folder, sidecar, sidecars.make(key, [*others, made]))
    return code


def rotate(folder: Path, secret: Secret) -> tuple[str, ...]:
    """Give the record another data key; whoever has a slot keeps it. See ``rotation.rotate``.

    Raises WrongPassphrase as ``unlock`` does, StoreError where another program has the record open.
    """
    who = unlock(folder, secret)
    opener = _code(secret) or secret if who.name == RECOVERY else secret
    return rotation.rotate(folder, who.key, secret=opener, slot=who.name)


# --- the file ---------------------------------------------------------------------------------


def _tried(sidecar: sidecars.Sidecar, secret: Secret, name: str) -> Iterator[tuple[str, Role, bytes]]:
    """The data keys that the secret gives, each with its slot's name and role; of the slot ``name`` only, if given.

    The recovery code is nobody's: it opens whatever name is given with it.
    """
    if secret.kind == "data key":
        yield "", "evaluator", secret.material
        return
    for tried in filter(None, (_code(secret), secret)):
        for slot in sidecar["slots"]:
            if slot["kind"] == tried.kind and (name in ("", slot["name"]) or tried.kind == recovery.KIND):
                material = slot_forms.opened(slot, tried)
                if material is not None:
                    yield slot["name"], slot_forms.told(slot).role, material


def _code(secret: Secret) -> Secret | None:
    try:
        return recovery.typed(secret) if secret.kind == "passphrase" else None
    except WrongPassphrase:
        return None  # it may be a passphrase that looks like a code
