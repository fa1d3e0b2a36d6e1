"""A sheet of a workbook as its file holds it: filled rows, and what a screen shows of them besides their text."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree
from zipfile import ZipFile

from evaluation.collect.files.separated import MOST_CELLS, MOST_COLUMNS
from evaluation.collect.files.sheet import WHOLE_ROW, Row, Same

MOST_MERGED = 20_000
_NO_FAULTS: Mapping[int, str] = {}
_NUMBER = re.compile(r"\s*[-+]?\d+([.,]\d+)?\s*", re.ASCII)


class TooLarge(Exception):
    """More cells than a filled questionnaire can have."""


@dataclass(frozen=True, slots=True)
class Value:
    """A cell: its text, what the text does not tell (``fault``), and whether it is struck out or a typed text."""

    text: str = ""
    fault: str = ""
    struck: bool = False
    typed: bool = False


@dataclass(slots=True)
class Page:
    """The rows of one sheet while it is read. ``merged``: first and last row and column (from 0) of merged cells.

    ``remarks``: the rows with a comment on one of their cells.
    """

    rows: list[Row] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    remarks: set[int] = field(default_factory=set)
    left: int = MOST_CELLS
    same: Same = field(default_factory=Same)

    def add(self, number: int, values: Mapping[int, Value], *, hidden: bool = False) -> None:
        """Keeps the row ``number`` if it holds anything. Raises TooLarge."""
        filled = [at for at, value in values.items() if value.text]
        if not filled:
            return
        width = max(filled) + 1
        self.left -= width
        if self.left < 0 or width > MOST_COLUMNS:
            raise TooLarge
        faults = {at: fault for at, value in values.items() if (fault := _fault(value))}
        if all(values[at].struck for at in filled):
            faults = {WHOLE_ROW: "struck_out"}
        texts = [values[at].text if at in values else "" for at in range(width)]
        self.rows.append(Row(number, self.same.cells(texts), faults or _NO_FAULTS))
        if hidden:
            self.hidden_rows.append(number)

    def finished(self) -> Page:
        """The page with its covered cells marked: what is merged over several rows belongs to each of them."""
        numbers = [row.number for row in self.rows]
        for top, bottom, first, last in self.merged[:MOST_MERGED]:
            for place in range(bisect.bisect_left(numbers, top), bisect.bisect_right(numbers, bottom)):
                row = self.rows[place]
                covered = range(first + (row.number == top), min(last, first + MOST_COLUMNS) + 1)
                if not row.faults.get(WHOLE_ROW):
                    self.rows[place] = replace(row, faults={**dict.fromkeys(covered, "merged"), **row.faults})
        return self


def _fault(value: Value) -> str:
    if value.struck and value.text:
        return "struck_out"
    return value.fault or ("number_as_text" if value.typed and _NUMBER.fullmatch(value.text) else "")


def elements(archive: ZipFile, part: str, wanted: Sequence[str]) -> Iterator[tuple[str, ElementTree.Element]]:
    """The elements called so, without their namespace, each when it is complete; what was given is let go."""
    with archive.open(part) as stream:
        if b"<!DOCTYPE" in stream.peek(4096)[:4096]:  # type: ignore[attr-defined]
            raise ElementTree.ParseError("a document type")
        parents: list[ElementTree.Element] = []
        for event, element in ElementTree.iterparse(stream, ("start", "end")):
            if event == "start":
                parents.append(element)
                continue
            parents.pop()
            name = local(element.tag)
            if name in wanted:
                yield name, element
                element.clear()
                if parents:
                    parents[-1].remove(element)


def local(tag: str) -> str:
    """A name without its namespace, of which Transitional and Strict files have different ones."""
    return tag.rpartition("}")[2]


def attribute(element: ElementTree.Element, name: str) -> str:
    """The attribute ``name``, whatever its namespace."""
    return next((value for key, value in element.attrib.items() if local(key) == name), "")
