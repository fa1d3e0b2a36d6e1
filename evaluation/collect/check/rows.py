"""One row is read under its header: cells, required answers, skip rules and constraints."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from evaluation.collect.check import corrections
from evaluation.collect.check.checked_row import CheckedRow
from evaluation.collect.check.columns import Column
from evaluation.collect.check.context import Context, Key, Values
from evaluation.collect.check.dates import Order, all_ambiguous, half_swapped, order_of, read_day
from evaluation.collect.check.months import month_of
from evaluation.collect.check.values import (
    boolean_of,
    choice_of,
    choices_of,
    number_of,
    reference_of,
    uses_comma,
    wave_of,
    writes_words,
)
from evaluation.collect.files import cells
from evaluation.collect.files.cells import Cell
from evaluation.collect.files.sheet import WHOLE_ROW, Row, Sheet
from evaluation.collect.issues import Issues, quoted, refusal
from evaluation.collect.personal_data import looks_personal
from evaluation.errors import BadArgument, BadDeclaration
from evaluation.schema import Form
from evaluation.xlsform import expressions

_TOTAL = re.compile(
    r"średnia|srednia|suma( końcowa| częściowa)?|razem|ogółem|ogolem|łącznie|lacznie|mediana|liczba"
    r"|odchylenie( standardowe)?|odch\. std|minimum|min|maksimum|maximum|max|(grand )?totals?|subtotal|sum"
    r"|mean|average|median|count|std|sd|standard deviation"
)
_LONGEST = 32_767
"""No cell of a spreadsheet holds a longer text."""
_OWN_MARKS = ("formula_without_value", "excel_error", "split_disagrees", "struck_out", "merged", "garbled")


@dataclass(frozen=True, slots=True)
class Habits:
    """How a column as a whole writes: the order of day and month, the decimal comma, labels in place of codes."""

    order: Order = ""
    comma: bool = False
    in_words: bool = True


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading a row needs to know. ``keys`` name a row; ``stored`` holds what corrections are laid over.

    ``places``: where in a row each column stands; ``ruled``: columns that more than their own cell decides on.
    ``known`` keeps what was read of a text in a column, and ``called`` how the file names its columns, so that
    neither is worked out again in every row.
    """

    columns: tuple[Column, ...]
    header: tuple[str, ...]
    habits: Mapping[str, Habits]
    context: Context
    epoch: Literal[1900, 1904]
    keys: Key
    stored: Mapping[Key, Values | None]
    places: Mapping[str, int]
    ruled: tuple[Column, ...]
    known: dict[tuple[int, str, str], Cell] = field(default_factory=dict, repr=False)
    called: dict[tuple[str, ...], Mapping[str, str]] = field(default_factory=dict, repr=False)

    @property
    def version(self) -> str:
        """The current version of the questionnaire."""
        return next((column.codes[0] for column in self.columns if column.kind == "version"), "")


def reader_of(sheet: Sheet, columns: tuple[Column, ...], form: Form, *, context: Context) -> Reader:
    """Looks at whole columns first; raises FileRefused if all dates of one could be read two ways."""
    _refuse_unsure_letters(sheet)
    habits: dict[str, Habits] = {}
    sound = [row for row in sheet.rows if WHOLE_ROW not in row.faults and not _summary(row, sheet.header, columns)]
    for column in columns:
        if column.name not in sheet.header or column.kind not in ("date", "decimal", "integer", "code"):
            continue
        at = sheet.header.index(column.name)
        filled = Counter(row.cells[at] for row in sound)
        counted = [(cells.clean(text)[0], n) for text, n in filled.items() if not cells.blank(text)]
        if column.kind == "code":
            habits[column.name] = Habits(in_words=writes_words(counted, column))
            continue
        if column.kind != "date":
            habits[column.name] = Habits(comma=uses_comma([text for text, _ in counted]))
            continue
        texts = [text for text, n in counted for _ in range(n)]
        fault = _undecided(texts, column, sheet, context)
        if fault:
            sent = next((row.columns[at] for row in sound), column.name)
            spoken = quoted(sent, at + 1)
            raise refusal(fault, column=sent, file=sheet.name, spoken=spoken)
        habits[column.name] = Habits(order=context.date_order or order_of(texts))
    stored = context.existing.get(form.id, {})
    places = {name: at for at, name in enumerate(sheet.header)}
    ruled = tuple(each for each in columns if context.correcting or each.required or each.relevant or each.constraint)
    return Reader(columns, sheet.header, habits, context, sheet.epoch, form.key, stored, places, ruled)


def _refuse_unsure_letters(sheet: Sheet) -> None:
    """Refuses a file of which letters would be stored that are others in another encoding."""
    for row in sheet.rows:
        for at in (at for at, mark in row.faults.items() if mark == "letters" and 0 <= at < len(sheet.header)):
            sent = row.columns[at] if row.columns else sheet.header[at]
            spoken = quoted(sent, at + 1)
            raise refusal("letters", column=sent, row=row.number, file=sheet.name, line=str(row.number), spoken=spoken)


def _undecided(texts: Sequence[str], column: Column, sheet: Sheet, context: Context) -> str:
    """The fault of a column of dates that no row could be read with."""
    if not context.date_order and all_ambiguous(texts):
        return "date_ambiguous"
    if half_swapped(texts):
        return "date_half_swapped"
    days = [read_day(text, "") for text in texts]
    serial = [day.value for day in days if day.note == "excel_serial" and day.value]
    if not serial or not column.bounded or sheet.epoch == 1904 or max(serial) >= context.period_start:
        return ""
    late = [read_day(text, "", 1904).value for text, day in zip(texts, days, strict=True) if day.note == "excel_serial"]
    return "epoch_unknown" if all(day and context.period_start <= day <= context.today for day in late) else ""


def read_row(row: Row, reader: Reader, *, issues: Issues) -> CheckedRow | None:
    """The row as an checked, its faults told to ``issues``; None for a total, a torn line, a second header."""
    called = _called(row.columns, reader)
    fault = _whole_row(row, reader)
    if fault:
        first = called.get(reader.header[0], reader.header[0])
        issues.reject(fault, row.number, first if fault == "total_row" else "")
        return None
    stored = None if reader.context.correcting else _stored_so(row, reader)
    if stored is not None:
        return CheckedRow(row.number, stored, frozenset(), called, before=stored)
    values: dict[str, str | None] = {column.name: None for column in reader.columns}
    faulty: set[str] = set()
    cleared: set[str] = set()
    reviewed: set[str] = set()
    for column in reader.columns:
        at = reader.places.get(column.name)
        if at is None:
            continue
        if reader.context.correcting and corrections.clears(row.cells[at]):
            cleared.add(column.name)
            continue
        cell = _known(at, row, column, reader)
        if cell.fault == "personal_data" and row.number in reader.context.text_reviewed:
            cell = Cell(row.cells[at].strip(), ("text_reviewed",))
            reviewed.add(column.name)
        name = called.get(column.name, column.name)
        if cell.fault:
            faulty.add(column.name)
            issues.reject(cell.fault, row.number, name, **_facts(column, reader.context))
        values[column.name] = None if cell.fault else cell.value
        for said in cell.notes if not cell.fault else ():
            issues.note(said, name, row.number, str(reader.epoch) if said == "excel_serial" else "")
    checked = CheckedRow(row.number, values, frozenset(faulty), called, reviewed=frozenset(reviewed))
    if reader.context.correcting:
        checked = corrections.laid_over(checked, cleared, keys=reader.keys, stored=reader.stored, issues=issues)
    return replace(checked, faulty=checked.faulty | _rules(checked, reader, issues))


def _called(sent: tuple[str, ...], reader: Reader) -> Mapping[str, str]:
    """The file's own names of the columns."""
    if sent and sent not in reader.called:
        reader.called[sent] = dict(zip(reader.header, sent, strict=True))
    return reader.called[sent] if sent else {}


def _known(at: int, row: Row, column: Column, reader: Reader) -> Cell:
    """What the cell says: the same text in the same column says the same."""
    told = at, row.cells[at], row.faults.get(at, "")
    if column.free:
        return _read(*told[1:], column, reader)
    if told not in reader.known:
        reader.known[told] = _read(*told[1:], column, reader)
    return reader.known[told]


def _stored_so(row: Row, reader: Reader) -> Values | None:
    """The stored values where the row repeats them cell by cell: what is there already is not judged anew."""
    key = tuple(row.cells[reader.places[name]].strip() if name in reader.places else "" for name in reader.keys)
    stored = reader.stored.get(key)
    if stored is None:
        return None
    cells = {name: cell.strip() for name, cell in zip(reader.header, row.cells, strict=True)}
    version = {"form_version": cells.pop("form_version") or None} if "form_version" in cells else {}
    if any(cell != (stored.get(name) or "") for name, cell in cells.items()):
        return None
    return {column.name: stored.get(column.name) or None for column in reader.columns} | version


def _whole_row(row: Row, reader: Reader) -> str:
    if _summary(row, reader.header, reader.columns):
        return "total_row"
    if WHOLE_ROW in row.faults:
        return row.faults[WHOLE_ROW]
    sent = row.columns or reader.header
    filled = [at for at, cell in enumerate(row.cells) if cell and not cell.isspace()]
    again = all(row.cells[at].strip() in (sent[at], reader.header[at]) for at in filled)
    return "repeated_header" if again and len(filled) > 1 else ""


def _summary(row: Row, header: Sequence[str], columns: Sequence[Column]) -> bool:
    """Whether one of the first cells says that the row sums up the others, and the rest of it looks so.

    A category or a session may have such a name: its row has the columns that are required, and more than numbers.
    """
    named = next((at for at, cell in enumerate(row.cells[: min(3, len(header))]) if cell.strip()), None)
    if named is None or not _TOTAL.fullmatch(re.sub(r"[\s:.]+$", "", row.cells[named].strip().casefold())):
        return False
    filled = {at: cell.strip() for at, cell in enumerate(row.cells[: len(header)]) if cell.strip()}
    required = [header.index(column.name) for column in columns if column.required and column.name in header]
    others = [cell for at, cell in filled.items() if at != named]
    return any(at not in filled for at in required) and all(cell[0] in "=-+" or cell[0].isdigit() for cell in others)


def _read(text: str, mark: str, column: Column, reader: Reader) -> Cell:
    if mark in _OWN_MARKS:
        return Cell(fault=mark)
    if cells.blank(text):
        return Cell()
    fault = cells.visible_fault(text)
    if fault:
        return Cell(fault=fault)
    if column.free:
        return _free_text(text)
    plain, notes = cells.clean(text)
    cell = _coded(plain, column, reader)
    if column.name == "participant" and (cell.value or plain) in reader.context.erased:
        return Cell(fault="erased")
    return Cell(cell.value, (*notes, *cell.notes), cell.fault)


def _coded(text: str, column: Column, reader: Reader) -> Cell:
    context = reader.context
    habits = reader.habits.get(column.name, Habits())
    if column.kind == "participant":
        known = reference_of(text, context.participants, "unknown_participant")
        shaped = _matches(context.participant_pattern, text)
        return known if known.fault != "unknown_participant" or shaped else Cell(fault="bad_code")
    if column.kind == "wave":
        return wave_of(text, column)
    if column.kind == "reference":
        if column.reference not in context.known:
            raise BadArgument("collect.unknown_reference", column=column.name, reference=column.reference)
        return reference_of(text, context.known[column.reference], "unknown_reference")
    if column.kind == "code":
        return choice_of(text, column, in_words=habits.in_words)
    if column.kind == "codes":
        return choices_of(text, column)
    if column.kind in ("integer", "decimal"):
        return number_of(text, column, comma=habits.comma)
    if column.kind == "boolean":
        return boolean_of(text)
    if column.kind == "date":
        return _date(text, column, habits, reader)
    if column.kind == "month":
        return month_of(text, context, order=habits.order)
    if column.kind == "version":
        known_form = re.fullmatch(r"[\w.:() -]{1,60}", text)
        return Cell(text, () if text in column.codes else ("other_version",)) if known_form else Cell(fault="pattern")
    return _patterned(text, column)


def _date(text: str, column: Column, habits: Habits, reader: Reader) -> Cell:
    if text in column.missing:
        return Cell(text)
    day = read_day(text, habits.order, reader.epoch)
    if day.value is None:
        return Cell(fault=day.fault)
    notes: tuple[str, ...] = (day.note,) if day.note else ()
    if column.past and day.value > reader.context.today:
        return Cell(fault="date_future")
    if column.past and day.value < reader.context.period_start:
        if column.bounded:
            return Cell(fault="date_before_period")
        notes += ("before_period",)
    return Cell(day.value.isoformat(), notes)


def _free_text(text: str) -> Cell:
    value = text.strip()
    if len(value) > _LONGEST:
        return Cell(fault="too_long")
    if looks_personal(value):
        return Cell(fault="personal_data")
    notes: tuple[str, ...] = ("space",) if value != text else ()
    if value[0] in "=+-@\uff1d\uff0b\uff0d\uff20":
        notes += ("formula_text",)
    return Cell(value, notes)


def _patterned(text: str, column: Column) -> Cell:
    """A text that is a name of something: its pattern holds, or would with capital letters."""
    if not column.pattern or _matches(column.pattern, text):
        return Cell(text)
    if _matches(column.pattern, text.upper()):
        return Cell(text.upper(), ("case",))
    if _matches(column.pattern, text.translate(cells.LOOKALIKES)):
        return Cell(fault="homoglyph")
    return Cell(fault="bad_code" if column.name == "participant" else "pattern")


def _matches(pattern: str, text: str) -> bool:
    try:
        # Without re.ASCII, \d would let digits of any script through.
        return re.fullmatch(pattern, text, re.ASCII) is not None
    except re.error:
        raise BadDeclaration("collect.bad_pattern", pattern=pattern) from None


def _rules(checked: CheckedRow, reader: Reader, issues: Issues) -> frozenset[str]:
    """The columns whose emptiness, skip rule or constraint is at fault."""
    faulty: set[str] = set()
    for column in reader.ruled:
        if reader.context.correcting and not corrections.concerns(column, checked, keys=reader.keys):
            continue
        if column.name not in checked.faulty and (fault := _rule(column, checked, reader)):
            faulty.add(column.name)
            issues.reject(fault, checked.number, checked.name(column.name), **_facts(column, reader.context))
    return frozenset(faulty)


def _rule(column: Column, checked: CheckedRow, reader: Reader) -> str:
    value = checked.values[column.name]
    today = reader.context.today
    relevant = True
    if column.relevant:
        rule = expressions.parse(column.relevant)
        if checked.faulty & set(rule.names):
            return ""  # whether this was to be asked is not known before that answer is corrected
        relevant = rule.holds(checked.values, today=today)
    if value is None:
        # Another version of the form may not have asked this at all.
        other = column.answer and checked.values.get("form_version") not in (None, reader.version)
        needed = column.required and relevant and not other
        if needed and checked.before is not None and column.name in checked.changed:
            return "required_cleared"
        return ("skip_missing" if column.relevant else "required_missing") if needed else ""
    state = column.missing.get(value)
    if not relevant:
        return "" if state in ("not_applicable", "not_asked") else "not_relevant"
    if column.constraint and state is None:
        limit = expressions.parse(column.constraint)
        if not checked.faulty & set(limit.names) and not limit.holds(checked.values, own=value, today=today):
            return "constraint"
    return corrections.consent_fault(column, checked, reader.context) if checked.before is not None else ""


def _facts(column: Column, context: Context) -> dict[str, object]:
    """What sentences may say of a column: its form, never its answers."""
    return {
        "scale": column.scale,
        "waves": ", ".join(wave.id for wave in context.waves),
        "table": column.reference.partition(".")[0],
        "start": context.period_start.isoformat(),
        "end": context.period_end.isoformat() if context.period_end else "",
    }
