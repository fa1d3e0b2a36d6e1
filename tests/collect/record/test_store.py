"""The record takes entries whole, once, and never changes them; only an erasure destroys content."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from evaluation import files
from evaluation.collect.access import keys
from evaluation.collect.record import current, database, entries, replay
from evaluation.collect.record.current import Current
from evaluation.collect.record.entries import Entry
from evaluation.collect.record.store import Store
from evaluation.errors import DamagedStore, StoreError
from tests.records import decrypted

NOON = dt.datetime(2015, 3, 9, 12, 0, 30, tzinfo=dt.UTC)
SECURITY = ("participant", "wave")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    secret = keys.passphrase("long enough words")
    with Store.create(tmp_path, secret, slot="Anna", cost=2**4, clock=lambda: NOON) as made:
        yield made


def answers(participant: str, wave: str, sec_04: str, id: str | None = None) -> Entry:
    values = {"participant": participant, "wave": wave, "date": dt.date(2015, 3, 9), "sec_04": sec_04}
    return entries.row("security", key=SECURITY, values=values, actor="Anna", version="2", id=id)


@contextlib.contextmanager
def underneath(store: Store, folder: Path) -> Iterator[sqlcipher.Connection]:
    """The file itself, as somebody with the key and a database shell would open it; no row is fresh any more."""
    store.head()
    connection = sqlcipher.connect(folder / "records.db", isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{store.key.derive('records.db').hex()}'\"")
    yield connection
    connection.close()


def cell(store: Store, name: str) -> list[object]:
    return [row.values[name] for row in store.rows("security")]


def places(store: Store, table: str) -> set[tuple[str, ...]]:
    return {row.place for row in store.rows(table)}


# --- appending --------------------------------------------------------------------------------


def test_a_stored_row_comes_back_with_its_values_version_person_and_time(store: Store) -> None:
    store.append([answers("P-017", "baseline", "4")])
    (row,) = store.rows("security")
    assert row.values == {"participant": "P-017", "wave": "baseline", "date": "2015-03-09", "sec_04": "4"}
    assert (row.version, row.actor, row.recorded_at, row.place) == ("2", "Anna", NOON, ("P-017", "baseline"))


def test_the_receipt_counts_what_is_new_and_carries_the_head(store: Store) -> None:
    assert store.head() == "0" * 64
    first = answers("P-017", "baseline", "4")
    receipt = store.append([first, answers("P-003", "baseline", "2")])
    assert (receipt.stored, receipt.already, receipt.head) == (2, 0, store.head())
    again = store.append([first, answers("P-003", "endline", "5")])
    assert (again.stored, again.already) == (1, 1)
    assert again.head == store.head() != receipt.head


@pytest.mark.parametrize(("asked", "least"), [(False, 1), (True, 10)])
def test_one_more_row_writes_one_page_and_what_is_asked_next_writes_the_others(
    store: Store, tmp_path: Path, *, asked: bool, least: int
) -> None:
    journal, sizes = tmp_path / "records.db-wal", []
    for number in range(12):
        store.append([answers(f"P-{number:03}", "baseline", "4")])
        if asked:
            assert store.find("security", (f"P-{number:03}", "baseline")) is not None
        sizes.append(journal.stat().st_size)
    pages = [(after - before) / (4096 + 24) for before, after in itertools.pairwise(sizes)]
    # Entries by number, id and chain; keys by entry and person; places by row and entry; head; the page left empty.
    assert min(pages) == least


def test_of_many_rows_each_is_stored_before_the_next_is_made_and_one_that_cannot_be_undoes_all(store: Store) -> None:
    rows = [answers(f"P-{number:03}", "baseline", "4") for number in range(5)]
    known: list[int] = []

    def made(current: Current) -> Iterator[Entry]:
        for row in rows:
            known.append(sum(1 for _ in current.places("security")))
            yield row

    assert store.append(made).stored == 5
    assert known == [0, 1, 2, 3, 4]
    with pytest.raises(StoreError, match="entry 3 of 4"):
        store.append(
            lambda _: iter([answers("P-007", "mid", "1"), rows[0], answers("P-001", "baseline", "2"), rows[1]])
        )
    assert store.verify() == 5


def test_sending_a_submission_again_changes_nothing(store: Store) -> None:
    event = answers("P-017", "baseline", "4")
    store.append([event])
    head = store.head()
    receipt = store.append([event, event])
    assert (receipt.stored, receipt.already) == (0, 2)
    assert (store.head(), store.verify()) == (head, 1)


def test_a_submission_id_used_for_other_answers_is_refused(store: Store) -> None:
    event = answers("P-017", "baseline", "4")
    store.append([event])
    with pytest.raises(StoreError, match="send a changed answer as a correction"):
        store.append([answers("P-017", "baseline", "5", id=event.id)])
    assert cell(store, "sec_04") == ["4"]


def test_a_submission_id_is_the_same_in_capitals(store: Store) -> None:
    event = answers("P-017", "baseline", "4")
    store.append([event])
    assert store.append([answers("P-017", "baseline", "4", id=event.id.upper())]).already == 1


def test_one_bad_entry_keeps_the_whole_batch_out_and_says_which(store: Store) -> None:
    store.append([answers("P-001", "baseline", "1")])
    head = store.head()
    batch = [answers("P-002", "baseline", "2"), answers("P-001", "baseline", "3")]
    with pytest.raises(StoreError, match=r"entry 2 of 2: this row of 'security' is already there"):
        store.append(batch)
    assert places(store, "security") == {("P-001", "baseline")}
    assert store.head() == head


def test_the_rows_of_a_table_are_not_another_tables(store: Store) -> None:
    person = {"participant": "P-002", "country": "MD"}
    store.append(
        [
            answers("P-002", "endline", "2"),
            answers("P-001", "baseline", "2"),
            entries.row("participants", key=["participant"], values=person, actor="Anna"),
        ]
    )
    assert places(store, "security") == {("P-002", "endline"), ("P-001", "baseline")}
    assert places(store, "participants") == {("P-002",)}
    assert places(store, "nowhere") == set()


def test_a_row_without_its_key_cells_is_refused_by_column() -> None:
    with pytest.raises(StoreError, match="the column 'wave' is empty"):
        answers("P-001", "", "4")


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (dt.date(2015, 3, 9), "2015-03-09"),
        (dt.datetime(2015, 3, 9), "2015-03-09"),
        (float("nan"), None),
        (True, True),
        (2.5, 2.5),
        ("Zażółć 🙂", "Zażółć 🙂"),
    ],
)
def test_cells_are_stored_as_what_they_are(store: Store, value: object, stored: object) -> None:
    store.append([entries.row("t", key=["k"], values={"k": "1", "v": value}, actor="Anna")])
    (row,) = store.rows("t")
    assert row.values["v"] == stored
    assert type(row.values["v"]) is type(stored)


@pytest.mark.parametrize("value", [object(), dt.datetime(2015, 3, 9, 7), float("inf"), "\ud800", b"x", [1]])
def test_a_cell_that_cannot_be_stored_names_its_column(value: object) -> None:
    with pytest.raises(StoreError, match="'v'"):
        entries.row("t", key=["k"], values={"k": "1", "v": value}, actor="Anna")


def test_an_entry_needs_a_uuid_and_a_person() -> None:
    with pytest.raises(StoreError, match="not a UUID"):
        answers("P-001", "baseline", "4", id="seventeen")
    with pytest.raises(StoreError, match="name of the person"):
        entries.erasure("P-001", actor=" ")


def test_nothing_that_can_be_printed_shows_an_answer(store: Store) -> None:
    event = answers("P-017", "baseline", "very afraid")
    store.append([event])
    shown = f"{event!r} {store.rows('security')!r} {store.content()!r} {store!r}"
    assert "very afraid" not in shown


# --- corrections ------------------------------------------------------------------------------


def test_the_last_correction_holds_and_keeps_the_rows_place(store: Store) -> None:
    row = answers("P-017", "baseline", "4")
    store.append([row, answers("P-003", "baseline", "1")])
    for sec_04 in ("5", "2"):
        values = {"participant": "P-017", "wave": "baseline", "date": "2015-03-10", "sec_04": sec_04}
        store.append([entries.correction(row.id, values=values, actor="Ewa")])
    assert cell(store, "sec_04") == ["2", "1"]
    corrected = store.rows("security")[0]
    assert (corrected.actor, corrected.id, corrected.version) == ("Ewa", row.id, "2")
    assert store.find("security", ("P-017", "baseline")) == row.id


def test_a_row_struck_out_is_gone_and_its_place_is_free(store: Store) -> None:
    wrong = answers("P-017", "baseline", "4")
    store.append([wrong, entries.correction(wrong.id, values=None, actor="Anna")])
    assert store.rows("security") == ()
    assert store.find("security", ("P-017", "baseline")) is None
    store.append([answers("P-017", "baseline", "2")])
    assert cell(store, "sec_04") == ["2"]
    values = {"participant": "P-017", "wave": "baseline", "sec_04": "4"}
    with pytest.raises(StoreError, match="has taken its place"):
        store.append([entries.correction(wrong.id, values=values, actor="Anna")])
    assert store.verify() == 3


def test_a_row_struck_out_by_mistake_can_be_put_back(store: Store) -> None:
    row = answers("P-017", "baseline", "4")
    store.append([row, entries.correction(row.id, values=None, actor="Anna")])
    store.append([entries.correction(row.id, values=row.payload["values"], actor="Anna")])
    assert places(store, "security") == {("P-017", "baseline")}
    assert store.verify() == 3


def test_a_correction_cannot_move_a_row_to_another_participant_or_wave(store: Store) -> None:
    row = answers("P-017", "baseline", "4")
    visit = {"support_id": "S1", "participant": "P-017", "kind": "legal"}
    support = entries.row("visits", key=["support_id"], values=visit, actor="Anna")
    store.append([row, support])
    for values in ({"participant": "P-018", "wave": "baseline"}, {"participant": "P-017", "wave": "endline"}):
        with pytest.raises(StoreError, match="cannot move a row"):
            store.append([entries.correction(row.id, values=values, actor="Anna")])
    with pytest.raises(StoreError, match="cannot move a row"):
        store.append([entries.correction(support.id, values=visit | {"participant": "P-9"}, actor="Anna")])


def test_a_correction_must_name_a_row_that_is_there(store: Store) -> None:
    row = answers("P-017", "baseline", "4")
    again = entries.correction(row.id, values=row.payload["values"], actor="Anna")
    store.append([row, again])
    for of in (str(uuid.uuid4()), again.id):
        with pytest.raises(StoreError, match="corrects no stored row"):
            store.append([entries.correction(of, values=row.payload["values"], actor="Anna")])


def test_entries_that_did_not_change_are_opened_once_and_a_change_underneath_is_seen(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    real = replay.replay
    monkeypatch.setattr(replay, "replay", lambda *of, **how: opened.append(1) or real(*of, **how))
    store.append([answers("P-017", "baseline", "4")])
    opened.clear()  # an empty record was opened whole, so that it was
    assert store.content() is store.content()
    assert opened == [1]
    assert store.verify() == 1  # opens them all again
    store.append([answers("P-018", "baseline", "1")])
    assert places(store, "security") == {("P-017", "baseline"), ("P-018", "baseline")}
    assert opened == [1, 1, 1]
    with underneath(store, tmp_path) as file:
        file.execute("DROP TRIGGER events_update")
        file.execute("UPDATE events SET actor = 'Ewa' WHERE entry = 2")
    with pytest.raises(DamagedStore):
        store.content()


# --- withdrawal and erasure -------------------------------------------------------------------


def test_the_earliest_date_of_a_withdrawal_counts(store: Store) -> None:
    store.append([answers("P-017", "baseline", "4")])
    for day in (5, 2, 9):
        store.append([entries.withdrawal("P-017", since=dt.date(2015, 4, day), actor="Anna")])
    assert store.content().withdrawn == {"P-017": dt.date(2015, 4, 2)}


def test_withdrawing_or_erasing_somebody_unknown_is_refused(store: Store) -> None:
    session = entries.row("sessions", key=["session"], values={"session": "S1"}, actor="Anna")
    store.append([answers("P-017", "baseline", "4"), session])
    for event in (
        entries.withdrawal("P-71", since=dt.date(2015, 4, 1), actor="Anna"),
        entries.erasure("P-71", actor="Anna"),
        entries.erasure("", actor="Anna"),
    ):
        with pytest.raises(StoreError, match="check the code"):
            store.append([event])


def test_an_erasure_takes_every_entry_of_that_participant_and_of_nobody_else(store: Store) -> None:
    row = answers("P-017", "baseline", "4")
    store.append([row, answers("P-018", "baseline", "1"), answers("P-017", "endline", "5")])
    store.append([entries.correction(row.id, values=row.payload["values"] | {"sec_04": "3"}, actor="Anna")])
    store.append([entries.withdrawal("P-017", since=dt.date(2015, 4, 1), actor="Anna")])
    erasure = entries.erasure("P-017", actor="Ewa")
    store.append([erasure])
    content = store.content()
    assert [row.place for row in content.rows] == [("P-018", "baseline")]
    assert (content.withdrawn, content.erased) == ({}, {"P-017": erasure.id})
    assert places(store, "security") == {("P-018", "baseline")}
    assert store.erased() == {"P-017"}
    assert store.verify() == 6


def test_nothing_about_an_erased_participant_is_ever_stored_again(store: Store) -> None:
    row = answers("P-017", "baseline", "4")
    erasure = entries.erasure("P-017", actor="Anna")
    store.append([row, erasure])
    assert store.append([erasure]).already == 1
    for event in (
        row,
        answers("P-017", "endline", "1"),
        entries.correction(row.id, values=row.payload["values"], actor="Anna"),
        entries.withdrawal("P-017", since=dt.date(2015, 4, 1), actor="Anna"),
        entries.erasure("P-017", actor="Anna"),
    ):
        with pytest.raises(StoreError, match="erased"):
            store.append([event])
    assert store.verify() == 2


def test_the_keys_of_erased_entries_are_nowhere_in_the_decrypted_file(store: Store, tmp_path: Path) -> None:
    store.append([answers("P-017", "baseline", "4"), answers("P-018", "baseline", "1")])
    with underneath(store, tmp_path) as file:
        found = dict(file.execute("SELECT participant, material FROM event_keys").fetchall())
    key = store.key.derive("records.db")
    store.append([entries.erasure("P-017", actor="Anna")])
    assert (tmp_path / "records.db-wal").stat().st_size == 0
    with underneath(store, tmp_path) as file:
        left = file.execute("SELECT participant FROM event_keys ORDER BY participant").fetchall()
    assert left == [("",), ("P-018",)], "the erasure's own key belongs to nobody"
    pages = decrypted(tmp_path / "records.db", key)
    assert found["P-018"] in pages
    assert found["P-017"] not in pages


def test_answers_of_different_length_are_sealed_to_the_same_length(store: Store, tmp_path: Path) -> None:
    store.append([answers("P-017", "baseline", "4"), answers("P-018", "baseline", "afraid")])
    with underneath(store, tmp_path) as file:
        lengths = file.execute("SELECT DISTINCT length(sealed) FROM events").fetchall()
    assert len(lengths) == 1


# --- append-only, chained ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET actor = 'Nobody'",
        "DELETE FROM events",
        "UPDATE event_keys SET material = zeroblob(32)",
        "DELETE FROM event_keys",
        "REPLACE INTO events SELECT * FROM events",
        "REPLACE INTO event_keys SELECT event, 'P-1', material FROM event_keys",
    ],
)
def test_entries_cannot_be_changed_even_with_the_key(store: Store, tmp_path: Path, statement: str) -> None:
    store.append([answers("P-017", "baseline", "4")])
    with underneath(store, tmp_path) as file:
        file.execute("PRAGMA recursive_triggers = ON")
        with pytest.raises(sqlcipher.DatabaseError, match="append-only"):
            file.execute(statement)
    assert store.verify() == 1


def test_erased_participants_cannot_be_taken_off_the_list(store: Store, tmp_path: Path) -> None:
    store.append([answers("P-017", "baseline", "4"), entries.erasure("P-017", actor="Anna")])
    with underneath(store, tmp_path) as file:
        for statement in ("DELETE FROM erased", "UPDATE erased SET participant = 'P-018'"):
            with pytest.raises(sqlcipher.DatabaseError, match="append-only"):
                file.execute(statement)


@pytest.mark.parametrize(
    ("trigger", "statement", "says"),
    [
        ("events_update", "UPDATE events SET actor = 'Ewa' WHERE entry = 2", "entry 2 of"),
        ("events_update", "UPDATE events SET recorded_at = '2014-01-01' WHERE entry = 3", "entry 3 of"),
        ("events_update", "UPDATE events SET kind = 'erasure' WHERE entry = 2", "entry 2 of"),
        ("events_update", "UPDATE events SET sealed = zeroblob(300) WHERE entry = 1", "entry 1 of"),
        ("events_delete", "DELETE FROM events WHERE entry = 2", "entry 3 of"),
        ("event_keys_delete", "DELETE FROM event_keys WHERE participant = 'P-018'", "entry 2 of"),
        ("event_keys_update", "UPDATE event_keys SET material = zeroblob(32)", "entry 1 of"),
        ("erased_delete", "DELETE FROM places WHERE place LIKE '%018%'", "damaged"),
        ("erased_delete", "INSERT INTO erased SELECT 'P-017', id FROM events WHERE entry = 1", "damaged"),
    ],
)
def test_a_change_behind_the_triggers_is_found_and_its_entry_named(
    store: Store, tmp_path: Path, trigger: str, statement: str, says: str
) -> None:
    store.append([answers(f"P-0{n}", "baseline", "4") for n in (17, 18, 19)])
    with underneath(store, tmp_path) as file:
        file.execute("PRAGMA foreign_keys = OFF")
        file.execute(f"DROP TRIGGER {trigger}")
        file.execute(statement)
    with pytest.raises(DamagedStore, match=says):
        store.verify()


def test_reading_rows_checks_the_chain_too(store: Store, tmp_path: Path) -> None:
    store.append([answers("P-017", "baseline", "4"), answers("P-018", "baseline", "4")])
    with underneath(store, tmp_path) as file:
        file.execute("DROP TRIGGER events_update")
        file.execute("UPDATE events SET seq = 7 WHERE entry = 2")
    with pytest.raises(DamagedStore, match="entry 2"):
        store.rows("security")


def test_an_exchanged_entry_is_found_at_the_one_that_was_linked_to_it(store: Store, tmp_path: Path) -> None:
    store.append([answers("P-017", "baseline", "4"), answers("P-018", "baseline", "1")])
    with underneath(store, tmp_path) as file:
        first, second = current.chain(file.execute)
    forged = first._replace(actor="Ewa")
    forged = forged._replace(hash=entries.link(entries.FIRST, about=forged.about, sealed=forged.sealed))
    assert len(list(replay.walk([forged]))) == 1
    with pytest.raises(DamagedStore, match="entry 2 of"):
        list(replay.walk([forged, second]))


def test_entries_cut_off_the_end_are_missed_by_a_printed_head(store: Store, tmp_path: Path) -> None:
    early = store.append([answers("P-017", "baseline", "4")]).head
    late = store.append([answers("P-018", "baseline", "4")]).head
    assert store.verify(printed=early) == store.verify(printed=late) == 2
    with underneath(store, tmp_path) as file:
        file.execute("DROP TRIGGER events_delete")
        file.execute("DELETE FROM places WHERE place LIKE '%018%'")
        file.execute("DROP TRIGGER event_keys_delete")
        file.execute("DELETE FROM event_keys WHERE participant = 'P-018'")
        file.execute("DELETE FROM events WHERE entry = 2")
    assert store.verify(printed=early) == 1
    with pytest.raises(DamagedStore, match="earlier report"):
        store.verify(printed=late)


def test_two_records_with_the_same_entries_have_different_heads(tmp_path: Path) -> None:
    heads = set()
    event = answers("P-017", "baseline", "4")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        secret = keys.passphrase("long enough words")
        with Store.create(tmp_path / name, secret, slot="Anna", cost=2**4, clock=lambda: NOON) as made:
            heads.add(made.append([event]).head)
    assert len(heads) == 2


# --- making and opening -----------------------------------------------------------------------


def test_a_closed_record_opens_again_with_the_passphrase(store: Store, tmp_path: Path) -> None:
    store.append([answers("P-017", "baseline", "4")])
    head = store.head()
    store.close()
    store.close()
    key = keys.unlock(tmp_path, keys.passphrase("long enough words")).key
    with Store.open(tmp_path, key) as again:
        assert (again.head(), cell(again, "sec_04")) == (head, ["4"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["records.db", "records.keys"]


@pytest.mark.parametrize("name", ["records.db", "records.keys"])
def test_making_a_record_never_overwrites_one(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"somebody's")
    with pytest.raises(StoreError, match="not overwritten"):
        Store.create(tmp_path, keys.passphrase("long enough words"), slot="Anna", cost=2**4)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(name, b"somebody's")]


def test_a_record_made_by_somebody_else_in_the_meantime_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = database.create

    def slow(path: Path, key: bytes, *, device: str) -> None:
        make(path, key, device=device)
        (tmp_path / "records.db").write_bytes(b"somebody's")

    monkeypatch.setattr(database, "create", slow)
    with pytest.raises(StoreError, match="in the meantime"):
        Store.create(tmp_path, keys.passphrase("long enough words"), slot="Anna", cost=2**4)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("records.db", b"somebody's")]


@pytest.mark.parametrize("fails", ["connect", "publish", "short passphrase"])
def test_a_record_half_made_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    def broken(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    if fails == "connect":
        monkeypatch.setattr(database, "create", broken)
    if fails == "publish":
        monkeypatch.setattr(files, "sync", broken)
    words = "short" if fails == "short passphrase" else "long enough words"
    with pytest.raises(StoreError, match=r"short|full"):
        Store.create(tmp_path, keys.passphrase(words), slot="Anna", cost=2**4)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="choose another folder"):
        Store.create(tmp_path / "nowhere", keys.passphrase("long enough words"), slot="A", cost=2**4)
