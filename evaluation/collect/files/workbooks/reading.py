"""One sheet of a workbook as rows of text: dates as ISO, what a screen shows besides the text marked or noted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal, TypeVar

from evaluation.collect.files.cells import recognised
from evaluation.collect.files.separated import HEADER_WITHIN
from evaluation.collect.files.sheet import Row
from evaluation.collect.files.workbooks.ooxml import Book, open_book
from evaluation.collect.files.workbooks.opendocument import MIME, Document, open_document
from evaluation.collect.files.workbooks.page import Page, TooLarge
from evaluation.collect.issues import Note, note, refusal
from evaluation.errors import EvaluationError, FileRefused
from evaluation.texts import quoted

UNPACKED_LIMIT_MB = 400
_Made = TypeVar("_Made")
KIT = ("_form", "_lists")
"""The sheets of the kit's own forms that hold no answers; some programs show them when they have saved the file."""
REPEATED = frozenset(("_parent_index", "_parent_table_name", "_submission__id", "parent_key"))
"""Columns by which the rows of a repeated group name the answers that they belong to."""


@dataclass(frozen=True, slots=True)
class OneSheet:
    """One sheet of a workbook; ``tab`` is its title, ``remarks`` are the rows with comments on their cells."""

    rows: list[Row]
    notes: tuple[Note, ...]
    epoch: Literal[1900, 1904]
    tab: str
    hidden_columns: frozenset[int]
    remarks: frozenset[int]


def read_workbook(content: bytes, name: str, *, sheet: str, expected: Collection[str]) -> OneSheet:
    """The only visible sheet that holds anything, or any of the names ``expected``, or the one called ``sheet``.

    By these names a hidden sheet with answers is known, too. Raises FileRefused: no workbook, a damaged
    or locked one, several sheets and none chosen.
    """
    return _opened(content, name, lambda book: _chosen(book, sheet, name, expected))


def top(content: bytes, name: str, *, sheet: str) -> set[str]:
    """What stands in the first rows of each visible sheet, or of the one called ``sheet``. Raises FileRefused."""

    def cells(book: Book | Document) -> set[str]:
        titles = [title for title, (_, seen) in book.sheets.items() if seen and sheet in ("", title)]
        return {cell for title in titles for row in book.page(title).rows[:HEADER_WITHIN] for cell in row.cells}

    return _opened(content, name, cells)


def _opened(content: bytes, name: str, use: Callable[[Book | Document], _Made]) -> _Made:
    """What ``use`` makes of the workbook. Raises FileRefused where there is none that can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _look_inside(archive, name)
            if "xl/workbook.bin" in archive.namelist():
                raise refusal("old_workbook", file=name)
            return use((open_document if _mime(archive) == MIME else open_book)(archive))
    except EvaluationError:
        raise
    except TooLarge:
        raise refusal("too_large", file=name, limit=str(UNPACKED_LIMIT_MB)) from None
    except Exception:
        # A broken part raises whatever its parser raises: zlib.error, KeyError, ParseError and more.
        raise refusal("damaged_workbook", file=name) from None


def _mime(archive: zipfile.ZipFile) -> bytes:
    return archive.read("mimetype")[:100].strip() if "mimetype" in archive.namelist() else b""


def _look_inside(archive: zipfile.ZipFile, name: str) -> None:
    """Refuses what is packed in the same way and is no workbook, with what it is."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if sum(part.file_size for part in parts) > UNPACKED_LIMIT_MB * 2**20:
        raise refusal("too_large", file=name, limit=str(UNPACKED_LIMIT_MB))
    if any(part.flag_bits & 1 for part in parts):
        raise refusal("password", file=name)
    if "mimetype" in names:
        if _mime(archive) != MIME:
            raise refusal("not_a_table", file=name)
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise refusal("password", file=name)
    elif any(each.endswith(".iwa") or each == "Index.zip" for each in names):
        raise refusal("apple_numbers", file=name)
    elif "[Content_Types].xml" not in names:
        raise refusal("packed", file=name)
    elif not any(each.startswith("xl/") for each in names):
        raise refusal("not_a_table", file=name)


def _chosen(book: Book | Document, sheet: str, name: str, expected: Collection[str]) -> OneSheet:
    pages: dict[str, Page] = {}
    own = KIT if KIT[0] in book.sheets else ()
    visible = [title for title, (_, seen) in book.sheets.items() if seen and title not in own]
    for title in (sheet,) if sheet in visible else visible:
        pages[title] = book.page(title)
    filled = [title for title in visible if title not in pages or pages[title].rows]
    repeats = [title for title in filled if not sheet and _is_repeat(pages[title])]
    if len(repeats) < len(filled):
        filled = [title for title in filled if title not in repeats]
    if sheet and sheet not in filled:
        raise _refused("no_such_sheet", name, filled)
    unread: list[str] = []
    if not sheet and len(filled) > 1:
        named = [each for each in filled if _most_names(pages[each], expected)]
        if len(named) != 1 or not expected or not _holds_answers(pages[named[0]], expected):
            raise _refused("several_sheets", name, filled)
        unread, filled = [each for each in filled if each not in named], named
    title = sheet or (filled[0] if filled else "")
    page = pages[title] if title else Page()
    late = isinstance(book, Book) and book.late
    notes = [note("epoch_1904")] if late else []
    notes += [
        note("hidden_sheet", sheet=quoted(other))
        for other, (_, seen) in book.sheets.items()
        if not seen and _holds_answers(book.page(other), expected)
    ]
    notes += [note("repeat_sheet", sheet=quoted(other)) for other in repeats if other != title]
    notes += [note("sheet_unread", sheet=quoted(other)) for other in unread]
    if page.hidden_rows:
        notes.append(note("hidden_rows", rows=tuple(page.hidden_rows)))
    return OneSheet(
        page.rows, tuple(notes), 1904 if late else 1900, title, frozenset(page.hidden_columns), frozenset(page.remarks)
    )


def _is_repeat(page: Page) -> bool:
    """Whether the sheet holds the rows of a repeated group, which an export puts beside the answers."""
    return any(not REPEATED.isdisjoint(cell.strip().casefold() for cell in row.cells) for row in page.rows[:1])


def _holds_answers(page: Page, expected: Collection[str]) -> bool:
    """Whether a hidden sheet is more than a list for the program's own use."""
    return _most_names(page, expected) > 1 if expected else bool(page.rows)


def _most_names(page: Page, expected: Collection[str]) -> int:
    """How many of the expected names stand in one row near the top."""
    return max((recognised(row.cells, expected) for row in page.rows[:HEADER_WITHIN]), default=0)


def _refused(reason: str, name: str, titles: Collection[str]) -> FileRefused:
    return refusal(reason, file=name, sheets=[quoted(title) for title in titles])
