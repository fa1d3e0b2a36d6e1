"""What changed, number by number, with how much certainty, and how far the declared indicators got."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from evaluation import drawing
from evaluation.inside.display import DARK, LIGHT, Inside, frame, pictured
from evaluation.inside.numbers import between, estimated, named, number, percent, percents, probability, tipped
from evaluation.inside.outcomes.overview import whose
from evaluation.measure.indicators import Measured
from evaluation.measure.outcomes.change import Change
from evaluation.measure.outcomes.tipping import tipping, tipping_of_interval
from evaluation.measure.refusals import NO_HEADLINE
from evaluation.schema import Declaration, text
from evaluation.texts import DASH, say


def block(
    changes: Mapping[str, Change],
    declaration: Declaration,
    language: str,
    *,
    otherwise: Mapping[str, Change] | None = None,
    follow_ups: Mapping[str, Mapping[str, Change]] | None = None,
) -> Inside:
    """The primary block of every outcome, one row a number, in the order of the reader's questions.

    ``otherwise``: the outcomes with late first answers, computed with them where they are left out, and without
    them where they count. ``follow_ups``: each outcome from the start to the waves after the end.
    """
    late, after = otherwise or {}, follow_ups or {}
    rows = [
        (named(change, language), question, answer)
        for change in changes.values()
        for question, answer in (
            *_first(change, language),
            *_of_all(change, language),
            *_of_late(change, late.get(change.outcome.id), language),
            *_after(after.get(change.outcome.id, {}), declaration, language),
            *_last(change, language),
        )
    ]
    names = say("inside.results.block_columns", language).split("|")
    return Inside(language, say("inside.results.block_caption", language), frame(names, rows))


def _first(change: Change, language: str) -> Iterator[tuple[str, str]]:
    """Who answered, how many changed, by how much among the pairs."""
    means = change.means
    yield (
        say("inside.results.how_many", language),
        f"{change.pairs} / {change.at_baseline} / {change.enrolled}",
    )
    yield (
        say("inside.results.higher_same_lower", language),
        f"{change.higher} / {change.same} / {change.lower}",
    )
    better, worse = len(change.improved_by_step), len(change.worse_by_step)
    rose, fell = (better, worse) if change.scale.direction == "higher" else (worse, better)
    yield (
        say("inside.results.by_step", language, step=change.outcome.step),
        f"{rose} / {change.pairs - rose - fell} / {fell}",
    )
    net, limits = change.directions.net, change.directions.net_interval(alpha=change.alpha)
    yield (
        say("inside.results.net_change", language),
        "–" if net is None or limits is None else estimated(100 * net, percents(limits), language, 0),
    )
    yield (
        say("inside.results.means_of_pairs", language),
        f"{number(means.paired_baseline, language)} → {number(means.endline, language)}",
    )
    yield (
        say("inside.results.mean_change_pairs", language),
        estimated(means.t.mean, (means.t.low, means.t.high), language) if means.t else DASH,
    )
    yield say("inside.results.exact_interval", language), _exact(change, language)


def _of_all(change: Change, language: str) -> Iterator[tuple[str, str]]:
    """Everyone enrolled, and what the missing could change."""
    means, model = change.means, change.means.all_enrolled
    yield (
        say("inside.results.mean_change_all_enrolled", language),
        estimated(model.estimate, (model.low, model.high), language) if model else DASH,
    )
    if change.show_tipping and model is not None:
        worth = change.outcome.smallest_worthwhile
        beside = "" if worth is None else say("inside.results.worthwhile", language, worth=worth)
        yield (
            say("inside.results.tipping_point", language),
            f"{tipped(tipping(change, 0), language)}; {tipped(tipping_of_interval(change), language)}{beside}",
        )
    yield (
        say("inside.results.nothing_gained", language),
        number(means.if_nothing_gained, language),
    )
    yield (
        say("inside.results.bounds", language, n=change.at_baseline),
        between(means.bounds, language),
    )
    if (near := change.near_ends) is not None:
        yield (
            say("inside.results.near_ends", language, step=near.step),
            f"{near.first_lowest}, {near.first_highest} / {near.first} → "
            f"{near.last_lowest}, {near.last_highest} / {near.last}",
        )


def _of_late(change: Change, other: Change | None, language: str) -> Iterator[tuple[str, str]]:
    """The headline with late first answers, or without them."""
    n = other.at_baseline - change.at_baseline if other else 0
    if other is None or n == 0:
        return
    estimate, interval = other.headline_estimate, other.headline_interval
    said = DASH if estimate is None or interval is None else estimated(estimate, interval, language)
    key = "inside.results.with_late" if n > 0 else "inside.results.without_late"
    yield say(key, language, n=abs(n)), f"{said} ({whose(other, language)})"


def _after(later: Mapping[str, Change], declaration: Declaration, language: str) -> Iterator[tuple[str, str]]:
    """Each wave after the end: how many, the change from the start among the pairs, and of everyone enrolled."""
    for wave, change in later.items():
        label, model, t = text(declaration.wave(wave).labels, language), change.means.all_enrolled, change.means.t
        yield say("inside.results.later_pairs", language, wave=label), f"{change.pairs} / {change.at_baseline}"
        if not change.pairs:
            continue
        why = " ".join(say(one.message, language) for one in change.refusals if one.id in NO_HEADLINE)
        pairs = estimated(t.mean, (t.low, t.high), language) if t else DASH
        everyone = estimated(model.estimate, (model.low, model.high), language) if model else DASH
        yield say("inside.results.later_change", language, wave=label), f"{everyone}; {pairs}. {why}".strip()


def _last(change: Change, language: str) -> Iterator[tuple[str, str]]:
    """Secondary line and appendix: standardised change and tests."""
    means, made = change.means, change.means.standardised
    yield (
        say("inside.results.standardised", language),
        "–"
        if made is None
        else f"{number(made.by_baseline.d, language, 2)} {between(made.by_baseline.d_interval, language, 2)},"
        f" {number(made.by_average.g, language, 2)} {between(made.by_average.g_interval, language, 2)}",
    )
    tested = means.exact is not None
    yield (
        say("inside.results.sign_p", language),
        probability(change.directions.sign_p if tested else None, language),
    )
    yield (
        say("inside.results.sign_flip_p", language),
        probability(means.exact.p_two_sided if means.exact else None, language),
    )
    if change.outcome.primary:
        after = say("inside.results.after_holm", language)
        yield after, probability(change.p_holm, language)
    if not change.preplanned:
        locked = say("inside.results.fixed_before_last_answers", language)
        yield locked, say("inside.results.no_exploratory", language)


def _exact(change: Change, language: str) -> str:
    """The exact interval, and whether it says the same of 0 as the t interval does."""
    t, exact = change.means.t, change.means.exact_interval
    if t is None or exact is None or exact[0] is None or exact[1] is None:
        return between(exact, language)
    same = (exact[0] > 0) == (t.low > 0) and (exact[1] < 0) == (t.high < 0)
    said = say("inside.results.agrees", language) if same else say("inside.results.differs_about_0", language)
    return f"{between(exact, language)} {said}"


def refusals(changes: Mapping[str, Change], declaration: Declaration, language: str) -> Inside:
    """Every refusal and caution with its sentence."""
    rows = [
        (named(change, language), say(refusal.message, language))
        for change in changes.values()
        for refusal in change.refusals
    ]
    names = say("inside.results.refusals_columns", language).split("|")
    return Inside(language, say("inside.results.refusals_caption", language), frame(names, rows))


@drawing.settings()
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
    axes.set_xlabel(say("inside.results.achieved_target", language))
    axes.set_ylabel("")
    rows = [
        (
            label,
            _in_unit(one.value, one, language),
            _in_unit(one.indicator.target, one, language),
            percent(one.achieved_share, language),
            percent(one.progress, language),
            "" if one.reason is None else say(one.reason, language),
        )
        for label, one in zip(labels, measured, strict=True)
    ]
    names = say("inside.results.indicators_columns", language).split("|")
    return pictured(figure, say("inside.results.indicators_caption", language), names, rows, language)


def _in_unit(value: float | None, one: Measured, language: str) -> str:
    if value is None or one.indicator.unit == "share":
        return percent(value, language)
    # Nobody is half a person: what is counted has decimals only where it is no whole number, as hours may be.
    counted = one.indicator.unit in ("persons", "number") and float(value).is_integer()
    return number(value, language, 0 if counted else 1)
