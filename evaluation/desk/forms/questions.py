"""What a page asks: one shape for the items of a questionnaire and the columns of a table."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from evaluation import descriptors, schema
from evaluation.collect.files.sheet import Row, Sheet
from evaluation.collect.record.entries import new_id
from evaluation.desk.forms import days
from evaluation.schema import Choice, Field, Instrument, Item, Labels, Table
from evaluation.texts import LANGUAGES, Message, in_all

Kind = Literal["one", "list", "many", "number", "line", "text", "date", "note"]

_FEW = 8
"""So many options stand side by side; of more, one is picked from a list."""

_ITEM_KINDS: Mapping[str, Kind] = {
    "select_one": "one",
    "select_multiple": "many",
    "integer": "number",
    "decimal": "number",
    "text": "text",
    "date": "date",
    "note": "note",
}
_FIELD_KINDS: Mapping[str, Kind] = {
    "integer": "number",
    "number": "number",
    "date": "date",
    "yearmonth": "line",
    "boolean": "one",
    "string": "line",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be ticked; ``aside`` is none of the scale: refused, not known, does not apply.

    ``alone``: nothing else can be ticked beside it.
    """

    code: str
    labels: Labels
    aside: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and how. ``relevant`` is the rule that opens it; empty: always asked.

    ``group`` is the path of the form's groups that it lies in, ``headings`` their labels from the outermost on.
    ``refusal``: the code of a refusal; empty where nothing can be refused. ``recordings``: the parts of the address
    at which it is read aloud, by language.
    """

    name: str
    kind: Kind
    labels: Labels
    options: tuple[Option, ...] = ()
    hints: Labels = field(default_factory=dict)
    required: bool = False
    relevant: str = ""
    whole: bool = False
    group: str = ""
    headings: tuple[Labels, ...] = ()
    refusal: str = ""
    recordings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def cell(self, typed: str) -> str:
        """What was typed as a cell of a sheet: a day as ISO date; what cannot be read stays as it is."""
        day = days.read(typed) if self.kind == "date" else None
        return day.isoformat() if day else typed.strip()

    def typed(self, cell: object) -> str:
        """A stored cell as it would be typed."""
        if cell is None:
            return ""
        if isinstance(cell, bool):
            return str(cell).lower()
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        return days.shown(cell) if self.kind == "date" else str(cell)


def of_item(item: Item, instrument: Instrument, refusals: Labels) -> Question:
    """The question of a questionnaire's item; a refusal is on offer whether the form has a code for it or not."""
    options = tuple(_option(choice, item) for choice in item.choices)
    options += tuple(
        Option(code, refusals if state == "refused" else in_all(Message(f"desk.state.{state}")), True, True)
        for code, state in _spare(item)
    )
    group = instrument.groups.get(item.id, "")
    return Question(
        item.id,
        _ITEM_KINDS[item.kind],
        item.labels,
        options,
        hints=item.hints,
        required=item.required,
        relevant=item.relevant,
        whole=item.kind == "integer",
        group=group,
        headings=_headings(group, instrument),
        refusal=item.refusal,
        recordings={language: ("recording", instrument.id, item.id, language) for language in item.recordings},
    )


def _headings(group: str, instrument: Instrument) -> tuple[Labels, ...]:
    names = group.split("/") if group else []
    paths = ("/".join(names[: at + 1]) for at in range(len(names)))
    return tuple(instrument.headings[path] for path in paths if path in instrument.headings)


def _refusals(instrument: Instrument) -> Labels:
    """How a refusal is called: as the form calls it elsewhere, in its languages, or else by the pages' own words."""
    own = in_all(Message("desk.state.refused"))
    for item in instrument.items:
        for choice in item.choices:
            if choice.name == item.refusal:
                return {**own, **choice.labels}
    return own


def of_table(
    table: Table, *, known: Mapping[str, Iterable[tuple[str, Labels]]], without: Iterable[str] = ()
) -> tuple[Question, ...]:
    """The questions of a table's columns. ``known``: what a column that names something else can be."""
    left_out = set(without)
    return tuple(_of_field(each, known) for each in table.fields if each.name not in left_out)


def of_instrument(instrument: Instrument) -> tuple[Question, ...]:
    """The questions of a questionnaire: its day, how it came about, and its items."""
    items = {item.id for item in instrument.items}
    about = tuple(_of_field(each, {}) for each in descriptors.about_answers() if each.name not in items)
    day = Question("date", "date", in_all(Message("desk.form.day")), required=True)
    refusals = _refusals(instrument)
    return (day, *about, *(of_item(item, instrument, refusals) for item in instrument.items if item.id != "date"))


def sheet(questions: Iterable[Question], typed: Mapping[str, str], *, fixed: Mapping[str, str] | None = None) -> Sheet:
    """What was typed as a sheet of one row, for the one door to the record; ``fixed``: cells that nobody types."""
    cells = {**(fixed or {})} | {
        each.name: each.cell(typed.get(each.name, "")) for each in questions if each.kind != "note"
    }
    return Sheet("page", tuple(cells), (Row(1, tuple(cells.values())),))


def said(question: Question, value: str) -> Labels:
    """An answer in words: the labels of what was ticked, or what was typed."""
    labels = {option.code: option.labels for option in question.options}
    codes = value.split() if question.kind == "many" else [value]
    known = [labels.get(code, as_labels(code)) for code in codes]
    spoken = dict.fromkeys(language for each in known for language in each)
    return {language: ", ".join(schema.text(each, language) for each in known) for language in spoken}


def as_id(text: str) -> str:
    """The submission id that a page sent, or a new one where it is none."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return new_id()


def _spare(item: Item) -> list[tuple[str, str]]:
    """The codes that are no answer and stand in no list of choices."""
    listed = {choice.name for choice in item.choices}
    return [(code, state) for code, state in item.missing.items() if state != "answered" and code not in listed]


def _option(choice: Choice, item: Item) -> Option:
    aside = choice.name in item.missing
    return Option(choice.name, choice.labels, aside, aside or choice.name in item.exclusive)


def _of_field(each: Field, known: Mapping[str, Iterable[tuple[str, Labels]]]) -> Question:
    listed = known[each.name] if each.name in known else each.codes.items()
    if each.type == "boolean":
        listed = [(code, in_all(Message(f"desk.{code}"))) for code in ("true", "false")]
    options = tuple(Option(code, labels) for code, labels in listed)
    kind = _FIELD_KINDS[each.type]
    if options:
        kind = "one" if len(options) <= _FEW else "list"
    whole = each.type == "integer"
    return Question(each.name, kind, each.title, options, each.hints, required=each.required, whole=whole)


def as_labels(text: str) -> Labels:
    """A text that is the same in every language."""
    return dict.fromkeys(LANGUAGES, text)
