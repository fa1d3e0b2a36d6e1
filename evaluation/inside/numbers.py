"""How outcomes, numbers and intervals are written in the notebooks for inside, and how an outcome's pairs are found."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from evaluation import texts
from evaluation.measure.outcomes.change import Change
from evaluation.measure.outcomes.tipping import Tipping
from evaluation.measure.scoring import by_wave
from evaluation.rounding import rounded
from evaluation.schema import Labels, Plan, text
from evaluation.texts import DASH, say


def named(change: Change, language: str) -> str:
    """The outcome as it is called; what was not planned beforehand says so wherever it stands."""
    name = text(change.outcome.labels, language)
    return name if change.preplanned else f"{name} ({say('shared.exploratory', language)})"


def code_label(labels: Mapping[str, Labels], code: object, language: str) -> str:
    """What a code is called; the code itself where nothing declares it."""
    return text(labels[str(code)], language) if str(code) in labels else str(code)


def number(value: float | None, language: str, digits: int = 1) -> str:
    """A number as the language writes it; a dash where there is none."""
    return DASH if value is None else texts.number(value, language, digits)


def percent(share: float | None, language: str) -> str:
    """A share in whole percents; a dash where there is none."""
    return DASH if share is None or share != share else texts.percent(share, language)


def between(interval: tuple[float | None, float | None] | None, language: str, digits: int = 1) -> str:
    """An interval in brackets; an open end is unbounded."""
    if interval is None:
        return DASH
    low, high = interval
    ends = (
        "−∞" if low is None else number(low, language, digits),
        "∞" if high is None else number(high, language, digits),
    )
    return f"[{'; '.join(ends)}]"


def estimated(
    estimate: float | None, interval: tuple[float | None, float | None] | None, language: str, digits: int = 1
) -> str:
    """An estimate with its interval; a dash where there is none."""
    return DASH if estimate is None else f"{number(estimate, language, digits)} {between(interval, language, digits)}"


def signed_worthwhile(change: Change) -> float | None:
    """The smallest worthwhile change in raw points: below 0 where lower is better; None where none is declared."""
    declared = change.outcome.smallest_worthwhile
    return declared if declared is None or change.scale.direction == "higher" else -declared


def tipped(at: Tipping | None, language: str) -> str:
    """A tipping point in points, or that the scale leaves no room for it; a dash where nobody is missing."""
    if at is None:
        return DASH
    if not at.possible:
        return say("inside.tipping.impossible", language)
    return f"{'+' if rounded(at.delta, 1) > 0 else ''}{number(at.delta, language)}"


def percents(shares: tuple[float, float]) -> tuple[float, float]:
    """Two shares of 0–1 in percent."""
    return 100 * shares[0], 100 * shares[1]


def probability(value: float | None, language: str) -> str:
    least = 0.001
    return f"< {number(least, language, 3)}" if value is not None and value < least else number(value, language, 3)


def paired_scores(scores: pd.DataFrame, change: Change, plan: Plan) -> pd.DataFrame:
    """The two scores (start, end) of everyone in ``change.paired``, in points; the codes stay behind.

    ``scores``: one row per participant × wave × scale.
    """
    wide = by_wave(scores, change.outcome.scale, [plan.baseline, plan.endline]).loc[[*change.paired]]
    return wide.set_axis(["start", "end"], axis="columns").sort_values(["start", "end"], ignore_index=True)
