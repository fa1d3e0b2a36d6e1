"""What a process has measured and proposed of its project is there for the notebooks it starts, in nameless memory."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import os
import pickle
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evaluation.measure.results import Results
    from evaluation.project.plan.lock import Lock
    from evaluation.release.ledger import Proposal
    from evaluation.schema import Declaration

DESCRIPTOR = "EVALUATION_MEASURED_FD"
"""The environment variable by which a notebook's process knows the descriptor of that memory: a number, no secret."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a proposal answers. ``plan`` is the hash of plan.yml, ``ledger`` those of its entries."""

    release: str
    erratum_of: str
    today: dt.date
    plan: str
    ledger: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """All that results follow from: how far the record has come, what is declared, how the plan was locked.

    ``written`` is the hash of the files that the declaration was read from, "" where it was read from none.
    """

    record: tuple[int, str]
    declaration: Declaration
    locks: tuple[Lock, ...]
    written: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Measured:
    """``results`` on their ``basis``, and what was proposed of them, by what was asked."""

    basis: Basis
    results: Results
    proposals: dict[Asked, Proposal]


@contextlib.contextmanager
def over(measured: Measured) -> Iterator[Mapping[str, int]]:
    """The descriptor that a notebook's process is to inherit, by its variable; none where there is no such memory.

    It lies on no disk, has no name, cannot be written any more, and is gone with the last process that holds it.
    """
    if sys.platform != "linux":
        yield {}
        return
    import fcntl

    with open(os.memfd_create("", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), "wb", buffering=0) as memory:
        so_far = dataclasses.replace(measured, proposals=dict(measured.proposals))  # another thread may propose
        content = memoryview(pickle.dumps(so_far, pickle.HIGHEST_PROTOCOL))
        while content:
            content = content[memory.write(content) :]
        fcntl.fcntl(memory, fcntl.F_ADD_SEALS, _sealed())
        yield {DESCRIPTOR: memory.fileno()}


def taken() -> Measured | None:
    """What this process was handed; it holds only for whoever finds its very ``basis``."""
    number = os.environ.get(DESCRIPTOR, "")
    if sys.platform != "linux" or not number.isdecimal():
        return None
    import fcntl

    with contextlib.suppress(OSError):
        if fcntl.fcntl(int(number), fcntl.F_GET_SEALS) == _sealed():  # no file: nobody else could have written it
            measured: Measured = pickle.loads(os.pread(int(number), os.fstat(int(number)).st_size, 0))
            return measured
    return None


def _sealed() -> int:
    import fcntl

    return fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
