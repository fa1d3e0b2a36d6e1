"""One way into the record: a named person's slot, which her passphrase, key file or recovery code opens."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from evaluation.codec import nearest
from evaluation.collect.access.secret import Secret, derived
from evaluation.errors import StoreError

Role = Literal["caseworker", "evaluator", "coordinator"]
ROLES: tuple[Role, ...] = ("caseworker", "evaluator", "coordinator")
COORDINATOR: Role = "coordinator"
"""Who decides who else opens the record."""

COST = 2**17
"""scrypt's n for new passphrases: 128 MiB and some tenths of a second for each guess."""

SHORTEST = 8
_SEALED = ("wrapped", "sealed")

Written = Mapping[str, Any]
"""A slot as it stands in records.keys."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Who can open the record, as what, with what, and since when (None where that was not yet written down)."""

    name: str
    role: Role
    kind: str
    added: dt.date | None = None


def told(slot: Written) -> Slot:
    """What may be shown of a slot; those of the first version are all coordinators'."""
    added = slot.get("added")
    return Slot(
        slot["name"], slot.get("role", COORDINATOR), slot["kind"], dt.date.fromisoformat(added) if added else None
    )


def make(material: bytes, secret: Secret, about: Slot, *, cost: int = COST) -> dict[str, Any]:
    """A slot from which ``secret`` gives the data key ``material``.

    The data key is sealed to a key pair of the slot's own, whose private half the secret opens: so the record
    can be given another data key without asking everybody for her passphrase. Raises StoreError for a slot
    without a name, an unknown role, and a secret that is too short.
    """
    _check(secret, about)
    identity = pyrage.x25519.Identity.generate()
    slot: dict[str, Any] = {"name": name(about.name), "role": about.role, "kind": about.kind}
    slot |= {"added": about.added.isoformat()} if about.added else {}
    slot["public"] = str(identity.to_public())
    if about.kind != "key file":
        slot["scrypt"] = {"n": cost, "r": 8, "p": 1, "salt": secrets.token_hex(16)}
    nonce = secrets.token_bytes(12)
    wrapped = AESGCM(_wrapping_key(slot, secret)).encrypt(nonce, str(identity).encode("ascii"), _about(slot))
    slot["wrapped"] = base64.b64encode(nonce + wrapped).decode("ascii")
    return sealed(slot, material)


def sealed(slot: Written, material: bytes) -> dict[str, Any]:
    """The same slot, giving the data key ``material``."""
    closed = pyrage.encrypt(material, [pyrage.x25519.Recipient.from_str(slot["public"])])
    return {**slot, "sealed": base64.b64encode(closed).decode("ascii")}


def opened(slot: Written, secret: Secret) -> bytes | None:
    """The data key from a slot, or None if ``secret`` does not open it."""
    blob = base64.b64decode(slot["wrapped"])
    try:
        inner = AESGCM(_wrapping_key(slot, secret)).decrypt(blob[:12], blob[12:], _about(slot))
        if "sealed" not in slot:  # the first version wrapped the data key itself
            return inner
        identity = pyrage.x25519.Identity.from_str(inner.decode("ascii"))
        return bytes(pyrage.decrypt(base64.b64decode(slot["sealed"]), [identity]))
    except (InvalidTag, pyrage.DecryptError):
        return None


def fingerprint(slot: Written) -> str:
    """A digest of all that is written of a slot."""
    return hashlib.sha256(json.dumps(slot, sort_keys=True).encode("utf-8")).hexdigest()


def name(text: str) -> str:
    """A person's name as it is kept: letters composed, no blanks around it."""
    return unicodedata.normalize("NFC", text).strip()


def _check(secret: Secret, about: Slot) -> None:
    if not name(about.name):
        raise StoreError("collect.key.unnamed")
    if about.role not in ROLES:
        raise StoreError("collect.key.no_role", role=about.role, roles=ROLES, hint=nearest(about.role, ROLES))
    if secret.kind == "data key":
        raise StoreError("collect.key.own_secret")
    if secret.kind == "passphrase" and len(secret.material.decode("utf-8")) < SHORTEST:
        raise StoreError("collect.key.short", n=SHORTEST)


def _about(slot: Written) -> bytes:
    return json.dumps({part: slot[part] for part in slot if part not in _SEALED}, sort_keys=True).encode("utf-8")


def _wrapping_key(slot: Written, secret: Secret) -> bytes:
    if secret.kind == "key file":
        return derived(secret.material, "key file")
    cost = slot["scrypt"]
    salt = bytes.fromhex(cost["salt"])
    return Scrypt(salt=salt, length=32, n=cost["n"], r=cost["r"], p=cost["p"]).derive(secret.material)
