"""Every broken place of a record is named; an older file and a clock that was wrong are noticed."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluation.collect.access import keys
from evaluation.collect.record import entries
from evaluation.collect.record.store import Store
from evaluation.collect.safety import clock, seen
from evaluation.collect.safety.verification import Verified, broken_pages, verified
from evaluation.errors import DamagedStore, FileRefused, StoreError
from tests.conftest import worded

WORDS = keys.passphrase("long enough words")
NOON = dt.datetime(2026, 3, 9, 12, tzinfo=dt.UTC)


def row(number: int, **cells: str) -> entries.Entry:
    values = {"participant": f"P-{number:03}", "note": "z" * 700, **cells}
    return entries.row("security", key=["participant"], values=values, actor="Anna")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open record of 30 rows."""
    with Store.create(tmp_path, WORDS, slot="Anna", cost=2**4, clock=lambda: NOON) as made:
        made.append([row(number) for number in range(30)])
        yield made


def found(store: Store, printed: str = "") -> Verified:
    return verified(store, printed=printed)


def tamper(store: Store, *statements: str) -> None:
    """What somebody with the key and a database shell could do."""
    store.head()  # no row is fresh any more
    connection = store._connection
    for kind in ("events_update", "events_delete", "event_keys_update", "event_keys_delete"):
        connection.execute(f"DROP TRIGGER IF EXISTS {kind}")
    connection.execute("PRAGMA foreign_keys = OFF")
    for statement in statements:
        connection.execute(statement)


# --- broken places ---------------------------------------------------------------------------------


def test_a_whole_record_has_no_faults_one_head_and_all_its_entries(store: Store) -> None:
    whole = found(store, printed=store.head())
    assert (whole.entries, whole.faults, list(whole.heads.values())) == (30, (), [store.head()])
    store.append([entries.erasure("P-007", actor="Anna")])
    assert (found(store).entries, found(store).faults) == (31, ())


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (["UPDATE events SET actor = 'Ewa' WHERE entry = 4", "UPDATE events SET actor = 'E' WHERE entry = 9"], [4, 9]),
        (["UPDATE events SET sealed = zeroblob(600) WHERE entry = 30"], [30]),
        (["UPDATE events SET hash = zeroblob(32) WHERE entry = 5"], [5, 6]),
        (["DELETE FROM event_keys WHERE participant = 'P-011'"], [12]),
        (["UPDATE event_keys SET material = zeroblob(32) WHERE participant = 'P-000'"], [1]),
        (["DELETE FROM events WHERE entry = 8"], [9]),
    ],
)
def test_each_broken_entry_is_named_and_no_other(store: Store, statements: list[str], told: list[int]) -> None:
    tamper(store, *statements)
    assert worded(found(store).faults) == [f"Entry {number} is not what was written." for number in told]


def test_many_broken_places_are_counted_and_not_all_told(store: Store) -> None:
    tamper(store, "UPDATE events SET actor = 'Ewa'")
    told = worded(found(store).faults)
    assert (len(told), told[-1]) == (21, "… and 10 further places.")


def test_what_is_kept_beside_the_entries_is_held_against_them(store: Store) -> None:
    tamper(store, "DELETE FROM places WHERE place LIKE '%P-003%'")
    assert worded(found(store).faults) == [
        "What is kept beside the entries is not what they say; the next entry that is stored puts it right."
    ]


def test_a_head_that_was_printed_and_is_gone_is_told(store: Store) -> None:
    assert worded(found(store, printed="ab" * 32).faults) == [
        "Entries that an earlier report rests on are missing: its head is nowhere in the chain."
    ]


def test_every_flipped_byte_of_a_page_is_told_with_its_page_and_nothing_is_stored_over_the_header(
    store: Store, tmp_path: Path
) -> None:
    key = store.key
    store.close()
    path = tmp_path / "records.db"
    whole = path.read_bytes()
    pages = len(whole) // 4096
    for page in (2, 3, pages // 2, pages - 1):
        broken = bytearray(whole)
        broken[page * 4096 + 1000] ^= 8
        path.write_bytes(broken)
        told = worded(broken_pages(path, key.derive("records.db")))
        assert told[0] == f"Page {page + 1} of records.db is not what was written."
    path.write_bytes(whole[:-1000])
    told = worded(broken_pages(path, key.derive("records.db")))
    assert told == [f"Page {pages} of records.db is not what was written."]
    for place in (3, 20, 500, 4000):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(DamagedStore, match="restore"), Store.open(tmp_path, key) as opened:
            opened.append([row(99)])
    path.write_bytes(broken)
    with Store.open(tmp_path, key) as opened:
        told = worded(found(opened).faults)
        assert told[0] == f"Page {pages} of records.db is not what was written."
    path.write_bytes(whole)
    with Store.open(tmp_path, key) as opened:
        assert found(opened).entries == 30


def test_pages_that_wait_in_the_journal_until_somebody_has_read_are_no_damage_and_broken_ones_are_told_meanwhile(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "records.db"
    store.append([row(number) for number in range(30, 90)])
    with Store.open(tmp_path, store.key) as other, other.transaction("DEFERRED") as execute:
        execute("SELECT count(*) FROM events").fetchone()
        for number in range(90, 99):
            store.append([row(number)])
            store.head()
        ((_, log, done),) = store._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        assert 0 < done < log
        frames = (tmp_path / "records.db-wal").read_bytes()[32:]
        held = [int.from_bytes(frames[at : at + 4]) for at in range(0, len(frames), 4120)]
        whole = path.read_bytes()
        assert bytes(4096) in [whole[at : at + 4096] for at in range(0, len(whole), 4096)]  # it waits for its turn
        assert (store.verify(), found(store).faults) == (99, ())
        waits, copied = min({*held[done:]} - {1}), min({*held[:done]} - {*held[done:]})
        for page, told in ((waits, []), (copied, [f"Page {copied} of records.db is not what was written."])):
            at = page * 4096 - 1000
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 8]) + whole[at + 1 :])
            assert worded(found(store).faults) == told
            with contextlib.nullcontext() if page == waits else pytest.raises(DamagedStore):
                store.verify()
        path.write_bytes(whole)
    assert (store.verify(), found(store).faults) == (99, ())


def test_an_entry_is_never_added_to_a_last_one_that_is_not_what_was_written(store: Store) -> None:
    tamper(store, "UPDATE events SET actor = 'Ewa' WHERE entry = 30")
    with pytest.raises(DamagedStore, match="entry 30"):
        store.append([row(30)])
    assert found(store).entries == 30


# --- an older file -------------------------------------------------------------------------------


def test_an_older_file_put_in_place_is_noticed_and_a_newer_or_copied_one_is_not(store: Store, tmp_path: Path) -> None:
    memory, folder = tmp_path / "memory", tmp_path
    store.overwrite_journal()
    older = (folder / "records.db").read_bytes()
    seen.check(store, folder, where=memory)
    store.append([row(30), row(31)])
    seen.check(store, folder, where=memory)
    key = store.key
    store.close()
    newer = (folder / "records.db").read_bytes()
    (folder / "records.db").write_bytes(older)
    with Store.open(folder, key) as opened:
        with pytest.raises(StoreError, match=r"older than what was last seen here: 2 entries are missing"):
            seen.check(opened, folder, where=memory)
        seen.check(opened, tmp_path / "elsewhere", where=memory)
    (folder / "records.db").write_bytes(newer)
    with Store.open(folder, key) as opened:
        seen.check(opened, folder, where=memory)


def test_an_older_file_that_went_on_differently_is_noticed_too(store: Store, tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    store.overwrite_journal()
    older = (tmp_path / "records.db").read_bytes()
    store.append([row(30)])
    seen.check(store, tmp_path, where=memory)
    key = store.key
    store.close()
    (tmp_path / "records.db").write_bytes(older)
    with Store.open(tmp_path, key) as opened:
        opened.append([row(40), row(41)])
        with pytest.raises(StoreError, match="older than what was last seen here"):
            seen.check(opened, tmp_path, where=memory)


def test_what_is_remembered_tells_nothing_and_what_cannot_be_remembered_stops_nobody(
    store: Store, tmp_path: Path
) -> None:
    memory = tmp_path / "memory"
    seen.check(store, tmp_path, where=memory)
    (file,) = memory.iterdir()
    assert tmp_path.name not in file.name
    assert {"seq", "hash"} == set(__import__("json").loads(file.read_text()))
    file.write_text("something else")
    seen.check(store, tmp_path, where=memory)
    shutil.rmtree(memory)
    memory.write_text("no folder")
    seen.check(store, tmp_path, where=memory)


# --- clocks --------------------------------------------------------------------------------------


def test_entries_and_dates_of_a_clock_that_was_ahead_are_told_afterwards(tmp_path: Path) -> None:
    now = [NOON]
    with Store.create(tmp_path, WORDS, slot="Anna", cost=2**4, clock=lambda: now[0]) as store:
        store.append([row(1, date="2026-03-09")])
        assert clock.behind(store, now=NOON) is None
        assert list(clock.lines(store, now=NOON)) == []
        now[0] = NOON + dt.timedelta(days=60)
        store.append([row(2, date="2026-05-01"), row(3, date="2026-03-01")])
        behind = clock.behind(store, now=NOON)
        assert behind is not None
        assert "says 9 March 2026, but the last entry here was made on 8 May 2026" in worded([behind])[0]
        now[0] = NOON + dt.timedelta(days=1)
        store.append([row(4, date="2026-03-10")])
        assert clock.behind(store, now=now[0]) is None
        for later in (2, 300):
            told = worded(clock.lines(store, now=NOON + dt.timedelta(days=later)))
            assert told[0].startswith("2 entries were recorded while the clock of their computer was ahead")
            assert [line.partition(":")[0].strip() for line in told[1:]] == ["security, P-002"]


def test_nothing_is_stored_beside_a_wrong_clock_until_it_is_right_or_called_so(tmp_path: Path) -> None:
    now = [NOON + dt.timedelta(days=60)]
    with Store.create(tmp_path, WORDS, slot="Anna", cost=2**4, clock=lambda: now[0]) as store:
        clock.stop(store)
        store.append([row(1)])
        now[0] = NOON
        with pytest.raises(FileRefused, match=r"says 9 March 2026.*made on 8 May 2026.*Nothing was stored") as refused:
            clock.stop(store)
        assert (refused.value.reason, refused.value.exit_code) == ("wrong_clock", 9)
        clock.call_right(store)
        clock.stop(store)
        assert clock.behind(store, now=NOON) is None
        now[0] = NOON + dt.timedelta(days=40)
        store.append([row(2)])
        now[0] = NOON
        with pytest.raises(FileRefused):
            clock.stop(store)
        assert store.verify() == 2


@pytest.mark.parametrize(("hours", "told"), [(24, False), (25, True)])
def test_time_zones_are_no_wrong_clocks(tmp_path: Path, hours: int, told: bool) -> None:
    ahead = NOON + dt.timedelta(hours=hours)
    with Store.create(tmp_path, WORDS, slot="Anna", cost=2**4, clock=lambda: ahead) as store:
        store.append([row(1)])
        assert (clock.behind(store, now=NOON) is not None) == told
        assert bool(list(clock.lines(store, now=NOON))) == told
