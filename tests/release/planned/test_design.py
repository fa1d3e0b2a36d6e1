"""Which table leaves at which fineness follows from what is public or was declared, never from what was counted."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from evaluation.project.draft.counting import tabulate
from evaluation.project.draft.ladders import crossed, graded, rungs
from evaluation.release.planned.design import OWN, as_before, designed, faults, most_parts
from evaluation.release.released import Draft, Line, Reference, Variable
from evaluation.schema import Breakdown, Grant, ProjectFile, Rules
from evaluation.texts import say
from tests.release.drafts import FACTS, L, mean, propose, table

PLANNED = {"completed": 13, "attended": 2, "none": 26}
BY_RULE = Rules()
COURSE = ("course:a", "course:a.taken")


def of_course(counts: Mapping[str, int], rules: Rules = BY_RULE, lines: Sequence[Line] = ()) -> Draft:
    """A draft of one course, with who is where as ``counts`` say, of a project planned for 30."""
    places = [code for code, number in counts.items() for _ in range(number)]
    people = {str(number): code for number, code in enumerate(places)}
    codes = {code: {"en": f"{code} it", "pl": code} for code in ("completed", "attended", "none")}
    done = {"course:a.completed": {"completed": "yes", "attended": "no", "none": "no"}}
    fine = graded("courses", (Variable("course:a", L, codes, within=done), people), rules)
    tables = rungs("courses", fine, list(people))
    if lines:
        to = {person: done["course:a.completed"][code] for person, code in people.items()}
        coarse = (Variable("course:a.completed", L, {"yes": L, "no": L}), to)
        tables.append(tabulate("course:a.completed", "indicators", list(people), coarse))
    ladders = tuple({one.ladder.topic: one.ladder for one in tables if one.ladder}.values())
    facts = dataclasses.replace(FACTS, planned=30, reached=len(people))
    whole = table("people", [], {(): len(people)})
    shown = (whole, *(one.table for one in tables))
    return Draft(facts, "r", shown, (), tuple(lines), (), (), ladders=ladders)


FILE = ProjectFile(
    id="x", title=L, promoter="x", place=L, planned_participants=30, period_start=FACTS.period_start,
    period_end=FACTS.period_end, grant=Grant("x", "x", "x", Decimal(1), "EUR"), waves=(),
)  # fmt: skip


def ids(draft: Draft) -> list[str]:
    return [one.id for one in draft.tables]


@pytest.mark.parametrize(
    ("planned", "threshold", "most"),
    [
        (19, 10, 0), (20, 10, 2), (30, 10, 2), (59, 10, 2), (60, 10, 3), (30, 5, 3), (9, 5, 0), (10, 5, 2),
        (400, 10, 20), (16, 5, 2), (3, 1, 5),
    ],
)  # fmt: skip
def test_a_table_has_no_more_parts_than_the_number_planned_bears(planned: int, threshold: int, most: int) -> None:
    assert most_parts(planned, threshold) == most


@pytest.mark.parametrize(
    ("threshold", "planned", "declared", "told"),
    [
        (10, 30, {}, ["people", "course:a.taken"]),
        (5, 30, {}, ["people", *COURSE]),
        (5, 29, {}, ["people", "course:a.taken"]),
        (5, 9, {}, ["people"]),
        (10, 30, {"courses": "completed"}, ["people", *COURSE]),
        (5, 30, {"courses": "taken"}, ["people", "course:a.taken"]),
        (5, 30, {"courses": "omitted"}, ["people"]),
        (5, 30, {"needs": "asked"}, ["people", *COURSE]),
    ],
)  # fmt: skip
def test_the_rung_follows_from_the_number_planned_or_is_declared(
    threshold: int, planned: int, declared: dict[str, str], told: list[str]
) -> None:
    for counts in (PLANNED, {"completed": 1, "attended": 0, "none": 40}):  # whatever was counted
        draft = of_course(counts)
        draft = dataclasses.replace(draft, facts=dataclasses.replace(draft.facts, planned=planned))
        made = designed(draft, Rules(rungs=declared), threshold)
        assert ids(made) == told
        assert {*ids(made), *(one.id for one in made.joint)} == {"people", *COURSE}
        assert not made.declared_late
        assert designed(draft, Rules(), threshold, late=True).declared_late


@pytest.mark.parametrize(("planned", "told"), [(9, False), (10, True)])
def test_an_own_table_is_told_as_declared_but_not_where_fewer_than_two_thresholds_are_planned(
    planned: int, told: bool
) -> None:
    whole = of_course(PLANNED)
    own = dataclasses.replace(whole.tables[1], id="own:x", topic=OWN)
    facts = dataclasses.replace(whole.facts, planned=planned)
    made = designed(dataclasses.replace(whole, facts=facts, tables=(*whole.tables, own)), BY_RULE, 5)
    assert ("own:x" in {one.id for one in made.tables}) is told


def test_cells_of_the_finest_rung_stay_protected_whatever_is_told(tmp_path: Path) -> None:
    line = Line("O1", L, "output", "persons", L, None, None, None, Reference("course:a", {"course:a": "completed"}))
    made = designed(of_course(PLANNED, lines=[line]), Rules(), 10)
    (pointed,) = made.indicators
    assert pointed.numerator == Reference("course:a.completed", {"course:a.completed": "yes"})
    assert ids(made) == ["people", "course:a.taken", "course:a.completed"]
    found = propose(made, tmp_path, "public")
    assert found.safe
    printed = {count.value for one in found.leaving.tables for count in one.counts if one.variables}
    assert not {13, 15} <= printed  # two attended without completing
    ((low, high),) = [between for name, between in found.intervals.items() if name.endswith("[course:a=attended]")]
    assert low == 0
    assert high is not None
    assert high >= 10


def test_an_indicator_whose_number_is_in_no_table_that_leaves_is_not_told() -> None:
    line = Line("O1", L, "output", "persons", L, None, None, 12.0, Reference("course:a", {"course:a": "attended"}))
    (told,) = designed(of_course(PLANNED, lines=[line]), Rules(), 10).indicators
    assert (told.numerator, told.withheld["en"]) == (None, say("release.withheld.not_designed", "en"))
    (told,) = designed(of_course(PLANNED, lines=[line]), Rules(), 5).indicators
    assert told.numerator == line.numerator


def test_declared_merges_are_a_rung_of_their_own() -> None:
    rules = Rules("funder", merges={"courses": (("attended", "none"),)})
    made = designed(of_course(PLANNED, rules), rules, 5)
    assert ids(made) == ["people", "course:a.merged", "course:a.taken"]
    merged = made.tables[1]
    assert [(dict(count.at), count.value) for count in merged.counts] == [
        ({}, 41),
        ({"course:a.merged": "completed"}, 13),
        ({"course:a.merged": "attended+none"}, 28),
    ]
    assert merged.variables[0].codes["attended+none"] == {"en": "attended it or none it", "pl": "attended lub none"}


def test_a_breakdown_of_an_indicator_counts_its_cells() -> None:
    people = [str(number) for number in range(80)]
    codes = ("higher", "same", "lower", "not_paired")
    places = {one: codes[int(one) % 4] for one in people}
    fine = graded("outcomes", (Variable("o.direction", L, dict.fromkeys(codes, L)), places), BY_RULE)
    to = {"higher": "higher", "same": "others", "lower": "others", "not_paired": "others"}
    known = (Variable("o.direction.known", L, {"higher": L, "others": L}), {p: to[c] for p, c in fine[1].items()})
    by = (Variable("g", L, {"a": L, "b": L}), {one: "ab"[int(one) // 40] for one in people})
    tables = crossed("R1", L, people, by, [fine, known])
    line = Line("R1", L, "outcome", "persons", L, None, None, None, Reference("people", {}), breakdown="R1.by.g")
    facts = dataclasses.replace(FACTS, planned=80, reached=80)
    whole = table("people", [], {(): 80})
    draft = Draft(facts, "r", (whole, *(one.table for one in tables)), (), (line,), (), (), ladders=(tables[0].ladder,))  # type: ignore[arg-type]
    for threshold, told in ((10, ["R1.known.by.g"]), (5, ["R1.by.g", "R1.known.by.g"]), (20, [])):
        made = designed(draft, Rules(), threshold)
        assert ids(made)[1:] == told
        assert made.indicators[0].breakdown == next(iter(told), "")


def test_a_release_that_was_made_keeps_its_tables() -> None:
    draft = of_course(PLANNED)
    course = draft.tables[1]
    coarser = {"course:a.taken": course.variables[0].within["course:a.taken"]}
    before = dataclasses.replace(course, variables=(dataclasses.replace(course.variables[0], within=coarser),))
    made = as_before(draft, (draft.tables[0], before), ())
    assert ids(made) == ["people", "course:a"]
    assert made.tables[1].variables[0].within == coarser


def test_a_release_that_was_made_keeps_its_means() -> None:
    told = mean(33, 41)
    new = (("security", 14.0), ("rights", 15.0), ("security.then", None))
    ours = tuple(dataclasses.replace(told, id=name, start=start) for name, start in new)
    made = as_before(
        dataclasses.replace(of_course(PLANNED), means=ours),
        (),
        (dataclasses.replace(told, id="rights", start=15.0), told),
    )
    assert [(one.id, one.start) for one in made.means] == [("security", None), ("rights", 15.0)]


def test_what_a_declared_design_names_is_there() -> None:
    groups = Breakdown("land", L, "country", {"PL": L, "UA": L, "other": L})

    def said(rules: Rules) -> list[str]:
        file = dataclasses.replace(FILE, rules=rules, breakdowns=(groups,))
        return [f"{'.'.join(at)}: {say(fault, 'en')}" for at, fault in faults(file)]

    assert said(Rules(rungs={"courses": "taken", "needs": "omitted"}, merges={"land": (("PL", "other"),)})) == []
    assert said(Rules(rungs={"course": "taken"}))[0].startswith("rungs.course: 'rungs' names the topic 'course', which")
    assert "no rung 'take'; did you mean 'taken'?" in said(Rules(rungs={"courses": "take"}))[0]
    assert said(Rules(merges={"flow": (("left", "completed"),)})) == [
        "merges.flow: 'completed' cannot be merged here: it is a category of 'courses', not of 'flow'."
    ]
    assert "has no category 'DE' to merge" in said(Rules(merges={"land": (("DE", "PL"),)}))[0]
    assert "neither a topic with categories nor a breakdown" in said(Rules(merges={"groups": (("PL", "UA"),)}))[0]
    for merges in ((("PL",),), (("PL", "UA"), ("UA", "other")), (("PL", "UA", "other"),)):
        assert "at least two groups have to be left" in said(Rules(merges={"land": merges}))[0], merges
