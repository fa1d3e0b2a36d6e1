"""The summary of project results: sentences that each stand on released numbers or sourced statements."""

from __future__ import annotations

from evaluation.release.released import Mean, Released, Value
from evaluation.report import words
from evaluation.report.blocks import Sentence
from evaluation.report.content import lookup
from evaluation.report.content.sentences import Sentences, length, written
from evaluation.report.shown import Shown
from evaluation.schema import text

LONGEST = 300
"""Words that a published summary may have (FACTS.md §1: the seed's has 235)."""


def results_summary(released: Released, language: str) -> Shown:
    """The summary of project results in 150–300 words, in the order of the published one.

    Problem, reason, gap, purpose, number reached, activities, outcomes, who. Where it would be longer
    than 300 words, secondary outcomes leave it first, then the counts of higher and lower.
    """
    levels = (
        _paragraphs(released, language, secondary=secondary, counts=counts)
        for secondary, counts in ((True, True), (False, True), (False, False))
    )
    paragraphs = next((level for level in levels if length(level) <= LONGEST), None)
    if paragraphs is None:
        paragraphs = _paragraphs(released, language, secondary=False, counts=False)
    return written(
        released,
        language,
        name="results_summary",
        heading=words.say("h_results", language),
        paragraphs=paragraphs,
    )


def _paragraphs(released: Released, language: str, *, secondary: bool, counts: bool) -> tuple[Sentences, ...]:
    context = [
        *statements(released, language, "problem"),
        *statements(released, language, "reason"),
        *statements(released, language, "gap"),
        *_purpose(released, language),
    ]
    offer = [_reached(released, language), *_activities(released, language)]
    outcomes = _outcomes(released, language, secondary=secondary, counts=counts)
    found = (tuple(context), tuple(offer), tuple(outcomes), (_who(released, language),))
    return tuple(paragraph for paragraph in found if paragraph)


# --- what is stated -----------------------------------------------------------------------------


def statements(released: Released, language: str, part: str) -> list[Sentence]:
    """What the project states about one ``part``, each sentence with its source."""
    return [
        Sentence(
            _with_source(text(stated.text, language), text(stated.source, language), language),
            (f"/facts/statements/{i}",),
        )
        for i, stated in enumerate(released.facts.statements)
        if stated.part == part
    ]


def _with_source(stated: str, source: str, language: str) -> str:
    if not source:
        return words.tidy(words.sentence(stated), language)
    said = words.say("source", language, source=source)
    return words.tidy(f"{stated.strip().removesuffix('.')} ({said}).", language)


def _purpose(released: Released, language: str) -> list[Sentence]:
    stated = text(released.facts.purpose, language)
    return [Sentence(words.tidy(words.sentence(stated), language), ("/facts/purpose",))] if stated else []


def _reached(released: Released, language: str) -> Sentence:
    facts = released.facts
    phrase = "reached" if facts.courses else "reached_only"
    said = words.say(
        phrase,
        language,
        planned=words.counted(facts.planned, "person_genitive", language),
        reached=words.counted(facts.reached, "person_accusative", language),
        share=words.percent(facts.reached / facts.planned, language) if facts.planned else "",
        courses=words.counted(len(facts.courses), "course_accusative", language),
    )
    sources = ("/facts/planned", "/facts/reached", *(("/facts/courses",) if facts.courses else ()))
    return Sentence(said, sources)


def _activities(released: Released, language: str) -> list[Sentence]:
    offered = [words.inline(labels, language) for _, labels in released.facts.courses]
    if not offered:
        return []
    said = words.say("activities", language, list=words.listing(offered, language))
    return [Sentence(said, ("/facts/courses",))]


def _who(released: Released, language: str) -> Sentence:
    facts = released.facts
    place = text(facts.place, language)
    people = words.counted(facts.reached, "person_accusative", language)
    if facts.countries is None:
        said = words.say("who_only", language, people=people, place=place)
        return Sentence(said, ("/facts/reached", "/facts/place"))
    countries = words.counted(facts.countries, "country_genitive", language)
    said = words.say("who", language, people=people, countries=countries, place=place)
    return Sentence(said, ("/facts/reached", "/facts/countries", "/facts/place"))


# --- outcomes -----------------------------------------------------------------------------------


def _outcomes(released: Released, language: str, *, secondary: bool, counts: bool) -> list[Sentence]:
    means = [mean for mean in headlined(released) if secondary or mean.primary]
    said: list[Sentence] = []
    for mean in means:
        said += outcome_sentences(released, mean, language, counts=counts)
    if any(mean.change is not None for mean in means):
        about = tuple(f"/means/{mean.id}/change" for mean in means if mean.change is not None)
        said.append(Sentence(words.say(comparison(released), language), about))
    if left_out := [mean for mean in released.means if not mean.trusted and (secondary or mean.primary)]:
        named = words.listing([words.inline(mean.labels, language) for mean in left_out], language)
        about = tuple(f"/means/{mean.id}/trusted" for mean in left_out)
        said.append(Sentence(words.say("untrusted_left_out", language, list=named), about))
    if means and released.facts.most_primary is not None:
        n = words.number(released.facts.most_primary, language)
        said.append(Sentence(words.say("sprawling", language, n=n), ("/facts/most_primary",)))
    elif means and released.facts.retrospective:
        said.append(Sentence(words.say("retrospective", language), ("/facts/retrospective",)))
    elif late := [mean for mean in means if not mean.preplanned]:
        plain = dict(released.facts.outcomes)  # without the mark that the sentence itself explains
        labels = [plain.get(mean.id.partition(".")[0], mean.labels) for mean in late]
        named = words.listing([words.inline(one, language) for one in labels], language)
        about = tuple(f"/means/{mean.id}/preplanned" for mean in late)
        said.append(Sentence(words.say("not_preplanned", language, list=named), about))
    return said


def headlined(released: Released) -> tuple[Mean, ...]:
    """The means that head what is told: of scales that bear a total; in a waiting-list design the comparisons."""
    method = ("waiting list",) if released.facts.allocation else ("paired", "all enrolled")
    return tuple(mean for mean in released.means if mean.trusted and mean.method in method)


def comparison(released: Released) -> str:
    """The phrase on what may be said of the reason for a difference."""
    told = any(mean.method == "waiting list" and mean.change is not None for mean in released.means)
    return {"draw": "by_draw", "other": "not_by_draw"}[released.facts.allocation] if told else "no_comparison"


def outcome_sentences(released: Released, mean: Mean, language: str, *, counts: bool = True) -> list[Sentence]:
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
    names = {"outcome": outcome, "Outcome": words.title(mean.labels, language), "was": _was(outcome)}
    if mean.change is None:
        reason = text(mean.withheld, language) or words.say("too_few", language)
        phrase = "no_comparison_shown" if mean.method == "waiting list" else "withheld"
        said = words.say(phrase, language, reason=words.sentence(reason), **names)
        return Sentence(said, (f"/means/{mean.id}/withheld",))
    phrase = "changed" if mean.change else "same"
    if mean.method == "waiting list":
        phrase = "compared" if mean.change else "compared_same"
    said = words.say(
        phrase,
        language,
        points=words.number(abs(mean.change), language, decimals=decimals(mean)),
        way=words.say("higher" if mean.change > 0 else "lower", language),
        detail=_detail(mean, language),
        **names,
    )
    told = [name for name in ("change", "low", "high", "n") if getattr(mean, name) is not None]
    return Sentence(said, tuple(f"/means/{mean.id}/{name}" for name in told))


def _detail(mean: Mean, language: str) -> str:
    people = words.out_of(mean.n, mean.of, language) if mean.n is not None else ""
    parts = [scale(mean, language)]
    if mean.low is not None and mean.high is not None:
        parts.append(confidence(mean, language))
    if people:
        parts.append(words.say(mean.method.replace(" ", "_"), language, people=people))
    elif mean.method == "all enrolled":
        parts.append(words.say("predicted", language))
    return "; ".join(parts)


def title(mean: Mean, language: str) -> str:
    """The outcome with a capital, which groups are compared where there are two, and whether it bears a total."""
    name = words.title(mean.labels, language)
    name = words.say("versus", language, outcome=name) if mean.method == "waiting list" else name
    return name if mean.trusted else f"{name} ({words.say('untrusted', language)})"


def scale(mean: Mean, language: str) -> str:
    """ "scale 6–30", with a word where a lower score is better."""
    low, high = ends(mean, language)
    return words.say("scale" if mean.direction == "higher" else "scale_down", language, low=low, high=high)


def ends(mean: Mean, language: str) -> tuple[str, str]:
    """The ends of the scale as they are written."""
    return words.plain(mean.scale_minimum, language), words.plain(mean.scale_maximum, language)


def confidence(mean: Mean, language: str) -> str:
    """ "95% CI 0.4 to 3.5"; empty where there is no interval."""
    if mean.low is None or mean.high is None:
        return ""
    ends = words.interval(mean.low, mean.high, language, decimals=decimals(mean))
    return words.say("confidence", language, level=words.percent(mean.confidence, language), interval=ends)


def decimals(mean: Mean) -> int:
    """The decimals with which this mean and its interval were released."""
    return words.decimals_in(*(value for value in (mean.change, mean.low, mean.high) if value is not None))


def _undecided(mean: Mean, language: str) -> Sentence:
    ends = [_end(value, mean, language) for value in (mean.low, mean.high) if value is not None]
    phrase = "cannot_tell_groups" if mean.method == "waiting list" else "cannot_tell"
    said = words.say(phrase, language, low=ends[0], high=ends[1])
    return Sentence(said, (f"/means/{mean.id}/low", f"/means/{mean.id}/high"))


def _end(value: float, mean: Mean, language: str) -> str:
    groups = mean.method == "waiting list"
    if value == 0:
        return words.say("no_difference" if groups else "no_change", language)
    points = words.number(abs(value), language, decimals=decimals(mean))
    if groups:
        return words.say("higher_by" if value > 0 else "lower_by", language, points=points)
    article = "an" if points.startswith("8") or points.split(".")[0] in ("11", "18") else "a"
    return words.say("a_rise" if value > 0 else "a_fall", language, a=article, points=points)


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
    if mean.step is not None:
        step = words.say("step", language, points=words.plain(mean.step, language))
        sources += (f"/means/{mean.id}/step",)
        if others:
            return [Sentence(words.say("directions_step", language, step=step, **said), sources)]
        return [Sentence(words.say(f"{first}_step", language, n=said[first], step=step), sources)]
    if others:
        return [Sentence(words.say("directions", language, **said), sources)]
    way = words.say(first, language)
    single = words.say("one_direction", language, n=said[first], way=way, Way=way.capitalize())
    return [Sentence(single, sources)]


def _first(value: Value, whole: Value, language: str) -> str:
    if whole is None:
        return words.counted(value, "person", language)
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


def _was(outcome: str) -> str:
    """English only: "awareness of rights was", "social competences were"."""
    head = outcome.partition(" (")[0].partition(" of ")[0]
    return "were" if head.endswith("s") and not head.endswith(("ss", "us", "is")) else "was"
