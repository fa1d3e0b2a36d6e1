"""An outcome group by group, and without any one country."""

from __future__ import annotations

import dataclasses
from functools import partial

import pandas as pd
import pytest

from evaluation.measure.groups import by_group, leave_one_out
from evaluation.measure.outcomes.change import Change, outcome_change
from evaluation.schema import Breakdown, Outcome, Plan, Scale
from evaluation.texts import say

OUTCOME = Outcome("calm", {}, "calm.total", step=2)
PLAN = Plan(outcomes=(OUTCOME,))
SCALE = Scale("total", {}, "higher", "sum", 0, 40, 1, ("a",))
# Twelve from UA, of whom two left; ten from PL; one from VN with the greatest rise; one of unknown country.
COUNTRY = ["UA"] * 12 + ["PL"] * 10 + ["VN", None]
START = [12, 15, 11, 18, 14, 16, 13, 17, 19, 10, 15, 14, 20, 22, 19, 25, 21, 18, 23, 24, 17, 20, 9, 16]
RISE = [3, 1, 4, 0, 2, 5, -1, 3, 2, 4, None, None, 1, 0, 2, -2, 1, 3, 0, 1, -1, 2, 19, 1]
GROUPS = Breakdown("origin", {}, "country", {"east": {}, "here": {}}, recode={"UA": "east", "VN": "east", "PL": "here"})


def people() -> pd.DataFrame:
    return pd.DataFrame({"participant": [f"P-{at:02d}" for at in range(len(START))], "country": COUNTRY})


def among(participants: pd.DataFrame, plan: Plan = PLAN) -> Change:
    rows = [(f"P-{at:02d}", "baseline", "calm.total", start) for at, start in enumerate(START)]
    rows += [
        (f"P-{at:02d}", "endline", "calm.total", start + rise)
        for at, (start, rise) in enumerate(zip(START, RISE, strict=True))
        if rise is not None
    ]
    scores = pd.DataFrame(rows, columns=["participant", "wave", "scale", "score"])
    return outcome_change(scores, participants, OUTCOME, SCALE, plan)


def test_each_group_has_its_own_headline_and_whoever_is_in_none_is_left_aside() -> None:
    east, here = by_group(people(), GROUPS, among, PLAN)
    assert (east.code, east.enrolled, east.pairs) == ("east", 13, 11)
    assert (here.code, here.enrolled, here.pairs) == ("here", 10, 10)
    # Everyone of this group answered twice: the mean of their rises is their headline.
    assert here.estimate == pytest.approx(0.7)
    alone = among(people()[people()["country"] == "PL"])
    assert here.interval == alone.headline_interval
    assert here.refusals == east.refusals == ()


@pytest.mark.parametrize(("least", "told"), [(10, [True, True]), (11, [True, False]), (12, [False, False])])
def test_below_the_plan_s_ten_pairs_a_group_has_no_estimate(least: int, told: list[bool]) -> None:
    plan = dataclasses.replace(PLAN, minimum_group=least)
    found = by_group(people(), GROUPS, among, plan)
    assert [group.estimate is not None for group in found] == told
    for group in found:
        if group.estimate is None:
            assert group.interval is None
            assert [one.id for one in group.refusals] == ["small_group"]
            assert f"{group.pairs}; below {least}" in say(group.refusals[0].message, "en")
            assert f"{group.pairs}; poniżej {least}" in say(group.refusals[0].message, "pl")


def test_a_group_that_bears_no_headline_says_why() -> None:
    strict = dataclasses.replace(PLAN, minimum_retention=0.9)
    east, _ = by_group(people(), GROUPS, partial(among, plan=strict), strict)
    assert (east.pairs, east.estimate) == (11, None)
    assert [one.id for one in east.refusals] == ["low_retention"]


def test_the_range_without_any_one_country_is_that_of_the_headlines_that_are_left() -> None:
    found = leave_one_out(people(), "country", among)
    kept = {code: among(people()[people()["country"].fillna("") != code]) for code in ("UA", "PL", "VN", "")}
    estimates = {code: change.headline_estimate for code, change in kept.items()}
    assert (found.groups, found.unbearable) == (4, 0)
    assert (found.low, found.high) == (estimates["VN"], estimates["PL"])
    assert found.low < found.whole < found.high


def test_a_country_without_which_nothing_can_be_headlined_is_counted_not_named() -> None:
    few = people().iloc[[*range(12), 22]]
    found = leave_one_out(few, "country", among)
    # Without UA one person is left; without VN the others still bear a headline.
    assert (found.groups, found.unbearable) == (2, 1)
    assert found.low == found.high
    nobody = leave_one_out(people().iloc[:0], "country", among)
    assert (nobody.groups, nobody.whole, nobody.low, nobody.high) == (0, None, None, None)
