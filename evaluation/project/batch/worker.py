"""A process of a batch: told over its input which runs of which project, it says over its output what becomes of each.

It opens a project with the key file that is named to it, and sees no key in its environment. The end of its
input is the end of everything. It is forked from the warm process that its notebooks come from, too, or started.
"""

from __future__ import annotations

import _thread
import contextlib
import dataclasses
import gc
import json
import os
import queue
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from evaluation import codec
from evaluation.project.batch import inputs
from evaluation.project.batch.carrying import carry_out, warnings
from evaluation.project.batch.manifest import Run, Task
from evaluation.project.batch.outcomes import Outcome, failed
from evaluation.project.opened import open_project
from evaluation.report import runs
from evaluation.report.engine import LOOKED_THROUGH, Name, enter, warm
from evaluation.texts import LANGUAGES, in_all, say

_PATIENCE = 60.0
"""Seconds that a run may take to tidy up when it is told to stop."""


def outcomes(job: Mapping[str, Any]) -> Iterator[Outcome]:
    """What becomes of each run of a project, in their order; a run that fails holds up none of the others."""
    for asked in job["runs"]:
        began, run = time.monotonic(), codec.build(Run, asked["run"])
        task = Task("", run, Path(job["folder"]), Path(asked["key_file"]), 0)
        try:
            outcome = _outcome(task, engine=job["engine"], at_once=job["at_once"])
        except Exception as error:
            outcome = failed(error, task)
        yield dataclasses.replace(outcome, seconds=int(time.monotonic() - began))


def _outcome(task: Task, *, engine: Name | None, at_once: int) -> Outcome:
    now, _ = inputs.of(task)  # an earlier run of the project may have released
    with open_project(task.folder, key_file=task.key_file, environ={}, command="batch") as project:
        made = carry_out(project, task.run, engine=engine, at_once=at_once)
        warned = tuple(in_all(each) for each in warnings(project, task.run))
        return Outcome("made", now, inputs.made(project.folder, made, project.key), warned=warned)


def main() -> None:
    """In a process that was started."""
    gc.set_threshold(LOOKED_THROUGH)
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed is no answer
    _serve(sys.stdin.buffer, told)


def forked(channel: socket.socket, handed: Sequence[int]) -> None:
    """In a process that was forked: it is first told its environment, and asks the process that it was forked from.

    ``handed``: the descriptor over which that one is asked.
    """
    warm.join(handed[0])
    with channel, channel.makefile("rb") as asked, channel.makefile("wb") as told:
        enter(json.loads(asked.readline()))
        _serve(asked, told)


def prepare() -> None:
    """What the process that others are forked from loads besides this module."""
    runs.load("forked")
    for language in LANGUAGES:
        say("project.batch.died", language)


def _serve(asked: BinaryIO, told: BinaryIO) -> None:
    """Work until an empty line or the end of what is asked; what runs then is stopped, and tidies up."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
    jobs: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(asked, jobs), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        while job := jobs.get().strip():
            for outcome in outcomes(json.loads(job)):
                told.write(codec.canonical(codec.plain(outcome)).encode("utf-8") + b"\n")
                told.flush()


def _listen(asked: BinaryIO, jobs: queue.SimpleQueue[bytes]) -> None:
    with contextlib.suppress(OSError, ValueError):
        for line in asked:
            jobs.put(line)
    jobs.put(b"")
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    time.sleep(_PATIENCE)
    os._exit(1)


if __name__ == "__main__":
    main()
