"""The process behind a worker of a batch, talked to in lines: forked from the warm one, or started."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from typing import BinaryIO

from evaluation.errors import RunFailed
from evaluation.project.imports import WARM
from evaluation.report import runs
from evaluation.report.engine import Name, warm

_PATIENCE = 70.0
"""Seconds that a process may take to end; what it runs has a little less to tidy up."""

_FORKED = "evaluation.project.batch.worker:forked"
_LOADED = (*WARM, "evaluation.project.batch.worker:prepare")


def warm_up(engine: Name | None = None) -> None:
    """Have the warm process load what notebooks and what the processes that run them need, in the meantime.

    Where it cannot begin, each run says so.
    """
    with contextlib.suppress(OSError):
        runs.warm_up(_LOADED, engine=engine)


class Forked:
    """Asks the warm process of whoever forked it for notebooks. Raises RunFailed or OSError where there can be none."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        runs.warm_up(_LOADED)
        server = warm.server()
        try:
            self._channel, self._ended = server.fork([server.lend()], _FORKED)
        except RunFailed:
            raise RunFailed("project.batch.no_process") from None
        self._channel.settimeout(None)
        self._said: BinaryIO = self._channel.makefile("rb")
        self.send(json.dumps(dict(environment)).encode("ascii") + b"\n")

    def send(self, line: bytes) -> None:
        with contextlib.suppress(OSError):  # it is gone, which is seen where it is listened to
            self._channel.sendall(line)

    def line(self) -> bytes:
        """The next that it says; without an end where it has ended."""
        return self._said.readline()

    def stop(self) -> None:
        """Have it tidy up and end, or, where that takes too long, end it."""
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_WR)
        if self._channel.fileno() >= 0 and not warm.ended(self._ended, _PATIENCE):
            warm.kill(self._ended)

    def close(self) -> None:
        """It has ended, and nobody listens any more."""
        self._said.close()
        self._channel.close()
        os.close(self._ended)


class Started:
    """The same as a new program. Raises OSError where there can be none."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "evaluation.project.batch.worker"],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what is said there may hold data
            start_new_session=True,  # what is typed at the terminal stops who asked, and that stops the process
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._asked, self._said = self._process.stdin, self._process.stdout

    def send(self, line: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):  # it is gone, which is seen where it is listened to
            self._asked.write(line)
            self._asked.flush()

    def line(self) -> bytes:
        """The next that it says; without an end where it has ended."""
        return self._said.readline()

    def stop(self) -> None:
        """Have it tidy up and end, or, where that takes too long, end it."""
        with contextlib.suppress(OSError):
            self._asked.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """It has ended, and nobody listens any more."""
        self._said.close()
