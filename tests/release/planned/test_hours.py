"""Person-hours leave once; what they say of who took part is known to optimiser and auditor, or they stay."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from evaluation.release.planned.hours import without
from evaluation.release.planned.schedule import as_made, scheduled
from evaluation.release.released import Hours, Reference, Relation
from evaluation.schema import PlannedRelease
from evaluation.texts import say
from tests.release.drafts import PROVENANCE, L, draft, line, propose, released, table, variable

pytestmark = pytest.mark.usefixtures("without_the_reader_who_knows_the_rule")

COURSE = variable("course:c", "completed", "attended", "none")


def told(total: int, *, release: str = "r1", longest: int = 10, least: int = 4, whole: int = 30, taken: int = 3):
    """``taken`` of ``whole`` people completed a course of so many hours and made ``total`` of them."""
    counts = {(): whole, ("completed",): taken, ("attended",): 0, ("none",): whole - taken}
    completed = Reference("course:c", {"course:c": "completed"})
    rows = (
        Relation(((completed, -longest),), rhs=-total),
        Relation(((completed, least),), rhs=total),
    )
    made = draft(release, table("course:c", [COURSE], counts), lines=[line(unit="number", achieved=float(total))])
    return dataclasses.replace(made, hours=Hours(("O1",), rows))


def shown(proposal):
    return shown_of(proposal.leaving)


def shown_of(leaving):
    (one,) = leaving.indicators
    return one.achieved, one.withheld.get("en", "")


@pytest.mark.parametrize(
    ("total", "taken", "hours"),
    [
        # 3 people, hidden, keep 0 to 5: no total that shows that there are some, or 4 at most, may stand beside them
        (20, 3, None),
        (12, 3, None),
        # nothing has to be protected
        (60, 7, 60.0),
    ],
)
def test_a_total_that_would_tell_how_few_took_part_is_not_told(tmp_path, total, taken, hours):
    proposal = propose(told(total, taken=taken), tmp_path)
    assert proposal.safe
    assert shown(proposal)[0] == hours
    assert (shown(proposal)[1] == say("release.withheld.too_few", "en")) is (hours is None)
    assert proposal.entry.hours is (hours is not None)


def test_a_total_that_says_nothing_of_the_few_is_told_beside_them(tmp_path):
    """In another course so many hours were attended that any number from 0 to 5 fits."""
    counts = {(): 30, ("completed",): 20, ("attended",): 0, ("none",): 10}
    first, other = told(60, least=0), variable("course:d", "completed", "attended", "none")
    many = Reference("course:d", {"course:d": "completed"})
    few = Reference("course:c", {"course:c": "completed"})
    rows = (Relation(((few, -10), (many, -10)), rhs=-60), Relation(((few, 1), (many, 1)), rhs=60))
    both = dataclasses.replace(
        first, tables=(*first.tables, table("course:d", [other], counts)), hours=Hours(("O1",), rows)
    )
    proposal = propose(both, tmp_path)
    assert shown(proposal) == (60.0, "")
    known = proposal.intervals["participants@r1[course:c=completed]"]
    assert known[0] == 0
    assert known[1] >= 5
    left = {row.rhs for row in proposal.entry.populations["participants"].rows}
    assert left >= {-60, 60}


def test_hours_are_told_once_and_the_reason_is_a_public_one(tmp_path):
    released(told(60, taken=7), tmp_path)
    second = propose(told(66, release="r2", taken=8, whole=42), tmp_path)
    assert shown(second) == (None, say("release.withheld.told_once", "en"))
    assert not second.entry.hours
    again = propose(told(60, taken=7), tmp_path)
    assert again.again
    assert shown(again)[0] == 60.0


def test_a_release_that_withheld_them_is_the_same_when_it_is_proposed_again(tmp_path):
    released(told(20), tmp_path)
    again = propose(told(20), tmp_path)
    assert again.again
    assert shown(again)[0] is None


def test_the_public_edition_tells_no_hours_that_the_confidential_one_withholds(tmp_path):
    found = propose(told(20), tmp_path, editions=("funder", "public"))
    assert [shown(one)[0] for one in found.editions] == [None, None]
    whole = propose(told(60, taken=12, longest=10), tmp_path / "b", editions=("funder", "public"))
    assert [shown(one)[0] for one in whole.editions] == [60.0, 60.0]


def test_in_a_schedule_only_the_final_release_tells_them(tmp_path):
    day = PROVENANCE.released_on
    plans = [PlannedRelease("q1", "interim", day, ("courses",)), PlannedRelease("end", "final", dt.date(2016, 3, 1))]
    made = [told(60, taken=7, release=plan.name) for plan in plans]
    made = [dataclasses.replace(one, tables=(dataclasses.replace(one.tables[0], topic="courses"),)) for one in made]
    first = released(scheduled(made[0], plans[0], [], threshold=5), tmp_path)
    assert shown_of(first) == (None, say("release.withheld.scheduled", "en"))
    again = propose(as_made(made[0], first), tmp_path)
    assert again.again
    assert shown(again) == shown_of(first)
    # the final release repeats the course as of its day and tells nothing else of people from which hours could follow
    assert shown(propose(scheduled(made[1], plans[1], [first], threshold=5), tmp_path))[0] is None
    other = table("stage", [variable("stage", "finished", "left")], {(): 30, ("finished",): 18, ("left",): 12})
    more = dataclasses.replace(made[1], tables=(*made[1].tables, dataclasses.replace(other, topic="flow")))
    assert shown(propose(scheduled(more, plans[1], [first], threshold=5), tmp_path))[0] == 60.0


def test_only_lines_of_hours_are_withheld():
    plain = dataclasses.replace(line(unit="number", achieved=9.0), code="O2", labels=L)
    both = told(60, taken=7)
    both = dataclasses.replace(both, indicators=(*both.indicators, plain))
    assert [one.achieved for one in without(both).indicators] == [None, 9.0]
    assert without(without(both)) == without(both)
