"""The processes of a batch as the one that asks sees them: whichever dies is one failed run, and another goes on."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import queue
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation import codec, files
from evaluation.errors import EvaluationError, RunFailed
from evaluation.project.batch.manifest import Task
from evaluation.project.batch.outcomes import Outcome, failed
from evaluation.project.batch.process import Forked, Started
from evaluation.report.engine import ONE_THREAD, TEMPORARY, Name, forks, warm
from evaluation.texts import Message, in_all


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
    """A process that works off jobs; it ends when this end of its channel does, however the process that holds it ends.

    Where notebooks are forked it is forked from the warm process that they come from. Raises RunFailed or OSError
    where there can be none.
    """

    def __init__(self, engine: Name | None) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("EVALUATION_")}
        with contextlib.ExitStack() as stack:  # what a process leaves that is killed goes with it, too
            corner = stack.enter_context(files.corner(Path(tempfile.gettempdir()), "evaluation-run-"))
            told = kept | ONE_THREAD | dict.fromkeys(TEMPORARY, str(corner))
            self._process = Forked(told) if forks(engine) else Started(told)
            self._left = stack.pop_all()
        self._ending = threading.Lock()

    def outcomes(self, job: Job) -> Iterator[Outcome]:
        """What becomes of each run of the job, as it ends; none of the one in which the process dies."""
        self._process.send(job.line())
        for _ in job.tasks:
            line = self._process.line()
            if not line.endswith(b"\n"):
                return
            yield codec.build(Outcome, codec.json_value(line.decode("utf-8")))

    def end(self) -> None:
        """Have it end when it has done its work; whoever listens to it calls this."""
        self._process.send(b"\n")
        self.stop()
        with self._ending, self._left:
            self._process.close()

    def stop(self) -> None:
        """End it now, tidily or, where it takes too long, at once; whoever listens to it hears no more."""
        with self._ending:
            self._process.stop()


class Crew:
    """So many processes that share out the jobs; in a ``with``, at whose end nothing runs any more."""

    def __init__(self, jobs: Sequence[Job], ended: queue.SimpleQueue[tuple[Task, Outcome]], *, number: int) -> None:
        self._jobs, self._ended, self._stopped = list(jobs), ended, False
        self._lock, self._workers = threading.Lock(), set[Worker]()
        self._threads = [threading.Thread(target=self._serve) for _ in range(number)]

    def __enter__(self) -> Crew:
        """Raises RunFailed where there can be no thread; with fewer than were asked for it goes on."""
        for thread in self._threads:
            with contextlib.suppress(RuntimeError):
                thread.start()
        self._threads = [thread for thread in self._threads if thread.ident is not None]
        if not self._threads:
            raise RunFailed("project.batch.no_process")
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        with self._lock:
            self._stopped = True
            running = list(self._workers)
        if kind is not None and not running:  # nor is one waited for that is just beginning
            warm.stop()
        for worker in running:
            worker.stop()
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        worker: Worker | None = None
        while job := self._taken(worker):
            try:
                worker = worker or self._started(job.engine)
            except Exception as error:  # whatever keeps it from beginning, nobody waits for what it cannot do
                for task in job.tasks:
                    self._ended.put((task, failed(error, task)))
                continue
            if worker is None:
                return
            with contextlib.suppress(OSError, ValueError, EvaluationError):  # what it says is no outcome
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
        worker = Worker(engine)
        with self._lock:
            if not self._stopped:
                self._workers.add(worker)
                return worker
        worker.end()
        return None

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
