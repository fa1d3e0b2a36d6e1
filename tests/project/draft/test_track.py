"""What the client track reached leaves through the gate only: goals, referrals, legal status, monthly tallies."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from evaluation.errors import BadDeclaration
from evaluation.project import Project, folder
from evaluation.project.draft.assembly import draft
from evaluation.release import ledger
from evaluation.release.facts import Fact
from evaluation.release.released import Draft, Line, Reference
from evaluation.schema import Indicator, Labels
from tests.conftest import Folder
from tests.release.drafts import PROVENANCE

L: Labels = {"en": "x", "pl": "x"}


def indicator(code: str, named: str, unit: str = "persons", breakdown: str = "") -> Indicator:
    return Indicator(code, L, "output", unit, named, L, breakdown=breakdown)  # type: ignore[arg-type]


def place(name: str, code: str) -> Reference:
    return Reference(name, {name: code})


def of(project: Project, *indicators: Indicator) -> Draft:
    declaration = dataclasses.replace(project.declaration, indicators=indicators)
    return draft(dataclasses.replace(project.results, declaration=declaration), "x")


def table(made: Draft, name: str) -> dict[tuple[str, ...], object]:
    (found,) = (one for one in made.tables if one.id == name)
    return {tuple(count.at.values()): count.value for count in found.counts}


def test_whoever_reached_a_goal_is_counted_among_those_with_a_rated_one_who_agreed_to_be_reported_on(
    project: Project,
) -> None:
    made = of(project, indicator("G", "goals", "share"), indicator("H", "goals:housing"))
    goals = project.results.of_consenting(project.frames["goals"])
    assert set(goals["participant"]) < set(project.frames["goals"]["participant"]), (
        "the example has somebody who withdrew"
    )
    rated = goals[goals["reached_level"].notna()]
    reached = rated[rated["reached_level"] >= 0]["participant"].nunique()
    counts = table(made, "goals")
    assert counts[("reached",)] == reached
    assert counts[("not_reached",)] == rated["participant"].nunique() - reached > 0
    assert sum(n for at, n in counts.items() if at) == 41
    assert table(made, "goals.assessed") == {
        (): 41,
        ("yes",): rated["participant"].nunique(),
        ("no",): 41 - rated["participant"].nunique(),
    }
    line = made.indicators[0]
    assert (line.numerator, line.denominator) == (place("goals", "reached"), place("goals.assessed", "yes"))
    assert {one for one in made.implications if "goals.housing" in str(one)} == {
        Fact(("goals.housing", ("reached",)), (("goals", ("reached",)),)),
        Fact(("goals.housing.assessed", ("yes",)), (("goals.assessed", ("yes",)),)),
    }


def test_whoever_was_given_support_after_a_referral_was_referred(project: Project) -> None:
    made = of(
        project,
        indicator("A", "referral_accepted:lawyer"),
        indicator("B", "referral_accepted"),
        indicator("C", "referred:lawyer"),
        indicator("D", "referred"),
    )
    said = project.frames["referrals"]
    ours = said[said["direction"] == "from_us"]
    assert table(made, "referred")[("yes",)] == ours["participant"].nunique()
    assert table(made, "referral_accepted")[("yes",)] == ours[ours["outcome"] == "accepted"]["participant"].nunique()
    ties = {(one.whoever[0], name) for one in made.implications if "refer" in one.whoever[0] for name, _ in one.then}
    accepted = "referral_accepted"
    assert ties == {
        (f"{accepted}.lawyer", accepted),
        (f"{accepted}.lawyer", "referred.lawyer"),
        (f"{accepted}.lawyer", "referred"),
        (accepted, "referred"),
        ("referred.lawyer", "referred"),
    }


def test_a_contact_is_nobody_and_a_count_of_people_without_records_is_gated_like_any_other(
    filled: Callable[[str], Folder], tmp_path: Path
) -> None:
    with filled("shelter").open() as project:
        lines = [indicator(kind, f"tally:{kind}", "number") for kind in ("contacts_phone", "minors_supported")]
        lines += [indicator("sessions", "group_sessions", "number"), indicator("hours", "group_hours:art", "number")]
        made = of(project, *lines, indicator("all", "aggregate:prevention"))
        counted = {
            counts: of(project, dataclasses.replace(indicator("x", "aggregate:prevention", "number"), counts=counts))
            for counts in ("", "people", "contacts", "events", "items")
        }
        held = project.frames["sessions"]
        groups = held[held["kind"] == "group"]
        told = {line.code: line.achieved for line in made.indicators}
    assert (told["sessions"], told["hours"]) == (len(groups), groups.loc[groups["course"] == "art", "hours"].sum())
    assert told["contacts_phone"] > 300
    assert (told["minors_supported"], told["all"]) == (None, None)
    gated = {counts for counts, drafted in counted.items() if any(one.id.startswith("agg") for one in drafted.tables)}
    assert gated == {"", "people"}
    alone = dataclasses.replace(
        made, tables=made.tables[-2:], means=(), relations=(), implications=(), joint=(), indicators=made.indicators
    )
    assert [(one.population, one.counts[0].public) for one in alone.tables] == [
        ("tally:minors_supported", False),
        ("aggregate:prevention", False),
    ]

    def released(draft: Draft, *, release: str, count: int) -> dict[str, Line]:
        minors, everybody = draft.tables
        counted = dataclasses.replace(minors, counts=(dataclasses.replace(minors.counts[0], value=count),))
        told = dataclasses.replace(draft, release=release, tables=(counted, everybody))
        rules = ledger.Rules("funder")
        proposal = ledger.propose(told, tmp_path, project="x", rules=rules, provenance=PROVENANCE)
        assert proposal.safe
        return {line.code: line for line in ledger.release(proposal, tmp_path).indicators}

    first = released(alone, release="one", count=4)  # fewer than five
    assert (first["minors_supported"].achieved, first["all"].achieved) == (None, 275)
    assert (first["minors_supported"].n, first["all"].of) == (None, None)
    second = released(alone, release="two", count=14)
    assert second["minors_supported"].achieved == 14
    third = released(alone, release="three", count=15)  # that one more came is not told
    assert third["minors_supported"].achieved is None


@pytest.mark.parametrize(
    ("named", "hint"),
    [("tally:calles", "did you mean 'calls'"), ("tally", "code ''"), ("goals:howsing", "did you mean 'housing'"),
     ("referred:lawer", "did you mean 'lawyer'"), ("group_hours:polsih", "did you mean 'polish'")],
)  # fmt: skip
def test_an_indicator_of_what_there_is_not_is_refused_with_the_nearest_name(
    copied: Folder, named: str, hint: str
) -> None:
    path = copied.path / "indicators.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("measure: sessions", f"measure: {named}"), encoding="utf-8"
    )
    with pytest.raises(BadDeclaration, match=hint):
        folder.read(copied.path)
