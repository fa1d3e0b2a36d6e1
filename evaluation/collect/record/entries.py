"""One entry of the record: what a person did, sealed with a key of its own and linked to the entry before."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
import math
import os
import re
import time
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from json.encoder import encode_basestring_ascii
from typing import Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from evaluation.codec import nearest
from evaluation.errors import DamagedStore, StoreError

Kind = Literal["row", "correction", "withdrawal", "erasure"]
KINDS: tuple[str, ...] = ("row", "correction", "withdrawal", "erasure")
Cell = str | int | float | bool | None
"""One stored cell; None is an empty one. Dates are kept as ISO text."""

RELEASES = "(releases)"
"""The table of the releases made, which no project declares: one row for each line of the ledger."""

FIRST = bytes(32)
"""What the first entry of a device's chain is linked to."""

_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")  # as it is written here
_NONCE = 12
_SIZES = [size.to_bytes(8, "big") for size in range(2048)]
_PADDING = 256  # the length of a sealed answer must not tell the answer once its key is gone


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to record. ``id`` is made by whoever submits it, so that sending it again changes nothing.

    ``actor`` is the named person who did it; ``payload`` is what is recorded, as JSON has it, and never shown.
    """

    id: str
    kind: Kind
    actor: str
    payload: Mapping[str, Any] = field(repr=False, hash=False)

    def __post_init__(self) -> None:
        if not (isinstance(self.id, str) and _ID.fullmatch(self.id)):
            try:
                object.__setattr__(self, "id", str(uuid.UUID(self.id)))
            except (ValueError, AttributeError, TypeError):
                raise StoreError("collect.entry.id", id=str(self.id)) from None
        if self.kind not in KINDS:
            raise StoreError("collect.entry.kind", kind=self.kind, hint=nearest(self.kind, KINDS))
        if not self.actor.strip():
            raise StoreError("collect.entry.actor")

    @property
    def content(self) -> str:
        """The payload as canonical JSON."""
        return canonical(self.payload)


def row(
    table: str,
    *,
    key: Sequence[str],
    values: Mapping[str, object],
    actor: str,
    version: str = "",
    reviewed: Collection[str] = (),
    id: str | None = None,
) -> Entry:
    """One new row of ``table``; ``key`` names the columns of ``values`` that say which row it is.

    ``table`` is a table's name or a questionnaire's id; ``version`` is the version of the form that was
    filled in. ``reviewed``: columns whose free text looks personal and that the actor has read and let through.
    Raises StoreError where a key column is empty or a cell cannot be stored.
    """
    cells = _cells(values)
    place(key, cells)
    content = {"table": table, "key": list(key), "values": cells, "version": version, **_reviewed(reviewed)}
    return Entry(_submission(id), "row", actor, content)


def correction(
    of: str,
    *,
    values: Mapping[str, object] | None,
    actor: str,
    reviewed: Collection[str] = (),
    id: str | None = None,
) -> Entry:
    """The row with submission id ``of`` now holds ``values`` (all its columns); None strikes the row out.

    ``reviewed`` as for ``row``.
    """
    cells = None if values is None else _cells(values)
    content = {"of": of.lower(), "values": cells, **_reviewed(reviewed)}
    return Entry(_submission(id), "correction", actor, content)


def withdrawal(participant: str, *, since: dt.date, actor: str, id: str | None = None) -> Entry:
    """From ``since`` on, the participant no longer consents to being counted in reports of outcomes."""
    content = {"participant": participant, "since": since.isoformat()}
    return Entry(_submission(id), "withdrawal", actor, content)


def erasure(participant: str, *, actor: str, id: str | None = None) -> Entry:
    """Everything recorded of the participant is destroyed, and the code is never used again."""
    return Entry(_submission(id), "erasure", actor, {"participant": participant})


def released(number: int, *, name: str, head: str, actor: str, kept: Mapping[str, str] | None = None) -> Entry:
    """The release ``name`` was made; ``head`` stands for the ledger up to it, its line ``number``.

    ``kept``: that line and its bundle, so that both can be written again.
    """
    values = {"number": number, "release": name, "head": head, **(kept or {})}
    return row(RELEASES, key=["number"], values=values, actor=actor, id=str(uuid.uuid5(uuid.NAMESPACE_OID, head)))


def new_id() -> str:
    """A submission id: a UUID of version 7 (RFC 9562 §5.7), so that ids made one after another lie together.

    Random ones change a page each in three indexes, of which a large record has more than memory holds.
    """
    bits = time.time_ns() // 1_000_000 << 80 | int.from_bytes(os.urandom(10))
    written = f"{bits & ~(0xF << 76 | 0x3 << 62) | 0x7 << 76 | 0x2 << 62:032x}"
    return f"{written[:8]}-{written[8:12]}-{written[12:16]}-{written[16:20]}-{written[20:]}"


def place(key: Sequence[str], cells: Mapping[str, Cell]) -> tuple[str, ...]:
    """The cells of the ``key`` columns as text: which row of its table this is."""
    for name in key:
        if cells.get(name) in (None, ""):
            raise StoreError("collect.entry.empty_key", column=name)
    return tuple(str(cells[name]) for name in key)


def written(place: Iterable[str]) -> str:
    """The cells of the key columns as ``json.dumps`` writes their list, in a third of the time."""
    return f"[{', '.join(map(encode_basestring_ascii, place))}]"


def canonical(content: Mapping[str, Any]) -> str:
    """JSON that is the same text whenever the content is the same."""
    return _CANONICAL.encode(content)


def seal(key: bytes, text: str, *, entry_id: str) -> bytes:
    """``text`` encrypted with AES-256-GCM, its length hidden, tied to the entry it belongs to."""
    plain = text.encode("utf-8")
    plain += b" " * (-len(plain) % _PADDING)
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, entry_id.encode("ascii"))


def unseal(key: bytes, sealed: bytes, *, entry_id: str, entry: int) -> str:
    """The text that was sealed. Raises DamagedStore with the entry's number."""
    try:
        plain = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], entry_id.encode("ascii"))
        return plain.rstrip(b" ").decode("utf-8")
    except (InvalidTag, ValueError):
        raise damaged(entry) from None


def clock(recorded_at: str) -> int:
    """The second in which an entry was made, with room for whoever saw a later one of another device."""
    return int(dt.datetime.fromisoformat(recorded_at).timestamp()) << 20


def damaged(entry: int) -> DamagedStore:
    """The sentence for an entry that is not what was written."""
    return DamagedStore("collect.record.entry", entry=str(entry))


def link(previous: bytes, *, about: tuple[str, int, str, str, str, str], sealed: bytes) -> bytes:
    """The chain's next hash: SHA-256 over the previous one, the entry's open fields and its sealed form.

    It runs over the sealed form so that it still holds after an erasure and nobody can guess answers from it.
    """
    device, seq, id, at, actor, kind = about  # one by one: a record has very many entries
    number, name = b"%d" % seq, id.encode()
    parts = (_again(device), _size(number), number, _size(name), name, _again(at), _again(actor), _again(kind))
    return hashlib.sha256(b"".join((previous, *parts, _size(sealed), sealed))).digest()


def _size(part: bytes) -> bytes:
    return _SIZES[len(part)] if len(part) < len(_SIZES) else len(part).to_bytes(8, "big")


@functools.lru_cache(maxsize=256)
def _again(text: str) -> bytes:
    """The size and bytes of what many entries share."""
    part = text.encode()
    return _size(part) + part


def _submission(id: str | None) -> str:
    return new_id() if id is None else id


def _reviewed(columns: Collection[str]) -> dict[str, list[str]]:
    return {"reviewed": sorted(columns)} if columns else {}


def _cells(values: Mapping[str, object]) -> dict[str, Cell]:
    return {
        str(name): value if value is None or (type(value) is str and value.isascii()) else _cell(str(name), value)
        for name, value in values.items()
    }


def _cell(name: str, value: object) -> Cell:
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise StoreError("collect.entry.characters", column=name)
        return value
    if value is None or value != value:  # NaN and NaT are the only values unlike themselves
        return None
    if isinstance(value, dt.datetime):
        if value.time() != dt.time():
            raise StoreError("collect.entry.time", column=name)
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if not isinstance(value, (bool, int, float)) and hasattr(value, "item"):
        value = value.item()  # a numpy number
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise StoreError("collect.entry.type", column=name)
