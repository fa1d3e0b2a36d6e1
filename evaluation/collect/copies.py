"""Where else in a project's folder a person's code stands: what an erasure in the record cannot reach."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evaluation.collect.access import keys
from evaluation.collect.record import database

_RECORD = (database.NAME, keys.NAME)  # with their journals
_CLOSED = (".age", ".db", ".parcel", ".gpg", ".7z")  # what is encrypted tells nobody what it holds
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Copies:
    """Files below the project's folder, by their path in it: they hold the code, or nobody can look into them."""

    holding: tuple[str, ...]
    closed: tuple[str, ...]


def copies(folder: Path, participant: str) -> Copies:
    """The files below ``folder``, the record apart, that hold the code ``participant`` as a word of its own.

    Text in UTF-8, UTF-16 and the code pages of offices is read, and what lies in workbooks and archives.
    """
    word = re.escape(participant)
    spellings = [word.encode(), b"".join(re.escape(bytes((byte, 0))) for byte in participant.encode())]
    pattern = re.compile(rb"(?<![\w-])(?:%s)(?![\w-])" % b"|".join(spellings), re.IGNORECASE)
    holding: list[str] = []
    closed: list[str] = []
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            if path.suffix.lower() in _CLOSED:
                closed.append(name)
            elif any(pattern.search(text) for text in _texts(path)):
                holding.append(name)
        except (OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
            closed.append(name)
    return Copies(tuple(sorted(holding)), tuple(sorted(closed)))


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in (".git", ".venv")]
        for name in names:
            path = Path(root, name)
            if path.is_file() and not (Path(root) == folder and name.startswith(_RECORD)):
                yield path


def _texts(path: Path) -> Iterable[bytes]:
    """What can be searched in a file: itself, or the members of a workbook or archive."""
    if path.stat().st_size > _LARGEST:
        raise ValueError
    if not zipfile.is_zipfile(path):
        yield path.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.file_size > _LARGEST:
                raise ValueError
            yield archive.read(member)
