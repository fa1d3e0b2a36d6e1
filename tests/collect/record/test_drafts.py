"""Half-filled forms in the encrypted file: saved, overtaken, submitted, erased."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.collect.access import keys
from evaluation.collect.record import entries
from evaluation.collect.record.current import Execute
from evaluation.collect.record.drafts import Draft, Drafts, Overtaken, Submitted
from evaluation.collect.record.store import Store
from evaluation.errors import StoreError

NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
FIRST, SECOND = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
PLACE = ("P-001", "baseline")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path, keys.passphrase("long enough words"), slot="Anna", cost=2**4) as made:
        made.append([entries.row("participants", key=["participant"], values={"participant": "P-001"}, actor="Anna")])
        yield made


def save(store: Store, id: str = FIRST, *, text: str = "1", revision: int = 0, page: str = "p", **more: str) -> Draft:
    return Drafts(store).save(
        id,
        form="security",
        place=PLACE,
        typed={"sec_01": text},
        author=more.get("author", "Anna"),
        now=NOW,
        participant=more.get("participant", "P-001"),
        revision=revision,
        page=page,
    )


def stored(store: Store, id: str) -> None:
    values = {"participant": PLACE[0], "wave": PLACE[1], "sec_01": "1"}
    store.append([entries.row("security", key=["participant", "wave"], values=values, actor="Anna", id=id)])


def test_a_draft_is_there_for_whoever_opens_the_record_next(store: Store, tmp_path: Path) -> None:
    assert save(store, text="żółć 4").revision == 1
    store.close()
    with Store.open(tmp_path, keys.unlock(tmp_path, keys.passphrase("long enough words")).key) as again:
        (draft,) = Drafts(again).all()
        assert draft == Drafts(again).at("security", PLACE)
        assert (draft.typed, draft.author, draft.saved_at, draft.id) == ({"sec_01": "żółć 4"}, "Anna", NOW, FIRST)
        assert Drafts(again).at("security", ("P-001", "mid")) is None
    assert "żółć".encode() not in (tmp_path / "records.db").read_bytes()


@pytest.mark.parametrize(
    ("id", "revision", "page", "overtaken"),
    [
        (FIRST, 2, "p", False),
        (FIRST, 2, "other", False),
        (FIRST, 1, "p", False),  # its reply was lost on the way
        (FIRST, 1, "other", True),
        (FIRST, 3, "other", True),
        (SECOND, 0, "other", True),
        (SECOND, 2, "p", True),
    ],
)
def test_nobody_overwrites_what_another_page_saved(
    store: Store, id: str, revision: int, page: str, overtaken: bool
) -> None:
    save(store)
    save(store, text="2", revision=1)
    if not overtaken:
        assert save(store, id, text="3", revision=revision, page=page).revision == 3
        return
    with pytest.raises(Overtaken) as caught:
        save(store, id, text="3", revision=revision, page=page)
    assert caught.value.draft.typed == {"sec_01": "2"}
    assert Drafts(store).at("security", PLACE) == caught.value.draft


def test_storing_a_form_takes_its_draft_away_and_a_late_save_brings_none_back(store: Store) -> None:
    save(store)
    stored(store, FIRST)
    assert Drafts(store).all() == ()
    with pytest.raises(Submitted):
        save(store, revision=1)
    assert Drafts(store).all() == ()


def test_a_submission_that_fails_leaves_the_draft(store: Store) -> None:
    save(store)
    stored(store, SECOND)
    assert len(Drafts(store).all()) == 1
    with pytest.raises(Submitted):
        save(store, revision=1)
    with pytest.raises(StoreError):
        stored(store, FIRST)
    assert len(Drafts(store).all()) == 1


def test_erasing_a_person_erases_her_drafts_and_no_others(store: Store) -> None:
    save(store)
    Drafts(store).save(
        SECOND, form="security", place=("P-002", "mid"), typed={}, author="Jan", now=NOW, participant="P-2"
    )
    store.append([entries.erasure("P-001", actor="Anna")])
    assert [draft.id for draft in Drafts(store).all()] == [SECOND]
    with pytest.raises(StoreError, match="erased"):
        save(store)


def test_a_draft_that_is_given_up_is_gone_and_can_be_begun_anew(store: Store) -> None:
    save(store)
    Drafts(store).give_up("security", PLACE)
    Drafts(store).give_up("security", PLACE)
    assert Drafts(store).at("security", PLACE) is None
    assert save(store, revision=1).revision == 1


@settings(max_examples=14, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.dictionaries(st.text(max_size=8), st.text(max_size=40), max_size=5))
def test_what_was_typed_comes_back_letter_by_letter(store: Store, typed: dict[str, str]) -> None:
    drafts = Drafts(store)
    drafts.give_up("f", ("a",))
    kept = drafts.save(FIRST, form="f", place=("a",), typed=typed, author="A", now=NOW)
    assert kept.typed == typed
    assert drafts.at("f", ("a",)) == kept


def unsaved(n: int, *, participant: str = "", revision: int = 0) -> Draft:
    place = (f"P-{n:03}", "mid")
    return Draft(str(uuid.UUID(int=n)), "security", place, participant, "1", "Anna", NOW, revision, f"page {n}", {})


def test_drafts_that_wait_together_are_written_together_and_one_that_cannot_be_hinders_none(store: Store) -> None:
    store.append([entries.erasure("P-001", actor="Anna")])
    begun: list[str] = []
    real = store.transaction

    def transaction(kind: Literal["DEFERRED", "IMMEDIATE"]) -> AbstractContextManager[Execute]:
        begun.append(kind)
        return real(kind)

    drafts = Drafts(store)
    drafts.save_all([unsaved(5)])
    store.transaction = transaction  # type: ignore[method-assign]
    wrong = unsaved(3, participant="P-001")
    garbled = dataclasses.replace(unsaved(4), typed={"a": "\ud800"})
    told = drafts.save_all([unsaved(1), wrong, garbled, unsaved(5), unsaved(2), unsaved(2, revision=1)])
    assert begun == ["IMMEDIATE"]
    assert [each.revision if isinstance(each, Draft) else type(each) for each in told] == [
        1, StoreError, UnicodeEncodeError, 2, 1, 2,
    ]  # fmt: skip
    assert {(draft.id, draft.revision) for draft in drafts.all()} == {
        (str(uuid.UUID(int=n)), revision) for n, revision in ((1, 1), (5, 2), (2, 2))
    }
