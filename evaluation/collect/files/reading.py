"""A CSV, TSV or XLSX file as people send it becomes a sheet of text cells, without a silent conversion."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Literal

from evaluation.collect.files.rejected import answers, is_rejected, returned
from evaluation.collect.files.sheet import WHOLE_ROW, Row, Sheet
from evaluation.collect.files.workbook import read_workbook
from evaluation.collect.issues import Note, note, refusal
from evaluation.texts import quoted

LIMIT_MB = 50
HEADER_WITHIN = 20
"""A header is looked for in this many rows that hold anything."""

_SEPARATORS = (",", ";", "\t", "|")
_LATIN_2_POLISH = frozenset(b"\xb1\xb6\xbc\xa1\xa6\xac")
_CP1250_POLISH = frozenset(b"\xb9\x9c\x9f\xa5\x8c\x8f")
_FOREIGN_RUN = re.compile(r"[^\W\d_a-zA-Z]{5,}")
_RESTORED = re.compile(r"[\x00-\x7f\u00a0-\u024f\u0400-\u04ff\u2010-\u20ac]*")


def read(path: Path, *, expected: Collection[str] = (), sheet: str = "") -> Sheet:
    """The table in the file at ``path``: header, rows that hold anything, and notes on how it was read.

    ``expected`` are names a header is known by (title rows above it are skipped); ``sheet`` chooses
    one of several sheets of a workbook. Raises FileRefused.
    """
    name = path.name
    try:
        size = path.stat().st_size
        if size > LIMIT_MB * 2**20:
            raise refusal("too_large", file=name, limit=str(LIMIT_MB))
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise refusal("missing_file", file=name) from None
    except OSError:
        raise refusal("unreadable", file=name) from None
    if content[:2] == b"PK":
        book = read_workbook(content, name, sheet=sheet)
        table = _table(name, book.rows, book.notes, Layout(expected, epoch=book.epoch, padded=True))
        return replace(table, tab=book.tab)
    if content[:4] == b"\xd0\xcf\x11\xe0" or content[:15].lstrip().lower().startswith((b"<html", b"<?xml", b"<!d")):
        raise refusal("not_a_table", file=name)
    return _read_text(name, content, expected)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the lines of a file become its table."""

    expected: Collection[str]
    delimiter: str = ";"
    epoch: Literal[1900, 1904] = 1900
    padded: bool = False  # a workbook has no short rows, only empty cells


def _read_text(name: str, content: bytes, expected: Collection[str]) -> Sheet:
    text, encoding = _decode(content, name)
    notes = [note("encoding", encoding=encoding)] if encoding else []
    delimiter, lines = _split(text, expected, name)
    if delimiter != ",":
        notes.append(note("delimiter", separator="TAB" if delimiter == "\t" else quoted(delimiter)))
    rows = [Row(number, tuple(cells)) for number, cells in lines]
    restored = [replace(row, cells=tuple(map(_restore, row.cells))) for row in rows]
    changed = tuple(a.number for a, b in zip(rows, restored, strict=True) if a.cells != b.cells)
    if changed:
        notes.append(note("mojibake", rows=changed))
    lost = tuple(row.number for row in restored if any("\ufffd" in cell for cell in row.cells))
    if lost:
        notes.append(note("letters_lost", rows=lost))
    return _table(name, restored, tuple(notes), Layout(expected, delimiter=delimiter))


# --- letters ----------------------------------------------------------------------------------


def _decode(content: bytes, name: str) -> tuple[str, str]:
    """The text and, unless it is UTF-8, the name of its encoding."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode(encoding), "" if "8" in encoding else "UTF-16"
            except UnicodeDecodeError:
                raise refusal("encoding_unknown", file=name) from None
    if b"\0" in content:
        return _decode_without_mark(content, name)
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    present = set(content)
    latin = present & _LATIN_2_POLISH and not present & _CP1250_POLISH
    encoding, spoken = ("iso-8859-2", "ISO-8859-2") if latin else ("cp1250", "Windows-1250")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise refusal("encoding_unknown", file=name) from None
    # No language written in Windows-1250 has five accented letters in a row: this is Cyrillic or Greek.
    if _FOREIGN_RUN.search(text) or any("\x80" <= letter <= "\x9f" for letter in text):
        raise refusal("encoding_unknown", file=name)
    return text, spoken


def _decode_without_mark(content: bytes, name: str) -> tuple[str, str]:
    """UTF-16 without its mark has a zero in every second byte of ASCII; anything else is no text."""
    zeros = (content[0::2].count(0), content[1::2].count(0))
    try:
        if max(zeros) > 0.3 * len(content) / 2 and len(content) % 2 == 0:
            text = content.decode("utf-16-be" if zeros[0] > zeros[1] else "utf-16-le")
            if "\0" not in text:
                return text, "UTF-16"
    except UnicodeDecodeError:
        pass
    raise refusal("not_a_table", file=name)


def _restore(cell: str) -> str:
    """The letters of a cell whose UTF-8 was once misread as Windows-1252 or -1250; else the cell."""
    if cell.isascii():
        return cell
    for encoding in ("cp1252", "cp1250"):
        try:
            text = b"".join(_byte(letter, encoding) for letter in cell).decode("utf-8")
        except UnicodeError:
            continue
        if _RESTORED.fullmatch(text):
            return text
    return cell


def _byte(letter: str, encoding: str) -> bytes:
    # Programs pass the few undefined bytes of these pages through as control characters.
    return bytes([ord(letter)]) if "\x80" <= letter <= "\x9f" else letter.encode(encoding)


# --- columns ----------------------------------------------------------------------------------

Lines = list[tuple[int, list[str]]]


def _split(text: str, expected: Collection[str], name: str) -> tuple[str, Lines]:
    """The separator that gives the most regular table, and the lines with their numbers."""
    first, _, rest = text.partition("\n")
    if first.strip().lower() in {f"sep={mark}".strip() for mark in _SEPARATORS}:
        delimiter = first.rstrip("\r").strip(" ")[4:] or "\t"
        lines = _lines(rest, delimiter)
        if lines is None:
            raise refusal("broken_quotes", file=name)
        return delimiter, [(number + 1, cells) for number, cells in lines]
    tried = {delimiter: _lines(text, delimiter) for delimiter in _SEPARATORS}
    readable = {delimiter: lines for delimiter, lines in tried.items() if lines is not None}
    score = {delimiter: (_hits(lines, expected), _regularity(lines)) for delimiter, lines in readable.items()}
    best = max(readable, key=lambda delimiter: score[delimiter], default="")
    if not best or (score[best] == (0, 0.0) and len(readable) < len(tried)):
        raise refusal("broken_quotes", file=name)
    return best, readable[best]


def _lines(text: str, delimiter: str) -> Lines | None:
    """Numbered lines as a spreadsheet counts them (blank ones too), or None if quotes are broken."""
    try:
        return list(enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1))
    except csv.Error:
        return None


def _regularity(lines: Lines) -> float:
    """How much this looks like a table: the share of lines of the usual width × the columns gained."""
    widths = Counter(len(cells) for _, cells in lines if any(cells))
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    head = next(cells for _, cells in lines if any(cells))
    # What does not split the first line is more likely a mark inside the answers: a decimal comma.
    doubt = 0.2 if len(head) < width else 1.0
    return doubt * count / widths.total() * (width - 1)


def _hits(lines: Lines, expected: Collection[str]) -> int:
    """How many of the expected names stand in one line near the top, if more than one does."""
    names = {name.casefold() for name in expected}
    near = [{cell.strip().casefold() for cell in cells} & names for _, cells in lines[:HEADER_WITHIN]]
    most = max(map(len, near), default=0)
    return most if most > 1 else 0


# --- header -----------------------------------------------------------------------------------


def _table(name: str, rows: Sequence[Row], notes: tuple[Note, ...], layout: Layout) -> Sheet:
    """The sheet with its header found and its blank rows left out."""
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    if not filled:
        raise refusal("no_rows", file=name)
    at = _header_at(filled, layout.expected)
    header = _without_end(filled[at].cells)
    said = [*notes]
    if filled[at].number > 1:
        said.append(note("header_row", rows=(filled[at].number,), row=str(filled[at].number)))
    body = [_fitted(row, len(header), layout) for row in filled[at + 1 :]]
    answered: Mapping[str, frozenset[str]] = {}
    if is_rejected(header):
        answered = answers(header, body)
        header, body = returned(header, body)
        said.append(note("returned"))
    header, body = _without_empty_columns(header, body, name)
    said += [_about_cells(item, header) for item in _cell_notes(header, body)]
    return Sheet(name, header, tuple(body), tuple(said), layout.delimiter, layout.epoch, answers=answered)


def _header_at(rows: Sequence[Row], expected: Collection[str]) -> int:
    """The position of the header: the row with the most expected names, else the first full one."""
    names = {name.casefold() for name in expected}
    near = rows[:HEADER_WITHIN]
    hits = [len({cell.strip().casefold() for cell in row.cells} & names) for row in near]
    if max(hits) > 0:
        return hits.index(max(hits))
    usual = Counter(len(_without_end(row.cells)) for row in rows).most_common(1)[0][0]
    full = [sum(bool(cell.strip()) for cell in row.cells) >= 0.6 * usual for row in near]
    return full.index(True) if True in full else 0


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
    for cell in cells:
        # An unclosed quotation mark makes the next lines part of a cell; they are as wide as the header.
        if (
            not layout.padded
            and width > 2
            and any(line.count(layout.delimiter) >= width - 1 for line in cell.splitlines()[1:])
        ):
            fault = "swallowed"
    return replace(row, cells=cells, faults={**row.faults, WHOLE_ROW: fault} if fault else row.faults)


def _without_empty_columns(header: tuple[str, ...], rows: list[Row], name: str) -> tuple[tuple[str, ...], list[Row]]:
    """Columns without a name go if they are empty; with data under them the file is refused."""
    nameless = [at for at, cell in enumerate(header) if not cell.strip()]
    for at in nameless:
        if any(at < len(row.cells) and row.cells[at].strip() for row in rows):
            raise refusal("unnamed_column", file=name, position=str(at + 1))
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


def _cell_notes(header: tuple[str, ...], rows: Sequence[Row]) -> list[tuple[str, int, tuple[int, ...]]]:
    """What the reader of the workbook saw in cells and is a note, not a fault: (note, position, rows)."""
    found: dict[tuple[str, int], list[int]] = {}
    for row in rows:
        for at, fault in row.faults.items():
            if fault in ("number_as_text", "formula_value") and 0 <= at < len(header):
                found.setdefault((fault, at), []).append(row.number)
    return [(fault, at, tuple(numbers)) for (fault, at), numbers in found.items()]


def _about_cells(item: tuple[str, int, tuple[int, ...]], header: tuple[str, ...]) -> Note:
    fault, at, numbers = item
    return note(fault, header[at].strip(), rows=numbers)
