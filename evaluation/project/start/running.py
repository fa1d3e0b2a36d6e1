"""The desk that runs on a project: a private file of the account says where, and who answers there proves it is she."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evaluation import files
from evaluation.collect.safety import seen
from evaluation.desk.server import ADDRESS, proof

_PATIENCE = 30  # seconds


@dataclass(frozen=True, slots=True)
class Running:
    """Where a desk was started; only whoever knows the secret is this desk, whatever has its port now."""

    port: int
    pid: int
    secret: str

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/"

    def answers(self) -> bool:
        """Whether this very desk is still there: it answers a question that is asked once, without signing in."""
        question = secrets.token_hex(16)
        connection = http.client.HTTPConnection(ADDRESS, self.port, timeout=_PATIENCE)
        try:
            connection.request("GET", f"/running/{question}")
            answer = connection.getresponse()
            said = answer.read(100)
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return answer.status == 200 and hmac.compare_digest(said, proof(self.secret, question).encode())


def recall(root: Path) -> Running | None:
    """What the last desk on this project left; None if nothing, or nothing that can be read."""
    try:
        values = json.loads(_file(root).read_text(encoding="utf-8"))
        left = Running(int(values["port"]), int(values["pid"]), str(values["secret"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return left if 0 < left.port < 65536 and left.secret else None


@contextlib.contextmanager
def announced(root: Path, running: Running) -> Iterator[None]:
    """Others of this account find the desk meanwhile; where the account keeps nothing, it is served all the same."""
    file = _file(root)
    with contextlib.suppress(OSError):
        files.write(
            file, json.dumps({"port": running.port, "pid": running.pid, "secret": running.secret}), private=True
        )
    try:
        yield
    finally:
        if recall(root) == running:  # another may have started since
            with contextlib.suppress(OSError):
                file.unlink()


@contextlib.contextmanager
def turn(root: Path) -> Iterator[None]:
    """One start at a time: an impatient second double-click waits until the first has its page, or has failed.

    The lock is one of SQLite's on an empty file, which ends with its process on every system.
    """
    with contextlib.ExitStack() as held:
        with contextlib.suppress(sqlite3.Error, OSError):
            lock = sqlite3.connect(_file(root).with_suffix(".lock"), timeout=_PATIENCE, isolation_level=None)
            held.callback(lock.close)
            lock.execute("BEGIN EXCLUSIVE")
        yield


def own(port: int, secret: str) -> Running:
    return Running(port, os.getpid(), secret)


def _file(root: Path) -> Path:
    """The project's file in the account's folder, by a name that tells nothing of the project."""
    folder = seen.folder()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"desk-{hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:32]}.json"
