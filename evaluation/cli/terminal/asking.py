"""One question at a time, at the terminal: which of these, and what does this word mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from evaluation.speech import word

if TYPE_CHECKING:
    from evaluation.collect.matching.proposal import Proposal


def chosen(key: str, names: Sequence[str], *, likely: int = 0, **facts: object) -> int:
    """The place of the name that is chosen; Enter takes the ``likely`` one, the first unless told otherwise."""
    if len(names) == 1:
        return 0
    for at, name in enumerate(names, 1):
        click.echo(f"  {at}. {name}")
    number: int = click.prompt(word(key, **facts), default=likely + 1, type=click.IntRange(1, len(names)))
    return number - 1


def words_of(proposal: Proposal) -> dict[tuple[str, str], str]:
    """What the words mean that nobody knows; one that is left open is rejected with its row."""
    meant: dict[tuple[str, str], str] = {}
    for question in proposal.questions:
        known = [*question.codes, ""]
        code = click.prompt(
            word("cli.guided.word", column=question.column, word=question.word, codes=list(question.codes)),
            default=question.likely,
            type=click.Choice(known),
            show_choices=False,
        )
        if code:
            meant[question.name, question.word] = code
    return meant
