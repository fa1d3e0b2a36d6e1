"""How keyed answers become the points of a scale: sums, means, tables, goals; and what a gate makes of them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.schema import GOALS_ALIKE, Instrument, Scale
from evaluation.xlsform import expressions

Numbers = NDArray[np.float64]
_NO_DAY = dt.date.min  # a rule of a scale may not ask for today; lint sees to it


def points(own: pd.DataFrame, keyed: pd.DataFrame, instrument: Instrument, scale: Scale) -> Numbers:
    """The points of ``scale`` for each row of ``keyed``; NaN below the minimum answered, and where a rule is undecided.

    ``own``: the answers of the instrument, one row per participant × wave × item (``value`` as text). ``keyed``:
    one row per participant × wave (its index), one column per item, reversed by key, NaN without an answer.
    """
    given = keyed[list(scale.items)].to_numpy(dtype=np.float64)
    answered = (~np.isnan(given)).sum(axis=1)
    made = np.where(
        answered >= max(scale.minimum_answered, 1), _made(own, keyed.index, given, instrument, scale), np.nan
    )
    if not scale.gate:
        return made
    passed = _holds(own, keyed.index, scale.gate)
    return np.where(np.isnan(passed), np.nan, np.where(passed == 0, scale.minimum, made))


def _made(own: pd.DataFrame, index: pd.Index, given: Numbers, instrument: Instrument, scale: Scale) -> Numbers:
    if scale.transform == "lookup":
        lowest = sum(float(instrument.item(name).low or 0) for name in scale.items)
        return _looked_up(own, index, given.sum(axis=1) - lowest, scale)
    if scale.transform == "goal_attainment":
        return t_score(given, _weights(own, index, given, scale))
    # Multiplied before divided: a complete sum stays a whole number.
    times = len(scale.items) if scale.transform == "sum" else 1
    answered = (~np.isnan(given)).sum(axis=1)
    total: Numbers = np.nansum(given, axis=1)
    made: Numbers = total * (times * scale.factor) / np.maximum(answered, 1)
    return made


def _looked_up(own: pd.DataFrame, index: pd.Index, places: Numbers, scale: Scale) -> Numbers:
    """The points at each place (sum above the lowest one; NaN if incomplete) of the first table whose rule is true."""
    made = np.full(len(places), np.nan)
    for table in reversed(scale.lookup):
        chosen = (_holds(own, index, table.when) == 1) & ~np.isnan(places)
        made[chosen] = np.asarray(table.points)[places[chosen].astype(int)]
    return made * scale.factor


def t_score(given: Numbers, weights: Numbers) -> Numbers:
    """The T-score of goals that were rated (Kiresuk & Sherman 1968): 50 + 10 Σwx / √((1 − ρ) Σw² + ρ (Σw)²).

    One row per person, one column per goal; NaN = not rated. A rated goal without its weight has no score.
    """
    rated = np.where(np.isnan(given), np.nan, weights)
    spread = np.sqrt((1 - GOALS_ALIKE) * np.nansum(rated**2, axis=1) + GOALS_ALIKE * np.nansum(rated, axis=1) ** 2)
    weighed = np.where(np.isnan(weights) & ~np.isnan(given), np.nan, 0.0).sum(axis=1)  # NaN: a goal without its weight
    with np.errstate(divide="ignore", invalid="ignore"):
        made: Numbers = 50 + 10 * np.nansum(rated * given, axis=1) / spread + weighed
    return np.where(spread > 0, made, np.nan)


def _weights(own: pd.DataFrame, index: pd.Index, given: Numbers, scale: Scale) -> Numbers:
    """The weight of each goal; 1 for all where nobody weighed any goal of a questionnaire."""
    if not scale.weights:
        return np.ones_like(given)
    texts = _answers(own, index, [name or "" for name in scale.weights])
    weights = texts.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64, copy=True)
    weights[:, [not name for name in scale.weights]] = 1
    nobody: Numbers = np.isnan(weights).all(axis=1, keepdims=True)
    return np.where(nobody, 1.0, weights)


def _holds(own: pd.DataFrame, index: pd.Index, rule: str) -> Numbers:
    """1 where the rule is true of a filled questionnaire, 0 where not, NaN where it names a question without answer."""
    expression = expressions.parse(rule)
    answers = _answers(own, index, list(expression.names))
    decided = {
        line: float(expression.holds(dict(zip(expression.names, line, strict=True)), today=_NO_DAY))
        for line in dict.fromkeys(answers.dropna().itertuples(index=False, name=None))
    }
    return np.array(
        [decided.get(line, np.nan) for line in answers.itertuples(index=False, name=None)], dtype=np.float64
    )


def _answers(own: pd.DataFrame, index: pd.Index, items: list[str]) -> pd.DataFrame:
    """The answers to ``items`` as text, one row per entry of ``index``; NaN where there is none."""
    answered = own[own["state"].eq("answered") & own["item"].isin(items)]
    wide = answered.pivot(index=["participant", "wave"], columns="item", values="value")
    return wide.reindex(index=index, columns=items)
