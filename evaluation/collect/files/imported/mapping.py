"""A foreign file, wide or long, is laid out as the questionnaire by a declared mapping, cell by cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from evaluation import descriptors
from evaluation.collect.files.cells import blank, clean, code_of
from evaluation.collect.files.imported import foreign, words
from evaluation.collect.files.sheet import WHOLE_ROW, Row, Sheet
from evaluation.collect.issues import Issues, note
from evaluation.errors import BadDeclaration
from evaluation.schema import Field, Import, Instrument, Wave
from evaluation.schema.imports import DATE, unknown


@dataclass(frozen=True, slots=True)
class Mapped:
    """The file as a table or as questionnaires, and whom it enrols: participant → nominal date of enrolment."""

    sheet: Sheet
    enrol: Mapping[str, dt.date]


@dataclass(frozen=True, slots=True)
class _Plan:
    """One row of the file gives one questionnaire per wave: item → column of the file.

    ``answers``: the items that make it one; what counts for every wave, or says how it came about, does not.
    ``date``: the column with the day, or '' for the wave's nominal one; ``alone``: whether whatever else the row
    has is laid out too, without an answer.
    """

    wave: str  # '' in a long file, where the row itself says
    items: Mapping[str, str]
    answers: Set[str]
    date: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the rows of one file are laid out: the import, where its columns stand, what their cells mean."""

    imported: Import
    place: Mapping[str, int]
    items: tuple[str, ...]
    meanings: Mapping[str, Callable[[str], tuple[str, tuple[str, ...]]]]
    waves: Mapping[str, str]  # names of waves in small letters → wave
    dates: Mapping[str, dt.date]

    def positions(self, plan: _Plan) -> list[int]:
        """Where participant, wave, date and each item stand in a row of the file; -1: nowhere."""
        items = (plan.items.get(item, "") for item in self.items)
        return [
            self.place.get(name, -1)
            for name in (self.imported.participant, self.imported.wave_column, plan.date, *items)
        ]

    def called(self, plan: _Plan) -> tuple[str, ...]:
        """What the file calls them."""
        items = (plan.items.get(item, item) for item in self.items)
        return (self.imported.participant, self.imported.wave_column or "wave", plan.date or DATE, *items)


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
    named = [wave.id for wave in waves]
    forms = {instrument.id: instrument}
    for _, fault in unknown(
        mapping, tables={}, instruments=forms, waves=named, courses=[], about=descriptors.about_answers()
    ):
        raise BadDeclaration(fault.key, **fault.facts)
    about = {entry.name: entry for entry in descriptors.about_answers(beside={item.id for item in instrument.items})}
    planned = _plans(mapping, instrument, about, {cell.strip() for cell in sheet.header})
    plans = [replace(plan, alone=correcting) for plan in planned]
    wanted = [column for plan in plans for column in (*plan.items.values(), plan.date) if column]
    key = [column for column in (mapping.participant, mapping.wave_column, *mapping.select) if column]
    optional = {column for plan in plans for name, column in plan.items.items() if name in about}
    needed = key if correcting else [*key, *(column for column in wanted if column not in optional)]
    place = foreign.places(sheet, needed=dict.fromkeys(needed), wanted=wanted, drop=mapping.drop)
    items = tuple(dict.fromkeys([*(item for plan in plans for item in plan.items), *_fixed(mapping)]))
    layout = _Layout(
        mapping,
        place,
        items,
        {item: words.remembered(_meaning(item, mapping, instrument, about)) for item in items},
        words.unique((name, wave.id) for wave in waves for name in {wave.id, *wave.codes, *wave.labels.values()}),
        {} if correcting else mapping.dates,
    )
    rows, notes = foreign.selected(sheet, mapping.select, place, used={*key, *wanted} - {*mapping.select})
    laid: list[Row] = []
    issues = Issues()
    unanswered: dict[str, list[int]] = {}
    placed = [(each, layout.positions(each), layout.called(each)) for each in plans]
    for row in rows:
        for plan, positions, called in placed if WHOLE_ROW not in row.faults else placed[:1]:
            questionnaire = _lay(row, plan, layout, positions, called, issues)
            if questionnaire is None:
                unanswered.setdefault(_wave_of(row, plan, layout), []).append(row.number)
            else:
                laid.append(questionnaire)
    notes += [note("wave_not_answered", rows=tuple(r), wave=w if w in named else "–") for w, r in unanswered.items()]
    notes += issues.notes()
    enrol = {} if correcting else _enrolled(rows, layout, participants, participant_pattern)
    header = ("participant", "wave", DATE, *items)
    said = (*sheet.notes, *notes)
    return Mapped(replace(sheet, header=header, rows=tuple(laid), notes=said, source=sheet), enrol)


def _meaning(name: str, mapping: Import, instrument: Instrument, about: Mapping[str, Field]) -> words.Meaning:
    if name in about:
        return words.of_field(about[name], mapping, {})
    return words.of_item(instrument.item(name), mapping)


def _plans(mapping: Import, instrument: Instrument, about: Collection[str], header: Collection[str]) -> list[_Plan]:
    if not mapping.columns:
        known = [item.id for item in instrument.questions if item.id not in _OWN]
        known += [name for name in about if name in header]
        items = mapping.items or {item: item for item in known if item not in mapping.fixed}
        return [_Plan(mapping.fixed.get("wave", ""), items, {*items} - {*about}, mapping.date_column)]
    return [
        _Plan(
            wave,
            {**mapping.items, **{item: column for item, column in columns.items() if item != DATE}},
            {*columns} - {*about},
            columns.get(DATE, mapping.date_column),
        )
        for wave, columns in mapping.by_wave.items()
    ]


_OWN = ("participant", "wave", DATE)


def _fixed(mapping: Import) -> list[str]:
    """The items that have one answer throughout."""
    return [name for name in mapping.fixed if name not in _OWN]


def _lay(
    row: Row, plan: _Plan, layout: _Layout, positions: Sequence[int], called: tuple[str, ...], issues: Issues
) -> Row | None:
    """One questionnaire of a row, or None if nothing was answered in it."""
    mapping, place = layout.imported, layout.place
    if WHOLE_ROW in row.faults:
        return Row(row.number, ("",) * (3 + len(layout.items)), {WHOLE_ROW: row.faults[WHOLE_ROW]})
    answers = [_answer(row, at, item, layout, issues) for item, at in zip(layout.items, positions[3:], strict=True)]
    sent = row.cells[positions[2]] if positions[2] >= 0 else mapping.fixed.get(DATE, "")
    filled = {item for item, cell in zip(layout.items, answers, strict=True) if cell and not blank(cell)}
    own = filled - ({*mapping.items} if mapping.columns else set())
    if not filled & plan.answers and not (plan.alone and (own or not blank(sent))):
        return None
    if len(filled) < len(answers):
        answers = [answer or mapping.fixed.get(item, "") for item, answer in zip(layout.items, answers, strict=True)]
    wave = _wave_of(row, plan, layout)
    nominal = layout.dates.get(wave)
    date = sent if not blank(sent) or nominal is None else nominal.isoformat()
    person = row.cells[positions[0]]
    if mapping.participant_format != "{}":
        _say(person, mapping.participant, row, issues)
        person = mapping.code(clean(person)[0])
    if not plan.wave and wave in layout.waves.values():
        _say(row.cells[place[mapping.wave_column]], mapping.wave_column, row, issues)
    faults = {new: row.faults[at] for new, at in enumerate(positions) if at in row.faults} if row.faults else {}
    return Row(row.number, (person, wave, date, *answers), faults, called)


def _answer(row: Row, at: int, item: str, layout: _Layout, issues: Issues) -> str:
    """What the cell of an item is meant to say."""
    if at < 0:
        return ""
    text, notes = layout.meanings[item](row.cells[at])
    for said in notes:
        issues.note(said, next(name for name, place in layout.place.items() if place == at), row.number)
    return text


def _say(cell: str, column: str, row: Row, issues: Issues) -> None:
    """What was taken away from a cell that the mapping turned into something else."""
    for said in clean(cell)[1]:
        issues.note(said, column, row.number)


def _wave_of(row: Row, plan: _Plan, layout: _Layout) -> str:
    """The declared wave, or the cell as it is where its code was not declared."""
    if plan.wave:
        return plan.wave
    sent = row.cells[layout.place[layout.imported.wave_column]]
    code = code_of(clean(sent)[0], layout.imported.wave_codes)
    if code.value is not None:
        return layout.imported.wave_codes[code.value]
    return layout.waves.get(clean(sent)[0].casefold(), sent)


def _enrolled(rows: Sequence[Row], layout: _Layout, participants: Set[str], pattern: str) -> dict[str, dt.date]:
    """Everyone in the file who is not known yet, also those who answered nothing."""
    mapping, at = layout.imported, layout.place[layout.imported.participant]
    enrol: dict[str, dt.date] = {}
    for row in rows if mapping.enrolled_on else ():
        if WHOLE_ROW in row.faults or blank(row.cells[at]):
            continue
        code = mapping.code(clean(row.cells[at])[0])
        if mapping.enrolled_on and code not in participants and re.fullmatch(pattern, code, re.ASCII):
            enrol[code] = mapping.enrolled_on
    return enrol
