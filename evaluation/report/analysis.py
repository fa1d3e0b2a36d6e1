"""The parts of the analytical report: needs, scores before and after, challenges, limits."""

from __future__ import annotations

from evaluation.release.released import Released
from evaluation.report import markup, narrative, reading, words
from evaluation.report.grids import side_by_side, split_values, tabled
from evaluation.report.sentences import written
from evaluation.report.shown import Shown, show


def needs(released: Released, language: str) -> Shown:
    """In each area of the client track: how many asked, and for how many all of it was met."""
    return _counts(released, language, topic="needs")


def distributions(released: Released, language: str) -> Shown:
    """How many scored in each third of the scale at the start and at the end, by primary outcome."""
    return _counts(released, language, topic="distributions")


def challenges(released: Released, language: str) -> Shown:
    """What the project itself states under ``context`` as challenges and lessons, with its sources."""
    found = {part: tuple(narrative.statements(released, language, part)) for part in ("challenge", "lesson")}
    heading = words.say("h_challenges", language)
    told = {part: sentences for part, sentences in found.items() if sentences}
    if not told:
        said = words.say("nothing", language, what=heading)
        return show(
            released,
            language,
            part="challenges",
            heading=heading,
            text=said,
            html=markup.paragraphs([said]),
            content=None,
        )
    return written(
        released,
        language,
        part="challenges",
        heading=heading,
        paragraphs=tuple(told.values()),
        labels=[words.say(part, language) for part in told],
    )


def limits(released: Released, language: str) -> Shown:
    """What is not in this report, and why; the same for every project, so that it says nothing of its people."""
    said = [words.say(phrase, language) for phrase in ("a_attendance", "a_reasons", "a_groups")]
    return show(
        released,
        language,
        part="limits",
        heading=words.say("h_limits", language),
        html=markup.bullets(said),
        text="\n".join(f"- {sentence}" for sentence in said),
        content=said,
    )


def _counts(released: Released, language: str, *, topic: str) -> Shown:
    found = reading.by_topic(released, topic)
    return tabled(
        released,
        language,
        part=topic,
        heading=words.say(f"h_{topic}", language),
        grids=[side_by_side(found, topic, language)] if found else [],
        values=split_values(found),
        content=[reading.table_json(table) for table in found],
    )
