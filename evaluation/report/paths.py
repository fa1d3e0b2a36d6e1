"""No executed notebook says where, on which machine, it was run."""

from __future__ import annotations

import functools
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

_PICTURE = r"base64,[A-Za-z0-9+/=\s]+"  # in whose letters a short path may stand by chance


def absolute(value: Any) -> bool:
    """Whether a parameter is a path that holds on one machine only."""
    return isinstance(value, str) and any(kind(value).is_absolute() for kind in (PurePosixPath, PureWindowsPath))


def forgotten(outputs: list[Any], folder: Path) -> list[Any]:
    """The outputs of a cell without the paths of this machine: ``folder``, where it ran, becomes ``.``."""
    written, pattern = _places(folder.absolute(), tuple(sys.path), Path.home())

    def without(text: str) -> str:
        told = any(place in text for place in written)  # nearly always none, and to search for all at once is slow
        return pattern.sub(lambda at: written.get(at[0], at[0]), text) if told else text

    return [_walked(one, without) for one in outputs]


@functools.lru_cache(maxsize=4)
def _places(folder: Path, imported_from: tuple[str, ...], home: Path) -> tuple[dict[str, str], re.Pattern[str]]:
    """What is written for each spelling of a path, and what finds them; once for all cells of a notebook."""
    written = dict.fromkeys(_spelt(folder), ".")
    for place in (*map(Path, imported_from), Path(sys.prefix), Path(sys.base_prefix), home, _TEMPORARY):
        written |= {spelt: "…" for spelt in _spelt(place) if spelt not in written}
    roots = "|".join(map(re.escape, sorted(written, key=len, reverse=True)))
    return written, re.compile(rf"{_PICTURE}|(?<![\w.-])({roots})(?![\w-])")


_TEMPORARY = Path(tempfile.gettempdir())


def _spelt(place: Path) -> Iterator[str]:
    """The ways in which a text may spell an absolute path that is more than the root."""
    for path in {place, place.absolute(), place.resolve()}:
        if path.is_absolute() and len(path.parts) > 1:
            yield from (str(path), path.as_posix(), str(path).replace("\\", "\\\\"))


def _walked(value: Any, change: Any) -> Any:
    """The output with every text changed, pictures apart."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_walked(one, change) for one in value]
    if isinstance(value, dict):
        for key, one in value.items():
            if not key.startswith("image/") or key == "image/svg+xml":
                value[key] = _walked(one, change)
    return value
