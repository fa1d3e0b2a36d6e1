"""The parts of the analytical report: needs, scores before and after, challenges, limits."""

from __future__ import annotations

from evaluation.release.released import Released
from evaluation.report import words
from evaluation.report.blocks import bullets, paragraphs
from evaluation.report.content import summary
from evaluation.report.content.counts import absent, topic
from evaluation.report.content.sentences import written
from evaluation.report.shown import Shown, show
from evaluation.texts import Message


def needs(released: Released, language: str) -> Shown:
    """In each area of the client track: how many asked, and for how many all of it was met."""
    return topic(released, language, "needs")


def distributions(released: Released, language: str) -> Shown:
    """How many scored in each third of the scale at the start and at the end, by primary outcome."""
    return topic(released, language, "distributions")


def challenges(released: Released, language: str) -> Shown:
    """What the project itself states under ``context`` as challenges and lessons, with its sources."""
    by_part = {part: tuple(summary.statements(released, language, part)) for part in ("challenge", "lesson")}
    told = {part: sentences for part, sentences in by_part.items() if sentences}
    if not told:
        what = words.say("report.heading.challenges", language)
        return show(
            released,
            language,
            name="challenges",
            blocks=paragraphs([absent(released, what, language, name="challenges", recorded=False)]),
            content=None,
        )
    return written(
        released,
        language,
        name="challenges",
        paragraphs=tuple(told.values()),
        labels=[words.say(f"report.statement.{part}", language) for part in told],
    )


def limits(released: Released, language: str) -> Shown:
    """What is not in this report, and why; the same for every project, so that it says nothing of its people."""
    caveat = Message("shared.attendance_not_assigned")
    said = [
        words.say("report.limits.attendance", language, caveat=caveat),
        words.say("report.limits.reasons", language),
        words.say("report.limits.groups", language),
    ]
    return show(
        released,
        language,
        name="limits",
        blocks=[bullets(said)],
        content=said,
    )
