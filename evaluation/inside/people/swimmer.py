"""How long each person took part and which waves she answered: one line a person, without codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evaluation import drawing
from evaluation.inside.display import DARK, GREY, Inside, drawn, frame
from evaluation.inside.numbers import number
from evaluation.schema import Declaration, Wave, text
from evaluation.texts import say

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

MARKS = "osD^vP"
"""A shape for each wave, in their order; after six they begin again."""


@drawing.settings()
def swimmer(frames: Mapping[str, pd.DataFrame], declaration: Declaration, language: str) -> Inside:
    """Days from enrolment to leaving, or to the last wave or the last date of the record; answered waves as marks.

    ``frames``: the tables ``participants`` (enrolled_on; left_on, NaT = not left) and ``answers``.
    People are lines in the order of enrolment; who has no date of enrolment has no line. The table
    counts and names nobody.
    """
    lines = _lines(frames["participants"], frames["answers"], declaration.file.waves)
    undated = len(frames["participants"]) - len(lines)
    waves = declaration.file.waves
    caption = say("inside.swimmer.swimmer_caption", language)
    labels = [text(wave.labels, language) for wave in waves]
    rows = [
        (label, int(lines[wave.id].notna().sum()), _median(lines[wave.id], language))
        for label, wave in zip(labels, waves, strict=True)
    ]
    left = lines["left"]
    rows.append((say("inside.swimmer.left", language), int(left.notna().sum()), _median(left, language)))
    if undated:
        rows.append((say("inside.swimmer.no_date", language), undated, "–"))
    names = say("inside.swimmer.swimmer_columns", language).split("|")
    table = frame(names, rows)
    if lines.empty:
        return Inside(language, caption, table)
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7.5, min(10.0, 1.8 + 0.13 * len(lines))))
    marks = _draw(axes, lines, waves)
    axes.set_xlabel(say("inside.swimmer.days_since_enrolment", language))
    axes.set_ylabel(say("inside.swimmer.people_as_enrolled", language))
    named = [*labels, say("inside.swimmer.left", language)]
    axes.legend(marks, named, loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    told = "; ".join(f"{row[0]}: {row[1]}" for row in rows)
    alt = say("inside.swimmer.in_words", language, caption=caption, n_lines=len(lines), told=told)
    return Inside(language, caption, table, drawn(figure), alt)


def _lines(participants: pd.DataFrame, answers: pd.DataFrame, waves: Sequence[Wave]) -> pd.DataFrame:
    """One row per person with a date of enrolment: ``end``, ``left`` and a column per wave, in days (NaN = not)."""
    people = participants.assign(
        enrolled_on=pd.to_datetime(participants["enrolled_on"]), left_on=pd.to_datetime(participants["left_on"])
    ).dropna(subset=["enrolled_on"])
    people = people.sort_values(["enrolled_on", "participant"]).set_index("participant")
    given = answers[(answers["state"] == "answered") & answers["participant"].isin(people.index)]
    first = (
        pd.to_datetime(given["date"])
        .groupby([given["participant"], given["wave"]], observed=True)
        .min()
        .unstack("wave")
    )
    first = first.reindex(index=people.index, columns=[wave.id for wave in waves])
    dates = pd.concat([people["enrolled_on"], people["left_on"], *(first[wave.id] for wave in waves)])
    day = pd.DataFrame(
        {name: _days(when, people["enrolled_on"]) for name, when in [("left", people["left_on"]), *first.items()]},
        index=people.index,
    )
    until = _days(pd.Series(pd.to_datetime(dates).max(), index=people.index), people["enrolled_on"])
    planned = until.clip(upper=max((wave.day for wave in waves), default=0))
    answered = day.drop(columns="left").max(axis="columns")
    day["end"] = day["left"].fillna(planned.combine(answered, np.fmax))
    return day.reset_index(drop=True)


def _days(when: pd.Series[pd.Timestamp], since: pd.Series[pd.Timestamp]) -> pd.Series[float]:
    return (pd.to_datetime(when) - since).dt.days.astype(float)


def _median(days: pd.Series[float], language: str) -> str:
    known = days.dropna()
    return "–" if known.empty else number(known.median(), language, 0)


def _draw(axes: Axes, lines: pd.DataFrame, waves: Sequence[Wave]) -> list[Artist]:
    """A line a person; the marks of the waves and of leaving, for the legend."""
    from matplotlib.ticker import MaxNLocator

    marks: list[Artist] = []
    places = np.arange(1, len(lines) + 1)
    # From a hundred people on, marks shrink so that neighbouring lines stay apart.
    size = 22.0 if len(lines) <= 60 else max(3.0, 22 * 60 / len(lines))
    axes.hlines(places, np.fmin(0, lines["end"]), lines["end"], color=GREY, lw=max(0.4, min(2.0, 90 / len(lines))))
    for at, wave in enumerate(waves):
        tone = "white" if at % 2 else DARK
        mark = MARKS[at % len(MARKS)]
        axes.scatter(lines[wave.id], places, s=size, marker=mark, color=tone, edgecolor=DARK, lw=0.7, zorder=3)
        marks.append(axes.scatter([], [], s=30, marker=mark, color=tone, edgecolor=DARK))
    axes.scatter(lines["left"], places, s=1.6 * size, marker="x", color="black", lw=1.2, zorder=4)
    axes.set_ylim(len(lines) + 1, 0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    return [*marks, axes.scatter([], [], s=40, marker="x", color="black")]
