"""Frozen objects as plain values and canonical text, and the digests of these."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hashlib
import json
import math
from collections.abc import Collection, Mapping
from typing import Any

OPTIONAL = {"optional": True}
"""Metadata of a field that a later version added: left out where it has its default, as if it had never come."""

_NEEDED = object()
_EMPTY: tuple[Any, ...] = ((), {}, "", None)


def plain(value: Any) -> Any:
    """A frozen object as dictionaries, lists, text and numbers.

    Raises ValueError for a number that is not finite, TypeError for a value that JSON has no word for.
    """
    if value is None or isinstance(value, (str, bool, int)):  # nearly always
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        own = ((name, getattr(value, name), default) for name, default in _fields(type(value)))
        return {name: plain(inner) for name, inner, default in own if default is _NEEDED or inner != default}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number is not finite; a missing one is None")
    if isinstance(value, float):
        return value
    raise TypeError(f"JSON has no word for a {type(value).__name__}")


@functools.cache
def _fields(cls: type[Any]) -> tuple[tuple[str, Any], ...]:
    """The fields of a class, each with the value at which it is left out, if there is one."""
    return tuple((one.name, one.default if one.metadata == OPTIONAL else _NEEDED) for one in dataclasses.fields(cls))


def declared(thing: Any, *, without: Collection[str] = ()) -> Any:
    """The plain values of a declaration; what equals its default is left out, so that a new key with a
    default in a later version changes no digest."""
    if dataclasses.is_dataclass(thing):
        values = {field.name: (getattr(thing, field.name), field.default) for field in dataclasses.fields(thing)}
        return {
            key: declared(value)
            for key, (value, default) in values.items()
            if value != default and value not in _EMPTY and key not in without
        }
    if isinstance(thing, Mapping):
        return {str(key): declared(value) for key, value in thing.items()}
    return [declared(one) for one in thing] if isinstance(thing, tuple) else thing


def canonical(value: Any) -> str:
    """JSON text that is the same for equal plain values everywhere: sorted keys, no spaces, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(value: Any) -> str:
    """SHA-256 of the canonical text of plain values, in hexadecimal digits."""
    return hashlib.sha256(canonical(value).encode("utf-8")).hexdigest()
