"""What is said about a sheet: notes and rejections so far, and refusals that name its columns."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from evaluation.collect.files.sheet import Note, Rejection, Sheet
from evaluation.collect.personal_data import looks_personal
from evaluation.collect.reasons import rejection
from evaluation.collect.refusals import refusal
from evaluation.collect.remarks import note
from evaluation.errors import FileRefused

_NAME = re.compile(r"[\w ./()?!:\-]{1,60}")


@dataclass(slots=True)
class Issues:
    """The only thing that grows while a sheet is checked."""

    rejected: list[Rejection] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    _noted: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)

    def say(self, name: str, column: str, row: int, epoch: str = "") -> None:
        """Notes a repair in one row; the rows of the same repair become one note."""
        rows = self._noted.setdefault((name, column, epoch), [])
        if row not in rows[-1:]:
            rows.append(row)

    def reject(self, name: str, row: int, column: str, **facts: object) -> None:
        """Holds a row back."""
        self.rejected.append(rejection(name, row, column, **facts))

    def notes(self) -> tuple[Note, ...]:
        """The notes by first mention."""
        found = self._noted.items()
        return tuple(note(name, column, rows=tuple(rows), epoch=epoch) for (name, column, epoch), rows in found)


def two_columns(sheet: Sheet, name: str, positions: tuple[int, int], language: str) -> FileRefused:
    """The refusal of two columns that stand for the same question ``name``."""
    first, spoken = (quoted(sheet.header[at].strip(), at + 1, language=language) for at in positions)
    facts = {"file": sheet.name, "first": first, "spoken": spoken, "question": name}
    return refusal("two_columns", language, column=name, row=1, **facts)


def quoted(name: str, position: int, *, language: str) -> str:
    """A column's name, or only its number if the name could be an answer (a file without a header)."""
    plain = _NAME.fullmatch(name) and not re.search(r"\d{3}|\d-\d", name) and not looks_personal(name)
    return f"'{name}'" if plain else f"{'nr' if language == 'pl' else 'no.'} {position}"


def near_name(name: str, known: Sequence[str], *, language: str) -> str:
    """The end of the sentence: the nearest name, if one is near."""
    folded = {entry.casefold(): entry for entry in known}
    close = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    if not close:
        return "."
    asked = "czy chodzi o" if language == "pl" else "did you mean"
    return f"; {asked} '{folded[close[0]]}'?"
