"""YAML text becomes frozen objects in one place, which names the misspelt key, the file and the line."""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import functools
import types
import typing
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import yaml

from evaluation.errors import BadDeclaration

T = TypeVar("T")

_PLAIN = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


def nearest(word: str, known: Sequence[str]) -> str:
    """The sentence part that helps after a misspelling: ``; did you mean 'x'?`` or the known words."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else f"; known are: {', '.join(sorted(known))}."


def load(cls: type[T], path: Path) -> T:
    """One YAML file as an object of the frozen dataclass ``cls``.

    Raises BadDeclaration with file and line for a missing file, bad YAML, an unknown, repeated or
    missing key, or a value of the wrong type.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadDeclaration(
            f"{path.name} is missing in {path.parent}; 'evaluation new' makes a folder that has it."
        ) from None
    except UnicodeDecodeError:
        raise BadDeclaration(f"{path.name} is not UTF-8 text; save it again as UTF-8.") from None
    return parse(cls, text, path.name)


def parse(cls: type[T], text: str, name: str) -> T:
    """YAML ``text`` as an object of ``cls``; ``name`` is what errors call the file."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadDeclaration(f"{name}, line {line}: this is not valid YAML ({error.problem}).") from None
    except yaml.YAMLError:
        raise BadDeclaration(f"{name}: this is not valid YAML.") from None
    if node is None:
        raise BadDeclaration(f"{name} is empty; 'evaluation new' makes a folder with one to start from.")
    built: T = _build(cls, node, name, "")
    return built


@functools.cache
def _fields(cls: type[Any]) -> dict[str, tuple[Any, bool]]:
    hints = typing.get_type_hints(cls)
    needed = (dataclasses.MISSING, dataclasses.MISSING)
    return {
        field.name: (hints[field.name], (field.default, field.default_factory) == needed)
        for field in dataclasses.fields(cls)
        if field.init
    }


def _fail(node: yaml.Node, name: str, sentence: str) -> BadDeclaration:
    return BadDeclaration(f"{name}, line {node.start_mark.line + 1}: {sentence}")


def _pairs(node: yaml.Node, name: str, where: str) -> list[tuple[str, yaml.Node, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        raise _fail(node, name, f"{where or 'the file'} needs 'key: value' lines.")
    seen: list[tuple[str, yaml.Node, yaml.Node]] = []
    for key, value in node.value:
        if any(key.value == earlier for earlier, _, _ in seen):
            raise _fail(key, name, f"the key '{key.value}' is given twice; keep one of them.")
        seen.append((str(key.value), key, value))
    return seen


def _object(cls: type[Any], node: yaml.Node, name: str, where: str) -> Any:
    fields: Mapping[str, tuple[Any, bool]] = _fields(cls)  # type: ignore[arg-type]  # a class is hashable
    values: dict[str, Any] = {}
    for key, at, value in _pairs(node, name, where):
        if key not in fields:
            place = f" in {where}" if where else ""
            raise _fail(at, name, f"the key '{key}' is not known{place}{nearest(key, list(fields))}")
        values[key] = _build(fields[key][0], value, name, key)
    missing = [key for key, (_, needed) in fields.items() if needed and key not in values]
    if missing:
        raise _fail(node, name, f"{where or 'the file'} lacks the key '{missing[0]}'; add it.")
    try:
        return cls(**values)
    except BadDeclaration as error:
        raise _fail(node, name, str(error)) from None


def _build(kind: Any, node: yaml.Node, name: str, where: str) -> Any:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null"):
            return None
        return _build(next(arg for arg in args if arg is not type(None)), node, name, where)
    if dataclasses.is_dataclass(kind):
        return _object(typing.cast(type[Any], kind), node, name, where)
    if origin is tuple:
        if not isinstance(node, yaml.SequenceNode):
            raise _fail(node, name, f"'{where}' needs a list (lines that begin with '-').")
        return tuple(_build(args[0], child, name, where) for child in node.value)
    if origin in (dict, Mapping):
        pairs = _pairs(node, name, where)
        return {key: _build(args[1], value, name, f"{where}.{key}") for key, _, value in pairs}
    if origin is typing.Literal:
        if str(getattr(node, "value", "")) in args:
            return node.value
        raise _fail(node, name, f"'{where}' cannot be '{node.value}'{nearest(str(node.value), args)}")
    return _scalar(kind, node, name, where)


def _scalar(kind: Any, node: yaml.Node, name: str, where: str) -> Any:
    if isinstance(node, yaml.ScalarNode):
        tag = node.tag.rsplit(":", 1)[-1]
        try:
            if kind is str and tag != "null":
                return node.value
            if kind is Decimal:
                return Decimal(node.value)
            if kind is dt.date:
                return dt.date.fromisoformat(node.value)
            if kind is bool and tag == "bool":
                return node.value.lower() in ("true", "yes", "on")
            if kind is int and tag == "int":
                return int(node.value)
            if kind is float and tag in ("int", "float"):
                return float(node.value)
        except (ValueError, InvalidOperation):
            pass
    wanted = "a date like 2024-05-31" if kind is dt.date else _PLAIN.get(kind, "a number")
    raise _fail(node, name, f"'{where}' needs {wanted}.")
