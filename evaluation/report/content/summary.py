"""The summary of project results: sentences that each stand on released numbers or sourced statements."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from typing import Literal

from evaluation.release.released import Line, Mean, Released
from evaluation.report import words
from evaluation.report.blocks import Sentence
from evaluation.report.content import annex, lookup
from evaluation.report.content.outcomes import moved, outcome
from evaluation.report.content.sentences import Sentences, length, written
from evaluation.report.shown import Shown
from evaluation.schema import text
from evaluation.texts import LANGUAGES

SHORTEST, LONGEST = 150, 300
"""Words that a published summary may have (FACTS.md §1: the seed's has 235)."""


def results_summary(released: Released, language: str) -> Shown:
    """The summary of project results in 150–300 words, in the order of the published one.

    Problem, reason, gap, purpose, number reached, activities, outcomes, who. Where it would be longer than
    300 words, who moved and who did not is told of all outcomes in one sentence, secondary outcomes leave it, then
    who moved. Where it would be shorter than 150, it says also who ran the project, what became of its targets, and
    what is not told and why; of a project with too few people for anything nothing is added. All languages decide
    that together, so that each tells the same. An erratum begins with what the project states of what was wrong.
    """
    level = next(filter(functools.partial(_fits, released), _LEVELS), _LEVELS[-1])
    further = max(_lacking(released, level, spoken) for spoken in LANGUAGES)
    said = tuple(itertools.islice(_further(released, language), further))
    paragraphs = _paragraphs(released, language, level=level)
    return written(
        released,
        language,
        name="results_summary",
        paragraphs=(*paragraphs, said) if said else paragraphs,
        labels=[words.say("report.statement.correction", language)] if _corrected(released, language) else [],
    )


Level = tuple[bool, Literal["", "together", "each"]]
_LEVELS: tuple[Level, ...] = ((True, "each"), (True, "together"), (False, "each"), (False, "together"), (False, ""))
"""Whether secondary outcomes are told, and how it is told who moved, from the longest to the shortest."""


def _fits(released: Released, level: Level) -> bool:
    return all(length(_paragraphs(released, spoken, level=level)) <= LONGEST for spoken in LANGUAGES)


def _lacking(released: Released, level: Level, language: str) -> int:
    """How many further sentences a summary in this language needs."""
    told = length(_paragraphs(released, language, level=level))
    lengths = itertools.accumulate((length([(one,)]) for one in _further(released, language)), initial=told)
    return sum(each < SHORTEST for each in lengths)


def _corrected(released: Released, language: str) -> Sentences:
    return tuple(statements(released, language, "correction")) if released.replaces else ()


def _paragraphs(released: Released, language: str, *, level: Level) -> tuple[Sentences, ...]:
    context = [
        *statements(released, language, "problem", "reason", "gap"),
        *_purpose(released, language),
    ]
    offer = [reached(released, language, courses=True), *_activities(released, language)]
    outcomes = _outcomes(released, language, level=level)
    paragraphs = (
        _corrected(released, language),
        tuple(context),
        tuple(offer),
        tuple(outcomes),
        (_who(released, language),),
    )
    return tuple(paragraph for paragraph in paragraphs if paragraph)


def _further(released: Released, language: str) -> Iterator[Sentence]:
    """What a short summary says besides, in the order of its use."""
    facts = released.facts
    span = words.period(facts.period_start, facts.period_end, language)
    ran = words.say("report.summary.ran", language, promoter=facts.promoter, period=span)
    yield Sentence(words.tidy(ran, language), ("/facts/promoter", "/facts/period_start", "/facts/period_end"))
    by, fund = (words.named(name, language) for name in (facts.operator, facts.fund))
    yield Sentence(words.say("report.summary.paid", language, fund=fund, by=by), ("/facts/fund", "/facts/operator"))
    yield from _targets(released, language)
    if not released.at_end and not released.facts.outcomes:
        yield Sentence(words.say("report.summary.no_means", language), ("/facts/outcomes",))
    on_method = ("report.method.people", "report.method.missing", "report.summary.annexed")
    for phrase in ("report.summary.protected", *(on_method if _counted(released) else ())):
        yield Sentence(words.say(phrase, language), ("/certificate/threshold",))


def _counted(released: Released) -> bool:
    """Whether anything is told of the people themselves that a sentence on method could be about."""
    protected = (count.value for table in released.tables for count in table.counts if not count.public)
    return any(value is not None for value in protected) or any(mean.change is not None for mean in released.means)


def _targets(released: Released, language: str) -> Iterator[Sentence]:
    """Which indicators are known to have reached their targets, never without all others, each with its number."""
    lines = [line for line in released.indicators if line.target is not None and line.unit != "score 1-7"]
    reached = words.say("report.mark.reached", language)
    met = [line for line in lines if annex.verdict(line, language) == reached]
    others = "targets_yet" if released.provenance.parameters.get("kind") == "interim" else "targets_other"
    parts = {"targets": met, others: [line for line in lines if line not in met]}
    said = [
        words.say(
            f"report.summary.{phrase}",
            language,
            n=len(lines),
            list=words.listing([_target(line, language) for line in these], language)
            or words.say("report.mark.none", language),
        )
        for phrase, these in parts.items()
        if these or phrase == "targets"
    ]
    if lines:
        yield Sentence(" ".join(said), tuple(f"/indicators/{line.code}/target" for line in lines))


def _target(line: Line, language: str) -> str:
    achieved = annex.achieved(line, language)
    told = words.say("report.mark.not_told", language) if achieved == words.hidden(language) else achieved
    return words.say(
        "report.summary.target_one",
        language,
        indicator=words.inline(line.labels, language),
        achieved=told,
        target=words.in_unit(line.target or 0, line.unit, language),
    )


# --- what is stated -----------------------------------------------------------------------------


def statements(released: Released, language: str, *parts: str) -> list[Sentence]:
    """What the project states about these ``parts``, with its source behind the last sentence from it."""
    stated = [(i, one) for part in parts for i, one in enumerate(released.facts.statements) if one.part == part]
    sources = [text(one.source, language) for _, one in stated]
    return [
        Sentence(
            _with_source(text(one.text, language), "" if own == after else own, language), (f"/facts/statements/{i}",)
        )
        for (i, one), own, after in zip(stated, sources, [*sources[1:], ""], strict=False)
    ]


def _with_source(stated: str, source: str, language: str) -> str:
    if not source:
        return words.tidy(words.sentence(stated), language)
    said = words.say("report.number.source", language, source=source)
    return words.tidy(f"{stated.strip().removesuffix('.')} ({said}).", language)


def _purpose(released: Released, language: str) -> list[Sentence]:
    stated = text(released.facts.purpose, language)
    return [Sentence(words.tidy(words.sentence(stated), language), ("/facts/purpose",))] if stated else []


def reached(released: Released, language: str, *, courses: bool) -> Sentence:
    """How many people the project planned for and reached; with ``courses``, what the offer was made up of."""
    facts = released.facts
    told = courses and bool(facts.courses)
    said = words.say(
        "report.summary.reached" if told else "report.summary.reached_only",
        language,
        planned=words.counted(facts.planned, "people_genitive", language),
        reached=words.counted(facts.reached, "people_accusative", language),
        share=words.percent(facts.reached / facts.planned, language) if facts.planned else "",
        courses=words.counted(len(facts.courses), "courses_accusative", language),
    )
    return Sentence(said, ("/facts/planned", "/facts/reached", *(("/facts/courses",) if told else ())))


def _activities(released: Released, language: str) -> list[Sentence]:
    offered = [words.inline(labels, language) for _, labels in released.facts.courses]
    if not offered:
        return []
    said = words.say("report.summary.activities", language, list=words.listing(offered, language))
    return [Sentence(said, ("/facts/courses",))]


def _who(released: Released, language: str) -> Sentence:
    facts = released.facts
    place = text(facts.place, language)
    people = words.counted(facts.reached, "people_accusative", language)
    if facts.countries is None:
        said = words.say("report.summary.who_only", language, people=people, place=place)
        return Sentence(said, ("/facts/reached", "/facts/place"))
    countries = words.counted(facts.countries, "countries_genitive", language)
    said = words.say("report.summary.who", language, people=people, countries=countries, place=place)
    return Sentence(said, ("/facts/reached", "/facts/countries", "/facts/place"))


# --- outcomes -----------------------------------------------------------------------------------


def _outcomes(released: Released, language: str, *, level: Level) -> list[Sentence]:
    secondary, counts = level
    means = [mean for mean in headlined(released) if secondary or mean.primary]
    told = [mean for mean in means if mean.change is not None]
    said = list(outcome.changes(told, language))
    counted = moved.moved(released, told, language, together=counts == "together") if counts else []
    said += counted
    said += outcome.untold([mean for mean in means if mean.change is None], language)
    if not released.at_end and released.facts.outcomes:
        said.append(Sentence(_no_means(released, language), ("/facts/outcomes",)))
        counted = moved.all_moved(released, language, together=counts != "each") if counts else []
        said += counted
    if told or counted:
        about = tuple(f"/means/{mean.id}/change" for mean in told) or ("/facts/outcomes",)
        said.append(Sentence(words.say(comparison(released), language), about))
    if predicted := [mean for mean in told if mean.method == "all enrolled"]:
        about = tuple(f"/means/{mean.id}/method" for mean in predicted)
        said.append(Sentence(words.say("report.summary.assumption", language), about))
    if left_out := [mean for mean in released.at_end if not mean.trusted and (secondary or mean.primary)]:
        named = words.listing([words.inline(mean.labels, language) for mean in left_out], language)
        about = tuple(f"/means/{mean.id}/trusted" for mean in left_out)
        said.append(Sentence(words.say("report.summary.untrusted_left_out", language, list=named), about))
    if told and released.facts.most_primary is not None:
        said.append(
            Sentence(
                words.say("report.summary.sprawling", language, n=released.facts.most_primary), ("/facts/most_primary",)
            )
        )
    elif told and released.facts.retrospective:
        said.append(Sentence(words.say("report.summary.retrospective", language), ("/facts/retrospective",)))
    elif late := [mean for mean in told if not mean.preplanned]:
        plain = dict(released.facts.outcomes)  # without the mark that the sentence itself explains
        labels = [plain.get(mean.id.partition(".")[0], mean.labels) for mean in late]
        named = words.listing([words.inline(one, language) for one in labels], language)
        about = tuple(f"/means/{mean.id}/preplanned" for mean in late)
        said.append(Sentence(words.say("report.summary.not_preplanned", language, list=named), about))
    return said


def _no_means(released: Released, language: str) -> str:
    """Why a release in the course of a project says nothing of means."""
    if lookup.means_once(released):
        return words.say(f"report.summary.means_{'once' if released.replaces else 'before'}", language)
    day = lookup.planned_day(released, {"outcomes"})
    if day is None:
        return words.say("report.summary.means_elsewhere", language)
    return words.say("report.summary.means_elsewhere_on", language, day=day)


def headlined(released: Released) -> tuple[Mean, ...]:
    """The means that head what is told: of scales that bear a total; in a waiting-list design the comparisons."""
    method = ("waiting list",) if released.facts.allocation else ("paired", "all enrolled")
    return tuple(mean for mean in released.at_end if mean.trusted and mean.method in method)


_REASONS = {
    "draw": "report.summary.by_draw",
    "other": "report.summary.not_by_draw",
    "": "report.summary.no_comparison",
}


def comparison(released: Released) -> str:
    """The key of what may be said of the reason for a difference."""
    told = any(mean.method == "waiting list" and mean.change is not None for mean in released.at_end)
    return _REASONS[released.facts.allocation if told else ""]
