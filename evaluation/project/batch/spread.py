"""A batch past one machine: each project is a task of a Dask cluster whose workers see the same folders."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from distributed import Client, Future, KilledWorker, Security, Worker, WorkerPlugin, as_completed

from evaluation import __version__, codec
from evaluation.errors import BadArgument, RunFailed
from evaluation.project.batch import inputs
from evaluation.project.batch.crew import Crew, Job
from evaluation.project.batch.manifest import Task
from evaluation.project.batch.outcomes import Outcome
from evaluation.project.batch.process import warm_up
from evaluation.report.engine import warm
from evaluation.texts import Message, in_all

_FOUND = 30.0
"""Seconds that the scheduler may take to answer, and that it is left alone between two questions."""

_LEFT = 10.0
"""Seconds that taking leave of it may take."""


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
        self._futures: dict[Future, Job] = {}
        self._over, self._lost = threading.Event(), ""

    def __enter__(self) -> Spread:
        logging.getLogger("distributed.client").setLevel(
            logging.CRITICAL + 1
        )  # what it has to say is said in a sentence
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
            self._futures[self._client.submit(carried_out, job, inputs.kit(), key=name, pure=False)] = job
        for aside in (self._collect, self._watch):
            threading.Thread(target=aside, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take back what has not begun; whoever does not answer is not waited for."""
        self._over.set()
        leaving = threading.Thread(target=self._leave, daemon=True)
        leaving.start()
        leaving.join(_LEFT)

    def _leave(self) -> None:
        with contextlib.suppress(Exception):
            self._client.cancel([*self._futures])
            self._client.close()

    def check(self) -> None:
        """Raises RunFailed where the scheduler answers no more, or has nobody to do what waits."""
        if self._lost:
            raise RunFailed(f"project.batch.{self._lost}", address=self._address)

    def _collect(self) -> None:
        with contextlib.suppress(Exception):
            for future in as_completed([*self._futures], loop=self._client.loop):
                if future.status not in ("finished", "error"):
                    break
                tasks = self._futures[future].tasks
                for told in zip(tasks, _outcomes(future, len(tasks)), strict=True):
                    self._ended.put(told)
            else:
                return
        self._lost = "scheduler_lost"  # however that ended, nobody waits for what no longer comes

    def _watch(self) -> None:
        before = True
        while not self._lost and not self._over.wait(_FOUND):
            try:
                workers = self._client.sync(self._client.scheduler.ncores, workers=None, callback_timeout=_FOUND)
            except Exception:
                self._lost = "scheduler_lost"
            else:
                self._lost = self._lost if workers or before else "no_workers"  # a new one may be on its way
                before = bool(workers)


def carried_out(job: Job, kit: str) -> list[Mapping[str, Any]]:
    """On a worker: what becomes of each run of a job, done by a process that is forked from its warm one.

    Where its ``kit`` is another than the one that asks, documents of two kinds would come out: the runs failed.
    """
    if kit != inputs.kit():
        return [codec.plain(one) for one in _failed(len(job.tasks), "other_kit", version=__version__)]
    ended: queue.SimpleQueue[tuple[Task, Outcome]] = queue.SimpleQueue()
    with Crew([job], ended, number=1):
        return [codec.plain(ended.get()[1]) for _ in job.tasks]


def _outcomes(future: Future, number: int) -> list[Outcome]:
    """What a worker told; where its process died again and again with this job, its runs failed, and no others."""
    try:
        return [codec.build(Outcome, one) for one in future.result()]
    except KilledWorker:
        return _failed(number, "died")
    except Exception as error:  # what is sent to another kit, it may not understand
        return _failed(number, "not_understood", kind=type(error).__name__)


def _failed(number: int, why: str, **facts: object) -> list[Outcome]:
    return [Outcome("failed", why=in_all(Message(f"project.batch.{why}", **facts)))] * number
