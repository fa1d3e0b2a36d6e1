"""A batch: what has to be made anew is shared out among processes, one project to one of them at a time."""

from __future__ import annotations

import dataclasses
import queue
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from evaluation.errors import BadArgument
from evaluation.project.batch import inputs
from evaluation.project.batch.manifest import Task
from evaluation.project.batch.outcomes import Outcome, Outcomes, failed
from evaluation.report.engine import Name
from evaluation.report.engine.side_by_side import processors

if TYPE_CHECKING:
    from evaluation.project.batch.crew import Job
    from evaluation.project.batch.spread import Spread

Reason = Literal["new", "changed", "failed", "missing"]


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to do for a run: nothing (no ``due``), something, or that its project cannot be opened."""

    task: Task
    due: Reason | None = None
    inputs: str = ""
    why: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a run in this batch."""

    task: Task
    state: Literal["made", "unchanged", "failed"]
    outcome: Outcome


def looks(tasks: Sequence[Task], kept: Outcomes) -> Iterator[Look]:
    """Each run, held against what it was made from and what it made the last time."""
    for task in tasks:
        before = kept.of(task)
        try:
            now, key = inputs.of(task)
        except Exception as error:  # whatever is wrong with one project, the others go on
            yield Look(task, "failed", why=failed(error, task).why)
            continue
        if before is None:
            yield Look(task, "new", now)
        elif before.state == "failed":
            yield Look(task, "failed", now)
        elif before.inputs != now:
            yield Look(task, "changed", now)
        else:
            yield Look(task, None if inputs.intact(task.folder, before.made, key) else "missing", now)


def carried_out(
    tasks: Sequence[Task],
    kept: Outcomes,
    *,
    workers: int | None = None,
    engine: Name | None = None,
    scheduler: str = "",
) -> Iterator[Result]:
    """Every run that is due, as it ends; what becomes of each is kept before it is told.

    With the address of a ``scheduler`` of Dask its workers do them, else processes of this machine.

    Whoever stops it stops what runs; what had ended stays. Raises RunFailed where the scheduler answers no more.
    """
    due: list[Look] = []
    for look in looks(tasks, kept):
        if look.due and not look.why:
            if not due and not scheduler:
                _warm_up(engine)
            due.append(look)
        else:
            yield _settled(look, kept)
    if due:
        yield from _made(due, kept, workers=workers, engine=engine, scheduler=scheduler)


def _warm_up(engine: Name | None) -> None:
    from evaluation.project.batch import process  # what a batch in which nothing has changed can do without

    process.warm_up(engine)


def _made(
    due: Sequence[Look], kept: Outcomes, *, workers: int | None, engine: Name | None, scheduler: str
) -> Iterator[Result]:
    from evaluation.project.batch.crew import Crew, Job

    digests = {look.task.name: look.inputs for look in due}
    jobs: dict[str, list[Task]] = {}
    for look in due:
        jobs.setdefault(str(look.task.folder), []).append(look.task)
    number = min(workers or processors(), len(jobs))
    at_once = max(1, (workers or processors()) // number)
    ended: queue.SimpleQueue[tuple[Task, Outcome]] = queue.SimpleQueue()
    shared = [Job(tuple(each), engine, 1 if scheduler else at_once) for each in jobs.values()]
    cluster = _spread(shared, ended, scheduler) if scheduler else None
    with cluster or Crew(shared, ended, number=number):
        for _ in due:
            task, outcome = _next(ended, cluster)
            outcome = dataclasses.replace(outcome, inputs=outcome.inputs or digests[task.name])
            kept.keep(task, outcome)
            yield Result(task, outcome.state, outcome)


def _spread(jobs: Sequence[Job], ended: queue.SimpleQueue[tuple[Task, Outcome]], address: str) -> Spread:
    try:
        from evaluation.project.batch.spread import Spread
    except ModuleNotFoundError:
        raise BadArgument("project.batch.no_dask") from None
    return Spread(jobs, ended, address=address)


def _settled(look: Look, kept: Outcomes) -> Result:
    before = kept.of(look.task)
    if look.due is None and before is not None:
        return Result(look.task, "unchanged", before)
    outcome = Outcome("failed", why=look.why)
    kept.keep(look.task, outcome)
    return Result(look.task, "failed", outcome)


def _next(ended: queue.SimpleQueue[tuple[Task, Outcome]], cluster: Spread | None) -> tuple[Task, Outcome]:
    while True:  # a wait with an end is one that Ctrl+C can end on every system
        try:
            return ended.get(timeout=1.0)
        except queue.Empty:
            if cluster:
                cluster.check()
