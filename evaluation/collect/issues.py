"""What is said about a filled file: notes on what was repaired, rejections of rows, and the refusal of the whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from evaluation import texts
from evaluation.codec import near
from evaluation.collect.personal_data import looks_personal
from evaluation.errors import FileRefused
from evaluation.texts import Message

MOST_RUNS = 12
"""Runs of rows that a sentence lists; of further ones it tells the number."""

_NAME = re.compile(r"[\w ./()?!:\-]{1,60}")


@dataclass(frozen=True, slots=True)
class Note:
    """Something repaired or read in a way worth saying. No ``rows`` and no ``column``: the whole file."""

    id: str
    said: Message
    column: str = ""
    rows: tuple[int, ...] = ()

    @property
    def message(self) -> Message:
        """What is said, with its place."""
        return _placed(self.said, self.rows, self.column)


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a row is held back: the row as a spreadsheet shows it, the column as the file calls it.

    ``column`` is empty where the whole row is meant. What is said never repeats the answer.
    """

    row: int
    column: str
    reason: str
    said: Message

    @property
    def message(self) -> Message:
        """What is said, with its place."""
        return _placed(self.said, (self.row,), self.column)


@dataclass(slots=True)
class Issues:
    """The only thing that grows while a sheet is checked."""

    rejected: list[Rejection] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    _told: set[tuple[int, str, str]] = field(default_factory=set)
    _noted: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)

    def note(self, id: str, column: str, row: int, fact: str = "") -> None:
        """Notes a repair in one row; the rows of the same repair become one note."""
        rows = self._noted.setdefault((id, column, fact), [])
        if row not in rows[-1:]:
            rows.append(row)

    def reject(self, reason: str, row: int, column: str, **facts: object) -> None:
        """Holds a row back, and says so once; ``facts`` are of the form, never of a cell."""
        if (row, column, reason) not in self._told:
            self._told.add((row, column, reason))
            self.rejected.append(Rejection(row, column, reason, Message(f"collect.rejected.{reason}", **facts)))

    def notes(self) -> tuple[Note, ...]:
        """The notes by first mention."""
        noted = self._noted.items()
        return tuple(note(id, column, rows=tuple(rows), fact=fact) for (id, column, fact), rows in noted)


def note(id: str, column: str = "", *, rows: tuple[int, ...] = (), **facts: object) -> Note:
    """The note ``id``; ``facts`` are of the form or file layout, never of a cell."""
    return Note(id, Message(f"collect.note.{id}", **facts), column, rows)


def refusal(reason: str, *, column: str = "", row: int | None = None, **facts: object) -> FileRefused:
    """The error for a file of which nothing can be stored; ``facts`` are never of a cell."""
    return FileRefused(f"collect.refused.{reason}", reason=reason, column=column, row=row, **facts)


def two_columns(file: str, header: Sequence[str], name: str, positions: tuple[int, int], *, row: int) -> FileRefused:
    """The refusal of two columns that stand for the same question ``name``; ``row``: that of the header."""
    first, second = (quoted(header[at].strip(), at + 1) for at in positions)
    return refusal("two_columns", column=name, row=row, file=file, first=first, spoken=second, question=name)


def quoted(name: str, position: int) -> str | Message:
    """A column's name, or only its number if the name could be an answer (a file without a header)."""
    plain = _NAME.fullmatch(name) and not re.search(r"\d{3}|\d-\d", name) and not looks_personal(name)
    return texts.quoted(name) if plain else Message("collect.column_number", position=str(position))


def near_name(name: str, known: Sequence[str]) -> str | Message:
    """The end of the sentence: the nearest name, if one is near."""
    folded = {each.casefold(): each for each in known}
    close = near(name.casefold(), list(folded))
    return Message("codec.nearest", word=folded[close]) if close else "."


def grouped(rejections: Iterable[Rejection]) -> list[Message]:
    """What is said of rejected rows, once for each column and reason, with the rows that it is said of."""
    groups: dict[tuple[str, Message], list[int]] = {}
    for rejection in rejections:
        groups.setdefault((rejection.column, rejection.said), []).append(rejection.row)
    return [_placed(said, tuple(rows), column) for (column, said), rows in groups.items()]


def _placed(said: Message, rows: tuple[int, ...], column: str) -> Message:
    key = "_".join(filter(None, ("rows" if rows else "", "column" if column else "")))
    facts = {"rows": _listed(rows), "n": len(set(rows))} if rows else {}
    return Message(f"collect.place.{key}", **facts, column=column, said=said) if key else said


def _listed(rows: Iterable[int]) -> str | Message:
    """Rows as a spreadsheet counts them: ``3–7, 12``."""
    runs: list[list[int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    named = ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs[:MOST_RUNS])
    more = sum(map(len, runs[MOST_RUNS:]))
    return Message("collect.place.more", rows=named, more=more) if more else named
