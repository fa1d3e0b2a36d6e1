"""One question at a time, at the terminal: which of these, and what does this word mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from evaluation.speech import echo, language, word
from evaluation.texts import is_no, is_yes

if TYPE_CHECKING:
    from evaluation.collect.matching.proposal import Proposal
    from evaluation.project import Project


def chosen(key: str, names: Sequence[str], *, likely: int = 0, **facts: object) -> int:
    """The place of the name that is chosen; Enter takes the ``likely`` one, the first unless told otherwise."""
    if len(names) == 1:
        return 0
    for at, name in enumerate(names, 1):
        click.echo(f"  {at}. {name}")
    return int(one_of(word(key, **facts), [str(at + 1) for at in range(len(names))], usual=str(likely + 1))) - 1


def one_of(question: str, allowed: Sequence[str], *, usual: str) -> str:
    """What is typed, once it is one of what is allowed; Enter takes the ``usual`` one."""
    while (said := str(click.prompt(question, default=usual)).strip()) not in allowed:
        echo("cli.guided.not_allowed", allowed=_shortened([each for each in allowed if each]))
    return said


def _shortened(allowed: Sequence[str]) -> list[str]:
    """What is allowed, with the numbers of a list as 1–13."""
    numbers = [str(number) for number in range(1, len(allowed) + 1) if str(number) in allowed]
    if len(numbers) < 4 or int(numbers[-1]) != len(numbers):
        return [*allowed]
    return [*(each for each in allowed if each not in numbers), f"1–{numbers[-1]}"]


def agreed(question: str, *, usual: bool) -> bool:
    """Whether yes is typed, or no; Enter says what is ``usual``."""
    letters = word("cli.guided.yes_no_usual" if usual else "cli.guided.yes_usual_no")
    while said := str(click.prompt(f"{question} [{letters}]", default="", show_default=False)).strip():
        if is_yes(said) or is_no(said):
            return is_yes(said)
        echo("cli.guided.neither")
    return usual


def words_of(project: Project, proposal: Proposal) -> dict[tuple[str, str], str]:
    """What the words mean that nobody knows; one that is left open is rejected with its row.

    The codes of a column stand before the first of its words, with what they are called in the language spoken.
    """
    from evaluation.project.intake import telling
    from evaluation.schema import text

    meant: dict[tuple[str, str], str] = {}
    listed: tuple[object, ...] = ()
    for question in proposal.questions:
        if listed != (listed := (question.name, question.codes)):
            labels = telling.labels(project, proposal.imported.form, question.name)
            codes = [f"{code}: {text(labels[code], language())}" if code in labels else code for code in question.codes]
            click.echo("".join(f"  {code}\n" for code in codes) if labels else f"  {', '.join(codes)}\n", nl=False)
        key = "cli.guided.word" if question.likely else "cli.guided.word_open"
        asked = word(key, column=question.column, word=question.word)
        code = one_of(asked, [*question.codes, ""], usual=question.likely)
        if code:
            meant[question.name, question.word] = code
    return meant
