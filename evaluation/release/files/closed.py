"""What a line of the ledger keeps of hidden numbers, closed to whoever has no more than the releases folder."""

from __future__ import annotations

import base64
import hmac
import zlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE, _LENGTH = 12, 1024


def close(text: str, key: bytes, *, release: str) -> str:
    """The text for the holder of the ledger's key alone; its length says next to nothing, and so does a second time.

    The nonce follows from the text and the key, so that one release always gives the same line.
    """
    plain = zlib.compress(text.encode("utf-8"), 9)
    plain += bytes(-len(plain) % _LENGTH)
    nonce = hmac.digest(_derived(key, "nonce"), release.encode("utf-8") + b"\0" + plain, "sha256")[:_NONCE]
    sealed = AESGCM(_derived(key, "closed")).encrypt(nonce, plain, release.encode("utf-8"))
    return base64.b64encode(nonce + sealed).decode("ascii")


def opened(closed: str, key: bytes, *, release: str) -> str | None:
    """The text again; None for another key, and for what was not closed by ``close``."""
    try:
        sealed = base64.b64decode(closed)
        plain = AESGCM(_derived(key, "closed")).decrypt(sealed[:_NONCE], sealed[_NONCE:], release.encode("utf-8"))
        return zlib.decompressobj().decompress(plain).decode("utf-8")
    except (InvalidTag, ValueError, zlib.error):
        return None


def _derived(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, f"ledger/{purpose}".encode(), "sha256")
