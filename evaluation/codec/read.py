"""Text becomes frozen objects in one place, which names the misspelt key and the line."""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import functools
import json
import re
import types
import typing
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from evaluation.errors import BadDeclaration
from evaluation.texts import Message, quoted

T = TypeVar("T")

_NEEDED = {
    str: "codec.needs_text",
    int: "codec.needs_whole",
    bool: "codec.needs_boolean",
    dt.date: "codec.needs_date",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A scalar of a YAML file as it is written, and what YAML takes it for: NO is the text of a country too."""

    text: str
    tag: str


class Node(typing.NamedTuple):  # which is made several times faster than a frozen object
    """One value of a text with its line; None where lines say nothing. Keys of a mapping have lines of their own."""

    value: Mapping[str, tuple[Node, int | None]] | Sequence[Node] | Word | str | float | bool | None
    line: int | None = None


def nearest(word: str, known: Sequence[str]) -> Message:
    """The end of a sentence that helps after a misspelling: ``; did you mean 'x'?`` or the known words."""
    close = near(word, known)
    return Message("codec.nearest", word=close) if close else Message("codec.known", words=", ".join(sorted(known)))


def near(word: str, known: Sequence[str]) -> str:
    """The one of the words that ``word`` may be a slip for or is cut from; '' if none is.

    A slip leaves two thirds of the longer word.
    """
    for close in difflib.get_close_matches(word, known, cutoff=0.6):
        same = sum(block.size for block in difflib.SequenceMatcher(None, word, close).get_matching_blocks())
        if same * 3 >= 2 * max(len(word), len(close)) or close.startswith(word) or word.startswith(close):
            return close
    return ""


# --- text to objects ----------------------------------------------------------------------------


def load(cls: type[T], path: Path, *, newer: bool = False) -> T:
    """One YAML file as an object of the frozen dataclass ``cls``; see ``parse``.

    Raises BadDeclaration with file and line for a missing file, too.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadDeclaration("codec.missing_file", file=path.name, folder=path.parent) from None
    except UnicodeDecodeError:
        raise BadDeclaration("codec.not_utf8", file=path.name) from None
    return parse(cls, text, path.name, newer=newer)


def parse(cls: type[T], text: str, name: str, *, newer: bool = False) -> T:
    """YAML ``text`` as an object of ``cls``; ``name`` is what errors call the file.

    Raises BadDeclaration with file and line for bad YAML, a repeated or missing key, a value of the wrong
    type, and an unknown key, unless it may come of a ``newer`` version of the kit; a key in ``REFUSED`` of ``cls``,
    what somebody may look for and is not to be had, with the sentence that it has there.
    """
    node = _composed(text, name)
    built: T = _Builder(name, newer=newer).build(cls, node, "")
    return built


def line(text: str, keys: Sequence[str | int]) -> int | None:
    """The line of YAML ``text`` on which the innermost of the nested ``keys`` stands; a number is a place in a list."""
    node, at = _composed(text, ""), None
    for key in keys:
        if isinstance(key, int) and isinstance(node.value, list) and key < len(node.value):
            node = node.value[key]
            at = node.line
        elif isinstance(node.value, Mapping) and key in node.value:
            node, at = node.value[str(key)]
        else:
            break
    return at


def build(cls: type[T], value: Any) -> T:
    """The object of the frozen dataclass ``cls`` that ``plain`` made ``value`` from, perhaps in another version.

    Fields with a default may be absent; unknown keys are passed over. Raises BadDeclaration naming the key
    that is missing or of the wrong type.
    """
    built: T = _Builder("", newer=True).build(cls, _node(value), "")
    return built


def json_value(text: str) -> Any:
    """JSON text as plain values. Raises BadDeclaration for a key that stands twice, NaN, and what is no JSON."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except ValueError:
        raise BadDeclaration("codec.not_json") from None


def version(format: object, family: str, newest: int) -> int:
    """The number in a format's name such as ``release/1``.

    Raises BadDeclaration for one of another family, and for one that a newer version of the kit wrote.
    """
    kind, _, number = str(format).partition("/")
    if kind != family or not number.isdigit():
        raise BadDeclaration("codec.other_format", format=f"{family}/{newest}")
    if int(number) > newest:
        raise BadDeclaration("codec.newer", format=str(format))
    return int(number)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise ValueError
    return mapping


def _no_constant(_: str) -> Any:
    raise ValueError


def _node(value: Any) -> Node:
    if isinstance(value, Mapping):
        return Node({str(key): (_node(inner), None) for key, inner in value.items()})
    return Node([_node(inner) for inner in value] if isinstance(value, (list, tuple)) else value)


_DEEPER, _DEEP, _LONG = re.compile(r"[\[{]|[-?]\s"), 1000, 10**6
"""What may lead one level down, and how much of it, or of text, libyaml can be given: too many levels kill it."""


@functools.lru_cache(maxsize=128)
def _composed(text: str, name: str) -> Node:
    """What a YAML text says. A desk and a batch read the same few files again and again."""
    import yaml

    deep = len(text) > _LONG or len(_DEEPER.findall(text)) > _DEEP
    quick = yaml.SafeLoader if deep else getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        try:
            node = yaml.compose(text, Loader=quick)
        except (yaml.YAMLError, UnicodeEncodeError):  # of which the slower one knows the line better
            node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise fault(name, line, Message("codec.not_yaml")) from None
    except (yaml.YAMLError, RecursionError):
        raise fault(name, None, Message("codec.not_yaml")) from None
    if node is None:
        raise BadDeclaration("codec.empty", file=name)

    def read(node: yaml.Node) -> Node:
        line = node.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode):
            return Node([read(child) for child in node.value], line)
        if isinstance(node, yaml.ScalarNode):
            return Node(Word(node.value, node.tag.rsplit(":", 1)[-1]), line)
        pairs: dict[str, tuple[Node, int | None]] = {}
        for key, value in node.value:
            at = key.start_mark.line + 1
            if str(key.value) in pairs:
                raise fault(name, at, Message("codec.key_twice", key=str(key.value)))
            pairs[str(key.value)] = read(value), at
        return Node(pairs, line)

    try:
        return read(node)
    except RecursionError:
        raise fault(name, None, Message("codec.not_yaml")) from None


_WRITTEN: Mapping[Any, Any] = {types.UnionType: typing.Union, dict: Mapping}


@functools.cache
def _form(kind: Hashable) -> Any:
    """What a type is made of, one word for each way of writing it; not of what: unions in any order are equal."""
    origin: Any = dataclass if dataclasses.is_dataclass(kind) else typing.get_origin(kind)
    return _WRITTEN.get(origin, origin)


@functools.cache
def _fields(cls: Hashable) -> dict[str, tuple[Any, bool]]:
    """The type of each field and whether it has to be there."""
    hints = typing.get_type_hints(cls)
    needed = (dataclasses.MISSING, dataclasses.MISSING)
    fields = dataclasses.fields(typing.cast(Any, cls))
    return {one.name: (hints[one.name], (one.default, one.default_factory) == needed) for one in fields if one.init}


@dataclass(frozen=True, slots=True)
class _Builder:
    """``name`` of the text in errors; ``newer``: what is not known is passed over."""

    name: str
    newer: bool

    def build(self, kind: Any, node: Node, where: str) -> Any:
        origin, arguments = _form(kind), typing.get_args(kind)
        if origin is typing.Union:
            return self._one_of(arguments, node, where)
        if origin is dataclass:
            return self._object(kind, node, where)
        if origin is tuple:
            return self._tuple(arguments, node, where)
        if origin is Mapping:
            return {
                key: self.build(arguments[1], inner, f"{where}.{key}") for key, (inner, _) in self._pairs(node, where)
            }
        if origin is typing.Literal:
            said = node.value.text if isinstance(node.value, Word) else node.value
            if said in arguments:
                return said
            hint = nearest(str(said), [str(each) for each in arguments])
            raise self._fail(node, Message("codec.choice", key=where, word=str(said), hint=hint))
        return self._scalar(kind, node, where)

    def _one_of(self, kinds: Sequence[Any], node: Node, where: str) -> Any:
        nothing = node.value is None or (isinstance(node.value, Word) and node.value.tag == "null")
        if nothing and types.NoneType in kinds:
            return None
        *others, last = (kind for kind in kinds if kind is not types.NoneType)
        for kind in others:
            try:
                return self.build(kind, node, where)
            except BadDeclaration:
                continue
        return self.build(last, node, where)

    def _tuple(self, kinds: Sequence[Any], node: Node, where: str) -> tuple[Any, ...]:
        if not isinstance(node.value, list):
            raise self._fail(node, Message("codec.list", key=where))
        if kinds[-1] is ...:
            return tuple(self.build(kinds[0], child, where) for child in node.value)
        if len(kinds) != len(node.value):
            raise self._fail(node, Message("codec.values", key=where, n=len(kinds)))
        return tuple(self.build(kind, child, where) for kind, child in zip(kinds, node.value, strict=True))

    def _pairs(self, node: Node, where: str) -> Collection[tuple[str, tuple[Node, int | None]]]:
        if not isinstance(node.value, Mapping):
            raise self._fail(node, Message("codec.pairs", place=_place(where)))
        return node.value.items()

    def _object(self, cls: type[Any], node: Node, where: str) -> Any:
        fields = _fields(typing.cast(Hashable, cls))
        values = {}
        for key, (value, line) in self._pairs(node, where):
            if key in fields:
                values[key] = self.build(fields[key][0], value, key)
            elif key in (refused := getattr(cls, "REFUSED", {})) and not self.newer:
                raise self._fail(Node(None, line), Message(refused[key], key=key))
            elif not self.newer:
                unknown = Message(
                    "codec.unknown_key_in" if where else "codec.unknown_key",
                    key=key,
                    place=where,
                    hint=nearest(key, list(fields)),
                )
                raise self._fail(Node(None, line), unknown)
        missing = [key for key, (_, needed) in fields.items() if needed and key not in values]
        if missing:
            raise self._fail(node, Message("codec.missing_key", place=_place(where), key=missing[0]))
        try:
            return cls(**values)
        except BadDeclaration as error:
            raise self._fail(node, error.message) from None

    def _scalar(self, kind: Any, node: Node, where: str) -> Any:
        try:
            if isinstance(node.value, Word):
                return _written(kind, node.value)
            return _given(kind, node.value)
        except (ValueError, TypeError, InvalidOperation):
            raise self._fail(node, Message(_NEEDED.get(kind, "codec.needs_number"), key=where)) from None

    def _fail(self, node: Node, said: Message) -> BadDeclaration:
        return fault(self.name, node.line, said)


def fault(file: str, line: int | None, said: Message) -> BadDeclaration:
    """The error with what is ``said`` about a line of a file, or about a file where lines say nothing."""
    if not file:
        return BadDeclaration(said.key, **said.facts)
    if line is None:
        return BadDeclaration("codec.in_file", file=file, fault=said)
    return BadDeclaration("codec.at_line", file=file, line=str(line), fault=said)


def _place(where: str) -> str | Message:
    return quoted(where) if where else Message("codec.the_file")


def _written(kind: Any, word: Word) -> Any:
    """A scalar of a YAML file. Raises ValueError, TypeError or InvalidOperation where it is of another kind."""
    if kind is str and word.tag != "null":
        return word.text
    if kind is Decimal:
        return Decimal(word.text)
    if kind is dt.date:
        return dt.date.fromisoformat(word.text)
    if kind is bool and word.tag == "bool":
        return word.text.lower() in ("true", "yes", "on")
    if (kind is int and word.tag == "int") or (kind is float and word.tag in ("int", "float")):
        return kind(word.text)
    raise TypeError


def _given(kind: Any, value: Any) -> Any:
    """A scalar of JSON. Raises ValueError or TypeError where it is of another kind."""
    if kind is dt.date:
        return dt.date.fromisoformat(value)
    if kind is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if type(value) is not kind:
        raise TypeError
    return value
