"""The same release in other words: its numbers are locked, the page says so, and numbers in a text are asked about."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluation.cli import main
from evaluation.errors import BadDeclaration, LedgerError
from evaluation.project.papers import documents
from evaluation.project.releases import releasing
from evaluation.release import bundle
from evaluation.release.printed import wording
from evaluation.release.released import Draft
from evaluation.report.content import assurance, tables
from evaluation.texts import say
from tests.conftest import Folder


@pytest.fixture
def released(reported: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A project after its release; what its documents are made of stands in them, for speed."""

    def drawn(editions: Mapping[str, tuple[str, str]], *_: object, **__: object) -> dict[str, bytes]:
        return {"en/report.txt": "".join(editions[""]).encode()}

    monkeypatch.setattr(documents, "drawn", drawn)
    path = Path(shutil.copytree(reported.path, tmp_path / "project"))
    return Folder(path, path / reported.key_file.name)


def mend(folder: Folder, old: str, new: str, *, file: str = "plan.yml") -> None:
    path = folder.path / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def report(folder: Folder, *more: str, typed: str = "") -> str:
    return CliRunner().invoke(main, folder.arguments("report", *more), input=typed).output


def test_a_mended_label_stands_in_the_same_release_and_its_headline_mean_is_still_there(released: Folder) -> None:
    path = released.path / "releases" / "final.json"
    sealed, before = path.read_bytes(), bundle.read(path)
    mend(released, "en: sense of security", "en: feeling safe")
    said = report(released)
    after = bundle.read(path)
    assert "'feeling safe'" in said
    assert path.read_bytes() == sealed
    assert after.digest == before.digest
    assert [mean.change for mean in after.means] == [mean.change for mean in before.means]
    assert before.means[0].change is not None
    shown = tables.outcomes(after, "en").text
    means = "Mean at the start: 15.6; Mean at the end: 20.3; Mean change (points): +4.7"
    assert f"Feeling safe: Scale: 6–30; {means}" in shown
    assert "Sense of security" not in shown
    assert "poczucie bezpieczeństwa" in tables.outcomes(after, "pl").text.casefold()


def test_the_page_says_which_texts_it_was_made_from_and_that_they_were_mended(released: Folder) -> None:
    path = released.path / "releases" / "final.json"
    before = assurance.provenance(bundle.read(path), "en")
    mend(released, "en: sense of security", "en: feeling safe")
    with released.open() as project:
        releasing.mend(releasing.mended(project, path, today=dt.date(2031, 2, 3)), released.path / "reports")
        assert releasing.mended(project, path, today=dt.date(2033, 1, 1)).words[path] == bundle.words_file(
            path
        ).read_text("utf-8")
    after = assurance.provenance(bundle.read(path), "en")
    assert before.content["texts"] in before.text
    assert "mended" not in before.text
    assert after.content["texts"] in after.text != before.text
    assert "Its words were mended on 3\u00a0February 2031" in after.text
    assert after.content["released_on"] == before.content["released_on"]
    assert after.content["digest"] == before.content["digest"]


def test_words_that_are_put_back_are_those_of_the_release_again(released: Folder) -> None:
    path = released.path / "releases" / "final.json"
    before = bundle.read(path)
    mend(released, "en: sense of security", "en: feeling safe")
    report(released)
    mend(released, "en: feeling safe", "en: sense of security")
    report(released)
    assert not bundle.words_file(path).exists()
    assert bundle.read(path) == before


def test_a_number_in_a_new_text_that_the_release_does_not_print_is_named_and_asked_about(released: Folder) -> None:
    mend(released, "en: in or near Warsaw", "en: in 41 flats, 3,417 beds and 4.7 streets", file="project.yml")
    said = report(released, typed="no\n")
    assert "'3,417' stands in 'in 41 flats, 3,417 beds and 4.7 streets'" in said
    assert "'41' stands" not in said  # the release prints 41 people and a mean of 4.7
    assert "'4.7' stands" not in said
    assert say("project.output_check.nothing_released", "en") in said
    assert not list(released.path.glob("releases/*.words"))
    report(released, typed="yes\n")
    (kept,) = released.path.glob("releases/*.words")
    assert "3,417" in kept.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("numeral", "means"),
    [("1,052", {"1052", "1.052"}), ("1\u00a0052", {"1052"}), ("4,7", {"47", "4.7"}), ("007", {"7"})],
)
def test_a_numeral_is_read_as_either_language_writes_it(numeral: str, means: set[str]) -> None:
    assert wording.numerals(f"of {numeral} people, in") == [numeral]
    assert wording.forms(numeral) == means


def test_numbers_beside_one_another_are_two(released: Folder) -> None:
    assert wording.numerals("2010–2012: in 2014 17 of 1 234") == ["2010", "2012", "2014", "17", "1 234"]


def test_no_number_comes_out_of_a_file_of_words(released: Folder) -> None:
    path = released.path / "releases" / "final.json"
    mend(released, "en: sense of security", "en: feeling safe")
    report(released)
    beside = bundle.words_file(path)
    told = json.loads(beside.read_text(encoding="utf-8"))
    told["facts"]["reached"] = told["means"][0]["change"] = 29
    for table in told["tables"]:
        for count in table["counts"]:
            count["value"] = 3
    beside.write_text(json.dumps(told), encoding="utf-8")
    read = bundle.read(path)
    assert read.means[0].labels["en"] == "feeling safe"
    beside.unlink()
    plain = bundle.read(path)
    assert (read.facts.reached, read.means[0].change) == (plain.facts.reached, plain.means[0].change)
    assert [table.counts for table in read.tables] == [table.counts for table in plain.tables]


def test_words_of_another_release_are_refused_by_name(released: Folder) -> None:
    path = released.path / "releases" / "final.json"
    beside = bundle.words_file(path)
    for broken in (
        '{"format": "release-words/1", "digest": "x"}',
        "[]",
        "{",
        json.dumps({"digest": bundle.read(path).digest}),
    ):
        beside.write_text(broken, encoding="utf-8")
        with pytest.raises(LedgerError, match=r"final\.words"):
            bundle.read(path)
        beside.unlink()


def test_true_counts_of_today_never_come_with_todays_words(released: Folder) -> None:
    path = released.path / "releases" / "final.json"
    sealed = bundle.read(path)
    with released.open() as project:
        today = releasing.draft(project.results, "final")
    hundreds = tuple(
        dataclasses.replace(
            table,
            labels={"en": "other", "pl": "inne"},
            counts=tuple(dataclasses.replace(count, value=100) for count in table.counts),
        )
        for table in (*today.tables, *today.ranged)
    )
    other: Draft = dataclasses.replace(today, tables=hundreds, ranged=())
    made = wording.reworded(sealed, other, on=dt.date(2031, 2, 3))
    assert {table.labels["en"] for table in made.tables} == {"other"}
    assert bundle.same(made, bundle.values(path.read_text(encoding="utf-8"), path.name))
    assert made.digest == sealed.digest


@pytest.mark.parametrize("languages", ["[en, pl, uk]", "[]"])
def test_words_that_no_document_could_carry_change_nothing(released: Folder, languages: str) -> None:
    mend(released, "languages: [en, pl]", f"languages: {languages}", file="project.yml")
    path = released.path / "releases" / "final.json"
    with released.open() as project, pytest.raises(BadDeclaration):
        releasing.mended(project, path)


def test_a_release_without_a_language_is_made_in_it_afterwards(released: Folder) -> None:
    mend(released, "languages: [en, pl]", "languages: [pl]", file="project.yml")
    report(released)
    assert bundle.read(released.path / "releases" / "final.json").facts.languages == ("pl",)


def test_the_output_check_of_a_release_whose_words_were_mended_is_of_that_release(released: Folder) -> None:
    mend(released, "en: sense of security", "en: feeling safe")
    with released.open() as project:
        proposal = releasing.propose(project, "final")
    assert proposal.again
    assert proposal.primary
