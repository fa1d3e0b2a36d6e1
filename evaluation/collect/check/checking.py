"""A sheet is checked against its form: every row is accepted, repeated or rejected with its reasons."""

from __future__ import annotations

from dataclasses import dataclass, replace

from evaluation.collect.check import consistency, header, plain_row
from evaluation.collect.check.columns import Same, columns_of, present
from evaluation.collect.check.context import Context, Values
from evaluation.collect.check.corrections import EMPTY
from evaluation.collect.check.reader import reader_of
from evaluation.collect.check.rows import read_rows
from evaluation.collect.files import kobo
from evaluation.collect.files.sheet import OWN_HABITS, Sheet
from evaluation.collect.issues import Issues, Note, Rejection
from evaluation.collect.record.replay import uncollected
from evaluation.schema import Form, Instrument


@dataclass(frozen=True, slots=True)
class Intake:
    """Every row of a sheet, once: accepted, repeated (identical to one that is kept), or rejected.

    ``accepted``, ``accepted_rows`` and ``reviewed`` (the columns of free text that a person let through)
    run in parallel. A row of a wide file stands for several waves, so its number may be in more than one
    of them.
    """

    form: str
    accepted: tuple[Values, ...]
    accepted_rows: tuple[int, ...]
    repeated: tuple[int, ...]
    rejected: tuple[Rejection, ...]
    notes: tuple[Note, ...]
    reviewed: tuple[frozenset[str], ...] = ()

    @property
    def rejected_rows(self) -> tuple[int, ...]:
        """The rows that wait for correction, in the order of the file."""
        return tuple(sorted({rejection.row for rejection in self.rejected}))


@uncollected()
def check(sheet: Sheet, form: Form, context: Context) -> Intake:
    """Every row of ``sheet`` as accepted, repeated or rejected.

    Accepted values are canonical (ISO dates, decimal points, declared codes, wave ids, None for
    empty). Raises FileRefused where no row can be trusted: an
    unknown or missing column, dates that could be read two ways throughout, no rows; BadDeclaration
    for a rule of the form that cannot be evaluated.
    """
    columns = columns_of(form, context)
    if isinstance(form, Instrument) and (read := plain_row.read(sheet, columns, context=context)):
        unsaid = consistency.acceptable([read], form, context=context, issues=Issues())
        if unsaid:
            return Intake(form.id, (read.values,), (read.number,), (), (), (), (read.reviewed,))
    if isinstance(form, Instrument) and not header.known(Same(columns), sheet.header):
        plain = kobo.plain(
            sheet,
            form,
            known=(*context.names, *context.drop),
            none=EMPTY if context.correcting else "",
        )
        if plain is not sheet:
            # An export lacks the questions that its versions of the form did not have.
            columns = tuple(replace(column, needed=column.needed and not column.answer) for column in columns)
        sheet = plain
    sheet, said = header.fitted(sheet, columns, form=form.id, context=context)
    reader = reader_of(sheet, present(Same(columns), sheet.header), form, context=context)
    issues = Issues()
    kept = consistency.acceptable(read_rows(sheet, reader, issues=issues), form, context=context, issues=issues)
    return Intake(
        form.id,
        tuple(row.values for row in kept),
        tuple(row.number for row in kept),
        tuple(sorted(issues.repeated)),
        tuple(sorted(issues.rejected, key=lambda rejection: rejection.row)),
        tuple(
            note for note in (*sheet.notes, *said, *issues.notes()) if not (sheet.template and note.id in OWN_HABITS)
        ),
        tuple(row.reviewed for row in kept),
    )
