"""The summary of bilateral results: a short paragraph of counted facts for each dimension with evidence."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation import descriptors
from evaluation.release.released import Activity, Line, Released, Survey
from evaluation.report import words
from evaluation.report.blocks import Sentence
from evaluation.report.content.sentences import Sentences, written
from evaluation.report.shown import Shown, nothing
from evaluation.schema import FEWEST_ORGANISATIONS

APPLIED = {True: "report.mark.yes", False: "report.mark.no", None: "report.mark.not_answered"}
DIMENSIONS = ("cooperation", "results", "knowledge", "wider")


def partners(released: Released) -> tuple[tuple[str, str, bool], ...]:
    """Name, country and whether of a donor state of each partner; the promoter is none of its own."""
    return tuple(one for one in released.facts.partners if one[0] != released.facts.promoter)


def asked(released: Released) -> bool:
    """Whether the funder asks for bilateral results: it has donor states, or something bilateral was declared."""
    donors = released.facts.donor_states or any(donor for _, _, donor in released.facts.partners)
    recorded = released.activities or released.surveys
    return bool(donors or recorded or any(line.level == "bilateral" for line in released.indicators))


def summary(released: Released, language: str) -> Shown:
    """The summary of bilateral results; empty, with a note in the data, where nothing was recorded.

    Without a partner from a donor state it says so first. Nothing that was not counted is stated. Where the
    funder does not ask for it, it is no part of the document.
    """
    if not asked(released):
        return nothing(released, language, name="bilateral_summary")
    told = {dimension: _paragraph(released, dimension, language) for dimension in DIMENSIONS}
    labels = [
        words.label("bilateral_dimensions", dimension, language) for dimension, paragraph in told.items() if paragraph
    ]
    paragraphs: list[Sentences] = [paragraph for paragraph in told.values() if paragraph]
    donors = [i for i, (_, _, donor) in enumerate(released.facts.partners) if donor]
    if not donors:
        opening: Sentences = (Sentence(words.say("report.bilateral.no_donor_partner", language), ("/facts/partners",)),)
    else:
        opening = (_partners(released, donors, language),) if paragraphs else ()
    if opening:
        paragraphs, labels = [opening, *paragraphs], ["", *labels]
    return written(
        released,
        language,
        name="bilateral_summary",
        paragraphs=paragraphs,
        labels=labels,
        note="" if any(told.values()) else words.say("report.bilateral.note_nothing", language),
    )


def _partners(released: Released, donors: Sequence[int], language: str) -> Sentence:
    partners = [released.facts.partners[i] for i in donors]
    names = [f"{name} ({words.label('countries', code, language)})" for name, code, _ in partners]
    said = words.say("report.bilateral.with_partner", language, list=words.listing(names, language))
    return Sentence(said, tuple(f"/facts/partners/{i}" for i in donors))


def _paragraph(released: Released, dimension: str, language: str) -> Sentences:
    said = [*_activities(released, dimension, language), *_answers(released, dimension, language)]
    return tuple(said) or tuple(_indicators(released, dimension, language))


# --- counted activities -------------------------------------------------------------------------


def _activities(released: Released, dimension: str, language: str) -> list[Sentence]:
    recorded = [
        (i, activity)
        for i, activity in enumerate(released.activities)
        if activity.dimension == dimension and activity.count > 0
    ]
    if not recorded:
        return []
    named = "; ".join(_activity(activity, language) for _, activity in recorded)
    said = words.sentence(named[:1].upper() + named[1:])
    return [Sentence(said, tuple(f"/activities/{i}" for i, _ in recorded))]


def _activity(activity: Activity, language: str) -> str:
    said = _happened(activity, language)
    sides = (
        ("report.bilateral.from_beneficiary", activity.persons_beneficiary),
        ("report.bilateral.from_donor", activity.persons_donor),
    )
    people = [
        words.say(phrase, language, people=words.counted(persons, "people", language))
        for phrase, persons in sides
        if persons
    ]
    return f"{said} ({words.listing(people, language)})" if people else said


def _happened(activity: Activity, language: str) -> str:
    """How often, with the words that the kind takes: "2 study visits or exchanges took place"."""
    if activity.kind in descriptors.codes("bilateral_kinds"):
        return words.say(f"report.bilateral.kind.{activity.kind}", language, n=activity.count)
    label = words.inline(activity.labels, language)
    return words.say("report.bilateral.activity", language, label=label, count=words.count(activity.count, language))


def _indicators(released: Released, dimension: str, language: str) -> list[Sentence]:
    """Where a dimension has no record of its own: what its declared indicators counted."""
    return [
        Sentence(_indicator(line, language), (f"/indicators/{line.code}/achieved",))
        for line in released.indicators
        if line.dimension == dimension and line.achieved and line.unit != "score 1-7"
    ]


def _indicator(line: Line, language: str) -> str:
    label = words.title(line.labels, language)
    achieved = words.in_unit(line.achieved or 0, line.unit, language)
    if line.target is None:
        return words.say("report.bilateral.indicator_alone", language, label=label, achieved=achieved)
    target = words.in_unit(line.target, line.unit, language)
    return words.say("report.bilateral.indicator", language, label=label, achieved=achieved, target=target)


# --- partner survey -----------------------------------------------------------------------------


def _answers(released: Released, dimension: str, language: str) -> list[Sentence]:
    """Trust and satisfaction under cooperation, use of knowledge under knowledge; labelled once."""
    scores, applied = _scores(released, language), _applied(released, language)
    said = {"cooperation": scores, "knowledge": applied}.get(dimension, [])
    if said and (dimension == "knowledge" or not applied):
        label = Sentence(words.say("report.bilateral.project_level", language), said[0].sources)
        return [*said, label]
    return said


def _scores(released: Released, language: str) -> list[Sentence]:
    answered = [
        (i, survey)
        for i, survey in enumerate(released.surveys)
        if survey.trust is not None or survey.satisfaction is not None
    ]
    if len({survey.organisation for _, survey in answered}) >= FEWEST_ORGANISATIONS:
        return _mean_scores(answered, language)
    return _single_scores(answered, language) if answered else []


def _single_scores(answered: Sequence[tuple[int, Survey]], language: str) -> list[Sentence]:
    organisations = list(dict.fromkeys(survey.organisation for _, survey in answered))
    named = []
    for organisation in organisations:
        own = [survey for _, survey in answered if survey.organisation == organisation]
        rows = [_ratings(question, own, language) for question in ("trust", "satisfaction")]
        named.append(f"{organisation}: {', '.join(row for row in rows if row)}")
    said = words.say(
        "report.bilateral.single_answers",
        language,
        organisations=words.counted(len(organisations), "organisations_genitive", language),
        list="; ".join(named),
    )
    return [Sentence(said, tuple(f"/surveys/{i}" for i, _ in answered))]


def _ratings(question: str, own: Sequence[Survey], language: str) -> str:
    given = [
        words.say(
            "report.bilateral.at_wave",
            language,
            value=words.plain(getattr(survey, question), language),
            wave=words.wave(survey.wave, language),
        )
        for survey in own
        if getattr(survey, question) is not None
    ]
    return f"{words.say(f'report.bilateral.{question}', language)} {words.listing(given, language)}" if given else ""


def _mean_scores(answered: Sequence[tuple[int, Survey]], language: str) -> list[Sentence]:
    said = []
    for wave in dict.fromkeys(survey.wave for _, survey in answered):
        there = [(i, survey) for i, survey in answered if survey.wave == wave]
        named = [_mean(question, [survey for _, survey in there], language) for question in ("trust", "satisfaction")]
        if any(named):
            told = words.say(
                "report.bilateral.mean_answer",
                language,
                wave=words.wave(wave, language),
                list=", ".join(filter(None, named)),
            )
            said.append(Sentence(told, tuple(f"/surveys/{i}" for i, _ in there)))
    return said


def _mean(question: str, there: Sequence[Survey], language: str) -> str:
    given = [getattr(survey, question) for survey in there if getattr(survey, question) is not None]
    if len(given) < FEWEST_ORGANISATIONS:
        return ""
    mean = words.number(sum(given) / len(given), language, decimals=1)
    return f"{words.say(f'report.bilateral.{question}', language)} {mean} (n = {len(given)})"


def _applied(released: Released, language: str) -> list[Sentence]:
    answered = [(i, s) for i, s in enumerate(released.surveys) if s.applies_knowledge is not None]
    if not answered:
        return []
    last = answered[-1][1].wave
    there = [(i, survey) for i, survey in answered if survey.wave == last]
    named = [f"{s.organisation} – {words.say(APPLIED[s.applies_knowledge], language)}" for _, s in there]
    said = words.say(
        "report.bilateral.knowledge_answers",
        language,
        organisations=words.counted(len(there), "organisations_genitive", language),
        wave=words.wave(last, language),
        list=", ".join(named),
    )
    return [Sentence(said, tuple(f"/surveys/{i}" for i, _ in there))]
