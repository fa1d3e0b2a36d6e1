"""A number that is not told is told as the range that every reader can derive anyway, and nothing more is."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evaluation.release import ledger
from evaluation.release.audit.verdict import audit
from evaluation.release.facts import Fact
from evaluation.release.ledger import Proposal
from evaluation.release.printed.ranges import ranges
from evaluation.release.released import Draft, Reference, Relation, Value
from evaluation.release.system.assembly import document, publication, quantities_of
from evaluation.release.system.quantities import identity
from tests.release.drafts import draft, mean, outcome, propose, reference, table, variable
from tests.release.people import World, drafted
from tests.release.worlds import courses, drawn, fact, outcomes


def printed(proposal: Proposal) -> dict[str, Value]:
    """What each count says, by its name."""
    leaving = proposal.leaving
    return {
        identity(table.population, leaving.release, count.at): count.value
        for table in leaving.tables
        for count in table.counts
    }


def told(proposal: Proposal, table_id: str) -> dict[str, Value]:
    """What a table with one variable says, by its codes."""
    found = next(one for one in proposal.leaving.tables if one.id == table_id)
    return {next(iter(count.at.values()), ""): count.value for count in found.counts}


def test_what_is_left_for_those_who_are_not_told_is_printed(tmp_path: Path) -> None:
    found = propose(reference(), tmp_path, "public")
    directions = {"": 41, "higher": 24, "same": (0, 17), "lower": (0, 17), "not_paired": (0, 17)}
    assert told(found, "security.direction") == directions
    assert told(found, "security.pairs") == {"": 41, "yes": (24, 41), "no": (0, 17)}


def test_how_many_a_printed_mean_is_of_at_least_is_in_its_range(tmp_path: Path) -> None:
    found = propose(draft("r", *outcome(7, 4, 4, 4), means=[mean(15, 19)]), tmp_path)
    assert found.leaving.means[0].change is not None
    assert (told(found, "security.pairs")["yes"], found.leaving.means[0].n) == ((10, 19), (10, 19))


def test_a_range_as_wide_as_the_number_it_is_a_part_of_says_nothing(tmp_path: Path) -> None:
    taken = variable("polish.taken", "yes", "no")
    course = variable("polish", "full", "some", "none", polish__taken={"full": "yes", "some": "yes", "none": "no"})
    whole = table("polish.taken", [taken], {(): 41, ("yes",): 25, ("no",): 16})
    parts = table("polish", [course], {(): 41, ("full",): 3, ("some",): 22, ("none",): 16})
    found = propose(draft("r", whole, parts), tmp_path)
    assert told(found, "polish") == {"": 41, "full": None, "some": None, "none": 16}


def test_what_is_true_of_everybody_narrows_and_what_is_true_of_these_people_does_not(tmp_path: Path) -> None:
    tables = [
        table("asked", [variable("asked", "y", "n")], {(): 60, ("y",): 20, ("n",): 40}),
        table("met", [variable("met", "all", "some", "none")], {(): 60, ("all",): 17, ("some",): 3, ("none",): 40}),
    ]
    implied = fact("met", "some", ("asked", "y"))
    stated = Relation(((Reference("met", {"met": "all"}), -1),), rhs=-10)
    hidden = [f"participants@r[met={code}]" for code in ("all", "some", "none")]

    def between(*known: Fact, stated: Sequence[Relation] = ()) -> dict[str, Any]:
        found = ranges(draft("r", *tables, facts=known, relations=stated), hidden, threshold=5, audit=audit)
        return {name.partition("=")[2][:-1]: value for name, value in found.items()}

    assert between() == {}
    assert between(implied) == {"some": (0, 20)}
    assert between(implied, stated=[stated]) == {"some": (0, 20)}


def test_two_truths_with_one_print_have_one_range(tmp_path: Path) -> None:
    first, second = (
        propose(draft("r", *outcome(24, *rest), means=[mean(33, 41)]), tmp_path, "public")
        for rest in ((5, 4, 8), (1, 8, 8))
    )
    assert first.hidden == second.hidden
    assert printed(first) == printed(second)


WORLDS = {"courses": courses(2), "outcomes": outcomes(by=("g",))}


def proposed(world: World, seed: int, folder: Path, profile: str) -> tuple[Draft, Proposal]:
    what = drafted(world, drawn(world, random.Random(f"ranges {seed}")))
    return what, propose(what, folder, profile)


@pytest.mark.usefixtures("without_the_reader_who_knows_the_rule")
@pytest.mark.parametrize("world", list(WORLDS))
@pytest.mark.parametrize("profile", ["funder", "public"])
def test_printed_ranges_hold_the_truth_and_narrow_nothing(tmp_path: Path, world: str, profile: str) -> None:
    some = 0
    for seed in range(4):
        what, found = proposed(WORLDS[world], seed, tmp_path, profile)
        between = {name: value for name, value in printed(found).items() if isinstance(value, tuple)}
        for counts in quantities_of(what):
            for at, cell in counts.cells.items():
                low, high = between.get(counts.name(at), (cell.value, cell.value))
                assert low <= cell.value <= high
        blank = publication(document(what, threshold=found.certificate.threshold), found.hidden)
        shown = replace(blank, bounds={**blank.bounds, **between})
        assert audit(shown.as_mapping()).intervals == audit(blank.as_mapping()).intervals
        some += len(between)
    assert some > 10


def test_a_release_made_again_says_the_same_ranges(tmp_path: Path) -> None:
    made = ledger.release(propose(reference(), tmp_path, "public"), tmp_path)
    again = propose(reference(), tmp_path, "public")
    assert again.again
    assert again.leaving == made
