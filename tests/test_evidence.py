"""For a check on the spot: who consents, when that was signed and where the paper lies, for those who enter it."""

from __future__ import annotations

import dataclasses
import json

import pytest
from click.testing import CliRunner

from evaluation.cli import main
from evaluation.collect.access.keys import Role
from evaluation.errors import StoreError
from evaluation.project import Project
from evaluation.project.safekeeping import evidence
from evaluation.project.safekeeping.evidence import Evidence
from tests.conftest import Folder, worded


def test_every_participant_stands_there_with_both_consents_the_day_and_the_place(reference: Folder) -> None:
    told = CliRunner().invoke(main, reference.arguments("evidence", "--json"))
    found = [Evidence(**one) for one in json.loads(told.output)]
    with reference.open() as project:
        people = project.frames["participants"].set_index("participant")
    assert [one.participant for one in found] == list(people.index)
    for one in found:
        row = people.loc[one.participant]
        assert (one.service, one.reporting) == (True, bool(row["consent_reporting"]))
        assert one.consented_on == row["enrolled_on"].date().isoformat()
        assert one.paper_at == row["paper_at"]
        assert one.complete
    assert {one.paper_at for one in found} == {"segregator 1", "segregator 2", "segregator 3"}
    assert 0 < sum(not one.reporting for one in found) < len(found)


def test_what_is_missing_is_a_dash_and_counted() -> None:
    whole, half = (
        Evidence("P-1", True, False, "2025-01-02", "binder 2"),
        Evidence("P-2", False, False, "2025-01-02", ""),
    )
    assert worded(evidence.lines((whole, half)))[:2] == [
        "P-1  signed: 2025-01-02; paper: binder 2; consents: service",
        "P-2  signed: 2025-01-02; paper: –; consents: none, or withdrawn",
    ]
    assert worded(evidence.lines((whole, half)))[-1].startswith("1 person (of 2) lacks the day or the place")
    assert worded(evidence.lines((whole,)))[-1].startswith("The day and the place of the paper are recorded")


@pytest.mark.parametrize(("role", "allowed"), [("coordinator", True), ("caseworker", True), ("evaluator", False)])
def test_whoever_does_not_enter_sees_no_day(project: Project, role: Role, allowed: bool) -> None:
    who = dataclasses.replace(project.who, role=role)
    opened = Project(project.folder, project.declaration, project.store, who)
    if allowed:
        assert len(evidence.read(opened)) == 41
    else:
        with pytest.raises(StoreError) as refused:
            evidence.read(opened)
        assert refused.value.message.key == "project.evidence.role"
