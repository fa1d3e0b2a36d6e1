"""Small invented projects with a known right answer go the whole road from their files."""

from __future__ import annotations

import dataclasses
import json
import random
import shutil
from pathlib import Path

import pytest

from evaluation.inside.outcomes.overview import outcomes
from evaluation.inside.outcomes.results import refusals
from evaluation.inside.outcomes.trust import trust
from evaluation.project import Project
from evaluation.project.draft.assembly import draft
from tests.cli.test_cli import fails, run
from tests.conftest import Folder

SHARED = "Too few people stand behind it, their answers do not allow it, or somebody could be recognised."
"""The one reason outside for whatever is not told."""
P6 = Path(__file__).parents[1] / "data" / "p6"


def filled(tmp_path: Path, **files: str) -> Folder:
    """The files of p6, or other ``files`` in their place, taken in by the command line."""
    folder = Folder(tmp_path / "project", tmp_path / "my.key")
    assert run("new", str(folder.path), "--key-file", str(folder.key_file), "--name", "Anna").exit_code == 0
    for declared in ("project.yml", "plan.yml"):
        shutil.copyfile(P6 / declared, folder.path / declared)
    if "indicators" in files:
        (folder.path / "indicators.yml").write_text(files["indicators"], encoding="utf-8")
    for table in ("participants", "security"):
        file = P6 / f"{table}.csv"
        if table in files:
            file = tmp_path / f"{table}.csv"
            file.write_text(files[table], encoding="utf-8")
        taken = run(*folder.arguments("intake", str(file), "--as", table))
        assert taken.exit_code == 0, taken.output
    return folder


def test_where_those_who_left_began_unlike_those_who_stayed_no_mean_of_everyone_enrolled_leaves(
    tmp_path: Path,
) -> None:
    folder = filled(tmp_path)
    assert "most of them began outside the range of those who stayed" in run(*folder.arguments("check")).output
    with folder.open() as project:
        change = project.changes["security"]
        assert (change.at_baseline, change.pairs, change.headline) == (32, 20, "none")
        assert (change.means.all_enrolled, change.refusals[0].id) == (None, "no_prediction")
        low, high = change.means.bounds
        assert (round(low, 3), round(high, 3)) == (-2.625, 6.375)
        assert "no headline" in outcomes(project.changes, project.declaration, "en").alt
        assert "większość z nich zaczynała" in refusals(project.changes, project.declaration, "pl").table.to_string()
        (mean,) = draft(project.results, "final").means
        assert mean.withheld["en"] == SHARED
    fails(run(*folder.arguments("release", "--yes")), 12, "no lock holds the plan")  # nobody would be asked
    assert not list((folder.path / "releases").glob("*.json"))
    made = run(*folder.arguments("report", "-p", "language=en"), answers="yes\n")
    assert made.exit_code == 0, made.output
    report = folder.path / "reports" / "final" / "en"
    told = json.loads((report / "report.json").read_text(encoding="utf-8"))["outcomes"]["content"]["means"][0]
    assert (told["change"], told["low"], told["high"], told["n"]) == (None, None, None, None)
    page = (report / "report.html").read_text(encoding="utf-8")
    assert "no mean change is shown" in page
    for inner in ("11.9", "cannot be predicted", "began outside"):
        assert inner not in page


def test_an_item_that_is_worded_the_other_way_round_is_named_by_check_and_in_the_notebook(tmp_path: Path) -> None:
    folder, files = Folder(tmp_path / "project", tmp_path / "my.key"), P6.parent / "p2"
    assert run("new", str(folder.path), "--key-file", str(folder.key_file), "--name", "Anna").exit_code == 0
    for declared in ("project.yml", "plan.yml", "questionnaires/wellness.md"):
        shutil.copyfile(files / declared, folder.path / declared)
    for table in ("participants", "wellness"):
        taken = run(*folder.arguments("intake", str(files / f"{table}.csv"), "--as", table))
        assert taken.exit_code == 0, taken.output
    checked = run(*folder.arguments("check")).output
    assert "The answers to wel_04 run against the rest of the scale (lowest correlation −0.62)" in checked
    with folder.open() as project:
        change = project.changes["wellness"]
        assert change.trust.reliability.cronbach == pytest.approx(0.82, abs=0.005)
        assert change.headlined
        assert "Odpowiedzi na wel_04 idą w przeciwną stronę" in trust(project.changes, "pl").table.iloc[0, 4]
    made = run(*folder.arguments("report", "-p", "language=en"), answers="yes\n")
    assert made.exit_code == 0, made.output
    report = folder.path / "reports" / "final" / "en"
    (told,) = json.loads((report / "report.json").read_text(encoding="utf-8"))["outcomes"]["content"]["means"]
    assert (told["start"], told["change"]) == (27.9, 4.1)
    assert "wel_04" not in (report / "report.html").read_text(encoding="utf-8")


LEVEL = "level: outcome, labels: {en: felt safer, pl: większe poczucie bezpieczeństwa}, source: {en: form, pl: ankieta}"
INDICATORS = f"""indicators:
  - {{code: SAFE, unit: share, measure: "improved:security", target: 0.5, {LEVEL}}}
  - {{code: MORE, unit: points, measure: "change:security", target: 2, {LEVEL}}}
"""


def by_lot(people: int) -> str:
    """Six items that have nothing to do with one another, before and after."""
    lot, items = random.Random(5), [f"sec_{item:02d}" for item in (*range(1, 7), *range(11, 19))]
    rows = [
        f"P-{person:03d},{wave},{date}," + ",".join([*(str(lot.randint(1, 5)) for _ in items[:6]), *[""] * 8])
        for wave, date in (("baseline", "2026-01-15"), ("endline", "2026-10-15"))
        for person in range(1, people + 1)
    ]
    return "\n".join(["participant,wave,date," + ",".join(items), *rows]) + "\n"


def test_an_indicator_on_items_that_bear_no_total_has_no_number_inside_or_outside(tmp_path: Path) -> None:
    folder = filled(tmp_path, security=by_lot(32), indicators=INDICATORS)
    with folder.open() as project:
        change = project.changes["security"]
        assert [one.id for one in change.untrusted] == ["low_alpha"]
        assert (change.headline, len(change.improved_by_step)) == ("paired", 15)
        for measured in project.results.indicators:
            assert (measured.value, measured.persons) == (None, frozenset())
            assert measured.reason == change.untrusted[0].message
    made = run(*folder.arguments("report", "-p", "language=en"), answers="yes\n")
    assert made.exit_code == 0, made.output
    report = folder.path / "reports" / "final" / "en"
    document = json.loads((report / "report.json").read_text(encoding="utf-8"))
    for line in document["indicators"]["content"]:
        assert [line[name] for name in ("achieved", "achieved_share", "progress", "n", "of")] == [None] * 5
        assert line["withheld"]["en"] == SHARED
    page = (report / "report.html").read_text(encoding="utf-8")
    assert "47%" not in page  # 15 of 32
    assert "agree too little" not in page


def test_a_total_that_a_report_may_not_call_trusted_has_no_indicator_outside_and_one_inside(project: Project) -> None:
    few = Project(project.folder, project.declaration, project.store, project.who)
    # Of 29 people only nine could have been silent at the start: that twenty answered would tell of them.
    few.results.__dict__["changes"] = {
        name: dataclasses.replace(change, enrolled=29 if name == "security" else 41)
        for name, change in project.changes.items()
    }
    asked = {
        name: {one.code: one for one in draft(of.results, "x").indicators}
        for name, of in (("few", few), ("all", project))
    }
    on_security = {one.code for one in project.declaration.indicators if one.measure.endswith(":security")}
    assert len(on_security) >= 1
    for code, line in asked["few"].items():
        if code not in on_security:
            assert line == asked["all"][code]
            continue
        assert (line.numerator, line.denominator, line.mean, line.achieved, line.breakdown) == (
            None,
            None,
            "",
            None,
            "",
        )
        assert line.withheld["en"] == SHARED
        assert asked["all"][code].numerator is not None or asked["all"][code].mean
        assert next(one.value for one in few.results.indicators if one.indicator.code == code) is not None
    whole = {table.id for table in draft(project.results, "x").tables}
    left = {table.id for table in draft(few.results, "x").tables}
    assert {table.rpartition(".by.")[0].removesuffix(".known") for table in whole - left} <= on_security
