"""Whatever happened to the file, opening it gives a sentence or all rows, never a traceback or fewer."""

from __future__ import annotations

import datetime as dt
import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluation.collect.access import keys
from evaluation.collect.access.keys import DataKey
from evaluation.collect.record import database, entries
from evaluation.collect.record.current import Current
from evaluation.collect.record.entries import Entry
from evaluation.collect.record.store import Store
from evaluation.errors import DamagedStore, StoreError

FAST = 2**4
WORDS = keys.passphrase("long enough words")


@pytest.fixture
def key(tmp_path: Path) -> DataKey:
    """A closed record of 40 rows in some 20 pages."""
    with Store.create(tmp_path, WORDS, slot="Anna", cost=FAST) as store:
        for number in range(40):
            values = {"participant": f"P-{number:03}", "wave": "baseline", "note": "z" * 700}
            store.append([entries.row("security", key=["participant", "wave"], values=values, actor="Anna")])
        return store.key


def read(folder: Path, key: DataKey) -> int:
    with Store.open(folder, key) as store:
        count = len(store.rows("security"))
        assert store.verify() == count
        return count


def test_an_untouched_record_reads(tmp_path: Path, key: DataKey) -> None:
    assert read(tmp_path, key) == 40


@pytest.mark.parametrize("pages", [0.0, 0.001, 0.3, 0.9, 1.0])
def test_a_record_cut_short_is_damaged(tmp_path: Path, key: DataKey, pages: float) -> None:
    path = tmp_path / "records.db"
    whole = path.read_bytes()
    kept = min(int(len(whole) * pages), len(whole) - 4096)
    path.write_bytes(whole[:kept])
    with pytest.raises(DamagedStore, match=r"restore records\.db and records\.keys"):
        read(tmp_path, key)


def test_one_flipped_bit_in_any_page_is_found(tmp_path: Path, key: DataKey) -> None:
    path = tmp_path / "records.db"
    whole = path.read_bytes()
    chance = random.Random(7)
    for page in range(len(whole) // 4096):
        place = page * 4096 + chance.randrange(4096)
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
        with pytest.raises(DamagedStore, match="restore"):
            read(tmp_path, key)


def test_a_page_of_zeros_in_any_place_is_found(tmp_path: Path, key: DataKey) -> None:
    path = tmp_path / "records.db"
    whole = path.read_bytes()
    for start in range(0, len(whole), 4096):
        path.write_bytes(whole[:start] + bytes(4096) + whole[start + 4096 :])
        with pytest.raises(DamagedStore, match="restore"):
            read(tmp_path, key)


@pytest.mark.parametrize("content", [b"SQLite format 3\x00" + bytes(8176), b"hello\n" * 999, b"\x00" * 4096, b"x"])
def test_a_file_that_is_no_record_is_damaged(tmp_path: Path, key: DataKey, content: bytes) -> None:
    (tmp_path / "records.db").write_bytes(content)
    with pytest.raises(DamagedStore, match="damaged or not a record"):
        read(tmp_path, key)


def test_the_key_of_another_record_is_not_enough(tmp_path: Path, key: DataKey) -> None:
    other = tmp_path / "other"
    other.mkdir()
    Store.create(other, WORDS, slot="Anna", cost=FAST).close()
    shutil.copy(tmp_path / "records.db", other / "records.db")
    with pytest.raises(DamagedStore, match=r"restore records\.db and records\.keys"):
        read(other, keys.unlock(other, WORDS).key)


def test_a_missing_record_is_a_sentence_and_is_not_made(tmp_path: Path, key: DataKey) -> None:
    (tmp_path / "records.db").unlink()
    with pytest.raises(StoreError, match="is missing; restore it"):
        Store.open(tmp_path, key)
    assert not (tmp_path / "records.db").exists()


def test_a_folder_in_place_of_the_record_is_a_sentence(tmp_path: Path, key: DataKey) -> None:
    (tmp_path / "records.db").unlink()
    (tmp_path / "records.db").mkdir()
    with pytest.raises(StoreError):
        Store.open(tmp_path, key)


def test_a_record_of_a_newer_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as later:
        later.setattr("evaluation.collect.record.database.FORMAT", database.FORMAT + 1)
        made = Store.create(tmp_path, WORDS, slot="Anna", cost=FAST)
    made.close()
    with pytest.raises(StoreError, match="newer version"):
        Store.open(tmp_path, made.key)


def test_a_writer_that_waits_too_long_says_that_nothing_was_stored(tmp_path: Path, key: DataKey) -> None:
    entry = entries.row("t", key=["k"], values={"k": "1"}, actor="Anna")
    with Store.open(tmp_path, key) as holder, Store.open(tmp_path, key, patience=0.1) as waiting:
        with holder._transaction("IMMEDIATE"), pytest.raises(StoreError, match="in use by another program"):
            waiting.append([entry])
        assert waiting.append([entry]).stored == 1


def test_a_full_disk_stores_nothing_and_says_so(tmp_path: Path, key: DataKey) -> None:
    with Store.open(tmp_path, key) as store:
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        values = {"k": "1", "v": "z" * 100_000}
        with pytest.raises(StoreError, match="full; nothing was stored"):
            store.append([entries.row("t", key=["k"], values=values, actor="Anna")])
        assert store.verify() == 40


def test_a_clock_that_fails_leaves_nothing_behind(tmp_path: Path, key: DataKey) -> None:
    def broken() -> dt.datetime:
        raise KeyboardInterrupt

    with Store.open(tmp_path, key, clock=broken) as store:
        with pytest.raises(KeyboardInterrupt):
            store.append([entries.row("t", key=["k"], values={"k": "1"}, actor="Anna")])
        assert store.verify() == 40


def test_nothing_is_written_to_the_screen_about_a_damaged_page(
    tmp_path: Path, key: DataKey, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "records.db"
    path.write_bytes(b"\x07" * path.stat().st_size)
    with pytest.raises(DamagedStore):
        read(tmp_path, key)
    assert capfd.readouterr() == ("", "")


def test_a_record_lies_open_to_its_owner_only_and_shows_no_text(tmp_path: Path) -> None:
    with Store.create(tmp_path, WORDS, slot="Anna", cost=FAST) as store:
        values = {"participant": "P-017", "wave": "baseline", "note": "afraid at night"}
        store.append([entries.row("security", key=["participant"], values=values, actor="Anna")])
        for path in tmp_path.iterdir():
            lying = path.read_bytes()
            assert not any(word in lying for word in (b"P-017", b"afraid", b"security", b"SQLite"))
            if sys.platform != "win32":
                assert path.stat().st_mode & 0o077 == 0


def test_a_page_that_cannot_be_read_while_the_record_is_asked_is_a_sentence(tmp_path: Path, key: DataKey) -> None:
    path = tmp_path / "records.db"
    whole = path.read_bytes()
    new = entries.row("security", key=["participant"], values={"participant": "P-900"}, actor="Anna")
    met = 0
    for start in range(4096, len(whole), 4096):
        for ask in (
            lambda store: store.ask(lambda current: current.rows("security")),
            lambda store: store.append(lambda current: [new for _ in current.rows("security")]),
            lambda store: store.append(lambda current: (new for _ in range(1) if current.rows("security"))),
        ):
            path.write_bytes(whole[: start + 99] + bytes([whole[start + 99] ^ 1]) + whole[start + 100 :])
            try:
                with Store.open(tmp_path, key) as store:
                    ask(store)
            except DamagedStore:
                met += 1
            for journal in tmp_path.glob("records.db-*"):
                journal.unlink()
    assert met > len(whole) // 4096


def test_a_lack_of_memory_while_entries_are_made_is_no_damaged_record(tmp_path: Path, key: DataKey) -> None:
    def made(_: Current) -> Iterator[Entry]:
        yield entries.row("security", key=["participant"], values={"participant": "P-900"}, actor="Anna")
        raise MemoryError

    with Store.open(tmp_path, key) as store:
        with pytest.raises(MemoryError):
            store.append(made)
        assert store.verify() == 40
