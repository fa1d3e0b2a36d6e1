"""How far a long command is, on the last line of a terminal; nothing where the output goes into a file or a pipe."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

from evaluation.speech import word
from evaluation.texts import Message

Made = TypeVar("Made")

_WIDTH = 24


def shown(made: Iterable[Made], number: int) -> Iterator[Made]:
    """What comes, out of ``number``, one by one; below what is printed of them a bar and the time that is left."""
    line, began = Line(), time.monotonic()
    try:
        line.show(_bar(0, number, 0.0))
        for done, one in enumerate(made, start=1):
            line.clear()
            yield one
            line.show(_bar(done, number, time.monotonic() - began))
    finally:
        line.clear()


@contextlib.contextmanager
def working() -> Iterator[None]:
    """Something that takes a while and cannot be counted goes on."""
    line = Line()
    line.show(word("cli.progress.working"))
    try:
        yield
    finally:
        line.clear()


def steps(told: Iterable[Message]) -> Iterator[Message]:
    """What is told step by step; below it, that the next one goes on."""
    waiting = iter(told)
    while True:
        with working():
            one = next(waiting, None)
        if one is None:
            return
        yield one


class Line:
    """The last line of the terminal, where there is one."""

    def __init__(self) -> None:
        self._seen = sys.stderr.isatty() and sys.stdout.isatty()

    def show(self, text: str) -> None:
        if self._seen:
            click.echo(f"\r\033[K{text}", err=True, nl=False)

    def clear(self) -> None:
        self.show("")


def _bar(done: int, number: int, seconds: float) -> str:
    filled = _WIDTH * done // number if number else _WIDTH
    left = word("cli.progress.left", n=int(seconds / done * (number - done))) if 0 < done < number else ""
    return f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{number} {left}"
