"""What a printed mean and its interval say of those who rose or fell; optimiser and auditor know it apart."""

from __future__ import annotations

import dataclasses
import itertools
import json
import random

import numpy as np
import pytest

from evaluation import codec
from evaluation.measure.outcomes.missing import all_enrolled
from evaluation.release import ledger
from evaluation.release.audit import told as reader
from evaluation.release.audit.document import read_system
from evaluation.release.audit.persons import columns
from evaluation.release.audit.verdict import audit
from evaluation.release.facts import Fact
from evaluation.release.printed.points import Scored
from evaluation.release.released import CountTable
from evaluation.release.system import means
from evaluation.release.system.assembly import document, publication, quantities_of
from tests.release.drafts import draft, mean, name, outcome, propose, variable
from tests.release.drafts import table as tabled

ROSE, FELL = name("security.direction=higher", "r"), name("security.direction=lower", "r")


def nobody_changed(**more):
    """One of 60 rose by a point: a mean of 0.0, from 0.0 to 0.0."""
    return draft("r", *outcome(1, 49, 0, 10), means=[mean(50, 60, 0.0, around=(0.0, 0.0), **more)])


def narrowed(what):
    written = document(what, threshold=5)
    hidden = {cell.id for cell in written.cells if cell.id not in (name("", "r"), name("security.pairs=yes", "r"))}
    return audit(publication(written, hidden - {name("security.pairs=no", "r")}).as_mapping()).intervals


@pytest.mark.parametrize("method", ["paired", "all enrolled"])
def test_a_mean_of_nothing_with_an_interval_of_nothing_tells_that_hardly_anybody_changed(method, monkeypatch):
    monkeypatch.setattr(means, "_rows", lambda *_: iter(()))  # the auditor knows by itself
    most = narrowed(nobody_changed(method=method))
    assert most[ROSE][1] == most[FELL][1] == (1 if method == "paired" else 4)


@pytest.mark.parametrize("forgotten", [False, True])
def test_so_such_a_mean_does_not_leave(tmp_path, monkeypatch, forgotten):
    if forgotten:
        monkeypatch.setattr(means, "_rows", lambda *_: iter(()))
    found = propose(nobody_changed(), tmp_path)
    assert found.safe
    assert found.leaving.means[0].change is None
    assert found.intervals[ROSE][1] >= 5


def test_a_mean_with_an_interval_as_wide_as_usual_leaves(tmp_path):
    found = propose(draft("r", *outcome(24, 5, 4, 8), means=[mean(33, 41)]), tmp_path)
    assert found.safe
    assert found.leaving.means[0].change == 2.0


def test_a_mean_of_whole_points_is_told_only_where_somebody_changed():
    what = draft("r", *outcome(4, 29, 0, 8), means=[mean(33, 41, 0.1, around=(0.2, 0.2))])
    whole = dataclasses.replace(what, scored=(Scored("security", 24, 1, 0),))
    written = document(whole, threshold=5)
    assert [row.terms for row in written.relations if row.rhs == 1] == [((ROSE, 1), (FELL, 1))]


def test_a_high_mean_says_how_many_can_have_begun_high():
    # Who began in the highest third rose by 8 of 24 points at most: of 30 who rose by 12 on average 22 can be there.
    start = variable("security.start", "low", "middle", "high", "none")
    tables = (
        *outcome(14, 0, 0, 16),
        tabled("s", [start], {(): 30, ("low",): 14, ("middle",): 0, ("high",): 4, ("none",): 12}),
    )
    fact = Fact(("security.start", ("none",)), (("security.direction", ("not_paired",)),))
    told = [mean(14, 30, 12.0, method="all enrolled")]
    written = document(draft("r", *tables, means=told, facts=[fact]), threshold=5)
    hidden = {cell.id for cell in written.cells} - {
        name("", "r"),
        *(name(f"security.pairs={code}", "r") for code in ("yes", "no")),
    }
    intervals = audit(publication(written, hidden).as_mapping()).intervals
    assert intervals[name("security.start=high", "r")][1] == 22


def begun(start, *, low=19, middle=8, high=0, none=0, change=2.0, ends=(), scale=(6, 30)):
    """The draft of people in thirds of a scale, who began at ``start`` on average; ``ends``: of scores in a third."""
    thirds = variable("security.start", "low", "middle", "high", "none")
    everyone = low + middle + high + none
    counts = {(): everyone, ("low",): low, ("middle",): middle, ("high",): high, ("none",): none}
    pairs = everyone - none
    tables = (*outcome(pairs - 4, 4, 0, none), tabled("s", [thirds], counts, zeros=True))
    facts = [
        Fact(("security.start", ("none",)), (("security.direction", ("not_paired",)),)),
        Fact(("security.direction", ("not_paired",)), (("security.start", ("none",)),)),
    ]
    told = dataclasses.replace(mean(pairs, everyone, change, method="all enrolled"), start=start)
    told = dataclasses.replace(told, scale_minimum=scale[0], scale_maximum=scale[1])
    known = (Scored("security", scale[1] - scale[0], 1, 0, ends=ends),) if ends else ()
    return dataclasses.replace(draft("r", *tables, means=[told], facts=facts), scored=known)


def starts_known(what):
    written = document(what, threshold=5)
    shown = {name("", "r"), *(name(f"security.pairs={code}", "r") for code in ("yes", "no"))}
    hidden = {cell.id for cell in written.cells} - shown
    found = audit(publication(written, hidden).as_mapping()).intervals
    return {code: found[name(f"security.start={code}", "r")] for code in ("low", "middle", "high")}


@pytest.mark.parametrize("forgotten", [False, True])
def test_a_mean_first_score_says_how_many_can_have_begun_in_each_third(monkeypatch, forgotten):
    if forgotten:
        monkeypatch.setattr(means, "_of_starts", lambda *_: iter(()))  # the auditor knows by itself
    known = starts_known(begun(11.0))
    # 27 people, 5.05 points above the least score at most: the highest third begins at 16 of 24, the middle one at 8.
    assert known["high"] == (0, 27 * 5.05 // 16)
    assert known["middle"] == (0, 27 * 5.05 // 8)
    assert known["low"][0] == 27 - 27 * 5.05 // 8
    assert starts_known(begun(None))["high"][1] == 27


def test_the_optimiser_knows_of_mean_first_scores_what_the_auditor_does():
    rows = [row for row in document(begun(11.0), threshold=5).relations if name("security.start=high", "r") in
            dict(row.terms) and name("security.start=low", "r") in dict(row.terms) and row.sense == ">="]  # fmt: skip
    assert len(rows) == 2


WHOLE = ((0.0, 1.0), (2.0, 3.0), (4.0, 6.0))
"""The least and greatest whole score in each third of a scale from 0 to 6."""


@pytest.mark.parametrize(("forgotten", "ends", "least"), [(False, WHOLE, 4), (True, WHOLE, 4), (False, (), 0)])
def test_where_scores_are_whole_nobody_stands_right_below_an_edge(monkeypatch, forgotten, ends, least):
    if forgotten:
        monkeypatch.setattr(means, "_of_starts", lambda *_: iter(()))  # the auditor knows by itself
    # 31 people have 31 times 3.35 points or more, 3 each below the highest third; the 10.85 above are of those with 6.
    assert starts_known(begun(3.4, low=0, middle=27, high=4, change=1.2, ends=ends, scale=(0, 6)))["high"][0] == least


def test_the_optimiser_knows_it_by_itself():
    what = begun(3.4, low=0, middle=27, high=4, change=1.2, ends=WHOLE, scale=(0, 6))
    told = means.disclosure(what.means[0], quantities_of(what), threshold=5, scored=what.scored).told
    rows = list(means._of_starts(told, quantities_of(what)[0]))
    above, below = ([float(row.get(frozenset({("security.start", code)}), 0)) for code in ("low", "middle", "high")]
                    for row in rows)  # fmt: skip
    assert above == pytest.approx([end - 3.4 + 0.05 for _, end in WHOLE])
    assert below == pytest.approx([3.4 + 0.05 - end for end, _ in WHOLE])


def test_such_a_mean_first_score_does_not_leave(tmp_path):
    kept = propose(begun(3.4, low=0, middle=27, high=4, none=10, change=1.2, ends=WHOLE, scale=(0, 6)), tmp_path)
    assert kept.safe
    assert (kept.leaving.means[0].start, kept.leaving.means[0].change) == (None, 1.2)


def of_two_outcomes(release, n, higher, **told):
    """``n`` people with two outcomes on one scale, whose means are ``told`` from where they began and by how much."""
    first = outcome(higher, 8, 7, n - 15 - higher)
    second = tuple(codec.build(CountTable, renamed(codec.plain(table))) for table in first)
    ways = ("higher", "same", "lower", "not_paired")
    sides = [[(f"{one}.direction", (way,)) for one in ("security", "rights")] for way in ways]
    facts = [Fact(one, (other,)) for pair in sides for one, other in (pair, pair[::-1])]
    pairs = higher + 15
    made = [
        dataclasses.replace(mean(pairs, n, change, method="all enrolled"), id=one, start=start)
        for one, (start, change) in told.items()
    ]
    scored = tuple(Scored(one, 24, 1, 0, scale="safety.whole") for one in ("security", "rights"))
    return dataclasses.replace(draft(release, *first, *second, means=made, facts=facts), scored=scored)


def renamed(table):
    return json.loads(json.dumps(table).replace("security", "rights"))


@pytest.mark.parametrize("old", [False, True])
def test_what_was_told_of_a_scale_is_not_told_again_of_another_outcome_on_it(tmp_path, old):
    first = propose(of_two_outcomes("r1", 41, 16, rights=(14.0, 2.0)), tmp_path)
    assert [(one.id, one.scale) for one in first.entry.means] == [("rights", "safety.whole")]
    if old:  # as an entry was written that does not say which scale
        nameless = tuple(dataclasses.replace(one, scale="") for one in first.entry.means)
        first = dataclasses.replace(first, entry=dataclasses.replace(first.entry, means=nameless))
    ledger.release(first, tmp_path)
    # 31 and 32 of the same people: 32 times 14.4 less 31 times 14.0 is where the newcomer began.
    again = propose(of_two_outcomes("r2", 42, 17, rights=(14.4, 2.1), security=(14.4, 2.1)), tmp_path)
    assert again.safe
    assert [(one.change, one.start) for one in again.leaving.means] == [(None, None)] * 2


def test_two_outcomes_on_one_scale_are_told_at_once(tmp_path):
    found = propose(of_two_outcomes("r1", 41, 16, rights=(14.0, 2.0), security=(14.0, 2.0)), tmp_path)
    assert found.safe
    assert [(one.change, one.start) for one in found.leaving.means] == [(2.0, 14.0)] * 2


def test_a_mean_first_score_that_tells_too_much_stays_and_the_mean_change_leaves(tmp_path):
    told = propose(begun(14.0, low=20, middle=12, high=9), tmp_path).leaving.means[0]
    assert (told.start, told.change) == (14.0, 2.0)
    # Everybody knows that 12 of 41 were never asked: of 29 who began at 8.0 only 3 can be in the highest third.
    what = begun(8.0, low=25, middle=4, none=12)
    direction, pairs, thirds = what.tables
    known = tuple(
        dataclasses.replace(count, public=not count.at or "no" in count.at.values()) for count in pairs.counts
    )
    kept = propose(
        dataclasses.replace(what, tables=(direction, dataclasses.replace(pairs, counts=known), thirds)), tmp_path
    )
    assert kept.safe
    assert (kept.leaving.means[0].start, kept.leaving.means[0].change) == (None, 2.0)


@pytest.mark.parametrize(
    ("start", "of", "threshold", "may"),
    [
        (8.0, 41, 5, True),  # 2.05 points times 41 are 84, and five people in the highest third need 80
        (8.0, 39, 5, False),
        (7.8, 41, 5, False),
        (28.0, 41, 5, True),
        (28.2, 41, 5, False),
        (9.9, 41, 10, True),
        (9.8, 41, 10, False),
        (6.0, 41, 1, True),
        (None, 41, 1, False),
        (None, 41, 5, False),
    ],
)
def test_a_mean_first_score_leaves_it_open_who_stands_in_the_outer_thirds(start, of, threshold, may):
    told = dataclasses.replace(mean(33, of), start=start)
    assert means.start_tellable(told, threshold=threshold) is may


def test_a_mean_first_score_that_tells_too_much_takes_those_of_all_others_along(tmp_path):
    # Missing alone it would say that it lies near an end of its scale.
    what = begun(14.0, low=20, middle=12, high=9)
    (security,) = what.means
    again = [
        dataclasses.replace(one, id=one.id.replace("security", "other"), variables=tuple(
            dataclasses.replace(each, id=each.id.replace("security", "other")) for each in one.variables
        ), counts=tuple(
            dataclasses.replace(count, at={key.replace("security", "other"): code for key, code in count.at.items()})
            for count in one.counts
        ))
        for one in what.tables
    ]  # fmt: skip
    for start, told in ((14.0, [14.0, 14.0]), (7.0, [None, None])):
        other = dataclasses.replace(security, id="other", start=start)
        both = dataclasses.replace(what, tables=(*what.tables, *again), means=(security, other))
        found = propose(both, tmp_path / str(start))
        assert found.safe
        assert [one.start for one in found.leaving.means] == told
        assert [one.change for one in found.leaving.means] == [2.0, 2.0]


SCORED = Scored("security", 6, 1, 0, 0.5, ends=WHOLE)


def drawn(chance):
    """People with whole scores from 0 to 6, a third of whom may have left, some never asked."""
    start = np.array([chance.randint(0, 6) for _ in range(chance.randint(14, 30))], dtype=float)
    way = chance.choice(([0], [0, 0, 1], [-1, 0, 2], [-3, 0, 1, 4]))
    end = np.array([min(6, max(0, one + chance.choice(way))) for one in start])
    end[[chance.random() < 0.25 for _ in end]] = np.nan
    start[[chance.random() < 0.1 for _ in start]] = np.nan
    return start, end


def kind(start, end):
    third = ["none" if np.isnan(one) else "low" if one < 2 else "middle" if one < 4 else "high" for one in (start, end)]
    change = end - start
    way = "not_paired" if np.isnan(change) else "higher" if change > 0 else "lower" if change < 0 else "same"
    return dict(zip(("security.start", "security.end", "security.direction"), (*third, way), strict=True))


def test_what_a_mean_says_is_true_of_everybody_it_was_computed_of():
    told, chance = 0, random.Random(4)
    while told < 150:
        start, end = drawn(chance)
        there = ~np.isnan(start) & ~np.isnan(end)
        model = all_enrolled(start, end)
        if model is None or there.sum() < 10 or 2 * there.sum() < model.n:
            continue
        limits = means_bounds(start, end)
        if not limits[0] <= model.estimate <= limits[1]:
            continue
        told += 1
        printed = {
            key: round(value, 1)
            for key, value in (("change", model.estimate), ("low", model.low), ("high", model.high))
        }
        entry = {
            "scored": dataclasses.asdict(SCORED),
            "method": "all enrolled",
            "confidence": 0.95,
            "decimals": 1,
            "start": round(float(start[~np.isnan(start)].mean()), 1),
            **printed,
        }
        kinds = [kind(*both) for both in zip(start, end, strict=True)]
        for names in itertools.product(*((True, False),) * 3):
            seen = [{key: code for (key, code), keep in zip(one.items(), names, strict=True) if keep} for one in kinds]
            for factors in reader.rows(entry, seen, int(there.sum()), model.n):
                assert sum(factors) >= 0, (names, printed)
        later = entry | {"wave": "later", "start": None, "scored": entry["scored"] | {"plain": False}}
        seen = [{"security.start": one["security.start"], "security.later.pairs": "yes" if both else "no"}
                for one, both in zip(kinds, there, strict=True)]  # fmt: skip
        found = list(reader.rows(later, seen, int(there.sum()), model.n))
        assert len(found) == 3
        assert all(sum(factors) >= 0 for factors in found)


def means_bounds(start, end):
    there = ~np.isnan(start)
    return [float(np.mean(np.where(np.isnan(end), far, end)[there] - start[there])) for far in (0, 6)]


def test_a_mean_from_where_people_began_says_where_they_ended():
    """From 15.0 by 2.0 points to 17.0 of 24: not all of 20 in the lowest third, but all in the highest."""
    scored = {"outcome": "o", "width": 24, "step": 1, "same": 1, "retention": 0.5, "plain": False}
    told = {"scored": scored, "change": 2.0, "low": 1.0, "high": 3.0, "start": 15.0, "decimals": 1, "method": "paired"}
    found = list(reader.rows(told, [{"o.end": end, "o.pairs": "yes"} for end in ("low", "high")], 20, 20))
    assert min(low for low, _ in found) < 0
    assert min(high for _, high in found) >= 0


@pytest.mark.parametrize(
    ("pairs", "none", "most"), [(30, 6, (30, 35)), (None, 6, (35, 35)), (30, None, (30, 41)), (38, 6, (35, 35))]
)
def test_behind_a_mean_are_no_more_than_have_a_first_score_by_what_is_printed(pairs, none, most):
    at = {"all": {}, "both": {"o.pairs": "yes"}, "none": {"o.start": "none"}}
    cells = [{"id": id, "value": value} for id, value in zip(at, (41, pairs, none), strict=True)]
    system = read_system({"format": "sdc-audit/1", "tables": [{"cells": cells}]})
    assert columns.behind({"scored": {"outcome": "o"}}, {"quantities": at}, system) == most
