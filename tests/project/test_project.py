"""What an opened project gives: the frame for an analysis of one's own, trust in scales, a waiting list."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

import evaluation
from evaluation.codec import parse
from evaluation.errors import BadArgument, BadDeclaration
from evaluation.inside import pictures
from evaluation.measure.frames import in_order
from evaluation.measure.results import Results
from evaluation.project import Project
from evaluation.schema import Plan
from tests.conftest import Folder


def test_every_scale_of_items_is_judged_at_baseline(project: Project) -> None:
    for change in project.changes.values():
        assert change.trust is not None
        assert change.trust.reliability is not None
        assert change.trust.reliability.n <= 41
        assert change.trust.reliability.low < change.trust.reliability.cronbach < change.trust.reliability.high


def test_reliable_change_counts_the_pairs_and_says_where_its_threshold_is_from(project: Project) -> None:
    for change in project.changes.values():
        assert change.reliable is not None
        assert change.reliable.improved + change.reliable.same + change.reliable.worse == change.pairs
        assert change.reliable.approximate  # the example declares no published reliability
    table = pictures.reliable(project.changes, "en").table
    assert table.iloc[0, -2] == "own sample, approximate"
    assert "The step that counts as improved (in points: 2) is less" in table.iloc[0, -1]


def test_a_group_of_fewer_than_ten_pairs_has_no_estimate_and_countries_only_a_range(project: Project) -> None:
    polish, foreign = project.results.groups["security"]["target_group"]
    assert (polish.code, polish.enrolled, foreign.enrolled) == ("polish_women", 12, 29)
    assert polish.pairs + foreign.pairs == project.changes["security"].pairs
    assert polish.pairs < 10 <= foreign.pairs
    assert polish.estimate is None
    assert [one.id for one in polish.refusals] == ["small_group"]
    assert foreign.estimate is not None
    table = pictures.groups(project.results.groups, project.changes, project.declaration, "en").table
    assert table.iloc[0, 4] == "–"
    assert "below 10 there is no estimate" in table.iloc[0, 5]
    for name, one in project.results.without_a_country.items():
        assert (one.groups, one.unbearable) == (8, 0)
        assert one.whole == project.changes[name].headline_estimate
        assert one.low is not None
        assert one.high is not None
        assert one.low < one.whole < one.high
    told = pictures.left_out(project.results.without_a_country, project.changes, "pl").table.to_csv()
    for code in ("UA", "Ukrain", "NG", "Nigeri"):
        assert code not in told


def test_items_are_shown_only_where_the_total_is_not_headlined(project: Project) -> None:
    assert project.results.items == {}
    assert (
        "every scale has a reliable total score"
        in pictures.items(project.results.items, project.changes, project.declaration, "en").caption
    )


def test_a_waiting_list_compares_served_with_waiting_on_the_same_day(copied: Folder) -> None:
    plan = copied.path / "plan.yml"
    text = plan.read_text(encoding="utf-8").replace(
        "design: single group",
        "design: waiting list\nserved_column: target_group\nserved_code: foreigners\nrandom_allocation: true",
    )
    plan.write_text(text, encoding="utf-8")
    with copied.open() as project:
        made = project.results.waiting["security"]
        assert made.adjusted is not None
        assert made.adjusted.served + made.adjusted.waiting == project.changes["security"].pairs
        assert made.adjusted.low < made.adjusted.difference < made.adjusted.high
        assert made.permutation_p is not None
        shown = pictures.waiting(project.results.waiting, project.changes, "pl").table
        assert len(shown) == len(project.changes)


def test_labels_are_not_permuted_where_no_draw_decided(copied: Folder) -> None:
    plan = copied.path / "plan.yml"
    text = plan.read_text(encoding="utf-8").replace(
        "design: single group", "design: waiting list\nserved_column: target_group\nserved_code: foreigners"
    )
    plan.write_text(text, encoding="utf-8")
    with copied.open() as project:
        assert project.results.waiting["security"].permutation_p is None


def test_a_single_group_has_nothing_to_compare(project: Project) -> None:
    assert project.results.waiting == {}


def test_a_waiting_list_must_say_who_was_served() -> None:
    with pytest.raises(BadDeclaration, match="served_column"):
        parse(Plan, "design: waiting list\noutcomes: []", "plan.yml")


def test_an_outcome_is_called_without_a_dot() -> None:
    with pytest.raises(BadDeclaration, match="has a dot in its id"):
        parse(Plan, "outcomes:\n  - {id: a.b, scale: q.s, labels: {en: a}}", "plan.yml")


def test_the_waves_of_a_plan_differ() -> None:
    with pytest.raises(BadDeclaration, match="different waves"):
        parse(Plan, "mid: endline\noutcomes: []", "plan.yml")


# --- what an evaluator holds --------------------------------------------------------------------


def test_nothing_that_is_shown_by_its_name_alone_names_a_participant(project: Project) -> None:
    codes = set(project.frames["participants"]["participant"])
    results = project.results
    shown = [project, project.frames, results, project.changes, results.indicators, results, results.groups]
    for one in shown:
        assert not [code for code in codes if code in repr(one)]
    assert repr(project) == "<Project fictional-reintegration: 4 waves, 5 outcomes>"
    assert repr(project.changes["security"]) == "<Change of security: 30 pairs of 41, +4.7 points (all enrolled)>"


def test_the_keyboard_completes_what_an_evaluator_works_with_and_neither_key_nor_store(project: Project) -> None:
    offered = {name for name in dir(project) if not name.startswith("_")}
    assert offered == {
        "changes", "declaration", "dose", "flow", "folder", "frame", "frames", "request", "results", "scores"
    }  # fmt: skip


def test_waves_sort_as_they_are_declared_and_one_that_is_declared_no_more_comes_last(project: Project) -> None:
    order = ["baseline", "mid", "endline", "follow_up"]
    assert list(project.scores["wave"].sort_values().unique()) == order
    rows = pd.DataFrame({"wave": ["first", "endline", "baseline", None]})
    ordered = in_order(rows, project.declaration.file.waves)["wave"].sort_values()
    assert ordered.tolist()[:3] == ["baseline", "endline", "first"]
    assert ordered.isna().tolist() == [False, False, False, True]


def test_the_frame_has_one_row_for_each_person_who_consents_with_her_groups_dose_and_scores(project: Project) -> None:
    frame, people = project.frame(), project.frames["participants"].set_index("participant")
    assert set(frame.index) == set(people.index[people["consent_reporting"]])
    assert len(frame) == 40 < len(people)
    assert frame["left"].sum() == people.loc[frame.index, "left_on"].notna().sum() > 0
    assert list(frame["target_group"].cat.categories) == ["polish_women", "foreigners"]
    assert (frame["target_group"] == "polish_women").equals(people.loc[frame.index, "country"] == "PL")
    attended = project.dose[project.dose["participant"].isin(frame.index)]
    polish = attended[attended["course"] == "polish"].set_index("participant")
    assert frame["polish_sessions"].equals(polish["present"].reindex(frame.index).rename("polish_sessions"))
    assert frame["polish_completer"].sum() == polish["completer"].sum()
    assert frame["sessions"].sum() == attended["present"].sum()
    assert frame["hours"].sum() == pytest.approx(attended["hours"].sum())
    change = project.changes["security"]
    assert set(frame.index[frame["security_change"].notna()]) == set(change.paired)
    assert change.means.t is not None
    assert frame["security_change"].mean() == pytest.approx(change.means.t.mean)


def test_the_frame_has_the_outcomes_and_waves_that_are_asked_for_and_refuses_others(project: Project) -> None:
    frame = project.frame(outcomes=["rights"], waves=["mid"])
    scores = [name for name in frame if name.startswith(("rights", "security"))]
    assert scores == ["rights_mid", "rights_change"]
    with pytest.raises(BadArgument, match="no outcome 'rihgts'; did you mean 'rights'"):
        project.frame(outcomes=["rihgts"])
    with pytest.raises(BadArgument, match="no wave 'end'; did you mean 'endline'"):
        project.frame(waves=["end"])


def test_two_columns_of_one_name_are_refused_and_not_lost(project: Project) -> None:
    breakdown = dataclasses.replace(project.declaration.file.breakdowns[0], id="left")
    file = dataclasses.replace(project.declaration.file, breakdowns=(breakdown,))
    results = Results(dataclasses.replace(project.declaration, file=file), project.frames)
    with pytest.raises(BadDeclaration, match="the name 'left'"):
        results.frame()


def test_a_project_without_courses_has_a_frame_without_doses(project: Project) -> None:
    file = dataclasses.replace(project.declaration.file, courses=())
    bare = {
        **project.frames,
        "sessions": project.frames["sessions"][:0],
        "attendance": project.frames["attendance"][:0],
    }
    frame = Results(dataclasses.replace(project.declaration, file=file), bare).frame(outcomes=[])
    assert list(frame) == ["left", "target_group"]


def test_open_project_is_the_first_thing_an_evaluator_types(reference: Folder) -> None:
    with evaluation.open_project(reference.path, key_file=reference.key_file) as opened:
        assert isinstance(opened, evaluation.Project)
    with pytest.raises(AttributeError, match="no attribute 'open_projekt'"):
        _ = evaluation.open_projekt


def test_a_project_in_which_nobody_is_enrolled_has_an_empty_frame_with_all_its_columns(
    project: Project,
) -> None:
    nobody = Results(project.declaration, {name: frame[:0] for name, frame in project.frames.items()})
    assert list(nobody.frame()) == list(project.frame())
    assert len(nobody.frame()) == 0
