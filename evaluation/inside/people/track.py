"""What the client track reached: goals of plans, referrals, residence and legal status, tallies, sessions held."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from evaluation import descriptors, drawing, texts
from evaluation.inside.display import DARK, GREY, LIGHT, Inside, drawn, frame, pictured, stack
from evaluation.inside.numbers import code_label, number, percent
from evaluation.measure.attendance import held
from evaluation.measure.track.goals import attainment, scored
from evaluation.measure.track.referrals import NOT_RECORDED, by_institution
from evaluation.measure.track.status import KINDS, status
from evaluation.measure.track.tallies import tallies as tallied
from evaluation.schema import Declaration, Labels, text
from evaluation.texts import DASH, say

Frames = Mapping[str, pd.DataFrame]

MEANS_FROM = 10
"""People, or goals, below whom no mean and no percentage is shown."""


@drawing.settings()
def goals(frames: Frames, declaration: Declaration, language: str) -> Inside:
    """Rated goals by kind and level (−2 … +2), with how many are not rated yet; the mean T-score in the caption."""
    import matplotlib.pyplot as plt

    made, codes = attainment(frames["goals"]), declaration.tables["goals"].field("kind").codes
    levels = declaration.tables["goals"].field("reached_level").codes
    labels = [
        code_label(codes, one.kind, language) if one.kind else say("inside.track.all_goals", language) for one in made
    ]
    names = say("inside.track.goals_columns", language).split("|")
    rows = [
        (label, one.goals, one.people, *one.levels, one.goals - one.rated, _share(one.reached, one.rated, language))
        for label, one in zip(labels, made, strict=True)
    ]
    score = scored(frames["goals"])
    ends = [number(value, language) if score.people >= MEANS_FROM else DASH for value in (score.start, score.end)]
    caption = say("inside.track.goals_caption", language, people=score.people, start=ends[0], end=ends[1])
    if not made[0].goals:
        return Inside(language, caption, frame(names, rows))
    tones = ((GREY, ""), (LIGHT, "\\\\"), ("white", ""), (LIGHT, "//"), (DARK, ""), ("white", ".."))
    shown = [pd.Series([row[3 + at] for row in rows]) for at in range(len(tones))]
    called = [*(text(label, language) for label in levels.values()), names[-2]]
    parts = [(name, lengths, tone, hatch) for name, lengths, (tone, hatch) in zip(called, shown, tones, strict=True)]
    figure, axes = plt.subplots(figsize=(7, 0.45 * len(rows) + 1.2))
    stack(axes, labels, parts)
    axes.set_xlabel(say("inside.track.goals", language))
    return pictured(figure, caption, names, rows, language)


def referrals(frames: Frames, declaration: Declaration, language: str) -> Inside:
    """Referrals by direction and kind of institution, with what became of them."""
    table = declaration.tables["referrals"]
    directions, institutions = table.field("direction").codes, table.field("institution").codes
    outcomes: dict[str, Labels] = {**table.field("outcome").codes, NOT_RECORDED: texts.in_all(_NOT_RECORDED)}
    names = [
        *say("inside.track.referrals_columns", language).split("|"),
        *(text(one, language) for one in outcomes.values()),
    ]
    rows = [
        (
            code_label(directions, one.direction, language),
            code_label(institutions, one.institution, language),
            one.referrals,
            one.people,
            *(one.outcomes.get(code, 0) for code in outcomes),
        )
        for one in by_institution(frames["referrals"])
    ]
    return Inside(language, say("inside.track.referrals_caption", language), frame(names, rows))


def statuses(frames: Frames, declaration: Declaration, language: str) -> Inside:
    """Residence and legal situation: from what to what, and how many people; and how many are identified."""
    table = declaration.tables["participants"]
    rows: list[tuple[object, ...]] = []
    for kind in KINDS:
        codes = {**table.field(f"{kind}_start").codes, "": texts.in_all(_NOT_RECORDED)}
        made = status(frames["participants"], kind)
        title = say(f"inside.track.{kind}", language)
        rows += [
            (title, code_label(codes, start, language), code_label(codes, end, language), people)
            for (start, end), people in made.at.items()
        ]
        rows.append((title, say("inside.track.changed", language), DASH, f"{made.changed} / {made.known}"))
    identified = frames["participants"]["identification"].fillna("").value_counts()
    codes = {**table.field("identification").codes, "": texts.in_all(_NOT_RECORDED)}
    title = say("inside.track.identification", language)
    rows += [
        (title, DASH, code_label(codes, code, language), int(identified[code])) for code in codes if code in identified
    ]
    names = say("inside.track.status_columns", language).split("|")
    return Inside(language, say("inside.track.status_caption", language), frame(names, rows))


@drawing.settings()
def tallies(frames: Frames, declaration: Declaration, language: str) -> Inside:
    """What was counted in each month, by kind; what the months make together; months without a count."""
    import matplotlib.pyplot as plt
    from matplotlib.ticker import MaxNLocator

    codes = declaration.tables["tallies"].field("kind").codes
    made = tallied(frames["tallies"], descriptors.recode("tally_kinds", "months"))
    months = sorted({month for one in made for month in (*one.months, *one.gaps)})
    caption = say("inside.track.tallies_caption", language)
    names = say("inside.track.tallies_columns", language).split("|")
    rows = [
        (
            code_label(codes, one.kind, language),
            one.total,
            say("inside.track.summed" if one.summed else "inside.track.last", language),
            ", ".join(one.gaps) or DASH,
            *(one.months.get(month, DASH) for month in months),
        )
        for one in made
    ]
    if not made:
        return Inside(language, caption, frame(names, rows))
    figure, axes = plt.subplots(len(made), 1, figsize=(7, 1.1 * len(made) + 0.6), sharex=True, squeeze=False)
    for line, one in zip(axes.flat, made, strict=True):
        line.bar(months, [one.months.get(month, 0) for month in months], color=DARK)
        line.set_title(code_label(codes, one.kind, language), loc="left", fontsize=9)
        line.tick_params(axis="x", rotation=90, bottom=line is axes[-1, 0])
        line.yaxis.set_major_locator(MaxNLocator(4, integer=True))  # as many as the panel is high for
    told = "; ".join(f"{row[0]}: {row[1]} ({row[2]})" for row in rows)
    return Inside(language, caption, frame([*names, *months], rows), drawn(figure, apart=0.4), f"{caption}: {told}")


def sessions(frames: Frames, declaration: Declaration, language: str) -> Inside:
    """What was held in each course: group and individual sessions, and their hours."""
    kinds = declaration.tables["sessions"].field("kind").codes
    rows = [
        (
            text(declaration.course(one.course).labels, language),
            code_label(kinds, one.kind, language) if one.kind else say("inside.track.not_recorded", language),
            one.sessions,
            number(one.hours, language),
        )
        for one in held(frames["sessions"])
    ]
    names = say("inside.track.sessions_columns", language).split("|")
    return Inside(language, say("inside.track.sessions_caption", language), frame(names, rows))


_NOT_RECORDED = texts.Message("inside.track.not_recorded")


def _share(part: int, whole: int, language: str) -> str:
    """A part with its whole; in percent only where the whole is large enough for it to say something."""
    if whole < MEANS_FROM:
        return f"{part} / {whole}" if whole else DASH
    return f"{part} / {whole} ({percent(part / whole, language)})"
