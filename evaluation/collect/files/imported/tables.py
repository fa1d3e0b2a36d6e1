"""A foreign file is laid out as a table by a declared import: a row for a row, or a row for each cell of a grid."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from evaluation.collect.check.cells.dates import read_day
from evaluation.collect.check.cells.months import named_month, year_of
from evaluation.collect.check.whole_rows import is_total
from evaluation.collect.files.cells import blank, clean
from evaluation.collect.files.imported import foreign, words
from evaluation.collect.files.imported.words import Meaning
from evaluation.collect.files.sheet import WHOLE_ROW, Row, Sheet
from evaluation.collect.issues import Issues, Note, note
from evaluation.collect.names import sessions_called
from evaluation.errors import BadDeclaration
from evaluation.schema import Field, Import, Table
from evaluation.schema.imports import cell_of, unknown
from evaluation.texts import Message

References = Mapping[str, Mapping[str, str]]
"""Where a column refers to (``courses.course``) → other names in small letters (titles, dates) → the code."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the rows of one file are laid out: the fields in the order of the file, where they stand, what cells mean."""

    imported: Import
    fields: tuple[str, ...]
    place: Mapping[str, int]  # column of the file → position
    columns: Mapping[str, str]  # field → column of the file
    meanings: Mapping[str, Meaning]
    months: Set[str]  # the fields that hold months
    year: str  # of months that are named without one
    known: Mapping[str, Callable[[str], object]]  # field → whether a cell names somebody, or something recorded


_WORD = re.compile(r"[^\W\d_]{3,}")
PEOPLE, SESSIONS = "participants.participant", "sessions.session"


def apply(
    sheet: Sheet, imported: Import, *, table: Table, names: References, people: str = "", correcting: bool = False
) -> Sheet:
    """``sheet`` with the columns of ``table`` that the import names, source rows and names kept.

    A grid gives one row for each of its cells; an empty one means absent where the table is of attendance, and
    nothing elsewhere. A session without any mark, which is not yet held, gives no row: a column of the grid, or a
    row of one with ``people`` across, whose codes look so. A file of corrections needs only the key and what it
    corrects. Raises BadDeclaration for an import that names what does not exist,
    FileRefused for a file that lacks or adds a column.
    """
    for _, fault in unknown(imported, tables={table.name: table}, instruments={}, waves=[], courses=[imported.course]):
        raise BadDeclaration(fault.key, **fault.facts)
    columns = imported.by_field or _own(sheet, table, imported)
    names = _by_day(sheet, imported, columns, names)
    needed = [column for name, column in columns.items() if not correcting or name in table.key]
    months = {entry.name for entry in table.fields if entry.type == "yearmonth"}
    year = year_of(sheet) if months else ""
    grid = _across(sheet, imported, columns, table, names, people=people, year=year) if imported.grid else {}
    across = {column: code for column, code in grid.items() if code}
    sums = [column for column in grid if column not in across]
    wanted = {*columns.values(), *across}
    drop = (*imported.drop, *sums)
    place = foreign.places(sheet, needed=dict.fromkeys([*needed, *imported.select]), wanted=wanted, drop=drop)
    present = {name: column for name, column in columns.items() if column in place}
    order = sorted(present, key=lambda name: (place[present[name]], list(present).index(name)))
    cell = cell_of(imported, table) if imported.grid else None
    fixed = () if correcting else tuple(name for name in imported.fixed if name not in order)
    fields = (*order, *fixed, *([imported.grid, cell.name] if cell else []))
    entries = {name: table.field(name) for name in fields}
    meanings = {name: words.of_field(entry, imported, _aliases(entry, table, names)) for name, entry in entries.items()}
    rows, notes = foreign.selected(sheet, imported.select, place, used=wanted - {*imported.select})
    notes += [note("total_column", column) for column in sums]
    for name in meanings.keys() & ({cell.name} if cell else {*present}):
        at = [place[column] for column in (across if cell else (present[name],))]
        if meanings[name].marks and words.crossed(each for row in rows for each in map(row.cells.__getitem__, at)):
            meanings[name] = replace(meanings[name], crossed=True)
    known = {name: _known(entry, people, names) for name, entry in entries.items() if entry.reference}
    layout = _Layout(imported, fields, place, present, meanings, months & {*fields}, year, known)
    if imported.grid in months:
        notes += [note("month_dated", name, fact=year) for name in across if not named_month(name)]
    issues = Issues()
    if cell:
        turned = table.field(imported.grid).reference == PEOPLE
        laid, unmarked = _grid(rows, layout, across, cell, issues, turned=turned)
        notes += unmarked
    else:
        laid = [_lay(row, layout, issues) for row in rows]
    said = (*sheet.notes, *notes, *issues.notes())
    return replace(sheet, header=fields, rows=tuple(laid), notes=said, source=sheet)


def _by_day(sheet: Sheet, imported: Import, columns: Mapping[str, str], names: References) -> References:
    """The names with the sessions' days as this file writes them, in its header or in the column of sessions."""
    texts = [cell.strip() for cell in sheet.header]
    if SESSIONS not in names or (imported.grid != "session" and columns.get("session") not in texts):
        return names
    if imported.grid != "session":
        at = texts.index(columns["session"])
        texts = ["".join(row.cells[at : at + 1]).strip() for row in sheet.rows]
    called = sessions_called(texts, names[SESSIONS])
    return {**names, SESSIONS: {**{text.casefold(): code for text, code in called.items()}, **names[SESSIONS]}}


def _own(sheet: Sheet, table: Table, imported: Import) -> dict[str, str]:
    """The columns of the file that are called as the fields are."""
    header = {cell.strip().casefold(): cell.strip() for cell in sheet.header}
    names = [entry.name for entry in table.fields if entry.name not in (imported.grid, *imported.fixed)]
    return {name: header.get(name, name) for name in names if name in header or name in table.key}


def _across(
    sheet: Sheet,
    imported: Import,
    columns: Mapping[str, str],
    table: Table,
    names: References,
    *,
    people: str,
    year: str,
) -> dict[str, str]:
    """The columns of a grid and what each stands for, '' for sums of others.

    Raises FileRefused for one that stands for nothing known.
    """
    entry = table.field(imported.grid)
    meaning = words.of_field(entry, imported, _aliases(entry, table, names))
    taken = {*columns.values(), *imported.select, *imported.drop}
    found: dict[str, str] = {}
    for at, cell in enumerate(sheet.header):
        if (name := cell.strip()) in taken:
            continue
        text = clean(meaning.of(name)[0])[0]
        code = next((known for known in names.get(entry.reference, {}).values() if known == text), None)
        if entry.reference == PEOPLE and re.fullmatch(people, imported.code(text), re.ASCII):
            code = imported.code(text)
        if entry.type == "yearmonth":
            code = named_month(text, year=year) or None
        if code is None and entry.codes:
            code = text if text in entry.codes else None
        if (
            code is None
            and is_total(name)
            and _counts(row.cells[at] for row in sheet.rows if WHOLE_ROW not in row.faults)
        ):
            code = ""
        if code is None:
            known = [*names.get(entry.reference, {}).values(), *entry.codes]
            if entry.reference == SESSIONS and not known:
                raise foreign.refused("no_session_yet", name, [], sheet, at + 1)
            day = entry.reference == SESSIONS and read_day(text, "").value
            hint = Message("collect.no_session_then") if day else None
            if entry.type == "yearmonth" and named_month(text, year="2000"):
                hint = Message("collect.no_year_told")
            raise foreign.refused("unknown_column", name, known, sheet, at + 1, hint=hint)
        found[name] = code
    return found


def _known(entry: Field, people: str, names: References) -> Callable[[str], object]:
    if entry.reference == PEOPLE:
        return re.compile(people, re.ASCII).fullmatch
    return {*names.get(entry.reference, {}).values()}.__contains__


def _aliases(entry: Field, table: Table, names: References) -> Mapping[str, str]:
    return names.get(entry.reference or f"{table.name}.{entry.name}", {})


def _lay(row: Row, layout: _Layout, issues: Issues) -> Row:
    """The row as one of the table."""
    if WHOLE_ROW in row.faults:
        return _torn(row, layout)
    at = [layout.place.get(layout.columns.get(name, ""), -1) for name in layout.fields]
    cells = tuple(_cell(row, position, name, layout, issues) for position, name in zip(at, layout.fields, strict=True))
    faults = {new: row.faults[old] for new, old in enumerate(at) if old in row.faults and old >= 0}
    return Row(row.number, cells, faults, tuple(layout.columns.get(name, name) for name in layout.fields))


def _torn(row: Row, layout: _Layout, fault: str = "") -> Row:
    called = tuple(layout.columns.get(name, name) for name in layout.fields)
    return Row(row.number, ("",) * len(layout.fields), {WHOLE_ROW: fault or row.faults[WHOLE_ROW]}, called)


def _cell(row: Row, at: int, name: str, layout: _Layout, issues: Issues) -> str:
    """What one cell is meant to say, or what the import says throughout."""
    if at < 0:
        return layout.imported.fixed.get(name, "")
    return _meant(row.cells[at], name, layout.columns[name], layout, row=row.number, issues=issues)


def _meant(cell: str, name: str, column: str, layout: _Layout, *, row: int, issues: Issues) -> str:
    text, notes = layout.meanings[name].of(cell)
    if name == "participant" and layout.imported.participant_format != "{}" and not blank(text):
        text = layout.imported.code(clean(text)[0])
    if name in layout.months and layout.year and not named_month(clean(text)[0]):
        dated = named_month(clean(text)[0], year=layout.year)
        text, notes = (dated, (*notes, "month_dated")) if dated else (text, notes)
    for said in notes:
        issues.note(said, column, row, layout.year if said == "month_dated" else "")
    return text


def _grid(
    rows: Sequence[Row], layout: _Layout, across: Mapping[str, str], cell: Field, issues: Issues, *, turned: bool
) -> tuple[list[Row], list[Note]]:
    """A row for each cell of the grid, and notes on the sessions without any mark; rows in a ``turned`` one."""

    def marks(row: Row, column: str) -> bool:
        return WHOLE_ROW not in row.faults and not blank(row.cells[layout.place[column]])

    at = [layout.place[column] for column in across]
    if turned:
        whole = [row for row in rows if WHOLE_ROW not in row.faults]
        unmarked = [row for row in whole if not any(marks(row, each) for each in across)]
        empty = tuple(row.number for row in unmarked if not _beneath(row, _lay(row, layout, issues), layout, at, cell))
        notes = [note("grid_unmarked_row", rows=empty)] if empty else []
        held, marked = [row for row in rows if row.number not in empty], [*across]
    else:
        held, marked = [*rows], [column for column in across if any(marks(row, column) for row in rows)]
        notes = [note("grid_unmarked", column) for column in across if column not in marked]
    laid = [each for row in held for each in _across_row(row, layout, {c: across[c] for c in marked}, cell, issues)]
    return laid, notes


def _beneath(row: Row, laid: Row, layout: _Layout, across: Sequence[int], cell: Field) -> str:
    """What a row under a grid is that is nobody's: a sum of the others, a legend, a signature; '' for any other."""
    named = zip(layout.fields[:-2], laid.cells[:-2], strict=True)
    if any(
        text in layout.imported.fixed.values() or layout.known[name](text)
        for name, text in named
        if name in layout.known
    ):
        return ""
    heads = [text for at, text in enumerate(map(str.strip, row.cells)) if text and at not in across]
    if any(map(is_total, heads[:3])) and _counts(row.cells[at] for at in across):
        return "total_row"
    words = _WORD.findall(" ".join(heads))
    marks = [layout.meanings[cell.name].of(row.cells[at])[0] for at in across if not blank(row.cells[at])]
    told = any(mark in cell.codes or mark[:1].isdigit() for mark in marks)
    return "footer_row" if not told and words and (len(words) > 1 or not any(map(str.isdigit, heads[0]))) else ""


def _counts(cells: Iterable[str]) -> bool:
    """Whether nothing but numbers and formulas stands in the cells."""
    return all(text[0] in "=-+" or text[0].isdigit() for text in map(str.strip, cells) if text)


def _across_row(row: Row, layout: _Layout, across: Mapping[str, str], cell: Field, issues: Issues) -> Iterator[Row]:
    """The rows of the table that one row of the grid stands for."""
    if WHOLE_ROW in row.faults:
        yield _torn(row, layout)
        return
    first = _lay(row, layout, issues)
    if fault := _beneath(row, first, layout, [layout.place[column] for column in across], cell):
        yield _torn(row, layout, fault)
        return
    empty = layout.meanings[cell.name].words.get("", "absent" if "absent" in cell.codes else "")
    for column, code in across.items():
        at = layout.place[column]
        sent = row.cells[at]
        mark = empty if blank(sent) else _meant(sent, cell.name, column, layout, row=row.number, issues=issues)
        if blank(mark):
            continue
        faults = {**first.faults, **({len(first.cells) - 1: row.faults[at]} if at in row.faults else {})}
        yield Row(row.number, (*first.cells[:-2], code, mark), faults, (*first.columns[:-2], column, column))
