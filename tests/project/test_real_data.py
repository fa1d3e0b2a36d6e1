"""Two public data sets of real people go the whole road, each as a project of its own."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from evaluation.errors import BadArgument
from evaluation.project import Project, open_project
from evaluation.project.creation import new_project
from evaluation.project.intake.incoming import take_in
from evaluation.project.releases.releasing import propose, report
from evaluation.release.ledger import Proposal

DATA = Path(__file__).parents[1] / "data"


def declaration(name: str, tmp_path: Path) -> Project:
    folder, key_file = tmp_path / name, tmp_path / "key"
    new_project(folder, name="tester", key_file=key_file)
    for path in (DATA / name).rglob("*.*"):
        if path.suffix in (".yml", ".md"):
            shutil.copyfile(path, folder / path.relative_to(DATA / name))
    return open_project(folder, key_file=key_file, environ={})


def columns(path: Path) -> dict[str, list[str]]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def documents(project: Project, proposal: Proposal, tmp_path: Path) -> tuple[list[Path], dict[str, float | None]]:
    """The English documents of what is now released, and what each indicator achieved in its JSON."""
    made = list(report(project, proposal, tmp_path / "out", parameters={"language": "en"}))
    document = json.loads(next(path for path in made if path.suffix == ".json").read_text(encoding="utf-8"))
    return made, {line["code"]: line["achieved"] for line in document["indicators"]["content"]}


def test_btheb_runs_the_whole_road_with_its_dropout(tmp_path: Path) -> None:
    source = DATA / "btheb" / "btheb.csv"
    with declaration("btheb", tmp_path) as project:
        filed = take_in(project, source, mapping="wide", name="tester")
        assert filed.rejected == 0
        change = project.changes["depression"]
        raw = columns(source)
        before = np.array([float(value) for value in raw["bdi.pre"]])
        after = np.array([float(value) if value != "NA" else np.nan for value in raw["bdi.8m"]])
        both = ~np.isnan(after)
        assert (change.enrolled, change.at_baseline, change.pairs) == (52, 52, 27)

        # The completers, beside everyone enrolled as regression of the end on the start predicts them.
        completers = stats.ttest_rel(after[both], before[both])
        assert change.means.t is not None
        assert change.means.t.mean == pytest.approx((after - before)[both].mean(), rel=1e-12)
        assert change.means.t.low == pytest.approx(completers.confidence_interval().low, rel=1e-10)
        line = np.polyfit(before[both], after[both], 1)
        everyone = (np.polyval(line, before) - before).mean()
        assert change.means.all_enrolled is not None
        assert change.means.all_enrolled.estimate == pytest.approx(everyone, rel=1e-10)
        assert change.means.all_enrolled.tipping == pytest.approx(-everyone * 52 / 25, rel=1e-10)

        # 27 of 52 is between 50 and 80 %: everyone enrolled is headlined, with the tipping line beside it.
        assert change.headline == "all enrolled"
        assert change.show_tipping
        assert change.headline_estimate < 0  # type: ignore[operator]  # lower is better
        assert change.improved == int(((after - before)[both] < 0).sum())

        proposal = propose(project, "final")
        assert proposal.safe
        made, achieved = documents(project, proposal, tmp_path)
    assert achieved["B2"] == pytest.approx(round(everyone, 1))
    report = next(path for path in made if path.suffix == ".html").read_text(encoding="utf-8")
    assert "B002" not in re.sub("base64,[A-Za-z0-9+/=]+", "", report)  # the letters of a picture may spell it


def test_sai_is_scored_from_its_twenty_items_with_their_keys(tmp_path: Path) -> None:
    source = DATA / "sai" / "sai_flat.csv"
    positive = {
        *("calm", "secure", "at.ease", "rested", "comfortable"),
        *("confident", "relaxed", "content", "joyful", "pleasant"),
    }
    with declaration("sai", tmp_path) as project:
        assert take_in(project, source, mapping="long", name="tester").rejected == 0
        raw = columns(source)
        items = [name for name in raw if name not in ("study", "time", "id")]
        answers = np.array(
            [
                [float(raw[name][row]) if raw[name][row] != "NA" else np.nan for name in items]
                for row in range(len(raw["id"]))
            ]
        )
        keyed = np.where([name in positive for name in items], 5 - answers, answers)
        complete = ~np.isnan(keyed).any(axis=1)
        totals = dict(zip(zip(raw["id"], raw["time"], strict=True), keyed.sum(axis=1), strict=True))
        scores = project.scores.set_index(["participant", "wave"])["score"]
        for row in np.flatnonzero(complete):
            code, time = raw["id"][row], raw["time"][row]
            wave = {"1": "first", "2": "second"}[time]
            assert scores[(f"F-{int(code):03d}", wave)] == totals[(code, time)]
        assert complete.sum() > 300
        change = project.changes["anxiety"]
        assert change.enrolled == 170
        assert change.means.all_enrolled is not None
        estimate = change.means.all_enrolled.estimate
        proposal = propose(project, "final")
        assert proposal.safe
        _, achieved = documents(project, proposal, tmp_path)
    assert achieved["A1"] == pytest.approx(round(estimate, 1))


def test_the_same_file_again_stores_nothing_twice(tmp_path: Path) -> None:
    with declaration("btheb", tmp_path) as project:
        first = take_in(project, DATA / "btheb" / "btheb.csv", mapping="wide", name="tester")
        again = take_in(project, DATA / "btheb" / "btheb.csv", mapping="wide", name="tester")
        assert (again.stored, again.repeated) == (0, first.stored - 52)


def test_an_import_that_is_not_declared_is_named_with_the_nearest(tmp_path: Path) -> None:
    with declaration("btheb", tmp_path) as project, pytest.raises(BadArgument, match="did you mean 'wide'"):
        take_in(project, DATA / "btheb" / "btheb.csv", mapping="wyde", name="tester")
