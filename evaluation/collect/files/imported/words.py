"""What an office writes in a cell becomes what its import says, or the code list shows, that it means."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field

from evaluation.collect.files.cells import FALSE, TICKED, TRUE, UNTICKED, clean
from evaluation.schema import Field, Import, Item

_NUMBER = re.compile(r"[-+]?\d[\d .\u00a0']*(?:,\d+)?", re.ASCII)
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(?:\.\d{3})+", re.ASCII)

_MARKS = {
    "present": "x × v ✓ ✔ 1 + t tak y yes p ob ob. obecna obecny obecni present był była jest",
    "absent": "0 - – — n nie no nb nb. nieob nieob. nieobecna nieobecny absent brak",
    "excused": "u us us. usp usp. uspr uspr. usprawiedliwiona usprawiedliwiony zwolniona zwolniony excused",
}
"""How a register of attendance is marked, whoever keeps it."""
MARKS = {mark: code for code, marks in _MARKS.items() for mark in marks.split()}
MARKS |= dict.fromkeys(("1.0", *TRUE, *TICKED), "present") | dict.fromkeys(("0.0", *FALSE, *UNTICKED), "absent")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the cells of one column say: ``words`` in small letters → code; ``codes`` are meant as they stand.

    ``missing`` are words for nothing at all; ``comma``: 1.250,5 is a number with a decimal comma.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    codes: Set[str] = frozenset()
    missing: Set[str] = frozenset()
    comma: bool = False

    def of(self, cell: str) -> tuple[str, tuple[str, ...]]:
        """The cell as it is meant, and the ids of notes; the cell itself where nothing is known of it."""
        text, notes = clean(cell)
        if text.casefold() in self.words:
            return self.words[text.casefold()], notes
        if text in self.codes:
            return cell, ()
        if text in self.missing:
            return "", ()
        if self.comma and _GROUPED.fullmatch(text):
            return text.replace(".", ""), (*notes, "thousands")
        if self.comma and "," in text and _NUMBER.fullmatch(text):
            return re.sub(r"[ .\u00a0']", "", text).replace(",", "."), (*notes, "decimal_comma")
        return cell, ()


def remembered(meaning: Meaning) -> Callable[[str], tuple[str, tuple[str, ...]]]:
    """``meaning.of`` that works out once what stands in many rows."""
    return functools.lru_cache(maxsize=1_000)(meaning.of)


def of_field(entry: Field, imported: Import, aliases: Mapping[str, str]) -> Meaning:
    """What the cells of a table's column mean; ``aliases`` are other names of what it refers to."""
    codes = {*entry.codes}
    marks = MARKS if {"present", "absent"} <= codes else {}
    return Meaning(
        words={**marks, **aliases, **_folded(imported.words.get(entry.name, {}))},
        codes=codes,
        missing={*imported.missing} - codes,
        comma=imported.decimal_comma and entry.type in ("number", "integer"),
    )


def of_item(item: Item, imported: Import) -> Meaning:
    """What the cells of an item mean. A word for no answer that is the questionnaire's own label for one is read so."""
    refused = next((code for code, state in item.missing.items() if state == "refused"), None)
    words = {word.casefold(): refused for word in imported.refused if refused is not None}
    own = {label.casefold() for each in item.choices if each.name in item.missing for label in each.labels.values()}
    return Meaning(
        words={**words, **_folded(imported.words.get(item.id, {}))},
        missing={word for word in imported.missing if word.casefold() not in own},
        comma=imported.decimal_comma and item.kind in ("decimal", "integer"),
    )


def unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Names in small letters → what they are the name of; a name of two things is the name of none."""
    named = {(name.strip().casefold(), thing) for name, thing in pairs if name.strip()}
    times = Counter(name for name, _ in named)
    return {name: thing for name, thing in named if times[name] == 1}


def _folded(words: Mapping[str, str]) -> dict[str, str]:
    return {clean(word)[0].casefold(): code for word, code in words.items()}
