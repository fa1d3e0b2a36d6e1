"""The processes of a batch as the one that asks sees them: whichever dies is one failed run, and another goes on."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluation import codec
from evaluation.errors import reason
from evaluation.project.batch.manifest import Task
from evaluation.project.batch.outcomes import Outcome
from evaluation.project.imports import WARM
from evaluation.report import runs
from evaluation.report.engine import ONE_THREAD, Name, forks, warm
from evaluation.texts import Message, in_all

_PATIENCE = 70.0
"""Seconds that a process may take to end; what it runs has a little less to tidy up."""


@dataclass(frozen=True, slots=True)
class Job:
    """All runs of one project, in their order; ``at_once`` of their notebooks run at a time."""

    tasks: tuple[Task, ...]
    engine: Name | None
    at_once: int

    def line(self) -> bytes:
        """What the process is told: places and names, never a key."""
        first = self.tasks[0]
        told = {
            "folder": str(first.folder),
            "engine": self.engine,
            "at_once": self.at_once,
            "runs": [{"key_file": str(task.key_file), "run": codec.plain(task.run)} for task in self.tasks],
        }
        return json.dumps(told).encode("ascii") + b"\n"


class Worker:
    """One process; it ends when this end of its input does, however the process that holds it ends.

    All fork their notebooks from one warm process, that of whoever started them.
    """

    def __init__(self, engine: Name | None) -> None:
        runs.warm_up(WARM, engine=engine)
        lent = [warm.server().lend()] if forks(engine) else []
        kept = {name: value for name, value in os.environ.items() if not name.startswith("EVALUATION_")}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "evaluation.project.batch.worker", *map(str, lent)],
            pass_fds=lent,
            env=kept | ONE_THREAD,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what is said there may hold data
            start_new_session=True,  # what is typed at the terminal stops who asked, and that stops the process
        )

    def outcomes(self, job: Job) -> Iterator[Outcome]:
        """What becomes of each run of the job, as it ends; none of the one in which the process dies."""
        self._send(job.line())
        assert self._process.stdout is not None
        for _ in job.tasks:
            line = self._process.stdout.readline()
            if not line.endswith(b"\n"):
                return
            yield codec.build(Outcome, codec.json_value(line.decode("utf-8")))

    def _send(self, line: bytes) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # it is gone, which is seen where it is listened to
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def end(self) -> None:
        """Have it end when it has done its work; whoever listens to it calls this."""
        self._send(b"\n")
        self.stop()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def stop(self) -> None:
        """End it now, tidily or, where it takes too long, at once; whoever listens to it hears no more."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Crew:
    """So many processes that share out the jobs; in a ``with``, at whose end nothing runs any more."""

    def __init__(self, jobs: Sequence[Job], ended: queue.SimpleQueue[tuple[Task, Outcome]], *, number: int) -> None:
        self._jobs, self._ended, self._stopped = list(jobs), ended, False
        self._lock, self._workers = threading.Lock(), set[Worker]()
        self._threads = [threading.Thread(target=self._serve) for _ in range(number)]

    def __enter__(self) -> Crew:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._stopped = bool(self._jobs or self._workers)
            running = list(self._workers)
        for worker in running:
            worker.stop()
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        worker: Worker | None = None
        while job := self._taken(worker):
            try:
                worker = worker or self._started(job.engine)
            except OSError as error:  # too many processes, no memory
                for task in job.tasks:
                    self._ended.put((task, Outcome("failed", why=in_all(reason(error)))))
                continue
            if worker is None:
                return
            for outcome in worker.outcomes(job):
                self._ended.put((job.tasks[0], outcome))
                job = dataclasses.replace(job, tasks=job.tasks[1:])
            if job.tasks:
                self._lost(worker, job)
                worker = None

    def _taken(self, worker: Worker | None) -> Job | None:
        """The next job, or, when there is none, the end of the worker."""
        with self._lock:
            if self._jobs and not self._stopped:
                return self._jobs.pop(0)
            if worker is None:
                return None
            self._workers.discard(worker)
        worker.end()
        return None

    def _started(self, engine: Name | None) -> Worker | None:
        with self._lock:
            if self._stopped:
                return None
            worker = Worker(engine)
            self._workers.add(worker)
            return worker

    def _lost(self, worker: Worker, job: Job) -> None:
        """The process is gone in the middle of a run: that one failed, and those after it are done by another."""
        worker.end()
        with self._lock:
            self._workers.discard(worker)
            if self._stopped:
                return
            if rest := job.tasks[1:]:
                self._jobs.insert(0, dataclasses.replace(job, tasks=rest))
        self._ended.put((job.tasks[0], Outcome("failed", why=in_all(Message("project.batch.died")))))
