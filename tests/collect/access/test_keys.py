"""Only whoever has a slot opens the record, and no secret shows itself anywhere."""

from __future__ import annotations

import copy
import json
import logging
import os
import pickle
import subprocess
import sys
import traceback
import unicodedata
from pathlib import Path

import pytest

from evaluation.collect.access import keys
from evaluation.collect.access.keys import DataKey, Secret
from evaluation.errors import DamagedStore, StoreError, WrongPassphrase
from evaluation.texts import Message, say

WORDS = "zażółć gęślą jaźń"
FAST = 2**4
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="descriptors are inherited on POSIX only")


@pytest.fixture
def key(tmp_path: Path) -> DataKey:
    return keys.create(tmp_path, keys.passphrase(WORDS), slot="Anna", cost=FAST)


def test_the_passphrase_opens_what_it_closed(tmp_path: Path, key: DataKey) -> None:
    assert keys.unlock(tmp_path, keys.passphrase(WORDS)).key == key
    assert len(key.material) == 32


def test_every_record_has_a_key_of_its_own(tmp_path: Path, key: DataKey) -> None:
    (tmp_path / "other").mkdir()
    assert keys.create(tmp_path / "other", keys.passphrase(WORDS), slot="Anna", cost=FAST) != key


def test_a_keyboard_that_composes_letters_differently_opens_it_too(tmp_path: Path, key: DataKey) -> None:
    assert keys.unlock(tmp_path, keys.passphrase(unicodedata.normalize("NFD", WORDS))).key == key


@pytest.mark.parametrize("words", ["zażółć gęślą jaźn", WORDS.upper(), WORDS + " ", ""])
def test_another_passphrase_does_not_open_it(tmp_path: Path, key: DataKey, words: str) -> None:
    with pytest.raises(WrongPassphrase, match="check Caps Lock"):
        keys.unlock(tmp_path, keys.passphrase(words))


def test_each_person_opens_it_with_her_own_passphrase_or_key_file(tmp_path: Path, key: DataKey) -> None:
    file = keys.make_key_file(tmp_path / "ewa.key")
    keys.add_slot(tmp_path, key, secret=keys.passphrase("another phrase"), slot="Ewa", role="caseworker", cost=FAST)
    keys.add_slot(tmp_path, key, secret=file, slot="office", role="caseworker")
    assert [slot.name for slot in keys.slots(tmp_path)] == ["Anna", "Ewa", "office"]
    for secret in (keys.passphrase(WORDS), keys.passphrase("another phrase"), file):
        assert keys.unlock(tmp_path, secret).key == key
    assert keys.unlock(tmp_path, keys.read_key_file(tmp_path / "ewa.key"), slot="office").key == key


def test_naming_a_slot_tries_no_other(tmp_path: Path, key: DataKey) -> None:
    keys.add_slot(tmp_path, key, secret=keys.passphrase("another phrase"), slot="Ewa", role="caseworker", cost=FAST)
    with pytest.raises(WrongPassphrase):
        keys.unlock(tmp_path, keys.passphrase(WORDS), slot="Ewa")


def test_a_removed_person_no_longer_opens_it_and_the_others_do(tmp_path: Path, key: DataKey) -> None:
    keys.add_slot(tmp_path, key, secret=keys.passphrase("another phrase"), slot="Ewa", role="coordinator", cost=FAST)
    keys.remove_slot(tmp_path, key, slot="Anna")
    with pytest.raises(WrongPassphrase):
        keys.unlock(tmp_path, keys.passphrase(WORDS))
    assert keys.unlock(tmp_path, keys.passphrase("another phrase")).key == key


def test_the_last_slot_cannot_be_removed_nor_one_that_is_not_there(tmp_path: Path, key: DataKey) -> None:
    with pytest.raises(StoreError, match="add another person first"):
        keys.remove_slot(tmp_path, key, slot="Anna")
    with pytest.raises(StoreError, match="did you mean 'Anna'"):
        keys.remove_slot(tmp_path, key, slot="Ania")


def test_a_name_has_one_slot(tmp_path: Path, key: DataKey) -> None:
    with pytest.raises(StoreError, match="can already open"):
        keys.add_slot(
            tmp_path, key, secret=keys.passphrase("another phrase"), slot="Anna", role="caseworker", cost=FAST
        )


def test_a_foreign_data_key_neither_opens_nor_adds(tmp_path: Path, key: DataKey) -> None:
    foreign = DataKey(bytes(32))
    with pytest.raises(WrongPassphrase):
        keys.unlock(tmp_path, Secret("data key", bytes(32)))
    with pytest.raises(WrongPassphrase):
        keys.add_slot(
            tmp_path, foreign, secret=keys.passphrase("another phrase"), slot="Ewa", role="caseworker", cost=FAST
        )
    assert keys.unlock(tmp_path, Secret("data key", key.material)).key == key


@pytest.mark.parametrize(("words", "opens"), [("seven77", False), ("eight888", True)])
def test_a_new_passphrase_has_eight_characters(tmp_path: Path, words: str, opens: bool) -> None:
    if opens:
        keys.create(tmp_path, keys.passphrase(words), slot="Anna", cost=FAST)
        return
    with pytest.raises(StoreError, match="at least 8"):
        keys.create(tmp_path, keys.passphrase(words), slot="Anna", cost=FAST)
    assert list(tmp_path.iterdir()) == []


def test_the_cost_is_kept_beside_the_slot_and_is_high_by_default(tmp_path: Path) -> None:
    keys.create(tmp_path, keys.passphrase(WORDS), slot="Anna")
    (slot,) = json.loads((tmp_path / "records.keys").read_text())["slots"]
    assert slot["scrypt"]["n"] == 2**17
    assert keys.unlock(tmp_path, keys.passphrase(WORDS))


def test_the_sidecar_is_for_its_owner_only_and_never_overwritten(tmp_path: Path, key: DataKey) -> None:
    with pytest.raises(StoreError, match="not overwritten"):
        keys.create(tmp_path, keys.passphrase(WORDS), slot="Anna", cost=FAST)
    assert keys.unlock(tmp_path, keys.passphrase(WORDS)).key == key
    if sys.platform != "win32":
        assert (tmp_path / "records.keys").stat().st_mode & 0o777 == 0o600


# --- damage -----------------------------------------------------------------------------------


def test_any_changed_byte_of_the_sidecar_is_a_sentence(tmp_path: Path, key: DataKey) -> None:
    path = tmp_path / "records.keys"
    whole = path.read_bytes()
    for place in range(0, len(whole), 3):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        with pytest.raises(DamagedStore, match="restore it"):
            keys.unlock(tmp_path, keys.passphrase(WORDS))


@pytest.mark.parametrize("text", ["", "[]", "null", '{"slots": 3}', "PK\x03\x04", '{"format": 1}', "[" * 99999])
def test_a_sidecar_that_is_something_else_is_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "records.keys").write_text(text)
    with pytest.raises(DamagedStore, match=r"records\.keys is damaged"):
        keys.slots(tmp_path)


def test_a_sidecar_cut_short_or_missing_is_a_sentence(tmp_path: Path, key: DataKey) -> None:
    path = tmp_path / "records.keys"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DamagedStore):
        keys.unlock(tmp_path, keys.passphrase(WORDS))
    path.unlink()
    with pytest.raises(StoreError, match="missing"):
        keys.unlock(tmp_path, keys.passphrase(WORDS))


def test_a_sidecar_that_cannot_be_replaced_stays_as_it_was(
    tmp_path: Path, key: DataKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (tmp_path / "records.keys").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StoreError, match="nothing was changed"):
        keys.add_slot(tmp_path, key, secret=keys.passphrase("another phrase"), slot="Ewa", role="caseworker", cost=FAST)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [before]


# --- key files --------------------------------------------------------------------------------


def test_a_key_file_is_new_random_and_for_its_owner_only(tmp_path: Path) -> None:
    first, second = (keys.make_key_file(tmp_path / name) for name in ("a.key", "b.key"))
    assert first != second
    assert keys.read_key_file(tmp_path / "a.key") == first
    if sys.platform != "win32":
        assert (tmp_path / "a.key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(StoreError, match="not overwritten"):
        keys.make_key_file(tmp_path / "a.key")


@pytest.mark.parametrize("content", [b"", b"ab" * 31, b"ab" * 33, b"\xff" * 32, b"my passphrase"])
def test_a_file_that_is_no_key_file_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.key").write_bytes(content)
    with pytest.raises(WrongPassphrase, match="not a key file"):
        keys.read_key_file(tmp_path / "a.key")


def test_a_missing_key_file_or_a_folder_is_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.key", tmp_path):
        with pytest.raises(StoreError, match="cannot be read"):
            keys.read_key_file(path)


def test_another_key_file_does_not_open_it(tmp_path: Path, key: DataKey) -> None:
    keys.add_slot(tmp_path, key, secret=keys.make_key_file(tmp_path / "a.key"), slot="office", role="caseworker")
    with pytest.raises(WrongPassphrase, match="this key file does not open"):
        keys.unlock(tmp_path, keys.make_key_file(tmp_path / "b.key"))


# --- where a secret comes from ----------------------------------------------------------------


def test_the_first_source_that_is_there_is_taken(tmp_path: Path) -> None:
    mine, theirs = (keys.make_key_file(tmp_path / name) for name in ("mine.key", "theirs.key"))
    environ = {"EVALUATION_KEY_FILE": str(tmp_path / "theirs.key"), "EVALUATION_PASSPHRASE": WORDS}
    asked: list[Message] = []

    def prompt(question: Message) -> str:
        asked.append(question)
        return "typed in words\n"

    found = keys.secret(tmp_path, key_file=tmp_path / "mine.key", environ=environ, prompt=prompt)
    assert found == mine
    assert keys.secret(tmp_path, environ=environ, prompt=prompt) == theirs
    environ["EVALUATION_KEY_FILE"] = ""
    assert keys.secret(tmp_path, environ=environ, prompt=prompt) == keys.passphrase(WORDS)
    assert asked == []
    assert keys.secret(tmp_path, environ={}, prompt=prompt) == keys.passphrase("typed in words")
    assert [say(question, "en") for question in asked] == [f"Passphrase for the record in {tmp_path.name}: "]


def test_without_any_source_the_sentence_names_them(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"EVALUATION_KEY_FILE or EVALUATION_PASSPHRASE"):
        keys.secret(tmp_path, environ={})


CHILD = """
import os, sys
from pathlib import Path
from evaluation.collect.access import keys
for _ in range(2):
    secret = keys.secret(Path(sys.argv[1]), environ=os.environ)
    print(secret.kind, keys.unlock(Path(sys.argv[1]), secret).key.derive("test").hex())
"""


@POSIX
def test_a_child_process_gets_the_data_key_through_an_inherited_descriptor(tmp_path: Path, key: DataKey) -> None:
    with keys.handed_over(key) as descriptor:
        environ = dict(os.environ) | {
            "EVALUATION_KEY_FD": str(descriptor),
            "EVALUATION_PASSPHRASE": "wrong words",
        }
        child = subprocess.run(
            [sys.executable, "-c", CHILD, str(tmp_path)],
            pass_fds=[descriptor],
            env=environ,
            capture_output=True,
            text=True,
            check=True,
        )
    assert child.stdout.splitlines() == [f"data key {key.derive('test').hex()}"] * 2


@POSIX
def test_the_descriptor_gives_the_key_once(tmp_path: Path, key: DataKey) -> None:
    with keys.handed_over(key) as descriptor:
        assert os.read(descriptor, 100) == key.material
        assert os.read(descriptor, 100) == b""


@POSIX
@pytest.mark.parametrize("number", ["0", "-1", "four", "99999", "9" * 40])
def test_a_descriptor_that_gives_no_key_is_a_sentence(tmp_path: Path, number: str) -> None:
    with pytest.raises(StoreError, match="gives no key"):
        keys.secret(tmp_path, environ={"EVALUATION_KEY_FD": number})


# --- nothing shows a secret -------------------------------------------------------------------


def test_secrets_do_not_show_themselves(tmp_path: Path, key: DataKey) -> None:
    secret = keys.passphrase("quite secret words")
    for shown in (f"{secret} {secret!r} {key} {key!r}", f"{[secret, key]}"):
        assert "secret words" not in shown
        assert key.material.hex() not in shown
        assert repr(key.material) not in shown
    assert repr(secret) == "Secret(hidden)"


def test_secrets_cannot_be_written_down(key: DataKey) -> None:
    for hidden in (key, keys.passphrase("quite secret words")):
        for write in (pickle.dumps, copy.copy, json.dumps):
            with pytest.raises(TypeError):
                write(hidden)


def test_errors_and_logs_never_carry_the_passphrase(
    tmp_path: Path, key: DataKey, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    environ = {"EVALUATION_PASSPHRASE": "quite secret words"}
    with pytest.raises(WrongPassphrase) as caught:
        keys.unlock(tmp_path, keys.secret(tmp_path, environ=environ))
    told = "".join(traceback.format_exception(caught.value)) + caplog.text + "".join(capfd.readouterr())
    assert "secret words" not in told
    assert caught.value.__cause__ is None


def test_the_sidecar_holds_neither_passphrase_nor_data_key(tmp_path: Path, key: DataKey) -> None:
    text = (tmp_path / "records.keys").read_text(encoding="utf-8")
    assert WORDS not in text
    assert key.material.hex() not in text
    assert key.derive("records.db").hex() not in text


def test_keys_for_different_purposes_differ(key: DataKey) -> None:
    assert len({key.derive("records.db"), key.derive("fingerprint"), key.derive("check"), key.material}) == 4
