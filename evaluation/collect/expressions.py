"""XLSForm expressions, which decide what is asked and allowed; what is not known is refused by name."""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evaluation.codec import nearest
from evaluation.errors import BadDeclaration
from evaluation.xlsform.expressions import FUNCTIONS, Token, tokens

Answers = Mapping[str, str | None]

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Scene:
    """What an expression can look at: the answers of the row, the own answer (``.``) and today."""

    answers: Answers
    own: str
    today: dt.date


Value = str | float | bool
Node = Callable[[Scene], Value]


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression; ``names`` are the items it looks at (``${name}``)."""

    source: str
    names: tuple[str, ...]
    node: Node

    def holds(self, answers: Answers, *, own: str | None = None, today: dt.date) -> bool:
        """Whether it is true. An empty answer is ``''``, and no number: comparisons with < and > fail."""
        return _truth(self.node(Scene(answers, own or "", today)))


@functools.lru_cache(maxsize=1024)
def parse(source: str) -> Expression:
    """``source`` as an expression.

    Known: ``${item}``, ``.``, 'text', numbers, = != < <= > >=, and, or, brackets and the
    FUNCTIONS that a questionnaire may use.
    Raises BadDeclaration that names what is unknown.
    """
    parser = _Parser(source)
    node = parser.either()
    parser.end()
    return Expression(source, tuple(dict.fromkeys(parser.names)), node)


class _Parser:
    """Recursive descent; its state is the position in the list of tokens."""

    def __init__(self, source: str) -> None:
        self.source, self.position, self.names = source, 0, list[str]()
        self.tokens = tokens(source)
        unknown = [token.text for token in self.tokens if token.kind == "other"]
        if unknown:
            raise self.bad(f"'{unknown[0]}' is not known in it")

    def bad(self, what: str) -> BadDeclaration:
        return BadDeclaration(f'the expression "{self.source}" cannot be used: {what}; write it otherwise.')

    def peek(self) -> Token:
        return self.tokens[self.position] if self.position < len(self.tokens) else Token("end", "")

    def take(self, *wanted: str) -> str | None:
        token = self.peek()
        if token.kind in ("compare", "word", "sign") and token.text in wanted:
            self.position += 1
            return token.text
        return None

    def need(self, sign: str) -> None:
        if self.take(sign) is None:
            raise self.bad(f"'{sign}' is missing")

    def end(self) -> None:
        if self.peek().kind != "end":
            raise self.bad(f"'{self.peek().text}' is not understood where it stands")

    def either(self) -> Node:
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else lambda scene: any(_truth(part(scene)) for part in parts)

    def both(self) -> Node:
        parts = [self.comparison()]
        while self.take("and"):
            parts.append(self.comparison())
        return parts[0] if len(parts) == 1 else lambda scene: all(_truth(part(scene)) for part in parts)

    def comparison(self) -> Node:
        left = self.value()
        sign = self.take("=", "!=", "<", "<=", ">", ">=")
        if sign is None:
            return left
        right = self.value()
        return lambda scene: _compare(left(scene), sign, right(scene))

    def value(self) -> Node:
        kind, text = self.peek().kind, self.peek().text
        self.position += 1
        if kind == "item":
            return self.item(text)
        if kind == "text":
            return lambda scene: text
        if kind == "number":
            return lambda scene: float(text)
        if (kind, text) == ("sign", "."):
            return lambda scene: scene.own
        if (kind, text) == ("sign", "("):
            inner = self.either()
            self.need(")")
            return inner
        if kind == "word":
            return self.function(text)
        raise self.bad(f"'{text}' is not understood where it stands" if text else "it ends too early")

    def item(self, name: str) -> Node:
        self.names.append(name)
        return lambda scene: scene.answers.get(name) or ""

    def function(self, name: str) -> Node:
        if not self.take("("):
            raise self.bad(f"'{name}' is not known in it")
        arguments: list[Node] = []
        while not self.take(")"):
            if arguments:
                self.need(",")
            arguments.append(self.either())
        return self.call(name, arguments)

    def call(self, name: str, arguments: Sequence[Node]) -> Node:
        if name not in FUNCTIONS:
            raise self.bad(f"the function '{name}' is not known{nearest(name, FUNCTIONS).rstrip('.')}")
        if len(arguments) != {"not": 1, "count-selected": 1, "selected": 2}.get(name, 0):
            raise self.bad(f"the function '{name}' has the wrong number of arguments")
        if name == "not":
            return lambda scene: not _truth(arguments[0](scene))
        if name == "selected":
            return lambda scene: _text(arguments[1](scene)) in _text(arguments[0](scene)).split()
        if name == "count-selected":
            return lambda scene: float(len(_text(arguments[0](scene)).split()))
        if name == "today":
            return lambda scene: scene.today.isoformat()
        return lambda scene: name == "true"


def _truth(value: Value) -> bool:
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    return value


def _number(value: Value) -> float:
    if not isinstance(value, str):
        return float(value)
    try:
        return float(dt.date.fromisoformat(value).toordinal()) if _ISO.fullmatch(value) else float(value)
    except ValueError:
        return math.nan


def _compare(left: Value, sign: str, right: Value) -> bool:
    if sign in ("=", "!="):
        same = _text(left) == _text(right)
        if isinstance(left, bool) or isinstance(right, bool):
            same = _truth(left) == _truth(right)
        elif isinstance(left, float) or isinstance(right, float):
            same = _number(left) == _number(right)
        return same == (sign == "=")
    a, b = _number(left), _number(right)
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign]
