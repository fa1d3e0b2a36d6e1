"""How the models answer their files of cases: MODELS has one line per file."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from scipy.interpolate import BSpline, make_interp_spline
from scipy.special import ndtri

from evaluation.measure.models.blocks import by_value
from evaluation.measure.models.coefficients import Coefficient, coefficients
from evaluation.measure.models.gee import gee
from evaluation.measure.models.mixed import mixed
from evaluation.measure.models.mmrm import mmrm
from evaluation.measure.models.ordinal import Ordinal, ordinal, signed_root
from evaluation.measure.models.ordinal_mixed import ordinal_mixed
from evaluation.measure.models.pooling import pool
from evaluation.measure.statistics.joint_flips import joint_flips
from evaluation.measure.statistics.several import adjust

from .compare import Method

Fields = dict[str, Any]


def _numbers(values: list[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _predictors(data: Fields, params: Fields) -> dict[str, np.ndarray]:
    """The fixed terms of an R formula, each ``name`` or ``factor(name)``, under R's names.

    As in R, a term that is constant in these rows is dropped: beside the constant it says nothing.
    """
    terms = re.sub(r"\+\s*\(.*\)", "", params["formula"].split("~")[1]).split("+")
    found: dict[str, np.ndarray] = {}
    crossed: dict[str, np.ndarray] = {}
    for term in (term.strip() for term in terms):
        if "*" in term or ":" in term:
            one, other = (part.strip() for part in re.split(r"[*:]", term))
            if "*" in term:
                found |= {name: _numbers(data[name]) for name in (one, other)}
            crossed[f"{one}:{other}"] = _numbers(data[one]) * _numbers(data[other])
            continue
        factor = re.fullmatch(r"factor\((\w+)\)", term)
        if factor:
            dummies = by_value(_numbers(data[factor[1]]), term)
            found |= {name.replace(") ", ")"): values for name, values in dummies.items()}
        elif term != "1":
            found[term] = _numbers(data[term])
    return {name: values for name, values in (found | crossed).items() if np.nanmax(values) > np.nanmin(values)}


def _each(found: tuple[Coefficient, ...], field: str) -> list[float]:
    return [getattr(each, field) for each in found]


def _names(found: tuple[Coefficient, ...]) -> list[str]:
    return ["(Intercept)", *(each.name for each in found[1:])]


def _mmrm(data: Fields, params: Fields) -> Fields:
    people, row = np.unique(data["id"], return_inverse=True)
    waves, column = np.unique(data["time"], return_inverse=True)
    scores = np.full((len(people), len(waves)), np.nan)
    scores[row, column] = _numbers(data["y"])
    found = mmrm(scores, waves=[f"tf{wave:g}" for wave in waves])
    return {
        "coef_names": _names(found.coefficients),
        "coef": _each(found.coefficients, "estimate"),
        "se_model": found.model_se,
        "loglik_reml": found.log_likelihood,
        "covariance": found.covariance,
        "se_cr2": _each(found.coefficients, "se"),
        "df_cr2_satterthwaite": _each(found.coefficients, "df"),
        "p_cr2": _each(found.coefficients, "p"),
    }


def _mixed(data: Fields, params: Fields) -> Fields:
    slope = re.search(r"\(1 \+ (\w+) \| id\)", params["formula"])
    found = mixed(data["y"], _predictors(data, params), data["id"], slope=slope[1] if slope else None)
    kenward_roger, satterthwaite = found.coefficients, found.satterthwaite
    variances = {"id|(Intercept)|": found.effects[0][0], "Residual||": found.residual}
    if slope:
        variances[f"id|{slope[1]}|"] = found.effects[1][1]
        variances[f"id|(Intercept)|{slope[1]}"] = found.effects[0][1]
    return {
        "fixef_names": _names(kenward_roger),
        "fixef": _each(kenward_roger, "estimate"),
        "se_model": _each(satterthwaite, "se"),
        "se_kenward_roger": _each(kenward_roger, "se"),
        "df_kenward_roger": _each(kenward_roger, "df"),
        "p_kenward_roger": _each(kenward_roger, "p"),
        "ci95_kr_lower": _each(kenward_roger, "low"),
        "ci95_kr_upper": _each(kenward_roger, "high"),
        "df_satterthwaite": _each(satterthwaite, "df"),
        "p_satterthwaite": _each(satterthwaite, "p"),
        "varcomp": variances,
        "reml_criterion": -2 * found.log_likelihood,
        "loglik_reml": found.log_likelihood,
        "loglik_ml": found.log_likelihood_ml,
        "n_obs": found.rows,
        "n_groups": found.people,
    }


def _gee(data: Fields, params: Fields) -> Fields:
    given = data["y"], _predictors(data, params), data["id"]
    fields: Fields = {}
    for working in ("independence", "exchangeable"):
        found = gee(*given, family=params["family"], working=working)
        fields[working] = {
            "coef": _each(found.uncorrected, "estimate"),
            "se_robust": _each(found.uncorrected, "se"),
            "alpha": found.correlation,
            "scale": found.scale,
        }
    for correction in ("CR0", "CR1", "CR2", "CR3"):
        found = gee(*given, family=params["family"], correction=correction)
        se, estimates = _each(found.coefficients, "se"), _each(found.coefficients, "estimate")
        p = _each(coefficients(_names(found.coefficients), estimates, se=se, df=found.satterthwaite), "p")
        fields[f"independence_{correction}"] = {"se": se, "df_satt": found.satterthwaite, "p_satt": p}
    return fields


def _ordinal(data: Fields, params: Fields) -> Fields:
    predictors = _predictors({**data, "y": None}, {"formula": params["formula"]})
    found = ordinal(data["y"], predictors)
    return {
        "beta_names": list(predictors),
        "beta": _each(found.coefficients, "estimate"),
        "se": _each(found.coefficients, "se"),
        "thresholds": found.thresholds,
        "loglik": found.log_likelihood,
        "p": _each(found.coefficients, "p"),
        "ci95_wald_lower": _each(found.coefficients, "low"),
        "ci95_wald_upper": _each(found.coefficients, "high"),
        "ci95_profile": [_interpolated(data["y"], predictors, found, each) for each in found.coefficients],
    }


def _interpolated(
    y: list[float], predictors: dict[str, np.ndarray], found: Ordinal, each: Coefficient
) -> tuple[float, float]:
    """The profile interval as R's ordinal 2022 reads it off a grid, some 1e-5 from the exact limits.

    Eight steps to the root at alpha/4 on either side, a cubic spline at three times as many points,
    and straight lines between those.
    """
    exact = found.profile[[other.name for other in found.coefficients].index(each.name)]
    last = -float(ndtri(0.0125 / 2))
    grid = [(each.estimate, 0.0)]
    for sign in (-1, 1):
        for step in range(1, 50):
            value = each.estimate + sign * step * each.se * last / 8
            grid.append((value, -signed_root(y, predictors, each.name, value=value)))
            if abs(grid[-1][1]) > last:
                break
    values, roots = np.array(sorted(grid)).T
    points = np.linspace(values[0], values[-1], 3 * len(values))
    reach = -float(ndtri(0.025))
    low, high = np.interp([-reach, reach], _spline(values, roots)(points), points)
    if max(abs(low - exact[0]), abs(high - exact[1])) > 1e-3 * each.se:
        raise ArithmeticError("the grid's interval is not near the exact one")
    return float(low), float(high)


def _spline(x: np.ndarray, y: np.ndarray) -> BSpline:
    """R's ``spline``: at either end the third derivative is that of the cubic through the outermost four points."""
    thirds = [
        6 * np.linalg.solve(np.vander(x[end] - x[end][0], 4), y[end])[0] for end in (slice(0, 4), slice(-4, None))
    ]
    spline: BSpline = make_interp_spline(x, y, k=3, bc_type=([(3, thirds[0])], [(3, thirds[1])]))
    return spline


def _pooled(data: Fields, params: Fields) -> Fields:
    found = pool(data["estimates"], data["variances"], complete_df=params["n"] - params["k"])
    return {
        "qbar": found.result.estimate,
        "ubar": found.within,
        "b": found.between,
        "t": found.total,
        "df": found.result.df,
        "r": found.increase,
        "fmi": found.missing_information,
        "ci95": [found.result.low, found.result.high],
        "p_two_sided": found.result.p,
    }


def _westfall_young(data: Fields, params: Fields) -> Fields:
    found = joint_flips(data["differences"])
    return {
        "t_abs": found.t,
        "p_raw_signflip": found.p,
        "p_adjusted": found.adjusted,
        "holm_of_raw": adjust(found.p, "holm"),
    }


def _ordinal_mixed(data: Fields, params: Fields) -> Fields:
    predictors = {name: values for name, values in data.items() if name not in ("id", "y")}
    found = ordinal_mixed(data["y"], predictors, data["id"])
    both = found.thresholds + found.coefficients
    return {
        "coef_names": [each.name for each in both],
        "coef": _each(both, "estimate"),
        "se": _each(both, "se"),
        "p": _each(both, "p"),
        "sd_random": found.spread,
        "loglik": found.log_likelihood,
    }


MODELS: dict[str, Method] = {
    "mmrm_unstructured": _mmrm,
    "mixed_model_reml": _mixed,
    "gee": _gee,
    "proportional_odds": _ordinal,
    "mi_pooling": _pooled,
    "westfall_young": _westfall_young,
    "cumulative_link_mixed": _ordinal_mixed,
}
