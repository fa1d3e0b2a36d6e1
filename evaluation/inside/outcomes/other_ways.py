"""The mean change among the pairs computed in other ways, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from evaluation.inside.display import Inside, frame
from evaluation.inside.numbers import between, estimated, named, number, paired_scores, probability
from evaluation.measure.outcomes.change import Change
from evaluation.measure.refusals import COUNTS_ONLY
from evaluation.measure.statistics.bootstrap import bootstrap
from evaluation.measure.statistics.ranks import hodges_lehmann, wilcoxon
from evaluation.schema import Declaration, Plan
from evaluation.texts import DASH, say


def other_ways(scores: pd.DataFrame, changes: Mapping[str, Change], declaration: Declaration, language: str) -> Inside:
    """Per outcome: the t interval, the exact one, BCa bootstrap, Hodges–Lehmann, and Wilcoxon's p, of the same pairs.

    ``scores``: one row per participant × wave × scale (points, NaN = too few answers). Exploratory: the
    plan names one way. Nothing here is drawn at random.
    """
    rows = [_row(scores, change, declaration.plan, language) for change in changes.values()]
    names = say("inside.other_ways.columns", language).split("|")
    return Inside(language, say("inside.other_ways.caption", language), frame(names, rows))


def _row(scores: pd.DataFrame, change: Change, plan: Plan, language: str) -> tuple[str, ...]:
    name, exact = named(change, language), change.means.exact_interval
    if change.means.t is None:
        why = [say(one.message, language) for one in change.refusals if one.id in COUNTS_ONLY | {"no_spread"}]
        return (name, *[DASH] * 5, " ".join(why) or DASH)
    pairs = paired_scores(scores, change, plan)
    differences = (pairs["end"] - pairs["start"]).to_numpy(dtype=np.float64)
    t, drawn = change.means.t, bootstrap(differences, alpha=plan.alpha)
    middle = hodges_lehmann(differences, alpha=plan.alpha)
    return (
        name,
        estimated(t.mean, (t.low, t.high), language),
        between(exact, language),
        between(None if drawn is None else drawn.bca, language),
        DASH if middle is None else _pseudo_median(middle.estimate, middle.low, middle.high, language),
        probability(wilcoxon(differences).p_two_sided, language),
        DASH,
    )


def _pseudo_median(estimate: float, low: float | None, high: float | None, language: str) -> str:
    return number(estimate, language) if low is None else estimated(estimate, (low, high), language)
