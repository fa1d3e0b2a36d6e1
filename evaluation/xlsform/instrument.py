"""A questionnaire file becomes an Instrument, or is refused with what is wrong in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args, get_type_hints

from evaluation.codec import nearest
from evaluation.errors import BadDeclaration
from evaluation.schema import Choice, Evidence, Instrument, Item, Labels, Scale
from evaluation.texts import Message
from evaluation.xlsform import lint, rules
from evaluation.xlsform.sheets import Form, Row, parse
from evaluation.xlsform.shorthand import expanded

_KINDS = get_args(get_type_hints(Evidence)["kind"])
_WORDS = {"direction": ("higher", "lower"), "transform": ("sum", "mean", "ordinal")}


def read(path: Path) -> Instrument:
    """The questionnaire in the XLSForm ``path``, Markdown or a workbook; its id is its form_id.

    The questions ``participant``, ``wave`` and ``date`` say who and when and are no items. Raises
    BadDeclaration with file and line of the first fault, and how many others there are.
    """
    form = expanded(sheets_of(path))
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
    return list(lint.faults(form)) or [*_scale_faults(form, _items(form)), *_evidence_faults(form)]


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
        header={row["name"]: row.labels() for row in form.rows["survey"] if row["name"] in lint.HEADER},
        beside=tuple(row["name"] for row in form.rows["survey"] if lint.kind_of(row)[0] in lint.BESIDE),
    )


def _titles(form: Form, settings: Row) -> Labels:
    prefix = "title_"
    others = {name.removeprefix(prefix): cell for name, cell in settings.cells.items() if name.startswith(prefix)}
    return {lint.languages(form)[0]: settings["form_title"], **others}


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


def _item(form: Form, row: Row, relevant: list[str]) -> Item:
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
        relevant=relevant[0] if len(relevant) == 1 else " and ".join(f"({rule})" for rule in relevant),
        constraint=row["constraint"],
        exclusive=rules.exclusive(row["constraint"]) if kind == "select_multiple" else (),
        hints=row.labels("hint"),
        constraint_messages=row.labels("constraint_message"),
        **kinds,
    )


def _ends(row: Row, kind: str, answers: list[str]) -> tuple[float | None, float | None]:
    """The lowest and highest number an answer can be; None where answers are no numbers or have no end."""
    if kind in ("integer", "decimal"):
        return rules.bounds(row["constraint"], whole=kind == "integer")
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
        evidence=tuple(_evidence(row) for row in published),
        **words,
    )


def _factor(row: Row) -> float:
    return float(row["factor"] or 1)


def _evidence(row: Row) -> Evidence:
    kind: Any = row["kind"]
    return Evidence(kind, float(row["value"]), row["source"], row.labels())


def _evidence_faults(form: Form) -> Iterator[Message]:
    scales = [row["name"] for row in form.rows["scales"]]
    for row in form.rows["evidence"]:
        value = _number(row["value"])
        if row["scale"] not in scales:
            missing = Message("xlsform.no_scale", scale=row["scale"], hint=nearest(row["scale"], scales))
            yield form.fault(row, missing)
        if row["kind"] not in _KINDS:
            yield form.fault(row, _not_one_of("kind", row["kind"], _KINDS))
        elif value is None or not 0 < value < (1 if row["kind"] == "reliability" else float("inf")):
            key = "xlsform.value_reliability" if row["kind"] == "reliability" else "xlsform.value_points"
            yield form.fault(row, Message(key))
        if not row["source"]:
            yield form.fault(row, Message("xlsform.no_source"))


def _scale_faults(form: Form, items: tuple[Item, ...]) -> Iterator[Message]:
    names = [row["name"] for row in form.rows["scales"]]
    lines = {row["name"]: row.line for row in form.rows["survey"]}
    for item in items:
        if item.scale and not item.key:
            yield form.fault(lines[item.id], Message("xlsform.no_ends", item=item.id))
    for row in form.rows["scales"]:
        scored = [item for item in items if item.scale == row["name"]]
        if names.count(row["name"]) > 1:
            yield form.fault(row, Message("xlsform.scale_twice", scale=row["name"]))
        faults_of_row = list(_words(row))
        if not faults_of_row and all(item.key for item in scored):
            faults_of_row = list(_range(row, scored))
        yield from (form.fault(row, fault) for fault in faults_of_row)


def _not_one_of(column: str, word: str, known: Sequence[str]) -> Message:
    return Message("xlsform.not_one_of", column=column, word=word, hint=nearest(word, known))


def _words(row: Row) -> Iterator[Message]:
    for column, known in _WORDS.items():
        if row[column] not in known:
            yield _not_one_of(column, row[column], known)
    for column in ("minimum", "maximum"):
        if _number(row[column]) is None:
            yield Message("xlsform.number", column=column)
    if row["factor"] and not (_number(row["factor"]) or 0) > 0:
        yield Message("xlsform.factor")
    if not row["minimum_answered"].isdecimal():
        yield Message("xlsform.minimum_answered")


def _range(row: Row, items: list[Item]) -> Iterator[Message]:
    """Whether the ends that the scale declares are those that its items give."""
    if not items:
        yield Message("xlsform.empty_scale", scale=row["name"])
        return
    if not 1 <= int(row["minimum_answered"]) <= len(items):
        yield Message("xlsform.minimum_range", most=len(items))
    lows, highs = [float(item.low or 0) for item in items], [float(item.high or 0) for item in items]
    if row["transform"] == "ordinal" and len(items) > 1:
        yield Message("xlsform.ordinal")
        return
    if row["transform"] != "sum" and (len(set(lows)) > 1 or len(set(highs)) > 1):
        yield Message("xlsform.mean")
        return
    plain = (sum(lows), sum(highs)) if row["transform"] == "sum" else (lows[0], highs[0])
    ends = plain[0] * _factor(row), plain[1] * _factor(row)
    if ends != (float(row["minimum"]), float(row["maximum"])):
        yield Message("xlsform.ends", low=f"{ends[0]:g}", high=f"{ends[1]:g}")
