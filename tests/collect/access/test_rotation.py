"""The record gets another data key: everybody keeps her way in; a crash leaves the old one or the new."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from evaluation.collect.access import keys, rotation, secret, sidecar
from evaluation.collect.access.keys import DataKey
from evaluation.collect.record import database, entries
from evaluation.collect.record.store import Store
from evaluation.errors import DamagedStore, StoreError, WrongPassphrase
from tests.conftest import golden

FAST = 2**4
ANNA, EWA = keys.passphrase("zażółć gęślą jaźń"), keys.passphrase("another phrase")


@pytest.fixture
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder of the first version."""
    return golden("first", tmp_path_factory.mktemp("old") / "project")


FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks on this system")


def row(number: int) -> entries.Entry:
    values = {"participant": f"P-{number:03}", "note": "z" * 700}
    return entries.row("security", key=["participant"], values=values, actor="Anna")


@pytest.fixture
def before(tmp_path: Path) -> DataKey:
    """A closed record of 30 rows that Anna, Ewa, a key file and a recovery code open; its first data key."""
    with Store.create(tmp_path, ANNA, slot="Anna", cost=FAST) as store:
        store.append([row(number) for number in range(30)])
        keys.add_slot(tmp_path, store.key, secret=EWA, slot="Ewa", role="caseworker", cost=FAST)
        office = keys.make_key_file(tmp_path / "office.key")
        keys.add_slot(tmp_path, store.key, secret=office, slot="office", role="evaluator")
        (tmp_path / "code").write_text(keys.add_recovery(tmp_path, store.key, cost=FAST))
        return store.key


def ways_in(folder: Path) -> list[keys.Secret]:
    return [ANNA, EWA, keys.read_key_file(folder / "office.key"), keys.passphrase((folder / "code").read_text())]


def entries_for_everybody(folder: Path) -> int:
    """The number of entries, which everybody who has a slot finds."""
    counts = set()
    for way in ways_in(folder):
        with Store.open(folder, keys.unlock(folder, way).key) as store:
            counts.add(store.verify())
    (count,) = counts
    return count


def test_everybody_keeps_her_slot_and_role_and_the_old_key_opens_nothing(tmp_path: Path, before: DataKey) -> None:
    shutil.copytree(tmp_path, tmp_path / "taken")
    slots = keys.slots(tmp_path)
    assert keys.rotate(tmp_path, ANNA) == ()
    assert keys.slots(tmp_path) == slots
    assert keys.unlock(tmp_path, EWA).key.material != before.material
    assert entries_for_everybody(tmp_path) == 30
    with Store.open(tmp_path, keys.unlock(tmp_path, ANNA).key) as store:
        store.append([row(30)])
    with pytest.raises(DamagedStore):
        Store.open(tmp_path, before)
    with pytest.raises(WrongPassphrase):
        keys.unlock(tmp_path, keys.Secret("data key", before.material))
    shutil.copy(tmp_path / "records.db", tmp_path / "taken")  # the copied slots with the file of today
    with pytest.raises(DamagedStore):
        Store.open(tmp_path / "taken", keys.unlock(tmp_path / "taken", EWA).key)


def test_who_was_removed_is_shut_out_of_what_comes_later(tmp_path: Path, before: DataKey) -> None:
    keys.remove_slot(tmp_path, before, slot="Ewa")
    keys.rotate(tmp_path, ANNA)
    with pytest.raises(WrongPassphrase):
        keys.unlock(tmp_path, EWA)
    text = (tmp_path / keys.NAME).read_text(encoding="utf-8")
    assert '"Ewa' not in text  # without the quotation mark, random base64 may spell it
    assert {slot["name"] for slot in json.loads(text)["slots"]} == {"Anna", "office", "recovery"}
    assert sidecar.NEXT not in json.loads(text)


def test_no_page_stays_under_the_old_key_and_no_journal_is_left(tmp_path: Path, before: DataKey) -> None:
    pages = (tmp_path / "records.db").read_bytes()
    keys.rotate(tmp_path, ANNA)
    now = (tmp_path / "records.db").read_bytes()
    old, new = ({part[at : at + 4096] for at in range(0, len(part), 4096)} for part in (pages, now))
    assert len(new) > 8
    assert not old & new
    assert {path.name for path in tmp_path.iterdir()} == {"records.db", "records.keys", "office.key", "code"}


def test_chain_and_seals_made_before_stay_what_they_were_and_a_second_change_keeps_them(
    tmp_path: Path, before: DataKey
) -> None:
    with Store.open(tmp_path, before) as store:
        head = store.head()
    for _ in range(2):
        keys.rotate(tmp_path, EWA)
        with Store.open(tmp_path, keys.unlock(tmp_path, EWA).key) as store:
            assert store.head() == head
            assert [store.key.derive(purpose) for purpose in secret.LASTING] == [
                before.derive(purpose) for purpose in secret.LASTING
            ]
            assert store.key.derive("check") != before.derive("check")


def test_every_purpose_of_a_derived_key_either_lasts_or_belongs_to_the_data_key() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(keys.__file__).parents[2].rglob("*.py")]
    purposes = {purpose for source in sources for purpose in re.findall(r'\bderive\("([\w.]+)"\)', source)}
    assert {"check", "plan"} <= purposes
    assert purposes - {"check", "slots", "rotation", "records.db", "desk", "batch"} == set(secret.LASTING)


def test_while_another_program_has_the_record_open_nothing_changes(tmp_path: Path, before: DataKey) -> None:
    slots = (tmp_path / keys.NAME).read_bytes()
    with Store.open(tmp_path, before) as store:
        with pytest.raises(StoreError, match="close the other programs"):
            keys.rotate(tmp_path, ANNA)
        store.append([row(30)])
    assert (tmp_path / keys.NAME).read_bytes() == slots
    assert entries_for_everybody(tmp_path) == 31


def test_a_slot_of_the_first_version_goes_unless_it_is_ones_own_and_is_named(tmp_path: Path, old: Path) -> None:
    for name in ("records.db", "records.keys"):
        shutil.copy(old / name, tmp_path)
    file = keys.read_key_file(old / "golden.key")
    first = keys.unlock(tmp_path, file)
    keys.add_slot(tmp_path, first.key, secret=EWA, slot="Ewa", role="caseworker", cost=FAST)
    assert keys.rotate(tmp_path, EWA) == (first.name,)
    with pytest.raises(WrongPassphrase):
        keys.unlock(tmp_path, file)
    with Store.open(tmp_path, keys.unlock(tmp_path, EWA).key) as store:
        assert store.verify() == 86
    shutil.copy(old / "records.db", tmp_path)
    shutil.copy(old / "records.keys", tmp_path)
    assert keys.rotate(tmp_path, file) == ()
    assert keys.unlock(tmp_path, file).key.material != first.key.material


# --- killed in the middle ------------------------------------------------------------------------


def child(work: Callable[[], object]) -> int:
    """How a process of its own ended that did ``work``."""
    process = os.fork()
    if process == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@FORKS
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("step", ["sidecar 1", "sidecar 2", "keep", "rekey", "after rekey"])
def test_killed_between_two_steps_the_record_opens_for_everybody_and_can_be_given_a_key_again(
    tmp_path: Path, before: DataKey, step: str
) -> None:
    written = []

    def work() -> None:
        name, _, number = step.partition(" ")
        write, rekey = sidecar.write, database.rekey
        if name == "sidecar":
            sidecar.write = lambda *given: die() if len(written) + 1 == int(number) else written.append(write(*given))
        elif name == "after":
            database.rekey = lambda *given: (rekey(*given), die())
        else:
            setattr(database, name, die)
        keys.rotate(tmp_path, ANNA)

    assert child(work) == -signal.SIGKILL
    assert entries_for_everybody(tmp_path) == 30
    changed = keys.unlock(tmp_path, ANNA).key.material != before.material
    assert changed == (step in ("sidecar 2", "after rekey"))
    assert sidecar.NEXT not in json.loads((tmp_path / keys.NAME).read_text(encoding="utf-8"))
    keys.rotate(tmp_path, EWA)
    assert entries_for_everybody(tmp_path) == 30


@FORKS
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_killed_at_any_moment_while_pages_are_encrypted_anew_one_of_both_keys_opens_it(
    tmp_path: Path, before: DataKey
) -> None:
    with Store.open(tmp_path, before) as store:
        store.append([row(number) for number in range(30, 400)])
    began = time.perf_counter()
    keys.rotate(tmp_path, EWA)
    lasts = time.perf_counter() - began
    outcomes = []
    for part in range(8):
        key = keys.unlock(tmp_path, EWA).key

        def work(part: int = part) -> None:
            if part < 7:  # the last one comes to its end, however slow the machine is
                threading.Timer(lasts * part / 6, die).start()
            keys.rotate(tmp_path, EWA)
            die()

        assert child(work) == -signal.SIGKILL
        with Store.open(tmp_path, keys.unlock(tmp_path, ANNA).key) as store:
            assert store.verify() == 400
        outcomes.append(keys.unlock(tmp_path, EWA).key.material != key.material)
    assert {*outcomes} == {False, True}
    assert entries_for_everybody(tmp_path) == 400


def test_a_full_disk_leaves_the_old_key(tmp_path: Path, before: DataKey, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(connection: database.Connection, key: bytes) -> None:
        raise sqlcipher.OperationalError("database or disk is full")

    monkeypatch.setattr(database, "rekey", full)
    with pytest.raises(StoreError):
        keys.rotate(tmp_path, ANNA)
    monkeypatch.undo()
    assert keys.unlock(tmp_path, EWA).key.material == before.material
    assert entries_for_everybody(tmp_path) == 30


def test_a_slot_is_not_added_while_the_key_is_being_changed(tmp_path: Path, before: DataKey) -> None:
    now = sidecar.read(tmp_path)
    sidecar.write(tmp_path, now | {sidecar.NEXT: sidecar.make(before, []) | {"from": rotation._closed(before, before)}})
    third = keys.passphrase("a third phrase")
    with pytest.raises(StoreError, match="being given another key"):
        keys.add_slot(tmp_path, before, secret=third, slot="Iwona", role="caseworker", cost=FAST)
