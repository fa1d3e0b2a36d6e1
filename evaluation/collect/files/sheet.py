"""A filled file as rows of text, with what is said about them: notes and rejections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Note:
    """Something repaired or read in a way worth saying. No ``rows`` and no ``column``: the whole file."""

    id: str
    en: str
    pl: str
    column: str = ""
    rows: tuple[int, ...] = ()

    def line(self, language: str) -> str:
        """The sentence with its place, in English or Polish."""
        return _place(self.rows, self.column, language) + (self.pl if language == "pl" else self.en)


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a row is held back: the row as a spreadsheet shows it, the column as the file calls it.

    ``column`` is empty where the whole row is meant. The sentences never repeat the answer.
    """

    row: int
    column: str
    reason: str
    en: str
    pl: str

    def line(self, language: str) -> str:
        """The sentence with its place, in English or Polish."""
        return _place((self.row,), self.column, language) + (self.pl if language == "pl" else self.en)


WHOLE_ROW = -1


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line as text, unaltered. ``number`` is what a spreadsheet shows.

    ``faults`` maps a position to what cannot be seen in its text (a formula that was never
    computed), and WHOLE_ROW to what is wrong with the line (too few cells). ``columns`` are the
    file's own names, position by position, where the header has been renamed.
    """

    number: int
    cells: tuple[str, ...]
    faults: Mapping[int, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was sent: header, rows that hold anything, and how it had to be read.

    ``source``: the sheet that a mapping laid out as this one. ``answers``: the waiting files whose
    rejected rows come back in it, and their numbers there.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[Note, ...] = ()
    delimiter: str = ";"
    epoch: Literal[1900, 1904] = 1900
    source: Sheet | None = None
    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)


def picked(row: Row, keep: Sequence[int], called: Sequence[str]) -> Row:
    """The row with the cells at the positions ``keep`` only; ``called`` are the file's names of them."""
    place = {old: new for new, old in enumerate(keep)}
    return Row(
        row.number,
        tuple(row.cells[at] if at < len(row.cells) else "" for at in keep),
        {place.get(at, at): fault for at, fault in row.faults.items() if at in place or at < 0},
        tuple(row.columns[at] if row.columns else called[new] for new, at in enumerate(keep)),
    )


def _place(rows: tuple[int, ...], column: str, language: str) -> str:
    polish = language == "pl"
    if len(rows) == 1:
        where = f"{'wiersz' if polish else 'row'} {rows[0]}"
    elif 1 < len(rows) <= 5:
        where = f"{'wiersze' if polish else 'rows'} {', '.join(map(str, rows))}"
    else:
        where = f"{'liczba wierszy:' if polish else 'number of rows:'} {len(rows)}" if rows else ""
    what = f"{'kolumna' if polish else 'column'} '{column}'" if column else ""
    place = ", ".join(part for part in (where, what) if part)
    return f"{place[:1].upper()}{place[1:]}: " if place else ""
