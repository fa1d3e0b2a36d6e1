"""A filled file as rows of text, and what is said about them: notes, rejections, the intake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Literal

from evaluation.schema import Wave

Values = Mapping[str, str | None]
"""Column to canonical text: ISO dates, decimal points, codes as declared; None is an empty cell."""

Key = tuple[str, ...]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a file is checked against besides its form.

    ``existing``: per table or questionnaire, each key with its stored values (None: only the key is
    known). ``known``: permitted values of other references, as ``sessions.session``. ``date_order``
    answers what a file with 01/02/2025 cannot say. ``names``: column of the file → column of the
    form; ``drop``: columns of the file that are not wanted. ``correcting``: every row is the correction of
    a stored one; ``consent_given``: the rows in which a person vouches for a consent given anew;
    ``withdrawn``: participants whose withdrawal is in the record.
    """

    participants: Set[str]
    waves: tuple[Wave, ...]
    today: dt.date
    period_start: dt.date
    participant_pattern: str = r"P-\d{3}"
    languages: tuple[str, ...] = ("en", "pl")
    existing: Mapping[str, Mapping[Key, Values | None]] = field(default_factory=dict)
    known: Mapping[str, Set[str]] = field(default_factory=dict)
    date_order: Literal["", "day first", "month first"] = ""
    names: Mapping[str, str] = field(default_factory=dict)
    drop: Set[str] = frozenset()
    correcting: bool = False
    consent_given: Set[int] = frozenset()
    withdrawn: Set[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Intake:
    """Every row of a sheet, once: accepted, repeated (identical to one that is kept), or rejected.

    ``accepted`` and ``accepted_rows`` run in parallel. A row of a wide file stands for several
    waves, so its number may be in more than one of them.
    """

    target: str
    accepted: tuple[Values, ...]
    accepted_rows: tuple[int, ...]
    repeated: tuple[int, ...]
    rejected: tuple[Rejection, ...]
    notes: tuple[Note, ...]

    @property
    def rejected_rows(self) -> tuple[int, ...]:
        """The rows that wait for correction, in the order of the file."""
        return tuple(sorted({rejection.row for rejection in self.rejected}))


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
