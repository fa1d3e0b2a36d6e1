"""Who came, who left and why, and what each person took part in and was given."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from evaluation import drawing
from evaluation.inside.display import DARK, GREY, LIGHT, Inside, frame, pictured, stack
from evaluation.inside.numbers import code_label, percent
from evaluation.measure.attendance import reasons
from evaluation.schema import Declaration, text
from evaluation.texts import DASH, say

Frames = Mapping[str, pd.DataFrame]


@drawing.settings()
def flow(made: pd.DataFrame, declaration: Declaration, language: str) -> Inside:
    """Everyone enrolled at each wave: answered, due but silent, not yet due, left before."""
    import matplotlib.pyplot as plt

    labels = [text(declaration.wave(wave).labels, language) for wave in made["wave"]]
    silent = made["due"] - made["answered"]
    parts = [
        (say("inside.participation.answered", language), made["answered"], DARK, ""),
        (say("inside.participation.there_no_answer", language), silent, LIGHT, "//"),
        (say("inside.participation.not_yet_due", language), made["not_yet"], "white", ".."),
        (say("inside.participation.left_before", language), made["left"], GREY, ""),
    ]
    figure, axes = plt.subplots(figsize=(7, 0.55 * len(labels) + 1.2))
    stack(axes, labels, parts)
    axes.set_xlabel(say("inside.participation.people_enrolled", language))
    caption = say("inside.participation.flow_caption", language)
    told = [*((part[0], part[1]) for part in parts), (say("inside.participation.due", language), made["due"])]
    told.append((say("inside.participation.enrolled", language), made["enrolled"]))
    rows = [(label, *(int(column.iloc[at]) for _, column in told)) for at, label in enumerate(labels)]
    return pictured(figure, caption, ["", *(name for name, _ in told)], rows, language)


def leaving(participants: pd.DataFrame, declaration: Declaration, language: str) -> Inside:
    """Why people left: counts by reason."""
    codes = declaration.tables["participants"].field("leaving_reason").codes
    made = reasons(participants)
    rows = [
        (code_label(codes, reason, language), count)
        for reason, count in zip(made["reason"], made["count"], strict=True)
    ]
    names = say("inside.participation.leaving_columns", language).split("|")
    return Inside(language, say("inside.participation.reasons_for_leaving", language), frame(names, rows))


@drawing.settings()
def courses(dose: pd.DataFrame, declaration: Declaration, language: str) -> Inside:
    """Per course: completers, others who attended, those who never did; the median rate, and how many have one.

    ``dose``: attendance.dose(), one row per participant × course; on the register of a course is whoever has an
    entry in it. A rate is of the sessions at which she was present or absent, without excused ones.
    """
    import matplotlib.pyplot as plt

    taken = dose[dose["present"] > 0]
    names = [course.id for course in declaration.file.courses]
    by = taken.groupby("course")
    completed = by["completer"].sum().reindex(names).fillna(0).astype(int)
    some = by.size().reindex(names).fillna(0).astype(int) - completed
    rate = by["rate"].median().reindex(names)
    entered = dose[dose[["present", "absent", "excused"]].sum(axis="columns") > 0]
    of = entered.groupby("course").size().reindex(names).fillna(0).astype(int)
    labels = [text(course.labels, language) for course in declaration.file.courses]
    parts = [
        (say("inside.participation.completed", language), completed, DARK, ""),
        (say("inside.participation.attended_not_completed", language), some, LIGHT, "//"),
        (say("inside.participation.never_attended", language), of - some - completed, "white", ".."),
    ]
    figure, axes = plt.subplots(figsize=(7, 0.45 * max(1, len(labels)) + 1.2))
    stack(axes, labels, parts)
    axes.set_xlabel(say("inside.people", language))
    caption = say("inside.participation.courses_caption", language)
    last = say("inside.participation.courses_columns", language).split("|")
    rows = [
        (
            label,
            *(int(part[1].iloc[at]) for part in parts),
            of.iloc[at],
            f"{percent(rate.iloc[at], language)} (n = {came})"
            if (came := completed.iloc[at] + some.iloc[at])
            else DASH,
        )
        for at, label in enumerate(labels)
    ]
    return pictured(figure, caption, ["", *(part[0] for part in parts), *last], rows, language)


def support(frames: Frames, declaration: Declaration, language: str) -> Inside:
    """What the client track gave: people and times by kind."""
    kinds = declaration.tables["support"].field("kind").codes
    rows = [
        (text(kinds[str(kind)], language), group["participant"].nunique(), len(group))
        for kind, group in frames["support"].groupby("kind")
    ]
    names = say("inside.participation.support_columns", language).split("|")
    return Inside(language, say("inside.participation.support_given", language), frame(names, rows))
