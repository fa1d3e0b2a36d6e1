"""What can be said of one outcome: the change with its interval, and whether we can tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluation import texts
from evaluation.release.released import Mean
from evaluation.report import words
from evaluation.report.blocks import Sentence
from evaluation.schema import text


def changes(means: Sequence[Mean], language: str) -> Iterator[Sentence]:
    """What a summary says of outcomes whose means are told: the change, or that we cannot tell it.

    Better, worse and undecided results use one template (docs/statistics.md), and those that went one way on one
    scale share a sentence; interval and method stand in the section on outcomes.
    """
    groups: dict[object, list[Mean]] = {}
    for mean in means:
        alike = _phrase(mean) == "changed" and (mean.change or 0.0) > 0, scale(mean, language)
        groups.setdefault(alike if _phrase(mean) == "changed" else mean.id, []).append(mean)
    for group in groups.values():
        yield _change(group[0], language) if len(group) == 1 else _together(group, language)


def touches_zero(mean: Mean) -> bool:
    """Whether the interval holds 0, so that the direction of the change cannot be told."""
    return mean.low is not None and mean.high is not None and mean.low <= 0 <= mean.high


def if_nothing_gained(mean: Mean) -> float | None:
    """The mean change had those without the later score gained nothing; None where it is not told."""
    return None if mean.change is None or not isinstance(mean.n, int) else mean.change * mean.n / mean.of


def withheld(mean: Mean, language: str) -> str:
    """Why the mean is not told, as a sentence."""
    return words.sentence(text(mean.withheld, language) or words.say("report.summary.too_few", language))


def untold(means: Sequence[Mean], language: str) -> Iterator[Sentence]:
    """The outcomes of which no mean is told, those with one reason together."""
    reasons = {mean.id: (mean.method, withheld(mean, language)) for mean in means}
    for method, reason in dict.fromkeys(reasons.values()):
        these = [mean for mean in means if reasons[mean.id] == (method, reason)]
        named = words.listing([words.inline(mean.labels, language) for mean in these], language)
        phrase = "no_comparison_shown" if method == "waiting list" else "withheld"
        said = words.begun(f"report.summary.{phrase}", language, reason=reason, outcome=named)
        yield Sentence(said, tuple(f"/means/{mean.id}/withheld" for mean in these))


def _change(mean: Mean, language: str) -> Sentence:
    outcome, change = words.inline(mean.labels, language), mean.change or 0.0
    said = words.begun(
        f"report.summary.{_phrase(mean)}",
        language,
        points=words.number(abs(change), language, decimals=decimals(mean)),
        way=words.say("report.way.higher" if change > 0 else "report.way.lower", language),
        scale=scale(mean, language),
        outcome=outcome,
        verb=words.say("report.summary.verb", language, n=1 + words.fits("report.grammar.plural", outcome, language)),
    )
    told = [name for name in ("change", "low", "high") if getattr(mean, name) is not None]
    return Sentence(said, tuple(f"/means/{mean.id}/{name}" for name in told))


def _together(means: Sequence[Mean], language: str) -> Sentence:
    rose = (means[0].change or 0.0) > 0
    points = [words.number(abs(mean.change or 0.0), language, decimals=decimals(mean)) for mean in means]
    said = words.begun(
        "report.summary.changed_all",
        language,
        outcomes=words.listing([words.inline(mean.labels, language) for mean in means], language),
        way=words.say("report.way.higher_all" if rose else "report.way.lower_all", language),
        points=words.listing(points, language),
        scale=scale(means[0], language),
    )
    return Sentence(said, tuple(f"/means/{mean.id}/{name}" for mean in means for name in ("change", "low", "high")))


def _phrase(mean: Mean) -> str:
    kind = "compared" if mean.method == "waiting list" else "changed"
    return f"{kind}_same" if not mean.change else f"{kind}_unsure" if touches_zero(mean) else kind


def title(mean: Mean, language: str) -> str:
    """The outcome with a capital, which groups are compared where there are two, and whether it bears a total."""
    name = words.title(mean.labels, language)
    name = words.say("report.outcome.versus", language, outcome=name) if mean.method == "waiting list" else name
    return name if mean.trusted else f"{name} ({words.say('report.outcome.untrusted', language)})"


def scale(mean: Mean, language: str) -> str:
    """ "scale 6–30", with a word where a lower score is better."""
    low, high = ends(mean, language)
    return words.say(
        "report.summary.scale" if mean.direction == "higher" else "report.summary.scale_down",
        language,
        low=low,
        high=high,
    )


def ends(mean: Mean, language: str) -> tuple[str, str]:
    """The ends of the scale as they are written."""
    return words.plain(mean.scale_minimum, language), words.plain(mean.scale_maximum, language)


def start_and_end(mean: Mean, language: str) -> tuple[str, str]:
    """The mean at the start, and at the end: that and the mean change, of the same people."""
    if mean.method == "waiting list":
        return (words.say("report.mark.not_applicable", language),) * 2
    return tuple(
        words.hidden(language) if score is None else words.number(score, language, decimals=decimals(mean))
        for score in (mean.start, after(mean, mean.start))
    )  # type: ignore[return-value]


def after(mean: Mean, start: float | None) -> float | None:
    """The mean score after the change, of the people whose first is ``start``; None where one of both is not told."""
    return None if start is None or mean.change is None else start + mean.change


def interval(mean: Mean, language: str) -> str:
    """ "0.4 to 3.5 (95%)", or the mark where it is withheld."""
    if mean.low is None or mean.high is None:
        return words.hidden(language)
    written = words.interval(mean.low, mean.high, language, decimals=decimals(mean))
    level = words.percent(mean.confidence, language)
    return words.say("report.number.interval_level", language, interval=written, level=level)


def decimals(mean: Mean) -> int:
    """The decimals with which this mean and its interval were released."""
    return words.decimals_in(*(value for value in (mean.change, mean.low, mean.high) if value is not None))


def undecided(mean: Mean, language: str) -> str:
    """Between which two changes the truth may lie, where the interval holds none; else empty."""
    if mean.change is None or not touches_zero(mean):
        return ""
    low, high = (_end(value, mean, language) for value in (mean.low, mean.high) if value is not None)
    phrase = "cannot_tell_groups" if mean.method == "waiting list" else "cannot_tell"
    return words.say(f"report.summary.{phrase}", language, outcome=title(mean, language), low=low, high=high)


def _end(value: float, mean: Mean, language: str) -> str:
    groups = mean.method == "waiting list"
    if value == 0:
        return words.say("report.summary.no_difference" if groups else "report.summary.no_change", language)
    phrase = ("higher_by" if value > 0 else "lower_by") if groups else ("rise" if value > 0 else "fall")
    points = words.number(abs(value), language, decimals=decimals(mean))
    article = "article_an" if words.fits("report.grammar.an", points, language) else "article"
    facts = {} if groups else {"article": texts.say(f"report.summary.{article}", language)}
    return words.say(f"report.summary.{phrase}", language, points=points, **facts)
