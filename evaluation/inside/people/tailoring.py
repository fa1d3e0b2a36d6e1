"""What each person was offered and took: mixes of courses, and needs met along the client track."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from evaluation import drawing
from evaluation.inside.display import DARK, LIGHT, Inside, frame, pictured, stack
from evaluation.inside.numbers import code_label, number, percent
from evaluation.schema import Declaration, text
from evaluation.texts import say

MOST = 10
"""Combinations of courses that are shown one by one."""


def mix(dose: pd.DataFrame, declaration: Declaration, language: str) -> Inside:
    """How many people took how many courses. ``dose``: attendance.dose()."""
    counts = Counter(len(courses) for courses in _taken(dose))
    names = say("inside.tailoring.mix_columns", language).split("|")
    caption = say("inside.tailoring.mix_caption", language)
    return Inside(language, caption, frame(names, sorted(counts.items())))


def combinations(dose: pd.DataFrame, declaration: Declaration, language: str) -> Inside:
    """The most frequent mixes of courses, each with its people; the rarer ones are summed.

    ``dose``: attendance.dose(), one row per participant × course; a course was taken by whoever was
    present at it once.
    """
    counts = Counter(_taken(dose))
    ranked = sorted(counts.items(), key=lambda one: (-one[1], len(one[0]), one[0]))
    rows: list[tuple[object, ...]] = [
        (_named(courses, declaration, language), len(courses), people) for courses, people in ranked[:MOST]
    ]
    rest = ranked[MOST:]
    if rest:
        others = say("inside.tailoring.other_mixes", language, n_rest=len(rest))
        rows.append((others, "–", sum(people for _, people in rest)))
    names = say("inside.tailoring.combinations_columns", language).split("|")
    caption = say("inside.tailoring.combinations_caption", language, n_counts=len(counts), people=counts.total())
    return Inside(language, caption, frame(names, rows))


def _taken(dose: pd.DataFrame) -> list[tuple[str, ...]]:
    """One entry per person: the courses she was present at, in their order; empty for none."""
    there = dose[dose["present"] > 0]
    of = {person: tuple(own) for person, own in there.groupby("participant")["course"]}
    return [of.get(person, ()) for person in dose["participant"].unique()]


def _named(courses: tuple[str, ...], declaration: Declaration, language: str) -> str:
    if not courses:
        return say("inside.tailoring.no_course", language)
    return " + ".join(text(declaration.course(course).labels, language) for course in courses)


@drawing.settings()
def needs(frames: Mapping[str, pd.DataFrame], declaration: Declaration, language: str) -> Inside:
    """What was asked for, by need: people whose need is open, partly met, met, and the days it took.

    ``frames``: the tables ``needs`` (one row per need in its latest state) and ``participants``.
    """
    codes = declaration.tables["needs"].field("need").codes
    asked, people = frames["needs"], frames["participants"]
    enrolled = asked["participant"].map(dict(zip(people["participant"], people["enrolled_on"], strict=True)))
    days = (pd.to_datetime(asked["date"]) - pd.to_datetime(enrolled)).dt.days
    counts = asked.groupby(["need", "state"]).size().unstack("state", fill_value=0)
    counts = counts.reindex(columns=["met", "partly", "open"], fill_value=0)
    median = days[asked["state"] == "met"].groupby(asked["need"]).median().reindex(counts.index)
    labels = [code_label(codes, need, language) for need in counts.index]
    rows = [
        (label, *own, percent(own[0] / sum(own), language), number(day, language, 0))
        for label, own, day in zip(labels, counts.to_numpy().tolist(), median, strict=True)
    ]
    caption = say("inside.tailoring.needs_caption", language)
    names = say("inside.tailoring.needs_columns", language).split("|")
    if not rows:
        return Inside(language, caption, frame(names, rows))
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 0.45 * len(rows) + 1.2))
    tones = ((DARK, ""), (LIGHT, "//"), ("white", ".."))
    parts = [(names[at + 1], counts.iloc[:, at], tone, hatch) for at, (tone, hatch) in enumerate(tones)]
    stack(axes, labels, parts)
    axes.set_xlabel(say("inside.people", language))
    return pictured(figure, caption, names, rows, language)
