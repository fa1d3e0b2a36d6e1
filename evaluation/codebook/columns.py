"""One shape for the columns of tables and of filled questionnaires: names, labels, codes, scales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evaluation import descriptors
from evaluation.schema import Declaration, Field, Form, Instrument, Item, Labels, Sensitivity, Table, Wave


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table or filled questionnaire, and what it admits.

    ``kind``: a type of the table schema or the kind of a question. ``codes``: each permitted code with its
    labels; ``missing``: the codes that are no answer, with the state they stand for. ``key``: + or − where an
    item counts towards a ``scale``. ``rules``: what the form asks and allows, as its author wrote it.
    """

    name: str
    labels: Labels
    kind: str
    sensitivity: Sensitivity
    required: bool = False
    codes: Mapping[str, Labels] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    pattern: str = ""
    reference: str = ""
    scale: str = ""
    key: str = ""
    rules: tuple[str, ...] = ()

    @property
    def number(self) -> bool:
        """Whether its cells are numbers."""
        return self.kind in ("integer", "number", "decimal")


def columns_of(form: Form, waves: Sequence[Wave]) -> tuple[Column, ...]:
    """The columns of a table, or of a filled questionnaire: who, when, how it came about, then its items."""
    if isinstance(form, Table):
        return tuple(_of_field(entry, waves, form.key) for entry in form.fields)
    items = form.questions
    own = {item.id for item in items}
    filled = descriptors.filled_questionnaire()
    about = [entry for entry in filled.fields if entry.name not in own]
    return (*(_of_field(entry, waves, filled.key) for entry in about), *(_of_item(item, form) for item in items))


def forms_of(declaration: Declaration) -> tuple[Form, ...]:
    """Every table and questionnaire of the project, in the order in which they are told."""
    return (*declaration.tables.values(), *declaration.instruments.values())


def title_of(form: Form) -> Labels:
    return form.labels if isinstance(form, Instrument) else form.title


def _of_field(entry: Field, waves: Sequence[Wave], key: Sequence[str]) -> Column:
    codes = {wave.id: wave.labels for wave in waves} if entry.name == "wave" else entry.codes
    return Column(
        entry.name,
        entry.title,
        entry.type,
        entry.sensitivity,
        required=entry.required or entry.name in key,
        codes=codes,
        low=entry.minimum,
        high=entry.maximum,
        pattern=entry.pattern,
        reference=entry.reference,
    )


def _of_item(item: Item, form: Instrument) -> Column:
    scored = next((scale.id for scale in form.scales if item.id in scale.items), "")
    rules = (("relevant", item.relevant), ("constraint", item.constraint))
    return Column(
        item.id,
        item.labels,
        item.kind,
        item.sensitivity,
        required=item.required,
        codes={choice.name: choice.labels for choice in item.choices},
        missing=item.missing,
        low=None if item.choices else item.low,
        high=None if item.choices else item.high,
        scale=scored,
        key={1: "+", -1: "-"}.get(item.key, "") if scored else "",
        rules=tuple(f"{name}: {rule}" for name, rule in rules if rule),
    )
