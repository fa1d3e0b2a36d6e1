"""How outcomes, numbers and intervals are written in the notebooks for inside, and how an outcome's pairs are found."""

from __future__ import annotations

import pandas as pd

from evaluation.inside.display import pick
from evaluation.measure.change import Change
from evaluation.rounding import rounded
from evaluation.schema import Plan, text


def named(change: Change, language: str) -> str:
    """The outcome as it is called; what was not planned beforehand says so wherever it stands."""
    name = text(change.outcome.labels, language)
    return name if change.preplanned else f"{name} ({pick(language, 'exploratory', 'eksploracyjnie')})"


def number(value: float | None, digits: int = 1) -> str:
    """A number with a true minus sign; a dash where there is none."""
    if value is None or value != value:
        return "–"
    return f"{rounded(value, digits)}".replace("-", "−")


def between(interval: tuple[float | None, float | None] | None, digits: int = 1) -> str:
    """An interval in brackets; an open end is unbounded."""
    if interval is None:
        return "–"
    low, high = interval
    return f"[{'−∞' if low is None else number(low, digits)}; {'∞' if high is None else number(high, digits)}]"


def percents(shares: tuple[float, float]) -> tuple[float, float]:
    """Two shares of 0–1 in percent."""
    return 100 * shares[0], 100 * shares[1]


def probability(value: float | None) -> str:
    return "< 0.001" if value is not None and value < 0.001 else number(value, 3)


def paired_scores(scores: pd.DataFrame, change: Change, plan: Plan) -> pd.DataFrame:
    """The two scores (start, end) of everyone in ``change.paired``, in points; the codes stay behind.

    ``scores``: one row per participant × wave × scale.
    """
    own = scores[(scores["scale"] == change.outcome.scale) & scores["participant"].isin(change.paired)]
    own = own[own["wave"].isin([plan.baseline, plan.endline])]
    wide = own.pivot(index="participant", columns="wave", values="score")
    wide = wide.reindex(columns=[plan.baseline, plan.endline]).astype(float)
    return wide.set_axis(["start", "end"], axis="columns").sort_values(["start", "end"], ignore_index=True)
