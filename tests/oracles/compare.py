"""Compare what a method gives with what a case expects, field by field, within the case's tolerances."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any

Method = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]
"""From a case's data and params to its fields by name."""

INFORMATION = (
    *("r_boot_*", "irr_*", "r_mcnemar_*", "coin_*", "*_r_cor_test", "spearman_p_t_approx"),
    *("p_asymptotic_*", "z_no_continuity", "wald", "p_normal_z"),
)
"""Fields that stand in the cases for comparison with other software and are not to be reproduced."""

# Parameter: the fields it is for, and whether it is absolute (ratesci prints six decimals).
TOLERANCES: dict[str, tuple[tuple[str, ...], bool]] = {
    "tolerance_rel": (("*",), False),
    "tolerance_fixef_rel": (("fixef", "se_*", "ci95_kr_*"), False),
    "tolerance_varcomp_rel": (("varcomp",), False),
    # A p-value is no better than its degrees of freedom, which lmerTest differentiates numerically.
    "tolerance_df_rel": (("df_*", "p_*"), False),
    "tolerance_fiml_se": (("fiml_se",), False),
    "tolerance_omega": (("omega_*", "loadings_*"), False),
    "tolerance_tango_PropCIs": (("tango_score_PropCIs",), False),
    "tolerance_ratesci": (("tango_score_ratesci", "newcombe_method10"), True),
}
ZERO = 1e-12
"""How near to an expected 0 counts as 0."""
NOISE = 1e-12
"""What rounding leaves of a 0: between two such numbers no digit counts, unless they are p-values."""


@dataclass(frozen=True)
class Verdict:
    """One case: ``worst`` is the field furthest from its tolerance, ``error`` its relative error."""

    case: str
    right: bool
    worst: str = ""
    error: float = 0.0
    note: str = ""


def judge(case: dict[str, Any], method: Method) -> Verdict:
    """What ``method`` makes of one case; an exception of the method is a wrong answer."""
    params = case.get("params") or {}
    if not isinstance(case.get("expected"), dict):
        return Verdict(case["id"], False, note="the case has no expected fields")
    try:
        got = method(case["data"], params)
    except Exception as error:
        return Verdict(case["id"], False, note=f"{type(error).__name__}: {error}")
    worst = Verdict(case["id"], True)
    furthest = -1.0
    for field, expected in case["expected"].items():
        if any(_matches(field, pattern) for pattern in INFORMATION):
            continue
        if field not in got:
            return Verdict(case["id"], False, field, math.inf, "not computed")
        for error, share in _distances(field, expected, got[field], params):
            if share > furthest:
                furthest, worst = share, Verdict(case["id"], share <= 1, field, error)
    return worst


def _distances(field: str, expected: Any, got: Any, params: dict[str, Any]) -> Iterator[tuple[float, float]]:
    """Per number: its error, and the error as a share of what is tolerated."""
    if isinstance(got, list | tuple) and len(got) == 1 and not isinstance(expected, list | dict):
        got = got[0]  # R writes a vector of one as a scalar
    if expected is None and isinstance(got, list | tuple) and all(each is None for each in got):
        got = None  # no limits, however they are written
    if isinstance(expected, list | dict) or isinstance(got, list | tuple | dict):
        pairs = _paired(expected, got)
        if pairs is None:
            yield math.inf, math.inf
            return
        for one, other in pairs:
            yield from _distances(field, one, other, params)
    elif isinstance(expected, Real) and isinstance(got, Real):
        yield _number(field, float(expected), float(got), params)
    else:
        wrong = 0.0 if expected == got else math.inf
        yield wrong, wrong


def _paired(expected: Any, got: Any) -> list[tuple[Any, Any]] | None:
    if isinstance(expected, dict) and isinstance(got, dict):
        return [(expected[key], got.get(key)) for key in expected]
    if isinstance(expected, list) and isinstance(got, list | tuple) and len(expected) == len(got):
        return list(zip(expected, got, strict=True))
    return None


def _number(field: str, expected: float, got: float, params: dict[str, Any]) -> tuple[float, float]:
    tolerance, absolute = _tolerance(field, expected, params)
    if not (math.isfinite(got) and math.isfinite(expected)):
        wrong = 0.0 if got == expected else math.inf
        return wrong, wrong
    error = abs(got - expected)
    if error <= NOISE and not _is_p(field) and abs(expected) < 1e-9:
        return error, 0.0
    if expected == 0:
        return error, error / (tolerance if absolute else ZERO)
    if not absolute:
        error /= abs(expected)
    return error, error / tolerance


def _tolerance(field: str, expected: float, params: dict[str, Any]) -> tuple[float, bool]:
    for name, (fields, absolute) in TOLERANCES.items():
        if name in params and any(_matches(field, pattern) for pattern in fields):
            return float(params[name]), absolute
    small_p = _is_p(field) and 0 < abs(expected) < 1e-10
    return (1e-6 if small_p else 1e-8), False


def _is_p(field: str) -> bool:
    return "p" in field.lower().split("_")


def _matches(field: str, pattern: str) -> bool:
    # fnmatch folds case on some systems; these patterns have one star at most, at an end.
    if pattern.startswith("*"):
        return field.endswith(pattern[1:])
    return field.startswith(pattern[:-1]) if pattern.endswith("*") else field == pattern


def cases(folder: Path) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """(file name without ending, case) for every case in a folder, in order; a sentence where there is none."""
    for path in sorted(path for path in folder.glob("*.json") if path.is_file()):
        try:
            read = json.loads(path.read_text(encoding="utf-8-sig"))
        except (ValueError, OSError) as error:
            yield path.stem, f"{path.name} cannot be read as JSON: {error}"
            continue
        if isinstance(read, dict):
            read = read["cases"] if isinstance(read.get("cases"), list) else [read]
        for number, case in enumerate(read if isinstance(read, list) else [read], start=1):
            if isinstance(case, dict):
                yield path.stem, {"id": f"case {number}", "data": None, **case}
            else:
                yield path.stem, f"case {number} of {path.name} is no object with data and expected fields."
