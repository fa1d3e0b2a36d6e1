"""The word lists of data_schema/words, line by line."""

from __future__ import annotations

from collections.abc import Iterator

from evaluation.resources import folder


def lines(name: str) -> Iterator[list[str]]:
    """The words of each line of the list, comments left out."""
    text = (folder("data_schema") / "words" / f"{name}.txt").read_text(encoding="utf-8")
    return (line.split() for line in text.splitlines() if not line.startswith("#"))
