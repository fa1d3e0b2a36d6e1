"""A figure with its caption, its numbers and the alt text that says them, cut where a page would not hold it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from evaluation.release.released import Released, Value
from evaluation.report import words
from evaluation.report.blocks import FIGURES, Block, Figure, Paragraph, Sentence, Table, fingerprint
from evaluation.report.content import lookup
from evaluation.report.content.counts import absent
from evaluation.report.drawn import canvas
from evaluation.report.drawn.plot import Plot
from evaluation.report.shown import Shown, show


def figure(
    released: Released,
    language: str,
    *,
    name: str,
    numbers: Table,
    content: Any,
    drawn: Sequence[str],
    draw: Callable[[slice], Plot],
    alt: str = "bars",
    only: int = 2,
    day: dt.date | None = None,
) -> Shown:
    """The rows named ``drawn`` as ``draw`` draws a slice of them; alt text tells the first ``only`` numbers of each.

    ``day``: as of which all that is drawn is repeated.
    """
    caption = lookup.dated(words.say(f"report.figure.{name}", language), day, language)
    fictional = words.say("report.frame.fictional_short", language) if released.facts.fictional else ""
    cuts = canvas.pieces(drawn)
    figures, pngs = [], []
    for number, (rows, own) in enumerate(zip(cuts, _cut(numbers, [drawn[cut] for cut in cuts]), strict=True), 1):
        png = canvas.picture(draw(rows), mark=fictional)
        piece = {"what": caption, "n": number, "of": len(cuts)}
        what = words.say("report.figure.piece", language, **piece) if len(cuts) > 1 else caption
        said = _rows_in_words(own, language, only=only)
        alt_text = words.say(f"report.alt.{alt}", language, what=what, rows=said)
        figures.append(Figure(f"{what} ({fictional})" if fictional else what, alt_text, fingerprint(png), own))
        pngs.append(png)
    return part(released, language, name=name, blocks=figures, content=content, pngs=pngs)


def _cut(numbers: Table, drawn: Sequence[Sequence[str]]) -> list[Table]:
    """The numbers of each piece of a picture: the rows drawn in it, in the last also those that are drawn in none."""
    if len(drawn) == 1:
        return [numbers]
    before = [set(names) for names in drawn[:-1]]
    parts = [tuple(row for row in numbers.rows if row[0] in names) for names in before]
    rest = tuple(row for row in numbers.rows if not any(row[0] in names for names in before))
    return [
        dataclasses.replace(numbers, id=f"{numbers.id}-{number}", rows=rows)
        for number, rows in enumerate((*parts, rest), 1)
    ]


def _rows_in_words(numbers: Table, language: str, *, only: int) -> str:
    """The first columns of a figure's numbers as sentences: the alt text says what the picture says."""
    named = [f"{column} " for column in numbers.columns[1 : only + 1]] if len(numbers.columns) > 2 else [""]
    spoken = {numbers.hidden: words.say("report.mark.not_shown", language)}
    spoken[words.say("report.mark.no_such", language)] = words.say("report.mark.undefined", language)
    rows = [
        words.say(
            "report.alt.row",
            language,
            name=name,
            values=", ".join(f"{column}{spoken.get(cell, cell)}" for column, cell in zip(named, cells, strict=False)),
        )
        for name, *cells in numbers.rows
    ]
    return " ".join([*rows, *([words.say("report.alt.rest", language)] if only < len(numbers.columns) - 1 else [])])


def unseen(released: Released, language: str, *, name: str, values: Sequence[Value]) -> Shown:
    """The sentence that stands for a picture: nothing recorded, nothing told, or told only as ranges."""
    what = words.say(f"report.figure.{name}", language)
    said = absent(released, what, language, name=name, recorded=bool(values))
    if values and not lookup.all_hidden(values):
        said = words.say("report.mark.not_drawn", language, what=what)
    return part(released, language, name=name, blocks=[Paragraph((Sentence(said),))], content=None)


def part(
    released: Released,
    language: str,
    *,
    name: str,
    blocks: Sequence[Block],
    content: Any,
    pngs: Sequence[bytes] = (),
) -> Shown:
    """The part of a document that is one figure, in one picture or several, or what stands for it."""
    return show(
        released,
        language,
        id=f"figure-{name}",
        name=FIGURES,
        heading=False,
        blocks=blocks,
        content=content,
        pngs=pngs,
    )
