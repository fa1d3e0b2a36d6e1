"""Support given, right of residence and legal situation leave as counts of people, where a project names them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from evaluation import descriptors
from evaluation.errors import BadDeclaration
from evaluation.project import Project
from evaluation.project.draft.assembly import draft
from evaluation.project.draft.further import goals
from evaluation.project.draft.topics.groups import groups
from evaluation.project.draft.topics.status import status
from evaluation.project.draft.topics.support import support
from evaluation.project.folder import read
from evaluation.release.planned.design import designed
from evaluation.release.released import CountTable, Draft
from evaluation.report.content import figures, track
from evaluation.schema import OwnTable, Rules
from tests.conftest import Folder
from tests.report.handmade import make_released

PEOPLE = [f"P{n}" for n in range(1, 9)]


@pytest.fixture(scope="module")
def drafted(project: Project) -> Draft:
    return draft(project.results, "r")


def at(table: CountTable) -> Mapping[str, Any]:
    return {next(iter(count.at.values())): count.value for count in table.counts if count.at}


def numbers(tables: Any, name: str) -> Mapping[str, Any]:
    return next(at(one.table) for one in tables if one.table.id == name)


def given(project: Project, **frames: list[Mapping[str, Any]]) -> Any:
    """Results of eight people with these rows, of whom P8 does not agree to be reported on."""
    made = {name: pd.DataFrame(rows) for name, rows in frames.items()}
    results = SimpleNamespace(declaration=project.declaration, frames=made)
    results.of_consenting = lambda frame: frame[frame["participant"] != "P8"]
    return results


def test_who_had_two_kinds_of_support_of_one_area_counts_once_in_it_and_a_leaver_counts(project: Project) -> None:
    rows = [("P1", "medical"), ("P1", "psychological"), ("P1", "medical"), ("P2", "medical"), ("P3", "transport")]
    frame = [{"participant": person, "kind": kind} for person, kind in rows]
    made = support(given(project, support=frame), PEOPLE)
    assert numbers(made, "supported") == {"yes": 3, "no": 5}
    assert numbers(made, "support:health") == {"yes": 2, "no": 6}
    assert numbers(made, "supported.medical") == {"yes": 2, "no": 6}
    assert numbers(made, "supported.psychological") == {"yes": 1, "no": 7}
    assert numbers(made, "support:life") == {"yes": 1, "no": 7}
    assert numbers(made, "support:law") == {"yes": 0, "no": 8}
    sensitive = {one.table.id for one in made if one.table.zeros_sensitive}
    assert {one.table.id for one in made} - sensitive == {"supported"}


SITUATIONS = [
    # person, residence and legal situation at the start, the same at the end, group
    ("P1", "none", "unregulated", "temporary_victim", "regulated", "foreigners"),
    ("P2", "visa", "in_procedure", "reflection_period", "in_procedure", "foreigners"),
    ("P3", "temporary", "unregulated", None, None, "foreigners"),  # left early
    ("P4", "eu_citizen", "regulated", "eu_citizen", "regulated", "foreigners"),
    ("P5", None, "regulated", "none", "regulated", "polish_women"),
    ("P6", "unknown", "unknown", "humanitarian", "regulated", "foreigners"),
    ("P7", "visa", "in_procedure", "polish_citizen", "regulated", "foreigners"),
    ("P8", "none", "unregulated", "none", "unregulated", "foreigners"),  # did not agree
]


def test_situations_are_told_of_whoever_is_no_citizen_and_change_where_start_and_end_are_known(
    project: Project,
) -> None:
    columns = ("participant", "residence_start", "legal_start", "residence_end", "legal_end", "target_group")
    rows = [dict(zip(columns, row, strict=True)) for row in SITUATIONS]
    results = given(project, participants=rows)
    (declared,) = project.declaration.file.breakdowns
    told, joint = status(results, PEOPLE, {declared.id: groups(results, declared)})
    asked = {"in_procedure": 0, "unregulated": 0}
    assert numbers(told, "residence.start") == {"regulated": 1, "in_procedure": 2, "unregulated": 1, "not_told": 4}
    assert numbers(told, "residence.end") == {"regulated": 3, "in_procedure": 1, "unregulated": 0, "not_told": 4}
    assert numbers(told, "residence.change") == {"changed": 2, "same": 1, "not_told": 5}
    assert numbers(told, "legal.start") == asked | {"in_procedure": 2, "unregulated": 2, "regulated": 0, "not_told": 4}
    assert numbers(told, "legal.end") == asked | {"in_procedure": 1, "regulated": 3, "not_told": 4}
    assert numbers(told, "legal.change") == {"changed": 2, "same": 1, "not_told": 5}
    assert numbers(told, "legal.end.regulated") == {"regulated": 3, "others": 1, "not_told": 4}
    assert numbers(told, "legal.end.known") == {"regulated": 3, "others": 5}
    by_group = numbers(joint, "joint:target_group&legal.end")
    assert by_group["foreigners&not_told"] == 3
    assert by_group["polish_women&not_told"] == 1
    assert "polish_women&regulated" not in by_group
    assert all(one.table.zeros_sensitive for one in (*told, *joint))


def test_without_declared_citizens_nothing_is_counted_by_group(project: Project) -> None:
    file = project.declaration.file
    plain = dataclasses.replace(file.breakdowns[0], citizens=())
    declared = dataclasses.replace(project.declaration, file=dataclasses.replace(file, breakdowns=(plain,)))
    results = Project(project.folder, declared, project.store, project.who).results
    assert status(results, list(project.frames["participants"]["participant"]), {})[1] == []


def test_goals_are_reached_by_whoever_reached_one_that_was_rated(project: Project) -> None:
    rows = [("P1", "legal", 1), ("P1", "work", -1), ("P2", "work", -2), ("P3", "work", None), ("P8", "legal", 2)]
    frame = [{"participant": person, "kind": kind, "reached_level": level} for person, kind, level in rows]
    for row in frame:
        row["baseline_level"] = -1
    made = goals(given(project, goals=frame), PEOPLE)
    assert numbers(made, "goals") == {"reached": 1, "not_reached": 1, "none": 6}
    assert numbers(made, "goals.work") == {"reached": 0, "not_reached": 2, "none": 6}
    assert numbers(made, "goals.assessed") == {"yes": 2, "no": 6}


@pytest.mark.parametrize(
    ("threshold", "rungs", "told", "untold"),
    [
        (5, {}, {"supported.medical", "support:health", "support:law"}, {"supported.legal_consultation"}),
        (10, {}, {"supported", "support:health"}, {"supported.medical"}),
        (10, {"support": "kinds"}, {"supported.medical", "supported.legal_consultation", "support:law"}, set()),
        (5, {"support": "omitted"}, set(), {"supported", "support:health", "supported.medical"}),
        (5, {"status": "known"}, {"legal.end.known", "legal.change"}, {"legal.end.regulated"}),
    ],
)
def test_which_kinds_are_told_follows_from_how_many_an_area_has(
    drafted: Draft, threshold: int, rungs: Mapping[str, str], told: set[str], untold: set[str]
) -> None:
    """30 people are planned: at threshold 5 a table has 3 parts at most, so an area with two kinds has its kinds."""
    left = designed(drafted, Rules("public", rungs=rungs), threshold)
    names, kept = {table.id for table in left.tables}, {table.id for table in left.joint}
    assert told <= names
    assert untold <= kept - names


def test_a_kind_that_an_indicator_counts_leaves_in_any_case(project: Project) -> None:
    first = dataclasses.replace(project.declaration.indicators[0], code="S1", measure="supported:legal_consultation")
    declared = dataclasses.replace(project.declaration, indicators=(first,))
    results = Project(project.folder, declared, project.store, project.who).results
    left = designed(draft(results, "r"), Rules("public"), 10)
    assert left.indicators[0].numerator is not None
    assert left.indicators[0].numerator.table == "supported.legal_consultation"


def test_what_is_not_named_is_not_counted_and_an_own_table_counts_it_without_telling_it(project: Project) -> None:
    file = dataclasses.replace(project.declaration.file, rules=Rules("public"))
    own = OwnTable("t", {"en": "x"}, ("legal.start.known", "legal.end.known"))
    for some in ((), (own,)):
        declared = dataclasses.replace(project.declaration, file=dataclasses.replace(file, own_tables=some))
        made = draft(Project(project.folder, declared, project.store, project.who).results, "r")
        assert not {"support", "residence", "legal", "status_change"} & {table.topic for table in made.tables}
        assert ("legal.start" in {table.id for table in made.joint}) is bool(some)
        assert any("legal.start" in fact.variables for fact in made.implications) is bool(some)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_documents_have_these_sections_only_where_the_release_has_them(drafted: Draft, language: str) -> None:
    left = designed(drafted, Rules("funder"), 5)
    released, none = make_released(tables=left.tables), make_released(tables=left.tables[:1])
    for part in (track.support, track.status, figures.support):
        assert part(released, language).part.blocks
        assert not part(none, language).part.blocks
        assert not part(none, language).part.heading
    names = {one["id"] for one in track.support(released, language).content}
    assert names == {table.id for table in left.tables if table.topic in ("support", "support_kinds")}
    health = descriptors.codes("support_areas")["health"][language]
    assert health in track.support(released, language).text
    assert track.status(released, language).text.count(":\n- ") == 3


def test_a_group_of_citizens_that_there_is_not_is_refused_with_its_name(copied: Folder) -> None:
    path = copied.path / "project.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("citizens: [polish_women]", "citizens: [polish_woman]"), encoding="utf-8")
    with pytest.raises(BadDeclaration, match="polish_woman"):
        read(copied.path)


def test_every_kind_of_support_has_an_area_and_every_right_of_residence_a_situation() -> None:
    assert {*descriptors.recode("support_kinds", "area").values()} == {*descriptors.codes("support_areas")}
    situations = descriptors.recode("residence_status", "situation")
    assert {*situations.values()} == {*descriptors.codes("legal_status"), "citizen"}
    assert [code for code, to in situations.items() if to == "citizen"] == ["polish_citizen", "eu_citizen"]
