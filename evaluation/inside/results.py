"""What changed, with how much certainty, and how far the declared indicators got."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from evaluation.inside.display import DARK, GREY, LIGHT, Inside, frame, percent, pick, pictured
from evaluation.inside.numbers import between, named, number, percents, probability
from evaluation.measure.change import Change
from evaluation.measure.indicators import Measured
from evaluation.schema import Declaration, text


def outcomes(changes: Mapping[str, Change], declaration: Declaration, language: str) -> Inside:
    """Mean change of every outcome with its interval, as a share of the scale's range; forest plot.

    Hollow marks are of totals that the items do not bear: they head nothing.
    """
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 0.5 * max(1, len(changes)) + 1.2))
    rows, labels = [], []
    for at, change in enumerate(changes.values()):
        labels.append(named(change, language))
        estimate, interval = change.headline_estimate, change.headline_interval
        share = None if estimate is None else 100 * estimate / change.scale.range
        rows.append((labels[-1], number(estimate), between(interval), number(share), _whose(change, language)))
        if estimate is None or interval is None:
            axes.annotate(
                _whose(change, language), (0, at), (6, 0), textcoords="offset points", va="center", color=GREY
            )
        else:
            width = change.scale.range
            axes.plot([end / width for end in interval], [at, at], color=DARK, lw=2)
            face = DARK if change.headlined else "white"
            axes.plot(estimate / width, at, "o", color=DARK, mfc=face, mew=1.5, ms=7)
    axes.axvline(0, color=GREY, lw=1)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(max(1, len(labels)) - 0.5, -0.5)
    axes.set_xlabel(pick(language, "change, share of the scale's range", "zmiana jako część rozpiętości skali"))
    names = pick(
        language,
        "outcome|change in points|interval|% of the scale's range|of",
        "rezultat|zmiana w punktach|przedział|% rozpiętości skali|dla",
    ).split("|")
    caption = pick(language, "Mean change of all outcomes", "Średnia zmiana wszystkich rezultatów")
    if any(change.headline != "none" and not change.headlined for change in changes.values()):
        caption += pick(
            language,
            " (hollow: the items do not bear a total, look at them instead)",
            " (puste znaki: pozycje nie dają podstaw do sumy, należy patrzeć na pozycje)",
        )
    return pictured(figure, caption, names, rows, language)


def _whose(change: Change, language: str) -> str:
    """Whose mean change it is, and how many they are."""
    return {
        "paired": pick(language, f"{change.pairs} pairs", f"pary: {change.pairs}"),
        "all enrolled": pick(
            language,
            f"all {change.at_baseline} with a first score, {change.pairs} pairs",
            f"wszystkie osoby z pierwszym wynikiem: {change.at_baseline}, pary: {change.pairs}",
        ),
        "none": pick(language, "no headline", "bez nagłówka"),
    }[change.headline]


def block(changes: Mapping[str, Change], declaration: Declaration, language: str) -> Inside:
    """The primary block of every outcome, one row a number, in the order of the reader's questions."""
    rows = [
        (named(change, language), question, answer)
        for change in changes.values()
        for question, answer in (*_first(change, language), *_of_all(change, language), *_last(change, language))
    ]
    names = pick(language, "outcome|question|answer", "rezultat|pytanie|odpowiedź").split("|")
    return Inside(
        language, pick(language, "The numbers of each outcome", "Liczby każdego rezultatu"), frame(names, rows)
    )


def _first(change: Change, language: str) -> Iterator[tuple[str, str]]:
    """Who answered, how many changed, by how much among the pairs."""
    means = change.means
    yield (
        pick(language, "both measurements / at the start / enrolled", "oba pomiary / na początku / przyjęte"),
        f"{change.pairs} / {change.at_baseline} / {change.enrolled}",
    )
    yield (
        pick(language, "higher / same / lower", "wyżej / tyle samo / niżej"),
        f"{change.higher} / {change.same} / {change.lower}",
    )
    net, limits = change.directions.net, change.directions.net_interval(alpha=change.alpha)
    yield (
        pick(language, "higher minus lower, % of the pairs (Tango)", "wyżej minus niżej, % par (Tango)"),
        "–" if net is None or limits is None else f"{number(100 * net, 0)} {between(percents(limits), 0)}",
    )
    yield (
        pick(language, "mean at the start → at the end (pairs)", "średnia na początku → na końcu (pary)"),
        f"{number(means.paired_baseline)} → {number(means.endline)}",
    )
    yield (
        pick(language, "mean change of the pairs", "średnia zmiana w parach"),
        _with_interval((means.t.mean, means.t.low, means.t.high) if means.t else None),
    )
    yield pick(language, "exact interval", "przedział dokładny"), _exact(change, language)


def _of_all(change: Change, language: str) -> Iterator[tuple[str, str]]:
    """Everyone enrolled, and what the missing could change."""
    means, model = change.means, change.means.all_enrolled
    yield (
        pick(language, "mean change of all enrolled", "średnia zmiana wszystkich"),
        _with_interval((model.estimate, model.low, model.high) if model else None),
    )
    if change.show_tipping and model is not None:
        worth = change.outcome.smallest_worthwhile
        beside = "" if worth is None else pick(language, f" (worthwhile: {worth:g})", f" (warta zachodu: {worth:g})")
        yield (
            pick(
                language,
                "tipping point: points by which each missing person would have to differ for it to be 0",
                "punkt zwrotny: o ile punktów musiałaby się różnić każda brakująca osoba, aby zmiana była 0",
            ),
            f"{number(model.tipping)}{beside}",
        )
    yield (
        pick(language, "if the missing gained nothing", "gdyby osoby bez wyniku końcowego nic nie zyskały"),
        number(means.if_nothing_gained),
    )
    yield (
        pick(language, "bounds for any missing answers", "granice dla dowolnych brakujących odpowiedzi"),
        between(means.bounds),
    )


def _last(change: Change, language: str) -> Iterator[tuple[str, str]]:
    """Secondary line and appendix: standardised change and tests."""
    means, made = change.means, change.means.standardised
    yield (
        pick(language, "secondary: change / SD at the start, g_av", "dodatkowo: zmiana / SD na początku, g_av"),
        "–"
        if made is None
        else f"{number(made.by_baseline.d, 2)} {between(made.by_baseline.d_interval, 2)},"
        f" {number(made.by_average.g, 2)} {between(made.by_average.g_interval, 2)}",
    )
    tested = means.exact is not None
    yield (
        pick(language, "exact sign test p (appendix)", "dokładne p testu znaków (aneks)"),
        probability(change.directions.sign_p if tested else None),
    )
    yield (
        pick(language, "exact sign-flip p (appendix)", "dokładne p zmiany znaków (aneks)"),
        probability(means.exact.p_two_sided if means.exact else None),
    )
    if change.outcome.primary:
        after = pick(language, "the same after Holm, over the primary outcomes", "to samo po korekcie Holma")
        yield after, probability(change.p_holm)
    if not change.preplanned:
        locked = pick(language, "fixed before the last answers", "zapisany przed ostatnimi odpowiedziami")
        yield locked, pick(language, "no: exploratory", "nie: eksploracyjnie")


def _with_interval(found: tuple[float, float, float] | None) -> str:
    return "– –" if found is None else f"{number(found[0])} {between(found[1:])}"


def _exact(change: Change, language: str) -> str:
    """The exact interval, and whether it says the same of 0 as the t interval does."""
    t, exact = change.means.t, change.means.exact_interval
    if t is None or exact is None or exact[0] is None or exact[1] is None:
        return between(exact)
    same = (exact[0] > 0) == (t.low > 0) and (exact[1] < 0) == (t.high < 0)
    said = pick(language, "agrees", "zgodny") if same else pick(language, "differs about 0", "różni się co do 0")
    return f"{between(exact)} {said}"


def refusals(changes: Mapping[str, Change], declaration: Declaration, language: str) -> Inside:
    """Every refusal and caution with its sentence."""
    rows = [
        (named(change, language), text(refusal.sentences, language))
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
            _in_unit(one.value, one),
            _in_unit(one.indicator.target, one),
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


def _in_unit(value: float | None, one: Measured) -> str:
    return percent(value) if one.indicator.unit == "share" else number(value)
