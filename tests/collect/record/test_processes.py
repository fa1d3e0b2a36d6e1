"""Several programs write at once, and one of them is killed: nothing that was acknowledged is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.crash import survive
from evaluation.collect.access import keys
from evaluation.collect.record import entries
from evaluation.collect.record.store import Store
from evaluation.errors import StoreError

KEY_FILE = "office.key"

WRITER = """
import sys
from pathlib import Path
from evaluation.collect.record import entries
from evaluation.collect.access import keys
from evaluation.collect.record.store import Store

folder, name, many = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
secret = keys.secret(folder, key_file=folder / "office.key", environ={})
with Store.open(folder, keys.unlock(folder, secret).key) as store:
    for number in range(many):
        cells = {"participant": f"{name}-{number}", "wave": "baseline", "note": "z" * (number % 7 * 900)}
        batch = [
            entries.row(table, key=["participant", "wave"], values=cells, actor=name)
            for table in ("security", "rights")
        ]
        store.append(batch)
        print(f"{name}-{number}", flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    secret = keys.make_key_file(tmp_path / KEY_FILE)
    Store.create(tmp_path, secret, slot="office").close()
    return tmp_path


def writer(folder: Path, name: str, many: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder), name, str(many)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def opened(folder: Path) -> Iterator[Store]:
    with Store.open(folder, keys.unlock(folder, keys.read_key_file(folder / KEY_FILE)).key) as store:
        yield store


def places(store: Store, table: str) -> set[tuple[str, ...]]:
    return {row.place for row in store.rows(table)}


def test_two_programs_that_write_at_once_lose_nothing(folder: Path, opened: Store) -> None:
    writers = [writer(folder, name, 60) for name in ("anna", "ewa")]
    told = [process.communicate(timeout=60) for process in writers]
    assert [error for _, error in told] == ["", ""]
    names = {(f"{name}-{number}", "baseline") for name in ("anna", "ewa") for number in range(60)}
    assert places(opened, "security") == places(opened, "rights") == names
    assert opened.verify() == 240


@pytest.mark.parametrize("after", [1, 17, 40])
def test_a_writer_killed_between_two_words_loses_no_acknowledged_entry(folder: Path, after: int) -> None:
    process = writer(folder, "anna", 100_000)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline().strip() for _ in range(after)]
    process.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    acknowledged += process.stdout.read().split()
    process.wait(timeout=60)
    process.stdout.close()
    if process.stderr is not None:
        process.stderr.close()
    with Store.open(folder, keys.unlock(folder, keys.read_key_file(folder / KEY_FILE)).key) as store:
        kept = places(store, "security")
        assert {(name, "baseline") for name in acknowledged} <= kept
        assert len(kept) <= len(acknowledged) + 1
        assert places(store, "rights") == kept, "a batch is there as a whole or not at all"
        assert store.verify() == 2 * len(kept)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks on this system")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_writers_killed_again_and_again_lose_nothing_and_store_nothing_twice(folder: Path, opened: Store) -> None:
    survived = survive(folder, opened.key, submissions=100, seed=3, least_kills=4)
    assert survived.acknowledged >= 100
    assert survived.kills >= 4


def test_threads_can_share_an_open_record(opened: Store) -> None:
    def write(name: str) -> None:
        for number in range(20):
            cells = {"k": f"{name}-{number}"}
            opened.append([entries.row("t", key=["k"], values=cells, actor=name)])
            opened.rows("t")

    threads = [threading.Thread(target=write, args=(name,)) for name in ("anna", "ewa", "iwona")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened.rows("t")) == opened.verify() == 60


def test_a_reader_sees_whole_batches_only_while_another_program_writes(folder: Path, opened: Store) -> None:
    process = writer(folder, "anna", 40)
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        content = opened.content()
        assert len(content.of("security")) == len(content.of("rights"))
    process.communicate(timeout=60)
    assert len(opened.rows("security")) == 40


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks on this system")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_is_told_to_open_its_own(opened: Store) -> None:
    reader, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            opened.head()
            said = b"nothing"
        except StoreError as error:
            said = str(error).encode()
        os.write(writing, said)
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reader, "rb") as pipe:
        assert b"open it again" in pipe.read()
    assert opened.verify() == 0
