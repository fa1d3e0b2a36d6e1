"""How an office's own file becomes a table or a questionnaire: an import of project.yml."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from evaluation.codec import nearest
from evaluation.errors import BadDeclaration
from evaluation.schema.forms import CONSENTS, Field, Instrument, Table
from evaluation.texts import Message

DATE = "date"
"""What a questionnaire's own columns call the day on which it was filled."""


@dataclass(frozen=True, slots=True)
class Import:
    """How the columns of a foreign file become those of a ``table`` or of a questionnaire (``instrument``).

    Table: ``columns`` maps field → column (without it the columns are already called as the fields are). ``grid``
    names the field whose values stand across the other columns (sessions, one column each): each cell then is a
    row of the table; ``course`` says whose sessions they are, where they are called by dates. (``grid`` may name
    the people instead: then they stand across, and the sessions down.)
    Questionnaire, wide: ``columns`` maps wave → item → column; ``date`` among the items is the column with that
    wave's date; what ``items`` maps counts for every wave. Long: ``wave_column`` and ``wave_codes`` name the wave
    of a row and ``items`` maps item → column (without ``items`` the columns are already called as the items are);
    ``date_column`` holds the dates. What says how a questionnaire came about (mode, language, interpreter,
    filled_by) is mapped as items are, and the file may lack it.
    ``dates`` gives a wave its nominal date where the file has none; ``enrolled_on`` enrols whoever is not yet
    known, with that nominal date and the ``consents`` that somebody declares the source to have from everyone in
    the file (one that is not named stays unknown, and counts as not given); ``participant_format`` makes the code.
    Both: ``select`` keeps only rows with these values, ``fixed`` gives a column one value throughout, ``words``
    maps column → word of the file → code, ``missing`` are words for an empty cell, ``refused`` those for a
    refusal; ``date_order`` and ``decimal_comma`` say what 01/02/2025 and 1.250,5 mean; ``sheet`` is that of a workbook.
    """

    instrument: str = ""
    table: str = ""
    participant: str = ""
    participant_format: str = "{}"
    columns: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)
    grid: str = ""
    course: str = ""
    wave_column: str = ""
    wave_codes: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    select: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, dt.date] = field(default_factory=dict)
    enrolled_on: dt.date | None = None
    consents: tuple[Literal["service", "reporting"], ...] | None = None
    fixed: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: tuple[str, ...] = ("", "NA")
    refused: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    date_column: str = ""
    date_order: Literal["", "dmy", "mdy", "ymd"] = ""
    decimal_comma: bool = False
    sheet: str = ""

    def __post_init__(self) -> None:
        """Raises BadDeclaration for keys that do not go together."""
        if bool(self.instrument) == bool(self.table):
            raise BadDeclaration("schema.import.target")
        if any(name in CONSENTS for name in self.fixed) or any("" in self.words.get(name, {}) for name in CONSENTS):
            raise BadDeclaration("schema.import.made_up")
        _check_table(self) if self.table else _check_questionnaire(self)

    @property
    def form(self) -> str:
        return self.table or self.instrument

    @property
    def by_field(self) -> Mapping[str, str]:
        """Field of the table → column of the file."""
        return {name: column for name, column in self.columns.items() if isinstance(column, str)}

    @property
    def by_wave(self) -> Mapping[str, Mapping[str, str]]:
        """Wave → item (or ``date``) → column of the file."""
        return {wave: columns for wave, columns in self.columns.items() if not isinstance(columns, str)}

    def code(self, text: str) -> str:
        """The participant's code that the file's ``text`` stands for."""
        try:
            number = self._code_format.endswith("d")
            return self.participant_format.format(int(text) if number and text.isascii() and text.isdigit() else text)
        except ValueError:
            return text  # not a number where one is needed: the check will not know this code

    @property
    def _code_format(self) -> str:
        """What stands behind the colon in ``P-{:03d}``. Raises ValueError unless there is one pair of braces."""
        parts = list(string.Formatter().parse(self.participant_format))
        places = [(name, spec or "", conversion) for _, name, spec, conversion in parts if name is not None]
        if len(places) != 1 or places[0][0] not in ("", "0") or places[0][2] or "{" in places[0][1]:
            raise ValueError
        return places[0][1]


def _check_table(imported: Import) -> None:
    """Raises BadDeclaration for keys that only a questionnaire has."""
    only = ("participant", "wave_column", "wave_codes", "items", "dates", "enrolled_on", "date_column", "refused")
    for key in only:
        if getattr(imported, key):
            raise BadDeclaration("schema.import.only_questionnaire", key=key)
    if imported.consents is not None:
        raise BadDeclaration("schema.import.only_questionnaire", key="consents")
    if imported.by_wave:
        raise BadDeclaration("schema.import.field_columns")
    if imported.course and not imported.grid:
        raise BadDeclaration("schema.import.course_without_grid")
    _check_format(imported)


def _check_questionnaire(imported: Import) -> None:
    """Raises BadDeclaration unless wave, date and consents of every row can be known."""
    if not imported.participant:
        raise BadDeclaration("codec.missing_key", place="'imports'", key="participant")
    if imported.by_field or imported.grid or imported.course:
        raise BadDeclaration("schema.import.wave_columns")
    if sum(map(bool, (imported.columns, imported.wave_column, imported.fixed.get("wave")))) != 1:
        raise BadDeclaration("schema.import.columns")
    _check_format(imported)
    undated = [wave for wave, columns in imported.by_wave.items() if DATE not in columns]
    if not imported.columns:
        undated = [*imported.wave_codes.values(), *filter(None, [imported.fixed.get("wave")])]
    undated = [wave for wave in undated if wave not in imported.dates]
    if undated and not imported.date_column and DATE not in imported.fixed:
        raise BadDeclaration("schema.import.dates", wave=undated[0])
    if imported.enrolled_on and imported.consents is None:
        raise BadDeclaration("schema.import.consents")


def _check_format(imported: Import) -> None:
    try:
        imported._code_format  # noqa: B018
        imported.participant_format.format(0)
    except (ValueError, IndexError, KeyError):
        raise BadDeclaration("schema.import.participant_format", format=imported.participant_format) from None


Unknown = tuple[tuple[str, ...], Message]
"""Where in an import something is named that there is not (keys, outermost first), and what to say of it."""


def unknown(
    imported: Import,
    *,
    tables: Mapping[str, Table],
    instruments: Mapping[str, Instrument],
    waves: Sequence[str],
    courses: Sequence[str],
    about: Sequence[Field] = (),
) -> Iterator[Unknown]:
    """What an import names that the project does not declare.

    ``about``: what every filled questionnaire may say of how it came about.
    """
    if imported.table and imported.table not in tables:
        yield _no("table", imported.table, [*tables], at=("table",))
    elif imported.instrument and imported.instrument not in instruments:
        yield _no("questionnaire", imported.instrument, [*instruments], at=("instrument",))
    elif imported.table:
        yield from _unknown_fields(imported, tables[imported.table], waves)
    else:
        yield from _unknown_items(imported, instruments[imported.instrument], waves, about)
    if imported.course and imported.course not in courses:
        yield _no("course", imported.course, courses, at=("course",))


def _unknown_fields(imported: Import, table: Table, waves: Sequence[str]) -> Iterator[Unknown]:
    fields = {each.name: each for each in table.fields}
    places: list[tuple[str, tuple[str, ...]]] = [
        *((name, ("columns", name)) for name in imported.columns),
        *((n, ("fixed", n)) for n in imported.fixed),
    ]
    places += [(name, ("words", name)) for name in imported.words]
    places += [(imported.grid, ("grid",))] if imported.grid else []
    for name, at in places:
        if name not in fields:
            yield _no("field", name, [*fields], at=at, form=table.name)
    if imported.grid in fields and cell_of(imported, table) is None:
        yield ("grid",), Message("schema.import.no_cell", form=table.name)
    for name in imported.words:
        if name in fields and not fields[name].reference:
            codes = [*fields[name].codes] or (list(waves) if name == "wave" else [])
            yield from _unknown_codes(imported, name, codes)


def _unknown_items(
    imported: Import, instrument: Instrument, waves: Sequence[str], about: Sequence[Field]
) -> Iterator[Unknown]:
    codes = {entry.name: [*entry.codes] for entry in about}
    codes |= {item.id: [each.name for each in item.choices] for item in instrument.questions}
    for key in ("columns", "dates"):
        for wave in getattr(imported, key):
            if wave not in waves:
                yield _no("wave", wave, waves, at=(key, wave))
    for code, wave in imported.wave_codes.items():
        if wave not in waves:
            yield _no("wave", wave, waves, at=("wave_codes", code))
    if (wave := imported.fixed.get("wave")) and wave not in waves:
        yield _no("wave", wave, waves, at=("fixed", "wave"))
    named: list[tuple[str, tuple[str, ...]]] = [(name, ("items", name)) for name in imported.items]
    named += [(name, ("columns", wave, name)) for wave, columns in imported.by_wave.items() for name in columns]
    named += [(name, ("fixed", name)) for name in imported.fixed] + [(name, ("words", name)) for name in imported.words]
    own = ("wave", DATE)
    for name, at in named:
        if name not in codes and not (name in own and at[0] != "items"):
            yield _no("item", name, [*codes], at=at, form=instrument.id)
    for name in imported.words:
        if name in codes:
            yield from _unknown_codes(imported, name, codes[name])


def _unknown_codes(imported: Import, name: str, codes: Sequence[str]) -> Iterator[Unknown]:
    for word, code in imported.words[name].items():
        if codes and code and code not in codes:
            yield _no("code", code, codes, at=("words", name, word), form=name)


def _no(kind: str, name: str, known: Sequence[str], *, at: tuple[str, ...], form: str = "") -> Unknown:
    return at, Message(f"schema.import.no_{kind}", name=name, form=form, hint=nearest(name, list(known)))


def cell_of(imported: Import, table: Table) -> Field | None:
    """The field that the cells of a grid fill: the one required field that nothing else fills."""
    filled = {*imported.columns, *imported.fixed, imported.grid}
    left = [each for each in table.fields if (each.required or each.name in table.key) and each.name not in filled]
    return left[0] if len(left) == 1 else None
