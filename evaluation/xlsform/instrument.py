"""A questionnaire file becomes an Instrument, or a sentence on what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

from evaluation.codec import nearest
from evaluation.errors import BadDeclaration
from evaluation.schema import Choice, Evidence, Instrument, Item, Labels, Scale
from evaluation.xlsform import expressions, lint
from evaluation.xlsform.sheets import Form, Row, parse

_KINDS = get_args(get_type_hints(Evidence)["kind"])
_WORDS = {"direction": ("higher", "lower"), "transform": ("sum", "mean", "ordinal")}


def read(path: Path) -> Instrument:
    """The questionnaire in the Markdown XLSForm ``path``; its id is its form_id.

    The questions ``participant``, ``wave`` and ``date`` say who and when and are no items. Raises
    BadDeclaration with file and line of the first fault, and how many others there are.
    """
    form = parse(_text(path), path.name)
    found = faults(form)
    if found:
        others = f" ({len(found) - 1} more in this file.)" if len(found) > 1 else ""
        raise BadDeclaration(found[0] + others)
    return _instrument(form)


def faults(form: Form) -> list[str]:
    """Every fault of the form as a sentence with file and line; empty when it can be read."""
    return list(lint.faults(form)) or [*_scale_faults(form, _items(form)), *_evidence_faults(form)]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadDeclaration(f"{path.name} is missing in {path.parent}; put the questionnaire there.") from None
    except UnicodeDecodeError:
        raise BadDeclaration(f"{path.name} is not UTF-8 text; save it again as UTF-8.") from None


def _instrument(form: Form) -> Instrument:
    settings = form.rows["settings"][0]
    items = _items(form)
    return Instrument(
        id=settings["form_id"],
        version=settings["version"],
        labels=_titles(form, settings),
        items=items,
        scales=tuple(_scale(form, row, items) for row in form.rows["scales"]),
        validated=settings["validated"].lower() in lint.YES,
        licence=settings["licence"],
        source=settings["source"],
        groups=_groups(form),
    )


def _titles(form: Form, settings: Row) -> Labels:
    prefix = "title_"
    others = {name.removeprefix(prefix): cell for name, cell in settings.cells.items() if name.startswith(prefix)}
    return {lint.languages(form)[0]: settings["form_title"], **others}


def _items(form: Form) -> tuple[Item, ...]:
    made: list[Item] = []
    within: list[str] = []
    for row in form.rows["survey"]:
        kind = lint.kind_of(row)[0]
        if kind == "begin_group":
            within.append(row["relevant"])
        elif kind == "end_group":
            within.pop()
        elif row["name"] not in lint.HEADER:
            made.append(_item(form, row, [rule for rule in (*within, row["relevant"]) if rule]))
    return tuple(made)


def _groups(form: Form) -> dict[str, str]:
    """The path of groups around each question that lies in one."""
    paths: dict[str, str] = {}
    within: list[str] = []
    for row in form.rows["survey"]:
        kind = lint.kind_of(row)[0]
        if kind == "begin_group":
            within.append(row["name"])
        elif kind == "end_group":
            within.pop()
        elif within:
            paths[row["name"]] = "/".join(within)
    return paths


def _item(form: Form, row: Row, rules: list[str]) -> Item:
    kind, listed = lint.kind_of(row)
    choices = tuple(Choice(choice["name"], choice.labels()) for choice in form.choices(listed))
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
        required=row["required"].lower() in lint.YES,
        missing=missing,
        low=low,
        high=high,
        relevant=rules[0] if len(rules) == 1 else " and ".join(f"({rule})" for rule in rules),
        constraint=row["constraint"],
        exclusive=expressions.exclusive(row["constraint"]) if kind == "select_multiple" else (),
        **kinds,
    )


def _ends(row: Row, kind: str, answers: list[str]) -> tuple[float | None, float | None]:
    """The lowest and highest number an answer can be; None where answers are no numbers or have no end."""
    if kind in ("integer", "decimal"):
        return expressions.bounds(row["constraint"], whole=kind == "integer")
    numbers = [_number(answer) for answer in answers] if kind == "select_one" else []
    known = [number for number in numbers if number is not None]
    return (min(known), max(known)) if known and len(known) == len(numbers) else (None, None)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _scale(form: Form, row: Row, items: tuple[Item, ...]) -> Scale:
    words: dict[str, Any] = {name: row[name] for name in _WORDS}
    published = (one for one in form.rows["evidence"] if one["scale"] == row["name"])
    return Scale(
        id=row["name"],
        labels=row.labels(),
        minimum=float(row["minimum"]),
        maximum=float(row["maximum"]),
        minimum_answered=int(row["minimum_answered"]),
        items=tuple(item.id for item in items if item.scale == row["name"]),
        factor=_factor(row),
        evidence=tuple(_evidence(one) for one in published),
        **words,
    )


def _factor(row: Row) -> float:
    return float(row["factor"] or 1)


def _evidence(row: Row) -> Evidence:
    kind: Any = row["kind"]
    return Evidence(kind, float(row["value"]), row["source"], row.labels())


def _evidence_faults(form: Form) -> Iterator[str]:
    scales = [row["name"] for row in form.rows["scales"]]
    for row in form.rows["evidence"]:
        value = _number(row["value"])
        if row["scale"] not in scales:
            yield form.fault(row, f"there is no scale '{row['scale']}'{nearest(row['scale'], scales)}")
        if row["kind"] not in _KINDS:
            yield form.fault(row, f"kind cannot be '{row['kind']}'{nearest(row['kind'], _KINDS)}")
        elif value is None or not 0 < value < (1 if row["kind"] == "reliability" else float("inf")):
            ends = "between 0 and 1" if row["kind"] == "reliability" else "of points above 0"
            yield form.fault(row, f"value needs a number {ends}.")
        if not row["source"]:
            yield form.fault(row, "published evidence needs its source; add it.")


def _scale_faults(form: Form, items: tuple[Item, ...]) -> Iterator[str]:
    names = [row["name"] for row in form.rows["scales"]]
    lines = {row["name"]: row.line for row in form.rows["survey"]}
    for item in items:
        if item.scale and not item.key:
            sentence = f"'{item.id}' is scored but its codes (or its constraint) give no lowest and highest number."
            yield form.fault(lines[item.id], sentence)
    for row in form.rows["scales"]:
        own = [item for item in items if item.scale == row["name"]]
        if names.count(row["name"]) > 1:
            yield form.fault(row, f"the scale '{row['name']}' is there twice; keep one.")
        sentences = list(_words(row))
        if not sentences and all(item.key for item in own):
            sentences = list(_range(row, own))
        yield from (form.fault(row, sentence) for sentence in sentences)


def _words(row: Row) -> Iterator[str]:
    for column, known in _WORDS.items():
        if row[column] not in known:
            yield f"{column} cannot be '{row[column]}'{nearest(row[column], known)}"
    for column in ("minimum", "maximum"):
        if _number(row[column]) is None:
            yield f"{column} needs a number."
    if row["factor"] and not (_number(row["factor"]) or 0) > 0:
        yield "factor needs a number above 0; leave it out where points are the plain sum or mean."
    if not row["minimum_answered"].isdecimal():
        yield "minimum_answered needs a whole number."


def _range(row: Row, own: list[Item]) -> Iterator[str]:
    """Whether the ends that the scale declares are those that its items give."""
    if not own:
        yield f"no question belongs to the scale '{row['name']}'; remove it or name it in a question."
        return
    if not 1 <= int(row["minimum_answered"]) <= len(own):
        yield f"minimum_answered must lie between 1 and {len(own)}, the number of questions."
    lows, highs = [float(item.low or 0) for item in own], [float(item.high or 0) for item in own]
    if row["transform"] == "ordinal" and len(own) > 1:
        yield "an ordinal scale has one question, because levels are never added up; make one scale for each."
        return
    if row["transform"] != "sum" and (len(set(lows)) > 1 or len(set(highs)) > 1):
        yield "the questions of a mean must have the same lowest and highest code."
        return
    plain = (sum(lows), sum(highs)) if row["transform"] == "sum" else (lows[0], highs[0])
    ends = plain[0] * _factor(row), plain[1] * _factor(row)
    if ends != (float(row["minimum"]), float(row["maximum"])):
        yield f"minimum and maximum must be {ends[0]:g} and {ends[1]:g}, the ends that its questions give."
