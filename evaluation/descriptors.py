"""The table schemas and code lists of data_schema/ become Table objects and labels."""

from __future__ import annotations

import csv
import functools
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, get_args

from evaluation.codec import nearest
from evaluation.errors import BadDeclaration
from evaluation.resources import folder
from evaluation.schema import Field, Labels, Sensitivity, Table
from evaluation.texts import LANGUAGES

TYPES = ("string", "integer", "number", "date", "yearmonth", "boolean")


def tables() -> dict[str, Table]:
    """Every table of data_schema/tables by its name."""
    return dict(_tables())


@functools.cache
def filled_questionnaire() -> Table:
    """What every filled questionnaire says besides its answers: who, when, and how it came about."""
    return _read(folder("data_schema") / "filled_questionnaire.json")


ALERTS = "(alerts)"


@functools.cache
def alerts() -> Table:
    """The answers that needed attention, as the record keeps them; no file is read into it."""
    return _read(folder("data_schema") / "alerts.json")


def about_answers(*, beside: Collection[str] = ()) -> tuple[Field, ...]:
    """What a filled questionnaire may say of how it came about, and may as well leave out.

    An item that is called so, among those that it is said ``beside``, stands for it.
    """
    return tuple(field for field in filled_questionnaire().fields if field.optional and field.name not in beside)


def codes(name: str) -> dict[str, Labels]:
    """The code list ``name`` of data_schema/codes: each code with its labels, in the order of the file.

    Raises BadDeclaration when there is no such list.
    """
    return dict(_codes(name))


@functools.cache
def _codes(name: str) -> Mapping[str, Labels]:
    return {
        row["code"]: {language: label for language, label in row.items() if language in LANGUAGES and label}
        for row in _rows(name)
    }


def _also(name: str) -> dict[str, tuple[str, ...]]:
    """Other names of the codes of a list, where data_schema/words knows some: ``NL Holandia | Holland``."""
    path = folder("data_schema") / "words" / f"{name}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    named = (line.split(" ", 1) for line in lines if not line.startswith("#"))
    return {code: tuple(names.split(" | ")) for code, names in named}


def recode(name: str, column: str) -> dict[str, str]:
    """From each code of the list ``name`` to its ``column``: ``recode("countries", "continent")["VN"]``.

    Raises BadDeclaration when the list or the column does not exist.
    """
    rows = _rows(name)
    if column not in rows[0]:
        raise BadDeclaration("schema.code_column", list=name, column=column, hint=nearest(column, list(rows[0])))
    return {row["code"]: row[column] for row in rows}


def read(descriptor: Mapping[str, Any], *, file: str = "") -> Table:
    """A Frictionless Table Schema, with our ``sensitivity``, ``codes``, ``optional`` and Polish texts, as a Table.

    ``codes`` is the name of a code list, or the codes themselves with their labels. ``file`` is what
    errors call it. Raises BadDeclaration for a missing or unknown property value.
    """
    name = file or str(descriptor.get("name", "table"))
    try:
        references = _references(descriptor)
        fields = tuple(_field(field, references.get(field["name"], ""), name) for field in descriptor["fields"])
        return Table(
            str(descriptor["name"]), _labels(descriptor), fields, tuple(descriptor["primaryKey"]), _about(descriptor)
        )
    except KeyError as error:
        raise BadDeclaration("schema.property", file=name, property=str(error)) from None


@functools.cache
def _tables() -> Mapping[str, Table]:
    return {path.stem: _read(path) for path in sorted((folder("data_schema") / "tables").glob("*.json"))}


def _read(path: Path) -> Table:
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise BadDeclaration("schema.not_json", file=path.name) from None
    return read(descriptor, file=path.name)


@functools.cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    lists = {path.stem: path for path in (folder("data_schema") / "codes").glob("*.csv")}
    if name not in lists:
        raise BadDeclaration("schema.no_code_list", name=name, hint=nearest(name, list(lists)))
    # csv, not pandas: to pandas the code of Namibia, NA, is a missing value.
    with lists[name].open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines, strict=True))


def _labels(thing: Mapping[str, Any]) -> Labels:
    return {"en": thing["title"], **_others(thing, "title")}


def _about(thing: Mapping[str, Any]) -> Labels:
    return {"en": thing["description"], **_others(thing, "description")} if "description" in thing else {}


def _others(thing: Mapping[str, Any], name: str) -> Labels:
    return {key[len(name) + 1 :]: text for key, text in thing.items() if key.startswith(f"{name}_")}


def _references(descriptor: Mapping[str, Any]) -> dict[str, str]:
    keys = ((key["fields"], key["reference"]) for key in descriptor.get("foreignKeys", ()))
    return {fields[0]: f"{there['resource']}.{there['fields'][0]}" for fields, there in keys if len(fields) == 1}


def _field(field: Mapping[str, Any], reference: str, name: str) -> Field:
    for key, known in (("type", TYPES), ("sensitivity", get_args(Sensitivity))):
        if field[key] not in known:
            facts = {"file": name, "property": key, "field": field["name"], "word": field[key]}
            raise BadDeclaration("schema.field", hint=nearest(field[key], known), **facts)
    if field["sensitivity"] == "identifying":
        raise BadDeclaration("schema.identifying", file=name, field=field["name"])
    limits, listed = field.get("constraints", {}), field.get("codes", {})
    return Field(
        name=field["name"],
        type=field["type"],
        title=_labels(field),
        sensitivity=field["sensitivity"],
        required=bool(limits.get("required", False)),
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        pattern=limits.get("pattern", ""),
        codes=codes(listed) if isinstance(listed, str) else listed,
        also=_also(listed) if isinstance(listed, str) else {},
        reference=reference,
        optional=bool(field.get("optional", False)),
        hints=_about(field),
    )
