"""The warm process: it imports what notebooks need and forks a fresh process for each; it sees no notebook and no key.

It is told what to do over one inherited socket: a message of names is imported or called, a message with descriptors
is a process to fork (the socket that it talks over, and what it alone may read) for a notebook or, where one is
named, for a function, and the end of the socket is the end of everything.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evaluation.report.engine import LOOKED_THROUGH, NOTEBOOK, adopt, cells

_MOST = 8
"""So many descriptors may come with a notebook."""

_CHILDREN = Path("/proc/thread-self/children")

_done = set[str]()
"""What was imported or called."""


def main(control: socket.socket) -> None:
    """Serve until the other side is gone, then end whatever still runs. In a forked process: run the notebook."""
    gc.disable()  # most of what is imported stays
    adopt()
    shell = cells.new_shell()
    name, received = _serve(control)
    if received:
        gc.enable()
        gc.set_threshold(LOOKED_THROUGH)
        control.close()
        channel = socket.socket(fileno=received[0])
        os.setsid()
        socket.send_fds(channel, [b"."], [os.pidfd_open(os.getpid())])  # whoever asked sees by it when this has ended
        if name == NOTEBOOK:
            cells.run(shell, channel, received[1:])
        else:
            _named(name)(channel, received[1:])
        cells.leave(shell)


def _serve(control: socket.socket) -> tuple[str, list[int]]:
    """In a forked process what it is for, with its descriptors; without any when the server's own work is done."""
    running: list[_Running] = []
    while True:
        waiting = select.poll()
        for one in (control.fileno(), *(each.end for each in running)):
            waiting.register(one, select.POLLIN)
        for channel in (each.channel for each in running if each.channel is not None):
            waiting.register(channel, 0)  # of which it is only told that the other side is gone
        ready = {one for one, _ in waiting.poll()}
        for each in [each for each in running if ready & {each.end, each.channel}]:
            running.remove(each)
            each.finish()
            _end_strays(running)
        if control.fileno() not in ready:
            continue
        message, received, *_ = socket.recv_fds(control, 2**16, _MOST)
        names = message.decode("ascii")
        if received:
            if _forked(names, received, running):
                return names, received
        elif names:
            _import(names.split())
        else:
            for each in running:
                each.finish()
            _end_strays([])
            return "", []


def _forked(name: str, received: list[int], running: list[_Running]) -> bool:
    """Whether this is the new process; in the server that one is now among those that run.

    Where there can be none (too many processes or open files, no memory) whoever asked sees that none comes.
    """
    process = end = -1
    with contextlib.suppress(OSError):
        process = os.fork()
        end = os.pidfd_open(process) if process else -1
    if process == 0:
        for each in running:
            each.forget()
        return True
    kept = received[0] if name == NOTEBOOK and end >= 0 else None
    if end >= 0:
        running.append(_Running(process, end, kept))
    elif process > 0:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    for one in received:
        if one != kept:
            os.close(one)
    return False


@dataclass(frozen=True, slots=True)
class _Running:
    """A process; ``end`` becomes readable when it has ended, ``channel`` hangs up when who asked is gone.

    One without ``channel`` sees to that itself, and tidies up before it ends.
    """

    process: int
    end: int
    channel: int | None

    def finish(self) -> None:
        """End it with all that it started; its id stays its own until it was waited for."""
        for group in (True, False):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process, signal.SIGKILL) if group else os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        self.forget()

    def forget(self) -> None:
        """Close its descriptors: it has ended, or another process sees to it."""
        os.close(self.end)
        if self.channel is not None:
            os.close(self.channel)


def _end_strays(running: list[_Running]) -> None:
    """End what a notebook that has ended had put into a session of its own: nobody else's lies directly below."""
    known = {each.process for each in running}
    with contextlib.suppress(OSError):  # of a kernel that does not tell
        while strays := {*map(int, _CHILDREN.read_text(encoding="ascii").split())} - known:
            for process in strays:
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)


def _import(names: list[str]) -> None:
    """Load these modules, or call the function behind a colon, once; what fails is the notebook's to complain of."""
    new = [name for name in names if name not in _done]
    if not new:
        return
    for name in new:
        _done.add(name)
        with contextlib.suppress(Exception):
            _named(name)() if ":" in name else importlib.import_module(name)
    gc.freeze()  # what is loaded by now is shared with every process that is forked, and never looked through


def _named(name: str) -> Callable[..., object]:
    """The function behind the colon."""
    module, _, function = name.partition(":")
    named: Callable[..., object] = getattr(importlib.import_module(module), function)
    return named


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
