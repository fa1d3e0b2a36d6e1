"""An office's identity, by which others close parcels for it and know its own, and the offices that it knows."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from evaluation.collect.record.current import Execute
from evaluation.errors import BadArgument

_SECRET, _KNOWN = "office", "offices"


@dataclass(frozen=True, slots=True)
class Office:
    """What other offices are given: whom a parcel is closed for (age), and whose signature it bears (Ed25519)."""

    recipient: str
    signer: bytes = field(repr=False)

    def __str__(self) -> str:
        """One word to copy."""
        return f"{self.recipient}.{base64.urlsafe_b64encode(self.signer).decode('ascii').rstrip('=')}"

    def signed(self, content: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.signer).verify(signature, content)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """The secret half: it opens what was closed for the office, and signs what it sends."""

    opening: str
    signing: bytes

    @property
    def office(self) -> Office:
        public = Ed25519PrivateKey.from_private_bytes(self.signing).public_key().public_bytes_raw()
        return Office(str(pyrage.x25519.Identity.from_str(self.opening).to_public()), public)

    def sign(self, content: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.signing).sign(content)


def parse(text: str) -> Office:
    """The office whose identity was copied here. Raises BadArgument where it was cut or mistyped."""
    recipient, _, signer = text.strip().partition(".")
    try:
        pyrage.x25519.Recipient.from_str(recipient)
        public = base64.urlsafe_b64decode(signer + "=" * (-len(signer) % 4))
        Ed25519PublicKey.from_public_bytes(public)
    except (pyrage.RecipientError, ValueError):
        raise BadArgument("collect.parcel.no_office") from None
    return Office(recipient, public)


def identity(execute: Execute) -> Identity:
    """The identity of the office whose record it is, made when it is first asked for; in one open transaction."""
    row = execute("SELECT value FROM meta WHERE name = ?", (_SECRET,)).fetchone()
    if row is not None:
        written = json.loads(row[0])
        return Identity(written["opening"], bytes.fromhex(written["signing"]))
    made = Identity(str(pyrage.x25519.Identity.generate()), Ed25519PrivateKey.generate().private_bytes_raw())
    written = {"opening": made.opening, "signing": made.signing.hex()}
    execute("INSERT INTO meta VALUES (?, ?)", (_SECRET, json.dumps(written)))
    return made


def forget(execute: Execute) -> bool:
    """Give up the identity, which whoever copied the record has, too; whether there was one."""
    return bool(execute("DELETE FROM meta WHERE name = ?", (_SECRET,)).rowcount)


def known(execute: Execute) -> tuple[Office, ...]:
    """The offices with which parcels were exchanged, as somebody here named them."""
    row = execute("SELECT value FROM meta WHERE name = ?", (_KNOWN,)).fetchone()
    return tuple(parse(text) for text in json.loads(row[0])) if row else ()


def know(office: Office, execute: Execute) -> None:
    """Believe parcels that the office signs from now on."""
    offices = [str(each) for each in dict.fromkeys((*known(execute), office))]
    execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_KNOWN, json.dumps(offices)))
