"""What can be said of one outcome: the change with its interval, whether we can tell, and how many rose and fell."""

from __future__ import annotations

from evaluation import texts
from evaluation.release.released import Mean, Released, Value
from evaluation.report import words
from evaluation.report.blocks import Sentence
from evaluation.report.content import lookup
from evaluation.schema import text


def sentences(released: Released, mean: Mean, language: str, *, counts: bool = True) -> list[Sentence]:
    """What can be said of one outcome: the change, whether we can tell, how many higher and lower.

    Better, worse and undecided results use one template (STATISTICS.md §6).
    """
    said = [_change(mean, language)]
    if mean.change is not None and touches_zero(mean):
        said.append(_undecided(mean, language))
    if mean.method == "waiting list":
        return said
    return said + (_directions(released, mean, language) if counts else [])


def touches_zero(mean: Mean) -> bool:
    """Whether the interval holds 0, so that the direction of the change cannot be told."""
    return mean.low is not None and mean.high is not None and mean.low <= 0 <= mean.high


def _change(mean: Mean, language: str) -> Sentence:
    outcome = words.inline(mean.labels, language)
    if mean.change is None:
        reason = text(mean.withheld, language) or words.say("report.summary.too_few", language)
        phrase = "no_comparison_shown" if mean.method == "waiting list" else "withheld"
        said = words.begun(f"report.summary.{phrase}", language, reason=words.sentence(reason), outcome=outcome)
        return Sentence(said, (f"/means/{mean.id}/withheld",))
    phrase = "changed" if mean.change else "same"
    if mean.method == "waiting list":
        phrase = "compared" if mean.change else "compared_same"
    said = words.begun(
        f"report.summary.{phrase}",
        language,
        points=words.number(abs(mean.change), language, decimals=decimals(mean)),
        way=words.say("report.way.higher" if mean.change > 0 else "report.way.lower", language),
        detail=_detail(mean, language),
        outcome=outcome,
        verb=words.say("report.summary.verb", language, n=1 + words.fits("report.grammar.plural", outcome, language)),
    )
    told = [name for name in ("change", "low", "high", "n") if getattr(mean, name) is not None]
    return Sentence(said, tuple(f"/means/{mean.id}/{name}" for name in told))


def _detail(mean: Mean, language: str) -> str:
    people = words.out_of(mean.n, mean.of, language) if mean.n is not None else ""
    parts = [scale(mean, language)]
    if mean.low is not None and mean.high is not None:
        parts.append(confidence(mean, language))
    if people:
        parts.append(words.say(f"report.summary.{mean.method.replace(' ', '_')}", language, people=people))
    elif mean.method == "all enrolled":
        parts.append(words.say("report.summary.predicted", language))
    return "; ".join(parts)


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


def confidence(mean: Mean, language: str) -> str:
    """ "95% CI 0.4 to 3.5"; empty where there is no interval."""
    if mean.low is None or mean.high is None:
        return ""
    ends = words.interval(mean.low, mean.high, language, decimals=decimals(mean))
    return words.say(
        "report.summary.confidence", language, level=words.percent(mean.confidence, language), interval=ends
    )


def decimals(mean: Mean) -> int:
    """The decimals with which this mean and its interval were released."""
    return words.decimals_in(*(value for value in (mean.change, mean.low, mean.high) if value is not None))


def _undecided(mean: Mean, language: str) -> Sentence:
    ends = [_end(value, mean, language) for value in (mean.low, mean.high) if value is not None]
    phrase = "cannot_tell_groups" if mean.method == "waiting list" else "cannot_tell"
    said = words.say(f"report.summary.{phrase}", language, low=ends[0], high=ends[1])
    return Sentence(said, (f"/means/{mean.id}/low", f"/means/{mean.id}/high"))


def _end(value: float, mean: Mean, language: str) -> str:
    groups = mean.method == "waiting list"
    if value == 0:
        return words.say("report.summary.no_difference" if groups else "report.summary.no_change", language)
    phrase = ("higher_by" if value > 0 else "lower_by") if groups else ("rise" if value > 0 else "fall")
    points = words.number(abs(value), language, decimals=decimals(mean))
    article = "article_an" if words.fits("report.grammar.an", points, language) else "article"
    facts = {} if groups else {"article": texts.say(f"report.summary.{article}", language)}
    return words.say(f"report.summary.{phrase}", language, points=points, **facts)


def _directions(released: Released, mean: Mean, language: str) -> list[Sentence]:
    table = lookup.by_variable(released, f"{mean.id}.direction")
    if table is None:
        return []
    variable = table.variables[-1].id
    whole, sources = _pairs(released, mean)
    shown: dict[str, Value] = {code: lookup.value(table, {variable: code}) for code in ("higher", "lower")}
    known = {code: count for code, count in shown.items() if count is not None}
    if not known:
        return []
    first, *others = known
    said = {first: _first(known[first], whole, language)} | {
        code: words.count(known[code], language) for code in others
    }
    sources += tuple(lookup.path(table, {variable: code}) for code in known)
    if mean.step is None:
        phrase = "directions" if others else f"only_{first}"
        facts = said if others else {"n": said[first]}
    else:
        sources += (f"/means/{mean.id}/step",)
        phrase = "directions_step" if others else {"higher": "rose_step", "lower": "fell_step"}[first]
        facts = (said if others else {"n": said[first]}) | {"step": words.plain(mean.step, language)}
    return [Sentence(words.say(f"report.summary.{phrase}", language, **facts), sources)]


def _first(value: Value, whole: Value, language: str) -> str:
    if whole is None:
        return words.counted(value, "people", language)
    return words.out_of(value, whole, language)


def _pairs(released: Released, mean: Mean) -> tuple[Value, tuple[str, ...]]:
    """How many answered both times, from the mean or as the sum of released counts, with its sources."""
    if mean.n is not None:
        return words.opened(mean.n, mean.of), (f"/means/{mean.id}/n",)
    both = lookup.by_variable(released, f"{mean.id}.pairs")
    if both is not None and lookup.value(both, {f"{mean.id}.pairs": "yes"}) is not None:
        at = {f"{mean.id}.pairs": "yes"}
        return lookup.value(both, at), (lookup.path(both, at),)
    table = lookup.by_variable(released, f"{mean.id}.direction")
    if table is None:
        return None, ()
    variable = table.variables[-1].id
    counts = {code: count for code, count in lookup.parts(table) if code != "not_paired"}
    if not all(isinstance(count, int) for count in counts.values()):
        return None, ()
    paths = tuple(lookup.path(table, {variable: code}) for code in counts)
    return sum(count for count in counts.values() if isinstance(count, int)), paths
