"""A file matches a form as somebody tells it, column by column."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evaluation.collect.check.columns import Column, columns_of
from evaluation.collect.check.context import Context
from evaluation.collect.files.sheet import Sheet
from evaluation.collect.matching import questionnaires
from evaluation.collect.matching.proposal import Names, Proposal, Question, likeliest, spoken
from evaluation.collect.matching.proposing import also_named, of_table
from evaluation.collect.names import references
from evaluation.schema import Declaration, Form, Import, Instrument, Labels, Table
from evaluation.schema.imports import DATE


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody told of a file: position → column of the form, for those that are one.

    Of a questionnaire with waves across also the wave of each position ('' for every wave); of one with a single
    wave that ``wave``; and the ``days`` of waves that have no column with their date.
    """

    fields: Mapping[int, str]
    waves: Mapping[int, str] = field(default_factory=dict)
    wave: str = ""
    days: Mapping[str, dt.date] = field(default_factory=dict)

    @property
    def across(self) -> frozenset[str]:
        """The columns of the form that several columns of the file are."""
        return frozenset(name for name, times in Counter(self.fields.values()).items() if times > 1)


def names_of(form: Form, context: Context) -> dict[str, Labels]:
    """What a column of the file can be, with its titles."""
    titles = {entry.name: entry.title for entry in form.fields} if isinstance(form, Table) else {}
    if isinstance(form, Instrument):
        titles = questionnaires.labels_of(form)
    return {
        column.name: titles.get(column.name, {}) for column in columns_of(form, context) if column.kind != "version"
    }


def lacking(form: Form, told: Told, context: Context) -> list[str]:
    """What the form needs and no column is, nor anything else that was told."""
    known = {*told.fields.values()}
    if isinstance(form, Table):
        known |= {*also_named(form, dict.fromkeys(known, 0)), _grid(form, told)}
    else:
        known |= {"wave", DATE}
    return [column.name for column in columns_of(form, context) if column.needed and column.name not in known]


def twice(form: Form, told: Told) -> list[str]:
    """What several columns of the file cannot all be: of a grid they are its cells, of a questionnaire other waves'."""
    if isinstance(form, Table):
        return [] if _grid(form, told) else sorted(told.across)
    each = Counter((name, told.waves.get(at, "")) for at, name in told.fields.items())
    return sorted({name for (name, _), times in each.items() if times > 1})


def undated(told: Told) -> list[str]:
    """The waves of which no column has the date."""
    if not told.waves:
        return [told.wave] if told.wave and DATE not in told.fields.values() else []
    dated = {wave for at, wave in told.waves.items() if told.fields[at] == DATE}
    return [wave for wave in dict.fromkeys(told.waves.values()) if wave and wave not in dated]


def proposal(sheet: Sheet, form: Form, told: Told, declaration: Declaration, context: Context) -> Proposal:
    """The file as it was told to match, and the words that are still to be asked for."""
    places = {name: at for at, name in told.fields.items()}
    if isinstance(form, Table):
        if grid := _grid(form, told):
            return _as_grid(sheet, form, told, grid, declaration, context)
        return of_table(sheet, form, also_named(form, places), declaration, context)
    base = Import(instrument=form.id, participant="-", fixed={"wave": "-", DATE: "-"}, dates=told.days)
    if told.waves:
        found = {at: (told.fields[at], wave) for at, wave in told.waves.items()}
        return questionnaires.of_wide(sheet, form, places["participant"], found, context, base=base)
    return questionnaires.of_long(sheet, form, places, context, wave=told.wave, base=base)


def _grid(table: Table, told: Told) -> str:
    """The part of the key that stands across, where several columns of the file are the same one of the table."""
    left = [name for name in table.key if name not in told.fields.values()]
    return left[0] if len(told.across) == 1 and len(left) == 1 else ""


def _as_grid(sheet: Sheet, table: Table, told: Told, grid: str, declaration: Declaration, context: Context) -> Proposal:
    """The file as a grid; the heads of its columns are words to be asked for, unless they are known."""
    names = references(declaration, context, Import(table=table.name, grid=grid), table=table)
    own = {name: sheet.header[at].strip() for at, name in told.fields.items() if name not in told.across}
    drop = tuple(cell.strip() for at, cell in enumerate(sheet.header) if at not in told.fields)
    imported = Import(table=table.name, columns=own, grid=grid, drop=drop, sheet=sheet.tab)
    heads = [sheet.header[at].strip() for at, name in told.fields.items() if name in told.across]
    columns = {column.name: column for column in columns_of(table, context)}
    called = {at: grid if name in told.across else name for at, name in told.fields.items()}
    return Proposal(imported, spoken(sheet, called), tuple(_heads(heads, columns[grid], names)), 1.0)


def _heads(heads: Sequence[str], column: Column, names: Names) -> Iterator[Question]:
    labels = dict(names.get(column.reference, {}))
    for head in heads if labels else ():
        if head.casefold() not in labels:
            yield Question(column.name, head, head, *likeliest(head, labels))
