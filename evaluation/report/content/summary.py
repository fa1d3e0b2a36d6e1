"""The summary of project results: sentences that each stand on released numbers or sourced statements."""

from __future__ import annotations

from evaluation.release.released import Mean, Released
from evaluation.report import words
from evaluation.report.blocks import Sentence
from evaluation.report.content import outcome
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
        paragraphs=paragraphs,
    )


def _paragraphs(released: Released, language: str, *, secondary: bool, counts: bool) -> tuple[Sentences, ...]:
    context = [
        *statements(released, language, "problem"),
        *statements(released, language, "reason"),
        *statements(released, language, "gap"),
        *_purpose(released, language),
    ]
    offer = [reached(released, language, courses=True), *_activities(released, language)]
    outcomes = _outcomes(released, language, secondary=secondary, counts=counts)
    paragraphs = (tuple(context), tuple(offer), tuple(outcomes), (_who(released, language),))
    return tuple(paragraph for paragraph in paragraphs if paragraph)


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


def _outcomes(released: Released, language: str, *, secondary: bool, counts: bool) -> list[Sentence]:
    means = [mean for mean in headlined(released) if secondary or mean.primary]
    said: list[Sentence] = []
    for mean in means:
        said += outcome.sentences(released, mean, language, counts=counts)
    if any(mean.change is not None for mean in means):
        about = tuple(f"/means/{mean.id}/change" for mean in means if mean.change is not None)
        said.append(Sentence(words.say(comparison(released), language), about))
    if left_out := [mean for mean in released.means if not mean.trusted and (secondary or mean.primary)]:
        named = words.listing([words.inline(mean.labels, language) for mean in left_out], language)
        about = tuple(f"/means/{mean.id}/trusted" for mean in left_out)
        said.append(Sentence(words.say("report.summary.untrusted_left_out", language, list=named), about))
    if means and released.facts.most_primary is not None:
        said.append(
            Sentence(
                words.say("report.summary.sprawling", language, n=released.facts.most_primary), ("/facts/most_primary",)
            )
        )
    elif means and released.facts.retrospective:
        said.append(Sentence(words.say("report.summary.retrospective", language), ("/facts/retrospective",)))
    elif late := [mean for mean in means if not mean.preplanned]:
        plain = dict(released.facts.outcomes)  # without the mark that the sentence itself explains
        labels = [plain.get(mean.id.partition(".")[0], mean.labels) for mean in late]
        named = words.listing([words.inline(one, language) for one in labels], language)
        about = tuple(f"/means/{mean.id}/preplanned" for mean in late)
        said.append(Sentence(words.say("report.summary.not_preplanned", language, list=named), about))
    return said


def headlined(released: Released) -> tuple[Mean, ...]:
    """The means that head what is told: of scales that bear a total; in a waiting-list design the comparisons."""
    method = ("waiting list",) if released.facts.allocation else ("paired", "all enrolled")
    return tuple(mean for mean in released.means if mean.trusted and mean.method in method)


_REASONS = {
    "draw": "report.summary.by_draw",
    "other": "report.summary.not_by_draw",
    "": "report.summary.no_comparison",
}


def comparison(released: Released) -> str:
    """The key of what may be said of the reason for a difference."""
    told = any(mean.method == "waiting list" and mean.change is not None for mean in released.means)
    return _REASONS[released.facts.allocation if told else ""]
