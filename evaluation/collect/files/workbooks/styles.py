"""What an Excel workbook's styles say of a cell: its number is a date, a percentage or money; it is struck out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from xml.etree import ElementTree
from zipfile import ZipFile

from evaluation.collect.files.money import CURRENCIES, MARK, words_of
from evaluation.collect.files.workbooks.page import attribute, elements, local

_QUOTED = re.compile(r'"[^"]*"|\\.')
_SIGN = re.compile(r"\[\$([^\]-]+)[^\]]*\]")
"""A sign of money in the format of a number: ``[$€-407]``. ``[$-415]`` only names a language."""
_UNSEEN = re.compile(r'\[[^\]]*\]|[_*].|"')
"""What a format does not print: conditions and colours, widths, marks around its words."""


@dataclass(frozen=True, slots=True)
class Styles:
    """By the number of a style: those of dates, of percentages, those that are struck out, and signs of money."""

    dates: frozenset[int] = frozenset()
    percents: frozenset[int] = frozenset()
    struck: frozenset[int] = field(default_factory=frozenset)
    signs: Mapping[int, str] = field(default_factory=dict)


def read_styles(archive: ZipFile, part: str) -> Styles:
    """The styles in the part of the workbook; none where there is no such part."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format  # slow to import; most files are CSV

    formats = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    own: dict[str, str] = {}  # a format that comes with the program has the sign of whoever opens the file
    struck: list[bool] = []
    styles: list[tuple[bool, bool, bool]] = []
    signs: dict[int, str] = {}
    for name, element in elements(archive, part, ("numFmts", "fonts", "cellXfs")) if part else ():
        if name == "numFmts":
            own |= {attribute(each, "numFmtId"): attribute(each, "formatCode") for each in element}
            formats |= own
        elif name == "fonts":
            struck = [any(is_struck(mark) for mark in font) for font in element]
        else:
            for style in element:
                font = int(attribute(style, "fontId") or 0)
                code = formats.get(attribute(style, "numFmtId"), "")
                date, percent = bool(code) and is_date_format(code), "%" in _QUOTED.sub("", code)
                if sign := "" if date or percent else sign_of(own.get(attribute(style, "numFmtId"), "")):
                    signs[len(styles)] = sign
                styles.append((date, percent, font < len(struck) and struck[font]))
    dates, percents, strikes = (frozenset(at for at, has in enumerate(styles) if has[which]) for which in range(3))
    return Styles(dates, percents, strikes, signs)


def sign_of(code: str) -> str:
    """The sign of money that the format of a number shows, '' if none."""
    signs = (*_SIGN.findall(code), *words_of(_UNSEEN.sub(" ", code).replace("\\", "")))
    return next((sign for sign in signs if sign.casefold() in CURRENCIES), "")


def marked(sign: str, *, computed: bool) -> str:
    """The mark of a cell that is ``computed`` by a formula, and shows the sign of a currency."""
    return " ".join(filter(None, ("formula_value" if computed else "", sign and f"{MARK} {sign}")))


def is_struck(mark: ElementTree.Element) -> bool:
    """Whether a mark of a font strikes its text out."""
    return local(mark.tag) == "strike" and attribute(mark, "val") not in ("0", "false")


def percent_text(text: str) -> str:
    """A share as a screen shows it: 0.25 as 25%."""
    return f"{number_text(repr(float(text) * 100), date=False, late=False)}%"


def number_text(text: str, *, date: bool, late: bool) -> str:
    """A number as Excel shows it: 15 digits, a date as ISO; ``late``: days count from 1904."""
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

    number = float(text)
    if date:
        try:
            return moment_text(from_excel(number, CALENDAR_MAC_1904 if late else CALENDAR_WINDOWS_1900))
        except (OverflowError, ValueError):
            pass
    if text.lstrip("-").isdecimal() and text.isascii():
        return str(int(text))
    # Excel shows 15 digits; the rest is noise of the binary fraction.
    return f"{Decimal(format(number, '.15g')):f}"


def moment_text(value: object) -> str:
    """A day as 2025-01-24; with its time where there is one."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
