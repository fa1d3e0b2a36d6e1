"""What changed, with how much certainty, and how far the declared indicators got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from evaluation.measure.change import Change
from evaluation.measure.indicators import Measured
from evaluation.measure.pictures.inside import DARK, GREY, LIGHT, Inside, frame, percent, pick, pictured
from evaluation.measure.pictures.numbers import between, number, probability
from evaluation.schema import Project, text


def outcomes(changes: Mapping[str, Change], project: Project, language: str) -> Inside:
    """Mean change of every outcome with its interval, as a share of the scale's range; forest plot."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 0.5 * max(1, len(changes)) + 1.2))
    rows, labels = [], []
    for at, change in enumerate(changes.values()):
        labels.append(text(change.outcome.labels, language))
        estimate, interval = change.headline_estimate, change.headline_interval
        rows.append((labels[-1], number(estimate), between(interval), change.headline, change.pairs))
        if estimate is not None and interval is not None:
            share = change.scale.range
            axes.plot([end / share for end in interval], [at, at], color=DARK, lw=2)
            axes.plot(estimate / share, at, "o", color=DARK, ms=7)
    axes.axvline(0, color=GREY, lw=1)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xlabel(pick(language, "change, share of the scale's range", "zmiana jako część rozpiętości skali"))
    names = pick(
        language, "outcome|change in points|interval|of|pairs", "rezultat|zmiana w punktach|przedział|dla|pary"
    ).split("|")
    caption = pick(language, "Mean change of all outcomes", "Średnia zmiana wszystkich rezultatów")
    return pictured(figure, caption, names, rows, language)


def block(
    changes: Mapping[str, Change],
    project: Project,
    language: str,
    *,
    adjusted: Mapping[str, float | None] | None = None,
    preplanned: Mapping[str, bool] | None = None,
) -> Inside:
    """The primary block of every outcome, one row a number, in the order of the reader's questions.

    ``adjusted``: the p after Holm by outcome, shown for primary ones; ``preplanned``: which outcomes
    were fixed before the endline answers. Both default to being left out.
    """
    rows: list[tuple[object, ...]] = []
    for change in changes.values():
        name, means = text(change.outcome.labels, language), change.means
        say = [
            (
                pick(language, "both measurements / at the start / enrolled", "oba pomiary / na początku / przyjęte"),
                f"{change.pairs} / {change.at_baseline} / {change.enrolled}",
            ),
            (
                pick(language, "higher / same / lower", "wyżej / tyle samo / niżej"),
                f"{change.higher} / {change.same} / {change.lower}",
            ),
            (
                pick(language, "mean at the start → at the end (pairs)", "średnia na początku → na końcu (pary)"),
                f"{number(means.paired_baseline)} → {number(means.endline)}",
            ),
            (
                pick(language, "mean change of the pairs", "średnia zmiana w parach"),
                number(means.t.mean if means.t else None)
                + " "
                + between((means.t.low, means.t.high) if means.t else None),
            ),
            (pick(language, "exact interval", "przedział dokładny"), between(means.exact_interval)),
            (
                pick(language, "mean change of all enrolled", "średnia zmiana wszystkich"),
                number(means.all_enrolled.estimate if means.all_enrolled else None)
                + " "
                + between((means.all_enrolled.low, means.all_enrolled.high) if means.all_enrolled else None),
            ),
            (
                pick(language, "if the missing gained nothing", "gdyby brakujący nic nie zyskali"),
                number(means.if_nothing_gained),
            ),
            (
                pick(language, "bounds for any missing answers", "granice dla dowolnych brakujących odpowiedzi"),
                between(means.bounds),
            ),
            (
                pick(language, "exact sign-flip p (appendix)", "dokładne p zmiany znaków (aneks)"),
                probability(means.exact.p_two_sided if means.exact else None),
            ),
        ]
        if adjusted is not None and change.outcome.primary:
            after = pick(language, "the same after Holm, over the primary outcomes", "to samo po korekcie Holma")
            say.append((after, probability(adjusted[change.outcome.id])))
        if preplanned is not None and not preplanned[change.outcome.id]:
            locked = pick(language, "fixed before the last answers", "zapisany przed ostatnimi odpowiedziami")
            say.append((locked, pick(language, "no: exploratory", "nie: eksploracyjny")))
        rows += [(name, question, answer) for question, answer in say]
    names = pick(language, "outcome|question|answer", "rezultat|pytanie|odpowiedź").split("|")
    return Inside(
        language, pick(language, "The numbers of each outcome", "Liczby każdego rezultatu"), frame(names, rows)
    )


def refusals(changes: Mapping[str, Change], project: Project, language: str) -> Inside:
    """Every refusal and caution with its sentence."""
    rows = [
        (text(change.outcome.labels, language), text(refusal.sentences, language))
        for change in changes.values()
        for refusal in change.refusals
    ]
    names = pick(language, "outcome|what the data cannot bear", "rezultat|czego dane nie pozwalają powiedzieć").split(
        "|"
    )
    return Inside(language, pick(language, "Refusals and cautions", "Odmowy i zastrzeżenia"), frame(names, rows))


def indicators(measured: Sequence[Measured], language: str) -> Inside:
    """Declared indicators with achieved and progress; bars are achieved / target."""
    import matplotlib.pyplot as plt
    import seaborn as sns

    labels = [f"{one.indicator.code} {text(one.indicator.labels, language)}" for one in measured]
    shares = [np.nan if one.achieved_share is None else 100 * one.achieved_share for one in measured]
    figure, axes = plt.subplots(figsize=(7, 0.45 * max(1, len(labels)) + 1.2))
    short = [one.indicator.code for one in measured]
    sns.barplot(x=shares, y=short, orient="h", color=LIGHT, edgecolor=DARK, ax=axes)
    axes.axvline(100, color=DARK, lw=1)
    axes.set_xlabel(pick(language, "achieved, % of target", "osiągnięto, % wartości docelowej"))
    axes.set_ylabel("")
    rows = [
        (
            label,
            number(one.value),
            number(one.indicator.target),
            percent(one.achieved_share),
            percent(one.progress),
            text(one.reason, language),
        )
        for label, one in zip(labels, measured, strict=True)
    ]
    names = pick(
        language, "indicator|value|target|achieved|progress|note", "wskaźnik|wartość|cel|osiągnięto|postęp|uwaga"
    ).split("|")
    return pictured(figure, pick(language, "Indicators", "Wskaźniki"), names, rows, language)
