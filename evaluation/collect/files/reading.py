"""A CSV, TSV or XLSX file as people send it becomes a sheet of text cells, without a silent conversion."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from evaluation.collect.files.containers import is_packed
from evaluation.collect.files.exported import is_export
from evaluation.collect.files.letters.encodings import KIT, Vocabulary, decode
from evaluation.collect.files.letters.mojibake import restored
from evaluation.collect.files.separated import HEADER_WITHIN, split, within_quotes
from evaluation.collect.files.separated import top as top_of_text
from evaluation.collect.files.sheet import Row, Sheet
from evaluation.collect.files.table import Layout, table
from evaluation.collect.files.workbooks.reading import read_workbook
from evaluation.collect.files.workbooks.reading import top as top_of_workbook
from evaluation.collect.issues import Note, note, refusal
from evaluation.texts import quoted

LIMIT_MB = 50
_LOST = re.compile(r"\ufffd|(?<![^\w\s(„\"'-])\?(?=[^\W\d_])")
"""A letter that an earlier program could not write: ``?le ?pi`` for ``źle śpi``."""
_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".ods", ".ots")


def read(path: Path, *, expected: Collection[str] = (), sheet: str = "", words: Vocabulary = KIT) -> Sheet:
    """The table in the file at ``path``: header, rows that hold anything, and notes on how it was read.

    ``expected`` are names a header is known by (title rows above it are skipped); ``sheet`` chooses
    one of several sheets of a workbook; ``words`` are those of the form, by which the encoding of a
    text file is known. Raises FileRefused.
    """
    name, content = path.name, _content(path)
    packed = is_packed(content, name)
    called = path.suffix.lower() in _WORKBOOKS
    notes = [] if packed == called else [note("wrong_ending")]
    if not packed:
        return _read_text(name, content, expected, words, notes)
    book = read_workbook(content, name, sheet=sheet, expected=expected)
    layout = Layout(expected, epoch=book.epoch, padded=True, hidden=book.hidden_columns, remarks=book.remarks)
    return replace(table(name, book.rows, (*notes, *book.notes), layout), tab=book.tab)


def top(path: Path, *, sheet: str = "") -> set[str]:
    """What stands in the first rows of a file, of every sheet of a workbook that is seen; its header is among them.

    By it is known, without a name that the header has to have, what the file may be. Raises FileRefused.
    """
    content = _content(path)
    if is_packed(content, path.name):
        return top_of_workbook(content, path.name, sheet=sheet)
    return top_of_text(decode(content, path.name, KIT).text)


def _content(path: Path) -> bytes:
    name = path.name
    try:
        size = path.stat().st_size
        if size > LIMIT_MB * 2**20:
            raise refusal("too_large", file=name, limit=str(LIMIT_MB))
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise refusal("missing_file", file=name) from None
    except OSError:
        raise refusal("unreadable", file=name) from None


def _read_text(name: str, content: bytes, expected: Collection[str], words: Vocabulary, notes: list[Note]) -> Sheet:
    decoded = decode(content.removesuffix(b"\x1a"), name, words)  # the end of a file, to DOS
    if decoded.encoding:
        notes.append(note("encoding" if decoded.sure else "encoding_unsure", encoding=decoded.encoding))
    delimiter, rows = split(decoded.text, expected, name)
    if within := within_quotes(rows):
        delimiter, rows = split(within, expected, name)
        notes.append(note("lines_quoted"))
    if delimiter != ",":
        notes.append(note("delimiter", separator="TAB" if delimiter == "\t" else quoted(delimiter)))
    known = any(is_export(row.cells) for row in rows[:HEADER_WITHIN])  # whose letters are as they were stored
    if not decoded.sure:
        rows = [replace(row, faults=dict.fromkeys(_foreign(row), "letters")) for row in rows]
    elif not known and not decoded.text.isascii():
        rows, found = _restored(rows)
        notes += [note("mojibake", rows=found)] if found else []
    lost = tuple(row.number for row in rows if _LOST.search("\n".join(row.cells)))
    if lost:
        notes.append(note("letters_lost", rows=lost))
    return table(name, rows, tuple(notes), Layout(expected, delimiter=delimiter))


def _foreign(row: Row) -> Iterator[int]:
    """The positions of cells whose letters would be others in another encoding."""
    return (at for at, cell in enumerate(row.cells) if not cell.isascii())


def _restored(rows: Sequence[Row]) -> tuple[list[Row], tuple[int, ...]]:
    """The rows with misread letters restored, or marked where that is not certain; and the numbers of the restored."""
    result: list[Row] = []
    changed: list[int] = []
    for row in rows:
        if all(map(str.isascii, row.cells)):
            result.append(row)
            continue
        cells, said = zip(*map(restored, row.cells), strict=True)
        result.append(replace(row, cells=cells, faults={at: each for at, each in enumerate(said) if each == "garbled"}))
        changed += [row.number] if "mojibake" in said else []
    return result, tuple(changed)
