"""For a check on the spot: who consents, when that was signed and where the paper lies, for those who enter it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sys

import pytest
from click.testing import CliRunner

from evaluation.cli import main
from evaluation.collect import acts
from evaluation.collect.access.keys import Role
from evaluation.collect.acts import Withdraw
from evaluation.collect.record import trail
from evaluation.errors import StoreError
from evaluation.project import Project
from evaluation.project.safekeeping import evidence
from evaluation.project.safekeeping.evidence import Evidence
from tests.conftest import Folder, worded

TODAY = dt.date(2026, 2, 1)


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


@pytest.mark.parametrize(("service", "holds"), [(False, (True, False)), (True, (False, False))])
def test_a_consent_that_was_withdrawn_holds_no_more_whatever_her_row_said(
    office: Folder, service: bool, holds: tuple[bool, bool]
) -> None:
    with office.open() as project:
        her = next(one for one in evidence.read(project) if one.reporting)
        act = Withdraw(her.participant, TODAY, service=service)
        acts.perform(act, project.store, declaration=project.declaration, actor="tester", today=TODAY)
        project.forget()
        now = next(one for one in evidence.read(project) if one.participant == her.participant)
    assert (now.service, now.reporting) == holds
    assert now.paper_at == her.paper_at


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


def test_that_it_left_the_screen_is_kept_and_what_cannot_be_kept_is_not_shown(office: Folder) -> None:
    assert CliRunner().invoke(main, office.arguments("evidence")).exit_code == 0  # into a pipe
    with office.open() as project:
        assert ("exported", "evidence") in [(each.act, each.about) for each in trail.read(project.store, limit=2)]
        with project.store.transaction("IMMEDIATE"):
            refused = CliRunner().invoke(main, office.arguments("evidence", "--language", "en"))
    assert refused.exit_code == StoreError.exit_code
    assert "in use by another program" in refused.output
    assert "P-0" not in refused.output


def test_on_a_terminal_it_was_only_opened(office: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = CliRunner()
    with runner.isolation():
        monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True, raising=False)
    for more in ((), ("--json",)):
        assert runner.invoke(main, office.arguments("evidence", *more)).exit_code == 0
    with office.open() as project:
        acts = [each.act for each in trail.read(project.store, limit=9) if each.about == "evidence"]
    assert acts == ["exported", "opened", "opened", "opened"]


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
