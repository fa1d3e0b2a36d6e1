"""Whether the record is complete enough to be analysed: what was answered, by whom, and what stays empty."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from evaluation import drawing
from evaluation.inside.display import Inside, drawn, frame
from evaluation.inside.numbers import code_label
from evaluation.measure.attendance import flow
from evaluation.schema import Declaration, text
from evaluation.texts import DASH, say

Frames = Mapping[str, pd.DataFrame]


STATES = ("answered", "refused", "not_asked", "not_applicable", "unknown")
"""The states of an answer, in the order of ``inside.quality.answer_states_columns``."""


def record(frames: Frames, language: str) -> Inside:
    """How many rows each table of the record holds."""
    rows = [(name, len(table)) for name, table in frames.items()]
    caption = say("inside.quality.record_caption", language)
    return Inside(language, caption, frame(say("inside.quality.record_columns", language).split("|"), rows))


@drawing.settings()
def completeness(frames: Frames, declaration: Declaration, language: str) -> Inside:
    """Of those due at each wave, how many answered each questionnaire; heat map of the shares.

    A dash: nobody was asked this questionnaire at this wave, or nobody is due yet.
    """
    import matplotlib.pyplot as plt
    import seaborn as sns

    answers = frames["answers"]
    given = answers[answers["state"] == "answered"]
    counted = given.groupby(["instrument", "wave"], observed=True)["participant"].nunique().unstack("wave")
    waves, names = [wave.id for wave in declaration.file.waves], list(declaration.instruments)
    counts = counted.reindex(index=names, columns=waves).fillna(0).astype(int).to_numpy()
    made = flow(frames["participants"], answers, declaration.file.waves, until=declaration.file.period_end)
    due = made.set_index("wave")["due"].reindex(waves).to_numpy()
    shares = np.where((counts > 0) & (due > 0), counts / np.maximum(due, 1), np.nan)
    told = [
        [
            say("inside.quality.of_due", language, n=int(n), due=int(whole)) if share == share else DASH
            for n, whole, share in zip(row, due, line, strict=True)
        ]
        for row, line in zip(counts, shares, strict=True)
    ]
    labels = [text(wave.labels, language) for wave in declaration.file.waves]
    titles = [text(declaration.instruments[name].labels, language) for name in names]
    with plt.rc_context({"text.parse_math": False}):  # seaborn measures the labels at once
        figure, axes = plt.subplots(figsize=(6.5, 0.4 * len(names) + 1))
        sns.heatmap(
            np.nan_to_num(shares),
            annot=np.array(told, dtype=object),
            fmt="",
            vmin=0,
            vmax=1,
            cmap="Blues",
            cbar=False,
            ax=axes,
            xticklabels=labels,
            yticklabels=titles,
        )
    caption = say("inside.quality.completeness_caption", language)
    alt = f"{caption}: " + "; ".join(
        f"{title} {', '.join(map(str, line))}" for title, line in zip(titles, told, strict=True)
    )
    table = frame(["", *labels], [(title, *line) for title, line in zip(titles, told, strict=True)])
    return Inside(language, caption, table, drawn(figure), alt)


def answer_states(answers: pd.DataFrame, declaration: Declaration, language: str) -> Inside:
    """The questions that are least often answered, with what stands there instead; at most fifteen."""
    counts = answers.groupby(["instrument", "item", "state"]).size().unstack("state", fill_value=0)
    counts = counts.reindex(columns=[*STATES], fill_value=0)
    order = (counts["refused"] + counts["unknown"]).sort_values(ascending=False, kind="stable").index[:15]
    names = say("inside.quality.answer_states_columns", language).split("|")
    rows = [
        (text(declaration.instruments[form].item(item).labels, language), *counts.loc[(form, item)])
        for form, item in order
    ]
    caption = say("inside.quality.answer_states_caption", language)
    return Inside(language, caption, frame(names, rows))


def scores(made: pd.DataFrame, declaration: Declaration, language: str) -> Inside:
    """Scale scores by wave: how many there are, and how many are missing for too few answers."""
    rows = []
    asked = made[made["asked"] > 0]
    order = {wave.id: at for at, wave in enumerate(declaration.file.waves)}
    labels = {wave.id: wave.labels for wave in declaration.file.waves}  # one that is declared no more has its id
    groups = asked.groupby(["scale", "wave"], sort=False, observed=True)
    for (scale, wave), group in sorted(groups, key=lambda one: (str(one[0][0]), order.get(str(one[0][1]), len(order)))):
        # A late first score that the plan leaves out is there all the same.
        there = int(group.filter(["score", "late_score"]).notna().any(axis="columns").sum())
        name, _, part = str(scale).partition(".")
        label = text(declaration.instruments[name].scale(part).labels, language)
        rows.append((label, code_label(labels, wave, language), there, len(group) - there))
    names = say("inside.quality.scores_columns", language).split("|")
    return Inside(language, say("inside.quality.scale_scores", language), frame(names, rows))
