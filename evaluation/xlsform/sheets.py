"""The Markdown text of an XLSForm becomes sheets of rows that know their line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evaluation.codec import fault, nearest
from evaluation.schema import Labels
from evaluation.texts import Message

SHEETS = ("survey", "choices", "scales", "evidence", "settings")

_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:-]+")
_TRANSLATED = re.compile(r"(label|hint|guidance_hint|constraint_message|required_message)(?:::(.+))?")
_LANGUAGE = re.compile(r".*\(([A-Za-z-]+)\)|([A-Za-z]{2,3})")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: its line in the file and its cells by column, empty ones left out."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def labels(self, text: str = "label") -> Labels:
        """The translations of ``text`` in this row by language; a column without a language is English."""
        translated = ((translation(column), cell) for column, cell in self.cells.items())
        return {of[1]: cell for of, cell in translated if of and of[0] == text}


@dataclass(frozen=True, slots=True)
class Form:
    """The sheets of one file. ``columns`` holds each sheet's heading, as (line, columns)."""

    file: str
    rows: Mapping[str, tuple[Row, ...]]
    columns: Mapping[str, tuple[int, tuple[str, ...]]]

    def fault(self, row: Row | int, said: Message) -> Message:
        """What is said, with file and line in front."""
        return fault(self.file, row if isinstance(row, int) else row.line, said).message

    def choices(self, name: str) -> tuple[Row, ...]:
        """The rows of one choice list."""
        return tuple(row for row in self.rows["choices"] if row["list_name"] == name)


def translation(column: str) -> tuple[str, str] | None:
    """What a column translates and its language: ``label::Polski (pl)`` is ``("label", "pl")``."""
    match = _TRANSLATED.fullmatch(column)
    if not match:
        return None
    if not match[2]:
        return match[1], "en"
    language = _LANGUAGE.fullmatch(match[2].strip())
    return match[1], (language[1] or language[2]).lower() if language else match[2].strip().lower()


def parse(text: str, file: str) -> Form:
    r"""The tables of ``text``: a sheet's name alone in the first cell, then its heading, then its rows.

    The dialect is pyxform's: ``#`` begins a comment, ``\|`` is a pipe inside a cell. What pyxform
    would drop or misread in silence is refused: raises BadDeclaration with file and line.
    """
    rows: dict[str, list[Row]] = {sheet: [] for sheet in SHEETS}
    columns: dict[str, tuple[int, tuple[str, ...]]] = {}
    sheet = ""
    for line, cells in _lines(text, file):
        if cells[0]:
            sheet = _sheet(cells, columns, file, line)
            columns[sheet] = (line, ())
        elif not sheet:
            raise fault(file, line, Message("xlsform.no_sheet"))
        elif any(cells) and not columns[sheet][1]:
            columns[sheet] = (line, _heading(cells[1:], file, line))
        elif any(cells):
            rows[sheet].append(_row(line, cells[1:], columns[sheet][1], file))
    if not rows["survey"]:
        raise fault(file, None, Message("xlsform.no_question"))
    return Form(file, {name: tuple(listed) for name, listed in rows.items()}, columns)


def _lines(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    for line, content in enumerate(text.splitlines(), 1):
        content = content.strip()
        if not content.startswith("|"):
            continue
        if len(content) < 2 or not _PIPE.match(content[-1]) or content.endswith("\\|"):
            raise fault(file, line, Message("xlsform.no_pipe"))
        if "-" in content and _RULE.fullmatch(content):
            if re.search(r"[\s:]", content):
                raise fault(file, line, Message("xlsform.heading_rule"))
            continue
        yield line, [cell.strip().replace(r"\|", "|") for cell in _PIPE.split(content[1:-1])]


def _sheet(cells: list[str], seen: Mapping[str, object], file: str, line: int) -> str:
    name = cells[0]
    if name not in SHEETS:
        raise fault(file, line, Message("xlsform.unknown_sheet", sheet=name, hint=nearest(name, SHEETS)))
    if any(cells[1:]):
        raise fault(file, line, Message("xlsform.sheet_alone"))
    if name in seen:
        raise fault(file, line, Message("xlsform.sheet_twice", sheet=name))
    return name


def _heading(cells: list[str], file: str, line: int) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    twice = [cell for cell in cells if cells.count(cell) > 1]
    if twice:
        raise fault(file, line, Message("xlsform.column_twice", column=twice[0]))
    return tuple(cells)


def _row(line: int, cells: list[str], columns: tuple[str, ...], file: str) -> Row:
    if any(cells[len(columns) :]):
        raise fault(file, line, Message("xlsform.too_many_cells"))
    return Row(line, {column: cell for column, cell in zip(columns, cells, strict=False) if cell})
