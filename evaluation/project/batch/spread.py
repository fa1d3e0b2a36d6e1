"""A batch past one machine: each project is a task of a Dask cluster whose workers see the same folders."""

from __future__ import annotations

import queue
import threading
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from distributed import Client, Future, Security, Worker, WorkerPlugin, as_completed

from evaluation import codec
from evaluation.errors import BadArgument
from evaluation.project.batch.crew import Crew, Job
from evaluation.project.batch.manifest import Task
from evaluation.project.batch.outcomes import Outcome
from evaluation.project.batch.process import warm_up
from evaluation.report.engine import warm
from evaluation.texts import Message, in_all

_FOUND = 30.0
"""Seconds that the scheduler may take to answer."""


class Warmed(WorkerPlugin):  # type: ignore[misc]
    """Each worker of the cluster has one warm process, from which its notebooks are forked."""

    name = "evaluation"

    def setup(self, worker: Worker) -> None:
        warm_up()

    def teardown(self, worker: Worker) -> None:
        warm.stop()


class Spread:
    """So many jobs on a cluster; in a ``with``, at whose end nothing more of them is waited for.

    No key travels: a worker reads the key file that the manifest names. Raises BadArgument where no scheduler answers.
    """

    def __init__(self, jobs: Sequence[Job], ended: queue.SimpleQueue[tuple[Task, Outcome]], *, address: str) -> None:
        self._jobs, self._ended, self._address = jobs, ended, address
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._futures: dict[Future, Job] = {}

    def __enter__(self) -> Spread:
        try:
            proved = Security().get_connection_args("client")["ssl_context"]
            if self._address.startswith("tls://") and proved is None:
                raise ValueError  # a client that finds this out itself needs a minute to give up
            self._client = Client(self._address, timeout=_FOUND, set_as_default=False)
        except (OSError, ValueError):
            raise BadArgument("project.batch.no_scheduler", address=self._address) from None
        self._client.register_plugin(Warmed())
        for job in self._jobs:  # the same job of another batch is another task
            name = f"evaluation-{job.tasks[0].name}-{uuid.uuid4().hex}"
            self._futures[self._client.submit(carried_out, job, key=name, pure=False)] = job
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.cancel([*self._futures])
        self._thread.join(_FOUND)
        self._client.close()

    def _collect(self) -> None:
        waiting = dict(self._futures)
        try:
            for future in as_completed([*waiting], loop=self._client.loop):
                tasks = waiting[future].tasks
                for told in zip(tasks, _outcomes(future, len(tasks)), strict=True):
                    self._ended.put(told)
                del waiting[future]
        finally:  # however that ended, nobody waits for what no longer comes
            for job in waiting.values():
                for told in zip(job.tasks, _lost(len(job.tasks)), strict=True):
                    self._ended.put(told)


def carried_out(job: Job) -> list[Mapping[str, Any]]:
    """On a worker: what becomes of each run of a job, done by a process that is forked from its warm one."""
    ended: queue.SimpleQueue[tuple[Task, Outcome]] = queue.SimpleQueue()
    with Crew([job], ended, number=1):
        return [codec.plain(ended.get()[1]) for _ in job.tasks]


def _outcomes(future: Future, number: int) -> list[Outcome]:
    """What a worker told; where its process died again and again with this job, its runs failed, and no others."""
    try:
        told = [codec.build(Outcome, one) for one in future.result()]
    except Exception:
        return _lost(number)
    return told if len(told) == number else _lost(number)


def _lost(number: int) -> list[Outcome]:
    return [Outcome("failed", why=in_all(Message("project.batch.died")))] * number
