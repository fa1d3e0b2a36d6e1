"""A LibreOffice workbook (.ods) becomes pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree
from zipfile import ZipFile

from evaluation.collect.files.workbooks.page import Page, TooLarge, Value, attribute, elements, local
from evaluation.collect.files.workbooks.styles import marked, number_text, percent_text

MIME = b"application/vnd.oasis.opendocument.spreadsheet"
_CONTENT = "content.xml"
_MOST_ROWS = 2**20
_CELLS = ("table-cell", "covered-table-cell")


@dataclass(frozen=True, slots=True)
class Document:
    """The sheets of a document: title → its page and whether it is visible."""

    sheets: Mapping[str, tuple[Page, bool]]

    def page(self, title: str) -> Page:
        return self.sheets[title][0]


def open_document(archive: ZipFile) -> Document:
    """All sheets of the document."""
    struck: set[str] = set()
    unseen: set[str] = set()
    sheets: dict[str, tuple[Page, bool]] = {}
    page, number = Page(), 1
    columns = 0
    for name, element in elements(archive, _CONTENT, ("style", "table-column", "table-row", "table")):
        if name == "style":
            struck |= {attribute(element, "name")} if _strikes(element) else set()
            unseen |= {attribute(element, "name")} if _hides(element) else set()
        elif name == "table-column":
            times = _repeated(element, "number-columns-repeated", 1000)
            if attribute(element, "visibility") in ("collapse", "filter"):
                page.hidden_columns |= set(range(columns, columns + times))
            columns += times
        elif name == "table-row":
            number += _add(page, number, element, struck)
        else:
            visible = attribute(element, "style-name") not in unseen
            sheets[attribute(element, "name")] = (page.finished(), visible)
            page, number, columns = Page(), 1, 0
    return Document(sheets)


def _add(page: Page, number: int, row: ElementTree.Element, struck: set[str]) -> int:
    """Adds the row, as often as it is repeated; returns how often."""
    times = _repeated(row, "number-rows-repeated", _MOST_ROWS)
    values = dict(_values(row, struck))
    hidden = attribute(row, "visibility") in ("collapse", "filter")
    if any(value.text for value in values.values()):
        if times * len(values) > page.left:
            raise TooLarge
        for again in range(times):
            page.add(number + again, values, hidden=hidden)
        if any(local(part.tag) == "annotation" for part in row.iter()):
            page.remarks |= {number + again for again in range(times)}
    return times


def _values(row: ElementTree.Element, struck: set[str]) -> Iterator[tuple[int, Value]]:
    at = 0
    for cell in (each for each in row if local(each.tag) in _CELLS):
        times = _repeated(cell, "number-columns-repeated", _MOST_ROWS)
        value = _value(cell, attribute(cell, "style-name") in struck)
        if value.text or value.fault:
            if times > 16_384:
                raise TooLarge
            yield from ((at + again, value) for again in range(times))
        at += times


def _value(cell: ElementTree.Element, struck: bool) -> Value:
    if local(cell.tag) == "covered-table-cell":
        return Value("", "merged")
    kind, formula = attribute(cell, "value-type"), attribute(cell, "formula")
    text = _text(cell, kind)
    if formula and not text and kind != "string":
        return Value(f"={formula.partition('=')[2]}", "formula_without_value", struck)
    wrong = any(local(key) == "value-type" and value == "error" for key, value in cell.attrib.items())
    if wrong or text.startswith("Err:"):
        return Value(text or "#N/A", "excel_error", struck)
    fault = marked(attribute(cell, "currency"), computed=bool(formula)) if text else ""
    return Value(text, fault, struck, typed=kind in ("", "string"))


def _text(cell: ElementTree.Element, kind: str) -> str:
    if kind == "percentage":
        return percent_text(attribute(cell, "value"))
    if kind in ("float", "currency"):
        return number_text(attribute(cell, "value"), date=False, late=False)
    if kind == "date":
        return attribute(cell, "date-value").removesuffix("T00:00:00")
    if kind == "boolean":
        return attribute(cell, "boolean-value")
    if kind == "string" and attribute(cell, "string-value"):
        return attribute(cell, "string-value")
    return "\n".join("".join(_spoken(each)) for each in cell if local(each.tag) == "p")


def _spoken(element: ElementTree.Element) -> Iterator[str]:
    """The text of a paragraph: spaces, tabs and line ends have elements of their own; remarks are no part of it."""
    yield element.text or ""
    for child in element:
        match local(child.tag):
            case "s":
                yield " " * _repeated(child, "c", 1000)
            case "tab":
                yield "\t"
            case "line-break":
                yield "\n"
            case "annotation":
                pass
            case _:
                yield from _spoken(child)
        yield child.tail or ""


def _repeated(element: ElementTree.Element, name: str, most: int) -> int:
    text = attribute(element, name)
    return min(int(text), most) if text.isdecimal() else 1


def _strikes(style: ElementTree.Element) -> bool:
    marks = (attribute(each, "text-line-through-style") for each in style if local(each.tag) == "text-properties")
    return any(mark not in ("", "none") for mark in marks)


def _hides(style: ElementTree.Element) -> bool:
    return any(attribute(each, "display") == "false" for each in style if local(each.tag) == "table-properties")
