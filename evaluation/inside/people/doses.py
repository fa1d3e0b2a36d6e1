"""Attendance beside the change of each outcome, course by course, with what it cannot show."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from evaluation import drawing
from evaluation.inside.display import DARK, GREY, Inside, drawn, frame, panels
from evaluation.inside.numbers import estimated, named
from evaluation.measure.dose import Dose, dose_and_change
from evaluation.measure.outcomes.change import Change
from evaluation.schema import Declaration, text
from evaluation.texts import say

MOST = 9
"""Scatter plots in the picture; every comparison is in the table."""


def dose(
    doses: pd.DataFrame, scores: pd.DataFrame, changes: Mapping[str, Change], declaration: Declaration, language: str
) -> Inside:
    """Sessions attended against the change of each primary outcome: scatter plots, rank correlations, refusals.

    ``doses``: attendance.dose(); ``scores``: one row per participant × wave × scale. Where the plan
    has no primary outcome, all of its outcomes are shown. The fixed caveat is in caption and alt text.
    """
    primary = [change for change in changes.values() if change.outcome.primary] or list(changes.values())
    tried = [
        (change, one)
        for change in primary
        for one in dose_and_change(doses, scores, change, declaration.plan, courses=declaration.file.courses)
    ]
    rows = [_row(change, one, language) for change, one in tried]
    names = say("inside.doses.dose_columns", language).split("|")
    head = say("inside.doses.dose_caption", language)
    caption = f"{head}. {say('shared.attendance_not_assigned', language)}"
    compared = [(change, one) for change, one in tried if one.correlation is not None]
    shown = compared[:MOST]
    if not shown:
        return Inside(language, caption, frame(names, rows))
    if len(compared) > MOST:
        caption += say("inside.doses.first_of_all", language, MOST=MOST, n_compared=len(compared))
    told = "; ".join(f"{_title(change, one, language)}: {_under(one, language)}" for change, one in shown)
    return Inside(language, caption, frame(names, rows), _scatter(shown, language), f"{caption} {told}.")


@drawing.settings()
def _scatter(shown: list[tuple[Change, Dose]], language: str) -> bytes:
    from matplotlib.ticker import MaxNLocator

    figure, grid = panels(len(shown), width=3.2)
    for axes, (change, one) in zip(grid, shown, strict=True):
        places = pd.DataFrame({"x": one.sessions, "y": one.gains}).value_counts().reset_index()
        axes.scatter(places["x"], places["y"], s=18 * places["count"], color=GREY, edgecolor=DARK, alpha=0.7)
        axes.axhline(0, color="black", lw=0.8)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        title = "\n".join([_title(change, one, language).replace(" × ", "\n"), _under(one, language)])
        axes.set_title(title, loc="left", fontsize=9)
    figure.supxlabel(say("inside.doses.sessions_attended", language), fontsize=10)
    better = say("inside.doses.change_in_points", language)
    figure.supylabel(better, fontsize=10)
    return drawn(figure, apart=1.08)


def _title(change: Change, one: Dose, language: str) -> str:
    return f"{named(change, language)} × {text(one.course.labels, language)}"


def _under(one: Dose, language: str) -> str:
    """How many people the dots are, and their rank correlation."""
    return f"n = {one.n}, rho = {_rho(one, language)}"


def _rho(one: Dose, language: str) -> str:
    made = one.correlation
    return "–" if made is None else estimated(made.spearman, (made.low, made.high), language, 2)


def _row(change: Change, one: Dose, language: str) -> tuple[object, ...]:
    why = " ".join(say(refusal.message, language) for refusal in one.refusals)
    outcome, course = named(change, language), text(one.course.labels, language)
    return outcome, course, one.n, one.distinct, _rho(one, language), why or "–"
