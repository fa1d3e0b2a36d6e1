"""The columns of a foreign file are matched with those of a form, by their names and by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from evaluation.collect.check.cells.values import choice_of
from evaluation.collect.check.columns import Column, columns_of
from evaluation.collect.check.context import Context
from evaluation.collect.files.sheet import Sheet
from evaluation.collect.likeness import alike, folded, near, of_people, readable, reads, texts_of
from evaluation.collect.names import references
from evaluation.schema import Declaration, Import, Instrument, Table
from evaluation.schema.imports import DATE

LIKELY = 0.3
"""From this likeness of their names on, columns may be the same."""
_WAVE = re.compile(r"(.*?)[\s_.\-/(\[]*(\d)[)\]]?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Question:
    """A word of the file that no code list has: what is it? ``likely`` is the code that its labels are nearest to."""

    name: str
    column: str
    word: str
    codes: tuple[str, ...]
    likely: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a file seems to match a form: the import, its columns (file's name, form's name or ''), words to ask for."""

    imported: Import
    columns: tuple[tuple[str, str], ...]
    questions: tuple[Question, ...]
    likeness: float

    def answered(self, words: Mapping[tuple[str, str], str]) -> Import:
        """The import with what the words mean: (column of the form, word) → code."""
        known = {name: dict(meant) for name, meant in self.imported.words.items()}
        for (name, word), code in words.items():
            known.setdefault(name, {})[word] = code
        waves = known.pop("wave", {}) if self.imported.instrument else {}
        return replace(self.imported, words=known, wave_codes={**self.imported.wave_codes, **waves})


def proposals(sheet: Sheet, declaration: Declaration, context: Context) -> list[Proposal]:
    """How the file could be each form of the project, the likeliest first; none where required columns are missing."""
    found = [_grid(sheet, declaration, context)]
    found += [_table(sheet, table, declaration, context) for table in declaration.tables.values()]
    for instrument in declaration.instruments.values():
        found += [_wide(sheet, instrument, context), _long(sheet, instrument, declaration, context)]
    return sorted((each for each in found if each), key=lambda each: -each.likeness)


# --- tables ------------------------------------------------------------------------------------


def _table(sheet: Sheet, table: Table, declaration: Declaration, context: Context) -> Proposal | None:
    columns = columns_of(table, context)
    titles = {entry.name: [entry.name, *entry.title.values()] for entry in table.fields}
    earlier = [each for each in declaration.file.imports.values() if each.table == table.name]
    for known in earlier:
        for name, sent in known.by_field.items():
            titles[name].append(sent)
    names = references(declaration, context, Import(table=table.name), table=table)
    matched = _matched(sheet, columns, titles, context, names)
    key = matched.get(table.key[0], (0, 0.0))[0]
    for entry in table.fields:
        named = entry.required and entry.type == "string" and not entry.codes and not entry.reference
        if named and entry.name not in matched and len(table.key) == 1 and table.key[0] in matched:
            matched[entry.name] = key, 0.5  # a list of courses by name has no code beside the name
    if any(column.needed and column.name not in matched for column in columns):
        return None
    by_place = sorted(matched.items(), key=lambda pair: (pair[1][0], -pair[1][1]))
    own = {name: sheet.header[at].strip() for name, (at, _) in by_place}
    taken = {at for at, _ in matched.values()}
    drop = tuple(cell.strip() for at, cell in enumerate(sheet.header) if at not in taken)
    words = {name: meant for each in earlier for name, meant in each.words.items()}
    imported = Import(table=table.name, columns=own, words=words, drop=drop, sheet=sheet.tab)
    return Proposal(
        imported,
        _spoken(sheet, {at: ", ".join(name for name, (there, _) in by_place if there == at) for at in taken}),
        tuple(_questions(sheet, matched, columns, table, names, imported)),
        sum(likeness for _, likeness in matched.values()) / max(len(sheet.header), len(own)),
    )


def _matched(
    sheet: Sheet,
    columns: Sequence[Column],
    titles: Mapping[str, Sequence[str]],
    context: Context,
    names: Mapping[str, Mapping[str, str]],
) -> dict[str, tuple[int, float]]:
    """Each column of the form with the position of the file's column that is likeliest, and how like they are."""
    pairs: list[tuple[float, int, str]] = []
    for at, cell in enumerate(sheet.header):
        texts = texts_of(sheet, at)
        for column in columns:
            likeness = max((alike(cell, title) for title in titles.get(column.name, [column.name])), default=0.0)
            person = of_people(column, context)
            read = readable(texts, column, context, names) if likeness >= LIKELY or person else 0.0
            worded = column.kind in ("code", "reference", "text", "wave") and likeness >= 0.45
            if (likeness >= LIKELY and (read > 0.6 or worded)) or (person and read > 0.8):
                pairs.append((likeness + read / 2, at, column.name))
    found: dict[str, tuple[int, float]] = {}
    for likeness, at, name in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        if name not in found and at not in {taken for taken, _ in found.values()}:
            found[name] = at, likeness
    return found


def _questions(
    sheet: Sheet,
    matched: Mapping[str, tuple[int, float]],
    columns: Sequence[Column],
    table: Table,
    names: Mapping[str, Mapping[str, str]],
    imported: Import,
) -> Iterator[Question]:
    """The words that nobody knows, each once, in columns of codes and of what is declared."""
    for column in columns:
        reference = column.reference or f"{table.name}.{column.name}"
        labels = dict(names.get(reference, {})) if column.kind in ("reference", "text") else {}
        if column.kind == "code":
            labels = {
                label: code for code, spoken in table.field(column.name).codes.items() for label in spoken.values()
            }
        if column.name not in matched or not labels:
            continue
        known = {word.casefold() for word in imported.words.get(column.name, {})}
        at = matched[column.name][0]
        for word in dict.fromkeys(texts_of(sheet, at)):
            read = column.kind == "code" and choice_of(word, column).value is not None
            if not read and word.casefold() not in known and word.casefold() not in labels:
                likely = max(labels, key=lambda label: near(word, label))
                code = labels[likely] if near(word, likely) >= 0.5 else ""
                yield Question(column.name, sheet.header[at].strip(), word, tuple(dict.fromkeys(labels.values())), code)


def _grid(sheet: Sheet, declaration: Declaration, context: Context) -> Proposal | None:
    """The file as a register of attendance: people in rows, and at least two columns called as sessions are."""
    table = declaration.tables["attendance"]
    people = [at for at in range(len(sheet.header)) if _people(sheet, at, context)]
    if not people:
        return None
    best: Proposal | None = None
    for course in ("", *(course.id for course in declaration.file.courses)):
        names = references(declaration, context, Import(table=table.name, grid="session", course=course), table=table)
        held = [at for at, cell in enumerate(sheet.header) if cell.strip().casefold() in names["sessions.session"]]
        if len(held) < 2 or (best and len(held) <= len(best.columns) - len(best.imported.drop) - 1):
            continue
        rest = {at: "" for at in range(len(sheet.header)) if at not in (people[0], *held)}
        drop = tuple(sheet.header[at].strip() for at in rest)
        own = {"participant": sheet.header[people[0]].strip()}
        imported = Import(table=table.name, columns=own, grid="session", course=course, drop=drop, sheet=sheet.tab)
        spoken = _spoken(sheet, {people[0]: "participant", **dict.fromkeys(held, "session")})
        best = Proposal(imported, spoken, (), 2.0)
    return best


def _people(sheet: Sheet, at: int, context: Context) -> bool:
    texts = texts_of(sheet, at)
    return bool(texts) and sum(bool(re.fullmatch(context.participant_pattern, t, re.ASCII)) for t in texts) > 0.8 * len(
        texts
    )


# --- questionnaires ----------------------------------------------------------------------------


def _wide(sheet: Sheet, instrument: Instrument, context: Context) -> Proposal | None:
    """The file as a questionnaire with a column for each item and wave, called by the item and the wave's number."""
    waves = [wave.id for wave in context.waves]
    items = {item.id: [item.id, *item.labels.values()] for item in instrument.items if item.kind != "note"}
    people = [at for at in range(len(sheet.header)) if _people(sheet, at, context)]
    found: dict[str, dict[str, str]] = {}
    spoken: dict[int, str] = {}
    for at, cell in enumerate(sheet.header):
        match = _WAVE.fullmatch(cell.strip())
        if at in people[:1] or not match or not 1 <= int(match[2]) <= len(waves):
            continue
        called = folded(match[1])
        item = next((name for name, labels in items.items() if called in map(folded, labels)), None)
        if item is None and called.startswith(("data", "date", "dzien", "day")):
            item = DATE
        if item is not None:
            wave = waves[int(match[2]) - 1]
            found.setdefault(wave, {}).setdefault(item, cell.strip())
            spoken[at] = f"{item} ({wave})"
    if not people or not found or any(DATE not in columns or len(columns) < 2 for columns in found.values()):
        return None
    spoken[people[0]] = "participant"
    drop = tuple(cell.strip() for at, cell in enumerate(sheet.header) if at not in spoken)
    person = sheet.header[people[0]].strip()
    imported = Import(instrument=instrument.id, participant=person, columns=found, drop=drop, sheet=sheet.tab)
    of_items = {column.name: column for column in columns_of(instrument, context)}
    pairs = [(at, of_items[name]) for at, said in spoken.items() if (name := said.partition(" ")[0]) in of_items]
    questions = tuple(_unread(sheet, pairs, instrument, context))
    return Proposal(imported, _spoken(sheet, spoken), questions, 1.5 * len(spoken) / len(sheet.header))


def _long(sheet: Sheet, instrument: Instrument, declaration: Declaration, context: Context) -> Proposal | None:
    """The file as a questionnaire with a row for each person and wave."""
    columns = [column for column in columns_of(instrument, context) if column.kind != "version"]
    titles = {item.id: [item.id, *item.labels.values()] for item in instrument.items}
    for name, usual in _USUAL.items():
        titles.setdefault(name, [name]).extend(usual)
    for known in declaration.file.imports.values():
        if known.instrument:
            titles["participant"].append(known.participant)
    matched = _matched(sheet, columns, titles, context, {})
    if any(column.needed and column.name not in matched for column in columns):
        return None
    own = {name: sheet.header[at].strip() for name, (at, _) in sorted(matched.items(), key=lambda pair: pair[1][0])}
    taken = {at: name for name, (at, _) in matched.items()}
    drop = tuple(cell.strip() for at, cell in enumerate(sheet.header) if at not in taken)
    imported = Import(
        instrument=instrument.id,
        participant=own["participant"],
        wave_column=own["wave"],
        date_column=own[DATE],
        items={name: column for name, column in own.items() if name not in _USUAL},
        drop=drop,
        sheet=sheet.tab,
    )
    pairs = [(matched[column.name][0], column) for column in columns if column.name in matched]
    likeness = sum(each for _, each in matched.values()) / len(sheet.header)
    return Proposal(imported, _spoken(sheet, taken), tuple(_unread(sheet, pairs, instrument, context)), likeness)


_USUAL = {
    "participant": ["kod", "code", "uczestniczka", "osoba"],
    "wave": ["etap", "pomiar", "moment", "tura", "wave", "time"],
    DATE: ["data", "date", "data ankiety", "dzień"],
}
"""What the columns of a questionnaire that are no items are usually called."""


def _unread(
    sheet: Sheet, pairs: Sequence[tuple[int, Column]], instrument: Instrument, context: Context
) -> Iterator[Question]:
    """The words in columns of codes and of waves that nobody knows, each once for each question."""
    waves = [wave.id for wave in context.waves]
    for at, column in pairs:
        codes = tuple(waves) if column.kind == "wave" else (*column.codes, *column.missing)
        for word in dict.fromkeys(texts_of(sheet, at)) if column.kind in ("code", "wave") else ():
            if reads(word, column, context, {}):
                continue
            nth = int(word) if column.kind == "wave" and word.isdigit() else 0
            likely = waves[nth - 1] if 1 <= nth <= len(waves) else ""
            yield Question(column.name, sheet.header[at].strip(), word, tuple(dict.fromkeys(codes)), likely)


def _spoken(sheet: Sheet, matched: Mapping[int, str]) -> tuple[tuple[str, str], ...]:
    return tuple((cell.strip(), matched.get(at, "")) for at, cell in enumerate(sheet.header))
