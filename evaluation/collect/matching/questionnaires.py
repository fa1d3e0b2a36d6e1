"""A filled questionnaire is known by its items: a column for each item and wave, or a row for each person and wave."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from evaluation import descriptors
from evaluation.collect.check.columns import columns_of
from evaluation.collect.check.context import Context
from evaluation.collect.files.sheet import Sheet
from evaluation.collect.matching.likeness import CALLED_PEOPLE, SURE, alike, folded, people_in, places_of
from evaluation.collect.matching.proposal import Proposal, spoken, words_of_questionnaire
from evaluation.schema import Declaration, Import, Instrument, Labels
from evaluation.schema.imports import DATE

KEYS = ("participant", "wave", DATE)
_WAVE = re.compile(r"(.*?)[\s_.\-/(\[]*(\d)[)\]]?", re.DOTALL)
_DATED = re.compile(r"((?:data|date|dzie[nń]|day)\b\D*)(\d)\D*", re.IGNORECASE)
_USUAL: Mapping[str, Sequence[str]] = {
    "participant": CALLED_PEOPLE,
    "wave": ["etap", "pomiar", "moment", "tura", "wave", "time"],
    DATE: ["data", "date", "data ankiety", "dzień"],
    "mode": ["sposób", "tryb", "forma wywiadu", "mode", "how"],
    "language": ["język", "język wywiadu", "język ankiety", "language"],
    "interpreter": ["tłumacz", "tłumaczka", "z tłumaczem", "z tłumaczką", "interpreter"],
    "filled_by": [
        *("ankieter", "ankieterka", "prowadząca", "kto pytał", "kto wypełniał", "pracownica", "pracownik"),
        *("pracowniczka", "interviewer", "caseworker", "staff"),
    ],
}
"""What the columns of a questionnaire that are no items are usually called."""


def wide(sheet: Sheet, instrument: Instrument, context: Context) -> Proposal | None:
    """The file with a column for each item and wave, called by the item and the wave's number."""
    people = people_in(sheet, context)
    found: dict[int, tuple[str, str]] = {}
    for at, cell in enumerate(sheet.header):
        if at in people[:1]:
            continue
        of_waves = ((_named(called, instrument), wave) for called, wave in _of_wave(cell.strip(), context))
        if (place := next((place for place in of_waves if place[0]), None)) is not None:
            if place not in found.values():
                found[at] = place
        elif (name := _about(cell, instrument)) and (name, "") not in found.values():
            found[at] = name, ""
    answered = {wave: {name for name, each in found.values() if each == wave} for _, wave in found.values() if wave}
    own = {item.id for item in instrument.items}
    if not people or not answered or any(DATE not in names or not names & own for names in answered.values()):
        return None
    return of_wide(sheet, instrument, people[0], found, context)


def _of_wave(cell: str, context: Context) -> Iterator[tuple[str, str]]:
    """What a column may be called besides its wave, and the wave: by its number, id, code or label at one end."""
    match = _WAVE.fullmatch(cell) or _DATED.fullmatch(cell)
    nth = int(match[2]) if match and match[2].isdecimal() else 0
    if match and 1 <= nth <= len(context.waves):
        yield match[1], context.waves[nth - 1].id
    words = folded(cell)
    for wave in context.waves:
        for word in filter(None, map(folded, (wave.id, *wave.codes, *wave.labels.values()))):
            if words.endswith(f" {word}"):
                yield words.removesuffix(f" {word}"), wave.id
            if words.startswith(f"{word} "):
                yield words.removeprefix(f"{word} "), wave.id


def _named(called: str, instrument: Instrument) -> str:
    """The item, or what else a questionnaire says, that a column with the number of a wave is called by."""
    for item in instrument.questions:
        if folded(called) in map(folded, [item.id, *item.labels.values()]):
            return item.id
    if folded(called).startswith(("data", "date", "dzien", "day")):
        return DATE
    return _about(called, instrument)


def _about(called: str, instrument: Instrument) -> str:
    """What a questionnaire says of how it came about that the column is called very much like."""
    titles = _titles(instrument)
    names = [entry.name for entry in descriptors.about_answers(beside={item.id for item in instrument.items})]
    likeness, name = max(((max(alike(called, each) for each in titles[name]), name) for name in names), default=(0, ""))
    return name if likeness >= SURE else ""


def labels_of(instrument: Instrument) -> dict[str, Labels]:
    """What a column of a questionnaire can be, with its titles."""
    fields = {entry.name: entry.title for entry in descriptors.filled_questionnaire().fields}
    return fields | {item.id: item.labels for item in instrument.items if item.id not in KEYS}


def _titles(instrument: Instrument) -> dict[str, list[str]]:
    named = labels_of(instrument).items()
    return {name: [name, *labels.values(), *_USUAL.get(name, [])] for name, labels in named}


def of_wide(
    sheet: Sheet,
    instrument: Instrument,
    person: int,
    found: Mapping[int, tuple[str, str]],
    context: Context,
    *,
    base: Import | None = None,
) -> Proposal:
    """The file as questionnaires by waves across; ``found``: position → item (or date) and wave, '' for every wave.

    ``base``: what else is known of the import, such as the nominal dates of its waves.
    """
    columns: dict[str, dict[str, str]] = {}
    for at, (name, wave) in found.items():
        if wave:
            columns.setdefault(wave, {})[name] = sheet.header[at].strip()
    shared = {name: sheet.header[at].strip() for at, (name, wave) in found.items() if not wave}
    imported = replace(
        base or Import(instrument=instrument.id, participant="-", fixed={"wave": "-", DATE: "-"}),
        participant=sheet.header[person].strip(),
        columns=columns,
        items=shared,
        fixed={},
        drop=tuple(cell.strip() for at, cell in enumerate(sheet.header) if at not in {person, *found}),
        sheet=sheet.tab,
    )
    called = {person: "participant", **{at: f"{name} ({wave})" if wave else name for at, (name, wave) in found.items()}}
    of_items = {column.name: column for column in columns_of(instrument, context)}
    pairs = [(at, of_items[name]) for at, (name, _) in found.items()]
    questions = tuple(words_of_questionnaire(sheet, pairs, context))
    return Proposal(imported, spoken(sheet, called), questions, 1.5 * len(called) / len(sheet.header))


def long(sheet: Sheet, instrument: Instrument, declaration: Declaration, context: Context) -> Proposal | None:
    """The file with a row for each person and wave."""
    columns = [column for column in columns_of(instrument, context) if column.kind != "version"]
    titles = _titles(instrument)
    for known in declaration.file.imports.values():
        if known.instrument:
            titles["participant"].append(known.participant)
    about = {entry.name for entry in descriptors.about_answers()}
    matched = places_of(sheet, columns, titles, context, {}, surely=about, besides=_choices(sheet.header, instrument))
    if any(column.needed and column.name not in matched for column in columns):
        return None
    by_place = sorted(matched.items(), key=lambda pair: pair[1][0])
    likeness = sum(each for _, each in matched.values()) / len(sheet.header)
    return of_long(sheet, instrument, {name: at for name, (at, _) in by_place}, context, likeness=likeness)


def _choices(header: Sequence[str], instrument: Instrument) -> set[int]:
    """The positions of columns that are one choice of a question with several: ``places/home``, ``Gdzie?/W domu``."""
    own = {folded(item.id) for item in instrument.items}
    called = {
        folded(f"{question} {choice}")
        for item in instrument.items
        if item.kind == "select_multiple"
        for question in (item.id, *item.labels.values())
        for each in item.choices
        for choice in (each.name, *each.labels.values())
    }
    ends = tuple(f" {each}" for each in called - own)
    return {at for at, cell in enumerate(header) if f" {folded(cell)}".endswith(ends)}


def of_long(
    sheet: Sheet,
    instrument: Instrument,
    places: Mapping[str, int],
    context: Context,
    *,
    wave: str = "",
    base: Import | None = None,
    likeness: float = 1.0,
) -> Proposal:
    """The file as questionnaires row by row; ``places``: item, participant, wave or date → position in the file.

    ``wave``: that of all rows, where no column says it.
    """
    own = {name: sheet.header[at].strip() for name, at in places.items()}
    known = base or Import(instrument=instrument.id, participant="-", fixed={"wave": "-", DATE: "-"})
    imported = replace(
        known,
        participant=own["participant"],
        wave_column=own.get("wave", ""),
        date_column=own.get(DATE, ""),
        items={name: column for name, column in own.items() if name not in KEYS},
        fixed={} if "wave" in own else {"wave": wave},
        drop=tuple(cell.strip() for at, cell in enumerate(sheet.header) if at not in places.values()),
        sheet=sheet.tab,
    )
    of_items = {column.name: column for column in columns_of(instrument, context)}
    pairs = [(at, of_items[name]) for name, at in places.items()]
    questions = tuple(words_of_questionnaire(sheet, pairs, context))
    return Proposal(imported, spoken(sheet, {at: name for name, at in places.items()}), questions, likeness)
