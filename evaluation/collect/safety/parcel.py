"""A parcel: all entries of a record in one file that only the named offices open and that says who closed it."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyrage

from evaluation import files
from evaluation.collect.record.entries import KINDS
from evaluation.collect.record.replay import Sealed
from evaluation.collect.record.store import Store
from evaluation.collect.safety import office as offices
from evaluation.collect.safety.merging import Merged, Shared, merge, shared
from evaluation.collect.safety.office import Office
from evaluation.errors import BadArgument, DamagedStore, StoreError

FORMAT = "parcel/1"
_SIGNATURE = 64


def identity(store: Store) -> Office:
    """What other offices are given so that they can exchange parcels with this one."""
    with store.transaction("IMMEDIATE") as execute:
        return offices.identity(execute).office


def make(store: Store, project: str, file: Path, *, to: Sequence[Office]) -> int:
    """Write a parcel for the offices ``to``, whose own parcels are believed from now on; how many entries it has.

    Raises BadArgument where the file is there or no office is named, StoreError where it cannot be written.
    """
    if not to:
        raise BadArgument("collect.parcel.nobody")
    if file.exists():
        raise BadArgument("collect.parcel.there", file=file)
    with store.transaction("IMMEDIATE") as execute:
        own = offices.identity(execute)
        for each in to:
            offices.know(each, execute)
        sent = shared(execute)
    about = {
        "format": FORMAT,
        "project": project,
        "from": str(own.office),
        "entries": [_written(each) for each in sent],
    }
    content = zlib.compress(json.dumps(about).encode("utf-8"), 1)
    recipients = [pyrage.x25519.Recipient.from_str(each.recipient) for each in to]
    try:
        files.write(file, pyrage.encrypt(own.sign(content) + content, recipients), private=True)
    except OSError:
        raise StoreError("collect.parcel.unwritable", file=file) from None
    return len(sent)


def take(store: Store, project: str, file: Path, *, actor: str, sender: Office | None = None) -> Merged:
    """Add what a parcel brings. ``sender``: an office that is believed from now on.

    Raises StoreError where the parcel is not for this office, of another project, or of an office that nobody
    here named; DamagedStore where it is not what was sent. Then nothing has changed.
    """
    with store.transaction("IMMEDIATE") as execute:
        own, believed = offices.identity(execute), {*offices.known(execute), *([sender] if sender else [])}
    content, signature = _opened(file, own.opening)
    try:
        about = json.loads(zlib.decompress(content))
        family, _, version = str(about["format"]).partition("/")
        closed_by = offices.parse(about["from"])
    except (ValueError, KeyError, TypeError, zlib.error, BadArgument):
        raise DamagedStore("collect.parcel.damaged", file=file) from None
    if family != "parcel" or version != "1":
        raise StoreError("collect.record.newer", file=file)
    if not closed_by.signed(content, signature):
        raise DamagedStore("collect.parcel.damaged", file=file)
    if closed_by not in believed:
        raise StoreError("collect.parcel.stranger", file=file, office=str(closed_by))
    if about["project"] != project:
        raise StoreError("collect.parcel.project", file=file, theirs=about["project"], ours=project)
    try:
        incoming = [_read(each) for each in about["entries"]]
    except (ValueError, KeyError, TypeError):
        raise DamagedStore("collect.parcel.damaged", file=file) from None
    merged = merge(store, incoming, actor=actor)
    if sender is not None:
        with store.transaction("IMMEDIATE") as execute:
            offices.know(sender, execute)
    return merged


def _opened(file: Path, opening: str) -> tuple[bytes, bytes]:
    """Content and signature of a parcel."""
    try:
        closed = file.read_bytes()
    except OSError:
        raise StoreError("collect.parcel.unreadable", file=file) from None
    try:
        opened = bytes(pyrage.decrypt(closed, [pyrage.x25519.Identity.from_str(opening)]))
    except pyrage.DecryptError as error:
        other = "no matching keys" in str(error).lower()
        raise StoreError("collect.parcel.not_for_us" if other else "collect.parcel.damaged", file=file) from None
    return opened[_SIGNATURE:], opened[:_SIGNATURE]


def _written(each: Shared) -> list[Any]:
    sealed = each.sealed
    key = None if sealed.key is None else sealed.key.hex()
    text = base64.b64encode(sealed.sealed).decode("ascii")
    return [*sealed.about, text, sealed.hash.hex(), key, each.participant]


def _read(values: Iterable[Any]) -> Shared:
    device, seq, id, at, actor, kind, sealed, hash, key, participant = values
    if kind not in KINDS or not all(isinstance(each, str) for each in (device, id, at, actor, participant)):
        raise ValueError(kind)
    return Shared(
        Sealed(0, id, device, int(seq), at, actor, kind, base64.b64decode(sealed), bytes.fromhex(hash),
               None if key is None else bytes.fromhex(key)),
        participant,
    )  # fmt: skip
