"""The record as the pages reach it: one thread owns the open file, another tries passphrases, none blocks the loop."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hmac
import queue
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from evaluation.collect.access import keys
from evaluation.collect.access.keys import DataKey
from evaluation.collect.record import trail
from evaluation.collect.record.drafts import Draft, Drafts
from evaluation.collect.record.replay import Row
from evaluation.collect.record.store import Store, utc_now
from evaluation.collect.record.trail import Act, Trace
from evaluation.collect.safety import seen
from evaluation.desk.dropped import Sent, TakeIn, Told
from evaluation.desk.kept import Kept, Key
from evaluation.errors import StoreError
from evaluation.schema import Declaration
from evaluation.texts import Message

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Opened:
    """The open record and what lies beside its entries; only the record's thread has it.

    A page opens the rows that it shows; small tables, and which rows there are of the others, are kept.
    """

    store: Store
    drafts: Drafts
    key: DataKey
    _kept: Kept = field(default_factory=Kept, repr=False)

    def of(self, table: str) -> tuple[Row, ...]:
        """The rows of a table as they hold today, in the order they were recorded."""
        return self.store.ask(lambda current: self._kept.rows(table, current))

    def places(self, table: str) -> Collection[Key]:
        """The keys of all rows of a table, in no order; opens none."""
        return self.folded(table, "keys", dict[Key, None], lambda keys, key: keys.setdefault(key)).keys()

    def folded(self, table: str, name: str, start: Callable[[], Answer], add: Callable[[Answer, Key], None]) -> Answer:
        """What ``add`` makes of the keys of all rows, called ``name``; a row that comes in is added alone."""
        made: Answer = self.store.ask(lambda current: self._kept.folded(table, name, start, add, current))
        return made

    def once(self, question: Hashable, tables: Collection[str], answer: Callable[[], Answer]) -> Answer:
        """What ``answer`` finds in the ``tables``, found again only after a row of them was recorded."""
        kept = self.store.ask(lambda current: self._kept.told(question, tables, current))
        if not kept:  # where something is recorded meanwhile, another list is asked for the next time
            kept.append(answer())
        found: Answer = kept[0]
        return found

    def row(self, table: str, place: Sequence[str]) -> Row | None:
        """One row by its key."""
        return self.store.ask(lambda current: current.row(table, place))

    def held(self, row_id: str) -> Row | None:
        """One row by its submission id."""
        return self.store.ask(lambda current: current.held(row_id))


@dataclass(slots=True)
class Office:
    """One project's folder as the pages work on it; ``now`` is the clock, ``notices`` what else is to be told today,
    ``files`` takes a file in, in a process of its own.

    The record is open while somebody is signed in, and its key is in memory no longer. ``beside`` is locked and
    closed with it: what staff practise on.
    """

    folder: Path
    declaration: Declaration
    now: Callable[[], dt.datetime]
    notices: Callable[[], tuple[Message, ...]] = tuple
    files: TakeIn | None = None
    beside: Office | None = None
    _opened: Opened | None = None
    _traces: list[Trace] = field(default_factory=list, repr=False)
    _record: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "record"))
    _keys: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "keys"))
    _files: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "files"))
    _unsaved: queue.SimpleQueue[tuple[Draft, Future[Draft]]] = field(default_factory=queue.SimpleQueue)
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

    async def save(self, unsaved: Draft) -> Draft:
        """The draft as it lies on the disk; those that wait at the same time are written together.

        Raises Overtaken, Submitted or another StoreError where it was not saved.
        """
        saved: Future[Draft] = Future()
        self._unsaved.put((unsaved, saved))
        self._record.submit(self._save)
        return await asyncio.wrap_future(saved)

    async def note(self, act: Act, *, actor: str, page: str = "", about: str = "", participant: str = "") -> None:
        """Keep who did what. Where the record is locked or another program writes, it is written with the next."""
        self._traces.append(Trace(utc_now(), actor, act, page, about, participant))
        await asyncio.get_running_loop().run_in_executor(self._record, self._write_traces)

    async def take_in(self, sent: Sent) -> Told:
        """What becomes of a file, or would; files are taken one after the other. Raises EvaluationError."""
        if self.files is None:
            raise StoreError("desk.file.failed")
        key = await self.ask(lambda opened: opened.key)
        return await asyncio.get_running_loop().run_in_executor(self._files, self.files, key, sent)

    async def lock(self) -> None:
        """Close the record and forget its key."""
        if self.beside is not None:
            await self.beside.lock()
        await asyncio.get_running_loop().run_in_executor(self._record, self._close)

    def close(self) -> None:
        """Lock, and end the threads."""
        if self.beside is not None:
            self.beside.close()
        self._record.submit(self._close).result()
        self._record.shutdown()
        self._keys.shutdown()
        self._files.shutdown()

    # --- codes never stand in an address ----------------------------------------------------------

    async def reference(self, code: str) -> str:
        """What stands for a participant's code in the address of a page; without the key it tells nothing."""
        return await self.ask(lambda opened: reference(opened.key, code))

    async def code(self, wanted: str) -> str | None:
        """The participant that ``reference`` stands for; None where there is none."""
        return await self.ask(lambda opened: self._code(opened, wanted))

    def _code(self, opened: Opened, wanted: str) -> str | None:
        if wanted not in self._codes:
            codes = [code for (code,) in opened.places("participants")]
            self._codes = {refers: code for code, refers in references(opened.key, codes).items()}
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

    def _write_traces(self) -> None:
        if self._opened is not None and self._traces:
            waiting, self._traces = self._traces, []
            try:
                trail.add(self._opened.store, waiting)
            except StoreError:
                self._traces = [*waiting, *self._traces]

    def _asked(self, question: Callable[[Opened], Answer]) -> Answer:
        if self._opened is None:
            raise StoreError("desk.locked")
        return question(self._opened)

    def _save(self) -> None:
        """Save every draft that waits, and say so only once all of them lie on the disk."""
        waiting = []
        with contextlib.suppress(queue.Empty):
            while True:
                waiting.append(self._unsaved.get_nowait())
        drafts = [draft for draft, _ in waiting]
        try:
            told: Sequence[Draft | Exception] = (
                self._asked(lambda opened: opened.drafts.save_all(drafts)) if drafts else ()
            )
        except Exception as error:
            told = [error] * len(drafts)
        for (_, saved), answer in zip(waiting, told, strict=True):
            if isinstance(answer, Draft):
                saved.set_result(answer)
            else:
                saved.set_exception(answer)

    def _close(self) -> None:
        self._write_traces()
        if self._opened is not None:
            with contextlib.suppress(StoreError):  # what was done is acknowledged already
                seen.check(self._opened.store, self.folder, where=seen.folder())
            self._opened.store.close()
        self._opened, self._codes = None, {}


def reference(key: DataKey, code: str) -> str:
    """A keyed digest of a participant's code, the same on every day."""
    return references(key, (code,))[code]


def references(key: DataKey, codes: Iterable[str]) -> dict[str, str]:
    """The keyed digest of each code."""
    own = key.derive("desk")
    return {code: hmac.digest(own, code.encode("utf-8"), "sha256").hex()[:20] for code in codes}
