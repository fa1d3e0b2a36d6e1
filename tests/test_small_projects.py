"""Small invented projects with a known right answer go the whole road from their files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from evaluation.measure.pictures.results import outcomes, refusals
from evaluation.project.drafting import draft
from tests.conftest import Folder
from tests.test_cli import run

P6 = Path(__file__).parent / "data" / "p6"


def filled(tmp_path: Path) -> Folder:
    """The files of p6 taken in by the command line."""
    folder = Folder(tmp_path / "project", tmp_path / "my.key")
    assert run("new", str(folder.path), "--key-file", str(folder.key_file), "--name", "Anna").exit_code == 0
    for declared in ("project.yml", "plan.yml"):
        shutil.copyfile(P6 / declared, folder.path / declared)
    for table in ("participants", "security"):
        taken = run(*folder.arguments("intake", str(P6 / f"{table}.csv"), "--as", table))
        assert taken.exit_code == 0, taken.output
    return folder


def test_where_those_who_left_began_unlike_those_who_stayed_no_mean_of_everyone_enrolled_leaves(
    tmp_path: Path,
) -> None:
    folder = filled(tmp_path)
    assert "most of them began outside the range of those who stayed" in run(*folder.arguments("check")).output
    with folder.open() as house:
        change = house.changes["security"]
        assert (change.at_baseline, change.pairs, change.headline) == (32, 20, "none")
        assert (change.means.all_enrolled, change.refusals[0].id) == (None, "no_prediction")
        low, high = change.means.bounds
        assert (round(low, 3), round(high, 3)) == (-2.625, 6.375)
        assert "no headline" in outcomes(house.changes, house.project, "en").alt
        assert "większość z nich zaczynała" in refusals(house.changes, house.project, "pl").table.to_string()
        (mean,) = draft(house, "final").means
        assert mean.withheld["en"] == "Not shown: the answers do not bear this number."
    made = run(*folder.arguments("report", "--yes", "-p", "language=en"))
    assert made.exit_code == 0, made.output
    report = folder.path / "reports" / "final" / "en"
    told = json.loads((report / "report.json").read_text(encoding="utf-8"))["outcomes"]["content"]["means"][0]
    assert (told["change"], told["low"], told["high"], told["n"]) == (None, None, None, None)
    page = (report / "report.html").read_text(encoding="utf-8")
    assert "no mean change is shown" in page
    for inner in ("11.9", "cannot be predicted", "began outside"):
        assert inner not in page
