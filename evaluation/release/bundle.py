"""A release as one JSON file, sealed by a digest of the canonical text of everything else."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hashlib
import json
import math
import types
import typing
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from evaluation.errors import LedgerError
from evaluation.release.released import Released

T = TypeVar("T")

FORMAT = "release/1"


def text(released: Released) -> str:
    """The bundle of a release, ready to be written; categories stay in the order in which they are shown.

    Raises LedgerError for a proposal: what no digest seals has not been released.
    """
    if released.digest != digest(released):
        raise LedgerError(
            f"'{released.release}' is a proposal, or was changed since it was released; release it first."
        )
    return json.dumps({"format": FORMAT, **plain(released)}, ensure_ascii=False, allow_nan=False) + "\n"


def read(path: Path) -> Released:
    """The release in the bundle ``path``.

    Raises LedgerError when the file is missing, is not a bundle, or is not what was released.
    """
    try:
        loaded = parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LedgerError(f"There is no release {path.name} in {path.parent}; make it first.") from None
    except (UnicodeDecodeError, LedgerError):
        raise LedgerError(f"{path.name} is not a release; restore it from a backup.") from None
    if not isinstance(loaded, dict) or loaded.pop("format", None) != FORMAT:
        raise LedgerError(f"{path.name} is not a release of the format {FORMAT}; restore it from a backup.")
    try:
        released = build(Released, loaded)
    except LedgerError as error:
        raise LedgerError(f"{path.name} is not a release: {error}") from None
    if released.digest != digest(released):
        raise LedgerError(
            f"{path.name} was changed after it was released; restore it from a backup, or make a new release."
        )
    return released


def digest(released: Released) -> str:
    """SHA-256 of everything else in the release."""
    body = plain(released)
    del body["digest"]
    return _sha256(body)


def content(released: Released) -> str:
    """SHA-256 of what leaves, whoever released it when: without certificate, provenance and digest."""
    body = plain(released)
    for key in ("certificate", "provenance", "digest"):
        del body[key]
    return _sha256(body)


def canonical(value: Any) -> str:
    """JSON text that is the same for equal values everywhere: sorted keys, no spaces, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def parse(source: str) -> Any:
    """JSON text as plain values; a key that stands twice, or NaN, raises LedgerError."""
    try:
        return json.loads(source, object_pairs_hook=_once, parse_constant=_no_constant)
    except ValueError:
        raise LedgerError("this is not valid JSON.") from None


def plain(value: Any) -> Any:
    """A frozen object as dictionaries, lists, text and numbers.

    Raises LedgerError for a number that is not finite or a value that JSON has no word for.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        raise LedgerError("a number in the release is not finite; a missing number needs to be empty.")
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    raise LedgerError(f"a release cannot hold a {type(value).__name__}.")


def build(kind: type[T], value: Any) -> T:
    """The object of the frozen dataclass ``kind`` that ``plain`` made ``value`` from.

    Raises LedgerError naming the key that is missing, unknown or of the wrong type.
    """
    built: T = _build(kind, value, "the release")
    return built


def _sha256(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_constant(_: str) -> Any:
    raise ValueError


@functools.cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _build(kind: Any, value: Any, where: str) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _one_of(arguments, value, where)
    if origin is typing.Literal:
        if value in arguments:
            return value
    elif dataclasses.is_dataclass(kind):
        return _object(typing.cast(type[Any], kind), value, where)
    elif origin is tuple and isinstance(value, list):
        if arguments[-1] is ...:
            return tuple(_build(arguments[0], inner, where) for inner in value)
        if len(arguments) == len(value):
            pairs = zip(arguments, value, strict=True)
            return tuple(_build(inner, item, where) for inner, item in pairs)
    elif origin in (dict, Mapping) and isinstance(value, dict):
        return {key: _build(arguments[1], inner, f"{where}.{key}") for key, inner in value.items()}
    elif _is_plain(kind, value):
        return float(value) if kind is float else value
    elif kind is dt.date and isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    elif kind is types.NoneType and value is None:
        return None
    raise LedgerError(f"'{where}' has the wrong type; restore the file from a backup.")


def _one_of(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    for kind in kinds:
        try:
            return _build(kind, value, where)
        except LedgerError:
            continue
    raise LedgerError(f"'{where}' has the wrong type; restore the file from a backup.")


def _object(kind: type[Any], value: Any, where: str) -> Any:
    hints = _hints(typing.cast(Hashable, kind))
    if not isinstance(value, dict) or set(value) != set(hints):
        raise LedgerError(f"'{where}' lacks a key or has one too many; restore the file from a backup.")
    return kind(**{key: _build(hint, value[key], key) for key, hint in hints.items()})


def _is_plain(kind: Any, value: Any) -> bool:
    if isinstance(value, bool):
        return kind is bool
    if kind is float:
        return isinstance(value, (int, float))
    return kind in (str, int) and isinstance(value, kind)
