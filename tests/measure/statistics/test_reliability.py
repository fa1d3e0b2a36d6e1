"""Alpha, items against the rest, omega, and whether a total may be headlined."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import f

from evaluation.measure.outcomes.trust import trust
from evaluation.measure.statistics.reliability import omega, reliability
from evaluation.schema import Plan
from evaluation.texts import say

ITEMS = [[1, 2, 1], [2, 2, 4], [4, 3, 5], [5, 3, 4], [3, 5, 4]]
PLAN = Plan(outcomes=())


def sample(n: int, noise: float, *, k: int = 5, seed: int = 6) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.rint(3 * rng.normal(size=(n, 1)) + noise * rng.normal(size=(n, k)))


def test_alpha_is_one_less_the_items_own_share_of_the_total_s_variance() -> None:
    # Item variances 2.5, 1.5, 2.3; totals 4, 8, 12, 12, 12 with variance 12.8.
    found = reliability(ITEMS)
    assert found.cronbach == pytest.approx(3 / 2 * (1 - 6.3 / 12.8), rel=1e-12)


def test_feldt_s_limits_turn_the_f_distribution() -> None:
    found = reliability(ITEMS, alpha=0.1)
    assert (1 - found.cronbach) / (1 - found.low) == pytest.approx(1 / f.ppf(0.95, 4, 8), rel=1e-10)
    assert (1 - found.cronbach) / (1 - found.high) == pytest.approx(1 / f.ppf(0.05, 4, 8), rel=1e-10)
    assert found.low < found.cronbach < found.high


def test_an_item_is_correlated_with_the_sum_of_the_others_only() -> None:
    found = reliability(ITEMS)
    assert found.item_rest[1] == pytest.approx(np.corrcoef([2, 2, 3, 3, 5], [2, 6, 9, 9, 7])[0, 1])
    without = reliability([[row[0], row[2]] for row in ITEMS])
    assert found.if_dropped[1] == pytest.approx(without.cronbach)


def test_who_left_an_item_unanswered_is_left_out() -> None:
    assert reliability([*ITEMS, [5, np.nan, 1]]) == reliability(ITEMS)


def test_an_item_that_everyone_answered_alike_has_no_correlation_and_hides_no_other() -> None:
    found = reliability([[*row, 3] for row in ITEMS])
    assert found.item_rest[3] is None
    assert found.standardised is None
    assert found.item_rest[0] is not None


def test_one_item_one_person_or_equal_totals_have_no_alpha() -> None:
    assert reliability([[1], [2], [4]]) is None
    assert reliability([[1, 2, 3]]) is None
    assert reliability([[1, 3], [3, 1], [2, 2]]) is None


@settings(max_examples=14, deadline=None)
@given(st.permutations(range(5)), st.permutations(range(3)), st.integers(-5, 5), st.sampled_from([0.5, 3.0]))
def test_order_origin_and_unit_do_not_matter(rows: list[int], columns: list[int], by: int, unit: float) -> None:
    changed = (np.array(ITEMS)[rows][:, columns] + by) * unit
    assert reliability(changed).cronbach == pytest.approx(reliability(ITEMS).cronbach, rel=1e-10)


def test_omega_of_equally_good_items_is_alpha_and_is_refused_below_a_hundred_people() -> None:
    items = sample(4000, 3.0)
    assert omega(items).omega == pytest.approx(reliability(items).cronbach, abs=2e-3)
    assert omega(items[:99]) is None
    assert omega(items[:100]) is not None


def test_omega_is_found_where_items_hang_together_loosely() -> None:
    # lavaan 0.6-14 (cfa, std.lv) and R 4.2.2's factanal; steps of EM run off here.
    rng = np.random.default_rng(0)
    items = np.rint(3 + 0.5 * rng.normal(size=(200, 1)) + 1.2 * rng.normal(size=(200, 5)))
    found = omega(items)
    assert found.omega == pytest.approx(0.455463825, rel=1e-6)
    assert found.of_correlations == pytest.approx(0.462371017, rel=1e-6)
    assert all(omega(items) == found for _ in range(5))  # the search begins at the same place each time


def test_omega_reproduces_the_correlations_of_three_items_exactly() -> None:
    # With three items the loadings are sqrt(r12 r13 / r23) and so on.
    rng = np.random.default_rng(3)
    common = rng.normal(size=500)
    items = np.column_stack([a * common + rng.normal(size=500) for a in (1.0, 0.7, 1.6)])
    r = np.corrcoef(items, rowvar=False)
    first = np.sqrt(r[0, 1] * r[0, 2] / r[1, 2])
    assert omega(items).loadings[0] / items[:, 0].std() == pytest.approx(first, rel=1e-6)


@pytest.mark.parametrize(("alike", "found"), [(0.7, True), (0.7071, False)])
def test_an_item_without_an_error_of_its_own_has_no_omega(alike: float, found: bool) -> None:
    # Of three items the first loads sqrt(r12 r13 / r23) = .990, .99999.
    wanted = np.array([[1, alike, alike], [alike, 1, 0.5], [alike, 0.5, 1]])
    drawn = np.random.default_rng(5).normal(size=(200, 3))
    drawn -= drawn.mean(axis=0)
    unlike = drawn @ np.linalg.inv(np.linalg.cholesky(np.cov(drawn.T))).T
    assert (omega(unlike @ np.linalg.cholesky(wanted).T) is not None) is found


def test_items_without_one_factor_have_no_omega() -> None:
    items = sample(150, 2.0)
    assert omega(np.column_stack([items, items[:, 0]])) is None
    assert omega(items[:, :2]) is None


def test_a_total_is_headlined_from_twenty_people_on_if_its_items_agree() -> None:
    items = sample(20, 1.5)
    assert trust(items, PLAN).headlined
    refused = trust(items[:19], PLAN)
    assert [r.id for r in refused.refusals] == ["few_for_alpha"]
    assert "19" in say(refused.refusals[0].message, "pl")


def test_who_left_an_item_unanswered_does_not_count_towards_the_twenty() -> None:
    items = sample(20, 1.5).astype(float)
    items[4, 2] = np.nan
    assert not trust(items, PLAN).headlined


def test_a_total_whose_items_disagree_is_not_headlined_and_the_limit_is_the_plan_s() -> None:
    items = sample(40, 5.5)
    found = trust(items, PLAN)
    assert found.reliability.low < 0.5 < found.reliability.cronbach
    assert [r.id for r in found.refusals] == ["low_alpha"]
    assert "0.50" in say(found.refusals[0].message, "en")
    assert "0,50" in say(found.refusals[0].message, "pl")
    lenient = dataclasses.replace(PLAN, alpha_lower_limit=found.reliability.low - 0.01)
    assert trust(items, lenient).headlined


def test_equal_answers_of_everyone_are_a_refusal_and_one_item_is_none() -> None:
    assert [r.id for r in trust(np.full((25, 4), 3.0), PLAN).refusals] == ["no_alpha"]
    assert trust(np.full((25, 1), 3.0), PLAN).refusals == ()
