"""A questionnaire and an attendance sheet as pages to print: self-contained, codes beside the boxes."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError

from evaluation import descriptors, filling
from evaluation.schema import Choice, Course, Declaration, Instrument, Item, Labels, text
from evaluation.texts import or_english, say, unbroken
from evaluation.xlsform import expressions

_EMPTY_ROWS = 18
_templates = functools.cache(filling.kit)
_ABOUT = ("participant", "wave", "date")


@dataclass(frozen=True, slots=True)
class Question:
    """One item as it is printed: its number, and under which condition it is asked, in words."""

    number: int
    item: Item
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A note, one question, or several that share their answers and stand in one grid."""

    questions: tuple[Question, ...] = ()
    note: Labels | None = None

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The answers that all its questions share."""
        return self.questions[0].item.choices


def questionnaire(
    instrument: Instrument, declaration: Declaration, *, language: str, large: bool, templates: Path
) -> str:
    """The questionnaire in ``language``, with boxes for who, when, how, and where the paper original lies."""
    # A question that is called as one of these stands for it.
    asked = {item.id for item in instrument.items} - {*_ABOUT}
    about = {entry.name: entry for entry in descriptors.filled_questionnaire().fields if entry.name not in asked}
    page = {
        "form": instrument,
        "waves": declaration.file.waves,
        "about": about,
        "blocks": tuple(_blocks(instrument, language, grids=not large)),
        "fictional": declaration.file.fictional,
    }
    return _rendered("questionnaire.html.j2", page, language=language, large=large, templates=templates)


def register(
    course: Course, declaration: Declaration, *, language: str, large: bool, codes: Sequence[str], templates: Path
) -> str:
    """The attendance sheet of ``course``: codes × sessions, and a column for a signature."""
    page = {
        "course": course,
        "sessions": range(1, course.sessions + 1),
        "rows": [*codes] or [""] * _EMPTY_ROWS,
        "promoter": declaration.file.promoter,
        "fictional": declaration.file.fictional,
    }
    return _rendered("register.html.j2", page, language=language, large=large, templates=templates)


def direction(language: str) -> str:
    """``rtl`` for a language that is written from right to left, else ``ltr``."""
    try:
        return "rtl" if Locale.parse(language).text_direction == "rtl" else "ltr"
    except (UnknownLocaleError, ValueError):
        return "ltr"


def _rendered(name: str, page: dict[str, Any], *, language: str, large: bool, templates: Path) -> str:
    ours = or_english(language)  # the kit's own words, in a language that it speaks
    about = {
        "language": language,
        "ours": ours,
        "direction": direction(language),
        "large": large,
        "css": (templates / "print.css").read_text(encoding="utf-8"),
        "say": lambda key, **facts: unbroken(say(f"blank_forms.{key}", ours, **facts)),
        "text": lambda labels: unbroken(text(labels, language)),
        "our_text": lambda labels: unbroken(text(labels, ours)),
    }
    return _templates(templates).get_template(name).render(about | page)


def _blocks(instrument: Instrument, language: str, *, grids: bool) -> Iterator[Block]:
    """The items in their order; neighbours with the same answers become one grid where ``grids`` are wanted."""
    asked = [item for item in instrument.items if item.id not in _ABOUT]
    numbers = {item.id: at for at, item in enumerate((item for item in asked if item.kind != "note"), 1)}

    def alike(item: Item) -> object:
        gridded = grids and item.kind == "select_one" and 1 < len(item.choices) <= 6 and not item.relevant
        return tuple((choice.name, text(choice.labels, language)) for choice in item.choices) if gridded else item.id

    def condition(item: Item) -> str:
        return _condition(item, instrument, numbers, language)

    for _, group in itertools.groupby(asked, alike):
        items = tuple(group)
        if items[0].kind == "note":
            yield Block(note=items[0].labels)
        else:
            yield Block(tuple(Question(numbers[each.id], each, condition(each)) for each in items))


def _condition(item: Item, instrument: Instrument, numbers: dict[str, int], language: str) -> str:
    """When the question is asked, in words: "only if you answered X to question 3"; "" where it always is."""
    if not item.relevant:
        return ""
    ours, rule = or_english(language), expressions.parse(item.relevant)
    met = tuple(rule.comparisons())
    if len(met) == 1 and met[0].sign in ("=", "selected") and rule.root.name == met[0].sign and met[0].item in numbers:
        choices = {choice.name: text(choice.labels, language) for choice in instrument.item(met[0].item).choices}
        answer = choices.get(met[0].literal, met[0].literal)
        return say("blank_forms.only_if", ours, answer=answer, number=str(numbers[met[0].item]))
    named = [str(numbers[name]) for name in rule.names if name in numbers]
    return say("blank_forms.depends", ours, n=len(named), questions=named)
