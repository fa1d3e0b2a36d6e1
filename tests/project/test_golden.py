"""Whatever an earlier version wrote stays readable: record, plan lock, ledger, bundle and report, digests and all."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evaluation import codec
from evaluation.errors import BadDeclaration, EvaluationError, LedgerError
from evaluation.project.checks import check_lines
from evaluation.project.papers.documents import make_documents
from evaluation.project.releases.releasing import propose
from evaluation.release import bundle, ledger
from evaluation.release.files import chain
from evaluation.release.released import Mean, Released
from tests.conftest import GOLDEN, Folder, golden, worded


@pytest.fixture(params=sorted(path.name for path in GOLDEN.iterdir() if (path / "records.db.txt").exists()))
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    """A copy of a project folder that an earlier version made."""
    folder = golden(request.param, tmp_path / "project")
    return Folder(folder, folder / "golden.key")


def test_the_record_the_lock_and_the_ledger_of_an_earlier_version_are_read(made: Folder) -> None:
    with made.open() as project:
        told = "\n".join(worded(check_lines(project)))
        assert "The record is whole: 86 entries" in told
        assert "The plan is locked since 2026-11-29, before any endline answer, and unchanged." in told
        assert "it holds 1" in told
        assert len(project.frames["participants"]) == 32
        assert project.changes["security"].pairs == 19


def test_its_release_is_known_as_made_and_another_follows_it(made: Folder) -> None:
    with made.open() as project:
        again = propose(project, "final")
        assert again.again
        assert again.leaving.digest == again.entry.bundle
        second = propose(project, "second")
        assert second.certificate.earlier_releases == 1
        ledger.release(second, made.path / "releases")
    first, other = chain.read(made.path / "releases", "my-project")
    assert other.previous == first.hash


def test_documents_of_its_release_carry_the_numbers_that_they_carried(made: Folder, tmp_path: Path) -> None:
    before = json.loads((made.path / "reports" / "report.en.json").read_text(encoding="utf-8"))
    make_documents(made.path / "releases" / "final.json", tmp_path / "out", parameters={"language": "en"})
    after = json.loads((tmp_path / "out" / "en" / "report.json").read_text(encoding="utf-8"))
    codec.version(before["format"], "evaluation-report", 1)
    assert after["digest"] == before["digest"]
    for now, then in zip(after["indicators"]["content"], before["indicators"]["content"], strict=True):
        assert {key: now[key] for key in then} == then
    # it has no course and its funder no donor state: a document has had sections only of what a project has since
    assert {part for part in before if part not in after} == {"bilateral_summary", "partnership", "courses"}
    assert before["courses"]["content"] == []


# --- what a later version may add, and what it may not ------------------------------------------


@dataclasses.dataclass(frozen=True)
class _Later(Mean):
    """A mean as a later version might have it."""

    median: float | None = None


@dataclasses.dataclass(frozen=True)
class _LaterReleased(Released):
    means: tuple[_Later, ...]  # type: ignore[assignment]


def test_a_later_version_with_one_more_field_reads_every_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "Released", _LaterReleased)
    monkeypatch.setattr(bundle, "parse", bundle.parse.__wrapped__)  # not as it was read before, nor for others
    for path in GOLDEN.glob("**/*.json"):
        if '"format": "release/1"' in path.read_text(encoding="utf-8")[:40]:
            assert all(mean.median is None for mean in bundle.read(path).means)  # type: ignore[attr-defined]


def resealed(made: Folder, change: Callable[[dict[str, Any]], object]) -> None:
    """The folder's release and ledger as another version would have written them."""
    releases = made.path / "releases"
    body = json.loads((releases / "final.json").read_text(encoding="utf-8"))
    change(body)
    body["digest"] = codec.digest({key: value for key, value in body.items() if key not in ("digest", "format")})
    (releases / "final.json").write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    line = json.loads((releases / "ledger.jsonl").read_text(encoding="utf-8"))
    line["bundle"] = body["digest"]
    line["reviewed_by"] = "a key of another version"
    line["hash"] = codec.digest({key: value for key, value in line.items() if key != "hash"})
    (releases / "ledger.jsonl").write_text(codec.canonical(line) + "\n", encoding="utf-8")
    head = {"format": chain.FORMAT, "head": line["hash"], "lines": 1}
    (releases / "ledger.head").write_text(codec.canonical(head) + "\n", encoding="utf-8")


def test_unknown_keys_are_passed_over_but_sealed_and_documents_are_made_of_the_file_as_it_is(
    made: Folder, tmp_path: Path
) -> None:
    resealed(made, lambda body: body.update({"reviewed_by": "x"}))
    path = made.path / "releases" / "final.json"
    (entry,) = chain.read(path.parent, "my-project")
    assert bundle.read(path).digest == entry.bundle
    make_documents(path, tmp_path / "out", parameters={"language": "en"})
    path.write_text(path.read_text(encoding="utf-8").replace('"reviewed_by": "x"', '"reviewed_by": "y"'), "utf-8")
    with pytest.raises(LedgerError, match="changed after it was released"):
        bundle.read(path)


def test_a_field_with_a_default_may_be_absent_and_the_release_is_still_the_one_that_was_made(made: Folder) -> None:
    def earlier(body: dict[str, Any]) -> None:
        del body["facts"]["retrospective"]
        for one in body["means"]:
            del one["detectable"], one["trusted"]

    resealed(made, earlier)
    made_of = bundle.values((made.path / "releases" / "final.json").read_text(encoding="utf-8"), "final.json")
    released = bundle.read(made.path / "releases" / "final.json")
    assert bundle.same(released, made_of)
    worded = dataclasses.replace(released, means=tuple(_withheld(one, "other words") for one in released.means))
    assert bundle.same(worded, made_of)
    one_more = dataclasses.replace(released, facts=dataclasses.replace(released.facts, reached=33))
    assert not bundle.same(one_more, made_of)


def _withheld(mean: Mean, why: str) -> Mean:
    return dataclasses.replace(mean, withheld={"en": why, "pl": why})


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("releases/final.json", "release/1", "release/2"),
        ("releases/ledger.head", "release-ledger/1", "release-ledger/4"),
        ("plan.lock", "locks:", "format: plan-lock/2\nlocks:"),
    ],
)
def test_what_a_newer_version_wrote_is_refused_in_a_sentence_that_says_so(
    made: Folder, file: str, old: str, new: str
) -> None:
    path = made.path / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with made.open() as project, pytest.raises(EvaluationError, match="a newer version of the kit wrote it"):
        worded(check_lines(project))


def test_a_ledger_line_of_a_newer_version_is_refused_too(made: Folder) -> None:
    path = made.path / "releases" / "ledger.jsonl"
    line = json.loads(path.read_text(encoding="utf-8")) | {"format": "release-ledger/4"}
    path.write_text(codec.canonical(line) + "\n", encoding="utf-8")
    with pytest.raises(LedgerError, match=r"line 1 cannot be read: a newer version"):
        chain.read(path.parent, "my-project")


@pytest.mark.parametrize("found", [None, "release", "release/x", "ledger/1", 1])
def test_what_is_of_no_known_format_says_so(found: object) -> None:
    with pytest.raises(BadDeclaration, match="not of the format release/1"):
        codec.version(found, "release", 1)
