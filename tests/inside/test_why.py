"""`evaluation why` walks a number back to rows from which the same number follows, on the screen and nowhere else."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pandas as pd
import pytest
from click.testing import CliRunner

from evaluation.cli import main
from evaluation.errors import BadArgument
from evaluation.inside.why import lines, why
from evaluation.measure.indicators import MEASURES
from evaluation.measure.results import Results
from evaluation.measure.scoring import by_wave
from evaluation.project import Project
from evaluation.schema import Indicator
from tests.conftest import Folder

ARGUMENTS = {"improved": "security", "change": "security", "exchanged": "beneficiary", "tally": "calls"}
PERSONS = (
    *("enrolled", "taken", "completed", "improved", "supported", "goals"),
    *("referred", "referral_accepted", "regulated"),
)


@pytest.fixture(scope="module")
def results(project: Project) -> Results:
    """The reference project with an indicator for every measure there is, called as the measure is."""
    labels = {"en": "x", "pl": "x"}
    made = [
        Indicator(name, labels, "output", unit, f"{name}:{argument}" if argument else name, labels)  # type: ignore[arg-type]
        for name in MEASURES
        for argument in [ARGUMENTS.get(name, "")]
        for unit in ["persons" if name in PERSONS else "points" if name == "change" else "number"]
    ]
    declaration = dataclasses.replace(project.declaration, indicators=tuple(made))
    return dataclasses.replace(project.results, declaration=declaration)


@pytest.mark.parametrize("name", PERSONS)
def test_a_number_of_people_is_that_of_those_whom_the_rows_call_counted(name: str, results: Results) -> None:
    value = next(one.value for one in results.indicators if one.indicator.code == name)
    rows = why(results, name, "en").rows
    counted = rows.iloc[:, -1].isin(["yes", "better by the step"])
    assert rows.loc[counted, "participant"].nunique() == value
    assert value


def test_every_other_number_follows_from_its_rows(results: Results) -> None:
    rows: Mapping[str, pd.DataFrame] = {name: why(results, name, "en").rows for name in MEASURES}
    expected = {
        "countries": rows["countries"]["country"].nunique(),
        "sessions": len(rows["sessions"]),
        "group_sessions": len(rows["group_sessions"]),
        "group_hours": rows["group_hours"]["hours"].sum(),
        "person_hours": rows["person_hours"]["hours"].sum(),
        "activities": len(rows["activities"]),
        "exchanged": rows["exchanged"]["persons_beneficiary"].sum(),
        "tally": rows["tally"]["count"].sum(),
    }
    found = {one.indicator.code: one.value for one in results.indicators}
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    assert all(expected.values())
    assert set(rows["group_sessions"]["kind"]) <= {"group"}


def test_an_outcome_is_walked_back_to_the_scores_of_whoever_consents_to_reporting(results: Results) -> None:
    change, rows = results.changes["security"], why(results, "security", "en").rows
    people = results.frames["participants"]
    silent = set(people["participant"]) - set(results.of_consenting(people)["participant"])
    assert silent
    assert not silent & set(rows["participant"])
    assert rows["change"].notna().sum() == change.pairs
    assert change.means.t is not None
    assert rows["change"].mean() == pytest.approx(change.means.t.mean)
    assert rows["change"].tolist() == pytest.approx((rows["last"] - rows["first"]).tolist(), nan_ok=True)
    counts = rows["counts as"].value_counts()
    assert counts["better by the step"] == len(change.improved_by_step)
    assert counts["worse by the step"] == len(change.worse_by_step)
    assert (rows.loc[rows["counts as"] == "better by the step", "change"] >= change.outcome.step).all()


def test_the_answers_of_one_person_give_her_score_point_by_point(results: Results) -> None:
    plan, scale = results.declaration.plan, results.changes["security"].scale
    whole = results.answers.query("instrument == 'security' and state == 'answered'")
    whole = whole[(whole["wave"] == plan.baseline) & whole["item"].isin(list(scale.items))]
    person = next(one for one, own in whole.groupby("participant") if len(own) == len(scale.items))
    rows = why(results, "security", "en", participant=str(person)).rows
    first = rows[rows["wave"] == "start"].set_index("item")
    assert first["points"].sum() == by_wave(results.scores, "security.subjective", [plan.baseline]).loc[person].item()
    answers = first["answer"].astype(float)
    assert (first.loc["sec_04", "points"], first.loc["sec_01", "points"]) == (6 - answers["sec_04"], answers["sec_01"])


def test_what_is_not_declared_or_not_hers_is_refused(results: Results) -> None:
    with pytest.raises(BadArgument, match="did you mean 'security'"):
        why(results, "securty", "en")
    people = results.frames["participants"]
    silent = sorted(set(people["participant"]) - set(results.of_consenting(people)["participant"]))[0]
    for name, person in (("security", silent), ("security", "P-999"), ("sessions", "P-017"), ("supported", "P-999")):
        with pytest.raises(BadArgument, match="does not rest on anything of this person") as refused:
            why(results, name, "en", participant=person)
        assert person not in str(refused.value)


def test_nothing_personal_stands_in_what_a_log_would_show(results: Results) -> None:
    assert "P-0" not in repr(why(results, "improved", "en"))
    assert "P-0" not in repr(results.indicators)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_every_measure_and_outcome_has_its_rule_in_words(results: Results, language: str) -> None:
    for name in (*MEASURES, *results.changes):
        found = why(results, name, language)
        assert all(found.sentences)
        assert lines(found, language)[: len(found.sentences)] == [*found.sentences]


def test_the_command_asks_for_the_key_shows_it_on_the_screen_and_writes_nothing(
    reference: Folder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = {path: path.stat().st_mtime_ns for path in reference.path.rglob("*") if "records.db" not in path.name}
    run = CliRunner().invoke
    shown = run(main, reference.arguments("why", "RES-1", "--participant", "P-017", "--language", "en"))
    assert (shown.exit_code, "sec_04" in shown.stdout, "stays in the house" in shown.stderr) == (0, True, True)
    asked = run(main, reference.arguments("why", "--language", "en"))
    assert (asked.exit_code, "there are OUT-1, " in asked.output) == (2, True)
    other = tmp_path_factory.mktemp("key") / "other.key"
    other.write_text("x" * 44, encoding="utf-8")
    locked = run(main, ["why", str(reference.path), "RES-1", "--key-file", str(other), "--language", "en"])
    assert locked.exit_code
    assert "P-0" not in locked.output
    after = {path: path.stat().st_mtime_ns for path in reference.path.rglob("*") if "records.db" not in path.name}
    assert after == before
