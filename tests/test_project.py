"""What an open project computes besides its outcomes: trust in scales, reliable change, a waiting list."""

from __future__ import annotations

import pytest

from evaluation.codec import parse
from evaluation.errors import BadDeclaration
from evaluation.inside import pictures
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
    assert "The step that counts as improved, 2 points, is less" in table.iloc[0, -1]


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
        "every scale bears its total"
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
