"""Which of our functions answers which file of cases: METHODS has one line per file."""

from __future__ import annotations

from typing import Any

import numpy as np

from evaluation.measure.counts import (
    Switched,
    agresti_min,
    clopper_pearson,
    newcombe_paired,
    sign_test,
    tango,
    wilson,
)
from evaluation.measure.exact import sign_flip, sign_flip_interval
from evaluation.measure.missing import all_enrolled, bounds, if_nothing_gained
from evaluation.measure.paired import directions, paired_t, rank_biserial
from evaluation.measure.several import adjust

from .compare import Method

Fields = dict[str, Any]


def _floats(values: list[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _differences(data: Fields) -> np.ndarray:
    return _floats(data["post"]) - _floats(data["pre"])


def _paired_t(data: Fields, params: Fields) -> Fields:
    wide, narrow = (paired_t(_differences(data), alpha=alpha) for alpha in (0.05, 0.10))
    return {
        **{name: getattr(wide, name) for name in ("n", "mean", "sd", "se", "t", "df")},
        "p_two_sided": wide.p_two_sided,
        "p_greater": wide.p_greater,
        "ci95": [wide.low, wide.high],
        "ci90": [narrow.low, narrow.high],
    }


def _directions(data: Fields, params: Fields) -> Fields:
    counted = directions(_differences(data))
    # effectsize 0.8.3 counts everyone whose end score is not 0 where it means those who changed.
    ends = int(np.count_nonzero(_floats(data["post"])))
    r, interval = rank_biserial(_differences(data), counted=ends) or (None, None)
    return {
        "rank_biserial": r,
        "rank_biserial_ci95_fisher_effectsize": interval,
        "n_up": counted.higher,
        "n_zero": counted.same,
        "n_down": counted.lower,
        "net_up": counted.net,
        "sign_test_p_two_sided": counted.sign_p,
        "share_up_of_changed_ci95": counted.share_higher(),
    }


def _sign_flip(data: Fields, params: Fields) -> Fields:
    differences = _differences(data)
    test = sign_flip(differences)
    return {
        "n": test.n,
        "mean": differences.mean(),
        "sum": differences.sum(),
        "p_two_sided": test.p_two_sided,
        "p_greater": test.p_greater,
        "p_less": test.p_less,
    }


def _sign_flip_interval(data: Fields, params: Fields) -> Fields:
    differences = _differences(data)
    levels = params.get("levels", [0.9, 0.95, 0.99])
    found = {f"ci{100 * level:g}": sign_flip_interval(differences, alpha=1 - level) for level in levels}
    return {"mean": differences.mean(), **found}


def _all_enrolled(data: Fields, params: Fields) -> Fields:
    start, end = _floats(data["pre"]), _floats(data["post"])
    found = all_enrolled(start, end)
    lower, upper = bounds(start, end, minimum=params["scale_min"], maximum=params["scale_max"]) or (None, None)
    differences = (end - start)[~np.isnan(end - start)]
    return {
        "n": found.n,
        "n_complete": found.completers,
        "complete_case_mean_change": differences.mean(),
        "complete_case_t_p": paired_t(differences).p_two_sided,
        "mar_mean_change": found.estimate,
        "slope": found.slope,
        "fiml_se": found.se_likelihood,
        "manski_lower": lower,
        "manski_upper": upper,
        "delta_to_zero_mar": found.tipping,
        "delta_where_ci_touches_zero": found.tipping_interval,
        "regression_standardised_se": found.se,
        "regression_standardised_df": found.df,
        "regression_standardised_ci95": [found.low, found.high],
        "estimate_if_missing_people_gained_nothing": if_nothing_gained(start, end),
    }


def _p_adjust(data: Fields, params: Fields) -> Fields:
    return {method: adjust(data["p"], method) for method in ("holm", "hochberg", "bh", "by", "bonferroni")}


def _mcnemar(data: Fields, params: Fields) -> Fields:
    pairs = Switched(sum(data.values()), data["b"], data["c"])
    alpha = 1 - params["level"]
    moved = pairs.lost + pairs.gained
    return {
        "n": pairs.n,
        "diff_post_minus_pre": pairs.difference,
        "p_exact": sign_test(pairs.gained, pairs.lost),
        "p_midp": sign_test(pairs.gained, pairs.lost, mid=True),
        "chi2_no_correction": (pairs.gained - pairs.lost) ** 2 / moved if moved else 0,
        "agresti_min": agresti_min(pairs, alpha=alpha),
        "tango_score_ratesci": tango(pairs, alpha=alpha),
        "tango_score_PropCIs": tango(pairs, alpha=alpha),
        "newcombe_method10": newcombe_paired(pairs, data["a"], alpha=alpha),
    }


def _proportion(data: Fields, params: Fields) -> Fields:
    count, n, alpha = data["count"], data["n"], 1 - params["level"]
    return {
        "estimate": count / n,
        "clopper_pearson": clopper_pearson(count, n, alpha=alpha),
        "wilson": wilson(count, n, alpha=alpha),
    }


METHODS: dict[str, Method] = {
    "paired_t": _paired_t,
    "direction_counts": _directions,
    "signflip_mean_exact": _sign_flip,
    "signflip_ci_exact": _sign_flip_interval,
    "mar_all_enrolled": _all_enrolled,
    "p_adjust": _p_adjust,
    "mcnemar_paired_diff": _mcnemar,
    "proportion_ci": _proportion,
}
