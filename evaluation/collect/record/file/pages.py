"""The pages of the file that are not what was written, beside those whose place in it waits for the journal."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

_HEADER, _FRAME, _PAGE = 32, 24, 4096  # https://www.sqlite.org/fileformat2.html#walformat
_SALT = slice(16, 24)


def faults(execute: Callable[..., Any]) -> dict[str, int]:
    """What SQLCipher says of the pages as they lie on the disk, of those that hold nothing, too: text → page or 0."""
    said = [str(text) for (text,) in execute("PRAGMA cipher_integrity_check").fetchall()]
    return {text: int(found[1]) if (found := re.search(r"page (\d+)", text)) else 0 for text in said}


def broken(path: Path, execute: Callable[..., Any]) -> list[int]:
    """The numbers of the pages that are not what was written (0: of the file as a whole), outside any transaction.

    Where somebody reads, the write-ahead log is copied into the file in part: a page that waits for its turn is still
    an older one there, or was never written. It is not looked at, for whoever reads finds it in the log.
    """
    first = faults(execute)
    if not first:
        return []
    copied = 0
    with contextlib.suppress(sqlcipher.Error):  # a disk that may not be written, where nothing is copied
        ((_, _, copied),) = execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    waiting = _waiting(path.with_name(f"{path.name}-wal"), after=max(copied, 0))
    return [page for text, page in faults(execute).items() if text in first and page not in waiting]


def _waiting(log: Path, *, after: int) -> set[int]:
    """The pages that the write-ahead log holds behind its first ``after`` frames."""
    try:
        written = log.read_bytes()
    except OSError:
        return set()
    salt = written[_SALT]
    starts = range(_HEADER + after * (_FRAME + _PAGE), len(written) - _FRAME - _PAGE + 1, _FRAME + _PAGE)
    return {int.from_bytes(written[at : at + 4]) for at in starts if written[at + 8 : at + 16] == salt}
