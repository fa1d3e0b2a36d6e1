"""Who came, who left and why, and what each person took part in and was given."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from evaluation.inside.display import DARK, GREY, LIGHT, Inside, frame, percent, pick, pictured, stack
from evaluation.measure.attendance import reasons
from evaluation.schema import Declaration, text

Frames = Mapping[str, pd.DataFrame]


def flow(made: pd.DataFrame, declaration: Declaration, language: str) -> Inside:
    """Everyone enrolled at each wave: answered, due but silent, not yet due, left before."""
    import matplotlib.pyplot as plt

    labels = [text(declaration.wave(wave).labels, language) for wave in made["wave"]]
    silent = made["due"] - made["answered"]
    parts = [
        (pick(language, "answered", "odpowiedziało"), made["answered"], DARK, ""),
        (pick(language, "there, no answer", "bez odpowiedzi"), silent, LIGHT, "//"),
        (pick(language, "not yet due", "jeszcze przed terminem"), made["not_yet"], "white", ".."),
        (pick(language, "left before", "odeszło wcześniej"), made["left"], GREY, ""),
    ]
    figure, axes = plt.subplots(figsize=(7, 0.55 * len(labels) + 1.2))
    stack(axes, labels, parts)
    axes.set_xlabel(pick(language, "people enrolled", "osoby przyjęte"))
    caption = pick(language, "From enrolment to the last wave", "Od przyjęcia do ostatniego pomiaru")
    told = [*((part[0], part[1]) for part in parts), (pick(language, "due", "powinno odpowiedzieć"), made["due"])]
    told.append((pick(language, "enrolled", "przyjęte osoby"), made["enrolled"]))
    rows = [(label, *(int(column.iloc[at]) for _, column in told)) for at, label in enumerate(labels)]
    return pictured(figure, caption, ["", *(name for name, _ in told)], rows, language)


def leaving(participants: pd.DataFrame, declaration: Declaration, language: str) -> Inside:
    """Why people left: counts by reason."""
    codes = declaration.tables["participants"].field("leaving_reason").codes
    made = reasons(participants)
    rows = [
        (text(codes.get(reason, {"en": reason}), language), count)
        for reason, count in zip(made["reason"], made["count"], strict=True)
    ]
    names = pick(language, "reason|people", "powód|osoby").split("|")
    return Inside(language, pick(language, "Reasons for leaving", "Powody odejścia"), frame(names, rows))


def courses(dose: pd.DataFrame, declaration: Declaration, language: str) -> Inside:
    """Per course: completers, others who attended, and the median rate of attendance."""
    import matplotlib.pyplot as plt

    taken = dose[dose["present"] > 0]
    names = [course.id for course in declaration.file.courses]
    by = taken.groupby("course")
    completed = by["completer"].sum().reindex(names).fillna(0).astype(int)
    some = by.size().reindex(names).fillna(0).astype(int) - completed
    rate = by["rate"].median().reindex(names)
    labels = [text(course.labels, language) for course in declaration.file.courses]
    parts = [
        (pick(language, "completed", "ukończyło"), completed, DARK, ""),
        (pick(language, "attended, not completed", "uczestniczyło, nie ukończyło"), some, LIGHT, "//"),
    ]
    figure, axes = plt.subplots(figsize=(7, 0.45 * max(1, len(labels)) + 1.2))
    stack(axes, labels, parts)
    axes.set_xlabel(pick(language, "people", "osoby"))
    caption = pick(language, "Attendance per course", "Uczestnictwo w kursach")
    column = pick(language, "median attendance rate", "mediana frekwencji")
    rows = [
        (label, *(int(part[1].iloc[at]) for part in parts), percent(rate.iloc[at])) for at, label in enumerate(labels)
    ]
    return pictured(figure, caption, ["", *(part[0] for part in parts), column], rows, language)


def support(frames: Frames, declaration: Declaration, language: str) -> Inside:
    """What the client track gave: people and times by kind."""
    kinds = declaration.tables["support"].field("kind").codes
    rows = [
        (text(kinds[str(kind)], language), group["participant"].nunique(), len(group))
        for kind, group in frames["support"].groupby("kind")
    ]
    names = pick(language, "support|people|times", "wsparcie|osoby|razy").split("|")
    return Inside(language, pick(language, "Support given", "Udzielone wsparcie"), frame(names, rows))
