"""A process of a batch: told over its input which runs of which project, it says over its output what becomes of each.

It opens a project with the key file that is named to it, and sees no key in its environment. The end of its
input is the end of everything.
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
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation import codec
from evaluation.errors import EvaluationError, reason
from evaluation.project.batch import inputs
from evaluation.project.batch.carrying import carry_out, warnings
from evaluation.project.batch.manifest import Run, Task
from evaluation.project.batch.outcomes import Outcome
from evaluation.project.imports import WARM
from evaluation.project.opened import open_project
from evaluation.report import runs
from evaluation.report.engine import LOOKED_THROUGH, Name, warm
from evaluation.texts import Message, in_all

_PATIENCE = 60.0
"""Seconds that a run may take to tidy up when it is told to stop."""


def outcomes(job: Mapping[str, Any]) -> Iterator[Outcome]:
    """What becomes of each run of a project, in their order; a run that fails holds up none of the others."""
    runs.warm_up(WARM, engine=job["engine"])
    for asked in job["runs"]:
        began = time.monotonic()
        try:
            outcome = _outcome(Path(job["folder"]), asked, engine=job["engine"], at_once=job["at_once"])
        except Exception as error:
            outcome = Outcome("failed", why=in_all(_why(error)))
        yield dataclasses.replace(outcome, seconds=int(time.monotonic() - began))


def _outcome(folder: Path, asked: Mapping[str, Any], *, engine: Name | None, at_once: int) -> Outcome:
    key_file, run = Path(asked["key_file"]), codec.build(Run, asked["run"])
    now, _ = inputs.of(Task("", run, folder, key_file, 0))  # an earlier run of the project may have released
    with open_project(folder, key_file=key_file, environ={}, command="batch") as project:
        made = carry_out(project, run, engine=engine, at_once=at_once)
        warned = tuple(in_all(each) for each in warnings(project, run))
        return Outcome("made", now, inputs.made(project.folder, made, project.key), warned=warned)


def _why(error: Exception) -> Message:
    """The sentence of one of the kit's own errors; of any other only its kind, since its text may hold data."""
    if isinstance(error, EvaluationError):
        return error.message
    if isinstance(error, OSError):
        name = Path(error.filename).name if isinstance(error.filename, str) else Message("cli.file_system")
        return Message("cli.system", file=name, reason=reason(error))
    return Message("project.batch.unforeseen", kind=type(error).__name__)


def main(lent: Sequence[str]) -> None:
    """Serve until an empty line or the end of the input; what runs then is stopped, and tidies up.

    ``lent``: over which descriptor the warm process of whoever started this one is asked, if there is one.
    """
    for descriptor in lent:
        warm.join(int(descriptor))
    gc.set_threshold(LOOKED_THROUGH)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else is printed is no answer
    jobs: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(jobs,), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        while job := jobs.get().strip():
            for outcome in outcomes(json.loads(job)):
                print(codec.canonical(codec.plain(outcome)), file=told, flush=True)


def _listen(jobs: queue.SimpleQueue[bytes]) -> None:
    for line in sys.stdin.buffer:
        jobs.put(line)
    jobs.put(b"")
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    time.sleep(_PATIENCE)
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
