"""Transactions on the encrypted file: in which fresh rows lie among the others, or are left where they are."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evaluation.collect.record import database, fresh
from evaluation.collect.record.current import Execute
from evaluation.collect.record.file import faults, pages
from evaluation.errors import StoreError


class Transactions:
    """Those of one connection to the record at ``path``. ``count`` grows with each in which anything may change."""

    def __init__(self, path: Path, connection: database.Connection) -> None:
        self._path, self._connection = path, connection
        self.lock, self._process, self.count = threading.RLock(), os.getpid(), 0

    @property
    def own(self) -> bool:
        """Whether this process opened the connection; a forked one opens its own."""
        return os.getpid() == self._process

    @contextlib.contextmanager
    def transaction(self, kind: str) -> Iterator[Any]:
        """A transaction in which all rows lie among the others, or one that reads is answered as if they did."""
        with self.begun(kind) as execute:
            shown = False
            if kind == "IMMEDIATE":
                self.count += 1
                fresh.settle(execute)
            while kind == "DEFERRED" and not shown and fresh.there(execute):
                execute("ROLLBACK")
                shown = not self._settled(execute)
                execute("BEGIN DEFERRED")
                if shown:
                    fresh.show(execute)
            yield execute
            if shown:
                execute("ROLLBACK")

    def _settled(self, execute: Execute) -> bool:
        """Whether the fresh rows were put among the others; False where somebody writes, or nothing can be written.

        It waits for no disk: a power cut leaves them where they were.
        """
        self.count += 1
        try:
            with self._waiting_for_nothing(), faults.explained(self._path):
                try:
                    execute("BEGIN IMMEDIATE")
                    fresh.settle(execute)
                    execute("COMMIT")
                except BaseException:
                    with contextlib.suppress(Exception):
                        execute("ROLLBACK")
                    raise
        except StoreError as error:
            if error.message.key.rpartition(".")[2] in ("in_use", "read_only", "disk_full", "disk"):
                return False
            raise
        return True

    @contextlib.contextmanager
    def begun(self, kind: str) -> Iterator[Any]:
        """A transaction that leaves fresh rows where they are."""
        if not self.own:
            raise StoreError("collect.record.fork")
        with self.lock, faults.explained(self._path):
            if self._connection.in_transaction:
                raise StoreError("collect.record.within")
            self._connection.execute(f"BEGIN {kind}")
            try:
                yield self._connection.execute
                if self._connection.in_transaction:
                    self._connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(Exception):
                    self._connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def unhurried(self) -> Iterator[Execute]:
        """A transaction that waits neither for the disk nor for other writers, for what a power cut may take.

        It is in the file for whoever reads it, and on the disk with the next one that waits. Raises StoreError
        where another program is writing.
        """
        with self.lock, self._waiting_for_nothing(), self.transaction("IMMEDIATE") as execute:
            yield execute

    @contextlib.contextmanager
    def cut(self, *, patient: bool) -> Iterator[Execute]:
        """After all that the write-ahead log holds was put into the file, and the log was emptied; so it is left, too.

        Raises StoreError where another program still reads what it holds.
        """
        empty = "PRAGMA wal_checkpoint(TRUNCATE)"
        with self.lock, contextlib.nullcontext() if patient else self._waiting_for_nothing():
            ((busy, *_),) = self._connection.execute(empty).fetchall()
            if busy:
                raise StoreError("collect.record.in_use", file=self._path)
            yield self._connection.execute
            self._connection.execute(empty).fetchall()

    def broken_pages(self) -> list[int]:
        """The numbers of the file's pages that are not what was written; 0 is the file as a whole."""
        with self.lock, faults.explained(self._path):
            return pages.broken(self._path, self._connection.execute)

    @contextlib.contextmanager
    def _waiting_for_nothing(self) -> Iterator[None]:
        with faults.explained(self._path):
            ((patience,),) = self._connection.execute("PRAGMA busy_timeout").fetchall()
        try:
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA busy_timeout = 0").fetchall()
            yield
        finally:
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute(f"PRAGMA busy_timeout = {patience}").fetchall()
