"""The record as the pages reach it: one thread owns the open file, another tries passphrases, none blocks the loop."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from evaluation.collect.access import keys
from evaluation.collect.access.keys import DataKey
from evaluation.collect.record.current import Current
from evaluation.collect.record.drafts import Drafts
from evaluation.collect.record.replay import Row
from evaluation.collect.record.store import Store
from evaluation.collect.safety import seen
from evaluation.errors import StoreError
from evaluation.schema import Declaration
from evaluation.texts import Message

Answer = TypeVar("Answer")


Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """The open record and what lies beside its entries; only the record's thread has it.

    A page opens the rows that it shows; small tables, and which rows there are of the others, are kept until
    one of them changes.
    """

    store: Store
    drafts: Drafts
    key: DataKey
    _rows: dict[str, tuple[tuple[int, ...], tuple[Row, ...]]] = field(default_factory=dict, repr=False)
    _places: dict[str, tuple[tuple[int, ...], tuple[Key, ...]]] = field(default_factory=dict, repr=False)

    def of(self, table: str) -> tuple[Row, ...]:
        """The rows of a table as they hold today, in the order they were recorded."""

        def read(current: Current) -> tuple[Row, ...]:
            stamp = current.stamp(table)
            if table not in self._rows or self._rows[table][0] != stamp:
                self._rows[table] = stamp, current.rows(table)
            return self._rows[table][1]

        return self.store.ask(read)

    def places(self, table: str) -> tuple[Key, ...]:
        """The keys of all rows of a table; opens none."""

        def read(current: Current) -> tuple[Key, ...]:
            stamp = current.stamp(table)
            if table not in self._places or self._places[table][0] != stamp:
                self._places[table] = stamp, tuple(current.places(table))
            return self._places[table][1]

        return self.store.ask(read)

    def row(self, table: str, place: Sequence[str]) -> Row | None:
        """One row by its key."""
        return self.store.ask(lambda current: current.row(table, place))

    def held(self, row_id: str) -> Row | None:
        """One row by its submission id."""
        return self.store.ask(lambda current: current.held(row_id))


@dataclass(slots=True)
class Office:
    """One project's folder as the pages work on it; ``now`` is the clock, ``notices`` what else is to be told today.

    The record is open while somebody is signed in, and its key is in memory no longer.
    """

    folder: Path
    declaration: Declaration
    now: Callable[[], dt.datetime]
    notices: Callable[[], tuple[Message, ...]] = tuple
    _opened: Opened | None = None
    _record: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "record"))
    _keys: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "keys"))
    _codes: dict[str, str] = field(default_factory=dict)
    _slots: tuple[tuple[int, ...], Mapping[str, str]] = field(default_factory=lambda: ((), {}))

    @property
    def today(self) -> dt.date:
        return self.now().date()

    async def unlock(self, name: str, passphrase: str) -> keys.Opened:
        """Open the record with a named person's passphrase; who she is. Raises WrongPassphrase, or what hinders it."""
        loop = asyncio.get_running_loop()
        unlocked = await loop.run_in_executor(self._keys, self._unlocked, name, passphrase)
        await loop.run_in_executor(self._record, self._open, unlocked.key)
        return unlocked

    def slot(self, name: str) -> str:
        """What stands for a person's key slot as it is now; empty where she has none any more.

        It is another one after every change: of her passphrase or role, of the record's key.
        """
        try:
            written = (self.folder / keys.NAME).stat()
            stamp = (written.st_mtime_ns, written.st_size, written.st_ino)
            if self._slots[0] != stamp:
                self._slots = stamp, keys.fingerprints(self.folder)
        except (OSError, StoreError):
            return ""
        return self._slots[1].get(name, "")

    async def ask(self, question: Callable[[Opened], Answer]) -> Answer:
        """What ``question`` answers in the record's thread, one after the other."""
        return await asyncio.get_running_loop().run_in_executor(self._record, self._asked, question)

    async def lock(self) -> None:
        """Close the record and forget its key."""
        await asyncio.get_running_loop().run_in_executor(self._record, self._close)

    def close(self) -> None:
        """Lock, and end the threads."""
        self._record.submit(self._close).result()
        self._record.shutdown()
        self._keys.shutdown()

    # --- codes never stand in an address ----------------------------------------------------------

    async def reference(self, code: str) -> str:
        """What stands for a participant's code in the address of a page; without the key it tells nothing."""
        return await self.ask(lambda opened: reference(opened.key, code))

    async def code(self, wanted: str) -> str | None:
        """The participant that ``reference`` stands for; None where there is none."""
        return await self.ask(lambda opened: self._code(opened, wanted))

    def _code(self, opened: Opened, wanted: str) -> str | None:
        if wanted not in self._codes:
            self._codes = {reference(opened.key, code): code for (code,) in opened.places("participants")}
        return self._codes.get(wanted)

    # --- in the threads ---------------------------------------------------------------------------

    def _unlocked(self, name: str, passphrase: str) -> keys.Opened:
        return keys.unlock(self.folder, keys.passphrase(passphrase), slot=name)

    def _open(self, key: DataKey) -> None:
        if self._opened is None:
            store = Store.open(self.folder, key)
            try:
                seen.check(store, self.folder, where=seen.folder())
                self._opened = Opened(store, Drafts(store), key)
            except BaseException:
                store.close()
                raise

    def _asked(self, question: Callable[[Opened], Answer]) -> Answer:
        if self._opened is None:
            raise StoreError("desk.locked")
        return question(self._opened)

    def _close(self) -> None:
        if self._opened is not None:
            with contextlib.suppress(StoreError):  # what was done is acknowledged already
                seen.check(self._opened.store, self.folder, where=seen.folder())
            self._opened.store.close()
        self._opened, self._codes = None, {}


def reference(key: DataKey, code: str) -> str:
    """A keyed digest of a participant's code, the same on every day."""
    return hmac.new(key.derive("desk"), code.encode("utf-8"), hashlib.sha256).hexdigest()[:20]
