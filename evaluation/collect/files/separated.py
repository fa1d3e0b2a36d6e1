"""The text of a CSV or TSV file becomes rows of cells, its separator found and its quotation marks held to."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterator

from evaluation.collect.files.cells import recognised
from evaluation.collect.files.sheet import Row, Same
from evaluation.collect.issues import quoted, refusal
from evaluation.errors import FileRefused

SEPARATORS = (",", ";", "\t", "|")
HEADER_WITHIN = 20
"""A header is looked for in this many rows that hold anything."""
MOST_COLUMNS, MOST_CELLS = 16_384, 5_000_000
"""A spreadsheet has no more columns; what has more cells is no filled questionnaire."""

_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++\Z")
_SAMPLE = 2**18
_LONGEST = 2**26

Lines = list[list[str]]


def split(text: str, expected: Collection[str], name: str) -> tuple[str, list[Row]]:
    """The separator that gives the most regular table, and the rows, numbered as a spreadsheet counts them."""
    first, _, rest = text.partition("\n")
    if first.strip().lower() in {f"sep={mark}".strip() for mark in SEPARATORS}:
        delimiter = first.rstrip("\r").strip(" ")[4:] or "\t"
        return delimiter, _rows(rest, delimiter, name, first=2)
    tried = {delimiter: _sample(text, delimiter) for delimiter in SEPARATORS}
    score = {delimiter: (_hits(lines, expected), _regularity(lines)) for delimiter, lines in tried.items()}
    best = max(tried, key=lambda delimiter: score[delimiter])
    return best, _rows(text, best, name, first=1)


def within_quotes(rows: list[Row]) -> str:
    """The text inside of lines that were put into quotation marks as a whole, as some programs save them; or none.

    Then each row is one cell, and the first of them, which is the header, has separators in it.
    """
    lines = [cell for row in rows for cell in row.cells[:1]]
    header = next(filter(str.strip, lines), "")
    whole = any(mark in header for mark in SEPARATORS) and all(len(row.cells) < 2 for row in rows)
    return "\n".join("".join(row.cells) for row in rows) if whole else ""


def _rows(text: str, delimiter: str, name: str, *, first: int) -> list[Row]:
    rows: list[Row] = []
    left, same = MOST_CELLS, Same()
    with _long_cells():
        reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
        number, begun = first, 0
        try:
            for number, cells in enumerate(reader, first):
                begun, left = reader.line_num, left - len(cells)
                if len(cells) > MOST_COLUMNS or left < 0:
                    raise refusal("too_many_cells", file=name, row=number, line=str(number))
                rows.append(Row(number, same.cells(cells)))
        except csv.Error:
            raise _broken_quotes(text, delimiter, name, rows, begun) from None
    return rows


def top(text: str) -> set[str]:
    """What the first cells of the text can be, whatever separates them and if each line is in quotation marks."""
    rows = [cells for each in SEPARATORS for cells in [*filter(any, _sample(text, each))][:HEADER_WITHIN]]
    return {part for cells in rows for cell in cells for part in (cell, *re.split(r"[,;\t|]", cell))}


def _lines(text: str) -> Iterator[str]:
    """The lines one by one, with what ends them; a whole text that is read as a file takes four times its size."""
    return (found[0] for found in _LINE.finditer(text))


@contextlib.contextmanager
def _long_cells() -> Iterator[None]:
    """Long texts are read, too; whether a cell may be so long is judged where its column is known."""
    before = csv.field_size_limit(_LONGEST)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _sample(text: str, delimiter: str) -> Lines:
    """The first lines, however their quotation marks stand."""
    with _long_cells(), contextlib.suppress(csv.Error):
        part = io.StringIO(text[:_SAMPLE], newline="")
        lines = list(csv.reader(part, delimiter=delimiter))
        return lines[:-1] if len(text) > _SAMPLE and len(lines) > 1 else lines
    return []


def _regularity(lines: Lines) -> float:
    """How much this looks like a table: the share of lines of the usual width × the columns gained."""
    widths = Counter(len(cells) for cells in lines if any(cells))
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    head = next(cells for cells in lines if any(cells))
    # What does not split the first line is more likely a mark inside the answers: a decimal comma.
    doubt = 0.2 if len(head) < width else 1.0
    return doubt * count / widths.total() * (width - 1)


def _hits(lines: Lines, expected: Collection[str]) -> int:
    """How many of the expected names stand in one line near the top, if more than one does."""
    most = max((recognised(cells, expected) for cells in lines[:HEADER_WITHIN]), default=0)
    return most if most > 1 else 0


def _broken_quotes(text: str, delimiter: str, name: str, rows: list[Row], begun: int) -> FileRefused:
    """The refusal, with the row and column in which the quotation mark opens that is not closed as it should be."""
    record = itertools.islice(io.StringIO(text, newline=""), begun, None)
    at = _open_quote(itertools.chain.from_iterable(record), delimiter)
    header = next((row.cells for row in rows if any(row.cells)), ())
    column = header[at].strip() if at < len(header) else ""
    number = rows[-1].number + 1 if rows else 1
    spoken = quoted(column, at + 1) if column else str(at + 1)
    return refusal("broken_quotes", column=column, row=number, file=name, line=str(number), spoken=spoken)


def _open_quote(record: Iterator[str], delimiter: str) -> int:
    """The position of the cell whose quotation mark is followed by something else than the end of the cell."""
    at, state = 0, "start"
    for sign in record:
        if state == "closed" and sign not in (delimiter, '"', "\r", "\n"):
            return at
        if sign == delimiter and state != "quoted":
            at, state = at + 1, "start"
        elif sign == '"':
            state = {"start": "quoted", "quoted": "closed", "closed": "quoted", "plain": "plain"}[state]
        elif state == "start":
            state = "plain"
    return at
