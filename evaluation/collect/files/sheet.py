"""A filled file as rows of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from evaluation.collect.issues import Note

WHOLE_ROW = -1
OWN_HABITS = frozenset(("header_row", "label_read", "boolean", "number_as_text", "cell_comment"))
"""Notes on what a workbook made by the kit always has: headings above names, labels in drop-downs, cells of text."""


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

    ``tab``: which sheet of a workbook it was; ``title``: what stood above the header. ``source``: the sheet that a
    mapping laid out as this one.
    ``answers``: the waiting files whose rejected rows come back in it, and their numbers there. ``template``: it was
    made by the kit, so that its headings and drop-downs are not worth a note.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[Note, ...] = ()
    delimiter: str = ";"
    epoch: Literal[1900, 1904] = 1900
    tab: str = ""
    source: Sheet | None = None
    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    template: bool = False
    title: str = ""

    @property
    def header_row(self) -> int:
        """The number of the header's row, as a spreadsheet shows it."""
        return next((each.rows[0] for each in self.notes if each.id == "header_row"), 1)


class Same:
    """One object for all equal cells: the same few codes stand in every row."""

    _MOST, _LONGEST = 2**16, 64  # texts of their own are many, and none of them comes again

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def cells(self, cells: Iterable[str]) -> tuple[str, ...]:
        """The cells of one row, those that came before as they were then."""
        known = self._texts
        if len(known) < self._MOST:
            return tuple([known.setdefault(cell, cell) if len(cell) <= self._LONGEST else cell for cell in cells])
        return tuple([known.get(cell, cell) for cell in cells])


def picked(row: Row, keep: Sequence[int], called: tuple[str, ...]) -> Row:
    """The row with the cells at the positions ``keep`` only; ``called`` are the file's names of them."""
    if not row.faults and len(keep) == len(row.cells) == keep[-1] + 1:  # all of it
        return Row(row.number, row.cells, {}, row.columns or called)
    place = {old: new for new, old in enumerate(keep)} if row.faults else {}
    return Row(
        row.number,
        tuple([row.cells[at] if at < len(row.cells) else "" for at in keep]),
        {place.get(at, at): fault for at, fault in row.faults.items() if at in place or at < 0},
        tuple([row.columns[at] for at in keep]) if row.columns else called,
    )
