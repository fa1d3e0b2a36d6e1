"""Some notebooks at a time, their results in order; whoever stops it stops what runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from evaluation.report.engine import Name, forks, warm

Result = TypeVar("Result")


def results(
    tasks: Sequence[Callable[[], Result]], *, engine: Name | None = None, workers: int | None = None
) -> Iterator[Result]:
    """What the tasks give, in their order; each runs a notebook, and as many run as there are processors.

    With nbclient it is one at a time. Raises what the first task in order raises; those that run are stopped then.
    """
    if not forks(engine):
        yield from (task() for task in tasks)
        return
    with ThreadPoolExecutor(workers or processors()) as pool:
        waiting = [pool.submit(task) for task in tasks]
        try:
            for one in waiting:
                yield one.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            warm.stop()
            raise


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
