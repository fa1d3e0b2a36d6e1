"""Files are written whole or not at all, and those that hold persons' rows are their owner's alone from the start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path


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
