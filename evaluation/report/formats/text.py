"""Blocks as plain text: for the boxes of an online form, for readers without a browser, and beside the data."""

from __future__ import annotations

import dataclasses
import functools
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from evaluation.report.blocks import (
    Block,
    Bullets,
    Certificate,
    Definitions,
    Document,
    Figure,
    Heading,
    Paragraph,
    Part,
    Table,
)
from evaluation.report.formats.notice import kind_and_day, notices

WIDTH = 78
_WRAPPING = functools.partial(textwrap.wrap, width=WIDTH, break_long_words=False, break_on_hyphens=False)


def document(whole: Document) -> bytes:
    """The document in lines that fit a letter, its headings underlined."""
    opening = [whole.title, "=" * min(len(whole.title), WIDTH)]
    body = [piece for part in _once(whole.read) for piece in _headed(part)]
    above = [*filter(None, [kind_and_day(whole)]), *notices(whole)]
    return ("\n".join([*_wrapped(opening), "", *_wrapped(above), *body]).strip() + "\n").encode()


def _once(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts without figures whose numbers stand in a table of theirs or before: they would stand there twice."""
    told: list[Table] = []
    for one in parts:
        told += [each for each in one.blocks if isinstance(each, Table)]
        blocks = tuple(each for each in one.blocks if not isinstance(each, Figure) or not _repeats(each.numbers, told))
        if one.heading or blocks:
            yield dataclasses.replace(one, blocks=blocks)


def _repeats(numbers: Table, told: Sequence[Table]) -> bool:
    """Whether one of these tables has all these rows, but a total above them, and columns of its own perhaps."""
    return any(_within(numbers, one) for one in told if one.rows and {*numbers.columns} <= {*one.columns})


def _within(numbers: Table, one: Table) -> bool:
    places = [one.columns.index(column) for column in numbers.columns]
    there = {tuple(row[place] for place in places) for row in one.rows}
    return {*numbers.rows[-len(one.rows) :]} <= there


def _headed(one: Part) -> Iterator[str]:
    """The lines of a part under its heading, an empty one before each block."""
    yield ""
    if one.heading:
        yield from (*_wrapped([one.heading]), "-" * min(len(one.heading), WIDTH), "")
    yield from _wrapped(part(one).splitlines())


def part(one: Part) -> str:
    """A part without its heading, in lines as long as they are; an empty one before each block."""
    told = ""
    for block in one.blocks:
        told += "\n".join(lines(block)) + ("\n" if isinstance(block, Heading) else "\n\n")
    return told.strip()


def lines(block: Block) -> Sequence[str]:
    """A block as lines, none of them broken."""
    match block:
        case Heading():
            return [block.heading]
        case Paragraph():
            return [paragraph(block)]
        case Bullets():
            marks = (f"{number}." if block.numbered else "-" for number in range(1, len(block.items) + 1))
            return [f"{mark} {paragraph(item)}" for mark, item in zip(marks, block.items, strict=True)]
        case Definitions():
            return [f"{name}: {value}" for name, value in block.pairs]
        case Table():
            return _table(block)
        case Figure():
            return _table(block.numbers)
        case Certificate():
            return [" ".join(block.certified)]
    assert_never(block)


def paragraph(one: Paragraph) -> str:
    """The sentences of a paragraph behind its label; an address behind the words that link to it."""
    said = "".join(
        f"{space}{sentence.text} ({sentence.address})"
        if sentence.address not in ("", sentence.text)
        else f"{space}{sentence.text}"
        for space, sentence in one.pieces()
    )
    return f"{one.label}. {said}" if one.label else said


def _table(table: Table) -> list[str]:
    """One line a row: the row's name, then each column with its value."""
    told = [f"{table.caption}:"]
    for name, *cells in table.rows:
        values = zip(table.columns[1:], cells, strict=True)
        told.append(f"- {name}: " + "; ".join(f"{column}: {cell}" for column, cell in values))
    return [*told, *table.notes]


def _wrapped(long: Iterable[str]) -> Iterator[str]:
    for line in long:
        hanging = "  " if line.startswith("- ") else ""
        yield from _WRAPPING(line, subsequent_indent=hanging) or [""]
