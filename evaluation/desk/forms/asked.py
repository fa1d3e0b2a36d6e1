"""A question as a page shows it at this moment: what was typed, what is wrong with it, whether it is open."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evaluation import texts
from evaluation.desk.forms import days
from evaluation.desk.forms.questions import Question
from evaluation.schema import Labels
from evaluation.texts import Message
from evaluation.xlsform.expressions import parse


@dataclass(frozen=True, slots=True)
class Asked:
    """``closed``: an earlier answer means that it is not asked; what was typed before stays in it."""

    question: Question
    value: str = ""
    fault: Message | None = None
    closed: bool = False
    echo: str = ""

    @property
    def free(self) -> str:
        """What stands in the field itself, where one of the options may be ticked instead."""
        return "" if any(option.code == self.value for option in self.question.options) else self.value


def asked(
    questions: Iterable[Question],
    typed: Mapping[str, str],
    *,
    language: str,
    today: dt.date,
    faults: Mapping[str, Message] | None = None,
) -> tuple[Asked, ...]:
    """The questions with what was typed so far."""
    all_questions = tuple(questions)
    wrong, closed = faults or {}, closed_by(all_questions, typed, today=today)
    return tuple(
        Asked(
            each,
            typed.get(each.name, ""),
            wrong.get(each.name),
            each.name in closed,
            echo(typed.get(each.name, ""), language) if each.kind == "date" else "",
        )
        for each in all_questions
    )


def sections(asked: Iterable[Asked]) -> list[tuple[tuple[Labels, ...], list[Asked]]]:
    """The questions by the groups of the form, each with the headings that begin there, from the outermost on."""
    found: list[tuple[tuple[Labels, ...], list[Asked]]] = []
    before: tuple[Labels, ...] = ()
    for _, within in itertools.groupby(asked, key=lambda each: each.question.group):
        listed = list(within)
        here = listed[0].question.headings
        same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] is pair[1], zip(before, here, strict=False)))
        found.append((here[same:], listed))
        before = here
    return found


def closed_by(questions: Iterable[Question], typed: Mapping[str, str], *, today: dt.date) -> frozenset[str]:
    """The questions that are not asked after what was typed; an answer under a closed one closes others, too."""
    answers: dict[str, str | None] = {}
    closed: set[str] = set()
    for each in questions:
        if each.relevant and not parse(each.relevant).holds(answers, today=today):
            closed.add(each.name)
        else:
            answers[each.name] = each.cell(typed.get(each.name, "")) or None
    return frozenset(closed)


def echo(typed: str, language: str) -> str:
    """A typed day in words, so that a slip is seen; nothing where nothing was typed."""
    if not typed.strip():
        return ""
    day = days.read(typed)
    return texts.weekday(day, language) if day else texts.say("desk.form.no_day", language)
