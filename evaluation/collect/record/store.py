"""The encrypted record: entries are appended, all of a submission or none, and never changed."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from evaluation import files
from evaluation.collect.access import keys, place
from evaluation.collect.access.keys import DataKey, Secret
from evaluation.collect.record import admission, chain_end, current, database, fresh, state
from evaluation.collect.record.chain_end import ChainEnd, Clock, Writer
from evaluation.collect.record.current import Current, Execute
from evaluation.collect.record.entries import Entry
from evaluation.collect.record.file import faults
from evaluation.collect.record.file.transactions import Transactions
from evaluation.collect.record.fresh import Fresh
from evaluation.collect.record.replay import Content, Row
from evaluation.errors import DamagedStore, StoreError


def utc_now() -> dt.datetime:
    """The time now, in UTC."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What ``append`` acknowledges: entries stored, entries that were already there, the chain's head."""

    stored: int
    already: int
    head: str


Answer = TypeVar("Answer")


class Store:
    """An open record. Threads may share it; a forked process opens its own."""

    def __init__(self, path: Path, connection: database.Connection, *, key: DataKey, clock: Clock) -> None:
        self._path, self._connection, self._clock = path, connection, clock
        self._transactions = Transactions(path, connection)
        self._transaction = self._transactions.transaction
        self._end: tuple[tuple[int, int], ChainEnd] | None = None
        self._read: tuple[tuple[int, int], Content] | None = None
        self._device = str(self._one("SELECT value FROM meta WHERE name = 'device'")[0])
        with self._transaction("DEFERRED") as execute:
            self.key = DataKey(key.material, database.kept(execute))
            self.erased_in_journal = self._erasure_in_journal(execute) is not None
        if self.erased_in_journal:
            self.overwrite_journal(patient=False)

    # --- making and opening -----------------------------------------------------------------------

    @classmethod
    def create(cls, folder: Path, secret: Secret, *, slot: str, cost: int = keys.COST, clock: Clock = utc_now) -> Store:
        """A new record in ``folder`` (records.db and records.keys), which the person ``slot`` can open.

        Raises StoreError, and leaves nothing behind, if one is there, the folder is on a network or
        synchronised, or it cannot be written.
        """
        place.check(folder)
        for name in (database.NAME, keys.NAME):
            if (folder / name).exists():
                raise StoreError("collect.record.there", file=folder / name)
        try:
            scratch = Path(tempfile.mkdtemp(prefix=".records-", dir=folder))
        except OSError:
            raise StoreError("collect.record.folder", folder=folder) from None
        try:
            place.check_length(scratch / database.NAME)
            key = keys.create(scratch, secret, slot=slot, on=clock().date(), cost=cost)
            database.create(scratch / database.NAME, key.derive(database.NAME), device=str(uuid.uuid4()))
            files.publish([scratch / name for name in (keys.NAME, database.NAME)], folder)  # no record is without keys
        except FileExistsError:
            raise StoreError("collect.record.meantime", folder=folder) from None
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return cls.open(folder, key, clock=clock)

    @classmethod
    def open(cls, folder: Path, key: DataKey, *, clock: Clock = utc_now, patience: float = 30.0) -> Store:
        """The record in ``folder``; ``key`` is from ``keys.unlock``, ``patience`` in seconds for others.

        Raises StoreError if it is missing or lies where it would get damaged, DamagedStore if it is
        damaged or not the one the key is for.
        """
        place.check(folder)
        path = folder / database.NAME
        connection = database.connect(path, key.derive(database.NAME), patience=patience)
        try:
            return cls(path, connection, key=key, clock=clock)
        except BaseException:
            connection.close()
            raise

    def close(self) -> None:
        """Close the file; a closed store can be closed again."""
        with self._transactions.lock, contextlib.suppress(Exception):
            if self._transactions.own:
                with contextlib.suppress(Exception), self.unhurried():
                    pass  # the fresh rows are put among the others
                self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- writing ----------------------------------------------------------------------------------

    def append(self, entries: Iterable[Entry] | Callable[[Current], Iterable[Entry]]) -> Receipt:
        """Store all ``entries`` or none; whoever gets the receipt can rely on them being on the disk.

        A function asks what the record holds and makes the entries, one by one as they are stored if it gives an
        iterator; nobody else writes in between. An entry
        that is already there with the same content is passed over. Raises StoreError, with its place in
        ``entries``, for a submission id used for something else, a row that is already there, a correction of no
        row or to another row's place, and anything about a participant who was erased.
        """
        with self._writing() as (execute, end):
            if callable(entries):
                entries = faults.one_by_one(faults.unexplained(entries, end.current))
            stored, already = admission.admit(entries, end)
            if end.among_the_others:
                state.keep(end.number, end.hash, execute)
            self._read = None  # what is erased stays in memory no longer
        if end.destroys or self.erased_in_journal:
            self.overwrite_journal(patient=end.destroys)
        return Receipt(stored, already, end.hash.hex())

    # --- reading ----------------------------------------------------------------------------------

    def content(self) -> Content:
        """Everything the record says today, its chain checked on the way. Raises DamagedStore."""
        with self._transaction("DEFERRED") as execute:
            return self._content(execute)

    def rows(self, table: str) -> tuple[Row, ...]:
        """The rows of one table or questionnaire as they hold today, in the order they were recorded."""
        return self.content().of(table)

    def find(self, table: str, place: Sequence[str]) -> str | None:
        """The submission id of a row, which a correction names; None if there is no such row."""
        with self._transaction("DEFERRED") as execute:
            return Current(execute).find(table, place)

    def ask(self, question: Callable[[Current], Answer]) -> Answer:
        """What ``question`` finds out of the rows as they hold now, without opening all others."""
        with self._transaction("DEFERRED") as execute:
            if state.fits(execute):
                return faults.unexplained(question, Current(execute))
        with self._transaction("IMMEDIATE") as execute:
            state.fit(execute, lambda: self._content(execute))
            return faults.unexplained(question, Current(execute))

    def erased(self) -> set[str]:
        """The participant codes that were erased and are never used again. Opens no entry."""
        with self._transaction("DEFERRED") as execute:
            return {participant for (participant,) in execute("SELECT participant FROM erased").fetchall()}

    def head(self) -> str:
        """The hash of the last entry made here, 64 hexadecimal digits (zeros if there is none)."""
        with self._transaction("DEFERRED") as execute:
            return chain_end.head(execute, device=self._device)[1].hex()

    def verify(self, *, printed: str = "") -> int:
        """Check every page, every entry and its link; the number of entries.

        ``printed`` is a head from an earlier report: it must still be in the chain, which shows that no
        later entries were cut off. Raises DamagedStore, with the entry's number where there is one.
        """
        if self.broken_pages():
            raise self._damaged()
        with self._transaction("DEFERRED") as execute:
            if execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise self._damaged()
            content = current.replayed(execute)
            if execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise self._damaged()
            if not state.agrees(execute, content):
                raise self._damaged()
            known = not printed or execute("SELECT 1 FROM events WHERE lower(hex(hash)) = ?", (printed,)).fetchone()
        if not known and printed != "0" * 64:
            raise DamagedStore("collect.record.lacks", file=self._path)
        return content.entries

    def broken_pages(self) -> list[int]:
        """The numbers of the file's pages that are not what was written; 0 is the file as a whole."""
        return self._transactions.broken_pages()

    @contextlib.contextmanager
    def transaction(self, kind: Literal["DEFERRED", "IMMEDIATE"]) -> Iterator[Execute]:
        """One transaction beside the entries, for what is kept in the same file: all of it or none.

        What goes wrong in the record is a StoreError as everywhere; what is raised within leaves as it is.
        """
        with self._transaction(kind) as execute:
            yield execute

    @contextlib.contextmanager
    def unhurried(self) -> Iterator[Execute]:
        """A transaction that waits neither for the disk nor for other writers, for what a power cut may take.

        It is in the file for whoever reads it, and on the disk with the next one that waits. Raises StoreError
        where another program is writing.
        """
        with self._transactions.unhurried() as execute:
            yield execute

    def remember(self, name: str, value: str) -> None:
        """Keep something small beside the entries, such as which lock of the plan was the last."""
        with self._transaction("IMMEDIATE") as execute:
            execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def remembered(self, name: str) -> str:
        """What was kept under this name, "" where nothing was."""
        with self._transaction("DEFERRED") as execute:
            found = execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else ""

    def overwrite_journal(self, *, patient: bool = True) -> None:
        """What an erasure deleted lies in the write-ahead log until it is written back and cut: do that now.

        Where another program reads for longer than one is ``patient``, ``erased_in_journal`` stays true, and it is
        tried again when something is stored and when the record is opened.
        """
        self.erased_in_journal = True
        with contextlib.suppress(Exception), self._transactions.lock:
            with self._transactions.begun("DEFERRED") as execute:
                cut = self._erasure_in_journal(execute)
            with self._transactions.cut(patient=patient) as execute:  # in which another program may erase somebody
                execute("DELETE FROM meta WHERE name = ? AND value IS ?", (admission.JOURNAL, cut))
                self.erased_in_journal = self._erasure_in_journal(execute) is not None

    @property
    def writer(self) -> Writer:
        """Whose chain is added to here, and by which clock."""
        return Writer(self._device, self._clock)

    def copy(self, path: Path) -> None:
        """A copy of the file at ``path``, as it is at one moment; others may write meanwhile."""
        with self._transactions.lock:
            database.copy(self._connection, path, self.key.derive(database.NAME))

    # --- inside -----------------------------------------------------------------------------------

    def _content(self, execute: Execute) -> Content:
        """What the entries say; as long as nobody wrote any, they are opened and linked only once."""
        last = Current(execute).last(), int(execute("PRAGMA data_version").fetchone()[0])
        if self._read is None or self._read[0] != last:
            self._read = None
            self._read = last, current.replayed(execute)
        return self._read[1]

    @contextlib.contextmanager
    def _writing(self) -> Iterator[tuple[Any, ChainEnd]]:
        """A transaction at the end of the chain, which is looked for anew only if anybody else wrote in between."""
        with self._transactions.lock:
            known, self._end = self._end, None
            with self._transactions.begun("IMMEDIATE") as execute:
                now = int(execute("PRAGMA data_version").fetchone()[0]), self._transactions.count
                if known is None or known[0] != now:
                    if not state.fits(execute):
                        fresh.settle(execute)
                        state.fit(execute, lambda: self._content(execute))
                    known = now, ChainEnd(execute, by=self.writer, fresh=Fresh(execute))
                known[1].begin()
                yield execute, known[1]
            self._end = known

    @staticmethod
    def _erasure_in_journal(execute: Execute) -> str | None:
        """The submission id of the last erasure of which the write-ahead log may hold what it deleted, if any."""
        found = execute("SELECT value FROM meta WHERE name = ?", (admission.JOURNAL,)).fetchone()
        return str(found[0]) if found else None

    def _one(self, query: str) -> tuple[Any, ...]:
        with self._transaction("DEFERRED") as execute:
            row: tuple[Any, ...] | None = execute(query).fetchone()
        if row is None:
            raise self._damaged()
        return row

    def _damaged(self) -> DamagedStore:
        return DamagedStore("collect.record.damaged", file=self._path)
