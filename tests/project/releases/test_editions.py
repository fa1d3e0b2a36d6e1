"""A project in two editions, from project.yml to its documents: those for the funder say that they are confidential."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluation.cli import main
from evaluation.errors import BadArgument
from evaluation.project import output_check
from evaluation.project.batch import carrying
from evaluation.project.batch.manifest import Run
from evaluation.project.releases import known_releases, releasing
from evaluation.report.own import Own
from evaluation.report.own.profile import Profile
from evaluation.texts import say
from tests.conftest import Folder
from tests.readers import content, everything

EDITIONS = "  profile: public\n  editions: [funder, public]\n"


@pytest.fixture(scope="module")
def made(filled: Callable[[str], Folder], once: Callable[[str, Callable[[Path], None]], Path]) -> Folder:
    """The shelter in two editions, with its release 'final' and its documents in English; for reading only."""
    shelter = filled("shelter")

    def make(path: Path) -> None:
        shutil.copytree(shelter.path, path)
        file = path / "project.yml"
        text = file.read_text(encoding="utf-8").replace("  profile: funder\n", EDITIONS)
        file.write_text(text.replace("languages: [en, pl]\n", "languages: [en]\n"), encoding="utf-8")
        with Folder(path, path / shelter.key_file.name).open() as project:
            project.lock_plan(on=dt.date.today())
            releasing.report(project, releasing.propose(project, "final"), path / "reports" / "final")

    path = once("editions", make)
    return Folder(path, path / shelter.key_file.name)


@pytest.fixture
def copied(made: Folder, tmp_path: Path) -> Folder:
    path = Path(shutil.copytree(made.path, tmp_path / "project"))
    return Folder(path, path / made.key_file.name)


def test_whoever_makes_documents_is_told_what_must_not_be_published_with_them(copied: Folder, tmp_path: Path) -> None:
    out = tmp_path / "site"
    made = CliRunner().invoke(main, [*copied.arguments("report", "--yes", "--out", str(out))])
    assert made.exit_code == 0, made.output
    said = f"{out / 'funder'} holds the confidential edition: whoever is given {out} is given that, too."
    assert said in made.output.replace("\n", " ")
    assert {path.name for path in out.iterdir()} == {"en", "funder"}
    run = Run("p", "k", "final", languages=("en",), formats=("txt",))
    (out / "own.json").write_text("[]", encoding="utf-8")  # somebody's own, which claims nothing
    with copied.open() as project:
        shutil.copytree(out, project.folder / "reports" / "final", dirs_exist_ok=True)
        (told,) = (say(each, "en") for each in carrying.warnings(project, run))
    assert told == "project/reports/final/funder holds the confidential edition: whoever is given " + (
        "project/reports/final is given that, too. Publish the folders of the languages beside it alone."
    )


def test_the_documents_of_each_edition_have_their_place_and_only_the_confidential_ones_say_so(made: Folder) -> None:
    reports = made.path / "reports" / "final"
    found = {path.relative_to(reports).as_posix(): content(path) for path in reports.rglob("report.*")}
    suffixes = ("html", "pdf", "docx", "json", "txt", "xlsx", "csv")
    assert set(found) == {f"en/report.{end}" for end in suffixes} | {
        f"funder/en/report.{'confidential.' * (end == 'csv')}{end}" for end in suffixes
    }
    for place, text in found.items():
        whole = everything(reports / place) if place.endswith("xlsx") else text  # there it heads the printed page
        said = "not for publication" in whole or '"confidential": true' in whole or ".confidential." in place
        assert said is place.startswith("funder/"), place
    assert found["en/report.csv"].splitlines()[0] == found["funder/en/report.confidential.csv"].splitlines()[0]
    threshold = {
        place: json.loads(found[place])["certificate"]["content"]["threshold"]
        for place in ("en/report.json", "funder/en/report.json")
    }
    assert threshold == {"en/report.json": 10, "funder/en/report.json": 5}


def test_the_output_check_shows_both_and_the_record_keeps_both(copied: Folder) -> None:
    with copied.open() as project:
        proposal = releasing.propose(project, "final")
        said = list(output_check.sentences(proposal))
        assert [line for line in said if line.startswith("Audience")] == [
            "Audience: the funder (threshold 5)",
            "Audience: the public (threshold 10)",
        ]
        assert list(output_check.verdict(proposal, "en").table.columns[1:]) == [
            "the funder (threshold 5)",
            "the public (threshold 10)",
        ]
        assert {*output_check.counts(proposal, "en").table.iloc[:, 0]} == {
            "the funder (threshold 5)",
            "the public (threshold 10)",
        }
        kept = {path: path.read_bytes() for path in (copied.path / "releases").rglob("*.json*")}
        shutil.rmtree(copied.path / "releases")
        assert known_releases.restore(project) == ("final",)
        assert {path: path.read_bytes() for path in (copied.path / "releases").rglob("*.json*")} == kept


def test_words_are_mended_in_both_and_a_manifest_chooses_among_them(copied: Folder) -> None:
    file = copied.path / "project.yml"
    text = file.read_text(encoding="utf-8").replace("place: {en: in", "place: {en: somewhere in")
    file.write_text(text, encoding="utf-8")
    before = {path: path.read_bytes() for path in (copied.path / "reports").rglob("*.*")}
    run = Run("project", "key", "final", editions=("funder",), formats=("csv", "txt"))
    unmarked = copied.path / "reports" / "final" / "funder" / "en" / "report.csv"
    unmarked.touch()  # as earlier versions called it
    with copied.open() as project:
        files = [path.relative_to(copied.path).as_posix() for path in carrying.carry_out(project, run)]
        assert files == [
            "reports/final/funder/en/report.txt",
            "reports/final/funder/en/report.confidential.csv",
            "releases/final.json",
            "releases/funder/final.json",
        ]
        assert {path.relative_to(copied.path).as_posix() for path in copied.path.rglob("final.words")} == {
            "releases/final.words",
            "releases/funder/final.words",
        }
    assert not unmarked.exists()
    after = {path: path.read_bytes() for path in before}
    assert [path for path in before if before[path] != after[path]] == [copied.path / files[0]]


def test_a_manifest_that_asks_for_an_edition_that_is_not_made_is_refused(filled: Callable[[str], Folder]) -> None:
    with filled("shelter").open() as project, pytest.raises(BadArgument, match="no edition 'public', only funder"):
        carrying.carry_out(project, Run("project", "key", "final", editions=("public",)))


@pytest.mark.parametrize(
    ("editions", "shaped"), [((), "both"), (("funder", "public"), "both"), (("funder",), "the funder's")]
)
def test_a_funders_profile_shapes_the_editions_that_the_funder_is_given(editions, shaped) -> None:  # type: ignore[no-untyped-def]
    own = Own(profile=Profile({}, "own", editions=editions))
    assert own.of("funder").profile is own.profile
    assert (own.of("public").profile is own.profile) is (shaped == "both")
