"""Ordered answers, pooled imputations and several outcomes tested together."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import expit
from statsmodels.miscmodels.ordinal_model import OrderedModel

from evaluation.errors import NotEstimable
from evaluation.measure.models.ordinal import log_chances, ordinal, signed_root
from evaluation.measure.models.ordinal_mixed import ordinal_mixed
from evaluation.measure.models.pooling import pool
from evaluation.measure.statistics.exact import sign_flip
from evaluation.measure.statistics.joint_flips import joint_flips

NAN = float("nan")
Y = np.array([1, 2, 2, 3, 1, 4, 3, 2, 4, 3, 2, 1, 3, 4, 2, 3, 4, 4, 1, 3.0])
HOURS = np.array([2, 3, 1, 4, 2, 6, 5, 4, 7, 3, 2, 3, 6, 5, 4, 2, 3, 8, 1, 5.0])
PERSON = np.repeat(np.arange(5), 4)


def test_with_two_levels_it_is_the_log_odds_ratio() -> None:
    y = np.repeat([2, 1, 2, 1], [9, 4, 5, 8])
    found = ordinal(y, {"later": np.repeat([1, 0], [13, 13])})
    (later,) = found.coefficients
    assert later.estimate == pytest.approx(np.log(9 * 8 / (4 * 5)))
    assert later.se == pytest.approx(np.sqrt(1 / 9 + 1 / 4 + 1 / 5 + 1 / 8))
    assert found.thresholds[0] == pytest.approx(-np.log(5 / 8))
    assert found.log_likelihood == pytest.approx(stats.binom.logpmf(9, 13, 9 / 13) + stats.binom.logpmf(5, 13, 5 / 13)
        - np.log(stats.binom.pmf(9, 13, 0.5) * 2**13) - np.log(stats.binom.pmf(5, 13, 0.5) * 2**13))  # fmt: skip


def test_the_estimates_are_where_the_likelihood_is_flat() -> None:
    found = ordinal(Y, {"hours": HOURS})
    cuts = np.array([-np.inf, *found.thresholds, np.inf])
    beta = found.coefficients[0].estimate

    def likelihood(beta: float) -> float:
        place = Y.astype(int)
        return float(np.log(expit(cuts[place] - beta * HOURS) - expit(cuts[place - 1] - beta * HOURS)).sum())

    assert likelihood(beta) == pytest.approx(found.log_likelihood)
    assert likelihood(beta + 1e-4) - likelihood(beta - 1e-4) == pytest.approx(0, abs=1e-9)
    assert beta > 0


def test_the_estimates_are_those_of_statsmodels() -> None:
    found = ordinal(Y, {"hours": HOURS})
    theirs = OrderedModel(Y.astype(int), HOURS[:, None], distr="logit").fit(method="newton", disp=0)
    (hours,) = found.coefficients
    assert (hours.estimate, hours.se) == pytest.approx((theirs.params[0], theirs.bse[0]), rel=1e-5)
    assert theirs.model.transform_threshold_params(theirs.params)[1:-1] == pytest.approx(found.thresholds, rel=1e-5)
    assert theirs.llf == pytest.approx(found.log_likelihood, rel=1e-9)


def test_the_profile_limits_are_where_the_likelihood_ratio_test_has_its_level() -> None:
    found = ordinal(Y, {"hours": HOURS}, alpha=0.1)
    reach = stats.norm.ppf(0.95)
    low, high = found.profile[0]
    assert signed_root(Y, {"hours": HOURS}, "hours", value=low) == pytest.approx(reach)
    assert signed_root(Y, {"hours": HOURS}, "hours", value=high) == pytest.approx(-reach)
    assert signed_root(Y, {"hours": HOURS}, "hours") > reach


def test_reversed_answers_have_reversed_coefficients_and_thresholds() -> None:
    found, reversed_ = ordinal(Y, {"hours": HOURS}), ordinal(5 - Y, {"hours": HOURS})
    assert reversed_.coefficients[0].estimate == pytest.approx(-found.coefficients[0].estimate)
    assert reversed_.thresholds == pytest.approx([-cut for cut in reversed(found.thresholds)])
    assert reversed_.profile[0] == pytest.approx((-found.profile[0][1], -found.profile[0][0]))


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(20)), st.sampled_from([1e-4, 3.0, 1e4]), st.integers(-1000, 1000))
def test_neither_order_nor_units_nor_names_of_levels_matter(order: list[int], factor: float, shift: int) -> None:
    found = ordinal(Y, {"hours": HOURS})
    other = ordinal((10 * Y**3)[order], {"hours": (HOURS[order] + shift) * factor})
    assert other.levels == (10, 80, 270, 640)
    assert other.coefficients[0].p == pytest.approx(found.coefficients[0].p, rel=1e-6)
    assert [factor * limit for limit in other.profile[0]] == pytest.approx(found.profile[0], rel=1e-6)


def test_a_person_with_something_missing_does_not_enter() -> None:
    more = ordinal(np.append(Y, [NAN, 3]), {"hours": np.append(HOURS, [4, NAN])})
    assert more == ordinal(Y, {"hours": HOURS})


def test_chances_far_out_keep_their_digits() -> None:
    far = log_chances(np.array([-699.0, 702, np.inf, 1]), np.array([-np.inf, 700, 50, -np.inf]))
    assert far == pytest.approx([-699, -700 + np.log1p(-np.exp(-2)), -50, np.log(expit(1))])


@pytest.mark.parametrize("model", [ordinal, lambda y, x: ordinal_mixed(y, x, np.arange(len(y)) // 4)])
@pytest.mark.parametrize(
    ("y", "predictors", "sentence"),
    [
        (Y, {"hours": Y + 0.5}, "without exception"),
        (Y, {"late": Y > 3}, "without exception"),  # all who were late gave the highest answer
        (Y, {"hours": np.full(20, 3.0)}, "same value in every row"),
        (Y, {"hours": HOURS, "minutes": 60 * HOURS}, "determine each other"),
        (np.full(20, 2.0), {"hours": HOURS}, "same answer"),
        (np.full(20, NAN), {"hours": HOURS}, "No row"),
    ],
)
def test_what_ordered_answers_cannot_bear_is_a_sentence(model, y, predictors, sentence: str) -> None:
    with pytest.raises(NotEstimable, match=sentence):
        model(y, predictors)


def test_a_model_without_predictors_is_refused() -> None:
    with pytest.raises(NotEstimable, match="name one"):
        ordinal(Y, {})


def test_a_random_level_pulls_the_coefficient_away_from_zero() -> None:
    rng = np.random.default_rng(3)
    person, wave = (place.ravel() for place in np.indices((30, 4)))
    latent = rng.normal(0, 2, 30)[person] + wave + rng.logistic(size=120)
    y = np.digitize(latent, [0, 2, 4])
    found = ordinal_mixed(y, {"wave": wave}, person)
    assert found.coefficients[0].estimate > ordinal(y, {"wave": wave}).coefficients[0].estimate
    assert 1 < found.spread < 3.5
    assert [each.name for each in found.thresholds] == ["0|1", "1|2", "2|3"]
    moved = ordinal_mixed(y[::-1], {"wave": 100 + 5 * wave[::-1]}, 40 - person[::-1])
    assert 5 * moved.coefficients[0].estimate == pytest.approx(found.coefficients[0].estimate, rel=1e-5)
    assert moved.log_likelihood == pytest.approx(found.log_likelihood)
    shifted = [cut.estimate - 100 * moved.coefficients[0].estimate for cut in moved.thresholds]
    assert shifted == pytest.approx([cut.estimate for cut in found.thresholds], abs=1e-5)


def test_few_rows_of_people_far_apart_have_r_s_numbers() -> None:
    # R 4.2.2, ordinal 2022.11-16: clmm(y ~ time + (1 | id), nAGQ = 15), where the top is not the exact integral's.
    y = np.array([2, 1, 1, 1, 1, 3, 3, 3, 1, 3, 1, 1, 1, 1, 1, 1, 1, 2])
    time = np.array([0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
    found = ordinal_mixed(y, {"time": time}, [1, 1, 2, 3, 3, 4, 4, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10])
    both = found.thresholds + found.coefficients
    assert [each.estimate for each in both] == pytest.approx([1.31152696, 2.23208094, 0.69648696], rel=2e-6)
    assert [each.se for each in both] == pytest.approx([1.29770660, 1.59918320, 1.33709815], rel=1e-4)
    assert (found.spread, found.log_likelihood) == pytest.approx((2.13380312, -14.6832704), rel=2e-6)


def crowded() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Answers of 50 people to 4 waves; the second answer of four is rare."""
    rng = np.random.default_rng(4)
    person, wave = (place.ravel() for place in np.indices((50, 4)))
    latent = rng.normal(0, 2, 50)[person] + 0.5 * wave + rng.logistic(size=200)
    return np.digitize(latent, [0, 0.04, 2]), wave, person


def test_the_standard_error_of_lines_close_together_is_that_of_the_surface_itself() -> None:
    # By differences of the same 15-point likelihood written out person by person, extrapolated from two steps.
    y, wave, person = crowded()
    found = ordinal_mixed(y, {"wave": wave}, person)
    assert found.thresholds[1].estimate - found.thresholds[0].estimate < 0.06
    assert [each.se for each in found.thresholds + found.coefficients] == pytest.approx(
        [0.3973495, 0.3974011, 0.4411847, 0.1442077], rel=2e-5
    )


def test_a_random_level_is_refused_where_nobody_differs_or_is_seen_twice() -> None:
    with pytest.raises(NotEstimable, match="three or more people"):
        ordinal_mixed(Y, {"hours": HOURS}, np.arange(20))
    spread_out = np.tile([1.0, 2, 3, 4], 5)
    with pytest.raises(NotEstimable, match="do not differ in the level"):
        ordinal_mixed(spread_out, {"hours": HOURS}, PERSON)


def test_pooling_adds_the_variance_between_imputations() -> None:
    found = pool([2.0, 3, 2.5, 3.5], [0.5, 0.6, 0.4, 0.5], complete_df=30)
    assert found.result.estimate == pytest.approx(2.75)
    assert (found.within, found.between) == pytest.approx((0.5, 5 / 12))
    assert found.total == pytest.approx(0.5 + 1.25 * 5 / 12)
    assert found.result.se == pytest.approx(np.sqrt(found.total))
    assert 0 < found.missing_information < 1
    assert found.result.df < 30


def test_imputations_that_agree_leave_only_the_observed_degrees_of_freedom() -> None:
    found = pool([2.0, 2, 2], [0.5, 0.5, 0.5], complete_df=30)
    # The share that is missing is never taken for less than 1e-4, as mice does.
    assert found.result.df == pytest.approx(31 / 33 * 30 * (1 - 1e-4), rel=1e-6)
    assert (found.increase, found.result.se) == (0, pytest.approx(np.sqrt(0.5)))
    # R 4.2.2, mice 3.15.0: pool.scalar(1.5 + 1e-5 * c(0, 2, 1, 5, -1), rep(.3, 5), n = 30, k = 1)
    near = pool(1.5 + 1e-5 * np.array([0, 2, 1, 5, -1]), [0.3] * 5, complete_df=29)
    assert near.result.df == pytest.approx(27.18477940247, rel=1e-9)


@settings(max_examples=12, deadline=None)
@given(st.permutations([0, 1, 2, 3]), st.floats(1e-3, 1e3))
def test_pooling_knows_neither_order_nor_units(order: list[int], factor: float) -> None:
    estimates, variances = np.array([2.0, 3, 2.5, 3.5]), np.array([0.5, 0.6, 0.4, 0.7])
    found = pool(estimates, variances, complete_df=30).result
    other = pool(factor * estimates[order], factor**2 * variances[order], complete_df=30).result
    assert (other.p, other.df, other.low) == pytest.approx((found.p, found.df, factor * found.low))


@pytest.mark.parametrize(
    ("estimates", "variances", "df"),
    [
        ([2.0], [0.5], 9),
        ([2.0, NAN], [0.5, 0.5], 9),
        ([2.0, 3], [0.5, 0], 9),
        ([2.0, 3], [0.5], 9),
        ([2, 3], [1, 1], 0),
    ],
)
def test_what_cannot_be_pooled_is_a_sentence(estimates, variances, df) -> None:
    with pytest.raises(NotEstimable, match=r"imputed data set.*\.$"):
        pool(estimates, variances, complete_df=df)


DIFFERENCES = np.array([[3, 1, 0], [2, -1, 1], [4, 2, 0], [1, 3, -2], [-1, 0, 1], [5, 2, 2], [2, 1, -1.0]])


def test_joint_flips_equal_going_through_them_one_by_one() -> None:
    def t(values: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore"):
            return np.abs(values.mean(axis=0)) / values.std(axis=0, ddof=1) * np.sqrt(7)

    shown = t(DIFFERENCES)
    order = np.argsort(-shown)
    flips = [t(DIFFERENCES * np.array(signs)[:, None]) for signs in product([1, -1], repeat=7)]
    steps = [np.mean([flip[order[k:]].max() >= shown[order[k]] - 1e-9 for flip in flips]) for k in range(3)]
    found = joint_flips(DIFFERENCES)
    assert [found.adjusted[place] for place in order] == pytest.approx(np.maximum.accumulate(steps))
    assert found.t == pytest.approx(shown)


def test_each_outcome_by_itself_has_the_exact_sign_flip_p() -> None:
    found = joint_flips(DIFFERENCES)
    assert found.p == pytest.approx([sign_flip(column).p_two_sided for column in DIFFERENCES.T])
    assert joint_flips(DIFFERENCES[:, :1]).adjusted == pytest.approx(found.p[:1])
    assert all(one >= other for one, other in zip(found.adjusted, found.p, strict=True))


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(7)), st.permutations(range(3)), st.sampled_from([0.1, 1 / 3, 40]))
def test_joint_flips_know_neither_order_nor_units(people: list[int], outcomes: list[int], factor: float) -> None:
    found = joint_flips(DIFFERENCES)
    other = joint_flips(DIFFERENCES[people][:, outcomes] * factor)
    assert other.adjusted == pytest.approx([found.adjusted[place] for place in outcomes])


def test_everyone_changing_alike_is_no_division_by_zero() -> None:
    assert joint_flips(np.full((4, 2), 2.0)).t == (np.inf, np.inf)
    assert joint_flips(np.full((4, 2), 2.0)).adjusted == (0.125, 0.125)


@pytest.mark.parametrize(
    ("differences", "sentence"),
    [
        (np.ones((21, 2)), "use Holm"),
        (np.ones((1, 2)), "use Holm"),
        (np.array([[1, NAN], [2, 3]]), "have them all"),
        (np.array([[1, 0], [2, 0.0]]), "Nobody changed"),
    ],
)
def test_what_cannot_be_flipped_together_is_a_sentence(differences: np.ndarray, sentence: str) -> None:
    with pytest.raises(NotEstimable, match=sentence):
        joint_flips(differences)
