"""A project that plans its releases, from project.yml to its documents, and one release that was wrong."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evaluation.cli import main
from evaluation.errors import BadArgument, BadDeclaration, LedgerError
from evaluation.project.checks import check_lines
from evaluation.project.releases import design, known_releases, releasing, since
from evaluation.release.audit.persons import people
from evaluation.release.planned import lives
from tests.conftest import Folder, enter, worded
from tests.readers import content

SCHEDULE = """
releases:
  - {name: q1, kind: interim, date: 2022-06-30}
  - {name: q2, kind: interim, date: 2022-09-30, topics: [courses, indicators]}
  - {name: final, kind: final, date: 2023-02-28}
"""
DAYS = {"q1": dt.date(2022, 7, 4), "q2": dt.date(2022, 10, 3), "final": dt.date(2023, 3, 6)}


def released(folder: Folder, name: str, erratum_of: str = "") -> Path:
    with folder.open() as project:
        day = DAYS.get(name, dt.date(2023, 4, 17))
        proposal = releasing.propose(project, name, today=day, erratum_of=erratum_of)
        return releasing._enter(project, proposal) if erratum_of else enter(project, proposal)


@pytest.fixture(scope="module")
def made(filled: Callable[[str], Folder], once: Callable[[str, Callable[[Path], None]], Path]) -> Folder:
    """The shelter with its planned releases, locked, made, and one erratum of the last; for reading only."""
    shelter = filled("shelter")

    def make(path: Path) -> None:
        shutil.copytree(shelter.path, path)
        file = path / "project.yml"
        file.write_text(file.read_text(encoding="utf-8") + SCHEDULE, encoding="utf-8")
        folder = Folder(path, path / shelter.key_file.name)
        with folder.open() as project:
            project.lock_plan(on=dt.date.today())
        for name in DAYS:
            released(folder, name)
        (path / "reports" / "final" / "en").mkdir(parents=True)  # as if its documents lay there
        released(folder, "final-2", "final")

    path = once("schedule", make)
    return Folder(path, path / shelter.key_file.name)


@pytest.fixture
def copied(made: Folder, tmp_path: Path) -> Folder:
    path = Path(shutil.copytree(made.path, tmp_path / "project"))
    return Folder(path, path / made.key_file.name)


def bundle(folder: Folder, name: str) -> dict[str, object]:
    return dict(json.loads((folder.path / "releases" / f"{name}.json").read_text(encoding="utf-8")))


def said_above(report: Path) -> tuple[str, str, str]:
    """What kind a report is, of which day, and how its page says that."""
    told = json.loads(content(report))
    page = content(report.with_suffix(".html")).replace("\u00a0", " ")
    sentence = page.partition('<p class="kind">')[2].partition("<")[0]
    assert sentence in content(report.with_suffix(".txt")).replace("\u00a0", " ").split("\n\n")[1]
    return told["kind"], told["released_on"], sentence


def test_each_release_tells_what_is_planned_and_repeats_what_was_told(made: Folder) -> None:
    days = {
        name: {
            table["id"].partition(":")[0].partition(".")[0]: table.get("as_of")
            for table in bundle(made, name)["tables"]
        }  # type: ignore[attr-defined]
        for name in (*DAYS, "final-2")
    }
    later = {"people": None, "flow": None, "self_perception": None, "course": "2022-10-03"}
    assert days == {
        "q1": {"people": None},
        "q2": {"people": None, "course": None},
        "final": later,
        "final-2": later,
    }
    lines = {
        name: [(one["code"], one["achieved"], one.get("as_of")) for one in bundle(made, name)["indicators"]]  # type: ignore[attr-defined]
        for name in DAYS
    }
    everybody, meetings = ("S1", 26.0, None), ("S3", 275.0, None)
    assert lines == {
        "q1": [everybody, ("S2", None, None), meetings, ("S4", None, None)],
        "q2": [everybody, ("S2", 14.0, None), meetings, ("S4", None, None)],
        "final": [everybody, ("S2", 14.0, "2022-10-03"), meetings, ("S4", -0.5, None)],
    }
    with made.open() as project:
        assert all(releasing.propose(project, name).again for name in (*DAYS, "final-2"))


def test_documents_mark_what_is_of_another_day_and_what_they_replace(copied: Folder) -> None:
    for name, language in (("q1", "en"), ("final", "pl"), ("final-2", "en")):
        place = copied.path / "reports" / name
        releasing.make_documents(
            copied.path / "releases" / f"{name}.json",
            place,
            parameters={"language": language},
            only=lambda one: one.rpartition("/")[2] in ("report.json", "report.txt", "report.html"),
        )
    told = {path.parents[1].name: content(path) for path in copied.path.rglob("report.txt")}
    plain = {name: " ".join(text.split()) for name, text in told.items()}
    assert "Who took part, courses and outcomes ------" in plain["q1"]  # one section for all
    assert "Who took part and outcomes: not in this report; these numbers are told once" in plain["q1"]
    assert "nothing was recorded" not in plain["q1"]
    assert "Udział w kursach (osoby) (stan na 3 października 2022 r.):" in plain["final"]  # once for all courses
    assert "Nauka pracy: Uczestniczyły: 10" in plain["final"]
    assert "S2 Osoby, które ukończyły kurs prowadzenia domu (stan na 3 października 2022 r.)" in plain["final"]
    kinds = {
        "q1": ("interim", "2022-07-04", "Interim report, as of 4 July 2022"),
        "final": ("final", "2023-03-06", "Raport końcowy, stan na 6 marca 2023 r."),
        "final-2": ("erratum", "2023-04-17", "Erratum, as of 17 April 2023"),
    }
    assert {path.parents[1].name: said_above(path) for path in copied.path.rglob("report.json")} == kinds
    said = "Erratum of 17 April 2023: this replaces the release 'final' of 6 March 2023, which was wrong."
    assert said in plain["final-2"]
    assert said in content(copied.path / "reports" / "final-2" / "en" / "report.html").replace("&#39;", "'")
    assert "Any mean change that the release ‘final’ of 6 March 2023 told is withdrawn" in plain["final-2"]
    assert "in the report planned for 30 September 2022." in plain["q1"].partition("Courses: not in this")[2][:200]
    assert "How much scores changed on average is not told here" in plain["final-2"]
    # What is of another release, or withdrawn, is not hidden for fear that somebody is recognised, and is said once.
    elsewhere, wrong = ("“in another report”, and “–” beside it: told once", "“withdrawn”, and “–” beside it: what was")
    said_of = {"q1": (1, 0), "final": (0, 0), "final-2": (0, 1)}
    assert {name: (plain[name].count(elsewhere), plain[name].count(wrong)) for name in said_of} == said_of
    for name in ("q1", "final-2"):
        assert "nothing was recorded" not in plain[name]
        assert "cannot be said" not in plain[name]
        assert "Why a number is missing" not in plain[name]
    assert plain["q1"].count("Achieved: in another report; Achieved / target: –;") == 2
    assert plain["final-2"].count("Achieved: withdrawn; Achieved / target: –;") == 1
    assert plain["q1"].count("not in this report") == 2  # once for each day, however many sections and figures
    written = {path.parents[1].name: json.loads(content(path)) for path in copied.path.rglob("report.json")}
    assert written["final-2"]["erratum_of"] == {
        "release": "final",
        "released_on": "2023-03-06",
        "replaced_on": "2023-04-17",
    }
    assert "erratum_of" not in written["final"]
    assert {table["as_of"] for table in written["final"]["courses"]["content"]} == {"2022-10-03"}
    # What lies there of the release that was replaced says so, whoever makes it again is told, and so is `check`.
    said = "The release 'final' was replaced by 'final-2' on 17 April 2023, because its numbers were wrong."
    with copied.open() as project:
        assert any(line.startswith(said) for line in worded(check_lines(project)))
        again = releasing.mended(project, copied.path / "releases" / "final.json")
        assert worded(again.lines())[0].startswith(said)
        assert releasing.mended(project, copied.path / "releases" / "final-2.json").replaced is None
    releasing.mend(
        again, copied.path / "reports" / "final", parameters={"language": "pl"}, only=lambda one: "txt" in one
    )
    notices = {path.relative_to(copied.path / "reports"): content(path) for path in copied.path.rglob("REPLACED.txt")}
    assert {*notices} == {Path("final/en/REPLACED.txt"), Path("final/pl/REPLACED.txt")}
    assert notices[Path("final/en/REPLACED.txt")].startswith(said)
    in_polish = " ".join(notices[Path("final/pl/REPLACED.txt")].split())
    assert in_polish.startswith("Wydanie „final” zostało 17 kwietnia 2023 r. zastąpione")
    # Mended words keep the mark.
    file = copied.path / "project.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("pl: nauka pracy", "pl: nauka zawodu"), encoding="utf-8")
    with copied.open() as project:
        mended = releasing.mended(project, copied.path / "releases" / "final.json")
    assert "nauka zawodu (stan na 3 października 2022 r.)" in [" ".join(one.split()) for one in mended.new]


def test_a_second_erratum_of_one_release_replaces_the_first_one_too(copied: Folder) -> None:
    """Readers may hold the documents of both."""
    for name in ("final", "final-2"):
        (copied.path / "reports" / name / "pl").mkdir(parents=True, exist_ok=True)
    released(copied, "final-3", "final")
    for name in ("final", "final-2"):
        notice = content(copied.path / "reports" / name / "pl" / "REPLACED.txt")
        assert " ".join(notice.split()).startswith(f"Wydanie „{name}” zostało 17 kwietnia 2023 r. zastąpione"), notice
        assert "„final-3”" in notice
    assert not [*(copied.path / "reports").glob("final-3/*/REPLACED.txt")]
    with copied.open() as project:
        assert sum("was replaced by 'final-3'" in line for line in worded(check_lines(project))) == 2
        with pytest.raises(LedgerError, match="--erratum-of final"):
            releasing.propose(project, "final-4", erratum_of="final-2")


def test_the_output_check_says_what_a_release_spends(made: Folder, tmp_path: Path) -> None:
    with made.open() as project:
        entries = known_releases.entries(project)
        assert [one.release for one in entries] == [*DAYS, "final-2"]
        spent = {}
        for name in DAYS:
            proposal = releasing.propose(project, name)
            spent[name] = list(since.told_once(project, proposal, "en"))
        erratum = releasing.propose(project, "final-2")
        assert list(since.told_once(project, erratum, "en")) == []
    assert spent["q1"] == []
    assert spent["q2"] == [
        "Told once: with this release the tables of 'courses' and 'indicators' leave; every later one repeats them "
        "as of 3 October 2022.",
        "Only where publicly at least 10 people have joined by then, 'final' can tell them anew, and only if there are "
        "not too many ways in which people can have moved on.",
    ]
    assert spent["final"][1] == "No later release is planned that could tell them anew."


def test_an_erratum_whose_project_does_not_say_what_was_wrong_is_asked_to(copied: Folder) -> None:
    file = copied.path / "project.yml"
    text, source = "{en: Two lists were mixed up., pl: Pomylono dwie listy.}", "{en: the team, pl: zespół}"
    stated = f"context:\n  - {{part: correction, text: {text}, source: {source}}}\n"
    for words, asked in (("", True), (stated, False)):
        file.write_text(file.read_text(encoding="utf-8") + words, encoding="utf-8")
        with copied.open() as project:
            lines = list(since.lines(project, releasing.propose(project, "q2-2", erratum_of="q2"), "en"))
        assert any("does not say in words what was wrong in 'q2'" in line for line in lines) is asked


def test_what_a_later_release_then_cannot_tell_is_said_by_check_and_before_it_is_spent(
    made: Folder, filled: Callable[[str], Folder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = filled("reference")
    folder = Folder(Path(shutil.copytree(reference.path, tmp_path / "p")), tmp_path / "p" / reference.key_file.name)
    file = folder.path / "project.yml"
    text = file.read_text(encoding="utf-8").replace("planned_participants: 30", "planned_participants: 80")
    interim = "\nreleases:\n  - {{name: q1, kind: interim, date: 2014-09-30, topics: [{}]}}\n"
    final = "  - {name: final, kind: final, date: 2015-12-31}\n"
    for topics, lost in (("groups", True), ("groups, indicators, outcomes", False), ("flow", False)):
        file.write_text(text + interim.format(topics) + final, encoding="utf-8")
        with folder.open() as project:
            said = [one for one in worded(check_lines(project)) if one.startswith("As planned, 'final' cannot tell")]
        assert bool(said) == lost, topics
        assert (
            not lost or "sense of security rose by 2 points or more” (sense of security and target group):" in said[0]
        )
    asked = []
    monkeypatch.setattr(since.design, "foreseen", lambda *_, since: asked.append(since) or iter(()))
    with made.open() as project:
        list(since.told_once(project, releasing.propose(project, "q2"), "en"))
    assert asked == ["q2"]


# --- what cannot be -----------------------------------------------------------------------------


def run(folder: Folder, *more: str) -> Result:
    return CliRunner().invoke(main, [*folder.arguments("release", *more), "--yes"])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--release", "q3"), "'releases' plans no release 'q3'"),
        (("--release", "final-3", "--erratum-of", "finale"), "no release of that name was ever made; did you mean"),
        (("--release", "final-3", "--erratum-of", "final-2"), "is an erratum itself"),
        (("--release", "final-3", "--erratum-of", "final-2", "--preview"), "is an erratum itself"),
        (("--release", "final-2", "--erratum-of", "final"), "'final-2' is already released"),
        (("--release", "q2", "--erratum-of", "q1"), "'q2' is already released"),
    ],
)
def test_a_release_that_cannot_be_made_is_refused_and_nothing_is_appended(
    made: Folder, more: tuple[str, ...], said: str
) -> None:
    before = {path: path.read_bytes() for path in (made.path / "releases").rglob("*.json*")}
    result = run(made, *more)
    assert (result.exit_code > 0, said in result.output) == (True, True), result.output
    assert {path: path.read_bytes() for path in (made.path / "releases").rglob("*.json*")} == before


def test_a_schedule_that_was_changed_after_the_lock_is_refused_and_marked_once_it_is_locked_anew(
    filled: Callable[[str], Folder], tmp_path: Path
) -> None:
    shelter = filled("shelter")
    folder = Folder(Path(shutil.copytree(shelter.path, tmp_path / "p")), tmp_path / "p" / shelter.key_file.name)
    file = folder.path / "project.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + SCHEDULE, encoding="utf-8")
    with folder.open() as project:
        project.lock_plan(on=dt.date.today())
        assert project.design_late  # the last answers are in the record already
    file.write_text(text + SCHEDULE.replace("[courses, indicators]", "[courses]"), encoding="utf-8")
    with folder.open() as project:
        with pytest.raises(BadDeclaration, match="'releases' and 'planned_participants' are not as they were locked"):
            releasing.propose(project, "q1")
        assert "how finely topics are told, and when" in "".join(worded(_state(project)))
        project.lock_plan(on=dt.date.today())
        assert releasing.propose(project, "q1").certificate.declared_late
        enter(project, "q2")
        assert releasing.propose(project, "q2-2", erratum_of="q2").certificate.declared_late
        with pytest.raises(LedgerError, match="'q1' cannot be released any more: 'q2'"):
            releasing.propose(project, "q1")
        with pytest.raises(BadArgument, match="plans no release 'first'"):
            releasing.propose(project, "first")
        with pytest.raises(BadArgument, match="'final' is a planned release"):
            releasing.propose(project, "final", erratum_of="q2")
    file.write_text(text + SCHEDULE, encoding="utf-8")
    with folder.open() as project, pytest.raises(BadDeclaration, match="not as they were locked"):
        releasing.propose(project, "q2-2", erratum_of="q2")
    file.write_text(text + SCHEDULE.replace("topics: [courses", "topics: [course"), encoding="utf-8")
    with pytest.raises(BadDeclaration, match=r"project\.yml, line \d+: 'releases' has 'q2' tell the topic 'course'"):
        folder.open()


def test_both_editions_tell_a_topic_anew_at_once_by_the_stricter_threshold(
    filled: Callable[[str], Folder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelter = filled("shelter")
    folder = Folder(Path(shutil.copytree(shelter.path, tmp_path / "p")), tmp_path / "p" / shelter.key_file.name)
    file = folder.path / "project.yml"
    text = file.read_text(encoding="utf-8").replace("profile: funder", "editions: [funder, public]")
    file.write_text(text + SCHEDULE, encoding="utf-8")
    asked = []
    monkeypatch.setattr(design.schedule, "scheduled", lambda made, *_, **how: asked.append(how) or made)
    with folder.open() as project:
        project.lock_plan(on=dt.date.today())
        design.chosen(project, "q1", ())
        assert asked == [{"threshold": 10, "anew": True}] * 2
        monkeypatch.setattr(design.lives, "too_many", lambda *_, threshold: threshold == 10)  # of one edition: of both
        design.chosen(project, "q1", ())
    assert asked[-2:] == [{"threshold": 10, "anew": False}] * 2


def _state(project):  # type: ignore[no-untyped-def]
    from evaluation.project.plan import lock

    return lock.state(project.declaration, project.locks, seen=project.endline_seen)


def test_a_schedule_is_kept_where_lives_have_too_many_kinds_to_be_judged_together(
    filled: Callable[[str], Folder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelter = filled("shelter")
    folder = Folder(Path(shutil.copytree(shelter.path, tmp_path / "p")), tmp_path / "p" / shelter.key_file.name)
    file = folder.path / "project.yml"
    planned = """
releases:
  - {name: q1, kind: interim, date: 2022-06-30, topics: [courses]}
  - {name: q2, kind: interim, date: 2022-09-30, topics: [flow]}
  - {name: final, kind: final, date: 2022-12-31}
"""
    file.write_text(file.read_text(encoding="utf-8") + planned, encoding="utf-8")
    with folder.open() as project:
        project.lock_plan(on=dt.date.today())
    released(folder, "q1")
    found = []
    for kinds in (people.TOGETHER, 1):
        monkeypatch.setattr(people, "TOGETHER", kinds)
        monkeypatch.setattr(lives, "TOGETHER", kinds)
        with folder.open() as project:
            leaving = releasing.propose(project, "q2").leaving
            found.append((leaving.certificate.apart, [(one.id, one.as_of) for one in leaving.tables]))
    assert [apart for apart, _ in found] == [False, True]
    assert found[0][1] == found[1][1]
    assert not any(id.startswith("self_perception") for id, _ in found[1][1])  # which only the final one tells
