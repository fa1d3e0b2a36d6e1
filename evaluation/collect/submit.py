"""The one door to the record, for files and for pages: a sheet is checked, and what it accepts is stored at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from evaluation.collect.alerts import raised
from evaluation.collect.check.cells.dates import Order
from evaluation.collect.check.checking import Intake, check
from evaluation.collect.check.context import Context
from evaluation.collect.files.imported import tables
from evaluation.collect.files.imported.mapping import apply
from evaluation.collect.files.sheet import Sheet
from evaluation.collect.issues import grouped, note
from evaluation.collect.lookup import context_of, text_of
from evaluation.collect.names import references
from evaluation.collect.record import entries
from evaluation.collect.record.current import Current
from evaluation.collect.record.entries import Cell, Entry
from evaluation.collect.record.store import Receipt, Store
from evaluation.collect.safety import clock
from evaluation.errors import StoreError
from evaluation.schema import Declaration, Form, Import, Instrument
from evaluation.texts import Message

ORDERS: dict[str, Order] = {"": "", "dmy": "day first", "mdy": "month first", "ymd": ""}


@dataclass(frozen=True, slots=True)
class Submission:
    """A sheet that is sent in, from a file or from a page, by whom and when.

    ``imported``: how its columns become those of the form. With ``correct``, every row is a correction of a
    stored one and changes what its filled cells say; without it, a row that is there with other values is
    rejected. ``consent_given`` are the rows of a correction in which ``actor`` vouches for a consent given anew,
    ``text_reviewed`` those whose free text looks personal and that ``actor`` has read and lets through.
    ``id``: the submission id of the only row, made by the page, so that its draft goes when the row is stored.
    ``stopped``: a questionnaire that was broken off; what is empty was not asked, required or not.
    ``only``: the rows that are meant, by their numbers in the file; None: all but those ``without``.
    """

    sheet: Sheet
    form: Form
    actor: str
    today: dt.date
    imported: Import | None = None
    correct: bool = False
    consent_given: Set[int] = frozenset()
    text_reviewed: Set[int] = frozenset()
    id: str | None = None
    stopped: bool = False
    only: Set[int] | None = None
    without: Set[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a submission: every one of its rows is stored, was already there, or is rejected.

    ``receipt`` acknowledges the rows that are stored or were there already; ``tab`` is the sheet of the workbook
    that was read. ``attention``: filled questionnaires with an answer that needs somebody's attention.
    """

    receipt: Receipt
    intakes: tuple[Intake, ...]
    rejected_file: Path | None = None
    left_waiting: tuple[Message, ...] = ()
    tab: str = ""
    attention: int = 0

    @property
    def stored(self) -> int:
        return self.receipt.stored

    @property
    def repeated(self) -> int:
        return self.receipt.already

    @property
    def rejected(self) -> int:
        return sum(len(intake.rejected_rows) for intake in self.intakes)

    @property
    def messages(self) -> list[Message]:
        """What to tell the person who sent it."""
        counted = [
            Message("collect.stored", form=intake.form, n=len(intake.accepted), already=len(intake.repeated))
            for intake in self.intakes
        ]
        notes = [note.message for intake in self.intakes for note in intake.notes]
        rejections = [said for intake in self.intakes for said in grouped(intake.rejected)]
        attention = [Message("collect.attention", n=self.attention)] if self.attention else []
        return [*counted, *attention, *notes, *rejections, *self.left_waiting]


def submit(
    submission: Submission,
    record: Store,
    *,
    declaration: Declaration,
    set_aside: Callable[[Intake, Sheet], Path | None] = lambda intake, sheet: None,
) -> Submitted:
    """Check what was sent against the record as it is at that moment, and store what is accepted, all of it or none.

    Nobody writes to the record in between, so that no answer is checked against one and stored beside another.
    ``set_aside`` is given the rejected rows before anything is stored: if it fails, sending again loses nothing.
    Raises FileRefused where nothing can be read, and where the clock is wrong; then nothing was stored.
    """
    outcomes: list[tuple[tuple[Intake, ...], Path | None]] = []
    alerts: list[Entry] = []

    def checked(current: Current) -> Iterator[Entry]:
        clock.stop(record, within=current)
        intakes, sheet = _check(submission, declaration, context_of(declaration, current, today=submission.today))
        outcomes.append((intakes, set_aside(intakes[-1], sheet)))
        return _entries(intakes, declaration, current, submission, alerts=alerts)

    receipt = record.append(checked)
    intakes, rejected_file = outcomes[-1]
    already = receipt.already + sum(len(intake.repeated) for intake in intakes)
    counted = dataclasses.replace(receipt, stored=receipt.stored - len(alerts), already=already)
    return Submitted(counted, intakes, rejected_file, tab=submission.sheet.tab, attention=len(alerts))


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of a submission; nothing is stored. ``changes``: column → rows in which it would change."""

    intakes: tuple[Intake, ...]
    changes: Mapping[str, int]


def preview(submission: Submission, record: Store, *, declaration: Declaration) -> Preview:
    """What ``submit`` would do with the record as it is now. Raises FileRefused as it does."""

    def asked(current: Current) -> Preview:
        clock.stop(record, within=current)
        context = context_of(declaration, current, today=submission.today)
        intakes, _ = _check(submission, declaration, context)
        held, key = context.existing[intakes[-1].form], declaration.form(intakes[-1].form).key
        changes: Counter[str] = Counter()
        for values in intakes[-1].accepted if submission.correct else ():
            before = held.get(tuple(str(values[name]) for name in key)) or {}
            changes.update(name for name, value in values.items() if value != (before.get(name) or None))
        return Preview(intakes, changes)

    return record.ask(asked)


def strike(row: str, record: Store, *, actor: str) -> Receipt:
    """Strike out the row with submission id ``row``: it holds no more, and what it said stays in the record.

    Raises StoreError where there is no such row, FileRefused where the clock is wrong.
    """
    clock.stop(record)
    return record.append([entries.correction(row, values=None, actor=actor)])


def submit_together(
    submissions: Sequence[Submission], record: Store, *, declaration: Declaration, struck: Sequence[str], actor: str
) -> Receipt:
    """Store everything of the submissions and strike out the rows ``struck``, in one transaction.

    Raises StoreError where any row is rejected, FileRefused where the clock is wrong; then nothing of it is stored.
    """

    def checked(current: Current) -> list[Entry]:
        clock.stop(record, within=current)
        made = [entries.correction(row, values=None, actor=actor) for row in struck]
        for each in submissions:
            intakes, _ = _check(each, declaration, context_of(declaration, current, today=each.today))
            if rejected := next((one for intake in intakes for one in intake.rejected), None):
                raise StoreError("collect.together", said=rejected.said)
            made += _entries(intakes, declaration, current, each, alerts=[])
        return made

    return record.append(checked)


def _check(submission: Submission, declaration: Declaration, context: Context) -> tuple[tuple[Intake, ...], Sheet]:
    """The sheet checked, after those whom it enrols; and the sheet as it was laid out for the check."""
    if submission.correct or submission.consent_given or submission.text_reviewed or submission.stopped:
        context = dataclasses.replace(
            context,
            correcting=submission.correct,
            consent_given=submission.consent_given,
            text_reviewed=submission.text_reviewed,
            stopped=submission.stopped,
        )
    imported = submission.imported
    if imported is None:
        sheet = _meant(submission.sheet, submission)
        return (check(sheet, submission.form, context),), sheet
    context = dataclasses.replace(context, date_order=ORDERS[imported.date_order])
    if imported.table:
        table = declaration.tables[imported.table]
        names = references(declaration, context, imported, table=table)
        sheet = tables.apply(
            submission.sheet,
            imported,
            table=table,
            names=names,
            people=context.participant_pattern,
            correcting=context.correcting,
        )
        sheet = _meant(sheet, submission)
        return (check(sheet, table, context),), sheet
    mapped = apply(
        submission.sheet,
        imported,
        instrument=declaration.instruments[imported.instrument],
        waves=context.waves,
        participants=context.participants,
        participant_pattern=context.participant_pattern,
        correcting=context.correcting,
    )
    enrol = {code: date for code, date in mapped.enrol.items() if code not in context.erased}
    if enrol:
        context = dataclasses.replace(context, participants={*context.participants, *enrol})
    sheet = _meant(mapped.sheet, submission)
    checked = check(sheet, submission.form, context)
    given = [f"consent_{each}" for each in imported.consents or ()]
    rows = tuple(
        {"participant": code, "enrolled_on": date.isoformat(), **dict.fromkeys(given, "true")}
        for code, date in enrol.items()
    )
    said = (note("consents_declared", consents=given, name=submission.actor),) if given else ()
    if "consent_service" not in given:  # whoever has not consented is in no number
        said = (note("enrolled_uncounted", n=len(rows)), *said)
    enrolled = (Intake("participants", rows, (), (), (), said),) if rows else ()
    return (*enrolled, checked), sheet


def _meant(sheet: Sheet, submission: Submission) -> Sheet:
    only, without = submission.only, submission.without
    if only is None and not without:
        return sheet
    meant = (row for row in sheet.rows if (only is None or row.number in only) and row.number not in without)
    return dataclasses.replace(sheet, rows=tuple(meant))


def _entries(
    intakes: Sequence[Intake],
    declaration: Declaration,
    current: Current,
    submission: Submission,
    *,
    alerts: list[Entry],
) -> Iterator[Entry]:
    """What is to be stored: each accepted row, and then the alerts that their answers raise, which ``alerts`` gets.

    One by one: a file has very many, and each is stored before the next is made.
    """
    for intake in intakes:
        for row, raised_by_it in _rows_and_alerts(intake, declaration, current, submission):
            alerts += raised_by_it
            yield row
    yield from alerts


def _rows_and_alerts(
    intake: Intake, declaration: Declaration, current: Current, submission: Submission
) -> Iterator[tuple[Entry, Sequence[Entry]]]:
    """Each accepted row as an entry, and the alert that its answers raise."""
    actor, id = submission.actor, submission.id
    form = declaration.form(intake.form)
    version = form.version if isinstance(form, Instrument) else ""
    for values, reviewed in zip(intake.accepted, intake.reviewed or repeat(()), strict=False):
        before = current.row(form.id, entries.place(form.key, values)) if submission.correct else None
        held: Mapping[str, Cell] = values
        if before is None:
            filled = values.get("form_version") or version
            entry = entries.row(
                form.id, key=form.key, values=values, actor=actor, version=filled, reviewed=reviewed, id=id
            )
        else:
            changed = {name: value for name, value in values.items() if value != text_of(before.values.get(name))}
            held = {**before.values, **changed}
            entry = entries.correction(before.id, values=held, actor=actor, reviewed=reviewed, id=id)
        alerted: Sequence[Entry] = ()
        if isinstance(form, Instrument):
            earlier = before.values if before else None
            alerted = [*raised(form, held, before=earlier, current=current, actor=actor, today=submission.today)]
        yield entry, alerted
