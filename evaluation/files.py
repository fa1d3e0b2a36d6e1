"""Files are written whole or not at all, and those that hold persons' rows are their owner's alone from the start."""

from __future__ import annotations

import contextlib
import glob
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

_HOUR = 3600.0
"""Seconds that nobody takes for one file."""

_NEW = 1.0
"""Seconds in which whoever made a folder is in it."""


def private_folder(path: Path) -> Path:
    """The folder at ``path``, made if it is not there, that only its owner can enter."""
    path.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)
    return path


def write(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Writes the whole file or nothing, and says so only when the disk has it.

    Text is written as UTF-8 with the line ends it has. A ``private`` file is never readable by others, not
    even half-written. A power cut leaves two files that are written one after the other in that order.
    """
    for left in path.parent.glob(f"{glob.escape(path.name)}.????????.part"):  # of a crash
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _HOUR:
                left.unlink()
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    mode = 0o600 if private else 0o666  # less what the user's umask takes away
    try:
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        move(part, path)
    finally:
        part.unlink(missing_ok=True)


def move(part: Path, path: Path) -> None:
    """Puts a finished file into its place; it is there for good when this returns."""
    os.replace(part, path)
    sync(path.parent)


@contextlib.contextmanager
def corner(folder: Path, prefix: str) -> Iterator[Path]:
    """A new folder in ``folder``, its owner's alone, for what is not finished; it goes at the end.

    One that a crash left goes when the next is made; one in which somebody still works stays.
    """
    for left in folder.glob(f"{prefix}*"):
        with contextlib.suppress(OSError), _in(left) as alone:  # whose it is may take it away meanwhile
            if alone and time.time() - left.stat().st_mtime > _NEW:
                shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=folder) as made, _in(Path(made), patient=True):
        yield Path(made)


@contextlib.contextmanager
def _in(folder: Path, *, patient: bool = False) -> Iterator[bool]:
    """Whether nobody else is in the folder while this lasts; whoever is in it leaves it with her process.

    ``patient``: waits for whoever only looks whether somebody is there.
    """
    if os.name == "nt":
        yield folder.exists() and time.time() - folder.stat().st_mtime > _HOUR
        return
    import fcntl

    with contextlib.ExitStack() as stack:
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            stack.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if patient else fcntl.LOCK_NB))
            alone = True
        except OSError:  # gone by now, somebody else's, or somebody is there
            alone = False
        yield alone


def publish(finished: Sequence[Path], folder: Path) -> None:
    """Gives the finished files their names in ``folder``, one after the other; all of them or none.

    Raises FileExistsError rather than write over another file.
    """
    placed: list[Path] = []
    try:
        for part in finished:
            path = folder / part.name
            try:
                os.link(part, path)
            except FileExistsError:
                raise
            except OSError:  # a disk without hard links
                if path.exists():
                    raise FileExistsError from None
                os.rename(part, path)
            placed.append(path)
        sync(folder)
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        raise


def sync(folder: Path) -> None:
    """Makes new names in ``folder`` survive a power cut, and in their order, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
