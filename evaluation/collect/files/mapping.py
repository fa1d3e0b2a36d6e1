"""A foreign file, wide or long, is laid out as the questionnaire by a declared mapping, cell by cell."""

from __future__ import annotations

import datetime as dt
import re
import string
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from evaluation import texts
from evaluation.codec import nearest
from evaluation.collect.files.cells import blank, clean, code_of
from evaluation.collect.files.sheet import WHOLE_ROW, Row, Sheet
from evaluation.collect.issues import Issues, Note, near_name, note, quoted, refusal
from evaluation.errors import BadDeclaration, FileRefused
from evaluation.schema import Import, Instrument, Wave


@dataclass(frozen=True, slots=True)
class Mapped:
    """The file as questionnaires, and whom it enrols: participant → nominal date of enrolment."""

    sheet: Sheet
    enrol: Mapping[str, dt.date]


@dataclass(frozen=True, slots=True)
class _Plan:
    """One row of the file gives one questionnaire per wave: item → column of the file."""

    wave: str  # '' in a long file, where the row itself says
    items: Mapping[str, str]
    date_alone: bool = False  # whether a date without any answer is laid out too


def apply(
    sheet: Sheet,
    mapping: Import,
    *,
    instrument: Instrument,
    waves: Sequence[Wave],
    participants: Set[str] = frozenset(),
    participant_pattern: str = ".+",
    correcting: bool = False,
) -> Mapped:
    """``sheet`` with the columns participant, wave, date and the items, source rows and names kept.

    A person × wave without any answer gives no row. Whoever is not among ``participants`` and whose
    code has the agreed form is enrolled if the mapping says when. A file of corrections needs only the
    columns that it corrects, enrols nobody and is given no nominal dates. Raises BadDeclaration for a
    mapping that names what does not exist, FileRefused for a file that lacks or adds a column.
    """
    plans = _plans(mapping, instrument, waves)
    _check_columns(sheet, mapping, plans, correcting)
    place = {cell.strip(): at for at, cell in enumerate(sheet.header)}
    if correcting:
        own_dates = mapping.date_column if mapping.date_column in place else ""
        mapping = replace(mapping, dates={}, enrolled_on=None, date_column=own_dates)
        plans = [replace(plan, date_alone=True) for plan in plans]
    rows, notes = _selected(sheet, mapping, place)
    items = tuple(dict.fromkeys(item for plan in plans for item in plan.items))
    laid: list[Row] = []
    issues = Issues()
    unanswered: dict[str, list[int]] = {}
    for row in rows:
        for plan in plans if WHOLE_ROW not in row.faults else plans[:1]:
            questionnaire = _lay(row, plan, mapping, place, items, issues)
            if questionnaire is None:
                unanswered.setdefault(_wave_of(row, plan, mapping, place), []).append(row.number)
            else:
                laid.append(questionnaire)
    named = {wave.id for wave in waves}
    notes += [note("wave_not_answered", rows=tuple(r), wave=w if w in named else "–") for w, r in unanswered.items()]
    notes += issues.notes()
    enrol = _enrolled(rows, mapping, place, participants, participant_pattern)
    header = ("participant", "wave", "date", *items)
    said = (*sheet.notes, *notes)
    return Mapped(replace(sheet, header=header, rows=tuple(laid), notes=said, source=sheet), enrol)


# --- the declaration --------------------------------------------------------------------------


def _plans(mapping: Import, instrument: Instrument, waves: Sequence[Wave]) -> list[_Plan]:
    named = [wave.id for wave in waves]
    for wave in (*mapping.columns, *mapping.dates, *mapping.wave_codes.values()):
        if wave not in named:
            raise BadDeclaration("collect.import.wave", wave=wave, hint=nearest(wave, named))
    known = [item.id for item in instrument.items if item.kind != "note"]
    for item in (*mapping.items, *(item for items in mapping.columns.values() for item in items)):
        if item not in known:
            raise BadDeclaration("collect.import.item", item=item, form=instrument.id, hint=nearest(item, known))
    if bool(mapping.columns) == bool(mapping.wave_column):
        raise BadDeclaration("collect.import.columns")
    _code("0", mapping.participant_format)
    used = (*mapping.columns, *mapping.wave_codes.values())
    undated = [wave for wave in used if wave not in mapping.dates]
    if undated and not mapping.date_column:
        raise BadDeclaration("collect.import.dates", wave=undated[0])
    if mapping.enrolled_on and mapping.consents is None:
        raise BadDeclaration("collect.import.consents")
    if mapping.wave_column:
        return [_Plan("", mapping.items or {item: item for item in known})]
    return [_Plan(wave, items) for wave, items in mapping.columns.items()]


def _code(text: str, layout: str) -> str:
    """The participant's code: ``layout`` has one pair of braces (``P-{}``, ``P-{:03d}``) for the text."""
    try:
        parts = list(string.Formatter().parse(layout))
        fields = [(name, spec, conversion) for _, name, spec, conversion in parts if name is not None]
        if len(fields) != 1 or fields[0][0] not in ("", "0") or fields[0][2] or "{" in (fields[0][1] or ""):
            raise ValueError
        number = (fields[0][1] or "").endswith("d")
        return layout.format(int(text) if number and text.isascii() and text.isdigit() else text)
    except (ValueError, IndexError, KeyError):
        if text == "0":
            raise BadDeclaration("collect.import.participant_format", format=layout) from None
        return text  # not a number where one is needed: the check will not know this code


# --- the file ---------------------------------------------------------------------------------


def _check_columns(sheet: Sheet, mapping: Import, plans: Sequence[_Plan], correcting: bool) -> None:
    header = [cell.strip() for cell in sheet.header]
    needed = [mapping.participant, mapping.wave_column, mapping.date_column, *mapping.select]
    needed += [column for plan in plans for column in plan.items.values()]
    wanted = [column for column in needed if column]
    needed = [mapping.participant, mapping.wave_column, *mapping.select] if correcting else wanted
    absent = [column for column in needed if column and column not in header]
    unknown = [column for column in header if column not in wanted and column not in mapping.drop]
    for column in wanted:
        if header.count(column) > 1:
            raise _refused("repeated_column", column, [], sheet)
    for column in unknown:
        raise _refused("unknown_column", column, absent, sheet, header.index(column) + 1)
    for column in absent:
        raise _refused("missing_column", column, header, sheet)
    if not sheet.rows:
        raise refusal("no_rows", file=sheet.name)


def _refused(fault: str, column: str, near: Sequence[str], sheet: Sheet, position: int = 0) -> FileRefused:
    spoken = quoted(column, position) if position else texts.quoted(column)
    hint = near_name(column, near)
    return refusal(fault, column=column, row=1, file=sheet.name, spoken=spoken, hint=hint)


def _selected(sheet: Sheet, mapping: Import, place: Mapping[str, int]) -> tuple[list[Row], list[Note]]:
    """The rows with the declared values; torn lines stay, to be rejected rather than lost."""
    wanted = [(place[column], value) for column, value in mapping.select.items()]
    chosen = [
        row
        for row in sheet.rows
        if WHOLE_ROW in row.faults or all(clean(row.cells[at])[0] == value for at, value in wanted)
    ]
    kept = {row.number for row in chosen}
    left_out = tuple(row.number for row in sheet.rows if row.number not in kept)
    return chosen, [note("not_selected", rows=left_out)] if left_out else []


def _lay(
    row: Row, plan: _Plan, mapping: Import, place: Mapping[str, int], items: Sequence[str], issues: Issues
) -> Row | None:
    """One questionnaire of a row, or None if nothing was answered in it."""
    if WHOLE_ROW in row.faults:
        return Row(row.number, ("",) * (3 + len(items)), {WHOLE_ROW: row.faults[WHOLE_ROW]})
    source = [place.get(plan.items.get(item, ""), -1) for item in items]
    answers = ["" if at < 0 or clean(row.cells[at])[0] in mapping.missing else row.cells[at] for at in source]
    sent = row.cells[place[mapping.date_column]] if mapping.date_column else ""
    if all(blank(answer) for answer in answers) and not (plan.date_alone and not blank(sent)):
        return None
    wave = _wave_of(row, plan, mapping, place)
    nominal = mapping.dates.get(wave)
    date = sent if not blank(sent) or nominal is None else nominal.isoformat()
    person = row.cells[place[mapping.participant]]
    if mapping.participant_format != "{}":
        _say(person, mapping.participant, row, issues)
        person = _code(clean(person)[0], mapping.participant_format)
    if mapping.wave_column and wave in mapping.wave_codes.values():
        _say(row.cells[place[mapping.wave_column]], mapping.wave_column, row, issues)
    positions = [
        place[mapping.participant],
        place.get(mapping.wave_column, -1),
        place.get(mapping.date_column, -1),
    ]
    faults = {new: row.faults[at] for new, at in enumerate([*positions, *source]) if at >= 0 and at in row.faults}
    called = (mapping.participant, mapping.wave_column or "wave", mapping.date_column or "date")
    names = tuple(plan.items.get(item, item) for item in items)
    return Row(row.number, (person, wave, date, *answers), faults, (*called, *names))


def _say(cell: str, column: str, row: Row, issues: Issues) -> None:
    """What was taken away from a cell that the mapping turned into something else."""
    for said in clean(cell)[1]:
        issues.note(said, column, row.number)


def _wave_of(row: Row, plan: _Plan, mapping: Import, place: Mapping[str, int]) -> str:
    """The declared wave, or the cell as it is where its code was not declared."""
    if plan.wave:
        return plan.wave
    sent = row.cells[place[mapping.wave_column]]
    code = code_of(clean(sent)[0], mapping.wave_codes)
    return sent if code.value is None else mapping.wave_codes[code.value]


def _enrolled(
    rows: Sequence[Row], mapping: Import, place: Mapping[str, int], participants: Set[str], pattern: str
) -> dict[str, dt.date]:
    """Everyone in the file who is not known yet, also those who answered nothing."""
    enrol: dict[str, dt.date] = {}
    for row in rows if mapping.enrolled_on else ():
        if WHOLE_ROW in row.faults or blank(row.cells[place[mapping.participant]]):
            continue
        code = _code(clean(row.cells[place[mapping.participant]])[0], mapping.participant_format)
        if mapping.enrolled_on and code not in participants and re.fullmatch(pattern, code, re.ASCII):
            enrol[code] = mapping.enrolled_on
    return enrol
