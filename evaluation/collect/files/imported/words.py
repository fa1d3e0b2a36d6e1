"""What an office writes in a cell becomes what its import says, or the code list shows, that it means."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field

from evaluation.collect.files.cells import FALSE, TICKED, TRUE, UNTICKED, clean
from evaluation.schema import Field, Import, Item
from evaluation.texts.folding import folded

_NUMBER = re.compile(r"[-+]?\d[\d .\u00a0']*(?:,\d+)?", re.ASCII)
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(?:\.\d{3})+", re.ASCII)

_BETWEEN = re.compile(r"(?:[\s.,;:()]|(?<=[\w\s.)])[/-](?=[\w\s(]))+")
"""What stands between the words of a mark; a dash or stroke at its edge, as in ``+/-`` and ``-1``, is a part of it."""

_CROSSES, _CHECKS = frozenset("x×✗✘☒"), frozenset("✓✔√☑v")
_MARKS = {
    "present": "+, 1, t, tak, y, yes, p, byl, byla, jest",
    "absent": "0, -, –, —, n, nie, no, nn, brak, no show, nie uspr",
    "excused": "nu, l4, l 4, sick leave, zwolnienie lekarskie",
}
_WORDS = {
    "present": "ob, obecna, obecny, obecni, obecnosc, present, sp, spozn, spozniona, spozniony, spoznienie, late",
    "absent": "nb, nieob, nieobecna, nieobecny, nieobecnosc, absent, absence, abs,"
    " nieuspr, nieusprawiedliwiona, nieusprawiedliwiony, unexcused",
    "excused": "u, us, usp, uspr, usprawiedliwiona, usprawiedliwiony, usprawiedliwienie, ex, exc, excused,"
    " zw, zwol, zwolniona, zwolniony, zwolnienie, choroba, chora, chory, chorobowe, sick, ill, illness",
}
"""How a register of attendance is marked, whoever keeps it. Words may stand together: ``nieob. (uspr.)``."""
_WORD_OF = {word: code for code, words in _WORDS.items() for word in words.split(", ")}
_MARK_OF = {mark: code for code, marks in _MARKS.items() for mark in marks.split(", ")} | _WORD_OF
_MARK_OF |= dict.fromkeys((*_CROSSES - {"✗", "✘"}, *_CHECKS, "1.0", *TRUE, *TICKED), "present")
_MARK_OF |= dict.fromkeys(("0.0", *FALSE, *UNTICKED), "absent")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the cells of one column say: ``words`` in small letters → code; ``codes`` are meant as they stand.

    ``missing`` are words for nothing at all; ``comma``: 1.250,5 is a number with a decimal comma; ``marks``: they are
    those of a register of attendance. ``crossed``: ticks and crosses are left as they are, to be asked about.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    codes: Set[str] = frozenset()
    missing: Set[str] = frozenset()
    comma: bool = False
    marks: bool = False
    crossed: bool = False

    def of(self, cell: str) -> tuple[str, tuple[str, ...]]:
        """The cell as it is meant, and the ids of notes; the cell itself where nothing is known of it."""
        text, notes = clean(cell)
        if text.casefold() in self.words:
            return self.words[text.casefold()], notes
        if text in self.codes:
            return cell, ()
        if self.marks and not (self.crossed and text.casefold() in _CROSSES | _CHECKS) and (code := mark_of(text)):
            return code, notes
        if text in self.missing:
            return "", ()
        if self.comma and _GROUPED.fullmatch(text):
            return text.replace(".", ""), (*notes, "thousands")
        if self.comma and "," in text and _NUMBER.fullmatch(text):
            return re.sub(r"[ .\u00a0']", "", text).replace(",", "."), (*notes, "decimal_comma")
        return cell, ()


REGISTER = frozenset(("present", "absent"))
"""The codes of which a register of attendance has more."""


def mark_of(text: str) -> str:
    """What a mark of a register says: present, absent or excused; '' for one that nobody knows, and for two at odds."""
    sound = " ".join(_BETWEEN.split(folded(text))).strip() if len(text) > 1 else text.casefold()
    words = {_WORD_OF.get(word, "") for word in sound.split()}
    if code := _MARK_OF.get(text.casefold()) or _MARK_OF.get(sound):
        return code
    return words.pop() if len(words) == 1 else "excused" if words == {"absent", "excused"} else ""


def is_cross(text: str) -> bool:
    """Whether the mark is a cross, which says present in most registers, and absent beside ticks."""
    return text.casefold() in _CROSSES


def crossed(texts: Iterable[str]) -> bool:
    """Whether ticks and crosses stand in the same register."""
    marks = {clean(text)[0].casefold() for text in {*texts} if len(text) < 9}
    return not (_CROSSES.isdisjoint(marks) or _CHECKS.isdisjoint(marks))


def remembered(meaning: Meaning) -> Callable[[str], tuple[str, tuple[str, ...]]]:
    """``meaning.of`` that works out once what stands in many rows."""
    return functools.lru_cache(maxsize=1_000)(meaning.of)


def of_field(entry: Field, imported: Import, aliases: Mapping[str, str]) -> Meaning:
    """What the cells of a table's column mean; ``aliases`` are other names of what it refers to."""
    codes = {*entry.codes}
    return Meaning(
        words={**aliases, **_folded(imported.words.get(entry.name, {}))},
        codes=codes,
        missing={*imported.missing} - codes,
        comma=imported.decimal_comma and entry.type in ("number", "integer"),
        marks=codes >= REGISTER,
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
