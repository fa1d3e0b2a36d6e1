"""The scales of a form: how points are made of answers, what was published about them, and what is wrong there."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, get_args, get_type_hints

from evaluation.codec import nearest
from evaluation.errors import BadDeclaration
from evaluation.rounding import rounded
from evaluation.schema import GOALS_ALIKE, STATE_WORDS, Choice, Evidence, Item, Lookup, Scale
from evaluation.texts import Message
from evaluation.texts.folding import folded
from evaluation.xlsform import expressions
from evaluation.xlsform.sheets import Form, Row

_KINDS = get_args(get_type_hints(Evidence)["kind"])
_STATUSES = get_args(get_type_hints(Evidence)["status"])
_WORDS = {"direction": ("higher", "lower"), "transform": get_args(get_type_hints(Scale)["transform"])}


def scales(form: Form, items: Sequence[Item]) -> tuple[Scale, ...]:
    """The scales of a form without faults."""
    return tuple(_scale(form, row, items) for row in form.rows["scales"])


def named(scale: str) -> tuple[str, ...]:
    """The scales that a question counts towards: the words of its cell."""
    return tuple(scale.split())


def _scale(form: Form, row: Row, items: Sequence[Item]) -> Scale:
    words: dict[str, Any] = {name: row[name] for name in _WORDS}
    own = tuple(item.id for item in items if row["name"] in named(item.scale))
    weights = {item["name"]: item["weight"] for item in form.rows["survey"]}
    return Scale(
        id=row["name"],
        labels=row.labels(),
        minimum=float(row["minimum"]),
        maximum=float(row["maximum"]),
        minimum_answered=int(row["minimum_answered"]),
        items=own,
        factor=_factor(row),
        evidence=tuple(_evidence(one) for one in form.rows["evidence"] if one["scale"] == row["name"]),
        gate=row["gate"],
        lookup=tuple(Lookup(one["when"], tuple(_points(one) or ())) for one in _lookups(form, row)),
        weights=tuple(weights[name] for name in own) if any(weights[name] for name in own) else (),
        **words,
    )


def _factor(row: Row) -> float:
    return float(row["factor"] or 1)


def _lookups(form: Form, scale: Row) -> list[Row]:
    return [row for row in form.rows["lookup"] if row["scale"] == scale["name"]]


def _points(row: Row) -> list[float] | None:
    """The points of each sum from the lowest on, or None where one of them is no number."""
    numbers = [number(word) for word in row["points"].split()]
    known = [each for each in numbers if each is not None]
    return known if len(known) == len(numbers) else None


def _evidence(row: Row) -> Evidence:
    kind: Any = row["kind"]
    status: Any = row["status"] or "read"
    return Evidence(kind, float(row["value"]), row["source"], row.labels(), status)


def number(text: str) -> float | None:
    """The text as a number that is finite; None where it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


# --- faults -----------------------------------------------------------------------------------


def faults(form: Form, items: Sequence[Item]) -> Iterator[Message]:
    """Every fault of the sheets scales, lookup and evidence, with its place."""
    names = [row["name"] for row in form.rows["scales"]]
    lines = {row["name"]: row for row in form.rows["survey"]}
    for item in items:
        if item.scale and not item.key:
            yield form.fault(lines[item.id], Message("xlsform.no_ends", item=item.id))
        yield from (form.fault(lines[item.id], said) for said in (_no_answers(item) if item.scale else ()))
    for row in form.rows["scales"]:
        scored = [item for item in items if row["name"] in named(item.scale)]
        if names.count(row["name"]) > 1:
            yield form.fault(row, Message("xlsform.scale_twice", scale=row["name"]))
        said = [*_words(row), *_rule("gate", row["gate"], items)]
        if not said and all(item.key for item in scored):
            said = list(_range(form, row, scored))
        yield from (form.fault(row, fault) for fault in said)
    told: set[tuple[str, str]] = set()
    for row in form.rows["lookup"]:
        said = [*_known(row, names), *_rule("when", row["when"], items), *_table(row)]
        said += _length(form, row, items) if not said else []
        said += [Message("xlsform.lookup_twice")] if (row["scale"], row["when"]) in told else []
        told.add((row["scale"], row["when"]))
        yield from (form.fault(row, fault) for fault in said)
    for row in form.rows["evidence"]:
        said = [*_known(row, names), *_published(row)]
        yield from (form.fault(row, fault) for fault in said or _on_scale(form, row))


def _no_answers(item: Item) -> Iterator[Message]:
    """Choices of a scored question that are no answer by their label, and would be counted as points.

    "I do not know" may be worth the fewest points, as in a test of knowledge, or stand in the middle; not the most.
    """
    for choice in item.choices:
        words = map(folded, choice.labels.values())
        state = next((STATE_WORDS[word] for word in words if word in STATE_WORDS), "")
        counted = state != "unknown" or number(choice.name) == item.high
        if state and counted and choice.name not in item.missing:
            yield Message("xlsform.counted", code=choice.name, state=state)


def _known(row: Row, scales: Sequence[str]) -> Iterator[Message]:
    if row["scale"] not in scales:
        yield Message("xlsform.no_scale", scale=row["scale"], hint=nearest(row["scale"], scales))


def _not_one_of(column: str, word: str, known: Sequence[str]) -> Message:
    return Message("xlsform.not_one_of", column=column, word=word, hint=nearest(word, known))


def _published(row: Row) -> Iterator[Message]:
    value = number(row["value"])
    if row["kind"] not in _KINDS:
        yield _not_one_of("kind", row["kind"], _KINDS)
    elif value is None or not (row["kind"] == "cut" or 0 < value < (1 if row["kind"] == "reliability" else math.inf)):
        yield Message("xlsform.value_reliability" if row["kind"] == "reliability" else "xlsform.value_points")
    if row["status"] and row["status"] not in _STATUSES:
        yield _not_one_of("status", row["status"], _STATUSES)
    if not row["source"]:
        yield Message("xlsform.no_source")


def _words(row: Row) -> Iterator[Message]:
    for column, known in _WORDS.items():
        if row[column] not in known:
            yield _not_one_of(column, row[column], known)
    for column in ("minimum", "maximum"):
        if number(row[column]) is None:
            yield Message("xlsform.number", column=column)
    if row["factor"] and not (number(row["factor"]) or 0) > 0:
        yield Message("xlsform.factor")
    if not row["minimum_answered"].isdecimal():
        yield Message("xlsform.minimum_answered")


def _rule(column: str, source: str, items: Sequence[Item]) -> Iterator[Message]:
    """What is wrong with a rule of a scale: it looks at answers of the form, and at nothing else."""
    if not source:
        return
    try:
        rule = expressions.parse(source)
    except BadDeclaration as error:
        yield Message("xlsform.rule", column=column, fault=error.message)
        return
    known = {item.id: [choice.name for choice in item.choices] for item in items}
    own = any((part.kind, part.name) in (("item", "."), ("call", "today")) for part in rule.root.parts())
    if own or not rule.names:
        yield Message("xlsform.rule", column=column, fault=Message("xlsform.scale_rule"))
    for name in rule.names:
        if name not in known:
            missing = Message("xlsform.expression.item", name=name, hint=nearest(name, list(known)))
            yield Message("xlsform.rule", column=column, fault=missing)
    for met in rule.comparisons():
        codes = known.get(met.item)
        if codes and met.literal not in codes:
            facts = {"code": met.literal, "question": f"{met.item}", "hint": nearest(met.literal, codes)}
            yield Message("xlsform.rule", column=column, fault=Message("xlsform.expression.code", **facts))


def _table(row: Row) -> Iterator[Message]:
    points = _points(row)
    if not row["when"]:
        yield Message("xlsform.lookup_when")
    if not points or sorted(set(points)) != points:
        yield Message("xlsform.lookup_points")


def _length(form: Form, row: Row, items: Sequence[Item]) -> Iterator[Message]:
    """Whether a table has a point for each sum that the questions of its scale can give."""
    scored = [item for item in items if row["scale"] in named(item.scale)]
    sums = sum(int(item.high or 0) - int(item.low or 0) for item in scored) + 1
    lookup = any((scale["name"], scale["transform"]) == (row["scale"], "lookup") for scale in form.rows["scales"])
    if lookup and len(_points(row) or ()) != sums:
        yield Message("xlsform.lookup_length", n=sums)


def _on_scale(form: Form, row: Row) -> Iterator[Message]:
    """Whether a published score lies on its scale, and a published step within it."""
    scale = next(scale for scale in form.rows["scales"] if scale["name"] == row["scale"])
    low, high = number(scale["minimum"]), number(scale["maximum"])
    if low is None or high is None or row["kind"] == "reliability":
        return
    ends = (low, high) if row["kind"] == "cut" else (0.0, high - low)
    if not ends[0] <= float(row["value"]) <= ends[1]:
        yield Message("xlsform.off_scale", value=row["value"], low=f"{ends[0]:g}", high=f"{ends[1]:g}")


def _range(form: Form, row: Row, items: Sequence[Item]) -> Iterator[Message]:
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
    alike = len(set(lows)) == len(set(highs)) == 1
    if row["transform"] in ("mean", "ordinal") and not alike:
        yield Message("xlsform.mean")
        return
    if row["transform"] == "sum" and not alike and int(row["minimum_answered"]) < len(items):
        yield Message("xlsform.sum_prorated", n=len(items))
    if row["transform"] == "goal_attainment" and {*zip(lows, highs, strict=True)} != {(-2.0, 2.0)}:
        yield Message("xlsform.goals")
        return
    if row["transform"] == "lookup":
        yield from _looked_up(_lookups(form, row), row, items)
    ends = _ends(form, row, lows, highs)
    if ends and ends != (float(row["minimum"]), float(row["maximum"])):
        yield Message("xlsform.ends", low=f"{ends[0]:g}", high=f"{ends[1]:g}")


def _looked_up(tables: Sequence[Row], row: Row, items: Sequence[Item]) -> Iterator[Message]:
    if not tables:
        yield Message("xlsform.lookup_none", scale=row["name"])
    if int(row["minimum_answered"]) != len(items):
        yield Message("xlsform.lookup_complete", n=len(items))
    parted = [item.id for item in items if item.kind == "decimal" or any(map(_parted, item.choices))]
    if parted:
        yield Message("xlsform.lookup_whole", item=parted[0])


def _parted(choice: Choice) -> bool:
    return (number(choice.name) or 0) % 1 != 0


def _ends(form: Form, row: Row, lows: Sequence[float], highs: Sequence[float]) -> tuple[float, float] | None:
    """The lowest and highest points that there can be; None where a table lacks them."""
    if row["transform"] == "lookup":
        tables = [_points(table) for table in _lookups(form, row)]
        points = [each for table in tables for each in table or ()] if all(tables) else []
        return (min(points) * _factor(row), max(points) * _factor(row)) if points else None
    if row["transform"] == "goal_attainment":
        reach = 20 * len(lows) / math.sqrt((1 - GOALS_ALIKE) * len(lows) + GOALS_ALIKE * len(lows) ** 2)
        return float(rounded(50 - reach, 2)), float(rounded(50 + reach, 2))
    low, high = (sum(lows), sum(highs)) if row["transform"] == "sum" else (lows[0], highs[0])
    return low * _factor(row), high * _factor(row)
