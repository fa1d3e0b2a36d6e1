"""The Markdown text of an XLSForm becomes sheets of rows that know their line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evaluation.codec import nearest
from evaluation.errors import BadDeclaration
from evaluation.schema import Labels

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
        found = ((translation(column), cell) for column, cell in self.cells.items())
        return {of[1]: cell for of, cell in found if of and of[0] == text}


@dataclass(frozen=True, slots=True)
class Form:
    """The sheets of one file. ``columns`` holds each sheet's heading, as (line, columns)."""

    file: str
    rows: Mapping[str, tuple[Row, ...]]
    columns: Mapping[str, tuple[int, tuple[str, ...]]]

    def fault(self, row: Row | int, sentence: str) -> str:
        """The sentence with file and line in front."""
        return f"{self.file}, line {row if isinstance(row, int) else row.line}: {sentence}"

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
            sheet = _sheet(cells, columns, f"{file}, line {line}")
            columns[sheet] = (line, ())
        elif not sheet:
            raise BadDeclaration(f"{file}, line {line}: a row before any sheet; begin with '| survey |'.")
        elif any(cells) and not columns[sheet][1]:
            columns[sheet] = (line, _heading(cells[1:], f"{file}, line {line}"))
        elif any(cells):
            rows[sheet].append(_row(line, cells[1:], columns[sheet][1], file))
    if not rows["survey"]:
        raise BadDeclaration(f"{file}: there is no question; a questionnaire needs a table '| survey |'.")
    return Form(file, {name: tuple(listed) for name, listed in rows.items()}, columns)


def _lines(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    for line, content in enumerate(text.splitlines(), 1):
        content = content.strip()
        if not content.startswith("|"):
            continue
        if len(content) < 2 or not _PIPE.match(content[-1]) or content.endswith("\\|"):
            raise BadDeclaration(f"{file}, line {line}: the row does not end with '|'; add it.")
        if "-" in content and _RULE.fullmatch(content):
            if re.search(r"[\s:]", content):
                raise BadDeclaration(
                    f"{file}, line {line}: under a heading stands '|---|---|', without spaces or colons."
                )
            continue
        yield line, [cell.strip().replace(r"\|", "|") for cell in _PIPE.split(content[1:-1])]


def _sheet(cells: list[str], seen: Mapping[str, object], where: str) -> str:
    name = cells[0]
    if name not in SHEETS:
        raise BadDeclaration(
            f"{where}: '{name}' is not a sheet (the first cell of a row stays empty){nearest(name, SHEETS)}"
        )
    if any(cells[1:]):
        raise BadDeclaration(f"{where}: the name of the sheet stands alone; begin its heading on the next line.")
    if name in seen:
        raise BadDeclaration(f"{where}: the sheet '{name}' is there twice; make one of the two.")
    return name


def _heading(cells: list[str], where: str) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    twice = [cell for cell in cells if cells.count(cell) > 1]
    if twice:
        raise BadDeclaration(f"{where}: the column '{twice[0]}' is there twice; give each column its own name.")
    return tuple(cells)


def _row(line: int, cells: list[str], columns: tuple[str, ...], file: str) -> Row:
    if any(cells[len(columns) :]):
        raise BadDeclaration(
            f"{file}, line {line}: more cells than the heading; a pipe inside a text is written '\\|'."
        )
    return Row(line, {column: cell for column, cell in zip(columns, cells, strict=False) if cell})
