"""The entries of the record, walked along their chain, become the rows that hold today."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from evaluation.collect.record import entries
from evaluation.collect.record.cells.alike import Reader
from evaluation.collect.record.entries import Cell, Kind

_AT_ONCE = 256  # texts that are read together, which takes half as long as one by one


class Sealed(NamedTuple):
    """An entry as it lies in the file; ``key`` is None once its content was destroyed."""

    number: int
    id: str
    device: str
    seq: int
    recorded_at: str
    actor: str
    kind: Kind
    sealed: bytes
    hash: bytes
    key: bytes | None

    @property
    def about(self) -> tuple[str, int, str, str, str, str]:
        """The open fields the chain runs over."""
        return (self.device, self.seq, self.id, self.recorded_at, self.actor, self.kind)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it holds today. ``id`` is what a correction names; ``values`` has a cell per column.

    ``recorded_at`` (UTC) and ``actor`` are of its latest version. ``reviewed``: who has read free text that looks
    personal and let it through, by column.
    """

    id: str
    table: str
    key: tuple[str, ...]
    version: str
    recorded_at: dt.datetime
    actor: str
    values: Mapping[str, Cell] = field(repr=False)
    reviewed: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> tuple[str, ...]:
        """The cells of the key columns as text."""
        return entries.place(self.key, self.values)


@dataclass(frozen=True, slots=True)
class Content:
    """What the record says today: its rows in the order they were first recorded, and who withdrew when."""

    rows: tuple[Row, ...] = field(repr=False)
    withdrawn: Mapping[str, dt.date] = field(repr=False)
    erased: Mapping[str, str] = field(repr=False)  # participant → id of the erasure
    entries: int
    heads: Mapping[str, str]  # device → hash of its last entry, hexadecimal
    releases: tuple[Row, ...] = ()  # what the ledger of releases must still hold
    corrections: Mapping[str, str] = field(default_factory=dict)  # correction → the row that it corrects
    conflicts: tuple[tuple[str, tuple[str, ...]], ...] = ()  # rows that several devices recorded: table, key cells

    def of(self, table: str) -> tuple[Row, ...]:
        """The rows of one table or questionnaire."""
        return tuple(row for row in self.rows if row.table == table)


def walk(chain: Iterable[Sealed]) -> Iterator[tuple[Sealed, dict[str, Any] | None]]:
    """Each entry with its opened content (None where destroyed), its link to the one before checked.

    Raises DamagedStore with the number of the first entry that is not what was written, or whose content
    is gone without an erasure.
    """
    closed: dict[str, int] = {}
    destroyed: set[str] = set()
    entries_and_texts, reader = _unsealed(chain), Reader()
    while some := list(itertools.islice(entries_and_texts, _AT_ONCE)):
        for (sealed, _), content in zip(some, reader.read([text for _, text in some]), strict=True):
            if content is None:
                closed[sealed.id] = sealed.number
            else:
                destroyed.update(content.get("destroyed", ()))
            yield sealed, content
    unexplained = [entry for id, entry in closed.items() if id not in destroyed]
    if unexplained:
        raise entries.damaged(min(unexplained))


def _unsealed(chain: Iterable[Sealed]) -> Iterator[tuple[Sealed, str]]:
    """Each entry with the JSON of its content, its link to the one before checked."""
    last: dict[str, tuple[int, bytes]] = {}
    for sealed in chain:
        seq, previous = last.get(sealed.device, (0, entries.FIRST))
        expected = entries.link(previous, about=sealed.about, sealed=sealed.sealed)
        if sealed.seq != seq + 1 or sealed.hash != expected:
            raise entries.damaged(sealed.number)
        last[sealed.device] = (sealed.seq, sealed.hash)
        yield sealed, _text(sealed)


def _text(sealed: Sealed) -> str:
    if sealed.key is None:
        return "null"
    return entries.unseal(sealed.key, sealed.sealed, entry_id=sealed.id, entry=sealed.number)


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Without the search for cycles, of which what is made of a record has none, and what is made to be told few."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def replay(chain: Iterable[Sealed], *, several: bool) -> Content:
    """What holds after all the entries, of ``several`` devices or one. Raises DamagedStore as ``walk`` does."""
    held = _Held()
    withdrawn: dict[str, dt.date] = {}
    erased: dict[str, str] = {}
    last: dict[str, Sealed] = {}
    walked = 0
    for sealed, opened in _in_order(chain, several=several):
        walked += 1
        last[sealed.device] = sealed
        if opened is None:
            continue
        content = opened["content"]
        if sealed.kind == "row":
            held.recorded(first(sealed, content), alone=not several)
        elif sealed.kind == "correction":
            held.corrected(sealed, content, alone=not several)
        elif sealed.kind == "withdrawal":
            since = dt.date.fromisoformat(content["since"])
            earlier = withdrawn.get(content["participant"], since)
            withdrawn[content["participant"]] = min(since, earlier)
        else:
            erased.setdefault(content["participant"], sealed.id)
    rows = [row for row in held.rows.values() if row is not None]
    about = tuple(row for row in rows if row.table != entries.RELEASES)
    releases = tuple(row for row in rows if row.table == entries.RELEASES)
    conflicts = tuple(dict.fromkeys(held.conflicts))
    heads = {device: sealed.hash.hex() for device, sealed in last.items()}
    return Content(about, withdrawn, erased, walked, heads, releases, held.corrections, conflicts)


Opened = tuple[Sealed, dict[str, Any] | None]


def _in_order(chain: Iterable[Sealed], *, several: bool) -> Iterable[Opened]:
    """Each opened entry after all that whoever made it knew, in the same order wherever they were put together."""
    if not several:
        return walk(chain)
    timed = sorted(_timed(chain), key=lambda each: (each[0], each[1][0].device, each[1][0].seq))
    return (opened for _, opened in timed)


def latest_clock(chain: Iterable[Sealed]) -> int:
    """The clock after which whatever is entered next has to come."""
    return max((clock for clock, _ in _timed(chain)), default=0)


def _timed(chain: Iterable[Sealed]) -> Iterator[tuple[int, Opened]]:
    """Each opened entry with its clock: the second in which it was made, or more where its device had seen more.

    So entries of one device keep their order, and what answers to a parcel comes after what it brought.
    """
    latest: dict[str, int] = {}
    for sealed, opened in walk(chain):
        told = (opened or {}).get("clock", entries.clock(sealed.recorded_at))
        latest[sealed.device] = max(latest.get(sealed.device, 0), told)
        yield latest[sealed.device], (sealed, opened)


class _Held:
    """The rows as they hold while entries are replayed; of two in one place the one last spoken of."""

    def __init__(self) -> None:
        self.rows: dict[str, Row | None] = {}
        self.corrections: dict[str, str] = {}
        self.conflicts: list[tuple[str, tuple[str, ...]]] = []
        self._latest: dict[str, Row] = {}
        self._occupied: dict[tuple[str, tuple[str, ...]], str] = {}

    def recorded(self, row: Row, *, alone: bool) -> None:
        self.rows[row.id] = self._latest[row.id] = row
        if not alone:
            self._occupy(row)

    def corrected(self, sealed: Sealed, content: Mapping[str, Any], *, alone: bool) -> None:
        of = content["of"]
        if of not in self._latest:
            raise entries.damaged(sealed.number)
        row = corrected(self._latest[of], sealed, content)
        self.rows[of] = row
        self.corrections[sealed.id] = of
        self._latest[of] = row or self._latest[of]
        if not alone and row is not None:
            self._occupy(row)
        elif not alone:
            place = (self._latest[of].table, self._latest[of].place)
            if self._occupied.get(place) == of:
                del self._occupied[place]

    def _occupy(self, row: Row) -> None:
        place = (row.table, row.place)
        before = self._occupied.get(place, row.id)
        if before != row.id:
            self.rows[before] = None
            self.conflicts.append(place)
        self._occupied[place] = row.id


def first(sealed: Sealed, content: Mapping[str, Any]) -> Row:
    """A row as it was first recorded."""
    at, reviewed = dt.datetime.fromisoformat(sealed.recorded_at), content.get("reviewed")
    return Row(
        sealed.id,
        content["table"],
        tuple(content["key"]),
        content["version"],
        at,
        sealed.actor,
        content["values"],
        dict.fromkeys(reviewed, sealed.actor) if reviewed else {},
    )


def corrected(row: Row, sealed: Sealed, content: Mapping[str, Any]) -> Row | None:
    """The row after a correction; None where that struck it out."""
    if content["values"] is None:
        return None
    recorded = dt.datetime.fromisoformat(sealed.recorded_at)
    reviewed = {**row.reviewed, **dict.fromkeys(content.get("reviewed", ()), sealed.actor)}
    return Row(row.id, row.table, row.key, row.version, recorded, sealed.actor, content["values"], reviewed)
