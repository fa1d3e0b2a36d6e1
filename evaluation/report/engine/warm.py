"""The warm server as the process that asks sees it: started at first use and ended with it, or another's, lent."""

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
from evaluation.report.engine import NOTEBOOK, scrubbed

_STARTED = 300.0
"""Seconds that the server may take to import and to fork."""

_ENDED = 30.0
"""Seconds that a notebook's process may take to leave when it is done."""


class Server:
    """The warm process. It ends when all ends of its socket do, however the processes that hold them end."""

    def __init__(self, lent: int | None = None) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._used = False
        if lent is not None:
            self._control = socket.socket(fileno=lent)
            self._control.set_inheritable(False)
            return
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                self._process = _started(theirs)
            except OSError:
                self._control.close()
                raise

    def load(self, *modules: str) -> None:
        """Have these imported before the next notebook."""
        with contextlib.suppress(OSError):  # it is gone, which is seen when it is asked for a process
            self._control.send(" ".join(modules).encode("ascii"))

    def lend(self) -> int:
        """The descriptor over which another process may ask, too, once it has it."""
        return self._control.fileno()

    def fork(self, handed: Sequence[int], name: str = NOTEBOOK) -> tuple[socket.socket, int]:
        """A fresh process that may read these: the socket it listens to, and a descriptor that tells of its end.

        It is a notebook's, or that of the function of this ``name``, called with its socket and what it was handed.
        Raises RunFailed where there can be none.
        """
        ours: socket.socket | None = None
        try:
            ours, theirs = socket.socketpair()
            with theirs:
                socket.send_fds(self._control, [name.encode("ascii")], [theirs.fileno(), *handed])
            ours.settimeout(_STARTED)
            _, received, *_ = socket.recv_fds(ours, 1, 1)
            self._used = True
            return ours, received[0]
        except (OSError, IndexError):
            if ours is not None:
                ours.close()
            raise RunFailed("report.error.no_process") from None

    @property
    def lent(self) -> bool:
        return self._process is None

    @property
    def alive(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        hung_up = select.poll()
        hung_up.register(self._control, 0)
        return not hung_up.poll(0)

    def close(self) -> None:
        self._control.close()
        if self._process is not None:
            if not self._used:  # it may still import what nobody needs any more
                self._process.kill()
            with contextlib.suppress(KeyboardInterrupt):  # it ends without being waited for
                self._process.wait()


def _started(control: socket.socket) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "evaluation.report.engine.server", str(control.fileno())],
        pass_fds=(control.fileno(),),
        env=scrubbed(os.environ) | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"},
        cwd="/",
        start_new_session=True,  # what is typed at the terminal stops who asked, and that stops the server
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


_servers: dict[int, Server] = {}
"""By the process that started it: one that was forked has none yet."""

_running = set[int]()
"""The descriptors that tell of the end of the notebooks that this process asked for."""

_starting = threading.Lock()


def server() -> Server:
    """The warm server of this process; a new one where there is none, or none any more."""
    with _starting:
        ours = _servers.get(os.getpid())
        if ours is None or not ours.alive:
            ours = _servers[os.getpid()] = Server()
            atexit.register(ours.close)
        return ours


def join(lent: int) -> None:
    """Ask the server of another process, which lent this end of its socket."""
    _servers[os.getpid()] = Server(lent)


def stop() -> None:
    """End all notebooks of this process that run, and its server, unless it was lent."""
    with _starting:
        for end in [*_running]:
            kill(end)
        ours = _servers.get(os.getpid())
        if ours is not None and not ours.lent:
            del _servers[os.getpid()]
            ours.close()


@contextlib.contextmanager
def process(handed: Sequence[int]) -> Iterator[tuple[socket.socket, int]]:
    """A fresh process for one notebook: its socket, and what tells of its end. Nothing of it is left afterwards."""
    channel, end = server().fork(handed)
    _running.add(end)
    try:
        yield channel, end
        with contextlib.suppress(OSError):
            channel.shutdown(socket.SHUT_WR)
        ended(end, _ENDED)
    finally:
        kill(end)
        _running.discard(end)
        channel.close()
        os.close(end)


def kill(end: int) -> None:
    """End the process that this descriptor tells of."""
    with contextlib.suppress(OSError):  # it has ended
        signal.pidfd_send_signal(end, signal.SIGKILL)


def ended(end: int, seconds: float) -> bool:
    """Whether the process has ended, or does so within this time."""
    waiting = select.poll()
    waiting.register(end, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))
