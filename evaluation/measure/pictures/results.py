"""What changed, with how much certainty, and how far the declared indicators got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from evaluation.measure.change import Change
from evaluation.measure.indicators import Measured
from evaluation.measure.pictures.inside import DARK, GREY, LIGHT, Inside, frame, percent, pick, pictured
from evaluation.schema import Project, text


def outcomes(changes: Mapping[str, Change], project: Project, language: str) -> Inside:
    """Mean change of every outcome with its interval, as a share of the scale's range; forest plot."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 0.5 * max(1, len(changes)) + 1.2))
    rows, labels = [], []
    for at, change in enumerate(changes.values()):
        labels.append(text(change.outcome.labels, language))
        estimate, interval = change.headline_estimate, change.headline_interval
        rows.append((labels[-1], _number(estimate), _between(interval), change.headline, change.pairs))
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


def block(changes: Mapping[str, Change], project: Project, language: str) -> Inside:
    """The primary block of every outcome, one row a number, in the order of the reader's questions."""
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
                f"{_number(means.paired_baseline)} → {_number(means.endline)}",
            ),
            (
                pick(language, "mean change of the pairs", "średnia zmiana w parach"),
                _number(means.t.mean if means.t else None)
                + " "
                + _between((means.t.low, means.t.high) if means.t else None),
            ),
            (pick(language, "exact interval", "przedział dokładny"), _between(means.exact_interval)),
            (
                pick(language, "mean change of all enrolled", "średnia zmiana wszystkich"),
                _number(means.all_enrolled.estimate if means.all_enrolled else None)
                + " "
                + _between((means.all_enrolled.low, means.all_enrolled.high) if means.all_enrolled else None),
            ),
            (
                pick(language, "if the missing gained nothing", "gdyby brakujący nic nie zyskali"),
                _number(means.if_nothing_gained),
            ),
            (
                pick(language, "bounds for any missing answers", "granice dla dowolnych brakujących odpowiedzi"),
                _between(means.bounds),
            ),
            (
                pick(language, "exact sign-flip p (appendix)", "dokładne p zmiany znaków (aneks)"),
                _probability(means.exact.p_two_sided if means.exact else None),
            ),
        ]
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
            _number(one.value),
            _number(one.indicator.target),
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


def change_per_person(scores: pd.DataFrame, changes: Mapping[str, Change], project: Project, language: str) -> Inside:
    """One line a person for the first outcome: her score at the start and at the end, and the mean of both."""
    import matplotlib.pyplot as plt

    change = next(iter(changes.values()))
    plan, scale = project.plan, change.scale
    own = scores[(scores["scale"] == change.outcome.scale) & scores["participant"].isin(change.paired)]
    wide = own.pivot(index="participant", columns="wave", values="score").reindex(columns=[plan.baseline, plan.endline])
    figure, axes = plt.subplots(figsize=(5, 4.5))
    for start, end in wide.to_numpy():
        worse = (end - start) * (1 if scale.direction == "higher" else -1) < 0
        axes.plot([0, 1], [start, end], color=GREY, lw=1, ls="--" if worse else "-", marker="o", ms=3)
    axes.plot([0, 1], wide.mean().to_numpy(), color=DARK, lw=3, marker="o", ms=8)
    axes.set_xticks([0, 1], [text(project.wave(wave).labels, language) for wave in (plan.baseline, plan.endline)])
    axes.set_ylim(scale.minimum, scale.maximum)
    axes.set_ylabel(text(change.outcome.labels, language))
    caption = pick(
        language,
        "Each person's change (dashed: worse), mean in bold",
        "Zmiana każdej osoby (kreskowane: gorzej), średnia grubo",
    )
    rows = [(position + 1, *map(_number, line)) for position, line in enumerate(wide.to_numpy())]
    names = pick(language, "line|start|end", "linia|początek|koniec").split("|")
    return pictured(figure, f"{text(change.outcome.labels, language)}: {caption}", names, rows, language)


def _number(value: float | None, digits: int = 1) -> str:
    return "–" if value is None or value != value else f"{value:.{digits}f}"


def _between(interval: tuple[float | None, float | None] | None) -> str:
    """An interval in brackets; an open end is unbounded."""
    if interval is None:
        return "–"
    low, high = interval
    return f"[{'−∞' if low is None else _number(low)}; {'∞' if high is None else _number(high)}]"


def _probability(value: float | None) -> str:
    return "< 0.001" if value is not None and value < 0.001 else _number(value, 3)
