"""The Markdown text of an XLSForm becomes sheets of rows that know their line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from evaluation.codec import fault, nearest
from evaluation.errors import BadDeclaration
from evaluation.schema import Labels
from evaluation.texts import Message
from evaluation.xlsform.languages import language_of

SHEETS = ("survey", "choices", "scales", "lookup", "evidence", "settings")

YES = ("yes", "true", "true()")

ENDINGS = (".md", ".xlsx")
"""How the files of questionnaires end."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "survey": (
        *("type", "name", "required", "relevant", "constraint", "appearance", "parameters", "note"),
        *("sensitivity", "scale", "key", "missing", "weight", "alert"),
        *("calculation", "choice_filter", "default", "read_only", "readonly", "trigger", "repeat_count", "hxl", "tags"),
        *("disabled", "image", "audio", "video", "big-image", "save_to"),
    ),
    "choices": ("list_name", "name", "image", "audio", "video", "big-image"),
    "scales": ("name", "direction", "transform", "factor", "minimum", "maximum", "minimum_answered", "gate"),
    "lookup": ("scale", "when", "points"),
    "evidence": ("scale", "kind", "value", "source", "status"),
    "settings": (
        *("form_id", "version", "form_title", "default_language", "style"),
        *("licence", "source", "validated", "key_status"),
        *("instance_name", "namespaces", "public_key", "submission_url"),
        *("auto_send", "auto_delete", "allow_choice_duplicates", "clean_text_values", "instance_xmlns", "name"),
    ),
}
"""The columns that each sheet knows, besides its texts (label, hint …) and what begins like ``bind::``."""

_CANONICAL = {
    **dict.fromkeys(("relevance", "bind::relevant", "bind:relevant"), "relevant"),
    **dict.fromkeys(("bind::constraint", "bind:constraint"), "constraint"),
    **dict.fromkeys(("bind::required", "bind:required"), "required"),
    **dict.fromkeys(("bind::calculate", "bind:calculate", "calculate"), "calculation"),
    "bind::jr:constraintmsg": "constraint_message",
    "bind::jr:requiredmsg": "required_message",
    **dict.fromkeys(("id_string", "set_form_id"), "form_id"),
    **dict.fromkeys(("title", "set_form_title"), "form_title"),
    "value": "name",
    "caption": "label",
}
"""Other names of columns that mean the same."""

_WORDS = ("type", "name", "list_name")
_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:-]+")
_RECORDING = re.compile(r"(?:media::)?audio(?:::(.+))?")
_TRANSLATED = re.compile(r"(label|hint|guidance_hint|constraint_message|required_message)(?:::(.+))?")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: its line in the file, or its row in the sheet; its cells by column, empty ones left out."""

    line: int
    cells: Mapping[str, str]
    sheet: str = ""

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def labels(self, text: str = "label") -> Labels:
        """The translations of ``text`` in this row by language; a column without a language is English."""
        translated = ((translation(column), cell) for column, cell in self.cells.items())
        return {of[1]: cell for of, cell in translated if of and of[0] == text}

    def recordings(self) -> Labels:
        """The files of ``media::audio`` in this row by language; a column without a language is English."""
        named = ((_RECORDING.fullmatch(column), cell) for column, cell in self.cells.items())
        return {language_of(of[1] or "en"): cell for of, cell in named if of}


@dataclass(frozen=True, slots=True)
class Form:
    """The sheets of one file. ``columns`` holds each sheet's heading, as (line, columns).

    ``assumed``: what stands for the settings that the file does not say.
    """

    file: str
    rows: Mapping[str, tuple[Row, ...]]
    columns: Mapping[str, tuple[int, tuple[str, ...]]]
    assumed: Mapping[str, str] = field(default_factory=dict)

    def fault(self, row: Row | int, said: Message, sheet: str = "survey") -> Message:
        """What is said, with file and place in front; ``sheet`` is that of a bare row number."""
        line, sheet = (row, sheet) if isinstance(row, int) else (row.line, row.sheet)
        return at(self.file, line, said, sheet).message

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
    return match[1], language_of(match[2]) or match[2].strip().lower()


def parse(text: str, file: str) -> Form:
    r"""The tables of ``text``: a sheet's name alone in the first cell, then its heading, then its rows.

    The dialect is pyxform's: ``#`` begins a comment, ``\|`` is a pipe inside a cell. What pyxform
    would drop or misread in silence is refused: raises BadDeclaration with file and line.
    """
    tables: dict[str, list[tuple[int, list[str]]]] = {}
    sheet = ""
    for line, cells in _lines(text, file):
        if cells[0]:
            sheet = _sheet(cells, tables, file, line)
            tables[sheet] = []
        elif not sheet:
            raise at(file, line, Message("xlsform.no_sheet"))
        else:
            tables[sheet].append((line, cells[1:]))
    return assembled(file, tables)


def assembled(file: str, tables: Mapping[str, Iterable[tuple[int, list[str]]]]) -> Form:
    """The form of these sheets, each as its rows with their numbers; the first that holds anything is its heading.

    Raises BadDeclaration for a column twice, cells beyond the heading, and a form without questions.
    """
    rows: dict[str, list[Row]] = {sheet: [] for sheet in SHEETS}
    columns: dict[str, tuple[int, tuple[str, ...]]] = {}
    for sheet, lines in tables.items():
        filled = [(line, cells) for line, cells in lines if any(cells)]
        for line, cells in filled[:1]:
            columns[sheet] = (line, _heading(cells, file, line, sheet))
        rows[sheet] = [_row(line, cells, columns[sheet][1], file, sheet) for line, cells in filled[1:]]
    if not rows["survey"]:
        raise at(file, None, Message("xlsform.no_question"))
    return Form(file, {name: tuple(listed) for name, listed in rows.items()}, columns)


def at(file: str, line: int | None, said: Message, sheet: str = "") -> BadDeclaration:
    """The error with what is ``said`` of a place: a line of a text, or a row of a sheet."""
    if not file.endswith(".xlsx") or line is None:
        return fault(file, line, said)
    return BadDeclaration("xlsform.at_row", file=file, sheet=sheet, row=str(line), fault=said)


def _lines(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    for line, content in enumerate(text.splitlines(), 1):
        content = content.strip()
        if not content.startswith("|"):
            continue
        if len(content) < 2 or not _PIPE.match(content[-1]) or content.endswith("\\|"):
            raise at(file, line, Message("xlsform.no_pipe"))
        if "-" in content and _RULE.fullmatch(content):
            if re.search(r"[\s:]", content):
                raise at(file, line, Message("xlsform.heading_rule"))
            continue
        yield line, [cell.strip().replace(r"\|", "|") for cell in _PIPE.split(content[1:-1])]


def _sheet(cells: list[str], seen: Mapping[str, object], file: str, line: int) -> str:
    name = cells[0]
    if name not in SHEETS:
        raise at(file, line, Message("xlsform.unknown_sheet", sheet=name, hint=nearest(name, SHEETS)))
    if any(cells[1:]):
        raise at(file, line, Message("xlsform.sheet_alone"))
    if name in seen:
        raise at(file, line, Message("xlsform.sheet_twice", sheet=name))
    return name


def _heading(cells: list[str], file: str, line: int, sheet: str) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    cells = [_canonical(cell, sheet) for cell in cells]
    twice = [cell for cell in cells if cells.count(cell) > 1]
    if twice:
        raise at(file, line, Message("xlsform.column_twice", column=twice[0]), sheet)
    return tuple(cells)


def _canonical(cell: str, sheet: str) -> str:
    """A column's name as the kit knows it: in small letters, with _ between words; as written where nobody knows it.

    The language of a text stays as it is written.
    """
    head, *rest = (part.strip() for part in cell.split("::", 1))
    named = "::".join(("_".join(head.split()).lower(), *rest))
    named = _CANONICAL.get(named.lower(), named) if (sheet, named) != ("evidence", "value") else named
    return named if named in COLUMNS[sheet] or translation(named) or rest or sheet == "settings" else cell


def _row(line: int, cells: list[str], columns: tuple[str, ...], file: str, sheet: str) -> Row:
    if any(cells[len(columns) :]):
        raise at(file, line, Message("xlsform.too_many_cells"), sheet)
    filled = {column: cell for column, cell in zip(columns, cells, strict=False) if cell}
    return Row(line, {column: _spaced(cell) if column in _WORDS else cell for column, cell in filled.items()}, sheet)


def _spaced(cell: str) -> str:
    """Words with one ordinary space between."""
    return " ".join(cell.split())
