"""``python -m benchmarks.crash``: writers are killed at random moments, and no acknowledged submission is lost.

Two writers at a time send submissions of a growing list to one record, each its own. Whoever is killed is started
again and sends anew all that it did not see acknowledged, under the same ids, and one that it did. It ends when
``--submissions`` are acknowledged (1,000), and prints how many kills that took.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from evaluation.collect.access import keys
from evaluation.collect.access.keys import DataKey
from evaluation.collect.record import entries
from evaluation.collect.record.store import Store

_NAMES = ("anna", "ewa")


@dataclass(frozen=True)
class Survived:
    """How many submissions were acknowledged, how often a writer was killed, and how long it took."""

    acknowledged: int
    kills: int
    seconds: float


def submission(name: str, number: int) -> list[entries.Entry]:
    """The entries of one submission, the same ones whenever it is made; some are larger than a page."""
    cells = {"participant": f"{name}-{number}", "wave": "baseline", "note": "z" * (number % 7 * 900)}
    return [
        entries.row(
            table, key=["participant", "wave"], values=cells, actor=name,
            id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{table} {name} {number}")),
        )
        for table in ("security", "rights")
    ]  # fmt: skip


def survive(folder: Path, key: DataKey, *, submissions: int, seed: int, least_kills: int = 0) -> Survived:
    """Run it in ``folder`` until so much was acknowledged and killed.

    Raises AssertionError where a submission that was acknowledged is not there, or twice.
    """
    chance, began = random.Random(seed), time.perf_counter()
    done = dict.fromkeys(_NAMES, 0)
    kills = 0
    while sum(done.values()) < submissions or kills < least_kills:
        writers = {name: _writer(folder, key, name, max(0, done[name] - 1)) for name in _NAMES}
        time.sleep(chance.uniform(0.02, 0.5))
        for name, (process, pipe) in writers.items():
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            with os.fdopen(pipe, "rb") as said:
                done[name] = max(done[name], *(int(line) for line in said.read().split()), 0)
            kills += 1
        _check(folder, key, done)
    return Survived(sum(done.values()), kills, time.perf_counter() - began)


def _writer(folder: Path, key: DataKey, name: str, begin: int) -> tuple[int, int]:
    """A process that submits from number ``begin`` on, and the pipe to which it writes how many are acknowledged."""
    reader, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reader
    try:
        with Store.open(folder, key) as store:
            for number in range(begin, sys.maxsize):
                store.append(submission(name, number))
                os.write(writing, f"{number + 1}\n".encode())
    finally:
        os._exit(1)


def _check(folder: Path, key: DataKey, done: dict[str, int]) -> None:
    """Every submission that was acknowledged is there as a whole, and nothing is there twice."""
    with Store.open(folder, key) as store:
        content = store.content()
        count = store.verify()
    security, rights = ([row.place for row in content.of(table)] for table in ("security", "rights"))
    wanted = {(f"{name}-{number}", "baseline") for name in _NAMES for number in range(done[name])}
    if not (sorted(security) == sorted(rights) and len({*security}) == len(security) == count / 2):
        raise AssertionError("a submission is there by half, or twice")
    if not wanted <= {*security}:
        raise AssertionError("an acknowledged submission is lost")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = Store.create(Path(folder), keys.passphrase("long enough words"), slot="Anna", cost=2**4)
        made.close()
        survived = survive(Path(folder), made.key, submissions=arguments.submissions, seed=arguments.seed)
    print(
        f"{survived.acknowledged} submissions acknowledged, {survived.kills} writers killed, {survived.seconds:.0f} s:"
        " every acknowledged one is there, once."
    )


if __name__ == "__main__":
    main()
