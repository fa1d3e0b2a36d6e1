"""Each person opens the record as herself: name, role, secret; and a recovery code for the day it is lost."""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.collect.access import keys, recovery, sidecar
from evaluation.collect.access.keys import DataKey, Slot
from evaluation.errors import DamagedStore, StoreError, WrongPassphrase

FAST = 2**4
ANNA, EWA = keys.passphrase("zażółć gęślą jaźń"), keys.passphrase("another phrase")
DAY = dt.date(2026, 3, 9)
GOLDEN = Path(__file__).parents[2] / "golden" / "first"


@pytest.fixture
def key(tmp_path: Path) -> DataKey:
    """A record that Anna coordinates."""
    return keys.create(tmp_path, ANNA, slot="Anna", on=DAY, cost=FAST)


def add_ewa(folder: Path, key: DataKey, role: keys.Role = "caseworker") -> None:
    keys.add_slot(folder, key, secret=EWA, slot="Ewa", role=role, cost=FAST)


def change(folder: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    """records.keys as somebody with an editor, and the digest's rule, would leave it."""
    path = folder / keys.NAME
    written = json.loads(path.read_text(encoding="utf-8"))
    edit(written)
    sidecar.write(folder, written)


def test_opening_tells_whose_slot_it_was_and_what_she_does(tmp_path: Path, key: DataKey) -> None:
    add_ewa(tmp_path, key, "evaluator")
    anna, ewa = keys.unlock(tmp_path, ANNA), keys.unlock(tmp_path, EWA)
    assert (anna.name, anna.role, ewa.name, ewa.role) == ("Anna", "coordinator", "Ewa", "evaluator")
    assert anna.key == ewa.key == key


def test_a_kernel_that_was_handed_the_data_key_has_no_name_and_decides_nothing(tmp_path: Path, key: DataKey) -> None:
    kernel = keys.unlock(tmp_path, keys.Secret("data key", key.material))
    assert (kernel.name, kernel.role) == ("", "evaluator")


def test_slots_are_listed_with_role_kind_and_day_and_never_with_a_secret(tmp_path: Path, key: DataKey) -> None:
    add_ewa(tmp_path, key)
    keys.add_recovery(tmp_path, key, on=DAY, cost=FAST)
    assert keys.slots(tmp_path) == (
        Slot("Anna", "coordinator", "passphrase", DAY),
        Slot("Ewa", "caseworker", "passphrase", None),
        Slot("recovery", "coordinator", "recovery code", DAY),
    )


def test_slots_of_the_first_version_are_coordinators_and_stay_when_another_is_added(tmp_path: Path) -> None:
    shutil.copy(GOLDEN / keys.NAME, tmp_path)
    file = keys.read_key_file(GOLDEN / "golden.key")
    first = keys.unlock(tmp_path, file)
    assert first.role == "coordinator"
    add_ewa(tmp_path, first.key)
    assert keys.unlock(tmp_path, file) == first
    assert keys.unlock(tmp_path, EWA).key == first.key
    assert json.loads((tmp_path / keys.NAME).read_text(encoding="utf-8"))["format"] == 2


def test_a_name_is_the_same_however_a_keyboard_composes_it(tmp_path: Path, key: DataKey) -> None:
    keys.add_slot(tmp_path, key, secret=EWA, slot=" Żaneta ", role="caseworker", cost=FAST)
    assert keys.unlock(tmp_path, EWA, slot="Z\u0307aneta").name == "Żaneta"
    with pytest.raises(StoreError, match="can already open"):
        keys.add_slot(tmp_path, key, secret=EWA, slot="Z\u0307aneta", role="caseworker", cost=FAST)


@pytest.mark.parametrize("role", ["boss", "", "Coordinator"])
def test_a_role_that_is_none_is_refused_by_name(tmp_path: Path, key: DataKey, role: keys.Role) -> None:
    with pytest.raises(StoreError, match="caseworker, evaluator or coordinator"):
        add_ewa(tmp_path, key, role)
    assert len(keys.slots(tmp_path)) == 1


def test_the_last_coordinator_stays_though_others_and_the_recovery_code_would_be_left(
    tmp_path: Path, key: DataKey
) -> None:
    add_ewa(tmp_path, key, "evaluator")
    keys.add_recovery(tmp_path, key, cost=FAST)
    with pytest.raises(StoreError, match="last coordinator"):
        keys.remove_slot(tmp_path, key, slot="Anna")
    keys.remove_slot(tmp_path, key, slot="Ewa")
    with pytest.raises(StoreError, match="only one who can open"):
        keys.remove_slot(tmp_path, key, slot="Anna")
    keys.remove_slot(tmp_path, key, slot="recovery")
    assert [slot.name for slot in keys.slots(tmp_path)] == ["Anna"]


def test_of_two_who_add_people_at_once_the_second_is_told_and_no_slot_is_lost(
    tmp_path: Path, key: DataKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = keys.slot_forms.make

    def slow(*given: Any, **named: Any) -> dict[str, Any]:
        monkeypatch.undo()
        add_ewa(tmp_path, key)
        return make(*given, **named)

    monkeypatch.setattr(keys.slot_forms, "make", slow)
    iwona = keys.passphrase("a third phrase")
    with pytest.raises(StoreError, match="somebody else changed who can open the record"):
        keys.add_slot(tmp_path, key, secret=iwona, slot="Iwona", role="caseworker", cost=FAST)
    assert [slot.name for slot in keys.slots(tmp_path)] == ["Anna", "Ewa"]
    keys.add_slot(tmp_path, key, secret=iwona, slot="Iwona", role="caseworker", cost=FAST)
    assert len(keys.slots(tmp_path)) == 3


# --- what somebody without the key can do to the file --------------------------------------------


@pytest.mark.parametrize(
    "edit",
    [
        lambda it: it["slots"][1].update(role="coordinator"),
        lambda it: it["slots"][1].update(name="Anna B"),
        lambda it: it["slots"][1].update(public=it["slots"][0]["public"]),
        lambda it: it["slots"].reverse(),
        lambda it: it["slots"].pop(1),
        lambda it: it.update(seal="0" * 64),
    ],
)
def test_a_slot_changed_by_somebody_who_cannot_open_the_record_is_noticed(
    tmp_path: Path, key: DataKey, edit: Callable[[dict[str, Any]], object]
) -> None:
    add_ewa(tmp_path, key)
    change(tmp_path, edit)
    with pytest.raises(DamagedStore, match="changed by something that cannot open"):
        keys.unlock(tmp_path, ANNA)


def test_a_role_that_was_raised_by_hand_opens_nothing(tmp_path: Path, key: DataKey) -> None:
    add_ewa(tmp_path, key)
    change(tmp_path, lambda it: it["slots"][1].update(role="coordinator"))
    with pytest.raises(WrongPassphrase):
        keys.unlock(tmp_path, EWA)


def test_a_newer_version_of_the_file_is_refused_in_a_sentence(tmp_path: Path, key: DataKey) -> None:
    change(tmp_path, lambda it: it.update(format=3))
    with pytest.raises(StoreError, match="newer version"):
        keys.unlock(tmp_path, ANNA)


# --- the recovery code ---------------------------------------------------------------------------


def test_the_recovery_code_opens_the_record_in_place_of_a_passphrase(tmp_path: Path, key: DataKey) -> None:
    code = keys.add_recovery(tmp_path, key, cost=FAST)
    for typed in (code, code.lower(), code.replace("-", " "), f" {code.replace('-', '')} ", code.replace("-", "–")):
        who = keys.unlock(tmp_path, keys.passphrase(typed))
        assert (who.name, who.role, who.key) == ("recovery", "coordinator", key)
    assert keys.unlock(tmp_path, keys.passphrase(code), slot="Anna").name == "recovery"
    assert code not in (tmp_path / keys.NAME).read_text(encoding="utf-8")
    assert code.replace("-", "") not in (tmp_path / keys.NAME).read_text(encoding="utf-8")


def test_a_new_recovery_code_ends_the_one_before(tmp_path: Path, key: DataKey) -> None:
    before, after = (keys.add_recovery(tmp_path, key, cost=FAST) for _ in range(2))
    with pytest.raises(WrongPassphrase, match="does not open"):
        keys.unlock(tmp_path, keys.passphrase(before))
    assert keys.unlock(tmp_path, keys.passphrase(after)).key == key
    assert len(keys.slots(tmp_path)) == 2


def test_a_person_called_recovery_is_not_overwritten(tmp_path: Path, key: DataKey) -> None:
    keys.add_slot(tmp_path, key, secret=EWA, slot="recovery", role="caseworker", cost=FAST)
    with pytest.raises(StoreError, match="can already open"):
        keys.add_recovery(tmp_path, key, cost=FAST)
    assert keys.unlock(tmp_path, EWA).name == "recovery"


def test_a_misread_sign_is_told_as_one(tmp_path: Path, key: DataKey) -> None:
    code = keys.add_recovery(tmp_path, key, cost=FAST)
    other = "A" if code[0] != "A" else "C"
    with pytest.raises(WrongPassphrase, match="misread"):
        keys.unlock(tmp_path, keys.passphrase(other + code[1:]))


def test_a_passphrase_that_looks_like_a_misread_code_opens_all_the_same(tmp_path: Path, key: DataKey) -> None:
    words = "grand garden fat hammer"
    assert len(words.replace(" ", "")) == 20
    keys.add_slot(tmp_path, key, secret=keys.passphrase(words), slot="Ewa", role="caseworker", cost=FAST)
    assert keys.unlock(tmp_path, keys.passphrase(words)).name == "Ewa"


@given(st.integers(0, 2**32), st.data())
def test_every_wrong_sign_and_every_two_exchanged_signs_show(seed: int, data: st.DataObject) -> None:
    code = recovery.fresh(random.Random(seed).choice).replace("-", "")
    assert recovery.typed(keys.passphrase(code)) == recovery.of(code)
    at = data.draw(st.integers(0, 19))
    wrong = data.draw(st.sampled_from([sign for sign in recovery.LETTERS if sign != code[at]]))
    first, second = sorted(data.draw(st.lists(st.integers(0, 19), min_size=2, max_size=2, unique=True)))
    signs = list(code)
    signs[first], signs[second] = signs[second], signs[first]
    for slip in (code[:at] + wrong + code[at + 1 :], "".join(signs)):
        if slip != code:
            with pytest.raises(WrongPassphrase, match="misread"):
                recovery.typed(keys.passphrase(slip))


def test_codes_are_long_enough_not_to_be_guessed_and_never_the_same() -> None:
    codes = {recovery.fresh() for _ in range(50)}
    assert len(codes) == 50
    assert all(len(code.replace("-", "")) == 20 for code in codes)
    assert len(set(recovery.LETTERS)) ** 19 > 2**85
