"""Who can open the record: one random data key, wrapped once for each named person or key file."""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import hmac
import json
import os
import secrets
import stat
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from evaluation import files
from evaluation.codec import nearest
from evaluation.errors import DamagedStore, StoreError, WrongPassphrase
from evaluation.texts import Message

NAME = "records.keys"
COST = 2**17
"""scrypt's n for new passphrases: 128 MiB and some tenths of a second for each guess."""

SHORTEST = 8
KEY_FILE, PASSPHRASE, DESCRIPTOR = "EVALUATION_KEY_FILE", "EVALUATION_PASSPHRASE", "EVALUATION_KEY_FD"

_COSTLIEST = 2**20  # a damaged sidecar must not ask for all the memory there is


class _NeverShown:
    """Secrets never show themselves and are never pickled."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never written down.")


@dataclass(frozen=True, slots=True, repr=False)
class Secret(_NeverShown):
    """What opens the record: the bytes of a passphrase, of a key file, or the data key itself."""

    kind: Literal["passphrase", "key file", "data key"]
    material: bytes


@dataclass(frozen=True, slots=True, repr=False)
class DataKey(_NeverShown):
    """The 32 random bytes from which every key of one record is derived."""

    material: bytes

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose (HKDF-SHA256); keys of different purposes tell nothing of each other."""
        return derived(self.material, purpose)


def derived(material: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose from 32 random bytes."""
    info = b"evaluation/" + purpose.encode("utf-8")
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(material)


# --- where a secret comes from ----------------------------------------------------------------


def passphrase(text: str) -> Secret:
    """A passphrase as typed; letters are composed first, because keyboards compose ``ś`` differently."""
    return Secret("passphrase", unicodedata.normalize("NFC", text.rstrip("\r\n")).encode("utf-8"))


def make_key_file(path: Path) -> Secret:
    """A new key file: 32 random bytes as 64 hexadecimal digits, readable by its owner only."""
    material = secrets.token_bytes(32)
    try:
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(material.hex() + "\n")
    except FileExistsError:
        raise StoreError("collect.key.there", file=path) from None
    except OSError:
        raise StoreError("collect.key.unwritable", file=path) from None
    return Secret("key file", material)


def read_key_file(path: Path) -> Secret:
    """The secret in a key file. Raises StoreError if it cannot be read, WrongPassphrase if it is none."""
    try:
        text = path.read_bytes()[:200].decode("ascii").strip()
        material = bytes.fromhex(text)
    except OSError:
        raise StoreError("collect.key.unreadable", file=path) from None
    except ValueError:
        material = b""
    if len(material) != 32:
        raise WrongPassphrase("collect.key.no_key_file", file=path)
    return Secret("key file", material)


def secret(
    folder: Path,
    *,
    key_file: Path | None = None,
    environ: Mapping[str, str],
    prompt: Callable[[Message], str] | None = None,
) -> Secret:
    """What opens the record in ``folder``, from the first of these that is there.

    ``key_file``; the inherited descriptor EVALUATION_KEY_FD (a number, no secret: a parent process
    gives a notebook the data key through it); EVALUATION_KEY_FILE; EVALUATION_PASSPHRASE; ``prompt``.
    Raises StoreError where there is none.
    """
    if key_file is not None:
        return read_key_file(key_file)
    if environ.get(DESCRIPTOR):
        return _inherited(environ[DESCRIPTOR])
    if environ.get(KEY_FILE):
        return read_key_file(Path(environ[KEY_FILE]))
    if environ.get(PASSPHRASE):
        return passphrase(environ[PASSPHRASE])
    if prompt is not None:
        return passphrase(prompt(Message("collect.key.question", folder=folder.name or folder)))
    raise StoreError("collect.key.none", folder=folder, variables=[KEY_FILE, PASSPHRASE])


@contextlib.contextmanager
def handed_over(key: DataKey) -> Iterator[int]:
    """A descriptor from which one child process can read the data key once (POSIX; for ``pass_fds``)."""
    reader, writer = os.pipe()
    try:
        os.write(writer, key.material)
        os.close(writer)
        yield reader
    finally:
        os.close(reader)


@functools.cache  # a pipe is read once; opening a second time in the same process must still work
def _inherited(number: str) -> Secret:
    wrong = StoreError("collect.key.descriptor", descriptor=f"{DESCRIPTOR}={number}")
    try:
        descriptor = int(number)
        if descriptor < 3 or not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            raise wrong
        with open(descriptor, "rb", buffering=0) as pipe:
            material = pipe.read(32) or b""
    except (ValueError, OverflowError, OSError):
        raise wrong from None
    if len(material) != 32:
        raise wrong
    return Secret("data key", material)


# --- the sidecar ------------------------------------------------------------------------------


def create(folder: Path, secret: Secret, *, slot: str, cost: int = COST) -> DataKey:
    """A new data key, wrapped for ``slot`` in ``folder``/records.keys, which must not be there yet."""
    path = folder / NAME
    if path.exists():
        raise StoreError("collect.record.there", file=path)
    key = DataKey(secrets.token_bytes(32))
    _write(path, {"format": 1, "check": _check(key), "slots": [_wrap(key, secret, slot=slot, cost=cost)]})
    return key


def unlock(folder: Path, secret: Secret, *, slot: str = "") -> DataKey:
    """The data key of the record in ``folder``; naming the ``slot`` spares trying every person's.

    Raises WrongPassphrase if the secret opens no slot, DamagedStore if records.keys is not what was
    written, StoreError if it is missing.
    """
    sidecar = _read(folder / NAME)
    tried = [
        wrapped for wrapped in sidecar["slots"] if wrapped["kind"] == secret.kind and slot in ("", wrapped["name"])
    ]
    candidates = [secret.material] if secret.kind == "data key" else (_unwrap(wrapped, secret) for wrapped in tried)
    for material in candidates:
        if material is not None and hmac.compare_digest(_check(DataKey(material)), sidecar["check"]):
            return DataKey(material)
    if secret.kind == "passphrase":
        raise WrongPassphrase("collect.key.wrong_passphrase", folder=folder)
    key_file = secret.kind == "key file"
    raise WrongPassphrase("collect.key.wrong_file" if key_file else "collect.key.wrong_data_key", folder=folder)


def slots(folder: Path) -> tuple[str, ...]:
    """Who can open the record, by name."""
    return tuple(one["name"] for one in _read(folder / NAME)["slots"])


def add_slot(folder: Path, key: DataKey, *, secret: Secret, slot: str, cost: int = COST) -> None:
    """Let one more person, or key file, open the record."""
    sidecar = _read(folder / NAME)
    _belongs(key, sidecar, folder)
    if any(one["name"] == slot for one in sidecar["slots"]):
        raise StoreError("collect.key.slot_there", slot=slot)
    sidecar["slots"].append(_wrap(key, secret, slot=slot, cost=cost))
    _write(folder / NAME, sidecar)


def remove_slot(folder: Path, key: DataKey, *, slot: str) -> None:
    """Take a person's slot away. Older copies of records.keys still hold it: destroy those too."""
    sidecar = _read(folder / NAME)
    _belongs(key, sidecar, folder)
    left = [one for one in sidecar["slots"] if one["name"] != slot]
    if len(left) == len(sidecar["slots"]):
        raise StoreError("collect.key.no_slot", slot=slot, hint=nearest(slot, slots(folder)))
    if not left:
        raise StoreError("collect.key.last_slot", slot=slot)
    _write(folder / NAME, sidecar | {"slots": left})


def _belongs(key: DataKey, sidecar: Mapping[str, Any], folder: Path) -> None:
    if not hmac.compare_digest(_check(key), sidecar["check"]):
        raise WrongPassphrase("collect.key.wrong_data_key", folder=folder)


def _check(key: DataKey) -> str:
    return key.derive("check").hex()


def _wrap(key: DataKey, secret: Secret, *, slot: str, cost: int) -> dict[str, Any]:
    if not slot.strip():
        raise StoreError("collect.key.unnamed")
    if secret.kind == "data key":
        raise StoreError("collect.key.own_secret")
    if secret.kind == "passphrase" and len(secret.material.decode("utf-8")) < SHORTEST:
        raise StoreError("collect.key.short", n=SHORTEST)
    about: dict[str, Any] = {"name": slot, "kind": secret.kind}
    if secret.kind == "passphrase":
        about["scrypt"] = {"n": cost, "r": 8, "p": 1, "salt": secrets.token_hex(16)}
    nonce = secrets.token_bytes(12)
    wrapped = AESGCM(_wrapping_key(about, secret)).encrypt(nonce, key.material, _about(about))
    return about | {"wrapped": base64.b64encode(nonce + wrapped).decode("ascii")}


def _unwrap(slot: Mapping[str, Any], secret: Secret) -> bytes | None:
    blob = base64.b64decode(slot["wrapped"])
    about = {name: slot[name] for name in slot if name != "wrapped"}
    try:
        return AESGCM(_wrapping_key(about, secret)).decrypt(blob[:12], blob[12:], _about(about))
    except InvalidTag:
        return None


def _about(about: Mapping[str, Any]) -> bytes:
    return json.dumps(about, sort_keys=True).encode("utf-8")


def _wrapping_key(about: Mapping[str, Any], secret: Secret) -> bytes:
    if secret.kind == "key file":
        return derived(secret.material, "key file")
    cost = about["scrypt"]
    salt = bytes.fromhex(cost["salt"])
    return Scrypt(salt=salt, length=32, n=cost["n"], r=cost["r"], p=cost["p"]).derive(secret.material)


def _digest(sidecar: Mapping[str, Any]) -> str:
    return hashlib.sha256(_about({name: sidecar[name] for name in sidecar if name != "digest"})).hexdigest()


def _read(path: Path) -> dict[str, Any]:
    try:
        sidecar = json.loads(path.read_text(encoding="utf-8"))
        intact = sidecar["digest"] == _digest(sidecar)
        known = intact and sidecar["format"] == 1
        costs = [slot["scrypt"]["n"] for slot in sidecar["slots"] if slot["kind"] == "passphrase"]
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
