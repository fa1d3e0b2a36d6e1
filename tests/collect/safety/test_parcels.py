"""Offices exchange entries in any order and then say the same; who was erased anywhere is erased everywhere."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.collect.access import keys
from evaluation.collect.record import entries, replay
from evaluation.collect.record.current import Current
from evaluation.collect.record.replay import Content
from evaluation.collect.record.store import Store
from evaluation.collect.safety import merging, office, parcel, restore
from evaluation.errors import BadArgument, DamagedStore, StoreError

WORDS = keys.passphrase("long enough words")
NOON = dt.datetime(2026, 3, 9, 12, tzinfo=dt.UTC)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        return self.now


@contextlib.contextmanager
def offices(folder: Path, *names: str) -> Iterator[list[tuple[Store, Clock]]]:
    """New records, each with a clock of its own."""
    with contextlib.ExitStack() as stack:
        made = []
        for name in names:
            (folder / name).mkdir()
            clock = Clock()
            store = Store.create(folder / name, WORDS, slot=name, cost=2**4, clock=clock)
            made.append((stack.enter_context(store), clock))
        yield made


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Store, Store, Clock, Clock]]:
    with offices(tmp_path, "north", "south") as ((north, first), (south, second)):
        yield north, south, first, second


def row(person: str, value: str, id: str | None = None) -> entries.Entry:
    values = {"participant": person, "value": value}
    return entries.row("people", key=["participant"], values=values, actor="Anna", id=id)


def correction(store: Store, person: str, value: str | None, id: str | None = None) -> entries.Entry:
    of = store.find("people", (person,))
    assert of is not None
    values = None if value is None else {"participant": person, "value": value}
    return entries.correction(of, values=values, actor="Anna", id=id)


def bring(sender: Store, taker: Store) -> merging.Merged:
    """What a parcel does, without closing it."""
    with sender.transaction("DEFERRED") as execute:
        sent = merging.shared(execute)
    return merging.merge(taker, sent, actor="Ewa")


def says(store: Store) -> dict[str, object]:
    return {row.place[0]: row.values["value"] for row in store.rows("people")}


def meaning(content: Content) -> tuple[object, ...]:
    rows = [(row.id, row.table, row.place, dict(row.values), row.recorded_at) for row in content.rows]
    return (rows, dict(content.withdrawn), set(content.erased), content.conflicts)


def everything_fits(store: Store) -> None:
    """The record is whole, and a row asked for by itself is the row that the whole record says."""
    store.verify()
    content = store.content()
    for held in content.rows:
        assert store.ask(lambda current, held=held: current.row(held.table, held.place)) == held


# --- what joins ----------------------------------------------------------------------------------


def test_entries_of_both_offices_are_in_both_records_once(two: tuple[Store, Store, Clock, Clock]) -> None:
    north, south, *_ = two
    north.append([row("P-1", "a"), row("P-2", "b")])
    south.append([row("P-3", "c")])
    merged = bring(north, south)
    assert (merged.new, merged.already, merged.erased, merged.conflicts) == (2, 0, 0, ())
    assert bring(north, south).new == 0
    assert (bring(south, north).new, bring(south, north).new) == (1, 0)
    assert says(north) == says(south) == {"P-1": "a", "P-2": "b", "P-3": "c"}
    assert north.verify() == south.verify() == 3
    assert north.head() != south.head()
    south.append([correction(south, "P-1", "d")])
    bring(south, north)
    assert says(north) == {"P-1": "d", "P-2": "b", "P-3": "c"}


def test_of_two_corrections_the_later_one_holds_at_both_offices(two: tuple[Store, Store, Clock, Clock]) -> None:
    north, south, first, second = two
    north.append([row("P-1", "a")])
    bring(north, south)
    first.now, second.now = NOON + dt.timedelta(hours=2), NOON + dt.timedelta(hours=1)
    north.append([correction(north, "P-1", "later")])
    south.append([correction(south, "P-1", "earlier")])
    bring(north, south), bring(south, north)
    assert says(north) == says(south) == {"P-1": "later"}


def test_an_answer_to_what_came_in_holds_even_if_its_clock_is_behind(two: tuple[Store, Store, Clock, Clock]) -> None:
    north, south, first, second = two
    first.now, second.now = NOON + dt.timedelta(days=400), NOON
    north.append([row("P-1", "a")])
    bring(north, south)
    south.append([correction(south, "P-1", "b")])
    second.now = NOON - dt.timedelta(days=3)
    south.append([correction(south, "P-1", "c")])
    assert says(south) == {"P-1": "c"}
    bring(south, north)
    assert says(north) == {"P-1": "c"}
    everything_fits(north), everything_fits(south)


def test_one_row_recorded_at_both_offices_holds_as_recorded_last_and_is_told(
    two: tuple[Store, Store, Clock, Clock],
) -> None:
    north, south, first, second = two
    second.now = NOON + dt.timedelta(minutes=1)
    north.append([row("P-1", "north")])
    south.append([row("P-1", "south")])
    assert bring(north, south).conflicts == bring(south, north).conflicts == (("people", ("P-1",)),)
    assert says(north) == says(south) == {"P-1": "south"}
    first.now = NOON + dt.timedelta(hours=1)
    north.append([correction(north, "P-1", "agreed")])
    bring(north, south)
    assert says(north) == says(south) == {"P-1": "agreed"}
    south.append([correction(south, "P-1", None)])
    bring(south, north)
    assert says(north) == says(south) == {}


# --- erasure -------------------------------------------------------------------------------------


@pytest.mark.parametrize("erased_first", [True, False])
def test_an_erasure_wins_whichever_parcel_comes_first(
    two: tuple[Store, Store, Clock, Clock], tmp_path: Path, erased_first: bool
) -> None:
    north, south, _, second = two
    north.append([row("P-1", "a"), row("P-2", "b")])
    bring(north, south)
    second.now = NOON + dt.timedelta(days=9)
    south.append([correction(south, "P-1", "said at south")])
    north.append([entries.erasure("P-1", actor="Anna")])
    merged = bring(north, south) if erased_first else bring(south, north)
    assert merged.erased == 1
    bring(south, north), bring(north, south), bring(south, north)
    for store in (north, south):
        assert says(store) == {"P-2": "b"}
        assert store.erased() == {"P-1"}
        with store.transaction("DEFERRED") as execute:
            left = execute("SELECT count(*) FROM event_keys WHERE participant = 'P-1'").fetchone()
        assert left == (0,)
        with pytest.raises(StoreError, match="never used again"):
            store.append([row("P-1", "again")])
        everything_fits(store)
    assert bring(north, south).new == bring(south, north).new == 0


def test_a_person_erased_elsewhere_of_whom_nothing_is_here_is_never_recorded(
    two: tuple[Store, Store, Clock, Clock],
) -> None:
    north, south, *_ = two
    north.append([row("P-1", "a")])
    north.append([entries.erasure("P-1", actor="Anna")])
    assert bring(north, south).erased == 0
    assert south.erased() == {"P-1"}
    with pytest.raises(StoreError, match="never used again"):
        south.append([row("P-1", "again")])
    everything_fits(south)


# --- any order -----------------------------------------------------------------------------------

PEOPLE = ("P-1", "P-2", "P-3")
ACTS = st.tuples(
    st.integers(0, 2),
    st.sampled_from(["row", "correct", "strike", "withdraw", "erase", "bring", "bring", "row", "correct"]),
    st.sampled_from(PEOPLE),
    st.integers(-40, 90),
    st.none() | st.uuids(version=4).map(str),
)
"""Which office, what, of whom, after how many minutes; and the submission id: of its time, or random as before."""


def act(
    stores: list[tuple[Store, Clock]], who: int, what: str, person: str, minutes: int, id: str | None, *, value: str
) -> None:
    """One thing that an office does; what its record refuses does not happen."""
    store, clock = stores[who]
    clock.now += dt.timedelta(minutes=minutes)
    make: dict[str, Callable[[], entries.Entry]] = {
        "row": lambda: row(person, value, id),
        "correct": lambda: correction(store, person, value, id),
        "strike": lambda: correction(store, person, None, id),
        "withdraw": lambda: entries.withdrawal(person, since=clock.now.date(), actor="Anna", id=id),
        "erase": lambda: entries.erasure(person, actor="Anna", id=id),
    }
    with contextlib.suppress(StoreError, AssertionError):
        if what == "bring":
            bring(store, stores[(who + 1) % 3][0])
        else:
            store.append([make[what]()])


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTS, min_size=4, max_size=16), st.permutations(range(3)), st.data())
def test_whatever_offices_do_and_in_whatever_order_parcels_come_they_end_up_saying_the_same(
    acts: list[tuple[int, str, str, int, str | None]], order: list[int], data: st.DataObject
) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        with offices(folder, "a", "b", "c", "x", "y") as made:
            stores, (late, _), (other, _) = made[:3], made[3], made[4]
            for number, each in enumerate(acts):
                act(stores, *each, value=str(number))
            for _ in range(2):
                for store, _ in stores:
                    for taker, _ in stores:
                        bring(store, taker)
            for which in order:
                bring(stores[which][0], late)
            for which in data.draw(st.permutations(range(3))):
                bring(stores[which][0], other)
            meanings = [meaning(store.content()) for store in (*(store for store, _ in stores), late, other)]
            assert all(each == meanings[0] for each in meanings)
            for store in (stores[0][0], late):
                everything_fits(store)
    finally:
        shutil.rmtree(folder)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTS, min_size=6, max_size=16), st.data())
def test_parcels_of_different_days_taken_in_any_order_say_the_same(
    acts: list[tuple[int, str, str, int, str | None]], data: st.DataObject
) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        with offices(folder, "a", "b", "c", "x", "y") as made:
            stores, sent = made[:3], []
            for number, each in enumerate(acts):
                act(stores, *each, value=str(number))
                with stores[each[0]][0].transaction("DEFERRED") as execute:
                    sent.append(merging.shared(execute))
            for store, _ in made[3:]:
                for one in data.draw(st.permutations(sent)):
                    merging.merge(store, one, actor="Ewa")
            assert meaning(made[3][0].content()) == meaning(made[4][0].content())
            everything_fits(made[3][0])
    finally:
        shutil.rmtree(folder)


# --- chains --------------------------------------------------------------------------------------


def test_a_chain_with_a_changed_missing_or_exchanged_entry_is_refused_whole(
    two: tuple[Store, Store, Clock, Clock],
) -> None:
    north, south, *_ = two
    north.append([row("P-1", "a"), row("P-2", "b"), row("P-3", "c")])
    with north.transaction("DEFERRED") as execute:
        sent = merging.shared(execute)
    changed = sent[1].sealed._replace(actor="Mallory")
    for wrong in (
        [sent[0], merging.Shared(changed, "P-2"), sent[2]],
        [sent[0], sent[2]],
        [sent[0], merging.Shared(sent[1].sealed._replace(key=bytes(32)), "P-2")],
    ):
        with pytest.raises(DamagedStore):
            merging.merge(south, wrong, actor="Ewa")
        assert south.verify() == 0
    assert merging.merge(south, sent, actor="Ewa").new == 3


def test_content_that_is_gone_without_an_erasure_is_refused(two: tuple[Store, Store, Clock, Clock]) -> None:
    north, south, *_ = two
    north.append([row("P-1", "a"), row("P-2", "b")])
    with north.transaction("DEFERRED") as execute:
        sent = merging.shared(execute)
    closed = merging.Shared(sent[1].sealed._replace(key=None), "")
    with pytest.raises(DamagedStore):
        merging.merge(south, [sent[0], closed], actor="Ewa")
    assert south.verify() == 0


def test_two_copies_that_went_on_by_hand_are_told_so_and_one_that_was_accepted_joins(tmp_path: Path) -> None:
    with offices(tmp_path, "north") as ((north, _),):
        north.append([row("P-1", "a")])
        for name in ("copy", "accepted"):
            shutil.copytree(tmp_path / "north", tmp_path / name)
        north.append([row("P-2", "b")])
        with Store.open(tmp_path / "copy", north.key) as copy:
            copy.append([row("P-3", "c")])
            with pytest.raises(StoreError, match="went on differently after the same entry"):
                bring(copy, north)
        with Store.open(tmp_path / "accepted", north.key) as older:
            restore.renew(older)
        with Store.open(tmp_path / "accepted", north.key) as accepted:
            accepted.append([row("P-3", "c")])
            assert (bring(accepted, north).new, bring(north, accepted).new) == (1, 1)
            assert says(accepted) == says(north) == {"P-1": "a", "P-2": "b", "P-3": "c"}


def test_one_submission_entered_at_two_offices_under_one_id_is_refused(two: tuple[Store, Store, Clock, Clock]) -> None:
    north, south, *_ = two
    same = str(uuid.uuid4())
    north.append([row("P-1", "a", id=same)])
    south.append([row("P-1", "a", id=same)])
    with pytest.raises(StoreError, match="recorded here under another chain"):
        bring(north, south)


# --- the file ------------------------------------------------------------------------------------


def test_a_parcel_opens_only_where_it_is_for_and_shows_nothing(
    two: tuple[Store, Store, Clock, Clock], tmp_path: Path
) -> None:
    north, south, *_ = two
    north.append([row("P-001", "afraid at night")])
    file = tmp_path / "parcel.age"
    ours, theirs = parcel.identity(north), parcel.identity(south)
    assert parcel.make(north, "shelter", file, to=[theirs]) == 1
    assert file.stat().st_mode & 0o077 == 0
    lying = file.read_bytes()
    assert not any(word in lying for word in (b"P-001", b"afraid", b"people", b"shelter"))
    with pytest.raises(StoreError, match="nobody here has named"):
        parcel.take(south, "shelter", file, actor="Ewa")
    with pytest.raises(StoreError, match="is of the project 'shelter'"):
        parcel.take(south, "another", file, actor="Ewa", sender=ours)
    assert south.verify() == 0
    assert parcel.take(south, "shelter", file, actor="Ewa", sender=ours).new == 1
    assert parcel.take(south, "shelter", file, actor="Ewa").new == 0
    (tmp_path / "third").mkdir()
    with Store.create(tmp_path / "third", WORDS, slot="x", cost=2**4) as third:
        with pytest.raises(StoreError, match="not closed for this office"):
            parcel.take(third, "shelter", file, actor="Ewa", sender=ours)
        assert third.verify() == 0
    with pytest.raises(BadArgument, match="not overwritten"):
        parcel.make(north, "shelter", file, to=[theirs])
    with pytest.raises(BadArgument, match="--to"):
        parcel.make(north, "shelter", tmp_path / "other.age", to=[])


def test_a_parcel_that_was_cut_or_changed_or_is_none_is_a_sentence(
    two: tuple[Store, Store, Clock, Clock], tmp_path: Path
) -> None:
    north, south, *_ = two
    north.append([row("P-1", "a")])
    file = tmp_path / "parcel.age"
    parcel.make(north, "shelter", file, to=[parcel.identity(south)])
    whole = file.read_bytes()
    for content in (b"", b"hello", whole[:-1], whole[:200], whole[:-40] + bytes([whole[-40] ^ 1]) + whole[-39:]):
        file.write_bytes(content)
        with pytest.raises(StoreError, match=r"is no parcel, or not as it was sent|not closed for this office"):
            parcel.take(south, "shelter", file, actor="Ewa", sender=parcel.identity(north))
    assert south.verify() == 0


def test_an_identity_is_one_word_that_shows_a_slip_and_no_secret(two: tuple[Store, Store, Clock, Clock]) -> None:
    north, *_ = two
    word = str(parcel.identity(north))
    assert office.parse(f" {word}\n") == parcel.identity(north)
    assert len(word.split()) == 1
    for slip in ("", word[:-3], word[5:], word.partition(".")[0], word.replace("age1", "age2"), "P-017"):
        with pytest.raises(BadArgument, match="copy the whole word"):
            office.parse(slip)
    with north.transaction("DEFERRED") as execute:
        secret = office.identity(execute)
    assert secret.opening not in repr(secret)
    assert secret.opening not in word


def test_the_order_of_a_single_device_is_its_chain_even_if_its_clock_ran_back(
    two: tuple[Store, Store, Clock, Clock],
) -> None:
    north, south, first, _ = two
    north.append([row("P-1", "a")])
    first.now = NOON - dt.timedelta(days=30)
    north.append([correction(north, "P-1", "b")])
    assert says(north) == {"P-1": "b"}
    south.append([row("P-2", "c")])
    bring(north, south)
    assert says(south) == {"P-1": "b", "P-2": "c"}
    with south.transaction("DEFERRED") as execute:
        chain = [shared.sealed for shared in merging.shared(execute)]
        assert Current(execute).known("P-1")
    assert (
        replay.replay(chain, several=True).rows
        == replay.replay(sorted(chain, key=lambda each: (each.device, each.seq)), several=True).rows
    )
