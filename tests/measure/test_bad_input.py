"""Bad input: a refusal in words, a documented None, or sound numbers; never NaN, never a warning.

pytest turns every warning into an error (pyproject.toml), so that none is swallowed.
"""

from __future__ import annotations

import dataclasses
import inspect
import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import evaluation.measure
from evaluation.errors import Contradiction, EvaluationError, NotEstimable, TooFew
from evaluation.measure.attendance import dose, flow, held, leavers, reasons
from evaluation.measure.dose import compare, dose_and_change
from evaluation.measure.frames import in_order, measured, of_service, reporting
from evaluation.measure.models.blocks import by_value
from evaluation.measure.models.coefficients import coefficient
from evaluation.measure.models.gee import gee
from evaluation.measure.models.imputation import imputed_change
from evaluation.measure.models.mixed import mixed
from evaluation.measure.models.mmrm import mmrm
from evaluation.measure.models.ordinal import ordinal, signed_root
from evaluation.measure.models.ordinal_mixed import ordinal_mixed
from evaluation.measure.models.pooling import pool
from evaluation.measure.outcomes.change import outcome_change
from evaluation.measure.outcomes.items import item_changes
from evaluation.measure.outcomes.missing import AllEnrolled, all_enrolled, bounds, if_nothing_gained, predicted
from evaluation.measure.outcomes.timing import late_first_answers, marked
from evaluation.measure.outcomes.trust import trust
from evaluation.measure.outcomes.waiting import ancova, permutation_p, waiting_list
from evaluation.measure.points import points, t_score
from evaluation.measure.scoring import by_wave, keyed_items, score
from evaluation.measure.statistics.agreement import intraclass, weighted_kappa
from evaluation.measure.statistics.bootstrap import bootstrap
from evaluation.measure.statistics.correlation import bonett_wright, rank_correlation
from evaluation.measure.statistics.counts import (
    Switched,
    agresti_min,
    clopper_pearson,
    fisher,
    newcombe,
    newcombe_paired,
    part_of,
    sign_test,
    tango,
    wilson,
)
from evaluation.measure.statistics.exact import EXACT_UP_TO, grid, sign_flip, sign_flip_interval
from evaluation.measure.statistics.joint_flips import joint_flips
from evaluation.measure.statistics.paired import Directions, directions, paired_t, rank_biserial
from evaluation.measure.statistics.power import minimal_detectable, power, smallest_n
from evaluation.measure.statistics.ranks import hodges_lehmann, wilcoxon
from evaluation.measure.statistics.reliability import omega, reliability
from evaluation.measure.statistics.reliable_change import cutoff_c, measurement_error, reliable_counts
from evaluation.measure.statistics.repeated import bowker, cochran_q, friedman, stuart_maxwell
from evaluation.measure.statistics.several import adjust, holm
from evaluation.measure.statistics.standardised import noncentral_interval, small_sample_factor, standardised_change
from evaluation.measure.track.goals import attainment, of_kind, scored
from evaluation.measure.track.referrals import by_institution, people_referred
from evaluation.measure.track.status import regulated, status
from evaluation.measure.track.tallies import tallies
from evaluation.measure.values import finite, numbers, same_people
from evaluation.schema import Choice, Course, Instrument, Item, Outcome, Plan, Scale, Wave
from evaluation.texts import say

NAN, INF = float("nan"), float("inf")

ADVICE = re.compile(
    r"\b(correct|leave|use|show|pass|recode|give|add|keep|check|subtract|say|so|compare|name|withdraw)\b"
)

KINDS = {Contradiction: "refused", NotEstimable: "unfit", TooFew: "few"}


def verdict(call: Callable[[], Any]) -> str:
    """What came of ``call``: "none", "sound", or the kind of its refusal; anything else fails the test."""
    try:
        found = call()
    except EvaluationError as error:
        sentence = str(error)
        assert sentence.endswith("."), sentence
        assert ADVICE.search(sentence), f"does not say what to do: {sentence}"
        assert not re.search(r"\b(nan|inf|NoneType|dtype|ndarray)\b", sentence), sentence
        return KINDS[type(error)]
    if found is None:
        return "none"
    assert not list(unsound(found)), list(unsound(found))
    return "sound"


def unsound(value: Any, where: str = "") -> Iterator[str]:
    """The places in ``value`` that hold NaN or infinity, except where a docstring says that they may."""
    if dataclasses.is_dataclass(value):
        computed = [name for name, each in vars(type(value)).items() if isinstance(each, property | cached_property)]
        for name in [*(field.name for field in dataclasses.fields(value) if field.compare), *computed]:
            documented = (type(value).__name__, name) in (("Coefficient", "df"), ("JointFlips", "t"))
            if not documented:
                yield from unsound(getattr(value, name), f"{where}.{name}")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from unsound(each, f"{where}[{key}]")
    elif isinstance(value, tuple | list):
        for place, each in enumerate(value):
            yield from unsound(each, f"{where}[{place}]")
    elif isinstance(value, np.ndarray) and value.dtype.kind == "f":
        if not np.isfinite(value).all():
            yield where
    elif isinstance(value, float) and not math.isfinite(value):
        yield where


def table(text: str) -> list[tuple[str, str, str]]:
    """(row, column, cell) of a table written out below; a row's name ends at two spaces."""
    head, *rows = [re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines()]
    assert all(len(row) == len(head) for row in rows), [row[0] for row in rows if len(row) != len(head)]
    return [(row[0], column, cell) for row in rows for column, cell in zip(head[1:], row[1:], strict=True)]


# --- one number per person --------------------------------------------------------------------

DIFFERENCES: dict[str, Any] = {
    "nobody": [],
    "one": [3.0],
    "two": [1.0, 4.0],
    "equal": [2.0] * 8,
    "zeros": [0.0, -0.0, 0.0, -0.0, 0.0, -0.0, 0.0],
    "prorated": [0.1 + 0.2, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3],
    "many equal": [2.0] * (EXACT_UP_TO + 5),
    "many": [(place * 7919 % 23) / 7 - 1.3 for place in range(EXACT_UP_TO + 5)],
    "many, one far": [1e11, *(place % 5 - 1.0 for place in range(EXACT_UP_TO + 5))],
    "many, nearly equal": [2.0 + 1e-12 * (place % 2) for place in range(EXACT_UP_TO + 5)],
    "missing": [NAN] * 8,
    "a missing": [1.0, None, 3, 4, -1, 2, 5],
    "infinite": [1.0, -INF, 3, 4, -1, 2, 5],
    "huge": [1e300, -1e300, 3, 4, -1, 2, 5],
    "words": ["often", 1, 2, 3, 4, 5, 6],
    "two columns": [[1.0, 2], [3, 4], [5, 6]],
    "whole": np.array([1, 3, -2, 4, 0, 2, 5], dtype=np.int8),
    "objects": pd.Series([1, 3.5, -2, 4, 0, 2, 5], dtype=object),
}

OF_DIFFERENCES: dict[str, Callable[[Any], Any]] = {
    "sign_flip": sign_flip,
    "sign_flip_interval": sign_flip_interval,
    "grid": grid,
    "wilcoxon": wilcoxon,
    "wilcoxon, Pratt": lambda d: wilcoxon(d, zeros="pratt"),
    "hodges_lehmann": hodges_lehmann,
    "bootstrap": bootstrap,
    "paired_t": paired_t,
    "directions": directions,
    "rank_biserial": rank_biserial,
    "finite": finite,
}

EXPECTED_OF_DIFFERENCES = table(
    """
    -        sign_flip  sign_flip_interval  grid     wilcoxon  wilcoxon, Pratt  hodges_lehmann  bootstrap  paired_t  directions  rank_biserial  finite
    nobody       sound    sound    sound    sound    sound    none     none     unfit    sound    none     sound
    one          sound    sound    sound    sound    sound    sound    none     unfit    sound    sound    sound
    two          sound    sound    sound    sound    sound    sound    sound    sound    sound    sound    sound
    equal        sound    sound    sound    sound    sound    sound    none     unfit    sound    sound    sound
    zeros        sound    sound    sound    sound    sound    sound    none     unfit    sound    none     sound
    prorated     sound    sound    sound    sound    sound    sound    none     unfit    sound    sound    sound
    many equal   sound    sound    sound    sound    sound    sound    none     unfit    sound    sound    sound
    many         sound    sound    sound    sound    sound    sound    sound    sound    sound    sound    sound
    many, one far       sound    sound    sound    sound    sound    sound    sound    sound    sound    sound    sound
    many, nearly equal  sound    sound    sound    sound    sound    sound    none     unfit    sound    sound    sound
    missing      refused  refused  refused  refused  refused  refused  refused  refused  refused  refused  refused
    a missing    refused  refused  refused  refused  refused  refused  refused  refused  refused  refused  refused
    infinite     refused  refused  refused  refused  refused  refused  refused  refused  refused  refused  refused
    huge         sound    sound    sound    refused  refused  refused  refused  refused  refused  refused  refused
    words        refused  refused  refused  refused  refused  refused  refused  refused  refused  refused  refused
    two columns  refused  refused  refused  refused  refused  refused  refused  refused  refused  refused  refused
    whole        sound    sound    sound    sound    sound    sound    sound    sound    sound    sound    sound
    objects      sound    sound    sound    sound    sound    sound    sound    sound    sound    sound    sound
    """  # noqa: E501 - a table
)


@pytest.mark.parametrize(("given", "method", "expected"), EXPECTED_OF_DIFFERENCES)
def test_whatever_the_differences_a_method_refuses_in_words_or_gives_sound_numbers(
    given: str, method: str, expected: str
) -> None:
    assert verdict(lambda: OF_DIFFERENCES[method](DIFFERENCES[given])) == expected


@pytest.mark.parametrize(
    ("far", "low", "high"),
    [([1.0], 0.0, 0.0054), ([1000.0, 900, -800], -4.193, 9.861), ([1000.0, -4], -0.133, 5.420)],
)
def test_a_few_among_many_who_outweigh_all_others_leave_an_interval_with_two_limits(
    far: list[float], low: float, high: float
) -> None:
    others = [0.0] * 400 if far == [1.0] else [float(place % 5 - 2) for place in range(401 - len(far))]
    # The numbers are those of the exact distribution on a grid of 4,000 steps.
    found = sign_flip_interval([*far, *others])
    assert found == pytest.approx((low, high), abs=0.02 * (high - low))


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.float32, object, "Int64", "Float64"])
def test_the_type_of_the_column_changes_no_result(dtype: Any) -> None:
    plain = [1.0, 3, -2, 4, 0, 2, 5]
    typed = pd.Series([1, 3, -2, 4, 0, 2, 5]).astype(dtype)
    assert all(
        method(typed) == method(plain) for name, method in OF_DIFFERENCES.items() if name not in ("grid", "finite")
    )
    with_gaps = pd.Series([1, 3, None, 4], dtype="Int64"), pd.Series([1, 3, pd.NA, 4], dtype=object)
    assert all(if_nothing_gained([0.0, 0, 0, 0], gaps) == 2 for gaps in with_gaps)


# --- two numbers per person -------------------------------------------------------------------

START = [12.0, 15, 9, 14, 11, 13, 8, 10]
END = [15.0, 17, 9, 18, 10, 19, 12, 11]
SERVED = [True, False, True, False, True, False, True, False]

WAVES: dict[str, tuple[Any, Any]] = {
    "nobody": ([], []),
    "one": ([12.0], [15.0]),
    "two": ([12.0, 14], [15.0, 13]),
    "nothing varies": ([12.0] * 8, [12.0] * 8),
    "equal changes": (START, [s + 3 for s in START]),
    "one start": ([12.0] * 8, END),
    "foretold": (START, [2 * s for s in START]),
    "mirrored": (START, [25 - s for s in START]),
    "prorated": ([12.000000000000002, *[12.0] * 7], END),
    "missing": ([NAN] * 8, [NAN] * 8),
    "no end": (START, [NAN] * 8),
    "one end": (START, [15.0, *[NAN] * 7]),
    "some ends": (START, [*END[:5], None, None, None]),
    "infinite": (START, [*END[:7], INF]),
    "huge": ([*START[:7], 1e300], END),
    "words": (START, [*END[:7], "agree"]),
    "lengths": (START, END[:7]),
    "two columns": ([START, START], [END, END]),
    "outside": (START, [*END[:7], 31]),
    "whole": (np.array(START, dtype=int), np.array(END, dtype=np.int16)),
    "objects": (pd.Series(START, dtype=object), pd.Series(END, dtype=object)),
}


def served(start: Any) -> Any:
    return (SERVED * 2)[: len(np.asarray(start))]


def headed(found: Any) -> AllEnrolled | None:
    """None where instead of an estimate there is the reason why there is none."""
    return found if isinstance(found, AllEnrolled) else None


OF_WAVES: dict[str, Callable[[Any, Any], Any]] = {
    "rank_correlation": rank_correlation,
    "standardised_change": standardised_change,
    "all_enrolled": all_enrolled,
    "with mid": lambda start, end: all_enrolled(start, end, mid=start),
    "bounds": lambda start, end: bounds(start, end, minimum=6, maximum=30),
    "if_nothing_gained": if_nothing_gained,
    "predicted": lambda start, end: headed(predicted(start, end, mid=start, minimum=6, maximum=30, alpha=0.05)),
    "weighted_kappa": weighted_kappa,
    "waiting_list": lambda start, end: waiting_list(start, end, served(start), step=2, random_allocation=True),
    "ancova": lambda start, end: ancova(start, end, served(start)),
    "permutation_p": lambda start, end: permutation_p(end, served(start)),
}

EXPECTED_OF_WAVES = table(
    """
    -               rank_correlation  standardised_change  all_enrolled  with mid  bounds  if_nothing_gained  predicted  weighted_kappa  waiting_list  ancova  permutation_p
    nobody          none     none     none     none     none     none     none     none     sound    none     sound
    one             none     none     none     none     sound    sound    none     sound    sound    none     sound
    two             sound    none     none     none     sound    sound    none     sound    sound    none     sound
    nothing varies  none     none     none     none     sound    sound    none     none     sound    none     sound
    equal changes   sound    none     none     none     sound    sound    none     sound    sound    none     sound
    one start       none     none     sound    sound    sound    sound    sound    sound    sound    none     sound
    foretold        sound    sound    sound    sound    sound    sound    sound    sound    sound    none     sound
    mirrored        sound    sound    sound    sound    sound    sound    sound    sound    sound    none     sound
    prorated        none     none     sound    sound    sound    sound    sound    refused  sound    none     sound
    missing         refused  refused  none     none     none     none     none     refused  sound    refused  refused
    no end          refused  refused  none     none     sound    sound    none     refused  sound    refused  refused
    one end         refused  refused  none     none     sound    sound    none     refused  sound    refused  refused
    some ends       refused  refused  sound    sound    sound    sound    sound    refused  sound    refused  refused
    infinite        refused  refused  refused  refused  refused  refused  refused  refused  refused  refused  refused
    huge            refused  refused  refused  refused  refused  refused  refused  refused  refused  refused  sound
    words           refused  refused  refused  refused  refused  refused  refused  refused  refused  refused  refused
    lengths         refused  refused  refused  refused  refused  refused  refused  refused  refused  refused  refused
    two columns     refused  refused  refused  refused  refused  refused  refused  refused  refused  refused  refused
    outside         sound    sound    sound    sound    refused  sound    refused  sound    sound    sound    sound
    whole           sound    sound    sound    sound    sound    sound    sound    sound    sound    sound    sound
    objects         sound    sound    sound    sound    sound    sound    sound    sound    sound    sound    sound
    """  # noqa: E501 - a table
)


@pytest.mark.parametrize(("given", "method", "expected"), EXPECTED_OF_WAVES)
def test_whatever_two_waves_hold_a_method_refuses_in_words_or_gives_sound_numbers(
    given: str, method: str, expected: str
) -> None:
    assert verdict(lambda: OF_WAVES[method](*WAVES[given])) == expected


def test_where_one_wave_foretells_the_other_only_the_effect_size_without_correlation_is_left() -> None:
    found = standardised_change(*WAVES["foretold"])
    assert found.by_repeated is None
    assert found.by_baseline.d == pytest.approx(np.mean(START) / np.std(START, ddof=1))


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ([True] * 8, "sound"),
        ([False] * 8, "sound"),
        ([True, *[False] * 7], "sound"),
        ([1, 0, 1, 0, 1, 0, 1, 0], "sound"),
        (pd.Series([1, 0, 1, 0, 1, 0, 1, pd.NA], dtype=object), "refused"),
        ([1, 0, 1, 0, 1, 0, 1, NAN], "refused"),
        ([1, 0, 1, 0, 1, 0, 1, 2], "refused"),
        (["yes", "no"] * 4, "refused"),
        (SERVED[:7], "refused"),
    ],
)
def test_nobody_is_served_by_a_blank(who: Any, expected: str) -> None:
    assert verdict(lambda: waiting_list(START, END, who, step=2, random_allocation=True)) == expected
    assert (verdict(lambda: ancova(START, END, who)) == "refused") == (expected == "refused")
    assert verdict(lambda: permutation_p(END, who)) == expected


@pytest.mark.parametrize("step", [NAN, INF, -INF, 1e300])
def test_a_step_that_is_no_number_counts_nobody(step: float) -> None:
    assert verdict(lambda: waiting_list(START, END, SERVED, step=step)) == "refused"


@pytest.mark.parametrize("ends", [(30, 6), (NAN, 30), (6, INF), (-INF, INF)])
def test_a_scale_without_two_ends_has_no_bounds(ends: tuple[float, float]) -> None:
    assert verdict(lambda: bounds(START, END, minimum=ends[0], maximum=ends[1])) == "refused"


def test_money_in_the_place_of_points_is_compared_without_a_table_of_all_its_cents() -> None:
    change = [1_200_000.0, -350_000, 2_000_001, 4, 999_999_999, 17, 5_000_000, 3]
    assert 0 < permutation_p(change, SERVED) <= 1


# --- people x columns -------------------------------------------------------------------------

ITEMS = [[0, 1, 1], [1, 0, 1], [0, 0, 1], [1, 1, 0], [0, 0, 0], [1, 1, 1], [0, 1, 0], [1, 0, 0]]

TABLES: dict[str, Any] = {
    "nobody": np.empty((0, 3)),
    "one": ITEMS[:1],
    "two": ITEMS[:2],
    "equal": [[1, 1, 1]] * 8,
    "same items": [[row[0]] * 3 for row in ITEMS],
    "dead item": [[row[0], row[1], 1] for row in ITEMS],
    "level means": [[0, 1, 0.5], [1, 0, 0.5], [0.5, 0, 1], [0.5, 1, 0]],
    "one column": [[row[0]] for row in ITEMS],
    "no column": np.empty((8, 0)),
    "missing": np.full((8, 3), NAN),
    "a missing": [[0, None, 1], *ITEMS[1:]],
    "infinite": [[0, INF, 1], *ITEMS[1:]],
    "huge": [[0, 1e300, 1], *ITEMS[1:]],
    "words": [[0, "no", 1], *ITEMS[1:]],
    "ragged": [[0, 1], *ITEMS[1:]],
    "a list": [0, 1, 1, 0, 1, 1, 0, 1],
    "whole": np.array(ITEMS, dtype=np.uint8),
    "frame": pd.DataFrame(ITEMS, dtype=object),
}

PLAN = Plan(outcomes=(), alpha_people=2)

OF_TABLES: dict[str, Callable[[Any], Any]] = {
    "reliability": reliability,
    "omega": lambda items: omega(items, least=3),
    "trust": lambda items: trust(items, PLAN),
    "intraclass": intraclass,
    "friedman": friedman,
    "cochran_q": cochran_q,
    "joint_flips": joint_flips,
    "mmrm": mmrm,
}

EXPECTED_OF_TABLES = table(
    """
    -            reliability  omega  trust  intraclass  friedman  cochran_q  joint_flips  mmrm
    nobody       none     none     sound    none     none     none     unfit    unfit
    one          none     none     sound    none     sound    sound    unfit    unfit
    two          none     none     sound    none    sound    sound    sound    unfit
    equal        none     none     sound    none     none     none     sound    unfit
    same items   sound    none     sound    none     none     none     sound    unfit
    dead item    sound    none     sound    sound    sound    sound    sound    unfit
    level means  none     none     sound    none     sound    refused  sound    unfit
    one column   none     none     sound    none     none     none     sound    unfit
    no column    none     none     sound    none     none     none     sound    unfit
    missing      none     none     sound    refused  refused  refused  unfit    unfit
    a missing    sound    none     sound    refused  refused  refused  unfit    sound
    infinite     refused  refused  refused  refused  refused  refused  unfit    unfit
    huge         refused  refused  refused  refused  refused  refused  unfit    unfit
    words        refused  refused  refused  refused  refused  refused  unfit    unfit
    ragged       refused  refused  refused  refused  refused  refused  unfit    unfit
    a list       refused  refused  refused  refused  refused  refused  unfit    unfit
    whole        sound    sound     sound    sound    sound    sound    sound    sound
    frame        sound    sound     sound    sound    sound    sound    sound    sound
    """
)


@pytest.mark.parametrize(
    ("given", "method", "expected"),
    EXPECTED_OF_TABLES,
)
def test_whatever_a_table_of_answers_holds_a_method_refuses_in_words_or_gives_sound_numbers(
    given: str, method: str, expected: str
) -> None:
    assert verdict(lambda: OF_TABLES[method](TABLES[given])) == expected


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([[5, 2], [1, 7]], "sound"),
        ([[0, 0], [0, 0]], "sound"),
        ([[4]], "sound"),
        ([[5, 0], [0, 7]], "sound"),
        ([[5, 2, 0], [1, 7, 0], [0, 0, 0]], "sound"),
        ([], "refused"),
        (np.empty((0, 0)), "refused"),
        ([[5, 2, 1], [1, 7, 3]], "refused"),
        ([[5, -2], [1, 7]], "refused"),
        ([[5, 2.5], [1, 7]], "refused"),
        ([[5, NAN], [1, 7]], "refused"),
        ([[5, INF], [1, 7]], "refused"),
        ([[5, 1e300], [1, 7]], "refused"),
        ([[5, "two"], [1, 7]], "refused"),
        ([5, 2, 1, 7], "refused"),
    ],
)
def test_a_table_of_moves_is_square_and_holds_counts(moves: Any, expected: str) -> None:
    assert verdict(lambda: bowker(moves)) == expected
    assert verdict(lambda: stuart_maxwell(moves)) == expected


# --- counts, shares and plans -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: sign_test(0, 0), "sound"),
        (lambda: sign_test(0, 0, mid=True), "sound"),
        (lambda: sign_test(-1, 4), "refused"),
        (lambda: sign_test(2.5, 4), "refused"),
        (lambda: sign_test(NAN, 4), "refused"),
        (lambda: sign_test(3, INF), "refused"),
        (lambda: sign_test(3, 1e300), "refused"),
        (lambda: clopper_pearson(0, 0), "few"),
        (lambda: clopper_pearson(0, 1), "sound"),
        (lambda: clopper_pearson(1, 1), "sound"),
        (lambda: clopper_pearson(2, 1), "refused"),
        (lambda: clopper_pearson(-1, 5), "refused"),
        (lambda: clopper_pearson(NAN, 5), "refused"),
        (lambda: wilson(0, 0), "few"),
        (lambda: wilson(1, 1), "sound"),
        (lambda: wilson(6, 5), "refused"),
        (lambda: wilson(3, INF), "refused"),
        (lambda: Switched(0, 0, 0), "few"),
        (lambda: Switched(3, 2, 2), "refused"),
        (lambda: Switched(3, -1, 2), "refused"),
        (lambda: tango(Switched(1, 0, 0)), "sound"),
        (lambda: tango(Switched(1, 1, 0)), "sound"),
        (lambda: tango(Switched(7, 0, 7)), "sound"),
        (lambda: agresti_min(Switched(1, 0, 0)), "sound"),
        (lambda: agresti_min(Switched(2, 2, 0)), "sound"),
        (lambda: newcombe_paired(Switched(1, 0, 0), 0), "sound"),
        (lambda: newcombe_paired(Switched(5, 0, 0), 5), "sound"),
        (lambda: newcombe_paired(Switched(5, 2, 2), 2), "refused"),
        (lambda: newcombe(0, 0, 3, 5), "few"),
        (lambda: newcombe(3, 5, 0, 0), "few"),
        (lambda: newcombe(0, 1, 1, 1), "sound"),
        (lambda: newcombe(6, 5, 1, 4), "refused"),
        (lambda: fisher(0, 0, 0, 0), "sound"),
        (lambda: fisher(0, 0, 3, 5), "sound"),
        (lambda: fisher(1, 1, 0, 1), "sound"),
        (lambda: fisher(6, 5, 1, 4), "refused"),
        (lambda: fisher(-1, 5, 1, 4), "refused"),
        (lambda: fisher(2, 1e300, 1, 4), "refused"),
        (lambda: part_of(3, 4), "refused"),
        (lambda: Directions(0, 0, 0).net_interval(), "none"),
        (lambda: bonett_wright(0.5, 3), "none"),
        (lambda: bonett_wright(1.0, 9), "sound"),
        (lambda: bonett_wright(NAN, 9), "refused"),
        (lambda: bonett_wright(1.5, 9), "refused"),
        (lambda: weighted_kappa([1, 2_000_000], [1, 1]), "refused"),
        (lambda: weighted_kappa([1, 2.5], [1, 1]), "refused"),
        (lambda: adjust([]), "sound"),
        (lambda: holm([]), "sound"),
        (lambda: holm([0.2, NAN]), "refused"),
        (lambda: holm([0.2, 1.2]), "refused"),
        (lambda: adjust([0.0, 1.0]), "sound"),
        (lambda: adjust([0.2, NAN]), "refused"),
        (lambda: adjust([0.2, 1.2]), "refused"),
        (lambda: adjust([-0.2]), "refused"),
        (lambda: small_sample_factor(1), "few"),
        (lambda: small_sample_factor(2), "sound"),
        (lambda: small_sample_factor(1_000_000), "sound"),
        (lambda: noncentral_interval(0.4, 1), "few"),
        (lambda: noncentral_interval(0.4, 2), "sound"),
        (lambda: noncentral_interval(0.0, 9), "sound"),
        (lambda: noncentral_interval(1000.0, 9), "sound"),
        (lambda: noncentral_interval(1e300, 9), "refused"),
        (lambda: noncentral_interval(NAN, 9), "refused"),
        (lambda: power(0.4, 1), "few"),
        (lambda: power(0.4, 2), "sound"),
        (lambda: power(1e300, 9), "sound"),
        (lambda: power(-INF, 9), "refused"),
        (lambda: power(NAN, 9), "refused"),
        (lambda: power(0.4, 9, alpha=0.0), "refused"),
        (lambda: power(0.4, 2.5), "refused"),
        (lambda: minimal_detectable(1), "few"),
        (lambda: minimal_detectable(2), "sound"),
        (lambda: minimal_detectable(9, wanted=1.0), "refused"),
        (lambda: minimal_detectable(9, wanted=NAN), "refused"),
        (lambda: smallest_n(0.0), "none"),
        (lambda: smallest_n(1e300), "sound"),
        (lambda: smallest_n(NAN), "refused"),
        (lambda: smallest_n(0.4, wanted=1.0), "refused"),
        (lambda: pool([1.0], [2.0], complete_df=30), "unfit"),
        (lambda: pool([], [], complete_df=30), "unfit"),
        (lambda: pool([1.0, 1.0], [2.0, 2.0], complete_df=30), "sound"),
        (lambda: pool([1.0, NAN], [2.0, 2.0], complete_df=30), "unfit"),
        (lambda: pool([1.0, INF], [2.0, 2.0], complete_df=30), "unfit"),
        (lambda: pool([1.0, 1e300], [2.0, 2.0], complete_df=30), "unfit"),
        (lambda: pool([1.0, 5.0], [1e-30, 1e-30], complete_df=30), "unfit"),
        (lambda: pool([1.0, 5.0], [0.0, 1.0], complete_df=30), "unfit"),
        (lambda: pool([1.0, 5.0], [2.0, 2.0], complete_df=INF), "unfit"),
        (lambda: pool([1.0, 5.0], [2.0, 2.0], complete_df=NAN), "unfit"),
        (lambda: pool([1.0, 5.0], [2.0, 2.0, 2.0], complete_df=9), "unfit"),
        (lambda: coefficient("time", 1.0, se=0.0), "unfit"),
        (lambda: coefficient("time", NAN, se=1.0), "unfit"),
        (lambda: coefficient("time", 1.0, se=NAN), "unfit"),
        (lambda: coefficient("time", 1.0, se=1.0, df=0.0), "unfit"),
        (lambda: coefficient("time", 1.0, se=1.0), "sound"),
        (lambda: by_value([1, 2, INF]), "unfit"),
        (lambda: by_value(["first", "last"]), "unfit"),
        (lambda: by_value([]), "sound"),
        (lambda: by_value([1.0, 1, 1]), "sound"),
        (lambda: numbers(pd.Series(pd.to_datetime(["2025-01-01"]))), "refused"),
        (lambda: numbers([1 + 2j]), "refused"),
        (lambda: same_people(np.zeros(2), np.zeros(3)), "refused"),
    ],
)
def test_counts_that_cannot_be_and_too_few_people_are_refused_in_words(call: Callable[[], Any], expected: str) -> None:
    assert verdict(call) == expected


# --- models -----------------------------------------------------------------------------------

PERSON = [f"P-{person}" for person in range(12) for _ in range(2)]
TIME = [0.0, 1.0] * 12
SCORES = [9.0, 12, 11, 11, 14, 17, 8, 12, 10, 9, 13, 16, 12, 13, 15, 19, 9, 11, 12, 12, 16, 17, 11, 15]
YES = [0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0]
LEVEL = [1, 2, 2, 3, 3, 3, 1, 2, 2, 1, 1, 3, 2, 2, 3, 3, 1, 2, 1, 1, 3, 2, 2, 3]
CHANGED: dict[str, Callable[[list[Any]], dict[str, Any]]] = {
    "as they are": lambda y: {},
    "nobody": lambda y: {"y": [], "x": {"time": []}, "person": []},
    "one row": lambda y: {"y": y[:1], "x": {"time": TIME[:1]}, "person": PERSON[:1]},
    "one person": lambda y: {"y": y[:2], "x": {"time": TIME[:2]}, "person": PERSON[:2]},
    "two people": lambda y: {"y": y[:4], "x": {"time": TIME[:4]}, "person": PERSON[:4]},
    "one row each": lambda y: {"person": [f"P-{row}" for row in range(24)]},
    "one outcome": lambda y: {"y": [y[0]] * 24},
    "constant": lambda y: {"x": {"time": [1.0] * 24}},
    "prorated": lambda y: {"x": {"time": [0.1 + 0.2, *[0.3] * 23]}},
    "redundant": lambda y: {"x": {"time": TIME, "late": [2 * t - 1 for t in TIME]}},
    "foretold": lambda y: {"x": {"time": y}},
    "separated": lambda y: {"y": [min(y) if t == 0 else max(y) for t in TIME]},
    "her own": lambda y: {"x": {"time": TIME, "only P-3": [float(p == "P-3") for p in PERSON]}},
    "all missing": lambda y: {"y": [NAN] * 24},
    "some missing": lambda y: {"y": [None, *y[1:]]},
    "infinite": lambda y: {"x": {"time": [INF, *TIME[1:]]}},
    "huge": lambda y: {"x": {"time": [1e300, *TIME[1:]]}},
    "huge outcome": lambda y: {"y": [1e300, *y[1:]]},
    "words": lambda y: {"x": {"time": ["before", *TIME[1:]]}},
    "lengths": lambda y: {"x": {"time": TIME[1:]}},
    "nameless": lambda y: {"person": pd.Series([pd.NA, *PERSON[1:]], dtype=object)},
    "mixed labels": lambda y: {"person": pd.Series([7, 7, *PERSON[2:]], dtype=object)},
    "objects": lambda y: {"y": pd.Series(y, dtype=object), "x": {"time": pd.Series(TIME, dtype=object)}},
    "rows twice": lambda y: {"y": y + y[:2], "x": {"time": [*TIME, *TIME[:2]]}, "person": PERSON + PERSON[:2]},
}

OF_MODELS: dict[str, tuple[list[Any], Callable[[Any, Any, Any], Any]]] = {
    "gee": (SCORES, lambda y, x, person: gee(y, x, person, working="exchangeable")),
    "gee yes/no": (YES, lambda y, x, person: gee(y, x, person, family="binomial")),
    "mixed": (SCORES, mixed),
    "ordinal": (LEVEL, lambda y, x, person: ordinal(y, x)),
    "signed_root": (LEVEL, lambda y, x, person: signed_root(y, x, "time")),
    "ordinal_mixed": (LEVEL, ordinal_mixed),
}

EXPECTED_OF_MODELS = table(
    """
    -             gee      gee yes/no  mixed    ordinal  signed_root  ordinal_mixed
    as they are   sound    sound    sound    sound    sound    sound
    nobody        unfit    unfit    unfit    unfit    unfit    unfit
    one row       unfit    unfit    unfit    unfit    unfit    unfit
    one person    unfit    unfit    unfit    unfit    unfit    unfit
    two people    unfit    unfit    unfit    unfit    unfit    unfit
    one row each  unfit    sound    unfit    sound    sound    unfit
    one outcome   unfit    unfit    unfit    unfit    unfit    unfit
    constant      unfit    unfit    unfit    unfit    unfit    unfit
    prorated      unfit    unfit    unfit    unfit    unfit    unfit
    redundant     unfit    unfit    unfit    unfit    unfit    unfit
    foretold      unfit    unfit    unfit    unfit    unfit    unfit
    separated     unfit    unfit    unfit    unfit    unfit    unfit
    her own       unfit    unfit    sound    sound    sound    sound
    all missing   unfit    unfit    unfit    unfit    unfit    unfit
    some missing  sound    sound    sound    sound    sound    sound
    infinite      unfit    unfit    unfit    unfit    unfit    unfit
    huge          unfit    unfit    unfit    unfit    unfit    unfit
    huge outcome  unfit    unfit    unfit    unfit    unfit    unfit
    words         unfit    unfit    unfit    unfit    unfit    unfit
    lengths       unfit    unfit    unfit    unfit    unfit    unfit
    nameless      unfit    unfit    unfit    sound    sound    unfit
    mixed labels  sound    sound    sound    sound    sound    sound
    objects       sound    sound    sound    sound    sound    sound
    rows twice    sound    sound    sound    sound    sound    sound
    """
)


@pytest.mark.parametrize(("given", "method", "expected"), EXPECTED_OF_MODELS)
def test_whatever_the_rows_hold_a_model_refuses_in_words_or_gives_sound_numbers(
    given: str, method: str, expected: str
) -> None:
    outcome, model = OF_MODELS[method]
    rows = {"y": outcome, "x": {"time": TIME}, "person": PERSON, **CHANGED[given](outcome)}
    assert verdict(lambda: model(rows["y"], rows["x"], rows["person"])) == expected


def test_a_model_asked_for_a_predictor_that_it_does_not_have_says_so() -> None:
    assert verdict(lambda: signed_root(LEVEL, {"time": TIME}, "tmie")) == "unfit"
    assert verdict(lambda: mixed(SCORES, {"time": TIME}, PERSON, slope="tmie")) == "unfit"
    assert verdict(lambda: ordinal(LEVEL, {})) == "unfit"


# --- frames -----------------------------------------------------------------------------------

DECLARED = (Wave("baseline", {}, 0), Wave("endline", {}, 180))
OUTCOME = Outcome(id="security", labels={}, scale="safety.total", primary=True, step=2)
THE_PLAN = Plan(outcomes=(OUTCOME,), mid="mid")
SCALE = Scale("total", {}, "higher", "sum", 6, 30, 5, ("a", "b"))
PEOPLE = pd.DataFrame({"participant": [f"P-{number}" for number in range(8)]})


def told(start: Any, end: Any, mid: Any = None) -> pd.DataFrame:
    waves = {"baseline": start, "endline": end} | ({} if mid is None else {"mid": mid})
    rows = [
        (f"P-{number}", wave, "safety.total", each)
        for wave, values in waves.items()
        for number, each in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["participant", "wave", "scale", "score"])


TOLD = told(START, END)


@pytest.mark.parametrize(
    ("scores", "people", "expected"),
    [
        (TOLD, PEOPLE, "sound"),
        (TOLD[:0], PEOPLE, "sound"),
        (TOLD[:0], PEOPLE[:0], "sound"),
        (TOLD, PEOPLE[:0], "sound"),
        (TOLD, PEOPLE[:1], "sound"),
        (TOLD, PEOPLE[:2], "sound"),
        (told([12.0] * 8, [12.0] * 8), PEOPLE, "sound"),
        (told([12] * 8, [15] * 8), PEOPLE, "sound"),
        (told([NAN] * 8, [NAN] * 8), PEOPLE, "sound"),
        (told(START, [NAN] * 8), PEOPLE, "sound"),
        (told([NAN] * 8, END), PEOPLE, "sound"),
        (told(START, [2 * s for s in START]), PEOPLE, "sound"),
        (told([12.0] * 8, END), PEOPLE, "sound"),
        (told(START, [*END[:6], NAN, NAN], mid=START), PEOPLE, "sound"),
        (TOLD.astype({"score": object}), PEOPLE, "sound"),
        (TOLD.assign(wave="some other wave"), PEOPLE, "sound"),
        (TOLD.assign(scale="another.scale"), PEOPLE, "sound"),
        (TOLD, PEOPLE.assign(consent_reporting=NAN), "sound"),
        (pd.concat([TOLD, TOLD[:1]]), PEOPLE, "refused"),
        (TOLD, pd.concat([PEOPLE, PEOPLE[:1]]), "refused"),
        (told([INF, *START[1:]], END), PEOPLE, "refused"),
        (told([INF, *START[1:]], [INF, *END[1:]]), PEOPLE, "refused"),
        (told(START, [-INF, *END[1:]]), PEOPLE, "refused"),
        (told(START, [1e300, *END[1:]]), PEOPLE, "refused"),
        (told(START, [31, *END[1:]]), PEOPLE, "refused"),
        (told([5.5, *START[1:]], END), PEOPLE, "refused"),
    ],
)
def test_whatever_the_scores_hold_an_outcome_is_refused_in_words_or_sound(
    scores: pd.DataFrame, people: pd.DataFrame, expected: str
) -> None:
    for plan in (THE_PLAN, dataclasses.replace(THE_PLAN, minimum_pairs=2, minimum_released=2, minimum_retention=0.0)):
        found = verdict(lambda plan=plan: outcome_change(scores, people, OUTCOME, SCALE, plan))
        assert found == expected


@pytest.mark.parametrize(
    ("items", "reliability"),
    [
        ([[1, 5]] * 8, None),
        ([[NAN, NAN]] * 8, None),
        (np.empty((0, 2)), None),
        ([[1, 5]], None),
        ([[row, 6 - row] for row in (1, 2, 3, 4, 5, 4, 3, 2)], None),
        ([[row, row] for row in (1, 2, 3, 4, 5, 4, 3, 2)], 1.0),
    ],
)
def test_items_that_cannot_be_trusted_leave_an_outcome_sound(items: Any, reliability: float | None) -> None:
    plan = dataclasses.replace(THE_PLAN, alpha_people=0)
    found = outcome_change(TOLD, PEOPLE, OUTCOME, SCALE, plan, items=items)
    assert not list(unsound(found))
    assert (found.trust.reliability and found.trust.reliability.cronbach) == reliability
    assert found.trust.headlined == (reliability is not None)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: reliable_counts([], sd=4.0, reliability=0.8), "sound"),
        (lambda: reliable_counts([9.0], sd=4.0, reliability=1.0), "sound"),
        (lambda: reliable_counts([3.0] * 8, sd=4.0, reliability=0.0), "sound"),
        (lambda: cutoff_c(14.0, 4.0, 20.0, 3.0), "sound"),
        (lambda: measurement_error(4.0, 0.8), "sound"),
        (lambda: reliable_counts([9.0, NAN], sd=4.0, reliability=0.8), "refused"),
        (lambda: reliable_counts([9.0, INF], sd=4.0, reliability=0.8), "refused"),
        (lambda: measurement_error(0.0, 0.8), "refused"),
        (lambda: measurement_error(INF, 0.8), "refused"),
        (lambda: measurement_error(4.0, 1.2), "refused"),
        (lambda: cutoff_c(14.0, 0.0, 20.0, 0.0), "refused"),
        (lambda: dose(pd.concat([PEOPLE, PEOPLE[:1]]), SESSIONS, REGISTER, (COURSE,)), "refused"),
        (lambda: flow(pd.concat([DATES, DATES[:1]]), FORM, ()), "refused"),
    ],
)
def test_noise_doses_and_flow_of_numbers_that_cannot_be_are_refused_in_words(
    call: Callable[[], Any], expected: str
) -> None:
    assert verdict(call) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ([1, 2, 3, 4, 5], [2, 4, 3, 6, NAN], "sound"),
        ([1, 2, 3, 4, 5], [2, 4, 3, 6, 6], "unfit"),
        ([], [], "unfit"),
        ([1], [NAN], "unfit"),
        ([1, 2, 3, 4, 5], [NAN] * 5, "unfit"),
        ([3, 3, 3, 3, 5], [2, 4, 3, 6, NAN], "unfit"),
        ([1, 2, 3, 4, 5], [2, 3, 4, 5, NAN], "unfit"),
        ([1, 2, INF, 4, 5], [2, 4, 3, 6, NAN], "refused"),
        ([1, 2, 3, 4], [2, 4, 3, 6, NAN], "refused"),
        (["a", "b"], [2, NAN], "refused"),
    ],
)
def test_an_imputation_without_anything_to_go_by_says_so(start: Any, end: Any, expected: str) -> None:
    assert verdict(lambda: imputed_change(start, end, rng=np.random.default_rng(1))) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [("twice", "refused"), ("refused", "sound"), ("none", "sound"), ("other wave", "sound")],
)
def test_items_of_a_form_that_is_odd_are_counted_or_refused(given: str, expected: str) -> None:
    one = {"participant": "P-1", "wave": "baseline", "instrument": "q", "item": "a", "value": "2", "state": "answered"}
    rows = {
        "twice": [one, one],
        "refused": [one | {"value": "98", "state": "refused"}],
        "none": [],
        "other wave": [one | {"wave": "summer"}],
    }[given]
    answers = pd.DataFrame(rows, columns=list(one))
    item = Item("a", "select_one", {}, (Choice("1", {}), Choice("2", {})), "s", 1, low=1, high=2)
    scale = Scale("s", {}, "higher", "sum", 1, 2, 1, ("a",))
    form = Instrument("q", "1", {}, (item,), (scale,))
    assert verdict(lambda: item_changes(answers, form, scale, THE_PLAN)) == expected


def test_an_outcome_whose_mean_is_missing_says_why() -> None:
    for scores in (TOLD[:0], told([12.0] * 8, [15.0] * 8), told(START, [NAN] * 8), TOLD.assign(wave="other")):
        found = outcome_change(scores, PEOPLE, OUTCOME, SCALE, THE_PLAN)
        assert found.headline_estimate is None
        assert all(say(found.refusals[0].message, language).endswith(".") for language in ("en", "pl"))


SAFETY = Instrument(
    id="safety",
    version="1",
    labels={},
    items=(
        Item("a", "select_one", {}, key=1, low=1, high=5),
        Item("b", "select_one", {}, key=-1, low=1, high=5),
    ),
    scales=(Scale("total", {}, "higher", "sum", 2, 10, 1, ("a", "b")),),
)
FORM = pd.DataFrame(
    {
        "participant": ["P-0", "P-0", "P-1", "P-1"],
        "wave": "baseline",
        "instrument": "safety",
        "item": ["a", "b", "a", "b"],
        "value": ["1", "5", "4", None],
        "state": ["answered", "answered", "answered", "refused"],
    }
)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (FORM, "sound"),
        (FORM[:0], "sound"),
        (FORM[:1], "sound"),
        (FORM.astype(object), "sound"),
        (FORM.assign(state="refused"), "sound"),
        (FORM.assign(instrument="another"), "sound"),
        (FORM.assign(item=["a", "x", "a", "x"]), "sound"),
        (FORM.assign(wave="some other wave"), "sound"),
        (pd.concat([FORM, FORM[:1]]), "refused"),
        (FORM.assign(value=["1", "inf", "4", None]), "refused"),
        (FORM.assign(value=["1", "nan", "4", None]), "refused"),
        (FORM.assign(value=["1", "1e300", "4", None]), "refused"),
        (FORM.assign(value=["1", "6", "4", None]), "refused"),
        (FORM.assign(value=["1", "-0.5", "4", None]), "refused"),
        (FORM.assign(value=["1", "often", "4", None]), "refused"),
        (FORM.assign(value=["1", None, "4", None]), "refused"),
    ],
)
def test_an_answer_that_is_no_code_of_its_item_is_refused_in_words(answers: pd.DataFrame, expected: str) -> None:
    assert verdict(lambda: score(answers, SAFETY)) == expected
    in_wave = answers.assign(wave="baseline")
    assert verdict(lambda: keyed_items(in_wave, SAFETY, SAFETY.scales[0], wave="baseline")) == expected


def test_a_score_is_missing_only_below_the_minimum_answered() -> None:
    found = score(FORM.assign(state=["answered", "answered", "refused", "refused"]), SAFETY)
    assert found["score"].isna().tolist() == [False, True]
    assert found["answered"].tolist() == [2, 0]


def test_scores_by_wave_stand_in_the_order_that_is_asked_for_and_are_missing_where_there_is_none() -> None:
    scores = score(FORM, SAFETY)
    wide = by_wave(scores, "safety.total", ["endline", "baseline"])
    assert list(wide.columns) == ["endline", "baseline"]
    assert wide["baseline"].to_dict() == {"P-0": 2.0, "P-1": 8.0}
    assert wide["endline"].isna().all()
    assert by_wave(scores, "safety.other", ["baseline"]).shape == (0, 1)
    assert by_wave(scores[:0], "safety.total", ["baseline"]).shape == (0, 1)


def test_a_score_that_somebody_has_twice_in_a_wave_is_refused() -> None:
    scores = score(FORM, SAFETY)
    assert verdict(lambda: by_wave(pd.concat([scores, scores[:1]]), "safety.total", ["baseline"])) == "refused"
    assert verdict(lambda: by_wave(pd.concat([scores, scores[:1]]), "safety.total", ["endline"])) == "sound"


@pytest.mark.parametrize(
    ("answers", "gate", "expected"),
    [
        (FORM, "", [6.0, NAN]),
        (FORM[:0], "", [6.0, NAN]),
        (FORM, "${a} = 1", [6.0, 2.0]),  # the second does not pass and has the lowest points
        (FORM.assign(state="refused"), "${a} = 1", [NAN, NAN]),
        (FORM[:0], "${a} = 1", [NAN, NAN]),
    ],
)
def test_points_are_missing_where_a_rule_is_undecided_and_the_lowest_where_it_is_not_met(
    answers: pd.DataFrame, gate: str, expected: list[float]
) -> None:
    index = pd.MultiIndex.from_tuples([("P-0", "baseline"), ("P-1", "baseline")], names=["participant", "wave"])
    keyed = pd.DataFrame({"a": [1.0, NAN], "b": [5.0, NAN]}, index)
    scale = dataclasses.replace(SAFETY.scales[0], gate=gate)
    np.testing.assert_array_equal(points(answers, keyed, SAFETY, scale), expected)
    assert points(answers, keyed[:0], SAFETY, scale).shape == (0,)


@pytest.mark.parametrize(
    ("enrolled", "answered", "session", "expected"),
    [
        ("2025-01-01", "2025-01-15", None, []),  # the last day that is in time
        ("2025-01-01", "2025-01-16", None, [(True, False)]),
        ("2025-01-01", "2025-01-10", "2025-01-09", [(False, True)]),
        ("2025-01-01", "2025-01-10", "2025-01-10", []),
        (None, "2025-03-10", None, []),
        ("2025-01-01", None, "2025-01-01", []),
    ],
)
def test_a_day_that_is_not_known_makes_no_first_answer_late(
    enrolled: str | None, answered: str | None, session: str | None, expected: list[tuple[bool, bool]]
) -> None:
    day = pd.to_datetime
    people = pd.DataFrame({"participant": ["P-0"], "enrolled_on": [day(enrolled)]})
    answers = pd.DataFrame({"participant": "P-0", "wave": "baseline", "instrument": "safety", "date": [day(answered)]})
    held = pd.DataFrame({"session": ["s1"], "course": ["polish"], "date": [day(session)]})
    register = pd.DataFrame({"session": ["s1"], "participant": ["P-0"], "status": ["present"]})
    plan = dataclasses.replace(THE_PLAN, late_after_days=14)
    late = late_first_answers(answers, people, held, register, wave=Wave("baseline", {}, 0), plan=plan, courses=())
    assert list(late[["after_days", "after_session"]].itertuples(index=False, name=None)) == expected
    rows = pd.DataFrame({"participant": ["P-0", "P-0"], "wave": ["baseline", "endline"]})
    assert marked(rows, pd.Series(["safety", "safety"]), late, wave="baseline").tolist() == [bool(expected), False]
    assert marked(rows, pd.Series(["other", "other"]), late, wave="baseline").tolist() == [False, False]


COURSE = Course("polish", {}, sessions=2, minimum_sessions=2)
SESSIONS = pd.DataFrame({"session": ["s1", "s2"], "course": ["polish", "polish"], "hours": [2.0, NAN]})
REGISTER = pd.DataFrame(
    {
        "session": ["s1", "s2", "s1", "s1"],
        "participant": ["P-0", "P-0", "P-1", "P-2"],
        "status": ["present", "present", "absent", "excused"],
    }
)


@pytest.mark.parametrize(
    ("people", "sessions", "register", "expected"),
    [
        (PEOPLE, SESSIONS, REGISTER, "sound"),
        (PEOPLE[:0], SESSIONS, REGISTER, "sound"),
        (PEOPLE[:1], SESSIONS, REGISTER[:1], "sound"),
        (PEOPLE, SESSIONS[:0], REGISTER[:0], "sound"),
        (PEOPLE, SESSIONS, REGISTER[:2].assign(participant="P-99"), "sound"),
        (PEOPLE, SESSIONS.assign(hours=NAN), REGISTER, "sound"),
        (PEOPLE, SESSIONS, pd.concat([REGISTER, REGISTER[:1]]), "refused"),
        (PEOPLE, pd.concat([SESSIONS, SESSIONS[:1]]), REGISTER, "refused"),
        (PEOPLE, SESSIONS.assign(course="pottery"), REGISTER, "refused"),
        (PEOPLE, SESSIONS, REGISTER.assign(session="s9"), "refused"),
        (PEOPLE, SESSIONS, REGISTER.assign(status="late"), "refused"),
    ],
)
def test_whatever_the_register_holds_doses_are_refused_in_words_or_sound(
    people: pd.DataFrame, sessions: pd.DataFrame, register: pd.DataFrame, expected: str
) -> None:
    assert verdict(lambda: dose(people, sessions, register, (COURSE,))) == expected
    if expected == "sound":
        found = dose(people, sessions, register, (COURSE,))
        # The only blanks are those that the docstring names.
        assert found["rate"].isna().equals(found["present"] + found["absent"] == 0)
        assert (found["hours"].notna() | (found["present"] > 0)).all()
        assert (found["hours"].isna() | np.isfinite(found["hours"])).all()


@pytest.mark.parametrize(
    ("scores", "register"),
    [
        (TOLD, REGISTER),
        (TOLD, REGISTER[:0]),
        (TOLD[:0], REGISTER),
        (told([12.0] * 8, [15.0] * 8), REGISTER),
        (told([NAN] * 8, [NAN] * 8), REGISTER),
        (TOLD.assign(wave="some other wave"), REGISTER),
    ],
)
@pytest.mark.parametrize("least", [1, 20])
def test_attendance_is_compared_with_change_or_it_is_said_why_not(
    scores: pd.DataFrame, register: pd.DataFrame, least: int
) -> None:
    plan = dataclasses.replace(THE_PLAN, dose_people=least, dose_distinct=1)
    doses = dose(PEOPLE, SESSIONS, register, (COURSE,))
    change = outcome_change(scores, PEOPLE, OUTCOME, SCALE, plan)
    (found,) = dose_and_change(doses, scores, change, plan, courses=(COURSE,))
    assert not list(unsound(found))
    assert (found.correlation is None) == bool(found.refusals)


@pytest.mark.parametrize(
    ("sessions", "gains"), [([], []), ([3], [1.0]), ([3, 4], [1.0, 1.0]), ([3] * 8, END), ([1, 2, 3], [NAN, 1, 2])]
)
def test_a_comparison_of_attendance_is_made_refused_or_told_to_be_impossible(
    sessions: list[int], gains: list[float]
) -> None:
    plan = dataclasses.replace(THE_PLAN, dose_people=0, dose_distinct=0)
    assert verdict(lambda: compare(np.array(sessions, dtype=np.int64), np.array(gains), plan)) == (
        "refused" if NAN in gains else "sound"
    )


DATES = pd.DataFrame(
    {
        "participant": ["P-0", "P-1", "P-2"],
        "enrolled_on": pd.to_datetime(["2025-01-01", "2025-03-01", None]),
        "left_on": pd.to_datetime([None, "2025-02-01", None]),
        "leaving_reason": [None, "moved", None],
    }
)


HELD = pd.DataFrame({"course": ["c1", "c1", "c2"], "kind": ["group", None, "group"], "hours": [1.5, None, 2]})


@pytest.mark.parametrize("rows", [slice(0), slice(1), slice(None)])
def test_sessions_without_kind_or_hours_are_held_all_the_same(rows: slice) -> None:
    assert verdict(lambda: held(HELD[rows])) == "sound"
    assert sum(each.sessions for each in held(HELD[rows])) == len(HELD[rows])
    assert all(each.hours is not None for each in held(HELD[rows]) if each.kind)


@pytest.mark.parametrize("given", [[True, False, True], [None, None, None], ["true", 1, float("nan")], [False] * 3])
def test_only_a_consent_that_was_given_brings_a_person_into_a_frame(given: list[Any]) -> None:
    frames = {
        "participants": DATES.assign(consent_service=given, age_band="30_39", guardian_consent=False),
        "sessions": HELD,
    }
    kept, without = of_service(frames)
    assert len(kept["participants"]) + without == len(DATES)
    assert len(kept["participants"]) == sum(each is True or each == 1 for each in given)
    assert kept["sessions"].equals(HELD)
    reports = reporting(DATES.assign(consent_reporting=given))
    assert len(reports) == sum(each is True or each == 1 for each in given)


@pytest.mark.parametrize("given", [["endline", "baseline", "endline"], ["first", None, "baseline"], [None] * 3])
def test_waves_sort_as_declared_and_one_that_is_declared_no_more_stays(given: list[Any]) -> None:
    rows = DATES.assign(wave=given)
    people = DATES.assign(consent_service=[True, True, False], age_band="30_39", guardian_consent=False)
    kept, without = measured({"participants": people, "answers": rows}, DECLARED)
    assert (without, kept["participants"].shape) == (1, (2, people.shape[1]))
    assert kept["answers"]["wave"].equals(in_order(rows, DECLARED)["wave"].iloc[:2])
    found = in_order(rows, DECLARED)["wave"].sort_values().dropna().tolist()
    assert found == [wave for wave in ("baseline", "endline", "first") for each in given if each == wave]
    assert in_order(DATES, DECLARED).equals(DATES)


GOALS = pd.DataFrame(
    {
        "participant": ["P-0", "P-0", "P-1", "P-2"],
        "kind": ["work", None, "work", "housing"],
        "baseline_level": [-2.0, -2.0, -1.0, 0.0],
        "reached_level": [1.0, 0.0, None, -2.0],
        "weight": [None, 2.0, 1.0, 3.0],
    }
)


@pytest.mark.parametrize(
    "goals", [GOALS, GOALS[:0], GOALS[2:3], GOALS.assign(reached_level=NAN), GOALS.assign(kind=None)]
)
def test_goals_that_nobody_rated_are_not_known_and_never_missed(goals: pd.DataFrame) -> None:
    every, *kinds = attainment(goals)
    assert verdict(lambda: attainment(goals)) == verdict(lambda: scored(goals)) == "sound"
    assert (every.goals, every.rated) == (len(goals), goals["reached_level"].notna().sum())
    assert sum(kind.goals for kind in kinds) == goals["kind"].notna().sum()
    assert of_kind(goals, "work").goals == (goals["kind"] == "work").sum()
    assert scored(goals).people == len(every.rated_people)


def test_a_goal_without_its_weight_gives_no_t_score() -> None:
    given = np.array([[1.0, 0.0], [1.0, NAN], [NAN, NAN]])
    weights = np.array([[1.0, NAN], [1.0, NAN], [1.0, 1.0]])
    assert np.isnan(t_score(given, weights)).tolist() == [True, False, True]


REFERRALS = pd.DataFrame(
    {
        "participant": ["P-0", "P-0", "P-1"],
        "institution": ["police", None, "clinic"],
        "direction": ["from_us", "from_us", "to_us"],
        "outcome": ["accepted", None, None],
    }
)


@pytest.mark.parametrize("referrals", [REFERRALS, REFERRALS[:0], REFERRALS[2:], REFERRALS.assign(outcome=None)])
def test_referrals_without_an_outcome_are_counted_as_such(referrals: pd.DataFrame) -> None:
    assert verdict(lambda: by_institution(referrals)) == "sound"
    assert all(sum(each.outcomes.values()) == each.referrals for each in by_institution(referrals))
    assert people_referred(referrals, institution="nobody") == frozenset()


@pytest.mark.parametrize("start", ["regulated", "unknown", None, "pending", "a code of another form"])
@pytest.mark.parametrize("end", ["regulated", None])
def test_a_status_that_nobody_knows_has_not_become_regulated(start: str | None, end: str | None) -> None:
    people = DATES.assign(legal_start=start, legal_end=end)
    known = start not in (None, "unknown")
    assert (status(people, "legal").known, sum(status(people, "legal").at.values())) == (3 * (known and bool(end)), 3)
    assert len(regulated(people).reached) == 3 * (known and start != "regulated" and bool(end))
    assert regulated(people).reached <= regulated(people).asked


@pytest.mark.parametrize("months", [[], ["2026-03"], ["2026-05", "2026-02"]])
def test_a_month_that_nobody_counted_is_a_gap_and_not_nought(months: list[str]) -> None:
    recorded = pd.DataFrame({"month": months, "kind": ["calls"] * len(months), "count": [3.0] * len(months)})
    assert verdict(lambda: tallies(recorded, {"calls": "sum", "cases": "last"})) == "sound"
    for each in tallies(recorded, {"calls": "sum", "cases": "last"}):
        assert (each.total, len(each.gaps)) == (3 * len(months), 2 * (len(months) == 2))


@pytest.mark.parametrize(
    "people",
    [DATES, DATES[:0], DATES[:1], DATES.assign(left_on=pd.NaT), DATES.assign(enrolled_on=pd.NaT), DATES.astype(object)],
)
def test_whatever_dates_are_missing_or_out_of_order_the_flow_adds_up(people: pd.DataFrame) -> None:
    for answers in (FORM, FORM[:0], FORM.assign(wave="some other wave")):
        found = flow(people, answers, DECLARED)
        assert (found["enrolled"] == found["left"] + found["not_yet"] + found["due"]).all()
        assert (found["answered"] <= found["due"]).all()
    assert len(leavers(people, DECLARED)) == people["left_on"].notna().sum()
    assert reasons(people)["count"].sum() == people["leaving_reason"].notna().sum() or people["left_on"].isna().all()


# --- invariants -------------------------------------------------------------------------------

POINTS = st.lists(st.integers(-12, 15), min_size=2, max_size=14)
PAIRS = st.lists(st.tuples(st.integers(6, 30), st.integers(6, 30)), min_size=4, max_size=14)


def estimates(points: Any) -> Iterator[tuple[float, float | None, float | None]]:
    """(estimate, low, high) of every method that gives an interval of the mean or the median change."""
    if np.ptp(points):
        t, resampled = paired_t(points), bootstrap(points)
        yield t.mean, t.low, t.high
        yield resampled.mean, *resampled.percentile
    yield float(np.mean(points)), *sign_flip_interval(points, alpha=0.2)
    middle = hodges_lehmann(points)
    yield middle.estimate, middle.low, middle.high


@settings(max_examples=25, deadline=None)
@given(POINTS, st.integers(-40, 40), st.sampled_from([0.25, 0.5, 2.0, 3.0]))
def test_an_interval_holds_its_estimate_and_moves_and_stretches_with_it(
    points: list[int], shift: int, unit: float
) -> None:
    moved = [unit * (point + shift) for point in points]
    for here, there in zip(estimates(points), estimates(moved), strict=True):
        if here[1] is not None and here[2] is not None:
            assert here[1] - 1e-9 <= here[0] <= here[2] + 1e-9
            assert there == pytest.approx([unit * (each + shift) for each in here])


@settings(max_examples=25, deadline=None)
@given(POINTS, st.randoms(use_true_random=False))
def test_the_order_of_people_and_the_sign_of_zero_change_nothing(points: list[int], chance: Any) -> None:
    mixed_up = chance.sample(points, len(points))
    signed = [float(point) if point else -0.0 for point in mixed_up]
    for method in (sign_flip, wilcoxon, directions, hodges_lehmann):
        assert method(points) == method(mixed_up) == method(signed)
    for here, there in zip(estimates(points), estimates(signed), strict=True):
        assert there == pytest.approx(here)


@settings(max_examples=25, deadline=None)
@given(POINTS)
def test_a_p_lies_in_0_to_1_and_is_the_same_for_the_opposite_changes(points: list[int]) -> None:
    opposite = [-point for point in points]
    for test in (sign_flip, wilcoxon, lambda d: wilcoxon(d, zeros="pratt")):
        here, there = test(points), test(opposite)
        assert (here.p_two_sided, here.p_greater) == (there.p_two_sided, there.p_less)
        assert all(0 < p <= 1 for p in (here.p_two_sided, here.p_greater, here.p_less))
    assert 0 < directions(points).sign_p == directions(opposite).sign_p <= 1
    if np.ptp(points):
        assert 0 < paired_t(points).p_two_sided == pytest.approx(paired_t(opposite).p_two_sided)


@settings(max_examples=25, deadline=None)
@given(PAIRS, st.randoms(use_true_random=False))
def test_the_bounds_hold_the_estimate_if_nothing_was_gained(pairs: list[tuple[int, int]], chance: Any) -> None:
    start = [pair[0] for pair in pairs]
    end = [float(pair[1]) if chance.random() < 0.7 else NAN for pair in pairs]
    low, high = bounds(start, end, minimum=6, maximum=30)
    assert low - 1e-9 <= if_nothing_gained(start, end) <= high + 1e-9
    model = all_enrolled(start, end)
    if model is not None:
        assert model.low <= model.estimate <= model.high
        assert not list(unsound(model))


@settings(max_examples=16, deadline=None)
@given(PAIRS, st.integers(-5, 5))
def test_a_shift_of_the_scale_leaves_the_change_of_everyone_as_it_is(pairs: list[tuple[int, int]], shift: int) -> None:
    start, end = np.array(pairs, dtype=float).T
    end[0] = NAN
    here, there = all_enrolled(start, end), all_enrolled(start + shift, end + shift)
    assert (here is None) == (there is None)
    if here is not None:
        assert (here.estimate, here.se) == pytest.approx((there.estimate, there.se), abs=1e-9)


@settings(max_examples=16, deadline=None)
@given(PAIRS)
def test_whatever_the_pairs_every_comparison_is_sound(pairs: list[tuple[int, int]]) -> None:
    start, end = np.array(pairs).T
    for method in OF_WAVES.values():
        assert verdict(lambda method=method: method(start, end)) in ("none", "sound")
    correlation = rank_correlation(start, end)
    if correlation is not None:
        assert -1 <= correlation.spearman <= 1
        ps = [p for p in (correlation.spearman_p, correlation.kendall_p) if p is not None]
        assert all(0 < p <= 1 for p in ps)


@settings(max_examples=16, deadline=None)
@given(st.lists(st.lists(st.integers(0, 2), min_size=3, max_size=3), min_size=1, max_size=12))
def test_whatever_the_answers_every_method_for_a_table_is_sound_or_refuses_in_words(rows: list[list[int]]) -> None:
    for method in OF_TABLES.values():
        assert verdict(lambda method=method: method(rows)) in ("none", "sound", "unfit", "refused")


@settings(max_examples=14, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=20))
def test_whatever_the_rows_every_model_is_sound_or_refuses_in_words(rows: list[tuple[int, int, int]]) -> None:
    answer, time, person = np.array(rows).T
    for _, model in OF_MODELS.values():
        for y in (answer, answer % 2):
            assert verdict(lambda model=model, y=y: model(y, {"time": time}, person)) in ("sound", "unfit")


@settings(max_examples=16, deadline=None)
@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_intervals_of_shares_hold_the_share_and_p_lies_in_0_to_1(a: int, b: int, c: int, d: int) -> None:
    assume(a + b and c + d)
    share, other = a / (a + b), c / (c + d)
    for interval in (clopper_pearson, wilson):
        low, high = interval(a, a + b)
        assert 0 <= low <= share + 1e-12
        assert share - 1e-12 <= high <= 1
    low, high = newcombe(a, a + b, c, c + d)
    assert -1 - 1e-12 <= low <= share - other + 1e-12
    assert share - other - 1e-12 <= high <= 1 + 1e-12
    assert 0 < fisher(a, a + b, c, c + d) <= 1
    assert 0 < sign_test(a, b) == sign_test(b, a) <= 1
    pairs = Switched(a + b + c, a, b)
    assert tango(pairs)[0] <= pairs.difference <= tango(pairs)[1]


# --- nothing is left out ----------------------------------------------------------------------

ROOM = Path(evaluation.measure.__file__).parent
APART = {"indicators", "pictures", "results"}
"""What reads a project's own tables, which intake has checked; and a notice."""
MODULES = [
    ".".join(("evaluation.measure", *path.relative_to(ROOM).with_suffix("").parts))
    for path in sorted(ROOM.rglob("*.py"))
    if path.stem not in {"__init__", *APART}
]

INNER = {
    "frame": "of Results.frame, which is asked for what is not declared where the project is tested",
    "enrolled_once": "driven through dose, flow and outcome_change",
    "noise_cautions": "of outcome_change",
    "no_prediction": "of outcome_change",
    "near_ends": "of outcome_change",
    "end_cautions": "of outcome_change",
    "reversed_items": "of outcome_change",
    "against_the_rest": "of outcome_change, on what reliability found",
    "missing_people": "reads a change",
    "tipping": "reads a change",
    "tipping_of_interval": "reads a change",
    "waves_with_enough": "looks at the scores as mmrm does",
    "refusals_for": "of outcome_change",
    "refusal": "fills a sentence",
    "group_of": "recodes a column that intake has checked",
    "by_group": "outcome_change has looked at its scores",
    "leave_one_out": "outcome_change has looked at its scores",
    "subset_sums": "exact hands it whole steps",
    "noncentral_t": "of power and noncentral_interval",
    "crossing": "of tango, noncentral_interval and minimal_detectable",
    "tail": "of sign_flip among many people",
    "lower_limit": "of sign_flip_interval among many people who changed differently",
    "category": "a comparison",
    "with_cutoff": "a comparison",
    "reliable_change": "of outcome_change",
    "reml": "of mixed and mmrm",
    "satterthwaite": "of mixed",
    "kenward_roger": "of mixed",
    "sandwich": "of gee and mmrm",
    "blocks": "complete_rows has looked at its rows",
    "complete_rows": "driven through every model",
    "modelled": "driven through every model",
    "coefficients": "coefficient, many times",
    "seen_inverse": "its LinAlgError is caught by those who call it",
    "cuts": "of ordinal",
    "log_chances": "of ordinal",
    "pulls": "of ordinal",
    "refuse_separated": "of ordinal",
    "standardised": "of ordinal",
}
"""Functions that other functions of the room call with what they have looked at, and why that is enough."""


@pytest.mark.parametrize("module", MODULES)
def test_every_public_function_of_the_room_is_driven_with_bad_input(module: str) -> None:
    found = import_module(module)
    own = {
        name
        for name, each in vars(found).items()
        if inspect.isfunction(each) and each.__module__ == found.__name__ and not name.startswith("_")
    }
    assert own - set(INNER) <= set(globals()), "drive the new function with bad input in this file"
