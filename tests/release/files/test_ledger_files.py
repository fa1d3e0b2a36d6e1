"""The record of releases survives a crash at any moment, and shows when somebody changed it."""

from __future__ import annotations

import dataclasses
import hmac
import json
import os
import shutil
import subprocess
import sys

import pytest

from evaluation import codec, files
from evaluation.errors import LedgerError
from evaluation.release import bundle, ledger
from evaluation.release.files import chain
from evaluation.release.files.closed import close, opened
from tests.release.drafts import draft, propose, reference, released, table, variable


@pytest.fixture(scope="session")
def made(once):
    """A folder with three releases, for copying only."""

    def make(folder):
        for name in ("first", "second", "third"):
            released(reference(name), folder)

    return once("three", make)


@pytest.fixture
def three(made, tmp_path):
    """A folder with three releases."""
    return shutil.copytree(made, tmp_path, dirs_exist_ok=True)


def lines(folder):
    return (folder / "ledger.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)


def write(folder, kept):
    (folder / "ledger.jsonl").write_text("".join(kept), encoding="utf-8")


def names(folder):
    return [entry.release for entry in ledger.read(folder, "demo")]


def test_each_line_names_the_hash_of_the_one_before(three):
    first, second, third = ledger.read(three, "demo")
    assert (first.previous, second.previous, third.previous) == (chain.NOTHING, first.hash, second.hash)


def test_a_folder_without_a_ledger_is_an_empty_one(tmp_path):
    assert ledger.read(tmp_path, "demo") == ()
    assert ledger.read(tmp_path / "not there", "demo") == ()


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize(
    ("key", "changed"),
    [("threshold", 1), ("release", "forged"), ("profile", "public"), ("released_on", "2016-01-01")],
)
def test_a_changed_line_is_noticed_and_named(three, number, key, changed):
    kept = lines(three)
    entry = json.loads(kept[number])
    kept[number] = codec.canonical({**entry, key: changed}) + "\n"
    write(three, kept)
    with pytest.raises(LedgerError, match=f"line {number + 1}"):
        ledger.read(three, "demo")


def test_a_changed_number_is_noticed(three):
    kept = lines(three)
    assert '"value":24' in kept[1]
    kept[1] = kept[1].replace('"value":24', '"value":25', 1)
    write(three, kept)
    with pytest.raises(LedgerError, match="line 2"):
        ledger.read(three, "demo")


def test_a_changed_line_with_its_own_hash_renewed_is_still_noticed(three):
    kept = lines(three)
    forged = codec.build(chain.Entry, {**json.loads(kept[1]), "threshold": 1}).sealed()
    kept[1] = codec.canonical(codec.plain(forged)) + "\n"
    write(three, kept)
    with pytest.raises(LedgerError, match="line 3"):
        ledger.read(three, "demo")


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 2), (1, 2), (0, 0, 1, 2), (0, 1, 2, 2)])
def test_a_line_that_was_moved_removed_or_repeated_is_noticed(three, order):
    kept = lines(three)
    write(three, [kept[number] for number in order])
    with pytest.raises(LedgerError):
        ledger.read(three, "demo")


@pytest.mark.parametrize("left", [0, 1, 2])
def test_a_ledger_that_was_cut_short_is_noticed_by_its_head(three, left):
    write(three, lines(three)[:left])
    with pytest.raises(LedgerError, match="cut short"):
        ledger.read(three, "demo")


@pytest.mark.parametrize("left", [1, 2])
def test_a_ledger_that_was_cut_short_together_with_its_head_is_noticed_by_the_bundles(three, left):
    kept = lines(three)[:left]
    write(three, kept)
    head = {"format": chain.FORMAT, "head": json.loads(kept[-1])["hash"], "lines": left}
    (three / "ledger.head").write_text(codec.canonical(head), encoding="utf-8")
    with pytest.raises(LedgerError, match="does not know it"):
        ledger.read(three, "demo")


def test_a_ledger_that_is_gone_is_noticed(three):
    (three / "ledger.jsonl").unlink()
    with pytest.raises(LedgerError, match="cut short"):
        ledger.read(three, "demo")
    (three / "ledger.head").unlink()
    with pytest.raises(LedgerError, match="does not know it"):
        ledger.read(three, "demo")


def test_a_head_that_is_gone_or_forged_is_noticed(three):
    head = three / "ledger.head"
    text = head.read_text(encoding="utf-8")
    head.unlink()
    with pytest.raises(LedgerError, match="missing"):
        ledger.read(three, "demo")
    head.write_text(text.replace('"head":"', '"head":"f', 1), encoding="utf-8")
    with pytest.raises(LedgerError, match="stands for"):
        ledger.read(three, "demo")
    head.write_text("not json", encoding="utf-8")
    with pytest.raises(LedgerError, match="cannot be read"):
        ledger.read(three, "demo")


def test_a_ledger_with_more_lines_than_a_crash_can_leave_is_noticed(three):
    for known, fine in ((2, True), (1, False)):
        head = {"format": chain.FORMAT, "head": json.loads(lines(three)[known - 1])["hash"], "lines": known}
        (three / "ledger.head").write_text(codec.canonical(head), encoding="utf-8")
        if fine:
            assert len(ledger.read(three, "demo")) == 3
        else:
            with pytest.raises(LedgerError, match="lengthened"):
                ledger.read(three, "demo")


@pytest.mark.parametrize("damage", ["half a line", "", "\x00\x00", "[]", '{"a":1,"a":2}'])
def test_a_line_that_cannot_be_read_is_named(three, damage):
    kept = lines(three)
    kept[1] = (kept[1][: len(kept[1]) // 2] if damage == "half a line" else damage) + "\n"
    write(three, kept)
    with pytest.raises(LedgerError, match="line 2"):
        ledger.read(three, "demo")


def test_so_is_a_file_of_other_bytes_which_is_not_written_over(three):
    (three / "ledger.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LedgerError, match="line 1"):
        ledger.read(three, "demo")
    with pytest.raises(LedgerError, match="not written over"):
        chain.restore(three, [("{}", "")], project="demo")


def test_nothing_is_released_upon_a_damaged_ledger(three):
    waiting = propose(reference("fourth"), three)
    write(three, lines(three)[:1])
    before = {path.name: path.read_bytes() for path in three.iterdir()}
    with pytest.raises(LedgerError):
        propose(reference("fourth"), three)
    with pytest.raises(LedgerError):
        ledger.release(waiting, three)
    assert {path.name: path.read_bytes() for path in three.iterdir()} == before


def test_a_changed_bundle_stops_the_next_release(three):
    path = three / "second.json"
    path.write_text(path.read_text(encoding="utf-8").replace("24", "25", 1), encoding="utf-8")
    with pytest.raises(LedgerError, match=r"second\.json was changed"):
        propose(reference("fourth"), three)


def test_one_release_in_the_place_of_another_is_named_and_a_copy_elsewhere_is_not(three):
    shutil.copy(three / "first.json", three / "first (copy).json")
    assert names(three) == ["first", "second", "third"]
    shutil.copy(three / "first.json", three / "second.json")
    with pytest.raises(LedgerError, match=r"second\.json is another release"):
        propose(reference("fourth"), three)


def crashing_at(monkeypatch, step):
    """The process dies before the ``step``-th time that a file gets its final name or is written."""
    calls = []

    def counted(real):
        def instead(*given, **more):
            calls.append(real)
            if len(calls) == step:
                raise KeyboardInterrupt
            return real(*given, **more)

        return instead

    monkeypatch.setattr(files, "move", counted(files.move))
    monkeypatch.setattr(files, "write", counted(files.write))
    return calls


@pytest.mark.parametrize("earlier", [0, 1, 2])
@pytest.mark.parametrize("step", [1, 2, 3, 4, 5, 6, 7])
def test_after_a_crash_at_any_moment_the_release_is_there_or_it_is_not(tmp_path, monkeypatch, earlier, step):
    for number in range(earlier):
        released(reference(f"r{number}"), tmp_path)
    before = names(tmp_path)
    proposal = propose(reference("new"), tmp_path)
    with monkeypatch.context() as crashing:
        # One write and one rename repair the head before anything is added to an old ledger.
        calls = crashing_at(crashing, step + (2 if earlier else 0))
        with pytest.raises(KeyboardInterrupt):
            ledger.release(proposal, tmp_path)
        assert calls
    after = names(tmp_path)
    assert after in (before, [*before, "new"])
    assert not (tmp_path / "new.json").exists()
    # The same command again finishes it, whatever was left.
    again = ledger.release(propose(reference("new"), tmp_path), tmp_path)
    assert names(tmp_path) == [*before, "new"]
    assert bundle.read(tmp_path / "new.json") == again
    assert list(tmp_path.glob("*.part")) == []
    assert released(reference("next"), tmp_path).certificate.earlier_releases == earlier + 1


def test_a_crash_takes_seven_steps_and_the_last_is_the_bundle(tmp_path, monkeypatch):
    with monkeypatch.context() as counting:
        calls = crashing_at(counting, 99)
        released(reference("new"), tmp_path)
    assert len(calls) == 7


def test_what_a_crash_left_before_the_ledger_knew_it_is_thrown_away(tmp_path, monkeypatch):
    with monkeypatch.context() as crashing:
        crashing_at(crashing, 3)
        with pytest.raises(KeyboardInterrupt):
            released(reference("abandoned"), tmp_path)
    assert (tmp_path / "abandoned.json.part").exists()
    (tmp_path / "ledger.jsonl.ab12cd34.part").write_text("half a li", encoding="utf-8")
    released(reference("other"), tmp_path)
    assert list(tmp_path.glob("*.part")) == []
    assert names(tmp_path) == ["other"]


def test_two_releases_at_once_are_refused_without_waiting(tmp_path):
    proposal = propose(reference(), tmp_path)
    with chain.locked(tmp_path), pytest.raises(LedgerError, match="Another release is being made"):
        ledger.release(proposal, tmp_path)
    assert ledger.release(proposal, tmp_path).release == "2015-final"


@pytest.mark.skipif(os.name == "nt", reason="a process that was killed is awaited otherwise there")
def test_a_lock_ends_with_the_process_that_held_it(tmp_path):
    script = (
        "import os, pathlib, sys\n"
        "from evaluation.release.files import chain\n"
        "holding = chain.locked(pathlib.Path(sys.argv[1]))\n"
        "holding.__enter__()\n"
        "os._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False).returncode == 9
    released(reference(), tmp_path)


@pytest.mark.parametrize("number", [1, 2])
def test_a_full_disk_leaves_neither_the_bundle_nor_the_line(three, monkeypatch, number):
    before = {path.name: path.read_bytes() for path in three.iterdir()}
    proposal, real, calls = propose(reference("fourth"), three), os.fsync, []

    def full(descriptor):
        calls.append(descriptor)
        if len(calls) == number + 2:  # the head is mended first, and its folder
            raise OSError(28, "No space left on device")
        return real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(LedgerError, match=r"nothing was released: the disk is full"):
            ledger.release(proposal, three)
    assert {path.name: path.read_bytes() for path in three.iterdir()} == before
    ledger.release(proposal, three)
    assert names(three) == ["first", "second", "third", "fourth"]


# --- what only the record's key reads -----------------------------------------------------------


def homes(release, *counts):
    codes = variable("home", "europe", "asia", "africa")
    cells = {(code,): count for code, count in zip(codes.codes, counts, strict=True)}
    return draft(release, table("home", [codes], {(): sum(counts), **cells}))


def test_whoever_has_the_releases_folder_learns_no_more_from_the_ledger_than_from_what_was_printed(tmp_path):
    """Of Asia and Africa, printed as 12 and 10, one fell to 4, and nobody reads which: 16 are left of both."""
    anchor, kept, told = chain.Anchor(b"k" * 32), [], []
    for asia, africa in ((4, 12), (12, 4)):
        folder = tmp_path / str(asia)
        for one in (homes("first", 30, 12, 10), homes("second", 30, asia, africa)):
            ledger.release(propose(one, folder, anchor=anchor), folder, anchor)
        *_, entry = ledger.read(folder, "demo", anchor)
        kept.append(entry.populations["participants"].smaller)
        told.append({**json.loads(lines(folder)[-1]), "closed": len(entry.closed), "hash": "", "previous": ""})
        assert propose(homes("second", 30, asia, africa), folder, anchor=anchor).again
    assert kept[0] != kept[1]
    assert told[0] == told[1]
    assert told[0]["populations"] == {}
    with pytest.raises(LedgerError, match="key of another record"):
        ledger.read(folder, "demo", chain.Anchor(b"x" * 32, [one.strip() for one in lines(folder)]))


def test_a_line_of_before_they_were_closed_stays_readable_and_the_next_one_is_closed(tmp_path):
    anchor = chain.Anchor(b"k" * 32)
    ledger.release(propose(homes("first", 30, 12, 10), tmp_path, anchor=anchor), tmp_path, anchor)
    (entry,) = ledger.read(tmp_path, "demo", anchor)
    old = codec.plain(dataclasses.replace(entry, format="release-ledger/2", closed=""))
    body = codec.canonical({name: value for name, value in old.items() if name != "hash"})
    old["hash"] = hmac.digest(anchor.key, body.encode(), "sha256").hex()
    write(tmp_path, [codec.canonical(old) + "\n"])
    (tmp_path / "ledger.head").unlink()
    assert ledger.read(tmp_path, "demo", anchor)[0].populations == entry.populations != {}
    ledger.release(propose(homes("second", 45, 4, 12), tmp_path, anchor=anchor), tmp_path, anchor)
    assert [bool(one.closed) for one in ledger.read(tmp_path, "demo", anchor)] == [False, True]


def test_what_is_closed_opens_with_its_key_and_name_only():
    closed = close("text", b"k" * 32, release="first")
    assert opened(closed, b"k" * 32, release="first") == "text"
    assert close("text", b"k" * 32, release="first") == closed != close("texts", b"k" * 32, release="first")
    for text, key, name in ((closed, b"x" * 32, "first"), (closed, b"k" * 32, "second"), ("?", b"k" * 32, "first")):
        assert opened(text, key, release=name) is None
