"""What this version wrote stays readable: two chains, slots with roles, a parcel, a backup, a half change."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.collect.access import keys
from evaluation.collect.access.keys import Secret
from evaluation.collect.record.store import Store
from evaluation.collect.safety import backup, office, parcel, restore
from tests import conftest


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    """A copy of the files."""
    return conftest.golden("exchange", tmp_path / "golden")


def key_file(golden: Path) -> Secret:
    return keys.read_key_file(golden / "golden.key")


def test_slots_open_by_key_file_passphrase_and_recovery_code(golden: Path) -> None:
    ways = [
        key_file(golden),
        keys.passphrase("golden passphrase"),
        keys.passphrase((golden / "golden.code").read_text()),
    ]
    who = [keys.unlock(golden / "backup", way) for way in ways]
    assert [(each.name, each.role) for each in who] == [
        ("Anna", "coordinator"), ("Ewa", "caseworker"), ("recovery", "coordinator"),
    ]  # fmt: skip
    assert {each.key.derive("plan").hex() for each in who} == {(golden / "fingerprint").read_text().strip()}


def test_a_backup_is_restored_with_both_chains_and_the_erasure(golden: Path, tmp_path: Path) -> None:
    made = backup.read(golden / "backup")
    assert made.entries == 7
    restore.restore(made, tmp_path / "again", keys.unlock(golden / "backup", key_file(golden)).key)
    with Store.open(tmp_path / "again", keys.unlock(tmp_path / "again", key_file(golden)).key) as store:
        assert store.verify() == 7
        assert store.erased() == {"P-1"}
        assert len(store.content().heads) == 2
        assert {row.place[0]: row.values["value"] for row in store.rows("people")} == {
            "P-2": "b", "P-3": "f", "P-4": "e",
        }  # fmt: skip


def test_a_key_change_that_was_interrupted_is_finished_and_the_parcel_taken(golden: Path) -> None:
    south = golden / "south"
    with Store.open(south, keys.unlock(south, key_file(golden)).key) as store:
        assert store.verify() == 2
        sender = office.parse((golden / "north.id").read_text())
        merged = parcel.take(store, "golden", golden / "north.age", actor="Ewa", sender=sender)
        assert (merged.new, merged.already) == (5, 2)
        assert store.erased() == {"P-1"}
        assert {row.place[0]: row.values["value"] for row in store.rows("people")} == {
            "P-2": "b", "P-3": "f", "P-4": "e",
        }  # fmt: skip
