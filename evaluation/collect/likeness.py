"""How like two names are, and how much of a column of a file a column of a form could read."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence

from evaluation.collect.check.cells.dates import read_day
from evaluation.collect.check.cells.values import boolean_of, choice_of, choices_of, number_of, wave_of
from evaluation.collect.check.columns import Column
from evaluation.collect.check.context import Context
from evaluation.collect.files.cells import blank, clean
from evaluation.collect.files.imported.words import MARKS
from evaluation.collect.files.sheet import WHOLE_ROW, Sheet

SOME = 100
"""So many different cells show what a column holds."""


def texts_of(sheet: Sheet, at: int) -> list[str]:
    rows = (row for row in sheet.rows if WHOLE_ROW not in row.faults and at < len(row.cells))
    return [clean(row.cells[at])[0] for row in rows if not blank(row.cells[at])]


def readable(texts: Sequence[str], column: Column, context: Context, names: Mapping[str, Mapping[str, str]]) -> float:
    """The share of the cells that the column could read; 0.7 where nothing stands there or anything may."""
    some = list(dict.fromkeys(texts))[:SOME]
    if not some or (column.kind in ("text", "version") and not of_people(column, context)):
        return 0.7
    return sum(reads(text, column, context, names) for text in some) / len(some)


def of_people(column: Column, context: Context) -> bool:
    """Whether the column holds participants' codes."""
    return column.kind == "participant" or column.pattern == context.participant_pattern


def reads(text: str, column: Column, context: Context, names: Mapping[str, Mapping[str, str]]) -> bool:
    match column.kind:
        case "participant" | "text":
            return re.fullmatch(context.participant_pattern, text, re.ASCII) is not None
        case "date":
            day = read_day(text, "day first")
            return day.value is not None and day.value.year > 1990
        case "code":
            return choice_of(text, column).value is not None or text.casefold() in (
                MARKS if "present" in column.codes else {}
            )
        case "codes":
            return choices_of(text, column).value is not None
        case "integer" | "decimal":
            return number_of(text, column, comma=True).value is not None
        case "boolean":
            return boolean_of(text).value is not None
        case "wave":
            return wave_of(text, column).value is not None
        case _:
            return text.casefold() in names.get(column.reference, {})


def folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l"))
    return re.sub(r"[^a-z0-9]+", " ", "".join(letter for letter in plain if not unicodedata.combining(letter))).strip()


def alike(name: str, title: str) -> float:
    """How much two names say the same: by the beginnings of their words, endings of Polish left aside."""
    if folded(name) == folded(title):
        return 1.0
    first, second = _stems(name), _stems(title)
    common = len(first & second)
    return 0.75 * common / len(first) + 0.25 * common / len(second) if first and second else 0.0


def near(word: str, label: str) -> float:
    return max(alike(word, label), difflib.SequenceMatcher(None, folded(word), folded(label)).ratio())


def _stems(name: str) -> set[str]:
    return {word[:5] for word in folded(name).split() if len(word) > 2}
