"""The whole primary block of an outcome, and what it refuses."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.errors import Contradiction
from evaluation.measure.outcomes.change import Change, outcome_change
from evaluation.measure.refusals import CAUTIONS, NO_HEADLINE
from evaluation.schema import Outcome, Plan, Scale
from evaluation.texts import _texts, say

OUTCOME = Outcome(id="security", labels={}, scale="safety.total", primary=True, step=2)
PLAN = Plan(outcomes=(OUTCOME,))
HIGHER = Scale("total", {}, "higher", "sum", 6, 30, 5, ("a",))
LOWER = dataclasses.replace(HIGHER, direction="lower")
ORDINAL = dataclasses.replace(HIGHER, transform="ordinal")

START = [14, 12, 20, 17, 9, 15, 22, 11, 18, 13, 16, 10]
END = [19, 12, 19, 21, 13, 16, 27, 10, 20, 18, 22, 12]


def people(count: int, **columns: list[Any]) -> pd.DataFrame:
    return pd.DataFrame({"participant": [f"P-{number:03d}" for number in range(count)], **columns})


def scores(**waves: list[float | None]) -> pd.DataFrame:
    """One score per person and wave, in the order of ``people``; None = no filled questionnaire."""
    rows = [
        (f"P-{number:03d}", wave, "safety.total", value)
        for wave, values in waves.items()
        for number, value in enumerate(values)
        if value is not None
    ]
    return pd.DataFrame(rows, columns=["participant", "wave", "scale", "score"])


def change(
    start: list[float | None],
    end: list[float | None],
    *,
    scale: Scale = HIGHER,
    plan: Plan = PLAN,
    **waves: list[float | None],
) -> Change:
    table = scores(baseline=start, endline=end, **waves)
    return outcome_change(table, people(max(len(start), len(end))), OUTCOME, scale, plan)


def ids(found: Change) -> set[str]:
    return {refusal.id for refusal in found.refusals}


def test_higher_same_and_lower_are_raw_and_improved_follows_the_scale() -> None:
    better, worse = change(START, END), change(START, END, scale=LOWER)
    assert (better.higher, better.same, better.lower) == (9, 1, 2) == (worse.higher, worse.same, worse.lower)
    assert (better.improved, better.worse) == (9, 2)
    assert (worse.improved, worse.worse) == (2, 9)


def test_the_step_is_reached_at_exactly_the_step_in_the_good_direction() -> None:
    better, worse = change(START, END), change(START, END, scale=LOWER)
    assert better.improved_by_step == ("P-000", "P-003", "P-004", "P-006", "P-008", "P-009", "P-010", "P-011")
    assert better.worse_by_step == ()
    assert (worse.improved_by_step, worse.worse_by_step) == ((), better.improved_by_step)


def test_the_mean_change_is_endline_minus_baseline_of_the_pairs() -> None:
    found = change([*START, 30], [*END, None])
    assert found.means.t.mean == pytest.approx(np.mean(END) - np.mean(START))
    assert found.means.endline - found.means.paired_baseline == pytest.approx(found.means.t.mean)
    assert found.means.baseline == pytest.approx(np.mean([*START, 30]))
    assert found.means.baseline_sd == pytest.approx(np.std([*START, 30], ddof=1))


def test_a_change_stays_in_raw_points_where_lower_is_better() -> None:
    assert change(START, END, scale=LOWER).headline_estimate == pytest.approx(32 / 12)
    assert change(START, END).headline_estimate == pytest.approx(32 / 12)


def test_with_everybody_there_the_paired_t_is_the_headline() -> None:
    found = change(START, END)
    assert (found.headline, found.retention, found.pairs, found.at_baseline) == ("paired", 1.0, 12, 12)
    assert found.headline_interval == (found.means.t.low, found.means.t.high)
    assert not found.show_tipping


@pytest.mark.parametrize(
    ("there", "headline", "tipping"),
    [
        (20, "paired", False),
        (19, "paired", False),
        (18, "all enrolled", False),
        (16, "all enrolled", False),
        (15, "all enrolled", True),
        (10, "all enrolled", True),
        (9, "none", False),
    ],
)
def test_of_twenty_the_headline_follows_retention(there: int, headline: str, tipping: bool) -> None:
    start = [*START, 12, 19, 15, 21, 8, 14, 20, 16]
    end = [*END, 13, 25, 15, 20, 14, 17, 22, 19]
    found = change(start, [*end[:there], *[None] * (20 - there)])
    assert (found.headline, found.show_tipping) == (headline, tipping)
    assert ("low_retention" in ids(found)) == (headline == "none")
    assert ("moderate_retention" in ids(found)) == tipping
    if headline == "all enrolled":
        assert found.headline_estimate == found.means.all_enrolled.estimate
        assert found.headline_interval == (found.means.all_enrolled.low, found.means.all_enrolled.high)
    if headline == "none":
        assert found.headline_estimate is None
        assert found.means.t is not None
        assert found.means.bounds is not None
        assert found.means.all_enrolled is None


def test_the_mid_wave_of_the_plan_enters_the_estimate_for_everyone() -> None:
    start, end = [*START, 19, 21], [*END, None, None]
    mid = [value + shift for value, shift in zip(start, [2, 1, 0, 3, 2, 0, 4, -1, 1, 2, 4, 0, -5, -6], strict=True)]
    plan = dataclasses.replace(PLAN, mid="mid")
    with_mid = change(start, end, mid=mid, plan=plan).means.all_enrolled
    without = change(start, end, mid=mid).means.all_enrolled
    assert (with_mid.with_mid, without.with_mid) == (12, 0)
    assert with_mid.estimate < without.estimate


def test_who_has_no_baseline_enters_counts_only() -> None:
    found = change([*START, None], [*END, 29])
    assert (found.enrolled, found.at_baseline, found.at_endline, found.pairs) == (13, 12, 13, 12)
    assert found.means == change(START, END).means


def test_a_score_below_the_minimum_answered_is_no_score() -> None:
    found = change([*START, float("nan")], [*END, 21])
    assert (found.at_baseline, found.pairs) == (12, 12)


def test_only_those_who_agreed_to_be_reported_on_are_compared() -> None:
    consent = [True] * 11 + [False, None]
    table = scores(baseline=[*START, 30], endline=[*END, 6])
    found = outcome_change(table, people(13, consent_reporting=consent), OUTCOME, HIGHER, PLAN)
    assert (found.enrolled, found.reporting, found.pairs) == (13, 11, 11)
    assert "P-011" not in found.paired
    assert found.means == change(START[:11], END[:11]).means


def test_scores_of_strangers_other_scales_and_other_waves_do_not_count() -> None:
    table = scores(baseline=START, endline=END)
    noise = pd.concat(
        [
            table.assign(scale="safety.other"),
            table.assign(participant="P-900").iloc[:1],
            table[table["wave"] == "endline"].assign(wave="follow-up", score=6.0),
        ]
    )
    assert outcome_change(pd.concat([table, noise]), people(12), OUTCOME, HIGHER, PLAN) == change(START, END)


def test_two_scores_of_a_person_in_a_wave_name_table_and_wave_only() -> None:
    table = scores(baseline=START, endline=END)
    with pytest.raises(Contradiction) as caught:
        outcome_change(pd.concat([table, table.iloc[[14]]]), people(12), OUTCOME, HIGHER, PLAN)
    assert "'scores'" in str(caught.value)
    assert "'endline'" in str(caught.value)
    assert "P-0" not in str(caught.value)


def test_a_person_enrolled_twice_is_a_contradiction() -> None:
    with pytest.raises(Contradiction, match="'participants'"):
        outcome_change(scores(), pd.concat([people(2), people(1)]), OUTCOME, HIGHER, PLAN)


def numbers(thing: Any) -> list[float]:
    """Every number anywhere in a result."""
    if dataclasses.is_dataclass(thing):
        return [n for field in dataclasses.fields(thing) for n in numbers(getattr(thing, field.name))]
    if isinstance(thing, tuple | list):
        return [n for part in thing for n in numbers(part)]
    return [thing] if isinstance(thing, float) else []


@pytest.mark.parametrize("scale", [HIGHER, LOWER, ORDINAL])
@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        ([], [], "nobody_enrolled"),
        ([None, None], [None, None], "no_baseline"),
        ([None, None], [15, 20], "no_baseline"),
        ([12], [None], "no_pairs"),
        ([12], [15], "few_pairs"),
        ([12, 14], [15, 14], "few_pairs"),
        ([float("nan")] * 9, [float("nan")] * 9, "no_baseline"),
        (START[:5], END[:5], "few_pairs"),
        (START, START, "no_spread"),
        (START, [value + 3 for value in START], "no_spread"),
        ([12] * 12, [15] * 12, "no_spread"),
        ([12] * 8, [15, 16, 12, 12, 13, 19, None, None], "very_few_pairs"),
        ([12] * 6 + [14, 15], [15, 16, 12, 12, 13, 19, None, None], "no_prediction"),
        (START, [*START[:8], 19, 14, 18, 15], "no_test"),
        (START, [*START[:4], *END[4:]], "few_changes"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_whatever_is_missing_gives_a_change_with_a_reason_and_without_nan(
    start: list[float | None], end: list[float | None], refused: str, scale: Scale
) -> None:
    found = change(start, end, scale=scale)
    averaged = {"no_spread", "no_prediction"}
    assert refused in ids(found) or (scale is ORDINAL and refused in averaged)
    assert all(math.isfinite(number) for number in numbers(found))
    if found.headline == "none":
        assert found.headline_estimate is None is found.headline_interval
        assert found.refusals[0].kind == "refused"
        assert found.refusals[0].id != "no_test"


def test_where_everyone_changed_alike_there_is_a_test_and_no_interval() -> None:
    means = change(START, [value + 3 for value in START]).means
    assert (means.t, means.exact_interval, means.all_enrolled) == (None, None, None)
    assert means.exact.p_two_sided == 2 / 2**12
    assert means.endline - means.paired_baseline == pytest.approx(3)


def test_below_six_pairs_there_are_counts_only() -> None:
    found = change(START[:5], END[:5])
    assert (found.higher, found.same, found.lower, found.headline) == (3, 1, 1, "none")
    assert found.means == type(found.means)()


def test_six_pairs_have_an_interval_for_inside_only() -> None:
    found = change(START[:7], [*END[:1], 13, *END[2:7]])
    assert found.means.t is not None
    assert found.means.exact is not None
    assert ids(found) == {"very_few_pairs", "few_changes"}
    assert all(refusal.kind == "caution" for refusal in found.refusals)


def test_ten_pairs_that_all_changed_are_without_refusals() -> None:
    end = [start + by for start, by in zip(START[:10], [1, 2, -1, 3, 4, 1, 2, -2, 5, 1], strict=True)]
    assert change(START[:10], end).refusals == ()


def test_five_changed_scores_are_not_tested_and_six_are() -> None:
    five = change(START, [*START[:7], 12, 19, 14, 18, 15])
    six = change(START, [*START[:6], 21, 12, 19, 14, 18, 15])
    assert (five.means.exact, "no_test" in ids(five)) == (None, True)
    assert (six.means.exact.nonzero, "few_changes" in ids(six), "no_test" in ids(six)) == (6, True, False)
    assert five.means.t is not None
    assert five.headline == "paired"


def test_levels_are_counted_and_never_averaged() -> None:
    found = change(START, END, scale=ORDINAL)
    assert (found.higher, found.same, found.lower) == (9, 1, 2)
    assert (found.headline, found.refusals[0].id) == ("none", "ordinal")
    assert found.means == type(found.means)()


def test_the_exact_interval_is_there_beside_the_t_interval_at_the_plans_alpha() -> None:
    narrow = change(START, END, plan=dataclasses.replace(PLAN, alpha=0.2)).means
    wide = change(START, END).means
    assert wide.exact_interval[0] < narrow.exact_interval[0] < narrow.exact_interval[1] < wide.exact_interval[1]
    assert wide.t.low < narrow.t.low < narrow.t.high < wide.t.high


def test_bounds_use_the_ends_of_the_scale() -> None:
    found = change([*START, 20], [*END, None])
    assert found.means.bounds == (pytest.approx((32 + 6 - 20) / 13), pytest.approx((32 + 30 - 20) / 13))
    assert found.means.if_nothing_gained == pytest.approx(32 / 13)


def test_who_is_missing_is_told_in_people_so_that_no_share_is_rounded_up_to_a_limit() -> None:
    found = change([*START, *[15] * 38, *START[:2]], [*END, *[None] * 38, *END[:2]])
    assert "People with a first score: 52, of them with a last one too: only 14" in _sentence(found, "low_retention")
    found = change([*START, *START[:9]], [*END, *END[:4], *[None] * 5])
    assert "People with a first score: 21, of them with a last one too: 16" in _sentence(found, "moderate_retention")


def _sentence(found: Change, name: str) -> str:
    return say(next(one for one in found.refusals if one.id == name).message, "en")


def test_what_is_a_caution_has_a_sentence_and_every_refusal_ends_in_a_full_stop() -> None:
    for language in ("en", "pl"):
        refusals = {key: words for key, words in _texts(language).items() if key.startswith("measure.refusal.")}
        assert {f"measure.refusal.{name}" for name in CAUTIONS | NO_HEADLINE} <= set(refusals)
        assert all(words.endswith(".") for words in refusals.values())


@settings(max_examples=14, deadline=None)
@given(
    st.lists(st.tuples(st.integers(6, 30), st.one_of(st.none(), st.integers(6, 30))), min_size=0, max_size=25),
    st.integers(1, 9),
)
def test_exchanging_the_direction_of_the_points_mirrors_everything(
    pairs: list[tuple[int, int | None]], unit: int
) -> None:
    start, end = [s for s, _ in pairs], [e for _, e in pairs]
    found = change(start, end)
    scale = dataclasses.replace(HIGHER, minimum=-30 * unit, maximum=-6 * unit)
    turned = change([-unit * s for s in start], [None if e is None else -unit * e for e in end], scale=scale)
    assert (turned.higher, turned.same, turned.lower) == (found.lower, found.same, found.higher)
    ends = {"ceiling", "floor"}
    assert (turned.headline, ids(turned) - ends) == (found.headline, ids(found) - ends)
    if unit == 1:
        mirror = {"ceiling": "floor", "floor": "ceiling"}
        assert {mirror[one] for one in ids(turned) & ends} == ids(found) & ends
    if found.headline_estimate is not None:
        low, high = found.headline_interval
        assert turned.headline_estimate == pytest.approx(-unit * found.headline_estimate, rel=1e-7, abs=1e-9)
        assert turned.headline_interval == pytest.approx((-unit * high, -unit * low), rel=1e-7, abs=1e-9)


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ([28, 29, 30, *[15] * 9], {"ceiling"}),
        ([28, 29, 27.5, *[15] * 9], set()),
        ([8, 6, 7, *[15] * 9], {"floor"}),
        ([8, 6, 8.5, *[15] * 9], set()),
        ([28, 29, 30, 6, 7, 8, *[15] * 6], {"ceiling", "floor"}),
        ([30, 30, 30, *[15] * 10], set()),
    ],
)
def test_from_a_quarter_within_a_step_of_an_end_on_it_is_said_that_they_could_hardly_move(
    start: list[float], said: set[str]
) -> None:
    found = change(start, [17, 14, 19, *[16, 18] * 4, 15, *[15] * (len(start) - 12)])
    assert ids(found) & {"ceiling", "floor"} == said
    assert all(one.kind == "caution" for one in found.refusals if one.id in said)
    levels = change(start, [17] * len(start), scale=ORDINAL)
    assert not ids(levels) & {"ceiling", "floor"}


def test_scores_near_the_ends_are_counted_at_both_waves_each_by_itself() -> None:
    found = change([30, 28, 6, 15, 27, None], [6, 8, 9, None, 29, 30]).near_ends
    assert (found.first, found.first_lowest, found.first_highest) == (5, 1, 2)
    assert (found.last, found.last_lowest, found.last_highest) == (5, 2, 2)


def against(r: float, n: int) -> np.ndarray:
    """Three items of ``n`` people; the last correlates about ``r`` with the sum of the two others."""
    rng = np.random.default_rng(4)
    one = rng.normal(size=n)
    noise = rng.normal(size=n)
    noise -= one * (noise @ one) / (one @ one)
    noise *= np.linalg.norm(one) / np.linalg.norm(noise)
    return np.column_stack([one, one, r * one + np.sqrt(1 - r**2) * noise])


@pytest.mark.parametrize(("r", "n", "said"), [(-0.4, 30, True), (-0.3, 30, False), (-0.3, 60, True), (0.4, 30, False)])
def test_an_item_whose_correlation_with_the_rest_is_clearly_negative_is_named(r: float, n: int, said: bool) -> None:
    # Fisher: z = atanh(r), limits z ± 1.96/√(n − 3); at −.3 and n = 30 the upper limit is .07, at n = 60 −.05.
    scale = dataclasses.replace(HIGHER, items=("a", "b", "c"))
    items = against(r, n)
    items -= items.mean(axis=0)
    table = scores(baseline=[15, 18] * (n // 2), endline=[17, 18, 16] * (n // 3))
    found = outcome_change(table, people(n), OUTCOME, scale, PLAN, items=items)
    named = [one for one in found.refusals if one.id == "reversed_item"]
    assert bool(named) is said
    if said:
        assert "The answers to c run against" in say(named[0].message, "en")
        assert named[0].kind == "caution"
