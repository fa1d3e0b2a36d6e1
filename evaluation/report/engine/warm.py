"""The warm server as the process that asks sees it: one for each such process, started at first use, ended with it."""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence

from evaluation.errors import RunFailed
from evaluation.report.engine import scrubbed

_STARTED = 300.0
"""Seconds that the server may take to import and to fork."""

_ENDED = 30.0
"""Seconds that a notebook's process may take to leave when it is done."""


class Server:
    """The warm process. It ends when this end of its socket does, however the process that holds it ends."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "evaluation.report.engine.server", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                env=scrubbed(os.environ) | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"},
                cwd="/",
                start_new_session=True,  # what is typed at the terminal stops who asked, and that stops the server
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def load(self, *modules: str) -> None:
        """Have these imported before the next notebook."""
        self._control.send(" ".join(modules).encode("ascii"))

    def fork(self, handed: Sequence[int]) -> tuple[socket.socket, int]:
        """A fresh process that may read these: the socket it listens to, and a descriptor that tells of its end."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._control, [b"."], [theirs.fileno(), *handed])
            ours.settimeout(_STARTED)
            _, received, *_ = socket.recv_fds(ours, 1, 1)
            return ours, received[0]
        except (OSError, IndexError):
            ours.close()
            raise RunFailed("report.error.no_process") from None

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        self._control.close()
        self._process.wait()


_servers: dict[int, Server] = {}
"""By the process that started it: one that was forked has none yet."""

_starting = threading.Lock()


def server() -> Server:
    """The warm server of this process; a new one where there is none, or none any more."""
    with _starting:
        ours = _servers.get(os.getpid())
        if ours is None or not ours.alive:
            ours = _servers[os.getpid()] = Server()
            atexit.register(ours.close)
        return ours


def stop() -> None:
    """End the server of this process with all notebooks that run."""
    with _starting:
        ours = _servers.pop(os.getpid(), None)
        if ours is not None:
            ours.close()


@contextlib.contextmanager
def process(handed: Sequence[int]) -> Iterator[tuple[socket.socket, int]]:
    """A fresh process for one notebook: its socket, and what tells of its end. Nothing of it is left afterwards."""
    channel, end = server().fork(handed)
    try:
        yield channel, end
        with contextlib.suppress(OSError):
            channel.shutdown(socket.SHUT_WR)
        ended(end, _ENDED)
    finally:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(end, signal.SIGKILL)
        channel.close()
        os.close(end)


def ended(end: int, seconds: float) -> bool:
    """Whether the process has ended, or does so within this time."""
    waiting = select.poll()
    waiting.register(end, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))
