"""Groups made of one column, and kinds of support, bind each other's numbers; the gate is told."""

from __future__ import annotations

import dataclasses

import pytest

from evaluation.project import Project
from evaluation.project.draft.assembly import draft
from evaluation.release.facts import Fact
from evaluation.release.released import Draft
from evaluation.release.system.assembly import mapping
from evaluation.schema import Breakdown, Indicator, Labels

L: Labels = {"en": "x", "pl": "x"}
CONTINENT = Breakdown(
    "continent", L, "country", {"Europe": L, "Africa": L, "Asia": L},
    recode={"PL": "Europe", "UA": "Europe", "BG": "Europe", "RO": "Europe", "MD": "Europe", "BY": "Europe",
            "NG": "Africa", "VN": "Asia"},
)  # fmt: skip
AT_HOME = Breakdown(
    "at_home", L, "country", {"PL": L, "abroad": L},
    recode=dict.fromkeys(("UA", "BG", "RO", "MD", "BY", "NG", "VN"), "abroad"),
)  # fmt: skip


def fact(name: str, code: str, *then: tuple[str, str]) -> Fact:
    return Fact((name, (code,)), tuple((other, (at,)) for other, at in then))


def indicator(code: str, measure: str, breakdown: str = "") -> Indicator:
    return Indicator(code, L, "output", "persons", measure, L, breakdown=breakdown)


def declared(project: Project, breakdowns: tuple[Breakdown, ...], *indicators: Indicator) -> Project:
    """The project with these, and without the tables that bind groups and kinds of support in ways of their own."""
    file = project.declaration.file
    rules = dataclasses.replace(file.rules, tables=("needs", "distributions"))
    file = dataclasses.replace(file, breakdowns=(*file.breakdowns, *breakdowns), rules=rules)
    declaration = dataclasses.replace(project.declaration, file=file, indicators=indicators)
    return Project(project.folder, declaration, project.store, project.who)


def test_two_groupings_of_one_column_are_counted_together(project: Project) -> None:
    made = draft(declared(project, (CONTINENT, AT_HOME)).results, "x")
    (joint,) = made.joint
    (variable,) = joint.variables
    # Who is in Poland is in Europe; who is in Africa or Asia is abroad.
    assert set(variable.codes) == {"Europe&PL", "Europe&abroad", "Africa&abroad", "Asia&abroad"}
    assert {code: to for code, to in variable.within["at_home"].items() if to == "PL"} == {"Europe&PL": "PL"}
    numbers = {tuple(count.at.values()): count.value for count in joint.counts}
    assert numbers == {
        (): 41, ("Europe&PL",): 12, ("Europe&abroad",): 23, ("Africa&abroad",): 3, ("Asia&abroad",): 3,
    }  # fmt: skip
    wholes = {
        frozenset(name for name, factor in one["terms"] if factor == 1): name
        for one in mapping(made, threshold=10)["relations"]
        for name, factor in one["terms"]
        if factor == -1 and one.get("sense", "=") == "="
    }
    parts = frozenset(f"participants@x[continent&at_home={code}]" for code in ("Europe&PL", "Europe&abroad"))
    assert wholes[parts] == "participants@x[continent=Europe]"


def test_what_is_broken_down_by_both_is_told_to_the_gate_with_what_both_follow_from(project: Project) -> None:
    both = (indicator("A", "taken", "continent"), indicator("B", "completed", "at_home"))
    made = draft(declared(project, (CONTINENT, AT_HOME), *both).results, "x")
    assert [[v.id for v in table.variables] for table in made.joint] == [["continent&at_home"]]
    (people,) = mapping(made, threshold=10)["people"]
    assert set(people["within"]["continent&at_home"]) == {"continent", "at_home"}
    assert {"whoever": ["completed", ["yes"]], "then": [["taken", ["yes"]]]} in people["facts"]


@pytest.mark.parametrize("measures", [("supported", "supported:legal_consultation")])
def test_whoever_was_given_one_kind_of_support_was_supported(project: Project, measures: tuple[str, str]) -> None:
    each = [indicator(f"S{n}", measure, "target_group") for n, measure in enumerate(measures)]
    made = draft(declared(project, (), *each).results, "x")
    assert fact("supported.legal_consultation", "yes", ("supported", "yes")) in made.implications
    relations = mapping(made, threshold=10)["relations"]
    lifted = [one for one in relations if len(one["terms"]) == 2 and "supported" in one["terms"][0][0]]
    assert len(lifted) == 2  # in each target group, and so of everyone


def relations(made: Draft) -> list[tuple[list[tuple[str, str, int]], str, int]]:
    """The terms (variable, code, factor), sense and right-hand side of each relation."""
    return [
        ([(name, code, n) for place, n in one.terms for name, code in place.at.items()], one.sense, one.rhs)
        for one in made.relations
    ]


def test_other_of_one_grouping_is_not_other_of_another_where_no_country_is_both(project: Project) -> None:
    west = Breakdown(
        "west",
        L,
        "country",
        {"PL": L, "other": L},
        recode=dict.fromkeys(("UA", "BG", "RO", "MD", "BY", "NG", "VN"), "other"),
    )
    east = Breakdown(
        "east",
        L,
        "country",
        {"UA": L, "BG": L, "RO": L, "MD": L, "BY": L, "NG": L, "VN": L, "other": L},
        recode={"PL": "other"},
    )
    (joint,) = draft(declared(project, (west, east)).results, "x").joint
    assert "PL&other" in joint.variables[0].codes
    assert "other&other" not in joint.variables[0].codes


@pytest.mark.parametrize(("minimum", "known"), [(0, True), (1, True), (2, False)])
def test_nobody_attends_without_completing_where_one_session_completes(
    project: Project, minimum: int, known: bool
) -> None:
    course = dataclasses.replace(project.declaration.file.courses[0], minimum_sessions=minimum)
    file = dataclasses.replace(project.declaration.file, courses=(course, *project.declaration.file.courses[1:]))
    other = Project(project.folder, dataclasses.replace(project.declaration, file=file), project.store, project.who)
    none = fact(f"course:{course.id}", "attended")
    assert (none in draft(other.results, "x").implications) is known


def test_two_outcomes_on_one_scale_have_one_set_of_pairs_and_nested_directions(project: Project) -> None:
    plan = project.declaration.plan
    twice = dataclasses.replace(plan.outcome("security"), id="larger", step=5)
    declaration = dataclasses.replace(
        project.declaration, plan=dataclasses.replace(plan, outcomes=(*plan.outcomes, twice))
    )
    found = draft(Project(project.folder, declaration, project.store, project.who).results, "x").implications
    assert fact("security.pairs", "yes", ("larger.pairs", "yes")) in found
    assert fact("larger.pairs", "yes", ("security.pairs", "yes")) in found
    assert fact("larger.start", "high", ("security.start", "high")) in found
    for way in ("higher", "lower"):
        assert fact("larger.direction", way, ("security.direction", way)) in found
        assert fact("security.direction", way, ("larger.direction", way)) not in found


@pytest.mark.parametrize(("stated", "least"), [(8, 6), (3, 1), (2, None), (22, 20), (23, None)])
def test_the_stated_number_of_countries_says_how_many_a_group_of_them_has_at_least(
    project: Project, stated: int, least: int | None
) -> None:
    """Eight countries, of which PL and UA are groups of their own: in the rest are six people at least; it has 20."""
    rest = dict.fromkeys(("BG", "RO", "MD", "BY", "NG", "VN"), "rest")
    few = Breakdown("few", L, "country", {"PL": L, "UA": L, "rest": L}, recode=rest)
    file = dataclasses.replace(project.declaration.file, countries=stated, breakdowns=(few,))
    declaration = dataclasses.replace(project.declaration, file=file, indicators=())
    found = [
        one
        for one in relations(draft(Project(project.folder, declaration, project.store, project.who).results, "x"))
        if one[2]
    ]
    told = [([("few", "rest", -1)], "<=", -least)] if least else []
    assert [one for one in found if one[0][0][1] == "rest"] == told
