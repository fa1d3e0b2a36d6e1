"""What each column of a form asks for, whether the form is a table or a questionnaire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from evaluation import descriptors
from evaluation.schema import Declaration, Field, Form, Item, Labels, Table

Kind = Literal["choice", "choices", "whole", "number", "date", "yes/no", "text"]
_FIELDS: Mapping[str, Kind] = {
    "string": "text",
    "integer": "whole",
    "number": "number",
    "date": "date",
    "boolean": "yes/no",
    "yearmonth": "text",
}
_ITEMS: Mapping[str, Kind] = {
    "select_one": "choice",
    "select_multiple": "choices",
    "integer": "whole",
    "decimal": "number",
    "text": "text",
    "date": "date",
}
_ABOUT = ("participant", "wave", "date")
PEOPLE = "participants.participant"


@dataclass(frozen=True, slots=True)
class Asked:
    """One column: its name in files, its label, and what may stand in it.

    ``options`` are codes with their labels, in their order; ``states`` the codes that are no answer to a number.
    """

    name: str
    label: Labels
    kind: Kind
    hint: Labels = field(default_factory=dict)
    options: Mapping[str, Labels] = field(default_factory=dict)
    states: tuple[str, ...] = ()
    required: bool = False
    low: float | None = None
    high: float | None = None


def asked(form: Form, declaration: Declaration, *, codes: Mapping[str, Sequence[str]]) -> tuple[Asked, ...]:
    """The columns of ``form`` in their order.

    ``codes``: what is recorded already, by reference (PEOPLE: P-001, P-002); where a
    reference is not there, any text may be typed.
    """
    known = {"courses.course": [course.id for course in declaration.file.courses], **codes}
    if isinstance(form, Table):
        return tuple(_of_field(entry, declaration, known, keys=form.key) for entry in form.fields)
    items = [item for item in form.questions if item.id not in _ABOUT]
    named = {item.id for item in items}
    about = [entry for entry in descriptors.filled_questionnaire().fields if entry.name not in {*named, "form_version"}]
    who = (replace(entry, reference=PEOPLE) if entry.name == "participant" else entry for entry in about)
    return (*(_of_field(entry, declaration, known, keys=form.key) for entry in who), *map(_of_item, items))


def _of_field(
    entry: Field, declaration: Declaration, known: Mapping[str, Sequence[str]], *, keys: Sequence[str]
) -> Asked:
    kind, options = _FIELDS[entry.type], dict(entry.codes)
    if entry.name == "wave" and not options:
        options = {wave.id: wave.labels for wave in declaration.file.waves}
    if listed := known.get(entry.reference):
        options = {code: {} for code in listed}
    return Asked(
        entry.name,
        entry.title,
        "choice" if options and kind in ("text", "whole") else kind,
        options=options,
        required=entry.required or entry.name in keys,
        low=entry.minimum,
        high=entry.maximum,
    )


def _of_item(item: Item) -> Asked:
    return Asked(
        item.id,
        item.labels,
        _ITEMS[item.kind],
        hint=item.hints,
        options={choice.name: choice.labels for choice in item.choices},
        states=() if item.choices else tuple(item.missing),
        required=item.required,
        low=item.low,
        high=item.high,
    )
