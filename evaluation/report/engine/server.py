"""The warm process: it imports what notebooks need and forks a fresh process for each; it sees no notebook and no key.

It is told what to do over one inherited socket: a message of names is imported or called, a message with descriptors
is a notebook to run (the socket that its process talks over, and what it alone may read), and the end of
the socket is the end of everything.
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
from dataclasses import dataclass

from evaluation.report.engine import LOOKED_THROUGH, cells

_MOST = 8
"""So many descriptors may come with a notebook."""

_done = set[str]()
"""What was imported or called."""


def main(control: socket.socket) -> None:
    """Serve until the other side is gone, then end whatever still runs. In a forked process: run the notebook."""
    gc.disable()  # most of what is imported stays
    shell = cells.new_shell()
    received = _serve(control)
    if received:
        gc.enable()
        gc.set_threshold(LOOKED_THROUGH)
        control.close()
        cells.run(shell, socket.socket(fileno=received[0]), received[1:])
        cells.leave(shell)


def _serve(control: socket.socket) -> list[int]:
    """The descriptors of a forked process's notebook; an empty list when the server's own work is done."""
    running: list[_Running] = []
    while True:
        waiting = select.poll()
        for one in (control.fileno(), *(each.end for each in running)):
            waiting.register(one, select.POLLIN)
        for each in running:
            waiting.register(each.channel, 0)  # of which it is only told that the other side is gone
        ready = {one for one, _ in waiting.poll()}
        for each in [each for each in running if ready & {each.end, each.channel}]:
            running.remove(each)
            each.finish()
        if control.fileno() not in ready:
            continue
        names, received, *_ = socket.recv_fds(control, 2**16, _MOST)
        if received:
            process = os.fork()
            if process == 0:
                for each in running:
                    each.forget()
                return received
            for one in received[1:]:
                os.close(one)
            running.append(_Running(process, os.pidfd_open(process), received[0]))
        elif names:
            _import(names.decode().split())
        else:
            for each in running:
                each.finish()
            return []


@dataclass(frozen=True, slots=True)
class _Running:
    """A notebook's process; ``end`` becomes readable when it has ended, ``channel`` hangs up when who asked is gone."""

    process: int
    end: int
    channel: int

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
        os.close(self.channel)


def _import(names: list[str]) -> None:
    """Load these modules, or call the function behind a colon, once; what fails is the notebook's to complain of."""
    for name in filter(lambda name: name not in _done, names):
        _done.add(name)
        with contextlib.suppress(Exception):
            module, _, function = name.partition(":")
            loaded = importlib.import_module(module)
            getattr(loaded, function)() if function else None
    gc.collect()
    gc.freeze()  # what is loaded by now is shared with every process that is forked


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
