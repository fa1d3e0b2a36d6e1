"""How a file matches a form: the import, what each column is, and the words that somebody has to be asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from evaluation.collect.check.cells.values import choice_of
from evaluation.collect.check.columns import Column
from evaluation.collect.check.context import Context
from evaluation.collect.files.sheet import Sheet
from evaluation.collect.matching.likeness import near, reads, texts_of
from evaluation.schema import Import, Table


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
        grid = self.imported.grid
        unknown = [one.word for one in self.questions if one.name == grid and one.word not in known.get(grid, {})]
        drop = tuple(dict.fromkeys([*self.imported.drop, *unknown]))
        return replace(self.imported, words=known, wave_codes={**self.imported.wave_codes, **waves}, drop=drop)


Names = Mapping[str, Mapping[str, str]]
"""Where a column refers to → other names in small letters → the code; see collect/names.py."""


def spoken(sheet: Sheet, matched: Mapping[int, str]) -> tuple[tuple[str, str], ...]:
    """Each column of the file with what it is, by its position."""
    return tuple((cell.strip(), matched.get(at, "")) for at, cell in enumerate(sheet.header))


def words_of_table(
    sheet: Sheet, places: Mapping[str, int], columns: Sequence[Column], table: Table, names: Names, imported: Import
) -> Iterator[Question]:
    """The words that nobody knows, each once, in columns of codes and of what is declared."""
    for column in columns:
        if column.name not in places:
            continue
        labels = labels_of(column, table, names)
        known = {word.casefold() for word in imported.words.get(column.name, {})}
        at = places[column.name]
        for word in dict.fromkeys(texts_of(sheet, at)) if labels else ():
            read = column.kind == "code" and choice_of(word, column).value is not None
            if not read and word.casefold() not in known and word.casefold() not in labels:
                yield Question(column.name, sheet.header[at].strip(), word, *likeliest(word, labels))


def labels_of(column: Column, table: Table, names: Names) -> dict[str, str]:
    """What the codes of a column are called → the code; of a reference, what is recorded or declared."""
    if column.kind == "code":
        return {label: code for code, said in table.field(column.name).codes.items() for label in said.values()}
    reference = column.reference or f"{table.name}.{column.name}"
    return dict(names.get(reference, {})) if column.kind in ("reference", "text") else {}


def likeliest(word: str, labels: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """The codes, and the one whose label the word is nearest to; '' where none is near, or another about as near."""
    nearest: dict[str, float] = {}
    for label, code in labels.items():
        nearest[code] = max(nearest.get(code, 0.0), near(word, label))
    best, *others = sorted(nearest, key=lambda code: -nearest[code])
    alone = all(nearest[best] - nearest[other] > 0.1 for other in others[:1])
    return tuple(dict.fromkeys(labels.values())), best if nearest[best] >= 0.5 and alone else ""


def words_of_questionnaire(sheet: Sheet, pairs: Sequence[tuple[int, Column]], context: Context) -> Iterator[Question]:
    """The words in columns of codes and of waves that nobody knows, each once for each question."""
    waves = [wave.id for wave in context.waves]
    for at, column in pairs:
        codes = tuple(waves) if column.kind == "wave" else (*column.codes, *column.missing)
        for word in dict.fromkeys(texts_of(sheet, at)) if column.kind in ("code", "wave") else ():
            if reads(word, column, context, {}):
                continue
            nth = int(word) if column.kind == "wave" and word.isdecimal() else 0
            likely = waves[nth - 1] if 1 <= nth <= len(waves) else ""
            yield Question(column.name, sheet.header[at].strip(), word, tuple(dict.fromkeys(codes)), likely)
