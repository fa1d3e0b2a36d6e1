"""What a release without a schedule leaves out is repeated as of the day on which an earlier one told it."""

from __future__ import annotations

import dataclasses

import pytest

from evaluation.release.planned.design import with_tables
from evaluation.release.planned.recalled import recallable, tables_of
from evaluation.release.planned.schedule import as_made
from evaluation.release.released import Reference
from tests.release.drafts import PROVENANCE, line, propose, released, table, variable
from tests.release.planned.test_schedule import of_people, told

DAY = PROVENANCE.released_on
ROSE = (20, 9, 7)
COURSE, DIRECTION, PAIRS = "course:a.taken", "security.direction", "security.pairs"


def drafted(release, *people):
    """All tables of these people leave."""
    draft = of_people(release, *people)
    return with_tables(draft, {one.id for one in draft.tables})


@pytest.mark.parametrize(
    ("later", "again", "achieved"),
    [
        # Nobody was corrected: all is told as it is today, but for the mean, which is told once.
        ((25, 16, (20, 9, 7)), {}, [(25, None), (2.0, DAY), (20, None)]),
        # One person less took the course: her correction is hidden, so the course stands as of its day.
        ((24, 17, (20, 9, 7)), {COURSE}, [(25, DAY), (2.0, DAY), (20, None)]),
        # One rose no more, and one who had no second answer has one.
        ((25, 16, (19, 10, 8)), {DIRECTION, PAIRS}, [(25, None), (2.0, DAY), (20, DAY)]),
    ],
)
def test_of_each_table_that_says_less_than_before_the_earlier_one_is_repeated(tmp_path, later, again, achieved):
    first = released(drafted("q1", 25, 16, ROSE), tmp_path)
    draft = recallable(drafted("q2", *later), [first])
    proposal = propose(draft, tmp_path)
    second = proposal.leaving
    assert told(second) == {one.id: DAY if one.id in again else None for one in first.tables}
    assert [(one.achieved, one.as_of) for one in second.indicators] == achieved
    assert [(one.change, one.as_of) for one in second.means] == [(2.0, DAY)]
    # Nothing is told that was not told before, or that the gate would not have let leave without it.
    plain = propose(drafted("q2", *later), tmp_path)
    assert (plain.hidden, plain.entry.populations) == (proposal.hidden, proposal.entry.populations)
    for one in second.tables:
        source = first if one.as_of else plain.leaving
        assert one.counts == next(other for other in source.tables if other.id == one.id).counts
        assert one.labels["en"].endswith("(as of 31\N{NO-BREAK SPACE}December\N{NO-BREAK SPACE}2015)") == bool(
            one.as_of
        )
    made = released(draft, tmp_path)
    assert propose(as_made(drafted("q2", *later), made), tmp_path).again


@pytest.mark.parametrize(("ends", "again"), [((15, 35), False), ((15, 36), True), ((0, None), True), (None, True)])
def test_a_range_of_less_than_half_of_everybody_says_as_much_as_a_number(tmp_path, ends, again):
    everyone = recallable(drafted("q2", 26, 16, ROSE), [released(drafted("q1", 26, 16, ROSE), tmp_path)])
    told_first = next(one for one in everyone.tables if one.id == COURSE)
    now = dataclasses.replace(
        told_first, counts=tuple(dataclasses.replace(one, value=ends) if one.at else one for one in told_first.counts)
    )
    (chosen,) = tables_of(everyone, [now])
    assert chosen == (next(one for one in everyone.before.tables if one.id == COURSE) if again else now)


def test_what_was_only_repeated_is_repeated_of_the_day_on_which_it_was_told(tmp_path):
    first = released(drafted("q1", 25, 16, ROSE), tmp_path)
    second = released(recallable(drafted("q2", 24, 17, ROSE), [first]), tmp_path)
    later = dataclasses.replace(PROVENANCE, released_on=DAY.replace(year=2016))
    second = dataclasses.replace(second, provenance=later)
    before = recallable(drafted("q3", 23, 18, ROSE), [first, second]).before
    assert {one.id: one.as_of for one in before.tables} == {
        COURSE: DAY,
        DIRECTION: later.released_on,
        PAIRS: later.released_on,
    }
    assert [one.as_of for one in before.means] == [DAY]


def test_a_share_is_of_one_day(tmp_path):
    """Its numerator would be repeated and its denominator is another table's, which was not told before."""
    first = drafted("q1", 25, 16, ROSE)
    asked = variable("asked", "yes", "no")

    def share(draft, yes, everyone):
        other = dataclasses.replace(
            table("asked", [asked], {(): everyone, ("yes",): yes, ("no",): everyone - yes}), topic="needs"
        )
        of = line(numerator=Reference(COURSE, {COURSE: "yes"}), denominator=Reference("asked", {"asked": "yes"}))
        return dataclasses.replace(draft, tables=(*draft.tables, other), indicators=(of,))

    alone = released(first, tmp_path)
    second = propose(recallable(share(drafted("q2", 24, 17, ROSE), 30, 41), [alone]), tmp_path).leaving
    assert told(second)[COURSE] is None
    assert second.indicators[0].as_of is None


def test_a_share_of_everybody_is_of_those_who_were_there_on_its_day(tmp_path):
    """25 of 41 took the course; of 44 today 26 did, which the three newcomers keep from being told."""
    whole = Reference("people", {})
    share = dataclasses.replace(line(numerator=Reference(COURSE, {COURSE: "yes"}), denominator=whole), asked=whole)

    def shared(release, *people):
        draft = dataclasses.replace(of_people(release, *people), indicators=(share,))
        return with_tables(draft, {one.id for one in draft.tables})

    second = shared("q2", 26, 18, ROSE)
    told_first = released(shared("q1", 25, 16, ROSE), tmp_path)
    draft = recallable(second, [told_first])
    (now,) = propose(draft, tmp_path).leaving.indicators
    assert (now.achieved, now.n, now.of, now.as_of) == (0.61, 41, 41, DAY)
    assert (now.denominator, now.asked) == (whole, whole)
    assert propose(as_made(second, released(draft, tmp_path)), tmp_path).again
