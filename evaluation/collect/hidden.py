"""Secrets: bytes that never show themselves and are never pickled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class _Hidden:
    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never written down.")


@dataclass(frozen=True, slots=True, repr=False)
class Secret(_Hidden):
    """What opens the record: the bytes of a passphrase, of a key file, or the data key itself."""

    kind: Literal["passphrase", "key file", "data key"]
    material: bytes


@dataclass(frozen=True, slots=True, repr=False)
class DataKey(_Hidden):
    """The 32 random bytes from which every key of one record is derived."""

    material: bytes

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose (HKDF-SHA256); keys of different purposes tell nothing of each other."""
        return derived(self.material, purpose)


def derived(material: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose from 32 random bytes."""
    info = b"evaluation/" + purpose.encode("utf-8")
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(material)
