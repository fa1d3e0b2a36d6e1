"""A CSV, TSV or XLSX file as people send it becomes a sheet of text cells, without a silent conversion."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from evaluation.collect.files.containers import is_packed
from evaluation.collect.files.exported import is_export
from evaluation.collect.files.separated import HEADER_WITHIN, split
from evaluation.collect.files.sheet import Sheet
from evaluation.collect.files.table import Layout, table
from evaluation.collect.files.workbooks.reading import read_workbook
from evaluation.collect.issues import Note, note, refusal
from evaluation.texts import quoted

LIMIT_MB = 50
_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".ods", ".ots")
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
    packed = is_packed(content, name)
    called = path.suffix.lower() in _WORKBOOKS
    notes = () if packed == called else (note("wrong_ending"),)
    if not packed:
        return _read_text(name, content, expected, notes)
    book = read_workbook(content, name, sheet=sheet, expected=expected)
    layout = Layout(expected, epoch=book.epoch, padded=True, hidden=book.hidden_columns)
    return replace(table(name, book.rows, (*notes, *book.notes), layout), tab=book.tab)


def _read_text(name: str, content: bytes, expected: Collection[str], earlier: tuple[Note, ...]) -> Sheet:
    text, encoding = _decode(content, name)
    notes = [*earlier, note("encoding", encoding=encoding)] if encoding else [*earlier]
    delimiter, rows = split(text, expected, name)
    if delimiter != ",":
        notes.append(note("delimiter", separator="TAB" if delimiter == "\t" else quoted(delimiter)))
    known = any(is_export(row.cells) for row in rows[:HEADER_WITHIN])  # whose letters are as they were stored
    restored = rows if known else [replace(row, cells=tuple(map(_restore, row.cells))) for row in rows]
    changed = tuple(a.number for a, b in zip(rows, restored, strict=True) if a.cells != b.cells)
    if changed:
        notes.append(note("mojibake", rows=changed))
    lost = tuple(row.number for row in restored if any("\ufffd" in cell for cell in row.cells))
    if lost:
        notes.append(note("letters_lost", rows=lost))
    return table(name, restored, tuple(notes), Layout(expected, delimiter=delimiter))


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
