"""A sheet is checked against its form: every row is accepted, repeated or rejected with its reasons."""

from __future__ import annotations

from dataclasses import replace

from evaluation.collect import between, header, kobo
from evaluation.collect.columns import columns_of, key_of
from evaluation.collect.findings import Findings
from evaluation.collect.rowwise import read_row, reader_of
from evaluation.collect.sheet import Context, Intake, Sheet
from evaluation.schema import Instrument, Table


def check(sheet: Sheet, target: Table | Instrument, context: Context, language: str = "en") -> Intake:
    """Every row of ``sheet`` as accepted, repeated or rejected.

    Accepted values are canonical (ISO dates, decimal points, declared codes, wave ids, None for
    empty). Raises FileRefused with a sentence in ``language`` where no row can be trusted: an
    unknown or missing column, dates that could be read two ways throughout, no rows; BadDeclaration
    for a rule of the form that cannot be evaluated.
    """
    name = target.name if isinstance(target, Table) else target.id
    columns = columns_of(target, context)
    if context.correcting:
        keys = key_of(target)
        columns = tuple(replace(column, needed=column.name in keys) for column in columns)
    if isinstance(target, Instrument):
        plain = kobo.plain(sheet, target, context=context, language=language)
        if plain is not sheet:
            # An export lacks the questions that its versions of the form did not have.
            columns = tuple(replace(column, needed=column.needed and not column.answer) for column in columns)
        sheet = plain
    sheet, said = header.fitted(sheet, columns, form=name, context=context, language=language)
    reader = reader_of(sheet, columns, target, context=context, language=language)
    found = Findings()
    entries = [entry for row in sheet.rows if (entry := read_row(row, reader, found=found))]
    kept = between.acceptable(entries, target, context=context, found=found)
    return Intake(
        name,
        tuple(entry.values for entry in kept),
        tuple(entry.row.number for entry in kept),
        tuple(sorted(found.repeated)),
        tuple(sorted(found.rejected, key=lambda rejection: rejection.row)),
        (*sheet.notes, *said, *found.notes()),
    )
