"""Files and folders that hold persons' rows are their owner's alone from the moment they exist."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def folder(path: Path) -> Path:
    """The folder at ``path``, made if it is not there, that only its owner can enter."""
    path.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)
    return path


def write(path: Path, content: bytes) -> None:
    """Writes the whole file or nothing; it is never readable by others, not even half-written."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
