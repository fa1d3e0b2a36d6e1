"""What takes a file in: a folder, what its files declare, and its open record."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from evaluation.collect.access.keys import DataKey
from evaluation.collect.record.store import Store
from evaluation.schema import Declaration


class Receiver(Protocol):
    """An opened project, or as much of one as intake needs."""

    @property
    def folder(self) -> Path: ...

    @property
    def declaration(self) -> Declaration: ...

    @property
    def store(self) -> Store: ...

    @property
    def key(self) -> DataKey: ...

    def forget(self) -> None:
        """The record has grown: what was made of it before is made anew."""


@dataclass(frozen=True, slots=True)
class Bare:
    """A record opened for intake alone: nothing is measured, so that nothing that measures is loaded."""

    folder: Path
    declaration: Declaration
    store: Store = field(repr=False)

    @property
    def key(self) -> DataKey:
        return self.store.key

    def forget(self) -> None:
        """Nothing was made of it."""
