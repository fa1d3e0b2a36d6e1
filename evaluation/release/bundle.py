"""A release as one JSON file, sealed by a digest of the canonical text of everything else in it."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from evaluation import codec
from evaluation.errors import BadDeclaration, LedgerError
from evaluation.release.printed.wording import FIELDS, NAMED, reworded
from evaluation.release.released import Released

FAMILY, NEWEST = "release", 1
FORMAT = f"{FAMILY}/{NEWEST}"
WORDS = "release-words/1"

Edition = Literal["", "funder"]
FUNDER: Edition = "funder"
"""The edition of a release, and its folder, that is confidential beside a public one."""

_OF_THE_DAY = ("certificate", "provenance", "digest")
"""What differs between two releases of the same numbers."""


def text(released: Released) -> str:
    """The bundle of a release, ready to be written; categories stay in the order in which they are shown.

    Raises LedgerError for a proposal: what no digest seals has not been released.
    """
    if released.digest != digest(released):
        raise LedgerError("release.bundle.not_released", release=released.release)
    return json.dumps({"format": FORMAT, **_plain(released)}, ensure_ascii=False, allow_nan=False) + "\n"


def read(bundle: str | Path) -> Released:
    """The release in the file ``bundle``, in the words that lie beside it if they were mended; see ``parse``.

    Raises LedgerError when there is no such file, too.
    """
    path = Path(bundle)
    beside = words_file(path)
    try:
        released = parse(path.read_text(encoding="utf-8"), path.name)
        return worded(released, beside.read_text(encoding="utf-8"), beside.name) if beside.exists() else released
    except FileNotFoundError:
        raise LedgerError("release.bundle.missing", name=path.name, folder=path.parent) from None
    except UnicodeDecodeError:
        raise LedgerError("release.bundle.not_a_release", name=path.name) from None


@functools.lru_cache(16)
def parse(source: str, name: str) -> Released:
    """The release whose bundle is the text ``source``, called ``name`` in errors.

    The digest is over the bundle as it is written, with what another version of the kit put there; keys
    that this version does not know are passed over. Raises LedgerError for what is no bundle, is not what
    was released, or was written by a newer version.
    """
    body = values(source, name)
    try:
        released = codec.build(Released, body)
    except BadDeclaration as error:
        raise LedgerError("release.bundle.misread", name=name, fault=error.message) from None
    if released.digest != _digest(body):
        raise LedgerError("release.bundle.changed", name=name)
    return released


def editions(path: Path) -> dict[Edition, Path]:
    """The bundle ``path``, and that of the confidential edition where there is one beside it."""
    beside = path.parent / FUNDER / path.name
    return {"": path, **({FUNDER: beside} if beside.exists() else {})}


def words_file(path: Path) -> Path:
    """Where the mended words of the bundle ``path`` are kept."""
    return path.with_suffix(".words")


def words_text(mended: Released) -> str:
    """A release whose words were mended, as the file beside its bundle. Nothing but words is ever read from it."""
    return json.dumps({"format": WORDS, **_plain(mended)}, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def worded(released: Released, source: str, name: str) -> Released:
    """The release in the words of the file ``source``, called ``name`` in errors; every number is the bundle's.

    Raises LedgerError where these are not the words of this release.
    """
    try:
        body = codec.json_value(source)
        of = body.get("digest") if isinstance(body, dict) else None
        if of != released.digest or body.pop("format", None) != WORDS:
            raise LedgerError("release.bundle.other_words", name=name, release=released.release)
        words = codec.build(Released, body)
    except BadDeclaration as error:
        raise LedgerError("release.bundle.misread", name=name, fault=error.message) from None
    return reworded(released, words, on=words.provenance.worded_on)


def values(source: str, name: str) -> dict[str, Any]:
    """What stands in the bundle, without its format. Raises LedgerError as ``parse`` does."""
    try:
        loaded = codec.json_value(source)
    except BadDeclaration:
        raise LedgerError("release.bundle.not_a_release", name=name) from None
    if not isinstance(loaded, dict):
        raise LedgerError("release.bundle.not_a_release", name=name)
    try:
        codec.version(loaded.pop("format", None), FAMILY, NEWEST)
    except BadDeclaration as error:
        raise LedgerError("release.unreadable_version", name=name, fault=error.message) from None
    return loaded


def settled(released: Released) -> Released:
    """The release as it will be read: 30 and 30.0 are one target."""
    return codec.build(Released, _plain(released))


def digest(released: Released) -> str:
    """SHA-256 of everything else in the release."""
    return _digest(_plain(released))


def content(released: Released) -> str:
    """SHA-256 of what leaves, whoever released it when: without certificate, provenance and digest."""
    return codec.digest({key: value for key, value in _plain(released).items() if key not in _OF_THE_DAY})


def same(released: Released, made: Mapping[str, Any]) -> bool:
    """Whether a release is the one whose bundle's values are ``made``, as far as both versions of the kit know.

    Words may have been mended, and why a number is missing worded anew; all else that leaves has to be the same.
    """
    return _same(released, {key: value for key, value in made.items() if key not in _OF_THE_DAY})


def _same(own: Any, made: Any) -> bool:
    if dataclasses.is_dataclass(own) and isinstance(made, Mapping):
        names = {field.name for field in dataclasses.fields(own)} - {"withheld", *FIELDS}
        return all(_same(*_apart(name, getattr(own, name), made[name])) for name in names & made.keys())
    if isinstance(own, Mapping) and isinstance(made, Mapping):
        return bool(own.keys() == made.keys()) and all(_same(own[key], made[key]) for key in own)
    if isinstance(own, tuple) and isinstance(made, list):
        return len(own) == len(made) and all(map(_same, own, made))
    return bool(codec.plain(own) == made)


def _apart(name: str, own: Any, made: Any) -> tuple[Any, Any]:
    """A field of both without the words that stand in it beside what tells them apart."""
    if name == "codes":
        return tuple(sorted(own)), sorted(made)
    if name not in NAMED:
        return own, made
    return tuple(tuple(one[at] for at in NAMED[name]) for one in own), [[one[at] for at in NAMED[name]] for one in made]


def _plain(released: Released) -> dict[str, Any]:
    try:
        values: dict[str, Any] = codec.plain(released)
    except (TypeError, ValueError) as error:
        raise LedgerError("release.bundle.unreleasable", release=released.release, fault=str(error)) from None
    return values


def _digest(body: Mapping[str, Any]) -> str:
    return codec.digest({key: value for key, value in body.items() if key != "digest"})
