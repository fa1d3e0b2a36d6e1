"""What opens the record: a passphrase, a key file or the data key itself, and where it comes from."""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
import stat
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from evaluation.errors import StoreError, WrongPassphrase
from evaluation.texts import Message

KEY_FILE, PASSPHRASE, DESCRIPTOR = "EVALUATION_KEY_FILE", "EVALUATION_PASSPHRASE", "EVALUATION_KEY_FD"

LASTING = ("fingerprint", "incoming", "ledger", "plan")
"""What the derived keys are for that outlive a change of the data key: seals and digests that were written before."""


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

    kind: Literal["passphrase", "key file", "recovery code", "data key"]
    material: bytes


@dataclass(frozen=True, slots=True, repr=False)
class DataKey(_NeverShown):
    """The 32 random bytes from which every key of one record is derived.

    ``kept`` are the derived keys that outlive a change of the data key, by their purpose: what was sealed
    with them before must still be known for genuine.
    """

    material: bytes
    kept: Mapping[str, bytes] = field(default_factory=dict)

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose (HKDF-SHA256); keys of different purposes tell nothing of each other."""
        return self.kept.get(purpose) or derived(self.material, purpose)


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
