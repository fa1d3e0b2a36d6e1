"""A notebook's process writes into its own folder and one for temporary files, and nowhere else.

That keeps from a mistake, not from malice: Python does not see what other programs write, which a notebook may start,
nor what libraries in C do (SQLite, Arrow).
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from evaluation.errors import WroteElsewhere

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_CHANGES = {
    "os.remove": ((0, 1),),
    "os.rmdir": ((0, 1),),
    "os.mkdir": ((0, 2),),
    "os.rename": ((0, 2), (1, 3)),
    "os.link": ((0, 2), (1, 3)),
    "os.symlink": ((1, 2),),
    "os.truncate": ((0, None),),
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.utime": ((0, 3),),
}
"""Which arguments of what Python tells before it is done are paths, and which the folders that they start from."""

_ENTRIES = frozenset({"os.remove", "os.rmdir", "os.rename", "os.symlink"})
"""What changes an entry of a folder, and not what a symbolic link there leads to."""


def to(*places: str) -> None:
    """From now on this process writes in these folders only. Wherever else it raises WroteElsewhere.

    What is no file (a terminal, a pipe, the null device) is written to as before, and so is what matplotlib keeps of
    the machine's fonts: else every notebook would look for them anew, and show that it could not keep them.
    """
    allowed = tuple(_spelt(os.path.realpath(place)) for place in (*places, *_of_matplotlib()))

    def watch(event: str, given: tuple[Any, ...]) -> None:
        if event == "open":
            if not isinstance(given[2], int) or not given[2] & _WRITES:
                return
        elif event not in _CHANGES:
            return
        for path in _paths(event, given):
            spelt = _spelt(path)
            if not any(spelt == place or spelt.startswith(place.rstrip(os.sep) + os.sep) for place in allowed):
                raise WroteElsewhere("report.error.elsewhere")

    sys.addaudithook(watch)


def _of_matplotlib() -> Iterator[str]:
    """Its folders for settings and for what it found, which are made here: those above them it could not make."""
    own, home = os.environ.get("MPLCONFIGDIR"), os.path.expanduser("~")
    kinds = ("CONFIG", "CACHE") if sys.platform.startswith(("linux", "freebsd")) and not own else ()
    above = [os.environ.get(f"XDG_{kind}_HOME") or os.path.join(home, f".{kind.lower()}") for kind in kinds]
    for place in [os.path.join(one, "matplotlib") for one in above] or [own or os.path.join(home, ".matplotlib")]:
        with contextlib.suppress(OSError):  # then it takes the folder for temporary files
            os.makedirs(place, exist_ok=True)
            yield place


def _spelt(path: str) -> str:
    return os.path.normcase(path)


def _paths(event: str, given: Sequence[Any]) -> Iterator[str]:
    """The real places that would be changed; none of an open file, nor of what is no file."""
    for at, below in _CHANGES.get(event, ((0, None),)):
        if isinstance(given[at], int):
            continue
        path = os.path.join(_folder(-1 if below is None else given[below]), os.fsdecode(given[at]))
        folder, name = os.path.split(os.path.abspath(path) if sys.platform == "win32" else path.rstrip("/"))
        real = os.path.join(os.path.realpath(folder), name) if event in _ENTRIES else os.path.realpath(path)
        if not (event == "open" and _is_no_file(path)):  # a pipe has no real place
            yield real


def _folder(descriptor: int) -> str:
    """The folder that a relative path starts from."""
    if descriptor >= 0:
        with contextlib.suppress(OSError):
            return os.readlink(f"/proc/self/fd/{descriptor}")
    return os.getcwd()


def _is_no_file(path: str) -> bool:
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
