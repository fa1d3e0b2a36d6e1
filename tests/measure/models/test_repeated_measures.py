"""Models of repeated scores: all waves at once, mixed models, and estimating equations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_estimating_equations import GEE
from statsmodels.tools import add_constant as sm_constant

from evaluation.errors import NotEstimable, TooFew
from evaluation.measure.models.blocks import by_value
from evaluation.measure.models.gee import gee
from evaluation.measure.models.mixed import mixed
from evaluation.measure.models.mmrm import mmrm
from evaluation.measure.statistics.paired import paired_t

NAN = float("nan")
SCORES = np.array(
    [
        [12.0, 15, 17],
        [15, 14, 19],
        [9, 12, NAN],
        [20, 22, 21],
        [14, 13, 18],
        [11, NAN, NAN],
        [17, 19, 24],
        [8, 13, 12],
        [13, 12, 15],
        [16, 21, 23],
        [10, 9, NAN],
        [18, 20, 19],
    ]
)
PERSON, WAVE = (place.ravel() for place in np.indices(SCORES.shape))
Y = SCORES.ravel()
YES = np.where(np.isnan(Y), NAN, (Y + 3 * (PERSON % 3) > 17).astype(float))
STEPS = by_value(WAVE)
TIME = {"time": WAVE}


def numbers(found: tuple, *fields: str) -> list[float]:
    return [getattr(each, field) for each in found for field in fields or ("estimate", "se", "df")]


def test_two_complete_waves_give_the_paired_t_interval() -> None:
    pairs = SCORES[~np.isnan(SCORES).any(axis=1)][:, [0, 2]]
    start, change = mmrm(pairs).coefficients
    t = paired_t(pairs[:, 1] - pairs[:, 0])
    assert (change.estimate, change.se, change.df) == pytest.approx((t.mean, t.se, t.df))
    assert (change.low, change.high, change.p) == pytest.approx((t.low, t.high, t.p_two_sided))
    assert start.estimate == pytest.approx(pairs[:, 0].mean())


def test_complete_waves_have_their_sample_covariance() -> None:
    pairs = SCORES[~np.isnan(SCORES).any(axis=1)]
    found = mmrm(pairs)
    np.testing.assert_allclose(found.covariance, np.cov(pairs.T))
    assert (found.people, found.scores) == (9, 27)


def test_people_without_an_end_score_move_the_estimate_by_their_start() -> None:
    found = mmrm(SCORES)
    assert found.coefficients[0].estimate == pytest.approx(SCORES[:, 0].mean())
    complete = np.nanmean(SCORES[:, 2] - SCORES[:, 0])
    assert abs(found.coefficients[2].estimate - complete) > 0.05
    assert (found.people, found.scores) == (12, 32)


def test_a_person_without_any_score_does_not_enter() -> None:
    assert mmrm(np.vstack([SCORES, [NAN] * 3])) == mmrm(SCORES)


def test_the_order_of_people_and_of_waves_does_not_matter() -> None:
    found = mmrm(SCORES)
    turned = mmrm(SCORES[::-1])
    assert numbers(turned.coefficients) == pytest.approx(numbers(found.coefficients), rel=1e-9)
    swapped = mmrm(SCORES[:, [0, 2, 1]])
    assert swapped.coefficients[2].estimate == pytest.approx(found.coefficients[1].estimate, rel=1e-9)
    assert swapped.log_likelihood == pytest.approx(found.log_likelihood, rel=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from([1e-5, 0.1, 3, 1e4]), st.floats(-50, 50))
def test_other_units_of_the_score_are_other_units_of_the_result(factor: float, shift: float) -> None:
    found, scaled = mmrm(SCORES), mmrm(SCORES * factor + shift * factor)
    assert numbers(scaled.coefficients[1:], "df", "p") == pytest.approx(
        numbers(found.coefficients[1:], "df", "p"), rel=1e-6
    )
    expected = [factor * value for value in numbers(found.coefficients[1:], "estimate", "se", "low", "high")]
    assert numbers(scaled.coefficients[1:], "estimate", "se", "low", "high") == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        (SCORES[:, :1], "two waves at least"),
        (SCORES[:3], "scores at both wave 1 and wave 3: 2; a model of 3 waves"),
        (np.where(SCORES == 9, np.inf, SCORES), "infinite"),
        (np.column_stack([SCORES[:, 0], np.full(12, 4.0)]), "same score at wave 2"),
        (np.column_stack([SCORES[:, 0], SCORES[:, 0] + 2]), "determine"),
        (np.full((12, 2), NAN), "a score at wave 1: 0; a model"),
    ],
)
def test_what_repeated_scores_cannot_bear_is_a_sentence(scores: np.ndarray, sentence: str) -> None:
    with pytest.raises(NotEstimable, match=sentence) as caught:
        mmrm(scores)
    assert isinstance(caught.value, TooFew)
    assert str(caught.value).endswith(".")


def test_correlations_that_no_three_waves_can_have_together_are_refused() -> None:
    rng = np.random.default_rng(8)
    scores = np.full((60, 3), NAN)
    for block, (one, other, sign) in enumerate([(0, 1, 1), (1, 2, 1), (0, 2, -1)]):
        rows = slice(20 * block, 20 * block + 20)
        scores[rows, one] = rng.normal(size=20)
        scores[rows, other] = sign * scores[rows, one] + 0.3 * rng.normal(size=20)
    with pytest.raises(NotEstimable, match="determine each other"):
        mmrm(scores)


def test_waves_are_named_in_results_and_in_refusals() -> None:
    named = mmrm(SCORES, waves=["start", "middle", "end"])
    assert [each.name for each in named.coefficients] == ["(constant)", "middle", "end"]
    with pytest.raises(NotEstimable, match=r"both .* and end"):
        mmrm(SCORES[[0, 2, 5, 10]], waves=["start", "middle", "end"])
    with pytest.raises(NotEstimable, match="Columns of scores: 3, names of waves: 1"):
        mmrm(SCORES, waves=["start"])


def test_a_mixed_model_of_complete_pairs_is_the_paired_t_interval() -> None:
    pairs = SCORES[~np.isnan(SCORES).any(axis=1)][:, [0, 2]]
    person, wave = (place.ravel() for place in np.indices(pairs.shape))
    t = paired_t(pairs[:, 1] - pairs[:, 0])
    found = mixed(pairs.ravel(), {"end": wave}, person)
    for change in (found.coefficients[1], found.satterthwaite[1]):
        assert (change.estimate, change.se, change.df) == pytest.approx((t.mean, t.se, t.df), rel=1e-6)
    assert found.residual == pytest.approx(t.sd**2 / 2)
    between = np.cov(pairs.T)[0, 1]
    assert found.effects[0][0] == pytest.approx(between)


def test_kenward_and_roger_are_more_careful_where_scores_are_missing() -> None:
    found = mixed(Y, STEPS, PERSON)
    assert found.rows == 32
    assert all(one.se >= other.se for one, other in zip(found.coefficients, found.satterthwaite, strict=True))
    assert found.coefficients[2].se > found.satterthwaite[2].se


def test_the_full_likelihood_is_at_its_top_and_that_of_the_normal_distribution() -> None:
    complete = ~np.isnan(SCORES).any(axis=1)
    rows = complete[PERSON]
    found = mixed(Y[rows], {"time": WAVE[rows]}, PERSON[rows])

    def likelihood(between: float, within: float) -> float:
        line = stats.linregress(WAVE[rows], Y[rows])  # complete: least squares whatever the variances
        covariance = between + within * np.eye(3)
        mean = line.intercept + line.slope * np.arange(3)
        return float(stats.multivariate_normal(mean, covariance).logpdf(SCORES[complete]).sum())

    grid = [likelihood(one, two) for one in np.linspace(5, 20, 31) for two in np.linspace(1, 4, 31)]
    assert max(grid) <= found.log_likelihood_ml
    assert max(grid) == pytest.approx(found.log_likelihood_ml, abs=0.03)


def test_a_random_slope_has_a_covariance_with_the_level() -> None:
    rng = np.random.default_rng(5)
    person, time = (place.ravel() for place in np.indices((20, 5)))
    level, slope = rng.normal(0, 3, 20), rng.normal(1, 1, 20)
    y = level[person] + slope[person] * time + rng.normal(0, 0.5, 100)
    found = mixed(y, {"time": time}, person, slope="time")
    slopes = [stats.linregress(time[:5], y[person == one]).slope for one in range(20)]
    assert found.coefficients[1].estimate == pytest.approx(np.mean(slopes))
    assert found.coefficients[1].se == pytest.approx(np.std(slopes, ddof=1) / np.sqrt(20), rel=1e-6)
    assert found.coefficients[1].df == pytest.approx(19)
    assert found.effects[0][1] == found.effects[1][0]


@pytest.mark.parametrize("family", ["gaussian", "binomial"])
@pytest.mark.parametrize("working", ["independence", "exchangeable"])
def test_the_order_of_rows_and_the_labels_of_people_do_not_matter_to_estimating_equations(family, working) -> None:
    y = Y if family == "gaussian" else YES
    found = gee(y, TIME, PERSON, family=family, working=working)
    order = np.random.default_rng(1).permutation(len(y))
    labels = np.array([f"P-{31 - one}" for one in PERSON])
    other = gee(y[order], {"time": WAVE[order]}, labels[order], family=family, working=working)
    assert numbers(other.coefficients) == pytest.approx(numbers(found.coefficients), rel=1e-8)
    assert other.satterthwaite == pytest.approx(found.satterthwaite, rel=1e-8)


def test_the_order_of_rows_does_not_matter_to_a_mixed_model() -> None:
    order = np.random.default_rng(2).permutation(len(Y))
    found = mixed(Y, TIME, PERSON)
    other = mixed(Y[order], {"time": WAVE[order]}, PERSON[order])
    assert numbers(other.coefficients) == pytest.approx(numbers(found.coefficients), rel=1e-8)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from([1e-3, 7.0, 1e3]), st.sampled_from([1e-3, 5.0, 1e4]), st.integers(-2000, 2000))
def test_units_of_outcome_and_predictor_carry_through(outcome: float, predictor: float, shift: int) -> None:
    for model in (mixed, gee):
        plain = model(Y, TIME, PERSON).coefficients[1]
        scaled = model(Y * outcome, {"time": (WAVE + shift) * predictor}, PERSON).coefficients[1]
        assert (scaled.p, scaled.df) == pytest.approx((plain.p, plain.df), rel=1e-5)
        assert scaled.estimate == pytest.approx(plain.estimate * outcome / predictor, rel=1e-6)


def test_one_row_per_person_leaves_the_jackknife() -> None:
    end = SCORES[:, 2]
    there = ~np.isnan(end)
    found = gee(end, {"start": SCORES[:, 0]}, np.arange(12))
    x = np.column_stack([np.ones(12), SCORES[:, 0]])[there]
    hat = x @ np.linalg.inv(x.T @ x) @ x.T
    left = end[there] - hat @ end[there]
    pull = np.linalg.inv(x.T @ x) @ x.T * (left / (1 - np.diag(hat)))
    assert numbers(found.coefficients, "se") == pytest.approx(np.sqrt((pull**2).sum(axis=1)))
    assert found.coefficients[0].df == 9 - 2
    assert found.coefficients[1].se > found.uncorrected[1].se
    assert (found.correlation, found.uncorrected[1].df) == (None, np.inf)


def test_the_binary_coefficient_of_a_two_by_two_table_is_the_log_odds_ratio() -> None:
    y = np.repeat([1, 0, 1, 0], [9, 4, 5, 8])
    x = np.repeat([1, 0], [13, 13])
    found = gee(y, {"later": x}, np.arange(26), family="binomial")
    assert found.coefficients[1].estimate == pytest.approx(np.log(9 * 8 / (4 * 5)))
    assert found.coefficients[0].estimate == pytest.approx(np.log(5 / 8))


@pytest.mark.parametrize("model", [mixed, gee])
@pytest.mark.parametrize(
    ("y", "predictors", "person", "sentence"),
    [
        (Y, {"time": np.ones(36)}, PERSON, "'time' has the same value in every row"),
        (Y, {"time": WAVE, "again": 2 * WAVE + 1}, PERSON, "determine each other"),
        (Y, {"time": WAVE + 1e9}, PERSON, "varies little beside its size"),
        (Y, {"time": np.where(WAVE == 1, np.inf, WAVE)}, PERSON, "infinite"),
        (Y, {"time": WAVE[:-1]}, PERSON, "one value per row"),
        (np.full(36, NAN), TIME, PERSON, "No row has both"),
        (np.full(36, 3.0), TIME, PERSON, "same outcome"),
        (2.0 * WAVE + 1, TIME, PERSON, "foretell"),
        (Y[:6], {"time": WAVE[:6]}, PERSON[:6], "complete rows: 2; too few"),
        (Y, TIME, np.where(PERSON == 3, NAN, PERSON), "does not say whose it is"),
    ],
)
def test_what_the_data_cannot_bear_is_a_sentence(model, y, predictors, person, sentence: str) -> None:
    with pytest.raises(NotEstimable, match=sentence):
        model(y, predictors, person)


OPPOSITE = np.array([[1, 4, 2, 3.0], [3, 1, 4, 1.5], [2, 3, 1, 4.5]] * 3).ravel() + np.arange(36) % 5


def test_people_who_differ_no_more_than_their_answers_leave_least_squares() -> None:
    # R 4.2.2: lme4 1.1-31 lmer(y ~ time + (1 | id)) with a variance of 0; lmerTest 3.1-3; pbkrtest 0.5.2.
    person, time = np.repeat(np.arange(9), 4), np.tile([0, 1, 2, 5], 9)
    kept = np.arange(36) % 7 != 3
    found = mixed(OPPOSITE[kept], {"time": time[kept]}, person[kept])
    assert found.alike
    assert found.effects == ((0.0,),)
    line = stats.linregress(time[kept], OPPOSITE[kept])
    assert numbers(found.satterthwaite[1:], "estimate", "se") == pytest.approx([line.slope, line.stderr], rel=1e-10)
    assert numbers(found.satterthwaite, "df") == [kept.sum() - 2] * 2
    assert numbers(found.coefficients, "se") == pytest.approx([0.4472592233478, 0.1710852664646], rel=1e-8)
    assert numbers(found.coefficients, "df") == pytest.approx([22.56220520405, 23.78705927002], rel=1e-8)
    assert (found.residual, found.log_likelihood) == pytest.approx((2.904186882689, -60.64138923873), rel=1e-9)
    assert found.log_likelihood_ml == pytest.approx(-59.47875667536, rel=1e-9)


def test_the_full_likelihood_may_have_its_top_at_no_difference_where_the_restricted_has_not() -> None:
    person, x = np.repeat(np.arange(6), 2), np.repeat([0.0, 0, 0, 1, 1, 1], 2)
    level = np.array([-1, 1, 0, 0, 1, -1.0])[person]
    y = level + np.tile([-1, 1], 6) * np.repeat([0.9, 1.2, 0.3, 1.4, 0.8, 0.95], 2)
    found = mixed(y, {"group": x}, person)
    assert found.effects[0][0] > 0
    assert not found.alike
    left = y - stats.linregress(x, y).intercept - stats.linregress(x, y).slope * x
    flat = stats.norm(0, np.sqrt(np.mean(left**2))).logpdf(left).sum()
    assert found.log_likelihood_ml == pytest.approx(flat, rel=1e-12)


def test_people_whose_means_are_all_the_same_are_alike() -> None:
    y = np.array([[1, 3], [3, 1], [2.5, 1.5], [0, 4], [1.5, 2.5], [4, 0]]).ravel()
    found = mixed(y, {"time": np.tile([0, 1], 6)}, np.repeat(np.arange(6), 2))
    assert (found.alike, found.effects, found.satterthwaite[1].df) == (True, ((0.0,),), 10)


def test_a_mixed_model_is_refused_where_people_do_not_differ_or_are_seen_once() -> None:
    with pytest.raises(NotEstimable, match="leave out the random slope"):
        mixed(OPPOSITE, {"time": np.tile([0, 1, 2, 5], 9)}, np.repeat(np.arange(9), 4), slope="time")
    with pytest.raises(NotEstimable, match="Nobody has two rows"):
        mixed(Y, TIME, np.arange(36))
    with pytest.raises(NotEstimable, match="not among the predictors"):
        mixed(Y, TIME, PERSON, slope="tme")
    with pytest.raises(NotEstimable, match="do not determine"):  # two rows hold no level, slope and error
        mixed(Y[WAVE < 2], {"time": WAVE[WAVE < 2]}, PERSON[WAVE < 2], slope="time")
    with pytest.raises(NotEstimable):
        mixed(np.repeat(SCORES[:, 0], 3) + WAVE, TIME, PERSON)


def test_estimating_equations_are_refused_where_answers_are_separated_or_one_person_decides() -> None:
    with pytest.raises(NotEstimable, match="without exception"):
        gee((WAVE > 1).astype(float), TIME, PERSON, family="binomial")
    with pytest.raises(NotEstimable, match="0 or 1"):
        gee(Y, TIME, PERSON, family="binomial")
    with pytest.raises(NotEstimable, match="One person alone"):
        gee(Y, {"only": PERSON == 4}, PERSON)
    with pytest.raises(NotEstimable, match="Nobody has two rows"):
        gee(Y, TIME, np.arange(36), working="exchangeable")
    with pytest.raises(NotEstimable, match="exactly the same way"):
        gee(np.repeat(SCORES[:, 0], 3), TIME, PERSON)
    assert gee(Y, TIME, np.arange(36)).people == 32


def test_a_missing_wave_stays_missing_in_the_predictors_made_of_it() -> None:
    made = by_value([2.0, 0, NAN, 1])
    assert list(made) == ["wave 1", "wave 2"]
    np.testing.assert_array_equal(made["wave 2"], [1, 0, NAN, 0])


@pytest.mark.parametrize(("y", "family"), [(Y, "gaussian"), (YES, "binomial")])
def test_the_corrected_errors_of_estimating_equations_are_statsmodels_bias_reduced_ones(y, family: str) -> None:
    there = ~np.isnan(y)
    kind = families.Binomial() if family == "binomial" else families.Gaussian()
    theirs = GEE(y[there], sm_constant(WAVE[there]), groups=PERSON[there], family=kind).fit(cov_type="bias_reduced")
    ours = gee(y, TIME, PERSON, family=family)
    assert numbers(ours.coefficients, "estimate", "se") == pytest.approx(
        [value for pair in zip(theirs.params, theirs.bse, strict=True) for value in pair], rel=1e-6
    )
