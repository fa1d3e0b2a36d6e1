"""A questionnaire file becomes an Instrument, or is refused with what is wrong in it."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from evaluation.errors import BadDeclaration
from evaluation.schema import Choice, Instrument, Item, Labels
from evaluation.texts import Message
from evaluation.xlsform import lint, rules, scales
from evaluation.xlsform.sheets import YES, Form, Row, parse
from evaluation.xlsform.shorthand import expanded


def read(path: Path) -> Instrument:
    """The questionnaire in the XLSForm ``path``, Markdown or a workbook; its id is its form_id.

    The questions ``participant``, ``wave`` and ``date`` say who and when and are no items. Raises
    BadDeclaration with file and line of the first fault, and how many others there are.
    """
    return _checked(sheets_of(path)) if path.suffix == ".xlsx" else _of_text(_text(path), path.name)


@functools.lru_cache(maxsize=64)
def _of_text(text: str, name: str) -> Instrument:
    """A project reads the same files again and again, and every notebook does."""
    return _checked(parse(text, name))


def _checked(sheets: Form) -> Instrument:
    form = expanded(sheets)
    all_faults = faults(form)
    if all_faults:
        first, n = all_faults[0], len(all_faults) - 1
        raise BadDeclaration("xlsform.and_others", n=n, fault=first) if n else BadDeclaration(first.key, **first.facts)
    return _instrument(form)


def sheets_of(path: Path) -> Form:
    """The sheets of the XLSForm at ``path``. Raises BadDeclaration as ``read`` does."""
    if path.suffix == ".xlsx":
        from evaluation.xlsform import workbook

        return workbook.read(path)
    return parse(_text(path), path.name)


def faults(form: Form) -> list[Message]:
    """Every fault of the form with file and line; empty when it can be read."""
    form = expanded(form)
    return list(lint.faults(form)) or list(scales.faults(form, _items(form)))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadDeclaration("xlsform.missing_file", file=path.name, folder=path.parent) from None
    except UnicodeDecodeError:
        raise BadDeclaration("codec.not_utf8", file=path.name) from None


def _instrument(form: Form) -> Instrument:
    settings = form.rows["settings"][0]
    items = _items(form)
    key_status: Any = settings["key_status"]
    groups, headings = _groups(form)
    return Instrument(
        id=settings["form_id"],
        version=settings["version"],
        labels=_titles(form, settings),
        items=items,
        scales=scales.scales(form, items),
        validated=settings["validated"].lower() in YES,
        licence=settings["licence"],
        source=settings["source"],
        groups=groups,
        headings=headings,
        header={row["name"]: row.labels() for row in form.rows["survey"] if row["name"] in lint.HEADER},
        waves=tuple(choice for row in form.rows["survey"] if row["name"] == "wave" for choice in _choices(form, row)),
        beside=tuple(row["name"] for row in form.rows["survey"] if lint.kind_of(row)[0] in lint.BESIDE),
        key_status=key_status or "read",
        translations=_translations(settings),
        assumed=form.assumed,
    )


def _titles(form: Form, settings: Row) -> Labels:
    prefix = "title_"
    others = {name.removeprefix(prefix): cell for name, cell in settings.cells.items() if name.startswith(prefix)}
    named = lint.languages(form)[: None if "form_title" in form.assumed else 1]
    return {**dict.fromkeys(named if settings["form_title"] else (), settings["form_title"]), **others}


def _translations(settings: Row) -> dict[str, Any]:
    """Whose translation each language is, where the settings say so."""
    prefix = "translation_"
    return {name.removeprefix(prefix): cell for name, cell in settings.cells.items() if name.startswith(prefix)}


def _items(form: Form) -> tuple[Item, ...]:
    items: list[Item] = []
    within: list[str] = []
    for row in form.rows["survey"]:
        kind = lint.kind_of(row)[0]
        if kind == "begin_group":
            within.append(row["relevant"])
        elif kind == "end_group":
            within.pop()
        elif row["name"] not in lint.HEADER and kind not in lint.BESIDE:
            items.append(_item(form, row, [rule for rule in (*within, row["relevant"]) if rule]))
    return tuple(items)


def _groups(form: Form) -> tuple[dict[str, str], dict[str, Labels]]:
    """The path of groups around each question that lies in one, and the label of each group that has one."""
    paths: dict[str, str] = {}
    headings: dict[str, Labels] = {}
    within: list[str] = []
    for row in form.rows["survey"]:
        kind = lint.kind_of(row)[0]
        if kind == "begin_group":
            within.append(row["name"])
            headings |= {"/".join(within): labels} if (labels := row.labels()) else {}
        elif kind == "end_group":
            within.pop()
        elif within:
            paths[row["name"]] = "/".join(within)
    return paths, headings


def _item(form: Form, row: Row, relevant: list[str]) -> Item:
    kind, choices = lint.kind_of(row)[0], _choices(form, row)
    missing: dict[str, Any] = dict(lint.missing_of(row, [choice.name for choice in choices]))
    low, high = _ends(row, kind, [choice.name for choice in choices if choice.name not in missing])
    scored = low is not None and high is not None  # if not, _scale_faults says so with its line
    kinds: dict[str, Any] = {"kind": kind, "sensitivity": row["sensitivity"] or "sensitive"}
    return Item(
        id=row["name"],
        labels=row.labels(),
        choices=choices,
        scale=row["scale"],
        key=lint.KEYS[row["key"]] if scored else 0,
        required=row["required"].lower() in YES,
        missing=missing,
        low=low,
        high=high,
        relevant=relevant[0] if len(relevant) == 1 else " and ".join(f"({rule})" for rule in relevant),
        constraint=row["constraint"],
        alert=row["alert"],
        exclusive=rules.exclusive(row["constraint"]) if kind == "select_multiple" else (),
        hints=row.labels("hint"),
        constraint_messages=row.labels("constraint_message"),
        recordings=row.recordings(),
        **kinds,
    )


def _choices(form: Form, row: Row) -> tuple[Choice, ...]:
    listed = lint.kind_of(row)[1]
    return tuple(Choice(choice["name"], choice.labels()) for choice in form.choices(listed))


def _ends(row: Row, kind: str, answers: list[str]) -> tuple[float | None, float | None]:
    """The lowest and highest number an answer can be; None where answers are no numbers or have no end."""
    if kind in ("integer", "decimal"):
        return rules.bounds(row["constraint"], whole=kind == "integer")
    numbers = [scales.number(answer) for answer in answers] if kind == "select_one" else []
    known = [number for number in numbers if number is not None]
    return (min(known), max(known)) if known and len(known) == len(numbers) else (None, None)
