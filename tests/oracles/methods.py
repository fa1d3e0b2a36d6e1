"""Which of our functions answers which file of cases: METHODS has one line per file."""

from __future__ import annotations

from typing import Any

import numpy as np

from evaluation.measure.outcomes.missing import all_enrolled, bounds, if_nothing_gained
from evaluation.measure.statistics.agreement import intraclass, weighted_kappa
from evaluation.measure.statistics.bootstrap import bootstrap
from evaluation.measure.statistics.correlation import rank_correlation
from evaluation.measure.statistics.counts import (
    Switched,
    agresti_min,
    clopper_pearson,
    fisher,
    newcombe,
    newcombe_paired,
    sign_test,
    tango,
    wilson,
)
from evaluation.measure.statistics.exact import sign_flip, sign_flip_interval
from evaluation.measure.statistics.paired import directions, paired_t, rank_biserial
from evaluation.measure.statistics.power import minimal_detectable, power, smallest_n
from evaluation.measure.statistics.ranks import hodges_lehmann, wilcoxon
from evaluation.measure.statistics.reliability import omega, reliability
from evaluation.measure.statistics.reliable_change import category, cutoff_c, measurement_error, with_cutoff
from evaluation.measure.statistics.repeated import bowker, cochran_q, friedman, stuart_maxwell
from evaluation.measure.statistics.several import adjust
from evaluation.measure.statistics.standardised import noncentral_interval, standardised_change

from .compare import Method
from .methods_models import MODELS

Fields = dict[str, Any]


def _floats(values: list[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _complete(*columns: list[float | None]) -> list[np.ndarray]:
    """The columns without the rows in which one of them is missing."""
    table = np.array([_floats(column) for column in columns])
    return list(table[:, ~np.isnan(table).any(axis=0)])


def _differences(data: Fields) -> np.ndarray:
    differences = _floats(data["post"]) - _floats(data["pre"])
    return differences[~np.isnan(differences)]


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
    ends = int(np.count_nonzero(_complete(data["pre"], data["post"])[1]))
    r, interval = rank_biserial(_differences(data), counted=ends) or (None, None)
    return {
        "rank_biserial": r,
        "rank_biserial_ci95_fisher_effectsize": interval,
        "n_up": counted.higher,
        "n_zero": counted.same,
        "n_down": counted.lower,
        "net_up": counted.net,
        "sign_test_p_two_sided": counted.sign_p,
        "share_up_of_changed_ci95": clopper_pearson(counted.higher, counted.higher + counted.lower),
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
    found = all_enrolled(start, end, equal_scatter=True)
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
    p = np.atleast_1d(_floats(np.atleast_1d(data["p"]).tolist()))
    present = ~np.isnan(p)
    fields: Fields = {}
    for method in ("holm", "hochberg", "bh", "by", "bonferroni"):
        adjusted = iter(adjust(p[present].tolist(), method))
        fields[method] = [next(adjusted) if there else None for there in present.tolist()]
    return fields


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


def _bootstrap(data: Fields, params: Fields) -> Fields:
    found = bootstrap(_differences(data), alpha=1 - params["level"])
    assert found is not None
    return {
        "mean": found.mean,
        "z0": found.bias,
        "acceleration_jackknife": found.acceleration,
        "alpha_low": found.alpha_low,
        "alpha_high": found.alpha_high,
        "bca95": found.bca,
        "percentile95": found.percentile,
        "boot_se_exact": found.se,
    }


def _wilcoxon(data: Fields, params: Fields) -> Fields:
    test = wilcoxon(_differences(data), zeros="pratt" if params["zero_method"] == "pratt" else "drop")
    return {
        "n": test.n,
        "n_nonzero": test.n - test.zeros,
        "n_zero": test.zeros,
        "w_plus": test.plus,
        "w_minus": test.minus,
        "p_two_sided": test.p_two_sided,
        "p_greater": test.p_greater,
        "p_less": test.p_less,
    }


def _hodges_lehmann(data: Fields, params: Fields) -> Fields:
    wide, narrow = (hodges_lehmann(_differences(data), alpha=alpha) for alpha in (0.05, 0.10))
    assert wide is not None
    assert narrow is not None
    return {
        "estimate": wide.estimate,
        "ci95": [wide.low, wide.high],
        "achieved95": wide.achieved,
        "ci90": [narrow.low, narrow.high],
        "achieved90": narrow.achieved,
    }


def _rank_correlation(data: Fields, params: Fields) -> Fields:
    found = rank_correlation(*_complete(data["x"], data["y"]))
    assert found is not None
    return {
        "spearman": found.spearman,
        "spearman_p_exact_permutation": found.spearman_p,
        "kendall_tau_b": found.kendall,
        "kendall_p_exact_permutation": found.kendall_p,
        # At three people R divides by 0 and the limits become -1 and 1.
        "fisher_z_ci95_spearman": (-1, 1) if found.n == 3 and found.low is None else (found.low, found.high),
    }


def _standardised(data: Fields, params: Fields) -> Fields:
    found = standardised_change(*_complete(data["pre"], data["post"]))
    assert found is not None
    forms = {"z": found.by_change, "av": found.by_average, "rm": found.by_repeated, "b": found.by_baseline}
    fields: Fields = {"J": found.j, "r_pre_post": found.r, "sd_pre": found.sd_start, "sd_post": found.sd_end}
    for name, form in forms.items():
        fields |= {f"d_{name}": form.d, f"d_{name}_se": form.se, f"d_{name}_ci95_normal": form.d_interval}
        fields |= {f"g_{name}": form.g, f"g_{name}_ci95_normal": form.g_interval}
    return {**fields, "d_z_ci95_noncentral_t": noncentral_interval(found.by_change.d, found.n)}


def _reliability(data: Fields, params: Fields) -> Fields:
    items = np.array([_floats(row) for row in data["items"]])
    found, factor = reliability(items, alpha=1 - params["level"]), omega(items, least=0)
    assert found is not None
    return {
        "n": found.n,
        "k": found.k,
        "alpha": found.cronbach,
        "alpha_feldt_ci95": [found.low, found.high],
        "alpha_std": found.standardised,
        "item_rest": found.item_rest,
        "alpha_if_dropped": found.if_dropped,
        "omega_ml_covariance": factor and factor.omega,
        "omega_ml_correlation": factor and factor.of_correlations,
        # lavaan turns a factor so that its first item loads positively.
        "loadings_ml_cov": factor and [one if factor.loadings[0] >= 0 else -one for one in factor.loadings],
    }


def _reliable_change(data: Fields, params: Fields) -> Fields:
    start, end = _floats(data["pre"]), _floats(data["post"])
    error = measurement_error(float(np.nanstd(start, ddof=1)), params["reliability"])
    cut = cutoff_c(float(np.nanmean(start)), error.sd, params["functional_mean"], params["functional_sd"])
    index = (end - start) / error.of_difference
    side = 1 if params["better_is"] == "higher" else -1
    groups = [None if one != one else category(side * one, critical=params["critical"]) for one in index.tolist()]
    # As clinicalsignificance: a start exactly at the cut-off is not ill any more, an end there not yet well.
    well = [(side * start >= side * cut).tolist(), (side * end > side * cut).tolist()]
    return {
        "sd_pre": error.sd,
        "sem": error.of_score,
        "s_diff": error.of_difference,
        "smallest_reliable_change": error.of_difference * params["critical"],
        "cutoff_c": cut,
        "rci": [None if one != one else one for one in index.tolist()],
        "rci_category": groups,
        "combined_category": [
            group and with_cutoff(group, before_well=before, after_well=after)
            for group, before, after in zip(groups, *well, strict=True)
        ],
    }


def _kappa(data: Fields, params: Fields) -> Fields:
    fields: Fields = {}
    for kind, name, error in (
        ("equal", "kappa", "ase_unweighted"),
        ("linear", "kappa_linear", "ase_linear"),
        ("quadratic", "kappa_quadratic", "ase_quadratic"),
    ):
        found = weighted_kappa(*_complete(data["rater1"], data["rater2"]), weights=kind)
        fields |= {name: found and found.kappa, error: found and found.se}
    return fields


def _icc(data: Fields, params: Fields) -> Fields:
    found = intraclass(data["ratings"], alpha=1 - params["level"])
    assert found is not None
    return {
        name: {"icc": form.icc, "f": form.f, "df1": form.df1, "df2": form.df2, "p": form.p, "ci95": form.interval}
        for name, form in found.items()
    }


def _squares(data: Fields, params: Fields) -> Fields:
    symmetry, margins = bowker(data["table"]), stuart_maxwell(data["table"])
    return {
        "bowker_chi2": symmetry.statistic,
        "bowker_df": symmetry.df,
        "bowker_p": symmetry.p,
        "stuart_maxwell_chi2": margins.statistic,
        "stuart_maxwell_df": margins.df,
        "stuart_maxwell_p": margins.p,
    }


def _cochran(data: Fields, params: Fields) -> Fields:
    test = cochran_q(data["matrix"])
    df = len(data["matrix"][0]) - 1
    return {"q": test and test.statistic, "df": df, "p": test and test.p}


def _friedman(data: Fields, params: Fields) -> Fields:
    found = friedman(data["matrix"])
    df = len(data["matrix"][0]) - 1
    if found is None:
        return {"chi2": None, "df": df, "p": None, "kendall_w": None}
    return {"chi2": found.test.statistic, "df": df, "p": found.test.p, "kendall_w": found.w}


def _minimal_detectable(data: Fields, params: Fields) -> Fields:
    n, alpha, wanted = data["n"], params["alpha"], params["power"]
    return {
        "d_z_strict": minimal_detectable(n, alpha=alpha, wanted=wanted),
        "d_z": minimal_detectable(n, alpha=alpha, wanted=wanted, both_tails=False),
        "power_at_dz_0_5": power(0.5, n, alpha=alpha),
        "smallest_n_for_dz_0_5_80": smallest_n(0.5, alpha=alpha, wanted=0.8),
    }


def _independent(data: Fields, params: Fields) -> Fields:
    counts = data["x1"], data["n1"], data["x2"], data["n2"]
    return {
        "diff": data["x1"] / data["n1"] - data["x2"] / data["n2"],
        "newcombe": newcombe(*counts, alpha=1 - params["level"]),
        "fisher_p": fisher(*counts),
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
    "bootstrap_bca": _bootstrap,
    "wilcoxon_signed_rank_exact": _wilcoxon,
    "hodges_lehmann": _hodges_lehmann,
    "rank_correlation": _rank_correlation,
    "standardized_mean_change": _standardised,
    "reliability": _reliability,
    "reliable_change": _reliable_change,
    "weighted_kappa": _kappa,
    "icc": _icc,
    "bowker_stuart_maxwell": _squares,
    "cochran_q": _cochran,
    "friedman": _friedman,
    "minimal_detectable": _minimal_detectable,
    "proportion_diff_independent": _independent,
    **MODELS,
}
