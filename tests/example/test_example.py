"""The fictional projects are made of their seed, and fit the schema that they are declared in."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from evaluation import example
from evaluation.project import Project
from evaluation.project.folder import read
from evaluation.resources import folder as resource
from tests.conftest import Folder


def test_the_same_seed_gives_the_same_people() -> None:
    declaration = read(resource("templates") / "projects" / "reference")
    assert example.rows(declaration, example.REFERENCE) == example.rows(declaration, example.REFERENCE)


def test_the_reference_case_has_41_of_30_from_8_countries_in_two_target_groups(project: Project) -> None:
    people = project.frames["participants"]
    assert (len(people), project.declaration.file.planned_participants) == (41, 30)
    assert people["country"].nunique() == 8
    assert people["target_group"].value_counts().to_dict() == {"foreigners": 29, "polish_women": 12}
    assert not people["consent_reporting"].all()
    assert people["left_on"].notna().sum() == 6


def test_offers_are_tailored_so_nobody_takes_all_nine(project: Project) -> None:
    taken = project.dose[project.dose["present"] > 0].groupby("participant").size()
    assert len(project.declaration.file.courses) == 9
    assert taken.max() < 9
    assert taken.nunique() > 3


def test_late_joiners_have_not_reached_the_last_wave(project: Project) -> None:
    flow = project.flow.set_index("wave")
    assert flow.loc["follow_up", "not_yet"] > 0
    assert flow.loc["baseline", "not_yet"] == 0


def test_there_are_refusals_and_missing_items_that_are_no_numbers(project: Project) -> None:
    states = project.frames["answers"]["state"].value_counts()
    assert states["refused"] > 0
    assert states["not_asked"] > 0
    assert project.frames["answers"].query("state != 'answered'")["value"].isna().all()


def test_whoever_does_not_consent_to_reporting_is_in_no_outcome_but_in_the_headcount(project: Project) -> None:
    people = project.frames["participants"]
    silent = set(people.loc[~people["consent_reporting"], "participant"])
    assert len(silent) == 1
    assert not silent & set(project.scores["participant"])
    assert silent <= set(project.frames["participants"]["participant"])


def test_residence_and_legal_status_are_recorded_at_start_and_end(project: Project) -> None:
    people = project.frames["participants"]
    for kind in ("residence", "legal"):
        assert people[f"{kind}_start"].notna().all()
        assert people[f"{kind}_end"].notna().equals(people["left_on"].isna())  # of those who left nobody wrote it down
    assert (people["legal_start"] != people["legal_end"]).any()


def test_needs_are_met_some_days_after_enrolment_while_the_person_is_there(project: Project) -> None:
    people = project.frames["participants"].set_index("participant")
    needs = project.frames["needs"].join(people[["enrolled_on", "left_on"]], on="participant")
    days = (needs["date"] - needs["enrolled_on"]).dt.days
    assert (days[needs["state"] == "open"] == 0).all()
    later = days[needs["state"] != "open"]
    assert later.nunique() > 20
    assert (later > 0).all()
    assert 30 < later.median() < 150
    assert not (needs["date"] > needs["left_on"].fillna(pd.Timestamp(project.declaration.file.period_end))).any()


def test_a_shelter_is_a_project_of_another_kind_on_the_same_road(filled: Callable[[str], Folder]) -> None:
    with filled("shelter").open() as project:
        assert [wave.id for wave in project.declaration.file.waves] == ["start", "leave"]
        assert len(project.frames["participants"]) == 26
        change = project.changes["self_perception"]
        assert change.headline_estimate is not None
        assert change.headline_estimate < 0  # a worse result is told like any other
        assert project.frames["bilateral_activities"].empty
        assert next(m for m in project.results.indicators if m.indicator.code == "S3").value == 275


def test_everything_made_from_an_example_says_that_it_is_fictional(project: Project) -> None:
    assert project.declaration.file.fictional
    assert "fictional" in project.declaration.file.title["en"]
    assert "fikcyjny" in project.declaration.file.title["pl"]
