"""A register of attendance is known by people and sessions, tallies by months and kinds, whichever stand across."""

from __future__ import annotations

import re

from evaluation.collect.check.cells.dates import read_day
from evaluation.collect.check.cells.months import named_month, year_of
from evaluation.collect.check.cells.values import boolean_of, choice_of
from evaluation.collect.check.columns import Column, columns_of
from evaluation.collect.check.context import Context
from evaluation.collect.check.whole_rows import is_total
from evaluation.collect.files.imported.words import mark_of
from evaluation.collect.files.sheet import Sheet
from evaluation.collect.matching.likeness import folded, people_in, texts_of
from evaluation.collect.matching.proposal import Proposal, Question, labels_of, likeliest, spoken, words_of_table
from evaluation.collect.names import references, sessions_called
from evaluation.schema import Declaration, Import, Table

_REGISTER = re.compile(r"\b(obecnosc\w*|frekwencj\w*|attendance)\b")
_SESSION = re.compile(r"\b(zajec\w*|spotkan\w*|sesj\w*|lekcj\w*|warsztat\w*|sessions?|meetings?|lessons?|workshops?)\b")


def register(sheet: Sheet, declaration: Declaration, context: Context) -> Proposal | None:
    """The file as a register of attendance: people down and sessions across, or the other way round.

    At least two columns are called as sessions, or as people, are. While no session is recorded, their headings and
    marks alone have to say that they are sessions; whoever agrees is told to record these first.
    """
    table = declaration.tables["attendance"]
    people = people_in(sheet, context)
    if not people:
        return _turned(sheet, declaration, context)
    best: Proposal | None = None
    for course in ("", *(course.id for course in declaration.file.courses)):
        names = references(declaration, context, Import(table=table.name, grid="session", course=course), table=table)
        called = sessions_called([cell.strip() for cell in sheet.header], names["sessions.session"])
        held = [at for at, cell in enumerate(sheet.header) if cell.strip() in called]
        if len(held) < 2 or (best and len(held) <= len(best.columns) - len(best.imported.drop) - 1):
            continue
        best = _across(sheet, people[0], held, course, 2.0)
    if best or context.known["sessions.session"]:
        return best
    marked = _as_sessions(sheet, people[0], declaration)
    return _across(sheet, people[0], marked, "", 0.0) if 2 * len(marked) >= len(sheet.header) > 2 else None


def _across(sheet: Sheet, person: int, held: list[int], course: str, likeness: float) -> Proposal:
    """The register whose sessions of the ``course`` stand across, at the positions ``held``."""
    drop = tuple(cell.strip() for at, cell in enumerate(sheet.header) if at not in (person, *held))
    own = {"participant": sheet.header[person].strip()}
    imported = Import(table="attendance", columns=own, grid="session", course=course, drop=drop, sheet=sheet.tab)
    said = spoken(sheet, {person: "participant", **dict.fromkeys(held, "session")})
    return Proposal(imported, said, (), likeness)


def _as_sessions(sheet: Sheet, person: int, declaration: Declaration) -> list[int]:
    """The positions of columns of nothing but marks that are headed as sessions are: by days, by their word, by a
    course and a number, or anyhow in a file that is called a register; by bare numbers only where marks say the rest.

    What is ticked of people is otherwise a need, a consent or an answer.
    """
    courses = {folded(name) for each in declaration.file.courses for name in (each.id, *each.labels.values())}
    register = any(_REGISTER.search(folded(text)) for text in (sheet.name, sheet.tab, sheet.title))
    ticked = _ticked(sheet, person)

    def headed(cell: str) -> bool:
        stem, number = re.fullmatch(r"(.*?) ?(\d*)", folded(cell)).groups()  # type: ignore[union-attr]
        named = register or _SESSION.search(stem) or read_day(cell.strip(), "day first", short=True).value
        return bool(named or (number and (stem in courses or (ticked and not stem))))

    columns = [(at, cell) for at, cell in enumerate(sheet.header) if at != person and not is_total(cell)]
    return [at for at, cell in columns if _marks(sheet, at) and headed(cell)]


def _marks(sheet: Sheet, at: int) -> bool:
    texts = texts_of(sheet, at)
    return bool(texts) and all(map(mark_of, texts))


def _ticked(sheet: Sheet, person: int) -> bool:
    """Whether some row has two marks of presence that are no yes and no number: a scale from 1 to 5 has one a row."""
    rows = [[cell.strip() for at, cell in enumerate(row.cells) if at != person] for row in sheet.rows]
    return any(sum(map(_tick, cells)) > 1 for cells in rows)


def _tick(text: str) -> bool:
    return mark_of(text) == "present" and not text[0].isdecimal() and boolean_of(text).value is None


def _turned(sheet: Sheet, declaration: Declaration, context: Context) -> Proposal | None:
    """The file as a register with sessions down and people across."""
    table = declaration.tables["attendance"]
    header = [cell.strip() for cell in sheet.header]
    across = [at for at, cell in enumerate(header) if re.fullmatch(context.participant_pattern, cell, re.ASCII)]
    if len(across) < 2:
        return None
    rest = [at for at in range(len(sheet.header)) if at not in across]
    best: tuple[float, int, str] = 0.8, -1, ""
    for course in ("", *(course.id for course in declaration.file.courses)):
        imported = Import(table=table.name, grid="participant", course=course)
        named = references(declaration, context, imported, table=table)["sessions.session"]
        for at in rest:
            texts = texts_of(sheet, at)
            known = len([*filter(sessions_called(texts, named).get, texts)]) / max(len(texts), 1)
            best = max(best, (known, at, course), key=lambda each: each[0])
    _, at, course = best
    if at < 0:
        return None
    drop = tuple(sheet.header[other].strip() for other in rest if other != at)
    own = {"session": sheet.header[at].strip()}
    imported = Import(table=table.name, columns=own, grid="participant", course=course, drop=drop, sheet=sheet.tab)
    return Proposal(imported, spoken(sheet, {at: "session", **dict.fromkeys(across, "participant")}), (), 2.0)


def undated(sheet: Sheet, declaration: Declaration, context: Context) -> bool:
    """Whether the file would be one of monthly tallies if it told of which one year its months are."""
    return not tallies(sheet, declaration, context) and bool(tallies(sheet, declaration, context, year="2000"))


def tallies(sheet: Sheet, declaration: Declaration, context: Context, *, year: str = "") -> Proposal | None:
    """The file as monthly tallies: months down and what was counted across, or the other way round; sums are left out.

    A month that is named without its year is one of the ``year``, if not said that which stands above the table.
    """
    table, year = declaration.tables["tallies"], year or year_of(sheet)
    (kind,) = (column for column in columns_of(table, context) if column.name == "kind")
    header = [cell.strip() for cell in sheet.header]
    across = {at: "month" for at, cell in enumerate(header) if named_month(cell, year=year)}
    texts = {at: texts_of(sheet, at) for at in range(len(header)) if at not in across}
    if len(across) > 1:
        down = max(texts, key=lambda at: sum(_kind(text, kind) != "" for text in texts[at]), default=-1)
        if down < 0 or not any(_kind(text, kind) for text in texts[down]):
            return None
        return _tallied(sheet, table, kind, {down: "kind"}, across, {})
    months = [at for at, said in texts.items() if said and _share_of_months(said, year) > 0.8]
    if not months:
        return None
    known = {at: _kind(header[at], kind) for at in texts if at != months[0] and not is_total(header[at])}
    kinds = {at: code for at, code in known.items() if code or _counts(texts[at])}
    if sum(map(bool, kinds.values())) < 2:
        return None
    words = {header[at]: code for at, code in kinds.items() if code}
    return _tallied(sheet, table, kind, {months[0]: "month"}, dict.fromkeys(kinds, "kind"), words)


def _kind(text: str, column: Column) -> str:
    return choice_of(text, column).value or ""


def _counts(texts: list[str]) -> bool:
    return all(text[0].isdigit() for text in texts)


def _share_of_months(texts: list[str], year: str) -> float:
    return sum(is_total(text) or named_month(text, year=year) != "" for text in texts) / len(texts)


def _tallied(
    sheet: Sheet, table: Table, kind: Column, down: dict[int, str], across: dict[int, str], words: dict[str, str]
) -> Proposal:
    """The proposal by what stands ``down`` and ``across``, by position; ``words``: headings that say a kind."""
    header = [cell.strip() for cell in sheet.header]
    ((at, name),) = down.items()
    grid = next(iter(across.values()))
    drop = tuple(cell for other, cell in enumerate(header) if other not in (at, *across))
    imported = Import(
        table=table.name,
        columns={name: header[at]},
        grid=grid,
        words={"kind": words} if words else {},
        drop=drop,
        sheet=sheet.tab,
    )
    labels = labels_of(kind, table, {})
    if grid == "kind":
        unknown = [header[place] for place in across if header[place] not in words]
        asked = [Question("kind", word, word, *likeliest(word, labels)) for word in unknown]
    else:
        asked = [
            question
            for question in words_of_table(sheet, {"kind": at}, [kind], table, {}, imported)
            if not is_total(question.word)
        ]
    return Proposal(imported, spoken(sheet, {**down, **across}), tuple(asked), 2.0)
