"""Each topic about people is told once, in its release, and then as of its day; an erratum hides what it revised."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from evaluation.errors import BadArgument, LedgerError
from evaluation.release import ledger
from evaluation.release.files.chain import LedgerCell
from evaluation.release.planned.foresight import foreseen, lost
from evaluation.release.planned.schedule import as_made, erratum, faults, planned, scheduled
from evaluation.release.released import Certificate, Hours, Released, Variable
from evaluation.release.system.earlier import _needed
from evaluation.schema import PlannedRelease
from evaluation.texts import say
from tests.release.drafts import (
    FACTS,
    HIGHER,
    PROVENANCE,
    L,
    draft,
    line,
    mean,
    name,
    outcome,
    propose,
    released,
    table,
    value,
    variable,
)
from tests.release.worlds import fact

TAKEN = variable("course:a.taken", "yes", "no")
DAY, LATER = PROVENANCE.released_on, dt.date(2016, 3, 31)
INTERIM = PlannedRelease("q1", "interim", DAY, ("courses",))
PLAIN = PlannedRelease("q2", "interim", dt.date(2016, 1, 31))
FINAL = PlannedRelease("final", "final", LATER)


def of_people(release, took, others, rose=(24, 5, 4)):
    """A course and an outcome of so many people: an indicator for the course, one for the mean, one for who rose."""
    everyone = took + others
    course = table("course:a.taken", [TAKEN], {(): everyone, ("yes",): took, ("no",): others})
    courses = dataclasses.replace(course, topic="courses")
    changed = [dataclasses.replace(one, topic="outcomes") for one in outcome(*rose, everyone - sum(rose))]
    by_course = line(unit="persons", numerator=dataclasses.replace(HIGHER, table=course.id, at={TAKEN.id: "yes"}))
    lines = [
        dataclasses.replace(one, code=code)
        for code, one in (
            ("took", by_course),
            ("mean", line(unit="points", of_mean="security")),
            ("rose", line(numerator=HIGHER, unit="persons")),
        )
    ]
    means = [mean(sum(rose), everyone)]
    made = draft(release, table("people", [], {(): everyone}), courses, *changed, means=means, lines=lines)
    return dataclasses.replace(made, facts=dataclasses.replace(FACTS, reached=everyone))


def told(made):
    """What stands in a release, by table: the day of which it is, None where it is told now."""
    return {one.id: one.as_of for one in made.tables}


def test_a_topic_is_told_once_and_repeated_as_of_its_day_with_the_indicators_that_rest_on_it(tmp_path):
    first = released(scheduled(of_people("q1", 25, 16), INTERIM, [], threshold=5), tmp_path)
    assert told(first) == {"people": None, "course:a.taken": None}
    assert (first.means, first.elsewhere) == ((), ("outcomes",))
    assert [one.achieved for one in first.indicators] == [25, None, None]
    reason = "Each number about people is told once"
    assert [one.withheld.get("en", "").startswith(reason) for one in first.indicators] == [False, True, True]

    second = propose(scheduled(of_people("q2", 27, 18), PLAIN, [first], threshold=5), tmp_path).leaving
    assert told(second) == {"people": None, "course:a.taken": DAY}
    again = next(one for one in second.tables if one.as_of)
    assert again.counts == next(one for one in first.tables if one.id == again.id).counts
    assert again.labels == {
        "en": "word (as of 31\N{NO-BREAK SPACE}December\N{NO-BREAK SPACE}2015)",
        "pl": "słowo (stan na 31\N{NO-BREAK SPACE}grudnia\N{NO-BREAK SPACE}2015\N{NO-BREAK SPACE}r.)",
    }
    assert [(one.achieved, one.as_of) for one in second.indicators] == [(25, DAY), (None, None), (None, None)]

    last = released(scheduled(of_people("final", 27, 18), FINAL, [first], threshold=5), tmp_path)
    pairs = {"security.direction": None, "security.pairs": None}
    assert told(last) == {"people": None, **pairs, "course:a.taken": DAY}
    assert (last.means[0].change, last.elsewhere) == (2.0, ())
    assert last.indicators[0].labels["en"] == again.labels["en"]
    made = as_made(of_people("final", 27, 18), last)
    assert propose(made, tmp_path).again


@pytest.mark.parametrize(("joined", "anew"), [(9, False), (10, True)])
def test_it_is_told_anew_only_where_publicly_two_thresholds_of_people_joined(tmp_path, joined, anew):
    first = released(scheduled(of_people("q1", 25, 16), FINAL, [], threshold=5), tmp_path)
    assert first.means[0].change == 2.0
    # Some of those who took the course are gone: what counts is how many people there are.
    later = of_people("q2", 24, 17 + joined)
    made = scheduled(later, FINAL, [first], threshold=5)
    assert [one.as_of for one in made.repeated] == [] if anew else [DAY] * 3
    assert {one.id for one in made.tables} == {"people", *(told(first) if anew else ())}
    assert made.means == ()  # a mean never
    assert [(one.id, one.of, one.as_of) for one in made.repeated_means] == [("security", 41, DAY)]
    points = next(one for one in propose(made, tmp_path).leaving.indicators if one.code == "mean")
    assert (points.achieved, points.as_of) == (2.0, DAY)


def test_what_was_told_nowhere_does_not_bind_later_releases(tmp_path):
    """The outcome is protected while only the course is told, but nobody has to keep what nobody could read."""
    whole = of_people("final", 25, 16)
    alone = propose(scheduled(whole, dataclasses.replace(FINAL, topics=("outcomes",)), [], threshold=5), tmp_path)
    first = scheduled(of_people("q1", 25, 16, (3, 10, 9)), INTERIM, [], threshold=5)
    assert {one.id for one in first.joint} == {"security.direction", "security.pairs"}
    made = released(first, tmp_path)
    after = propose(scheduled(whole, FINAL, [made], threshold=5), tmp_path)
    assert [one for one in after.leaving.tables if one.topic == "outcomes"] == [
        one for one in alone.leaving.tables if one.topic == "outcomes"
    ]
    kept = ledger.read(tmp_path, "demo")[0].populations["participants"]
    assert {name for cell in kept.cells for name in cell.at} == {*kept.codes} == {"course:a.taken"}


def test_an_interim_release_that_tells_nothing_of_people_asks_nothing_of_the_gate(tmp_path):
    made = scheduled(of_people("q2", 3, 38), PLAIN, [], threshold=10)
    assert ([one.id for one in made.tables], made.joint, made.relations) == (["people"], (), ())
    assert propose(made, tmp_path, "public").certificate.hidden == 0


# --- one quantity in several tables --------------------------------------------------------------

NOTHING = Certificate("funder", 5, 0, 0, optimal=True, gap=0, exact=0, narrow=0, earlier_releases=0)
RUNGS = {"course:a.taken": {"completed": "yes", "attended": "yes", "none": "no"}}
RUNGS["course:a.completed"] = {"completed": "yes", "attended": "no", "none": "no"}
COURSE = Variable("course:a", L, dict.fromkeys(("completed", "attended", "none"), L), within=RUNGS)
DONE, ANY, GROUP = (
    variable("course:a.completed", "yes", "no"),
    variable("completed", "yes", "no"),
    variable("g", "1", "2"),
)
ONE_COURSE = (fact("completed", "yes", ("course:a", "completed")), fact("course:a", "completed", ("completed", "yes")))


def of_a_course(release, rung, joined=0):
    """41 people, 14 of whom completed the course and 11 attended; ``rung``: how finely the topic is told."""
    n = 16 + joined
    everyone = 25 + n
    tables = {
        "courses": [
            ("course:a", [COURSE], {("completed",): 14, ("attended",): 11, ("none",): n}),
            ("course:a.taken", [TAKEN], {("yes",): 25, ("no",): n}),
        ][rung == "taken" :],
        "indicators": [
            ("course:a.completed", [DONE], {("yes",): 14, ("no",): 11 + n}),
            ("completed", [ANY], {("yes",): 14, ("no",): 11 + n}),
        ],
        "groups": [("g", [GROUP], {("1",): 20, ("2",): 5 + n})],
        "own": [("own:x", [GROUP, TAKEN], {("1",): 20, ("2",): 5 + n, ("yes",): 25, ("no",): n})],
    }
    made = [
        dataclasses.replace(table(name, by, {(): everyone, **counts}), topic=topic)
        for topic, some in tables.items()
        for name, by, counts in some
    ]
    joint = (table("joint", [COURSE], {(): everyone, ("completed",): 14, ("attended",): 11, ("none",): n}),)
    whole = dataclasses.replace(draft(release, *made, facts=ONE_COURSE), joint=joint)
    return dataclasses.replace(whole, facts=dataclasses.replace(FACTS, reached=everyone))


@pytest.mark.parametrize(
    ("rung", "first", "told_first", "told_then"),
    [
        # Completers are a number of the course's table, and a course's are everybody's where there is one course.
        ("completed", "indicators", [], [*"abcdef"]),
        ("completed", "courses", [*"ab"], ["e"]),
        ("completed", "indicators courses", [*"abcd"], ["e"]),
        # Who took part and who completed are two things.
        ("taken", "indicators", [*"cd"], [*"bef"]),
        ("taken", "courses", [*"b"], [*"cde"]),
        # A table of two variables tells of each: where one was told, or is told later, it is not.
        ("taken", "own", [], [*"bcdef"]),
        ("taken", "own groups", ["e"], [*"bcd"]),
        ("taken", "own groups courses", [*"bef"], [*"cd"]),
    ],
)  # fmt: skip
def test_a_number_is_told_once_however_many_tables_show_it(rung, first, told_first, told_then):
    names = dict(
        zip(["course:a", "course:a.taken", "course:a.completed", "completed", "g", "own:x"], "abcdef", strict=True)
    )
    plan = PlannedRelease("q1", "interim", DAY, tuple(first.split()))

    def now(made):
        return sorted(names[one.id] for one in made.tables)

    made = scheduled(of_a_course("q1", rung), plan, [], threshold=5)
    assert now(made) == told_first
    last = Released(made.facts, "q1", made.tables, (), (), (), (), NOTHING, PROVENANCE, "")
    later = scheduled(of_a_course("final", rung), FINAL, [last], threshold=5)
    assert now(later) == told_then
    assert [one.id for one in later.repeated] == [one.id for one in made.tables]
    anew = scheduled(of_a_course("final", rung, joined=10), FINAL, [last], threshold=5)
    assert now(anew) == [*"abcdef"][rung == "taken" :]
    assert anew.repeated == ()
    once = scheduled(of_a_course("final", rung, joined=10), FINAL, [last], threshold=5, anew=False)
    assert (now(once), once.repeated) == (now(later), later.repeated)


# --- errata -------------------------------------------------------------------------------------


def test_an_erratum_tells_the_same_tables_and_withdraws_the_means(tmp_path):
    wrong = released(scheduled(of_people("final", 25, 16), FINAL, [], threshold=5), tmp_path)
    right = erratum(of_people("final-2", 24, 17), wrong)
    made = released(right, tmp_path)
    assert (made.replaces.release, made.replaces.released_on) == ("final", DAY)
    assert (told(made), made.means) == (told(wrong), ())
    took = next(one for one in made.tables if one.id == "course:a.taken")
    assert [count.value for count in took.counts] == [41, None, None]  # one was revised, and nobody sees it
    withdrawn = next(one for one in made.indicators if one.code == "mean").withheld["en"]
    assert withdrawn == "Withdrawn: what was told before was wrong, and it is not told again."
    assert ledger.read(tmp_path, "demo")[-1].erratum_of == "final"

    later = scheduled(of_people("2016", 24, 17), FINAL, [wrong, made], threshold=5)
    assert later.repeated_means == ()
    assert [one.counts for one in later.repeated] == [one.counts for one in made.tables if one.variables]
    with pytest.raises(LedgerError, match="--erratum-of final"):
        erratum(of_people("final-3", 24, 17), made)


def test_a_withdrawn_mean_is_said_to_be_so_in_every_later_release_told_anew_or_not(tmp_path):
    wrong = released(
        scheduled(of_people("q1", 25, 16), dataclasses.replace(FINAL, name="q1"), [], threshold=5), tmp_path
    )
    right = released(erratum(of_people("q1-2", 25, 16), wrong), tmp_path)
    for joined in (0, 10):
        later = scheduled(of_people("final", 25 + joined, 16), FINAL, [wrong, right], threshold=5)
        reason = next(one for one in later.indicators if one.code == "mean").withheld["en"]
        assert (later.means, later.repeated_means, reason.split(":")[0]) == ((), (), "Withdrawn"), joined


def test_an_erratum_of_one_topic_neither_tells_nor_binds_another(tmp_path):
    """No later release has to keep what the erratum did not tell; what an other release told meanwhile stays kept."""
    wrong = released(scheduled(of_people("q1", 25, 16, (3, 10, 9)), INTERIM, [], threshold=5), tmp_path)
    own = dataclasses.replace(of_people("q1-2", 25, 16, (3, 10, 9)), hours=Hours(("mean",), ()))
    made = erratum(own, wrong)
    assert (made.hours, made.elsewhere) == (None, ("outcomes",))
    reasons = [one.withheld.get("en", "")[:18] for one in made.indicators]
    assert reasons == ["", "Each number about ", "Each number about "]  # as it was said of the release that was wrong
    right = released(made, tmp_path)
    kept = ledger.read(tmp_path, "demo")[-1].populations["participants"]
    assert {name for cell in kept.cells for name in cell.at} == {"course:a.taken"}
    final = released(scheduled(of_people("final", 25, 16), FINAL, [wrong, right], threshold=5), tmp_path)
    assert final.means[0].change == 2.0
    assert erratum(of_people("q1-3", 25, 16), wrong, [wrong, right, final]).elsewhere == ()
    plain = released(scheduled(of_people("q", 3, 38), PLAIN, [], threshold=5), tmp_path / "other")
    assert erratum(of_people("q-2", 3, 38), plain).joint == ()


def test_a_second_erratum_hides_what_little_it_revised_of_the_first_release_too(tmp_path):
    wrong = released(scheduled(of_people("final", 25, 16), FINAL, [], threshold=5), tmp_path)
    first = released(erratum(of_people("final-2", 30, 11), wrong), tmp_path)
    for took, hidden in ((24, True), (20, False), (26, True)):  # of 25, then 30
        again = propose(erratum(of_people("final-3", took, 41 - took), wrong, [wrong, first]), tmp_path)
        assert (again.safe, name("course:a.taken=yes", "final-3") in again.hidden) == (True, hidden), took


@pytest.mark.parametrize(
    ("before", "now", "needed"),
    [
        (25, 24, (-5, 5)), (25, 26, (-5, 5)), (25, 25, None), (25, 20, None), (25, 21, (-5, 5)), (25, 30, None),
        (25, 29, (-5, 5)), (2, 1, (-2, 5)), ((0, 41), 24, (-5, 5)), ((10, 12), 17, None), ((10, 12), 16, (-5, 5)),
    ],
)  # fmt: skip
def test_a_small_revision_keeps_a_threshold_on_either_side(before, now, needed):
    assert _needed((now, now), LedgerCell({}, before), threshold=5, revised=True) == needed


def test_a_revision_of_a_threshold_is_printed_and_one_less_is_not(tmp_path):
    wrong = released(scheduled(of_people("final", 25, 16), FINAL, [], threshold=5), tmp_path)
    for took, hidden in ((20, False), (21, True)):
        found = propose(erratum(of_people("final-2", took, 41 - took), wrong), tmp_path)
        assert (name("course:a.taken=yes", "final-2") in found.hidden) is hidden, took
        low, high = found.intervals["participants@final>final-2[course:a.taken=yes]"]
        assert (low <= -5 and high >= 5) is hidden


@pytest.mark.parametrize(("took", "public"), [(15, 15), (16, None), (31, None)])
def test_in_two_editions_each_reader_misses_the_revisions_that_are_small_to_her(tmp_path, took, public):
    """Of 25: by nine the funder's readers may know and the public may not, by ten everybody."""
    both = ("funder", "public")
    first = propose(of_people("final", 25, 16, (21, 10, 10)), tmp_path, editions=both)
    ledger.release(first, tmp_path)
    wrong = [one.leaving for one in first.editions]
    drafts = [erratum(of_people("final-2", took, 41 - took, (21, 10, 10)), one) for one in wrong]
    found = propose(drafts[1], tmp_path, editions=both, confidential=drafts[0])
    assert found.safe
    told = [value(one, "course:a.taken", **{TAKEN.id: "yes"}) for one in found.editions]
    assert told == [took, public]


@pytest.mark.parametrize(("before", "now"), [((10, 3, 20), (12, 6, 37)), ((11, 2, 20), (8, 10, 37))])
def test_in_two_editions_a_revision_that_no_edition_prints_keeps_the_thresholds_of_both(tmp_path, before, now):
    """By a third number of 37 of 55 the first would be 18 at most, where it was 10 or 11: revised by 8 or 7 at most."""
    both, codes = ("funder", "public"), variable("legal.end", "unregulated", "regulated", "not_told")

    def found(release, counts, replaced=()):
        cells = {(): sum(counts), **dict(zip([(code,) for code in codes.codes], counts, strict=True))}
        plain = table("legal.end", [codes], cells)
        weights = {"not_told": 9} if replaced else {"unregulated": 9}
        weighed = [dataclasses.replace(one, weight=weights.get(one.at.get(codes.id), 1)) for one in plain.counts]
        made = draft(release, dataclasses.replace(plain, counts=tuple(weighed)))
        drafts = [erratum(made, one) for one in replaced] or [made, made]
        return propose(drafts[1], tmp_path, editions=both, confidential=drafts[0])

    first = found("final", before)
    ledger.release(first, tmp_path)
    assert [value(one, "legal.end", legal__end="unregulated") for one in first.editions] == [before[0]] * 2
    second = found("final-2", now, [one.leaving for one in first.editions])
    assert second.safe
    for one, threshold in zip(second.editions, (5, 10), strict=True):
        low, high = one.intervals["participants@final>final-2[legal.end=unregulated]"]
        assert (low <= -threshold, high >= threshold) == (True, True), (low, high)


# --- what cannot be -----------------------------------------------------------------------------


class File:
    def __init__(self, *releases):
        self.releases = releases


def test_a_release_has_to_be_planned_and_not_overtaken(tmp_path):
    released(scheduled(of_people("final", 25, 16), FINAL, [], threshold=5), tmp_path)
    made = ledger.read(tmp_path, "demo")
    assert planned(File(), "any", made) is None
    assert planned(File(INTERIM, FINAL), "Final", made) is FINAL
    with pytest.raises(BadArgument, match="plans no release 'finale'; did you mean 'final'"):
        planned(File(INTERIM, FINAL), "finale", made)
    with pytest.raises(LedgerError, match="'q1' cannot be released any more: 'final'"):
        planned(File(INTERIM, FINAL), "q1", made)
    assert planned(File(INTERIM, FINAL), "final-2", made, erratum_of="final") is None
    with pytest.raises(BadArgument, match="'Q1' is a planned release, so no erratum of 'final'"):
        planned(File(INTERIM, FINAL), "Q1", made, erratum_of="final")


@pytest.mark.parametrize(
    ("releases", "said"),
    [
        ((INTERIM, FINAL), []),
        ((INTERIM,), ["releases.0 plans no final release"]),
        ((INTERIM, FINAL, dataclasses.replace(FINAL, name="end", date=dt.date(2017, 1, 1))), ["releases.2 two final"]),
        ((FINAL, dataclasses.replace(PLAIN, date=dt.date(2017, 1, 1))), ["releases.1 'q2' after the final one"]),
        ((PLAIN, dataclasses.replace(FINAL, date=PLAIN.date)), ["releases.1 'final' of 2016-01-31 has to come after"]),
        ((INTERIM, dataclasses.replace(FINAL, name="Q1")), ["releases.1 'Q1' twice"]),
        (
            (dataclasses.replace(INTERIM, topics=("courses", "course")), FINAL),
            ["releases.0.topics 'q1' tell the topic 'course', which there is not; did you mean 'courses'"],
        ),
    ],
)
def test_a_schedule_that_cannot_be_says_where(releases, said):
    found = [(".".join(map(str, at)), say(message, "en")) for at, message in faults(File(*releases))]
    assert [at for at, _ in found] == [one.split()[0] for one in said]
    for (_, sentence), wanted in zip(found, said, strict=True):
        assert wanted.split(" ", 1)[1].removeprefix("plans ") in sentence


def test_what_a_later_release_cannot_tell_is_known_before_the_earlier_one_leaves() -> None:
    group = variable("g", "x", "y")
    groups = dataclasses.replace(table("by_g", [group], {(): 40, ("x",): 25, ("y",): 15}), topic="groups")
    margins = {(): 40, ("yes",): 22, ("no",): 18, ("x",): 25, ("y",): 15}
    counts = {**margins, ("yes", "x"): 14, ("yes", "y"): 8, ("no", "x"): 11, ("no", "y"): 7}
    crossed = dataclasses.replace(table("took:g", [TAKEN, group], counts), topic="indicators")
    course = dataclasses.replace(table(TAKEN.id, [TAKEN], {(): 40, ("yes",): 22, ("no",): 18}), topic="courses")
    made = draft("q1", table("people", [], {(): 40}), groups, crossed, course)

    def gone(*topics, before=()):
        first = PlannedRelease("q1", "interim", DAY, topics)
        return {
            plan.name: [one.id for one in tables] for plan, tables in lost(made, [first, FINAL], before, threshold=5)
        }

    assert gone() == {}  # everything is told in the last one
    assert gone("groups") == gone("courses") == {"final": ["took:g"]}
    assert gone("groups", "courses", "indicators") == {}  # what is told together is repeated together
    # What an earlier release lost already is not lost anew.
    told = foreseen(scheduled(made, PlannedRelease("q0", "interim", DAY, ("groups",)), [], threshold=5), PLAIN)
    assert gone("courses", before=[told]) == {}
    many = dataclasses.replace(made, facts=dataclasses.replace(made.facts, reached=made.facts.reached + 10))
    assert list(lost(many, [FINAL], [told], threshold=5)) == []
