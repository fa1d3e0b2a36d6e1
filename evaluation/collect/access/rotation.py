"""The record is given another data key, so that a slot of before opens nothing that is recorded later."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from evaluation.collect.access import sidecar, slots
from evaluation.collect.access.secret import LASTING, DataKey, Secret
from evaluation.collect.access.sidecar import NEXT, Sidecar
from evaluation.collect.record import database
from evaluation.errors import DamagedStore


def rotate(folder: Path, key: DataKey, *, secret: Secret, slot: str) -> tuple[str, ...]:
    """Give the record in ``folder`` a new data key; whoever has a slot keeps it and notices nothing.

    ``secret`` opens ``slot``, the caller's. Slots of the first version cannot be carried over without their
    secret; except the caller's own they go, and their names are returned. Killed at any point, the record opens
    with every slot: with the old data key until the file has the new one, with the new one from then on.
    Raises StoreError where another program has the record open, or the disk is full; then nothing has changed.
    """
    new = DataKey(secrets.token_bytes(32))
    with database.alone(folder / database.NAME, key.derive(database.NAME)) as connection:
        before = sidecar.of(key, folder)
        carried, gone = _carried(before, new, secret=secret, slot=slot)
        after = sidecar.make(new, carried)
        sidecar.write(folder, before | {NEXT: after | {"from": _closed(new, key)}})
        kept = {purpose: key.derive(purpose) for purpose in LASTING}
        database.keep(connection, kept)
        database.rekey(connection, new.derive(database.NAME))
        sidecar.write(folder, after)
    return gone


def settled(folder: Path, key: DataKey, read: Sidecar) -> DataKey:
    """The data key that the file has; where a change of it was interrupted, records.keys is put right.

    Nothing is done to the sidecar while the file may still be changed: whoever changes it holds it alone.
    """
    if NEXT not in read:
        return key
    coming = _opened(read[NEXT]["from"], key)
    path = folder / database.NAME
    for candidate in (key, coming):
        try:
            with database.alone(path, candidate.derive(database.NAME)):
                now = sidecar.read(folder)
                after = now.get(NEXT, now)
                now.pop(NEXT, None)
                sidecar.write(folder, now if candidate is key else _without_from(after))
                return candidate
        except DamagedStore:  # this is not the key that the file has
            continue
    raise DamagedStore("collect.record.damaged", file=path)


def _without_from(after: Sidecar) -> Sidecar:
    return {part: after[part] for part in after if part != "from"}


def _carried(
    before: Sidecar, new: DataKey, *, secret: Secret, slot: str
) -> tuple[list[dict[str, object]], tuple[str, ...]]:
    """The slots that give the new data key, and the names of those that cannot."""
    carried, gone = [], []
    for each in before["slots"]:
        if "public" in each:
            carried.append(slots.sealed(each, new.material))
        elif each["name"] == slot:
            cost = each.get("scrypt", {}).get("n", slots.COST)
            carried.append(slots.make(new.material, secret, slots.told(each), cost=cost))
        else:
            gone.append(each["name"])
    return carried, tuple(gone)


def _closed(new: DataKey, key: DataKey) -> str:
    nonce = secrets.token_bytes(12)
    return base64.b64encode(nonce + AESGCM(key.derive("rotation")).encrypt(nonce, new.material, None)).decode("ascii")


def _opened(closed: str, key: DataKey) -> DataKey:
    blob = base64.b64decode(closed)
    return DataKey(AESGCM(key.derive("rotation")).decrypt(blob[:12], blob[12:], None))
