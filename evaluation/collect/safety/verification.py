"""Everything that can be checked of a record: each page, each entry and its link, and what is derived from them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from evaluation.collect.record import current, database, entries, state, trail
from evaluation.collect.record.current import Execute
from evaluation.collect.record.file import pages
from evaluation.collect.record.replay import Sealed
from evaluation.collect.record.store import Store
from evaluation.errors import DamagedStore
from evaluation.texts import Message

_TOLD = 20  # places told one by one; a file that fell to pieces has thousands


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found: how many entries, the last hash of each device's chain, and every broken place."""

    entries: int
    heads: dict[str, str]
    faults: tuple[Message, ...]


def verified(store: Store, *, printed: str = "") -> Verified:
    """Check the whole of an open record; ``printed`` is a head that an earlier report shows."""
    found: Verified | None = None
    try:
        broken = store.broken_pages()
        with store.transaction("DEFERRED") as execute:
            found = verify(execute, printed=printed, broken=broken)
    except DamagedStore:  # a file with a broken page does not even end a transaction
        if found is None:
            raise
    return found


def verify(execute: Execute, *, printed: str = "", broken: Sequence[int] | None = None) -> Verified:
    """Check the whole record inside one transaction; ``broken``: its broken pages, looked for here where None."""
    faults = list(_pages(execute, [*pages.faults(execute).values()] if broken is None else broken))
    try:
        chain = list(current.chain(execute))
        of_trail = trail.faults(execute)
    except (sqlcipher.Error, MemoryError):  # a page could not be decrypted
        return Verified(0, {}, (*faults, Message("collect.verify.unread")))
    heads = {sealed.device: sealed.hash.hex() for sealed in chain}
    broken = list(_links(chain))
    faults += [Message("collect.verify.entry", n=number) for number in broken[:_TOLD]]
    if len(broken) > _TOLD:
        faults.append(Message("collect.verify.more", n=len(broken) - _TOLD))
    if printed and printed.lower() not in {"0" * 64, *(sealed.hash.hex() for sealed in chain)}:
        faults.append(Message("collect.verify.cut"))
    faults += of_trail
    if not faults and not _derived(execute):
        faults.append(Message("collect.verify.derived"))
    return Verified(len(chain), heads, tuple(faults))


def broken_pages(path: Path, key: bytes) -> tuple[Message, ...]:
    """The pages that are not what was written, of a file that no longer opens; none where that cannot be told."""
    with contextlib.closing(database.read_only(path, key)) as connection:
        try:
            return tuple(_pages(connection.execute, pages.broken(path, connection.execute)))
        except (sqlcipher.Error, MemoryError):
            return ()


def _pages(execute: Execute, broken: Sequence[int]) -> Iterator[Message]:
    """The pages of the file that are not what was written, and what SQLite finds besides."""
    found = [page for page in broken if page]
    for page in found[:_TOLD]:
        yield Message("collect.verify.page", n=page)
    if len(found) > _TOLD:
        yield Message("collect.verify.more", n=len(found) - _TOLD)
    if not found and (broken or _answer(execute, "PRAGMA integrity_check") != [("ok",)]):
        yield Message("collect.verify.structure")


def _answer(execute: Execute, query: str) -> list[tuple[Any, ...]] | None:
    try:
        return [tuple(row) for row in execute(query).fetchall()]
    except (sqlcipher.Error, MemoryError):
        return None


def _links(chain: Sequence[Sealed]) -> Iterator[int]:
    """The number of each entry that is not what was written; those after it are held against what stands there."""
    last: dict[str, tuple[int, bytes]] = {}
    closed: dict[str, int] = {}
    destroyed: set[str] = set()
    for sealed in chain:
        seq, previous = last.get(sealed.device, (0, entries.FIRST))
        intact = sealed.seq == seq + 1
        intact = intact and sealed.hash == entries.link(previous, about=sealed.about, sealed=sealed.sealed)
        last[sealed.device] = (sealed.seq, sealed.hash)
        if sealed.key is None:
            closed[sealed.id] = sealed.number
        else:
            try:
                text = entries.unseal(sealed.key, sealed.sealed, entry_id=sealed.id, entry=sealed.number)
                destroyed.update(json.loads(text).get("destroyed", ()))
            except (DamagedStore, ValueError):
                intact = False
        if not intact:
            yield sealed.number
    yield from sorted(number for id, number in closed.items() if id not in destroyed)


def _derived(execute: Execute) -> bool:
    """Whether what is kept beside the entries is what they say."""
    agrees: Callable[..., bool] = state.agrees
    return not _answer(execute, "PRAGMA foreign_key_check") and agrees(execute, current.replayed(execute))
