"""Everyone enrolled, with some end scores missing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.regression.linear_model import OLS

from evaluation.measure.outcomes.missing import AllEnrolled, all_enrolled, bounds, if_nothing_gained, predicted
from evaluation.measure.statistics.paired import paired_t

NAN = float("nan")
START = np.array([12.0, 15, 9, 20, 14, 11, 17, 8, 13, 16])
END = np.array([15.0, 17, NAN, 21, NAN, 16, 18, NAN, 15, 21])
MID = np.array([13.0, 17, 10, NAN, 12, 14, 18, NAN, 15, 17])


def test_the_estimate_is_the_mean_prediction_for_everyone_less_their_mean_start() -> None:
    there = ~np.isnan(END)
    slope, constant = np.polyfit(START[there], END[there], 1)
    found = all_enrolled(START, END)
    assert found.estimate == pytest.approx(np.mean(constant + slope * START) - START.mean())
    assert (found.n, found.completers, found.df, found.with_mid) == (10, 7, 5, 0)


def test_with_nobody_missing_it_is_the_mean_of_the_pairs_and_there_is_no_tipping_point() -> None:
    end = START + np.array([3, 2, 0, 1, 5, 2, 4, -1, 3, 2])
    found = all_enrolled(START, end)
    assert found.estimate == pytest.approx(2.1)
    assert found.tipping is None
    assert found.tipping_interval is None
    assert found.se == pytest.approx(paired_t(end - START).se, rel=0.1)


def test_a_person_without_a_baseline_changes_nothing() -> None:
    more = all_enrolled(np.append(START, NAN), np.append(END, 22.0), mid=np.append(MID, 20.0))
    assert more == all_enrolled(START, END, mid=MID)
    assert bounds([*START, NAN], [*END, 22], minimum=6, maximum=30) == bounds(START, END, minimum=6, maximum=30)


def test_missing_people_who_are_off_by_the_tipping_point_bring_the_estimate_to_zero() -> None:
    found = all_enrolled(START, END)
    there = ~np.isnan(END)
    slope, constant = np.polyfit(START[there], END[there], 1)
    filled = np.where(there, END, constant + slope * START + found.tipping)
    assert np.mean(filled - START) == pytest.approx(0, abs=1e-12)
    filled = np.where(there, END, constant + slope * START + found.tipping_interval)
    assert np.mean(filled - START) == pytest.approx(found.estimate - found.low)


def test_the_tipping_point_of_a_fall_is_a_rise() -> None:
    fallen = all_enrolled(START, 30 - (END - START) - START)
    mirrored = all_enrolled(START, START - (END - START))
    assert mirrored.estimate < 0 < mirrored.tipping
    assert mirrored.tipping_interval == pytest.approx(-mirrored.high * 10 / 3)
    assert fallen.n == 10


def test_the_mid_score_is_used_where_it_is_there_and_the_baseline_alone_elsewhere() -> None:
    there, seen = ~np.isnan(END), ~np.isnan(MID)
    rows = there & seen
    both = np.linalg.lstsq(np.column_stack([np.ones(10), START, MID])[rows], END[rows], rcond=None)[0]
    slope, constant = np.polyfit(START[there], END[there], 1)
    predicted = np.where(seen, both[0] + both[1] * START + both[2] * np.nan_to_num(MID), constant + slope * START)
    found = all_enrolled(START, END, mid=MID)
    assert found.estimate == pytest.approx(np.mean(predicted - START))
    assert (found.with_mid, found.df) == (6, 4)


def test_a_mid_score_that_nobody_lacks_enters_the_standard_error_as_a_third_coefficient() -> None:
    mid = np.where(np.isnan(MID), 14.0, MID)
    there = ~np.isnan(END)
    x = np.column_stack([np.ones(10), START, mid])
    fit = np.linalg.lstsq(x[there], END[there], rcond=None)
    mean = x.mean(axis=0)
    variance = float(fit[1][0]) / 4 * mean @ np.linalg.inv(x[there].T @ x[there]) @ mean
    found = all_enrolled(START, END, mid=mid)
    assert found.se**2 == pytest.approx(variance + np.var(x @ fit[0] - START, ddof=1) / 10)


def test_two_regressions_on_the_same_people_vary_together() -> None:
    there, seen = ~np.isnan(END), ~np.isnan(MID)
    three = np.column_stack([np.ones(10), START, np.nan_to_num(MID)])
    # The mean prediction as weights of the observed end scores, one set for each regression.
    parts = []
    for rows, used, x in ((there & seen, seen, three), (there, ~seen, three[:, :2])):
        weights = np.zeros(10)
        weights[rows] = x[rows] @ np.linalg.inv(x[rows].T @ x[rows]) @ (x[used].sum(axis=0) / 10)
        fit = np.linalg.lstsq(x[rows], END[rows], rcond=None)
        parts.append((weights, float(fit[1][0]) / (rows.sum() - x.shape[1]), x @ fit[0]))
    (u, error, high), (v, rest, low) = parts
    variance = error * u @ u + rest * v @ v + 2 * error * u @ v
    spread = np.var(np.where(seen, high, low) - START, ddof=1) / 10
    assert all_enrolled(START, END, mid=MID, equal_scatter=True).se ** 2 == pytest.approx(variance + spread)
    # HC2: each one's pull through both regressions, her residual divided by the root of what of it is free.
    pull = np.zeros(10)
    for (weights, _, fitted), (rows, x) in zip(parts, ((there & seen, three), (there, three[:, :2])), strict=True):
        hat = np.diag(x[rows] @ np.linalg.inv(x[rows].T @ x[rows]) @ x[rows].T)
        pull[rows] += weights[rows] * (END[rows] - fitted[rows]) / np.sqrt(1 - hat)
    assert float(pull @ pull) != pytest.approx(variance)
    assert all_enrolled(START, END, mid=MID).se ** 2 == pytest.approx(max(variance, float(pull @ pull)) + spread)


@pytest.mark.parametrize("start", [START, START * 1e4 + 7, np.where(np.arange(10) % 3, 12.0, 19.0)])
def test_errors_are_those_that_statsmodels_gives_the_same_regression(
    start: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> None:
    there = ~np.isnan(END)
    x = np.column_stack([np.ones(10), start])
    fitted = OLS(END[there], x[there]).fit()
    mean, spread = x.mean(axis=0), np.var(fitted.predict(x) - start, ddof=1) / 10
    usual = mean @ fitted.cov_params() @ mean
    assert all_enrolled(start, END, equal_scatter=True).se ** 2 == pytest.approx(usual + spread, rel=1e-9)
    robust = max(usual, mean @ fitted.get_robustcov_results("HC2").cov_params() @ mean)
    assert all_enrolled(start, END).se ** 2 == pytest.approx(robust + spread, rel=1e-9)
    likelihood = mean @ (fitted.cov_params() * fitted.df_resid / fitted.nobs) @ mean + spread * 9 / 10
    assert all_enrolled(start, END).se_likelihood ** 2 == pytest.approx(likelihood, rel=1e-9)


def test_where_low_starters_scatter_more_the_interval_is_wider_and_never_narrower() -> None:
    start = np.array([8, 9, 10, 11, 14, 16, 17, 18, 19, 20, 21, 22, 8, 9, 9, 10], dtype=float)
    end = np.array([4, 19, 3, 20, 15, 17, 18, 19, 20, 21, 22, 23, NAN, NAN, NAN, NAN])
    uneven, even = all_enrolled(start, end), all_enrolled(start, end, equal_scatter=True)
    assert uneven.estimate == even.estimate
    assert uneven.df == even.df
    assert uneven.se > 1.05 * even.se
    level = np.where(np.isnan(end), NAN, start + np.resize([2.0, 4.0], start.size))
    assert all_enrolled(start, level).se >= all_enrolled(start, level, equal_scatter=True).se


def test_one_person_who_alone_fixes_the_slope_is_taken_to_scatter_as_others_do() -> None:
    start = np.array([12, 12, 12, 12, 12, 20, 12, 20, 20], dtype=float)
    end = np.array([14, 15, 13, 16, 12, 22, NAN, NAN, NAN])
    found = all_enrolled(start, end)
    assert np.isfinite(found.se)
    assert found.se >= all_enrolled(start, end, equal_scatter=True).se > 0


def test_whoever_alone_fixes_a_coefficient_is_taken_to_miss_by_as_much_as_the_average() -> None:
    # The last of eight completers is the only one whose mid score is not her first: her leverage is 1.
    start = np.array([8.0, 10, 12, 14, 16, 18, 20, 13, 12, 16])
    mid = np.array([8.0, 10, 12, 14, 16, 18, 20, 20, 18, 21])
    end = np.array([9.0, 11, 14, 13, 20, 15, 27, 19, NAN, NAN])
    x, there = np.column_stack([np.ones(10), start, mid]), ~np.isnan(end)
    inverse = np.linalg.inv(x[there].T @ x[there])
    left = end[there] - x[there] @ inverse @ x[there].T @ end[there]
    free = 1 - np.einsum("ij,jk,ik->i", x[there], inverse, x[there])
    pull, average = x[there] @ inverse @ x.mean(axis=0), left @ left / 5
    assert free[-1] == pytest.approx(0, abs=1e-9)
    robust = np.sum(pull[:-1] ** 2 * left[:-1] ** 2 / free[:-1]) + pull[-1] ** 2 * average
    assert robust > average * pull @ pull  # so that it is the one that counts
    gains = x @ inverse @ x[there].T @ end[there] - start
    assert all_enrolled(start, end, mid=mid).se == pytest.approx(np.sqrt(robust + gains.var(ddof=1) / 10))


def test_a_mid_wave_of_five_completers_is_not_used() -> None:
    few = MID.copy()
    few[0] = NAN
    assert all_enrolled(START, END, mid=few) == all_enrolled(START, END)


def test_where_everyone_starts_alike_the_completers_mean_stands_for_all() -> None:
    found = all_enrolled(np.zeros(8), [1, 2, 2, 5, 3, NAN, NAN, 4])
    assert (found.estimate, found.slope, found.df) == (pytest.approx(17 / 6), 0.0, 5)


def test_where_only_those_who_stayed_started_alike_nothing_can_be_predicted() -> None:
    assert all_enrolled([3, 3, 3, 3, 7, 9], [4, 5, 6, 4, NAN, NAN]) is None


def test_two_completers_cannot_carry_a_prediction() -> None:
    assert all_enrolled([1, 2, 4], [2, 5, NAN]) is None


def test_nobody_gives_none() -> None:
    assert all_enrolled([], []) is None
    assert bounds([], [], minimum=0, maximum=3) is None
    assert if_nothing_gained([NAN], [4.0]) is None


def test_bounds_put_the_missing_at_the_ends_of_the_scale() -> None:
    assert bounds([10, 20, 12], [14, NAN, NAN], minimum=6, maximum=30) == (
        pytest.approx((4 - 14 - 6) / 3),
        pytest.approx((4 + 10 + 18) / 3),
    )


def test_who_gained_nothing_counts_as_zero_change() -> None:
    assert if_nothing_gained([10, 20, 12, 7], [14, NAN, NAN, 6]) == pytest.approx(3 / 4)


@settings(max_examples=16, deadline=None)
@given(st.floats(-20, 20), st.sampled_from([-1.0, 0.25, 10.0]))
def test_another_origin_or_unit_of_the_scale_moves_nothing_but_the_unit(shift: float, unit: float) -> None:
    one = all_enrolled(START, END, mid=MID)
    other = all_enrolled(unit * START + shift, unit * END + shift, mid=unit * MID + shift)
    assert other.estimate == pytest.approx(unit * one.estimate, rel=1e-7)
    assert other.se == pytest.approx(abs(unit) * one.se, rel=1e-7)


STAYED = [10, 13, 17, 20]
"""Where those who stayed began, on a scale from 6 to 30."""


def outlook(began: list[int], ended: list[int], left: list[int]) -> AllEnrolled | str:
    return predicted([*began, *left], [*ended, *[NAN] * len(left)], mid=None, minimum=6, maximum=30, alpha=0.05)


@pytest.mark.parametrize(
    ("left", "unlike"),
    [
        ([10, 20, 21, 9], False),  # half of them outside
        ([10, 8, 21, 9], True),
        ([21, 14], False),
        ([21], True),
        ([20], False),  # where the last of those who stayed began is not outside
        ([], False),
    ],
)
def test_nothing_is_predicted_where_more_than_half_of_the_leavers_began_where_no_stayer_did(
    left: list[float], unlike: bool
) -> None:
    assert (outlook(STAYED, [29, 28, 30, 27], left) == "unlike") is unlike


def test_a_prediction_may_reach_the_ends_of_the_scale_and_not_pass_them() -> None:
    # All who stayed ended at the top, so the top is predicted; then at 20 a little more than 30, or less than 6.
    assert isinstance(outlook(STAYED, [30, 30, 30, 30], [18, 19]), AllEnrolled)
    assert isinstance(outlook(STAYED, [6, 6, 6, 6], [18, 19]), AllEnrolled)
    assert outlook(STAYED, [14, 20, 26, 30], [20, 20, 20]) == "impossible"
    assert outlook(STAYED, [22, 16, 10, 6], [20, 20, 20]) == "impossible"


def test_too_little_to_learn_from_is_a_reason_of_its_own() -> None:
    assert outlook([12, 12, 12], [13, 15, 14], [12, 12, 14]) == "unlearnt"


def test_with_nobody_missing_the_mid_score_of_a_few_moves_nothing() -> None:
    end = START + np.array([3, 2, 0, 1, 5, 2, 4, -1, 3, 2])
    assert all_enrolled(START, end, mid=MID).estimate != pytest.approx(2.1, abs=0.01)
    found = predicted(START, end, mid=MID, minimum=6, maximum=30, alpha=0.05)
    assert found == all_enrolled(START, end)
    assert found.estimate == pytest.approx(2.1)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(6, 30), st.none() | st.integers(6, 30), st.none() | st.integers(6, 30)), max_size=14)
)
def test_what_is_predicted_for_everyone_is_always_possible(people: list[tuple[int, int | None, int | None]]) -> None:
    start, mid, end = (np.array([NAN if p[at] is None else p[at] for p in people], dtype=float) for at in range(3))
    found = predicted(start, end, mid=mid, minimum=6, maximum=30, alpha=0.05)
    if isinstance(found, AllEnrolled):
        low, high = bounds(start, end, minimum=6, maximum=30)
        assert low - 1e-9 <= found.estimate <= high + 1e-9
