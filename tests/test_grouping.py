"""Groups made of one column, and kinds of support, bind each other's numbers; the gate is told."""

from __future__ import annotations

import dataclasses

import pytest

from evaluation.project import House
from evaluation.project.drafting import draft
from evaluation.release.drafting import mapping
from evaluation.release.released import Draft
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


def indicator(code: str, measure: str, breakdown: str = "") -> Indicator:
    return Indicator(code, L, "output", "persons", measure, L, breakdown=breakdown)


def declared(house: House, breakdowns: tuple[Breakdown, ...], *indicators: Indicator) -> House:
    file = dataclasses.replace(house.project.file, breakdowns=(*house.project.file.breakdowns, *breakdowns))
    project = dataclasses.replace(house.project, file=file, indicators=indicators)
    return House(house.folder, project, house.store, house.key)


def test_two_groupings_of_one_column_are_counted_together(house: House) -> None:
    made = draft(declared(house, (CONTINENT, AT_HOME)), "x")
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


def test_what_is_broken_down_by_both_is_counted_by_them_together(house: House) -> None:
    both = (indicator("A", "taken", "continent"), indicator("B", "completed", "at_home"))
    made = draft(declared(house, (CONTINENT, AT_HOME), *both), "x")
    assert {tuple(v.id for v in table.variables) for table in made.joint} == {
        ("continent&at_home",),
        ("completed", "continent&at_home"),
        ("continent&at_home", "taken"),
    }
    assert not {table.id for table in made.joint} & {table.id for table in made.tables}
    mapping(made, threshold=10)


@pytest.mark.parametrize("measures", [("supported", "supported:legal_consultation")])
def test_whoever_was_given_one_kind_of_support_was_supported(house: House, measures: tuple[str, str]) -> None:
    each = [indicator(f"S{n}", measure, "target_group") for n, measure in enumerate(measures)]
    made = draft(declared(house, (), *each), "x")
    ties = [
        [(dict(place.at), factor) for place, factor in one.terms]
        for one in made.relations
        if any("supported" in place.table for place, _ in one.terms)
    ]
    assert ties == [[({"supported.legal_consultation": "yes"}, 1), ({"supported": "yes"}, -1)]]
    relations = mapping(made, threshold=10)["relations"]
    lifted = [one for one in relations if len(one["terms"]) == 2 and "supported" in one["terms"][0][0]]
    assert len(lifted) == 1 + 2  # of everyone, and of each target group


def relations(made: Draft) -> list[tuple[list[tuple[str, str, int]], str, int]]:
    """The terms (variable, code, factor), sense and right-hand side of each relation."""
    return [
        ([(name, code, n) for place, n in one.terms for name, code in place.at.items()], one.sense, one.rhs)
        for one in made.relations
    ]


def test_other_of_one_grouping_is_not_other_of_another_where_no_country_is_both(house: House) -> None:
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
    (joint,) = draft(declared(house, (west, east)), "x").joint
    assert "PL&other" in joint.variables[0].codes
    assert "other&other" not in joint.variables[0].codes


@pytest.mark.parametrize(("minimum", "known"), [(0, True), (1, True), (2, False)])
def test_nobody_attends_without_completing_where_one_session_completes(house: House, minimum: int, known: bool) -> None:
    course = dataclasses.replace(house.project.file.courses[0], minimum_sessions=minimum)
    file = dataclasses.replace(house.project.file, courses=(course, *house.project.file.courses[1:]))
    other = House(house.folder, dataclasses.replace(house.project, file=file), house.store, house.key)
    none = ([(f"course:{course.id}", "attended", 1)], "<=", 0)
    assert (none in relations(draft(other, "x"))) is known


def test_two_outcomes_on_one_scale_have_one_set_of_pairs_and_nested_directions(house: House) -> None:
    plan = house.project.plan
    twice = dataclasses.replace(plan.outcome("security"), id="larger", step=5)
    project = dataclasses.replace(house.project, plan=dataclasses.replace(plan, outcomes=(*plan.outcomes, twice)))
    found = relations(draft(House(house.folder, project, house.store, house.key), "x"))
    assert ([("security.pairs", "yes", 1), ("larger.pairs", "yes", -1)], "=", 0) in found
    for way in ("higher", "lower"):
        assert ([("larger.direction", way, 1), ("security.direction", way, -1)], "<=", 0) in found
        assert ([("security.direction", way, 1), ("larger.direction", way, -1)], "<=", 0) not in found


@pytest.mark.parametrize(("stated", "least"), [(8, 6), (3, 1), (2, None), (22, 20), (23, None)])
def test_the_stated_number_of_countries_says_how_many_a_group_of_them_has_at_least(
    house: House, stated: int, least: int | None
) -> None:
    """Eight countries, of which PL and UA are groups of their own: in the rest are six people at least; it has 20."""
    rest = dict.fromkeys(("BG", "RO", "MD", "BY", "NG", "VN"), "rest")
    few = Breakdown("few", L, "country", {"PL": L, "UA": L, "rest": L}, recode=rest)
    file = dataclasses.replace(house.project.file, countries=stated, breakdowns=(few,))
    project = dataclasses.replace(house.project, file=file, indicators=())
    found = [one for one in relations(draft(House(house.folder, project, house.store, house.key), "x")) if one[2]]
    told = [([("few", "rest", -1)], "<=", -least)] if least else []
    assert [one for one in found if one[0][0][1] == "rest"] == told
