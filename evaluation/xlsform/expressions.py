"""XLSForm expressions, which decide what is asked and allowed: read into a tree, and evaluated."""

from __future__ import annotations

import datetime as dt
import functools
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from evaluation.codec import nearest
from evaluation.errors import BadDeclaration

FUNCTIONS: Mapping[str, int] = {
    **dict.fromkeys(("true", "false", "today"), 0),
    **dict.fromkeys(("not", "count-selected", "date"), 1),
    "selected": 2,
}
"""The functions that skip logic and constraints may use, with the number of their arguments."""

_TOKEN = re.compile(
    r"""\$\{(?P<item>[^}]*)\}|'(?P<single>[^']*)'|"(?P<double>[^"]*)"|(?P<number>\d+(?:\.\d+)?)"""
    r"""|(?P<compare>!=|<=|>=|=|<|>)|(?P<word>[A-Za-z_][\w.:-]*)|(?P<sign>[().,-])|(?P<other>\S)""",
    re.ASCII,
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
ORDER: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

Answers = Mapping[str, str | None]
Value = str | float | bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """``item`` stands to a written ``literal`` as ``sign`` (or ``selected``) says."""

    item: str
    sign: str
    literal: str


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression: an item (``.`` is the question itself), a written text or number, or a call.

    ``name`` is the item's name, the text or number as written, or the function or operator that is called.
    """

    kind: Literal["item", "text", "number", "call"]
    name: str
    arguments: tuple[Node, ...] = ()

    def parts(self) -> Iterator[Node]:
        """The node and all below it, in the order they are written."""
        yield self
        for argument in self.arguments:
            yield from argument.parts()

    def comparison(self) -> Comparison | None:
        """How the part itself compares an item with a written value, if it does."""
        if len(self.arguments) == 2 and (self.name == "selected" or self.name in ("=", "!=", *ORDER)):
            left, right = self.arguments
            if left.kind == "item" and right.kind in ("text", "number"):
                return Comparison(left.name, self.name, right.name)
            if right.kind == "item" and left.kind in ("text", "number"):
                return Comparison(right.name, _MIRROR.get(self.name, self.name), left.name)
        return None


@dataclass(frozen=True, slots=True)
class Expression:
    """A rule of a form, read."""

    root: Node

    @property
    def names(self) -> tuple[str, ...]:
        """The other items it looks at (``${name}``)."""
        return tuple(dict.fromkeys(part.name for part in self.root.parts() if part.kind == "item" and part.name != "."))

    def holds(self, answers: Answers, *, own: str | None = None, today: dt.date) -> bool:
        """Whether it is true. An empty answer is ``''``, and no number: comparisons with < and > fail."""
        return _truth(_value(self.root, {**answers, ".": own}, today))

    def comparisons(self) -> Iterator[Comparison]:
        """Every place where an item meets a written value: ``${a} = 1``, ``1 < .``, ``selected(${a}, 'x')``."""
        return filter(None, (part.comparison() for part in self.root.parts()))


# --- reading ------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=1024)
def parse(source: str) -> Expression:
    """``source`` as an expression.

    Known: ``${item}``, ``.``, 'text', numbers, = != < <= > >=, and, or, brackets and FUNCTIONS. Raises
    BadDeclaration that names what is unknown.
    """
    reader = _Reader(source)
    root = reader.either()
    if reader.peek()[0] != "end":
        raise reader.misplaced()
    return Expression(root)


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(source):
        kind = str(match.lastgroup)
        if kind == "other":
            raise BadDeclaration("xlsform.expression.sign", sign=match[kind])
        yield ("text" if kind in ("single", "double") else kind), match[kind].strip() if kind == "item" else match[kind]
    yield "end", ""


class _Reader:
    """Recursive descent; its state is the position in the list of tokens."""

    def __init__(self, source: str) -> None:
        self.tokens, self.position = list(_tokens(source)), 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.position]

    def take(self, kind: str, *wanted: str) -> str | None:
        next_kind, text = self.peek()
        if next_kind != kind or text not in wanted:
            return None
        self.position += 1
        return text

    def misplaced(self) -> BadDeclaration:
        kind, text = self.peek()
        if (kind, text) == ("sign", ")"):
            return BadDeclaration("xlsform.expression.brackets")
        key = "xlsform.expression.misplaced" if text else "xlsform.expression.end"
        return BadDeclaration(key, token=text)

    def need(self, sign: str) -> None:
        if self.take("sign", sign) is None:
            raise BadDeclaration("xlsform.expression.brackets") if self.peek()[0] == "end" else self.misplaced()

    def either(self) -> Node:
        return self.chain("or", lambda: self.chain("and", self.comparison))

    def chain(self, word: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self.take("word", word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Node("call", word, tuple(parts))

    def comparison(self) -> Node:
        left = self.value()
        sign = self.take("compare", "=", "!=", *ORDER)
        return Node("call", sign, (left, self.value())) if sign else left

    def value(self) -> Node:
        kind, text = self.peek()
        if kind == "word":
            self.position += 1
            return self.function(text)
        if kind in ("item", "text", "number") or (kind, text) == ("sign", "."):
            self.position += 1
            return Node("item" if kind == "sign" else kind, text)  # type: ignore[arg-type]
        if self.take("sign", "-") and self.peek()[0] == "number":
            self.position += 1
            return Node("number", f"-{self.tokens[self.position - 1][1]}")
        if self.take("sign", "("):
            inner = self.either()
            self.need(")")
            return inner
        raise self.misplaced()

    def function(self, name: str) -> Node:
        if not self.take("sign", "("):
            raise BadDeclaration("xlsform.expression.word", word=name)
        if name not in FUNCTIONS:
            raise BadDeclaration("xlsform.expression.function", name=name, hint=nearest(name, list(FUNCTIONS)))
        arguments: list[Node] = []
        while not self.take("sign", ")"):
            if arguments:
                self.need(",")
            arguments.append(self.either())
        if len(arguments) != FUNCTIONS[name]:
            raise BadDeclaration("xlsform.expression.arguments", name=name)
        if name == "date":  # days are written as they are compared, so nothing is to be made of them
            if arguments[0].kind == "text" and not _ISO.fullmatch(arguments[0].name):
                raise BadDeclaration("xlsform.expression.day", text=arguments[0].name)
            return arguments[0]
        return Node("call", name, tuple(arguments))


# --- evaluating ---------------------------------------------------------------------------------


def _value(node: Node, answers: Answers, today: dt.date) -> Value:
    if node.kind == "item":
        return answers.get(node.name) or ""
    if node.kind != "call":
        return float(node.name) if node.kind == "number" else node.name
    given = [_value(argument, answers, today) for argument in node.arguments]
    match node.name:
        case "or":
            return any(map(_truth, given))
        case "and":
            return all(map(_truth, given))
        case "not":
            return not _truth(given[0])
        case "selected":
            return _text(given[1]) in _text(given[0]).split()
        case "count-selected":
            return float(len(_text(given[0]).split()))
        case "today":
            return today.isoformat()
        case "true" | "false":
            return node.name == "true"
    return _compared(given[0], node.name, given[1])


def _compared(left: Value, sign: str, right: Value) -> bool:
    if sign in ORDER:
        return ORDER[sign](number(left), number(right))
    same = _text(left) == _text(right)
    if isinstance(left, bool) or isinstance(right, bool):
        same = _truth(left) == _truth(right)
    elif isinstance(left, float) or isinstance(right, float):
        same = number(left) == number(right)
    return same == (sign == "=")


def _truth(value: Value) -> bool:
    return bool(value) and value == value  # NaN is no truth


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else value


def number(value: Value) -> float:
    try:
        if isinstance(value, str) and _ISO.fullmatch(value):
            return float(dt.date.fromisoformat(value).toordinal())
        return float(value)
    except ValueError:
        return math.nan
