"""The ledger of releases on disk: one line a release, each sealed by a keyed hash of all lines before it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hmac
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from evaluation import codec, files
from evaluation.errors import BadDeclaration, LedgerError, reason
from evaluation.release import bundle
from evaluation.release.bundle import FUNDER, Edition
from evaluation.release.facts import Facts
from evaluation.release.files import LINES as LINES
from evaluation.release.files.closed import close, opened
from evaluation.release.printed.points import Told
from evaluation.release.released import Value
from evaluation.texts import Message

FAMILY, NEWEST = "release-ledger", 3
FORMAT, KEYED = f"{FAMILY}/1", f"{FAMILY}/3"
HEAD, LOCK = "ledger.head", "ledger.lock"
NOTHING = "0" * 64
"""The head of a ledger without lines."""

Interval = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What stays in the record, so that nobody can write another ledger.

    ``key``: that of the hashes of new lines; without one they have none. ``kept``: lines that the record holds whole.
    """

    key: bytes = field(default=b"", repr=False)
    kept: Collection[str] = ()


UNANCHORED = Anchor()


@dataclass(frozen=True, slots=True)
class LedgerCell:
    """One quantity of a release: what was printed, or None and what an intruder can say ``between``."""

    at: Mapping[str, str]
    value: Value
    between: Interval | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What a printed mean or a rule says about counts besides sums: terms, sense, right-hand side."""

    terms: tuple[tuple[str, int], ...]
    sense: str
    rhs: int = 0


@dataclass(frozen=True, slots=True)
class Population:
    """What one release said of one population. ``changes``: what follows of the change since before.

    ``left``: by how many the whole became smaller; ``smaller``: the changes of numbers that became
    smaller still, because somebody was corrected or moved on.
    """

    codes: Mapping[str, tuple[str, ...]]
    within: Mapping[str, Mapping[str, Mapping[str, str]]]
    cells: tuple[LedgerCell, ...]
    rows: tuple[Row, ...] = ()
    changes: Mapping[str, Interval] = field(default_factory=dict)
    left: int = 0
    smaller: tuple[str, ...] = ()
    facts: Facts = ()  # what was true of everybody
    told: tuple[Told, ...] = ()  # what printed means say of everybody's change


@dataclass(frozen=True, slots=True)
class PrintedMean:
    """A mean as it was printed. ``scale``: of its outcome, where an entry says it."""

    id: str
    method: str
    n: Value
    change: float
    low: float | None
    high: float | None
    start: float | None = None
    wave: str = ""
    scale: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One release as the ledger remembers it: no true number that was not printed, no reason for hiding.

    ``content`` is the hash of what left; ``bundle`` that of the file it left in. ``edition``: "funder" for the
    confidential one of two, which stands right before the public one.
    """

    project: str
    release: str
    profile: str
    threshold: int
    released_on: dt.date
    populations: Mapping[str, Population]
    means: tuple[PrintedMean, ...]
    content: str
    bundle: str
    previous: str
    hash: str = ""
    format: str = FORMAT
    edition: Edition = ""
    erratum_of: str = field(default="", metadata=codec.OPTIONAL)  # the release that this one replaces
    hours: bool = field(default=False, metadata=codec.OPTIONAL)  # whether it told person-hours
    closed: str = field(default="", metadata=codec.OPTIONAL)  # the populations in a line with a key, see closed.py

    @property
    def keyed(self) -> bool:
        """Whether its hash has a key."""
        return self.format != FORMAT

    @property
    def line(self) -> str:
        """As it stands in the ledger."""
        return codec.canonical(codec.plain(self._written))

    @property
    def _written(self) -> Entry:
        return dataclasses.replace(self, populations={}) if self.closed else self

    def sealed(self, key: bytes = b"") -> Entry:
        """The same entry with its hash, which covers the hash of the line before it.

        With a ``key`` only its holder reads what follows of hidden numbers.
        """
        kept = close(codec.canonical(codec.plain(self.populations)), key, release=self.release) if key else ""
        made = dataclasses.replace(self, format=KEYED if key else FORMAT, closed=kept)
        return dataclasses.replace(made, hash=_hash(codec.plain(made._written), key))

    def opened(self, key: bytes) -> Entry | None:
        """With its populations; None where this is not the key that they were closed with."""
        if not self.closed:
            return self
        text = opened(self.closed, key, release=self.release) if key else None
        if text is None:
            return None
        return dataclasses.replace(self, populations=_populations(text))


@dataclass(frozen=True, slots=True)
class _Populations:
    populations: Mapping[str, Population]


@functools.lru_cache(16)
def _populations(text: str) -> Mapping[str, Population]:
    return codec.build(_Populations, {"populations": codec.json_value(text)}).populations


def read(folder: Path, project: str, anchor: Anchor = UNANCHORED) -> tuple[Entry, ...]:
    """All releases of ``project`` in the order in which they were made; none if there is no ledger yet.

    Raises LedgerError when a line was changed or made with another key, lines or the whole file are missing,
    or it is the ledger of another project.
    """
    entries = tuple(_lines(folder, anchor))
    for entry in entries:
        if entry.project != project:
            raise LedgerError("release.ledger.other_project", path=folder / LINES, other=entry.project, project=project)
    _check_head(folder, entries)
    known = {file(folder, entry): entry.bundle for entry in entries}
    there = {*folder.glob("*.json"), *folder.glob(f"{FUNDER}/*.json"), *(path for path in known if path.exists())}
    for path in sorted(there):
        digest = bundle.read(path).digest
        if digest not in known.values():
            raise LedgerError("release.ledger.unknown_bundle", name=path.name)
        if digest != known.get(path, digest):  # or what one edition tells would be taken for told in the other
            raise LedgerError("release.ledger.misplaced_bundle", name=path.relative_to(folder).as_posix())
    return entries


def head(entries: Sequence[Entry]) -> str:
    """The hash that stands for the whole ledger so far."""
    return entries[-1].hash if entries else NOTHING


def file(folder: Path, entry: Entry) -> Path:
    """Where the bundle of a release is; before ``repair``, a crash may have left it unfinished."""
    path = _place(folder, entry)
    return _part(path) if _part(path).exists() and not path.exists() else path


def add(folder: Path, made: Sequence[tuple[Entry, str]]) -> None:
    """Writes the bundle of each edition of a release and its line in the ledger, so that a crash leaves all or none.

    The caller holds ``locked``. What a crash leaves after the lines are there is finished by ``repair``.
    Raises LedgerError, and leaves none, where the disk refuses.
    """
    places = [_place(folder, entry) for entry, _ in made]
    lines = folder / LINES
    before = lines.read_text(encoding="utf-8") if lines.exists() else ""
    try:
        for path, (_, text) in zip(places, made, strict=True):
            path.parent.mkdir(exist_ok=True)
            files.write(_part(path), text)
        files.write(lines, before + "".join(f"{entry.line}\n" for entry, _ in made))
    except OSError as error:
        for path in places:
            _part(path).unlink(missing_ok=True)
        raise LedgerError("release.ledger.unwritable", folder=folder, reason=reason(error)) from None
    files.write(folder / HEAD, _head_text(made[-1][0].hash, before.count("\n") + len(made)))
    for path in places:
        files.move(_part(path), path)


def repair(folder: Path, entries: Sequence[Entry]) -> None:
    """Finishes what a crash left undone: the head, and bundles whose line is already in the ledger."""
    if entries:
        files.write(folder / HEAD, _head_text(head(entries), len(entries)))
    known = {_part(_place(folder, entry)): entry.bundle for entry in entries}
    for part in (*folder.glob("*.part"), *folder.glob(f"{FUNDER}/*.part")):
        try:
            finished = part in known and bundle.read(part).digest == known[part]
        except LedgerError:
            finished = False
        if finished:
            files.move(part, part.with_suffix(""))
        else:
            part.unlink()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Only one release at a time in this folder; the lock ends with the process, also in a crash."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+b") as handle:
        try:
            _lock(handle)
        except OSError:
            raise LedgerError("release.ledger.busy", folder=folder) from None
        yield


def _lock(handle: IO[bytes]) -> None:
    if os.name == "nt":
        import msvcrt

        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def restore(folder: Path, kept: Sequence[tuple[str, str]], *, project: str, key: bytes = b"") -> tuple[str, ...]:
    """Writes again what is missing of the ledger of ``kept`` lines, each with its bundle; the releases written.

    The caller holds ``locked``. Raises LedgerError where the folder holds what is not theirs.
    """
    lines = [line for line, _ in kept]
    path = folder / LINES
    there = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    if there != lines[: len(there)]:
        raise LedgerError("release.ledger.not_overwritten", folder=folder)
    made = [codec.build(Entry, codec.json_value(line)) for line in lines]
    written = []
    for entry, (_, text) in zip(made, kept, strict=True):
        place = _place(folder, entry)
        if not place.exists() or bundle.read(place).digest != entry.bundle:
            place.parent.mkdir(exist_ok=True)
            files.write(place, text)
            written.append(entry.release)
    files.write(path, "".join(f"{line}\n" for line in lines))
    repair(folder, made)
    read(folder, project, Anchor(key, lines))
    return tuple(dict.fromkeys([*written, *(entry.release for entry in made[len(there) :])]))


def _lines(folder: Path, anchor: Anchor) -> Iterator[Entry]:
    path = folder / LINES
    if not path.exists():
        return
    previous = NOTHING
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        where = Message("release.ledger.line", name=path.name, line=number)
        try:
            written = codec.json_value(line)
            entry = codec.build(Entry, written)
        except BadDeclaration:
            raise LedgerError("release.ledger.line_unreadable", where=where) from None
        _check_version(entry.format, where)
        # The hash is over the line as it is written, with what another version of the kit put there.
        right = line in anchor.kept or _hash(written, anchor.key if entry.keyed else b"") == entry.hash
        if entry.previous != previous or not right:
            fault = "line_of_another" if entry.keyed and entry.previous == previous else "line_changed"
            raise LedgerError(f"release.ledger.{fault}", where=where, release=entry.release)
        previous, whole = entry.hash, entry.opened(anchor.key)
        if whole is None:
            raise LedgerError("release.ledger.line_of_another", where=where, release=entry.release)
        yield whole


def _check_version(written: object, name: str | Message) -> None:
    try:
        codec.version(written, FAMILY, NEWEST)
    except BadDeclaration as error:
        raise LedgerError("release.unreadable_version", name=name, fault=error.message) from None


def _check_head(folder: Path, entries: Sequence[Entry]) -> None:
    path = folder / HEAD
    last = sum(entry.release == entries[-1].release for entry in entries[-2:])  # its editions
    if not path.exists():
        if len(entries) > last:  # a release without a head is what a crash in the first one leaves
            raise LedgerError("release.ledger.head_missing", name=path.name, folder=folder)
        return
    try:
        noted = codec.json_value(path.read_text(encoding="utf-8"))
        lines, value, made = int(noted["lines"]), str(noted["head"]), noted["format"]
    except (BadDeclaration, KeyError, TypeError, ValueError):
        raise LedgerError("release.ledger.head_unreadable", name=path.name) from None
    _check_version(made, path.name)
    # A crash leaves at most one release more than the head knows.
    if len(entries) - lines not in (0, last):
        raise LedgerError("release.ledger.cut", lines=LINES, head=HEAD, made=len(entries), known=lines)
    if head(entries[:lines]) != value:
        raise LedgerError("release.ledger.foreign_head", lines=LINES, head=HEAD)


def _head_text(value: str, lines: int) -> str:
    return codec.canonical({"format": FORMAT, "head": value, "lines": lines}) + "\n"


def _hash(entry: Mapping[str, Any], key: bytes) -> str:
    """Of everything else in the line, and so of the hash before it; with a ``key`` only its holder can make it."""
    body = {name: value for name, value in entry.items() if name != "hash"}
    return hmac.digest(key, codec.canonical(body).encode(), "sha256").hex() if key else codec.digest(body)


def _place(folder: Path, entry: Entry) -> Path:
    return folder / entry.edition / f"{entry.release}.json"


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".part")
