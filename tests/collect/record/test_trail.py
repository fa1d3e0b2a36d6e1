"""Who opened what stays in the encrypted file: added to, never changed, without the code of whoever was erased."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluation.collect.access import keys
from evaluation.collect.record import entries, trail
from evaluation.collect.record.store import Store
from evaluation.collect.record.trail import Trace
from evaluation.collect.safety import merging, verification
from evaluation.errors import StoreError

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
FAST = 2**4
OPENED = [
    Trace(NOON, "Ewa", "signed_in"),
    Trace(NOON + dt.timedelta(minutes=1), "Ewa", "opened", "person", "", "P-001"),
    Trace(NOON + dt.timedelta(minutes=2), "Jan", "opened", "questionnaire", "security baseline", "P-002"),
    Trace(NOON + dt.timedelta(minutes=3), "Ewa", "exported", "command", "support", "P-001"),
]


def made(folder: Path) -> Store:
    folder.mkdir()
    return Store.create(
        folder, keys.passphrase("long enough"), slot="Ewa", cost=FAST, clock=lambda: NOON + dt.timedelta(hours=1)
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with made(tmp_path / "one") as opened:
        trail.add(opened, OPENED)
        yield opened


def enrolled(code: str) -> entries.Entry:
    return entries.row("participants", key=["participant"], values={"participant": code, "age": "1"}, actor="Ewa")


def test_the_newest_stand_first_and_changes_of_the_record_among_them(store: Store) -> None:
    first = enrolled("P-001")
    store.append([first])
    store.append([entries.correction(first.id, values={"participant": "P-001", "age": "2"}, actor="Jan")])
    change = Trace(NOON + dt.timedelta(hours=1), "Jan", "correction", "", "participants", "P-001")
    assert trail.read(store, limit=9) == (change, *reversed(OPENED))
    assert trail.read(store, limit=2) == (change, OPENED[3])
    assert trail.read(store, limit=9, before=OPENED[2].at) == (OPENED[1], OPENED[0])
    assert trail.read(store, limit=9, participant="P-001") == (change, OPENED[3], OPENED[1])
    assert trail.read(store, limit=9, participant="P-00") == ()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM trail WHERE number = 2",
        "UPDATE trail SET actor = 'Jan' WHERE number = 2",
        "UPDATE trail SET participant = '' WHERE number = 2",
        "UPDATE trail SET participant = '(erased)' WHERE number = 2",
        "INSERT OR REPLACE INTO trail VALUES (2, '', '', '', '', '', '')",
    ],
)
def test_what_stands_in_it_is_never_changed(store: Store, statement: str) -> None:
    with pytest.raises(StoreError, match="append"), store.transaction("IMMEDIATE") as execute:
        execute(statement)
    assert trail.read(store, limit=9) == tuple(reversed(OPENED))


def test_an_erasure_takes_her_code_out_of_it_and_leaves_who_looked(store: Store) -> None:
    store.append([enrolled("P-001"), enrolled("P-002")])
    store.append([entries.erasure("P-001", actor="Ewa")])
    late = Trace(NOON + dt.timedelta(minutes=4), "Jan", "opened", "person", "", "P-001")
    trail.add(store, [late])
    read = trail.read(store, limit=9)
    assert [(each.actor, each.act, each.participant) for each in read] == [
        ("Ewa", "erasure", "(erased)"),
        ("Jan", "opened", "(erased)"),
        ("Ewa", "exported", "(erased)"),
        ("Jan", "opened", "P-002"),
        ("Ewa", "opened", "(erased)"),
        ("Ewa", "signed_in", ""),
    ]
    store.verify()


def test_an_erasure_that_comes_in_a_parcel_takes_her_code_out_and_the_trail_itself_stays_at_home(
    store: Store, tmp_path: Path
) -> None:
    person = enrolled("P-001")
    with made(tmp_path / "other") as other:
        other.append([person])
        other.append([entries.erasure("P-001", actor="Jan")])
        with other.transaction("DEFERRED") as execute:
            sent = merging.shared(execute)
    store.append([enrolled("P-002")])
    merging.merge(store, sent, actor="Ewa")
    codes = [each.participant for each in trail.read(store, limit=9) if each.act in ("opened", "exported")]
    assert codes == ["(erased)", "P-002", "(erased)"]
    with store.transaction("DEFERRED") as execute:
        assert len(merging.shared(execute)) == 3


def test_whoever_is_writing_is_not_waited_for_and_nothing_is_lost(store: Store, tmp_path: Path) -> None:
    more = [Trace(NOON, "Jan", "signed_in")]
    with Store.open(tmp_path / "one", store.key) as other:
        with other.transaction("IMMEDIATE"), pytest.raises(StoreError, match="in use"):
            trail.add(store, more)
        trail.add(store, more)
        assert len(trail.read(other, limit=9)) == 5
        settings = [
            store._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "busy_timeout")
        ]
    assert settings == [2, 30_000]


@pytest.mark.parametrize("gone", [2, 4])
def test_a_line_that_is_missing_is_told(store: Store, gone: int) -> None:
    assert verification.verified(store).faults == ()
    with store.transaction("IMMEDIATE") as execute:
        execute("DROP TRIGGER trail_delete")
        execute("DELETE FROM trail WHERE number = ?", (gone,))
    assert [(fault.key, fault.facts) for fault in verification.verified(store).faults] == [
        ("collect.verify.trail", {"n": 1})
    ]
