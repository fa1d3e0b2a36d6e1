"""Whether people's lives through several releases are few enough to be judged together is decided by public facts."""

from __future__ import annotations

import dataclasses
import random

import pytest

from evaluation.release import gate, ledger
from evaluation.release.audit.persons import people
from evaluation.release.planned import lives
from evaluation.release.planned.lives import too_many
from tests.release.audit.histories import WORLDS, drawn
from tests.release.drafts import draft, mean, outcome, propose, table, variable
from tests.release.people import drafted


def of(world, some, release):
    made = drafted(world, some)
    return dataclasses.replace(
        made, release=release, facts=dataclasses.replace(made.facts, reached=len(some)), scored=(), means=()
    )


@pytest.fixture(scope="module")
def courses(tmp_path_factory):
    """Who took a course, released; then two joined and some went on."""
    world, folder = WORLDS["one course"](), tmp_path_factory.mktemp("courses")
    before, after = drawn(world, random.Random(5), 2, joined=(2,))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "candidates", lambda *_, **__: None)  # who knows the rule
        ledger.release(propose(of(world, before, "q1"), folder), folder)
    return world, after, folder


def kinds(made, entries):
    """How many kinds of lives there are: the least number that is not too many."""
    with pytest.MonkeyPatch.context() as patch:
        for most in (2**n for n in range(4, 14)):
            patch.setattr(lives, "TOGETHER", most)
            if not too_many(made, entries, threshold=5):
                break
        low, high = most // 2, most
        while high - low > 1:
            middle = (low + high) // 2
            patch.setattr(lives, "TOGETHER", middle)
            low, high = (middle, high) if too_many(made, entries, threshold=5) else (low, middle)
    return high


def test_what_is_not_too_many_is_judged_together_whether_people_moved_as_supposed_or_not(courses, monkeypatch):
    world, after, folder = courses
    entries = ledger.read(folder, "demo")
    back = [world.person(["PL", *["none"] * (len(world.fine) - 1)]) for _ in after[:9]]  # of nine nothing is as it was
    counted = set()
    for people_then in (after, [*back, *after[9:]]):
        made = of(world, people_then, "q2")
        most = kinds(made, entries)
        counted.add(most)
    assert len(counted) == 1  # no number of the draft decides it
    for allowed in (most, 1):
        monkeypatch.setattr(people, "TOGETHER", allowed)
        assert propose(made, folder).certificate.apart == (allowed < most)
    guests = table(
        "guests", [variable("stay", "a", "b", "c")], {(): 9, ("a",): 2, ("b",): 3, ("c",): 4}, population="g"
    )
    assert kinds(dataclasses.replace(made, tables=(*made.tables, guests)), entries) == most + 3


def test_a_first_release_and_one_of_which_nothing_stays_are_of_no_lives(tmp_path, monkeypatch):
    monkeypatch.setattr(lives, "TOGETHER", 0)
    everyone = draft("q1", table("people", [], {(): 41}))
    assert not too_many(everyone, (), threshold=5)
    ledger.release(propose(everyone, tmp_path), tmp_path)
    later = draft("q2", table("people", [], {(): 43}))
    assert not too_many(later, ledger.read(tmp_path, "demo"), threshold=5)


def test_a_mean_that_would_have_lives_judged_apart_is_not_told(tmp_path, monkeypatch):
    """It ties first thirds to directions, which are counted apart otherwise."""
    thirds = variable("security.start", "low", "middle", "high", "none")

    def of_an_outcome(release, directions, starts, *means):
        of_starts = {(): sum(starts), **{(code,): n for code, n in zip(thirds.codes, starts, strict=True)}}
        return draft(release, *outcome(*directions), table("security.start", [thirds], of_starts), means=means)

    first = of_an_outcome("q1", (60, 20, 20, 30), (50, 40, 20, 20))
    ledger.release(propose(first, tmp_path), tmp_path)
    second = of_an_outcome("q2", (80, 35, 30, 40), (70, 55, 30, 30), mean(145, 185))
    for allowed, told in ((60, None), (106, 2.0)):
        monkeypatch.setattr(people, "TOGETHER", allowed)
        found = propose(second, tmp_path)
        assert (found.safe, found.certificate.apart, found.leaving.means[0].change) == (True, False, told)
