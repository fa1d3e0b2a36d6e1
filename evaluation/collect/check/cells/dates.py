"""The dates of one column: read if certain, never guessed where day and month could be swapped."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evaluation.texts import LANGUAGES

Order = Literal["", "day first", "month first"]
"""What the column as a whole says about 01/02/2025; empty: it does not say."""

_TIME = (
    r"(?:(?:[T ]+|, ?)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?"
    r"\s*(?:Z|(?:GMT|UTC)?(?:[+-]\d{1,2}(?::?\d{2})?)?|(?:CE|EE|WE)S?T|GMT|BST)?)?"
)
_OF_YEAR = r"(?: ?[rгр]\.?| roku| року| года)?"
_NAME = r"[^\W\d_]+"
_WEEKDAY = re.compile(rf"({_NAME})(?:\.,?|,)? +(?=.)")
_ISO = re.compile(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})", re.ASCII)
_PARTS = re.compile(r"(\d{1,2})([-./]) ?(\d{1,2})\2 ?(\d{4})" + _OF_YEAR + _TIME, re.ASCII)
_SHORT_YEAR = re.compile(r"(\d{1,2})([-./]) ?(\d{1,2})\2 ?(\d{2})" + _OF_YEAR + _TIME, re.ASCII)
_WORDED = re.compile(
    rf"(\d{{1,2}})(?:(?:st|nd|rd|th)?\.? +|[-./])(?:of )?({_NAME})(?:\.? +|[-./])(\d{{4}}){_OF_YEAR}{_TIME}"
    rf"|({_NAME})\.? +(\d{{1,2}})(?:st|nd|rd|th)?, +(\d{{4}}){_TIME}"
)
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?", re.ASCII)
_FIRST_DAY = {1900: dt.date(1899, 12, 30), 1904: dt.date(1904, 1, 1)}
_ELSEWHERE = ("de", "fr", "es", "nb", "is", "uk", "ru", "be", "ro")
"""Languages besides the kit's own in which clients' and partners' spreadsheets write the names of months and days."""


@dataclass(frozen=True, slots=True)
class Day:
    """A cell read as a date: ``value``, or the ``fault`` that prevents it; ``note`` if it needs saying."""

    value: dt.date | None = None
    fault: str = ""
    note: str = ""


def order_of(texts: Iterable[str]) -> Order:
    """Which of two numbers is the day in a column of 01/02/2025, told by days above 12 unless they disagree."""
    day = month = False
    for text in texts:
        if (match := _PARTS.fullmatch(text)) and match[2] != ".":
            first, second = int(match[1]), int(match[3])
            day |= first > 12 >= second
            month |= second > 12 >= first
    return "day first" if day and not month else "month first" if month and not day else ""


def read_day(text: str, order: Order, epoch: Literal[1900, 1904] = 1900, *, short: bool = False) -> Day:
    """One cell as a date: ISO, dd.mm.yyyy, 3 lutego 2025, dd/mm/yyyy where ``order`` is known, a day number.

    ``short``: a person has said which order it is, so that a year of two digits is one of this century.
    """
    day = _read(text, order, epoch, short=short)
    match = _WEEKDAY.match(text) if day.fault == "bad_date" else None
    if not match or not (names := _weekdays().get(match[1].casefold())):
        return day
    day = _read(text[match.end() :], order, epoch, short=short)
    fits = day.value is None or (day.value.weekday() in names and day.note != "excel_serial")
    return Day(day.value, day.fault, "date_form") if fits else Day(fault="date_impossible")


def _read(text: str, order: Order, epoch: Literal[1900, 1904], *, short: bool) -> Day:
    """The text as a date, without a day of the week before it."""
    if match := _ISO.fullmatch(text):
        plain = len(text) == 10 and match[2] == "-"
        return _calendar(match[1], match[3], match[4], "" if plain else "date_form")
    if match := _COMPACT.fullmatch(text):
        return _calendar(match[1], match[2], match[3], "date_form")
    if match := _PARTS.fullmatch(text):
        return _parts(match, order)
    if (match := _WORDED.fullmatch(text)) and (month := months().get((match[2] or match[4]).casefold())):
        return _calendar(match[3] or match[6], str(month), match[1] or match[5], "date_form")
    if match := _SERIAL.fullmatch(text):
        return Day(_FIRST_DAY[epoch] + dt.timedelta(days=int(match[1])), note="excel_serial")
    if not (match := _SHORT_YEAR.fullmatch(text)):
        return Day(fault="bad_date")
    day = _parts(match, order) if short else Day(fault="two_digit_year")
    return Day(day.value, day.fault, "short_year") if day.value else day


def all_ambiguous(texts: Iterable[str]) -> bool:
    """Whether every date of the column fits day/month and month/day, so that only a person can tell.

    05/05/2025 is the same either way: it decides nothing, and does not help either.
    """
    matches = [_PARTS.fullmatch(text) for text in texts]
    split = [match for match in matches if match and match[2] != "." and max(int(match[1]), int(match[3])) <= 12]
    return len(split) == len(matches) and any(int(match[1]) != int(match[3]) for match in split)


def half_swapped(texts: Sequence[str]) -> bool:
    """Whether a program of another country took part of a column's dates for its own and swapped their day and month.

    An American Excel makes 3 February of 03/02/2025 as 2 March, and leaves 25/01/2025 as a text. So real dates, all
    of them below day 13, beside texts that it could not read; with points, which it leaves alone more often, only
    where several stand on either side.
    """
    days = [read_day(text, "") for text in texts]
    real = [day.value for day in days if day.value and day.note in ("", "date_form", "excel_serial")]
    split = [match for text in texts if (match := _PARTS.fullmatch(text) or _SHORT_YEAR.fullmatch(text))]
    unread = [match for match in split if max(int(match[1]), int(match[3])) > 12]
    if not real or not unread or any(day.day > 12 for day in real):
        return False
    dotted = all(match[2] == "." for match in unread)
    return not dotted or (len(unread) == len(split) and min(len(real), len(unread)) > 1)


def day_numbers(start: dt.date, today: dt.date) -> range:
    """Excel's numbers of the days of a project, and of a year on either side of it."""
    first = _FIRST_DAY[1900]
    return range((start - first).days - 366, (today - first).days + 367)


@functools.cache
def months() -> Mapping[str, int]:
    """The names of the months, whole and short, and as Roman numbers; a name of two months is the name of none."""
    from babel.dates import get_month_names

    roman = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
    named = _named(get_month_names)
    sole = {name: next(iter(months)) for name, months in named.items() if len(months) == 1}
    return sole | dict(zip(roman, range(1, 13), strict=True))


@functools.cache
def _weekdays() -> Mapping[str, frozenset[int]]:
    """The names of the days of the week, whole and short → which days they can be, Monday first."""
    from babel.dates import get_day_names

    named = {"pn": frozenset({0}), "nd": frozenset({6}), **_named(get_day_names)}
    return {name: days for name, days in named.items() if name != "do"}  # the German Thursday is the Polish "until"


def _named(names: Callable[..., Mapping[int, str]]) -> dict[str, frozenset[int]]:
    """The names of months or days in small letters, those of the kit's own languages first."""
    found: dict[str, frozenset[int]] = {}
    for languages in (LANGUAGES, _ELSEWHERE):
        ours = frozenset(found)
        for language, width, context in itertools.product(
            languages, ("wide", "abbreviated"), ("format", "stand-alone")
        ):
            for number, name in names(width, context, locale=language).items():
                if (text := name.rstrip(".").casefold()) not in ours:
                    found[text] = found.get(text, frozenset()) | {number}
    return found


def _parts(match: re.Match[str], order: Order) -> Day:
    first, mark, second, year = match[1], match[2], match[3], match[4] if len(match[4]) == 4 else f"20{match[4]}"
    # Points between the numbers are the Polish and German way, always with the day first.
    if mark == ".":
        return _calendar(year, second, first, "date_dmy")
    if int(second) > 12 >= int(first) > 0:
        return _calendar(year, first, second, "date_mdy")
    if int(first) > 12 >= int(second) > 0 or first.zfill(2) == second.zfill(2):
        return _calendar(year, second, first, "date_dmy")
    if int(first) > 12 or not order:
        return Day(fault="date_impossible" if int(first) > 12 else "date_ambiguous")
    return (
        _calendar(year, second, first, "date_dmy")
        if order == "day first"
        else _calendar(year, first, second, "date_mdy")
    )


def _calendar(year: str, month: str, day: str, note: str) -> Day:
    try:
        return Day(dt.date(int(year), int(month), int(day)), note=note)
    except ValueError:
        return Day(fault="date_impossible")
