"""One row is read without opening all others; what is kept for that is never believed over the chain."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from evaluation.collect.access import keys
from evaluation.collect.lookup import context_of
from evaluation.collect.record import database, entries, trail, version
from evaluation.collect.record.current import Current, Execute
from evaluation.collect.record.drafts import Drafts
from evaluation.collect.record.entries import Entry
from evaluation.collect.record.file.transactions import Transactions
from evaluation.collect.record.store import Store, utc_now
from evaluation.collect.safety import restore
from evaluation.collect.safety.verification import verified
from evaluation.errors import DamagedStore, StoreError
from evaluation.schema import Instrument
from tests.records import declared, decrypted

if sys.platform != "win32":
    import resource

KEY = ("participant", "wave")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path, keys.passphrase("long enough words"), slot="Anna", cost=2**4) as made:
        yield made


def row(participant: str, wave: str, note: str) -> Entry:
    values = {"participant": participant, "wave": wave, "note": note}
    return entries.row("security", key=KEY, values=values, actor="Anna")


def corrected(first: Entry, note: str) -> Entry:
    return entries.correction(first.id, values=first.payload["values"] | {"note": note}, actor="Ewa")


def note(store: Store, *place: str) -> object:
    held = store.ask(lambda current: current.row("security", place))
    return held.values["note"] if held else None


@contextlib.contextmanager
def underneath(store: Store, folder: Path) -> Iterator[sqlcipher.Connection]:
    """The file itself, as somebody with the key and a database shell would open it; no row is fresh any more."""
    store.head()
    connection = sqlcipher.connect(folder / "records.db", isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{store.key.derive('records.db').hex()}'\"")
    yield connection
    connection.close()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of each entry that is opened."""
    numbers: list[int] = []
    real = entries.unseal

    def unseal(key: bytes, sealed: bytes, *, entry_id: str, entry: int) -> str:
        numbers.append(entry)
        return real(key, sealed, entry_id=entry_id, entry=entry)

    monkeypatch.setattr(entries, "unseal", unseal)
    return numbers


def test_a_row_is_read_as_its_corrections_left_it_and_nothing_else_is_opened(store: Store, opened: list[int]) -> None:
    first, other = row("P-001", "baseline", "a"), row("P-002", "baseline", "x")
    store.append([first, other, corrected(first, "b"), corrected(first, "c")])
    opened.clear()
    held = store.ask(lambda current: current.row("security", ("P-001", "baseline")))
    assert held is not None
    assert (held.values["note"], held.actor, held.id) == ("c", "Ewa", first.id)
    assert opened == [1, 3, 4]
    assert [each for each in store.rows("security") if each.id == first.id] == [held]


def test_rows_that_are_asked_for_together_are_those_found_one_by_one(store: Store, opened: list[int]) -> None:
    odd = [("Ż-1", "t 0"), ('P-"2\\', "t0"), ("P-3, ", "t0"), ("P-4", "t1")]
    store.append([row(*place, "calm") for place in odd])
    opened.clear()
    asked = [*odd[:3], ("P-4", "t0"), *((f"P-{number}", "t1") for number in range(5, 1100))]
    there = store.ask(lambda current: current.among("security", asked))
    one_by_one = store.ask(lambda current: {place for place in asked if current.find("security", place)})
    assert there == one_by_one == {*odd[:3]}
    assert store.ask(lambda current: current.among("participants", asked)) == set()
    assert opened == []


def test_a_check_asks_the_record_together_and_one_by_one_alike(store: Store) -> None:
    store.append([row("P-1", "t0", "calm"), row("P-2", "t1", "tired")])
    about = {"participant": "P-1", "enrolled_on": "2025-01-02"}
    store.append([entries.row("participants", key=["participant"], values=about, actor="Anna")])
    store.append([entries.erasure("P-2", actor="Ewa")])

    def asked(current: Current) -> None:
        context = context_of(
            declared(Instrument("security", "1", {"en": "Security"}, (), ())), current, today=dt.date(2025, 6, 1)
        )
        rows, keys = context.existing["security"], {("P-1", "t0"), ("P-1", "t1"), ("P-2", "t1")}
        assert ("P-1", "t0") in rows
        assert rows.keys() & keys == rows.keys() & keys == {("P-1", "t0")} == {key for key in keys if key in rows}
        assert context.participants & {"P-1", "P-2", "p-1", ""} == {"P-1"}
        assert ["P-2" in context.erased, "P-1" in context.erased] == [True, False]

    store.ask(asked)


def test_what_was_asked_before_something_is_stored_is_asked_anew_after_it(store: Store) -> None:
    written, second, again = row("P-001", "baseline", "a"), row("P-002", "baseline", "b"), row("P-001", "baseline", "c")
    places = [("P-001", "baseline"), ("P-002", "baseline")]
    seen: list[tuple[object, ...]] = []

    def asked(current: Current) -> Iterator[Entry]:
        def see() -> None:
            there = current.among("security", places)
            found = [current.find("security", place) for place in places]
            held = [current.row("security", place) for place in places]
            assert (
                [each and each.id for each in held]
                == found
                == [f if p in there else None for p, f in zip(places, found, strict=True)]
            )
            seen.append((*found, sorted(current.erasures()), current.erased("P-002")))

        see()
        for entry in (
            written,
            second,
            entries.correction(written.id, values=None, actor="Anna"),
            again,
            entries.erasure("P-002", actor="Anna"),
        ):
            yield entry
            see()

    assert store.append(asked).stored == 5
    assert seen == [
        (None, None, [], False),
        (written.id, None, [], False),
        (written.id, second.id, [], False),
        (None, second.id, [], False),
        (again.id, second.id, [], False),
        (again.id, None, ["P-002"], True),
    ]
    store.append([entries.correction(again.id, values=None, actor="Anna")])
    assert store.append(lambda current: [again] if current.find("security", places[0]) else []).stored == 0


def test_what_a_person_has_read_over_stays_read_over_after_another_correction(store: Store) -> None:
    first = row("P-001", "baseline", "a")
    read = entries.correction(first.id, values=first.payload["values"], actor="Ewa", reviewed=["note"])
    store.append([first, read, corrected(first, "b"), entries.correction(first.id, values=None, actor="Anna")])
    store.append([corrected(first, "c")])
    held = store.ask(lambda current: current.row("security", ("P-001", "baseline")))
    assert held is not None
    assert dict(held.reviewed) == {"note": "Ewa"}
    assert store.rows("security") == (held,)


def test_what_is_held_of_one_person_is_found_without_the_others(store: Store, opened: list[int]) -> None:
    hers = [row("P-001", wave, wave) for wave in ("endline", "baseline")]
    struck = row("P-001", "mid", "struck out")
    others = [row(f"P-{number:03}", "baseline", "x") for number in range(2, 30)]
    store.append([hers[0], *others, struck, hers[1]])
    store.append([entries.correction(struck.id, values=None, actor="Anna"), corrected(hers[0], "later")])
    store.append([entries.withdrawal("P-001", since=dt.date(2026, 1, day), actor="Anna") for day in (5, 2, 9)])
    opened.clear()
    found = store.ask(lambda current: (current.of("P-001"), current.withdrawn("P-001"), current.withdrawn("P-002")))
    assert [one.values["note"] for one in found[0]] == ["later", "baseline"]
    assert found[1:] == (dt.date(2026, 1, 2), None)
    assert len(opened) == 3 + 3  # two rows, one of them corrected; three withdrawals


def test_an_erasure_leaves_nothing_to_be_asked(store: Store, tmp_path: Path) -> None:
    first = row("P-001", "baseline", "a")
    store.append([first, corrected(first, "b"), row("P-002", "baseline", "x")])
    store.append([entries.erasure("P-001", actor="Anna")])
    asked = store.ask(lambda current: (current.of("P-001"), list(current.places("security")), current.erased("P-001")))
    assert asked == ((), [("P-002", "baseline")], True)
    with underneath(store, tmp_path) as file:
        assert file.execute("SELECT count(*) FROM corrections").fetchone() == (0,)


@pytest.mark.parametrize("ask_first", [True, False])
def test_a_record_of_before_there_was_a_state_is_brought_up_to_date_once(
    store: Store, tmp_path: Path, opened: list[int], ask_first: bool
) -> None:
    first = row("P-001", "baseline", "a")
    store.append([first, corrected(first, "b")])
    with underneath(store, tmp_path) as file:
        file.execute("DROP TABLE corrections")
        file.execute("DELETE FROM meta WHERE name = 'state'")
    assert store.verify() == 2
    if not ask_first:
        store.append([row("P-002", "baseline", "x")])
    opened.clear()
    assert note(store, "P-001", "baseline") == "b"
    opened.clear()
    assert note(store, "P-001", "baseline") == "b"
    assert opened == [1, 2]
    assert store.verify() == (2 if ask_first else 3)


def test_what_an_older_program_wrote_is_seen(store: Store, tmp_path: Path) -> None:
    first = row("P-001", "baseline", "a")
    store.append([first, corrected(first, "b")])
    with underneath(store, tmp_path) as file:
        before = file.execute("SELECT value FROM meta WHERE name = 'state'").fetchone()
    store.append([corrected(first, "c"), row("P-002", "baseline", "x")])
    with underneath(store, tmp_path) as file:  # it knew of places, and of no list of corrections
        file.execute("UPDATE meta SET value = ? WHERE name = 'state'", before)
        file.execute("DELETE FROM corrections")
    assert note(store, "P-001", "baseline") == "c"
    assert store.verify() == 4


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM corrections WHERE correction = (SELECT id FROM events WHERE entry = 3)",
        "DELETE FROM corrections",
        "DELETE FROM places WHERE place LIKE '%P-002%'",
    ],
)
def test_a_state_that_the_chain_does_not_say_is_damage(store: Store, tmp_path: Path, statement: str) -> None:
    first = row("P-001", "baseline", "a")
    store.append([first, corrected(first, "b"), corrected(first, "c"), row("P-002", "baseline", "x")])
    with underneath(store, tmp_path) as file:
        file.execute(statement)
    with pytest.raises(DamagedStore):
        store.verify()


def test_a_last_entry_that_is_not_what_was_written_stops_the_next_one(store: Store, tmp_path: Path) -> None:
    store.append([row("P-001", "baseline", "a"), row("P-002", "baseline", "b")])
    with underneath(store, tmp_path) as file:
        file.execute("DROP TRIGGER events_update")
        file.execute("UPDATE events SET actor = 'Nobody' WHERE entry = 2")
    with pytest.raises(DamagedStore, match="entry 2"):
        store.append([row("P-003", "baseline", "c")])


def test_what_was_refused_leaves_state_and_entries_as_they_were(store: Store) -> None:
    first = row("P-001", "baseline", "a")
    store.append([first, corrected(first, "b")])

    def fails(_: object) -> list[Entry]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.append(fails)
    assert note(store, "P-001", "baseline") == "b"
    assert store.verify() == 2


# --- rows that do not lie among the others yet -----------------------------------------------------


QUESTIONS: tuple[Callable[[Current], object], ...] = (
    lambda current: current.row("security", ("P-002", "baseline")),
    lambda current: current.row("security", ("P-002", "endline")),
    lambda current: current.find("security", ("P-001", "baseline")),
    lambda current: current.among("security", [("P-001", "baseline"), ("P-002", "baseline"), ("P-003", "mid")]),
    lambda current: [*current.places("security")],
    lambda current: current.held(SECOND.id),
    lambda current: current.rows("security"),
    lambda current: (current.last(), current.changed(1), current.changed(0)),
    lambda current: current.of("P-002"),
    lambda current: (current.known("P-002"), current.known("P-003"), current.erased("P-002")),
    lambda current: (current.withdrawn("P-002"), current.withdrew(), current.erasures()),
    lambda current: current.entry(SECOND.id),
    lambda current: (current.stored(SECOND.id), current.stored(SECOND.id[::-1])),
    lambda current: current.newest(device_of(current)),
    lambda current: current.execute("SELECT count(*) FROM events").fetchone(),
)


def row_with(id: str, participant: str) -> Entry:
    values = {"participant": participant, "wave": "baseline", "note": "calm"}
    return entries.row("security", key=KEY, values=values, actor="Anna", id=id)


FIRST, SECOND = (row_with(f"00000000-0000-4000-8000-00000000000{n}", f"P-00{n}") for n in (1, 2))


def device_of(current: Current) -> str:
    return str(current._execute("SELECT value FROM meta WHERE name = 'device'").fetchone()[0])


@contextlib.contextmanager
def somebody_writes(store: Store, folder: Path) -> Iterator[None]:
    """Another program is in the middle of writing."""
    with contextlib.closing(database.connect(folder / "records.db", store.key.derive("records.db"), patience=0)) as it:
        it.execute("BEGIN IMMEDIATE")
        yield
        it.execute("ROLLBACK")


def lying_apart(store: Store) -> int:
    return int(store._connection.execute("SELECT count(*) FROM fresh").fetchone()[0])


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_row_answers_the_same_before_and_after_it_lies_among_the_others(
    store: Store, question: Callable[[Current], object]
) -> None:
    store.append([FIRST])
    store.head()
    store.append([SECOND])
    told: list[object] = []
    assert lying_apart(store) == 1
    store.append(lambda current: told.append(question(current)) or ())
    store.head()
    assert lying_apart(store) == 0
    store.append(lambda current: told.append(question(current)) or ())
    assert told[0] == told[1] == store.ask(question)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_row_that_cannot_be_put_among_the_others_now_answers_as_if_it_lay_there(
    store: Store, tmp_path: Path, question: Callable[[Current], object]
) -> None:
    store.append([FIRST])
    store.head()
    store.append([SECOND])
    with somebody_writes(store, tmp_path):
        told = store.ask(question)
        assert lying_apart(store) == 1
    assert told == store.ask(question)
    assert lying_apart(store) == 0


@pytest.mark.parametrize("before", [[], [FIRST]])
def test_who_reads_waits_for_no_writer_and_is_told_all_that_was_acknowledged(
    store: Store, tmp_path: Path, before: list[Entry]
) -> None:
    drafts = Drafts(store)
    for form in ("security", "rights"):
        saving = {"form": form, "place": ("P-002", "baseline"), "typed": {"note": "calm"}, "author": "Anna"}
        drafts.save(SECOND.id if form == "security" else FIRST.id[::-1], now=dt.datetime.now(dt.UTC), **saving)
    store.append(before)
    store.head()
    head = store.append([SECOND]).head

    def told(reader: Store) -> list[object]:
        asked = Drafts.__new__(Drafts)  # without a table to make
        asked._store = reader
        found = verified(reader, printed=head)
        return [reader.head(), reader.content(), reader.verify(printed=head), found, version.of(reader),
                [draft.form for draft in asked.all()], trail.read(reader, limit=9), reader.erased()]  # fmt: skip

    key = store.key.derive("records.db")
    with somebody_writes(store, tmp_path):
        first = told(store)
        with Store.open(tmp_path, store.key) as other:
            assert told(other) == first
        with contextlib.closing(database._connect(tmp_path / "records.db", key, mode="ro", patience=0)) as connection:
            reader = Store(tmp_path / "records.db", connection, key=store.key, clock=utc_now)
            assert told(reader) == first
            with pytest.raises(StoreError, match="for writing"):
                reader.append([row("P-003", "baseline", "x")])
        assert lying_apart(store) == 1
    assert told(store) == first
    assert (first[0], first[2], first[5], lying_apart(store)) == (head, len(before) + 1, ["rights"], 0)


def test_rows_lie_apart_up_to_a_number_and_each_is_stored_once_wherever_it_lies(store: Store) -> None:
    made = [row(f"P-{number:03}", "baseline", "x") for number in range(70)]
    apart = []
    for entry in made:
        store.append([entry])
        apart.append(lying_apart(store))
        with pytest.raises(StoreError, match="is already there"):
            store.append([row(entry.payload["values"]["participant"], "baseline", "y")])
        assert store.append([entry]).already == 1
    assert (apart[:2], max(apart), apart[31:34]) == ([1, 2], 32, [32, 1, 2])
    assert (len(store.rows("security")), store.verify()) == (70, 70)


def test_a_file_of_many_rows_is_put_among_the_others_at_once_after_those_that_waited(store: Store) -> None:
    store.append([row("P-900", "baseline", "x")])
    store.append(row(f"P-{number:03}", "baseline", "x") for number in range(40))
    assert lying_apart(store) == 0
    assert [held.values["participant"] for held in store.rows("security")][:2] == ["P-900", "P-000"]
    assert store.verify() == 41


def test_two_programs_that_take_turns_see_each_others_fresh_rows(store: Store, tmp_path: Path) -> None:
    with Store.open(tmp_path, store.key) as other:
        for number in range(40):
            here, there = (store, other) if number % 3 else (other, store)
            entry = row(f"P-{number:03}", "baseline", "x")
            here.append([entry])
            with pytest.raises(StoreError, match="is already there"):
                there.append([row(f"P-{number:03}", "baseline", "y")])
            assert there.append([entry]).already == 1
        other.append([corrected(entry, "later"), row("P-900", "baseline", "x")])
        assert note(store, "P-039", "baseline") == "later"
        assert store.verify() == other.verify() == 42


def test_programs_that_write_chains_of_their_own_by_turns_continue_each_its_own(store: Store, tmp_path: Path) -> None:
    store.append([row("P-001", "baseline", "x")])
    with Store.open(tmp_path, store.key) as other:
        restore.renew(other)
    with Store.open(tmp_path, store.key) as other:
        for number, here in enumerate((other, store, other, other, store), start=2):
            here.append([row(f"P-00{number}", "baseline", "x")])
        assert store.verify() == other.verify() == 6
        lengths = "SELECT count(*) FROM events GROUP BY device = ? ORDER BY 1"
        assert store.ask(lambda current: current.execute(lengths, (device_of(current),)).fetchall()) == [(3,), (3,)]


@pytest.mark.parametrize("hash", ["zeroblob(32)", "hash"])
def test_a_program_of_before_there_were_fresh_rows_that_is_still_open_takes_none_of_their_places(
    store: Store, hash: str
) -> None:
    store.append([FIRST])
    store.head()
    written = (
        "INSERT INTO events (device, seq, id, recorded_at, actor, kind, sealed, hash)"
        f" SELECT device, seq + 7, ?, recorded_at, actor, kind, sealed, {hash} FROM events"
    )
    store.append([SECOND])
    with pytest.raises(sqlcipher.IntegrityError, match="fresh rows come first"):
        store._connection.execute(written, (FIRST.id[::-1],))
    assert (lying_apart(store), store.verify()) == (1, 2)


@pytest.mark.parametrize(
    "statement", ["DELETE FROM fresh", "UPDATE fresh SET actor = 'Nobody'", "REPLACE INTO fresh SELECT * FROM fresh"]
)
def test_fresh_rows_cannot_be_changed_or_taken_away_even_with_the_key(store: Store, statement: str) -> None:
    store.append([FIRST, SECOND])
    with pytest.raises(sqlcipher.DatabaseError, match="append-only"):
        store._connection.execute(statement)
    assert store.verify() == 2


@pytest.mark.parametrize(
    "statement",
    ["UPDATE fresh SET actor = 'Nobody' WHERE entry = 2", "UPDATE fresh SET hash = zeroblob(32) WHERE entry = 2",
     "UPDATE fresh SET sealed = zeroblob(300) WHERE entry = 2"],
)  # fmt: skip
def test_nothing_is_added_to_a_fresh_row_that_is_not_what_was_written(
    store: Store, tmp_path: Path, statement: str
) -> None:
    store.append([FIRST, SECOND])
    store._connection.execute("DROP TRIGGER fresh_update")
    store._connection.execute(statement)
    with Store.open(tmp_path, store.key) as other, pytest.raises(DamagedStore, match="entry 2"):
        other.append([row("P-003", "baseline", "c")])
    with pytest.raises(DamagedStore, match="entry 2"):
        store.verify()


@pytest.mark.skipif(sys.platform == "win32", reason="files have no greatest size there")
def test_what_is_held_can_be_read_where_the_disk_has_no_room_to_put_fresh_rows_among_the_others(
    store: Store, tmp_path: Path
) -> None:
    store.append([FIRST, SECOND])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / "records.db-wal").stat().st_size, before[1]))
    try:
        assert len(store.rows("security")) == 2
        assert lying_apart(store) == 2
        with pytest.raises(StoreError, match="nothing was stored"):
            store.append([row("P-003", "baseline", "c")])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert store.append([row("P-004", "baseline", "c")]).stored == 1
    assert store.verify() == 3
    assert lying_apart(store) == 0


def test_what_is_destroyed_is_nowhere_where_rows_lay_before(store: Store, tmp_path: Path) -> None:
    store.append([FIRST, SECOND])
    materials = dict(store._connection.execute("SELECT participant, material FROM fresh").fetchall())
    store.append([entries.erasure("P-001", actor="Anna")])
    pages = decrypted(tmp_path / "records.db", store.key.derive("records.db"))
    assert [materials[person] in pages for person in ("P-001", "P-002")] == [False, True]


def test_a_copy_made_while_rows_are_fresh_has_them_among_the_others(store: Store, tmp_path: Path) -> None:
    store.append([FIRST, SECOND])
    (tmp_path / "copy").mkdir()
    store.copy(tmp_path / "copy" / "records.db")
    with contextlib.closing(
        database.read_only(tmp_path / "copy" / "records.db", store.key.derive("records.db"))
    ) as copy:
        counted = [copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("events", "fresh")]
    assert (counted, lying_apart(store)) == ([2, 0], 2)


def test_what_was_erased_while_another_program_read_leaves_the_journal_as_soon_as_it_can(
    store: Store, tmp_path: Path
) -> None:
    def frames() -> set[bytes]:
        log = (tmp_path / "records.db-wal").read_bytes()
        return {log[at + 24 : at + 4120] for at in range(32, len(log), 4120)}

    store.append([FIRST, SECOND])
    with contextlib.closing(
        database.connect(tmp_path / "records.db", store.key.derive("records.db"), patience=0)
    ) as it:
        it.execute("BEGIN")
        it.execute("SELECT count(*) FROM fresh").fetchone()
        with Store.open(tmp_path, store.key, patience=0.05) as eraser:
            assert not eraser.erased_in_journal
            eraser.append([entries.erasure("P-001", actor="Anna")])
            kept = frames()
            assert kept
            assert eraser.erased_in_journal
            assert eraser.append([row("P-003", "baseline", "b")]).stored == 1
            with Store.open(tmp_path, store.key) as another:
                assert another.erased_in_journal
                assert kept <= frames()
            it.execute("COMMIT")
            eraser.append([row("P-003", "endline", "c")])
            assert not eraser.erased_in_journal
            assert kept.isdisjoint(frames())
        it.execute("BEGIN")
        it.execute("SELECT count(*) FROM fresh").fetchone()
        with Store.open(tmp_path, store.key, patience=0.05) as eraser:
            eraser.append([entries.erasure("P-003", actor="Anna")])
            kept = frames()
        it.execute("COMMIT")
        with Store.open(tmp_path, store.key) as another:
            assert kept
            assert not another.erased_in_journal
            assert kept.isdisjoint(frames())


def test_whoever_cuts_the_journal_leaves_the_mark_of_an_erasure_made_meanwhile(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append([FIRST, SECOND])
    reader = database.connect(tmp_path / "records.db", store.key.derive("records.db"), patience=0)
    real, meanwhile = Transactions.cut, list[Store]()

    @contextlib.contextmanager
    def cut(self: Transactions, *, patient: bool) -> Iterator[Execute]:
        with real(self, patient=patient) as execute:
            if not meanwhile:  # the log is empty, and that it is so is not yet noted
                with Store.open(tmp_path, store.key, patience=0.05) as another:
                    reader.execute("BEGIN")
                    reader.execute("SELECT count(*) FROM events").fetchone()
                    meanwhile.append(another)
                    another.append([entries.erasure("P-002", actor="Ewa")])
                    assert another.erased_in_journal
            yield execute

    monkeypatch.setattr(Transactions, "cut", cut)
    with contextlib.closing(reader):
        store.append([entries.erasure("P-001", actor="Anna")])
        assert meanwhile
        assert store.erased_in_journal
        with Store.open(tmp_path, store.key, patience=0.05) as another:
            assert another.erased_in_journal
    assert store.append([row("P-003", "baseline", "c")]).stored == 1
    with Store.open(tmp_path, store.key) as another:
        assert (store.erased_in_journal, another.erased_in_journal) == (False, False)


def test_rows_are_put_among_very_many_others_on_a_few_pages(store: Store, tmp_path: Path) -> None:
    store.append([row(f"P-{number:04}", "baseline", "a") for number in range(3_000)])
    for number in range(30):
        store.append([row(f"P-{number:04}", "endline", "b")])
    store.overwrite_journal()
    store.head()
    pages = ((tmp_path / "records.db-wal").stat().st_size - 32) / 4120
    assert lying_apart(store) == 0
    assert pages < 45  # with random submission ids 104
    assert {uuid.UUID(entries.new_id()).version for _ in range(9)} == {7}
