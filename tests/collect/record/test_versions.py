"""What an earlier version wrote is brought forward whole; what a newer one wrote is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from evaluation.collect.access import keys
from evaluation.collect.record import database, trail
from evaluation.collect.record.store import Store
from evaluation.errors import StoreError
from tests.conftest import golden


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A record as the first version wrote it."""
    made, folder = golden("first", tmp_path / "whole"), tmp_path / "first"
    folder.mkdir()
    for name in ("records.db", "records.keys", "golden.key"):
        shutil.copy(made / name, folder)
    return folder


def opened(folder: Path) -> Store:
    return Store.open(folder, keys.unlock(folder, keys.read_key_file(folder / "golden.key")).key)


def version(store: Store) -> int:
    ((written,),) = store._connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchall()
    return int(written)


def test_a_record_of_the_first_version_becomes_one_of_today_and_no_copy_of_it_is_left(first: Path) -> None:
    for _ in range(2):
        with opened(first) as store:
            assert (store.verify(), version(store)) == (86, database.FORMAT)
    assert sorted(path.name for path in first.iterdir()) == ["golden.key", "records.db", "records.keys"]


def test_where_a_step_fails_the_record_stays_as_it_was_with_its_copy_beside_it(
    first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(database, "_STEPS", {2: ("CREATE INDEX events_kind ON events (kind)", "CREATE NONSENSE")})
        with pytest.raises(StoreError):
            opened(first)
    assert (first / "records.db.earlier").exists()
    with opened(first) as store:
        assert (store.verify(), version(store)) == (86, database.FORMAT)
    assert not (first / "records.db.earlier").exists()


def test_a_newer_record_is_refused_and_left_alone(first: Path) -> None:
    with opened(first) as store:
        store._connection.execute("UPDATE meta SET value = ? WHERE name = 'format'", (str(database.FORMAT + 1),))
    with pytest.raises(StoreError, match="newer version"):
        opened(first)
    assert not (first / "records.db.earlier").exists()


def test_who_opened_what_is_read_as_the_third_version_wrote_it(tmp_path: Path) -> None:
    golden("trail", tmp_path / "trail")
    folder = tmp_path / "trail" / "office"
    key = keys.unlock(folder, keys.read_key_file(tmp_path / "trail" / "golden.key")).key
    with Store.open(folder, key) as store:
        store.verify()
        found = [(each.act, each.page, each.about, each.participant) for each in trail.read(store, limit=9)]
    assert sorted(found) == [
        ("erasure", "", "", "(erased)"),
        ("exported", "print", "", "(erased)"),
        ("opened", "questionnaire", "security baseline", "P-001"),
        ("signed_in", "", "", ""),
    ]


def test_rows_that_a_killed_program_of_the_fourth_version_left_apart_are_there(tmp_path: Path) -> None:
    golden("fresh", tmp_path / "fresh")
    folder = tmp_path / "fresh" / "office"
    key = keys.unlock(folder, keys.read_key_file(tmp_path / "fresh" / "golden.key")).key
    with Store.open(folder, key) as store:
        held = [(row.place, row.values["enrolled_on"]) for row in store.rows("participants")]
        assert store.verify() == 4
    assert held == [(("P-001",), "2026-01-09"), (("P-002",), "2026-01-02"), (("P-003",), "2026-01-03")]
