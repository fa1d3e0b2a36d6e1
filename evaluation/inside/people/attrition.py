"""Whom each wave lost, and why, in bands with a plain warning instead of a test."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pandas as pd

from evaluation.inside.display import Inside, frame
from evaluation.inside.numbers import code_label
from evaluation.measure.attendance import leavers
from evaluation.schema import Declaration, Plan, text
from evaluation.texts import say

BANDS = ((10, "10+"), (5, "5–9"), (1, "1–4"), (0, "0"))
"""People are told in bands: a reason that one person had is nobody's statistic."""


def band(people: int) -> str:
    """How many people, in bands."""
    return next(name for least, name in BANDS if people >= least)


def attrition(made: pd.DataFrame, participants: pd.DataFrame, declaration: Declaration, language: str) -> Inside:
    """Per wave: who answered of those whose day had come, and the reasons of those who left since the wave before.

    ``made``: attendance.flow(). ``participants``: enrolled_on, left_on, leaving_reason. The warnings
    follow the plan's limits of retention; people who left are told in bands.
    """
    gone = leavers(participants, declaration.file.waves)
    rows = [_row(wave, gone, declaration, language) for wave in made.to_dict("records")]
    after = gone[gone["before"] == ""]
    if not after.empty:
        later = say("inside.attrition.after_last_wave", language)
        rows.append((later, "–", "–", _reasons(after, declaration, language), "–"))
    names = say("inside.attrition.attrition_columns", language).split("|")
    caption = say("inside.attrition.attrition_caption", language)
    return Inside(language, caption, frame(names, rows))


def _row(
    wave: Mapping[Hashable, object], gone: pd.DataFrame, declaration: Declaration, language: str
) -> tuple[str, ...]:
    own = gone[gone["before"] == wave["wave"]]
    reached = int(str(wave["enrolled"])) - int(str(wave["not_yet"]))
    answered = int(str(wave["answered"]))
    return (
        text(declaration.wave(str(wave["wave"])).labels, language),
        f"{answered} / {reached}",
        band(len(own)),
        _reasons(own, declaration, language),
        _warning(answered, reached, declaration.plan, language),
    )


def _reasons(gone: pd.DataFrame, declaration: Declaration, language: str) -> str:
    codes = declaration.tables["participants"].field("leaving_reason").codes
    counts = gone["reason"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    told = [f"{code_label(codes, code, language)} {band(int(n))}" for code, n in counts.items()]
    return "; ".join(told) or "–"


def _warning(answered: int, reached: int, plan: Plan, language: str) -> str:
    """What the share of answers means for an outcome that ends at this wave, by the plan's limits."""
    if not reached:
        return say("inside.attrition.nobody_there_yet", language)
    share = answered / reached
    if share >= plan.high_retention:
        return say("inside.attrition.nearly_everyone_answered", language)
    if share >= plan.tipping_below:
        return say("inside.attrition.some_missing", language)
    if share >= plan.minimum_retention:
        return say("inside.attrition.many_missing", language)
    return say("inside.attrition.most_missing", language)
