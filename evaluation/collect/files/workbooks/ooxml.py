"""An Excel workbook (.xlsx, Transitional or Strict, whatever its parts are called) becomes pages."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree
from zipfile import ZipFile

from evaluation.collect.files.workbooks.page import Page, TooLarge, Value, attribute, elements, local
from evaluation.collect.files.workbooks.styles import (
    Styles,
    is_struck,
    marked,
    moment_text,
    number_text,
    percent_text,
    read_styles,
)

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)", re.ASCII)
_TRUE = ("1", "true")
_COMMENTS = ("comments", "threadedComment")
_MOST_LETTERS = 2**27

Text = tuple[str, bool]
"""A text, and whether any part of it is struck out."""


@dataclass(frozen=True, slots=True)
class Book:
    """The parts of a workbook. ``sheets``: title → its part and whether it is visible; ``late``: days from 1904."""

    archive: ZipFile
    sheets: Mapping[str, tuple[str, bool]]
    texts: list[Text]
    styles: Styles
    late: bool

    def page(self, title: str) -> Page:
        """The sheet called ``title``."""
        page = Page(remarks=self._remarks(self.sheets[title][0]))
        number = 0
        for name, element in elements(self.archive, self.sheets[title][0], ("cols", "row", "mergeCells")):
            if name == "row":
                number = int(attribute(element, "r") or number + 1)
                page.add(number, dict(self._values(element)), hidden=attribute(element, "hidden") in _TRUE)
            elif name == "cols":
                page.hidden_columns |= _hidden_columns(element)
            else:
                page.merged += filter(None, (_area(attribute(each, "ref")) for each in element))
        return page.finished()

    def _remarks(self, part: str) -> set[int]:
        """The rows whose cells somebody put a comment on."""
        told = [target for kind, target in _related(self.archive, part).values() if kind in _COMMENTS]
        found = [each for target in told if target in self.archive.namelist() for each in self._comments(target)]
        return {int(place[2]) for place in map(_REFERENCE.fullmatch, found) if place}

    def _comments(self, part: str) -> Iterator[str]:
        return (attribute(each, "ref") for _, each in elements(self.archive, part, ("comment", "threadedComment")))

    def _values(self, row: ElementTree.Element) -> Iterator[tuple[int, Value]]:
        at = -1
        for cell in row:
            place = _REFERENCE.fullmatch(attribute(cell, "r"))
            at = _column(place[1]) if place else at + 1
            if len(cell):
                yield at, self._value(cell)

    def _value(self, cell: ElementTree.Element) -> Value:
        parts = {local(part.tag): part for part in cell}
        kind, style = attribute(cell, "t") or "n", int(attribute(cell, "s") or 0)
        written, formula = parts["v"].text if "v" in parts else None, parts.get("f")
        struck = style in self.styles.struck
        if formula is not None and not written and kind != "str":
            return Value(f"={formula.text or ''}", "formula_without_value", struck)
        text, partly = self._text(kind, written or "", style, parts.get("is"))
        sign = self.styles.signs.get(style, "") if kind == "n" else ""
        fault = "excel_error" if kind == "e" else marked(sign, computed=formula is not None)
        return Value(text, fault if text else "", struck or partly, typed=kind in ("s", "inlineStr", "str"))

    def _text(self, kind: str, written: str, style: int, inline: ElementTree.Element | None) -> Text:
        if kind == "s":
            return self.texts[int(written)] if written else ("", False)
        if kind == "inlineStr":
            return _joined(inline) if inline is not None else (written, False)
        if kind == "b":
            return "true" if written in _TRUE else "false", False
        if kind == "d":
            return _iso(written), False
        if kind == "n" and written and style in self.styles.percents:
            return percent_text(written), False
        if kind == "n" and written:
            return number_text(written, date=style in self.styles.dates, late=self.late), False
        return _unescaped(written), False


def open_book(archive: ZipFile) -> Book:
    """The workbook in the archive; its sheets are read when they are asked for."""
    root = next((target for kind, target in _related(archive, "").values() if kind == "officeDocument"), "")
    part = root or "xl/workbook.xml"
    related = _related(archive, part)
    sheets: dict[str, tuple[str, bool]] = {}
    late = False
    for name, element in elements(archive, part, ("workbookPr", "sheet")):
        if name == "workbookPr":
            late = attribute(element, "date1904") in _TRUE
        else:
            kind, target = related.get(attribute(element, "id"), ("", ""))
            visible = attribute(element, "state") in ("", "visible")
            if kind == "worksheet":
                sheets[attribute(element, "name")] = (target, visible)
    named = {kind: target for kind, target in related.values() if target in archive.namelist()}
    texts = _shared(archive, named["sharedStrings"]) if "sharedStrings" in named else []
    return Book(archive, sheets, texts, read_styles(archive, named.get("styles", "")), late)


def _related(archive: ZipFile, part: str) -> Mapping[str, tuple[str, str]]:
    """What a part refers to, by its id: the kind and the name of the other part."""
    folder, name = posixpath.split(part)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    if listed not in archive.namelist():
        return {}
    return {
        attribute(each, "Id"): (
            attribute(each, "Type").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, attribute(each, "Target"))).lstrip("/"),
        )
        for _, each in elements(archive, listed, ("Relationship",))
    }


def _shared(archive: ZipFile, part: str) -> list[Text]:
    texts: list[Text] = []
    letters = 0
    for _, element in elements(archive, part, ("si",)):
        texts.append(_joined(element))
        letters += len(texts[-1][0])
        if letters > _MOST_LETTERS:
            raise TooLarge
    return texts


def _joined(element: ElementTree.Element) -> Text:
    """The text of all runs, without phonetic guides; whether one of them is struck out."""
    parts: list[str] = []
    struck = False
    for child in element:
        if local(child.tag) == "t":
            parts.append(child.text or "")
        elif local(child.tag) == "r":
            parts += [part.text or "" for part in child if local(part.tag) == "t"]
            struck |= any(is_struck(mark) for part in child if local(part.tag) == "rPr" for mark in part)
    return _unescaped("".join(parts)), struck


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _iso(written: str) -> str:
    try:
        return moment_text(dt.datetime.fromisoformat(written))
    except ValueError:
        return written


def _hidden_columns(columns: ElementTree.Element) -> set[int]:
    hidden = [each for each in columns if attribute(each, "hidden") in _TRUE]
    ends = [(int(attribute(each, "min")), int(attribute(each, "max"))) for each in hidden]
    return {at for first, last in ends for at in range(first - 1, min(last, first + 1000))}


def _area(reference: str) -> tuple[int, int, int, int] | None:
    ends = [_REFERENCE.fullmatch(end) for end in reference.split(":")]
    if len(ends) != 2 or not ends[0] or not ends[1]:
        return None
    return int(ends[0][2]), int(ends[1][2]), _column(ends[0][1]), _column(ends[1][1])


def _column(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1
