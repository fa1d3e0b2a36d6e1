"""How like two names are, and how much of a column of a file a column of a form could read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping, Sequence

from evaluation.collect.check.cells.dates import read_day
from evaluation.collect.check.cells.values import boolean_of, choice_of, choices_of, number_of, wave_of
from evaluation.collect.check.columns import Column
from evaluation.collect.check.context import Context
from evaluation.collect.files.cells import blank, clean
from evaluation.collect.files.sheet import WHOLE_ROW, Sheet
from evaluation.texts import folding

SOME = 100
"""So many different cells show what a column holds."""
LIKELY, SURE = 0.3, 0.7
"""From these likenesses of their names on, columns may be the same; or are, where a file can well do without one."""


_NOT_ASKED = re.compile(
    r"\b(urodz\w*|birth\w*|born|dob|pesel|nazwisk\w*|surnames?|imie|imion\w*|(?:first|last|full) name"
    r"|telefon\w*|tel|phones?|mobile|e ?mail\w*|adres\w*|address\w*|pasz?port\w*|dowod\w*"
    r"|dziec\w*|child(?:ren)?|matk\w*|mothers?|ojc\w*|fathers?"
    r"|maz|meza|husbands?|sprawc\w*|perpetrators?)\b"
)
CALLED_PEOPLE = ("participant", "code", "kod", "uczestniczka", "uczestnik", "osoba", "kod osoby", "kod uczestniczki")
"""What a column of participants' codes is usually called."""
_OTHER_CODE = re.compile(r"(?=\S*\d)(?!(?:\D*\d){9})\S{1,20}")
_FEW = 5
"""So many words a heading has that is no question."""


def not_asked(heading: str) -> bool:
    """Whether a heading says who somebody is, or is about somebody else: no column of a form is like it by chance."""
    words = folded(heading)
    return len(words.split()) <= _FEW and _NOT_ASKED.search(words) is not None


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
            day = read_day(text, "day first", short=True)
            return day.value is not None and day.value.year > 1990
        case "code":
            return choice_of(text, column).value is not None
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
    """The words of a name as they sound, without the marks between them."""
    return re.sub(r"[^a-z0-9]+", " ", folding.folded(name)).strip()


def alike(name: str, title: str) -> float:
    """How much two names say the same: by the beginnings of their words, endings of Polish left aside.

    With other numbers they are names of something else: ``sec_07`` is not ``sec_01``.
    """
    if folded(name) == folded(title):
        return 1.0
    numbers, others = ({int(each) for each in re.findall(r"\d+", folded(text))} for text in (name, title))
    if numbers and others and numbers.isdisjoint(others):
        return 0.0
    first, second = _stems(name), _stems(title)
    common = len(first & second)
    return 0.75 * common / len(first) + 0.25 * common / len(second) if first and second else 0.0


def near(word: str, label: str) -> float:
    return max(alike(word, label), difflib.SequenceMatcher(None, folded(word), folded(label)).ratio())


def _stems(name: str) -> set[str]:
    return {word[:5] for word in folded(name).split() if len(word) > 2}


def places_of(
    sheet: Sheet,
    columns: Sequence[Column],
    titles: Mapping[str, Sequence[str]],
    context: Context,
    names: Mapping[str, Mapping[str, str]],
    *,
    surely: Collection[str] = (),
    besides: Collection[int] = (),
) -> dict[str, tuple[int, float]]:
    """Each column of the form with the position of the file's column that is likeliest, and how like they are.

    ``surely``: the columns of the form that are only what is called very much like them; ``besides``: positions in
    the file that are known to be something else.
    """
    pairs: list[tuple[float, int, str]] = []
    for at, cell in enumerate(sheet.header):
        texts = texts_of(sheet, at)
        for column in columns if at not in besides else ():
            likeness = max((alike(cell, title) for title in titles.get(column.name, [column.name])), default=0.0)
            person = of_people(column, context)
            read = readable(texts, column, context, names) if likeness >= LIKELY or person else 0.0
            least, enough = (SURE, SURE) if column.name in surely else (LIKELY, 0.45)
            yes_no = bool(texts) and all(text.isalpha() and boolean_of(text).value for text in texts)
            worded = column.kind in ("code", "reference", "text", "wave") and likeness >= enough and not yes_no
            named = folded(cell) in map(folded, titles.get(column.name, [column.name]))
            like = likeness >= least and (read > 0.6 or worded) and not not_asked(cell)
            if like or named or (person and read > 0.8):
                pairs.append((likeness + read / 2, at, column.name))
    found: dict[str, tuple[int, float]] = {}
    for likeness, at, name in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        if name not in found and at not in {taken for taken, _ in found.values()}:
            found[name] = at, likeness
    return found


def people_in(sheet: Sheet, context: Context) -> list[int]:
    """The columns of participants' codes; else the one that is called so and whose codes are of no agreed form.

    A name is no code, nor is a number as long as that of a telephone or a person.
    """
    columns = range(len(sheet.header))
    held = [at for at in columns if holds_people(sheet, at, context)]
    called = (at for at in columns if folded(sheet.header[at]) in CALLED_PEOPLE and texts_of(sheet, at))
    return held or [at for at in called if all(map(_OTHER_CODE.fullmatch, texts_of(sheet, at)))][:1]


def holds_people(sheet: Sheet, at: int, context: Context) -> bool:
    """Whether nearly every cell of the column is a participant's code."""
    texts = texts_of(sheet, at)
    codes = [text for text in texts if re.fullmatch(context.participant_pattern, text, re.ASCII)]
    return bool(texts) and len(codes) > 0.8 * len(texts)
