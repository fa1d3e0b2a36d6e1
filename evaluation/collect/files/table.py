"""Rows of cells become a sheet: its header is found, and what does not fit under it is marked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal

from evaluation.collect.files.cells import headings, recognised
from evaluation.collect.files.exported import is_export, sent_again
from evaluation.collect.files.rejected import answers, is_rejected, returned
from evaluation.collect.files.separated import HEADER_WITHIN
from evaluation.collect.files.sheet import WHOLE_ROW, Row, Sheet
from evaluation.collect.issues import Note, note, refusal

NOTED = ("number_as_text", "formula_value")
"""What a reader saw in cells that is a note, not a fault."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the lines of a file become its table."""

    expected: Collection[str]
    delimiter: str = ";"
    epoch: Literal[1900, 1904] = 1900
    padded: bool = False  # a workbook has no short rows, only empty cells
    hidden: Set[int] = frozenset()  # positions of columns that a screen does not show
    remarks: Set[int] = frozenset()  # rows with comments on their cells


def table(name: str, rows: Sequence[Row], notes: tuple[Note, ...], layout: Layout) -> Sheet:
    """The sheet with its header found and its blank rows left out."""
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    if not filled:
        raise refusal("no_rows", file=name)
    at = _header_at(filled, layout.expected)
    header = tuple(headings(_header(filled[at], filled[at + 1 :]), layout.expected))
    said = [*notes]
    if filled[at].number > 1:
        said.append(note("header_row", rows=(filled[at].number,), row=str(filled[at].number)))
    said += [
        note("hidden_column", name) for at in sorted(layout.hidden) if (name := "".join(header[at : at + 1]).strip())
    ]
    body = [_fitted(row, len(header), layout) for row in filled[at + 1 :]]
    if not layout.padded:
        widths = {row.number: len(row.cells) for row in filled[at + 1 :]}
        body = [*_not_wider(body, widths, len(filled[at].cells), layout.delimiter)]
    if remarks := tuple(row.number for row in body if row.number in layout.remarks):
        said.append(note("cell_comment", rows=remarks))
    answered: Mapping[str, frozenset[str]] = {}
    if is_rejected(header):
        answered = answers(header, body)
        header, body = returned(header, body)
        said.append(note("returned"))
    elif is_export(header):
        header, body = sent_again(header, body)
        said.append(note("exported"))
    header, body = _without_empty_columns(header, body, name, row=filled[at].number)
    said += _cell_notes(header, body)
    title = " ".join(cell.strip() for row in filled[:at] for cell in row.cells if cell.strip())
    return Sheet(name, header, tuple(body), tuple(said), layout.delimiter, layout.epoch, answers=answered, title=title)


def _header_at(rows: Sequence[Row], expected: Collection[str]) -> int:
    """The position of the header: the row with the most expected names, else the first full one."""
    near = rows[:HEADER_WITHIN]
    hits = [recognised(row.cells, expected) for row in near]
    if max(hits) > 0:
        return hits.index(max(hits))
    widths = Counter(len(_without_end(row.cells)) for row in rows)
    # A cover may have more lines than a short table, but they are narrow; one torn line may be wider than it.
    usual = max(widths, key=lambda width: (widths[width] > 1, width**2 * widths[width]))
    full = [sum(bool(cell.strip()) for cell in row.cells) >= 0.6 * usual for row in near]
    return full.index(True) if True in full else 0


def _header(head: Row, body: Sequence[Row]) -> tuple[str, ...]:
    """The header's cells; nameless ones at its end belong to it where most rows fill one of them."""
    named = _without_end(head.cells)
    beyond = Counter(at for row in body for at in range(len(named), len(head.cells)) if any(row.cells[at : at + 1]))
    return head.cells[: max((at + 1 for at, rows in beyond.items() if rows * 2 > len(body)), default=len(named))]


def _without_end(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells without the empty ones at the end."""
    empty = sum(1 for _ in takewhile(lambda cell: not cell.strip(), reversed(cells)))
    return tuple(cells[: len(cells) - empty])


def _fitted(row: Row, width: int, layout: Layout) -> Row:
    """The row without empty cells beyond the header; marked if it cannot belong under this header."""
    beyond = any(cell.strip() for cell in row.cells[width:])
    cells = row.cells if beyond else row.cells[:width]
    if layout.padded:
        cells += ("",) * (width - len(cells))
    fault = "ragged_long" if beyond else "ragged_short" if len(cells) < width else ""
    lines = not layout.padded and len("".join(cells).splitlines()) > 1
    if lines and any(_holds_a_row(cell, cells, width, layout.delimiter) for cell in cells):
        fault = "swallowed"
    return Row(row.number, cells, {**row.faults, WHOLE_ROW: fault} if fault else row.faults, row.columns)


def _not_wider(rows: Sequence[Row], widths: Mapping[int, int], header: int, delimiter: str) -> Iterator[Row]:
    """The rows, marked where one more separator stands in them than in the header and the other rows.

    Its last cell is empty then, but the cells before are each one place off: ``120,50`` was no two cells. Where
    commas part the cells and a row as wide has something in the last one, those of all wider rows are in doubt.
    """
    torn = {widths[row.number] for row in rows if row.faults.get(WHOLE_ROW) == "ragged_long"}
    usual = next((width for width, times in Counter(widths.values()).items() if times * 2 > len(rows)), header)
    for row in rows:
        wide = widths[row.number] > header and WHOLE_ROW not in row.faults
        doubted = widths[row.number] != usual or (delimiter == "," and widths[row.number] in torn)
        if wide and (doubted or _torn_number(row.cells)):
            yield replace(row, faults={**row.faults, WHOLE_ROW: "ragged_long"})
        else:
            yield row


def _torn_number(cells: Sequence[str]) -> bool:
    """Whether the last two cells that hold anything look like the two halves of a number with a decimal comma."""
    *_, whole, part = "", "", *(cell.strip() for cell in cells if cell.strip())
    return re.fullmatch(r"-?\d+", whole, re.ASCII) is not None and re.fullmatch(r"\d{1,3}", part, re.ASCII) is not None


def _holds_a_row(cell: str, cells: Sequence[str], width: int, delimiter: str) -> bool:
    """Whether a line inside the cell is a row of the table, swallowed by a quotation mark that was not closed.

    A text of several lines may hold as many separators; but its parts do not look like the cells beside it.
    """
    if width < 3 or "\n" not in cell.replace("\r", "\n"):
        return False
    own = [_shape(each) for each in cells]
    for line in cell.splitlines()[1:]:
        parts = [_shape(part.strip('"')) for part in line.split(delimiter)]
        alike = sum(part == shape for part, shape in zip(parts, own, strict=False) if shape)
        if len(parts) >= width and alike > 1 and alike * 2 >= sum(map(bool, own)):
            return True
    return False


def _shape(cell: str) -> str:
    """What kind of thing a cell holds: ``P-001`` and ``P-17`` are alike, ``2025-02-03`` and ``street`` are not."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", cell.strip()))[:40]


def _without_empty_columns(
    header: tuple[str, ...], rows: list[Row], name: str, *, row: int
) -> tuple[tuple[str, ...], list[Row]]:
    """Columns without a name go if they are empty; with data under them the file is refused."""
    nameless = [at for at, cell in enumerate(header) if not cell.strip()]
    for at in nameless:
        if any(at < len(row.cells) and row.cells[at].strip() for row in rows):
            raise refusal("unnamed_column", row=row, file=name, position=str(at + 1))
    if not nameless:
        return header, rows
    keep = [at for at, cell in enumerate(header) if cell.strip()]
    place = {old: new for new, old in enumerate(keep)}
    kept = [
        replace(
            row,
            cells=tuple(row.cells[at] for at in keep if at < len(row.cells)) + row.cells[len(header) :],
            faults={place.get(at, at): fault for at, fault in row.faults.items()},
        )
        for row in rows
    ]
    return tuple(header[at] for at in keep), kept


def _cell_notes(header: tuple[str, ...], rows: Sequence[Row]) -> list[Note]:
    """What the reader of the workbook saw in cells and is a note, not a fault."""
    seen: dict[tuple[str, int], list[int]] = {}
    for row in rows:
        for at, fault in row.faults.items():
            if (said := fault.partition(" ")[0]) in NOTED and 0 <= at < len(header):
                seen.setdefault((said, at), []).append(row.number)
    return [note(fault, header[at].strip(), rows=tuple(numbers)) for (fault, at), numbers in seen.items()]
