"""Blocks as accessible HTML, and the page around them: self-contained, without scripts or anything from elsewhere."""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, assert_never

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
    Sentence,
    Table,
)
from evaluation.report.foreign import Foreign, spans
from evaluation.report.formats.accessible import check_document
from evaluation.report.formats.notice import kind_and_day, notices
from evaluation.report.words import say
from evaluation.resources import folder
from evaluation.texts import as_html

_STYLES = {"strong": "strong", "emphasis": "em", "code": "code"}


def document(whole: Document) -> bytes:
    """The page. Raises RunFailed where it would load anything, or lacks what a reader with a screen reader needs."""
    return check_document(_page(whole), notebook=whole.name).encode()


def part(one: Part, pictures: Mapping[str, bytes], words: Foreign | None = None) -> str:
    """A part with its heading; it stands on its own. ``words`` in another language: else those that it knows of."""
    words = one.foreign if words is None else words
    opening = f' class="shown" id="{escape(one.id)}" lang="{one.language}"' if one.id else ' class="text"'
    heading = f"<h2>{_text(one.heading, words)}</h2>\n" if one.heading else ""
    body = "\n".join(_Setter(one.language, pictures, words).block(each) for each in one.blocks)
    return f"<div{opening}>\n{heading}{body}\n</div>"


def _text(told: str, words: Foreign) -> str:
    """The text escaped, with what is in another language marked with it."""
    pieces = ((as_html(piece), spoken) for piece, spoken in spans(told, words))
    return "".join(f'<span lang="{spoken}">{piece}</span>' if spoken else piece for piece, spoken in pieces)


def _mostly(told: str, words: Foreign) -> str:
    """The language of most of its letters, where that is another, as an attribute: no part of an attribute has one."""
    letters: dict[str, int] = {}
    for piece, spoken in spans(told, words):
        letters[spoken] = letters.get(spoken, 0) + len(piece)
    most = max(letters, key=letters.__getitem__, default="")
    return f' lang="{most}"' if most else ""


@dataclass(frozen=True, slots=True)
class _Setter:
    """Sets the blocks of a part."""

    language: str
    pictures: Mapping[str, bytes]
    words: Foreign

    def block(self, one: Block) -> str:
        match one:
            case Heading():
                return f"<h{one.level}>{self.text(one.heading)}</h{one.level}>"
            case Paragraph():
                return f"<p>{self.inline(one)}</p>"
            case Bullets():
                kind = "ol" if one.numbered else "ul"
                return "\n".join([f"<{kind}>", *(f"<li>{self.inline(item)}</li>" for item in one.items), f"</{kind}>"])
            case Definitions():
                rows = (
                    f"<div><dt>{self.text(name)}</dt><dd>{self.text(value)}</dd></div>" for name, value in one.pairs
                )
                return "\n".join(["<dl>", *rows, "</dl>"])
            case Table():
                return self.table(one)
            case Figure():
                return self.figure(one)
            case Certificate():
                return f'<p class="certificate">{self.text(" ".join(one.certified))}</p>'
        assert_never(one)

    def text(self, told: str) -> str:
        return _text(told, self.words)

    def inline(self, paragraph: Paragraph) -> str:
        label = f"<strong>{self.text(paragraph.label)}.</strong> " if paragraph.label else ""
        return label + "".join(space + self.sentence(sentence) for space, sentence in paragraph.pieces())

    def sentence(self, sentence: Sentence) -> str:
        said = self.text(sentence.text)
        if sentence.style:
            said = f"<{_STYLES[sentence.style]}>{said}</{_STYLES[sentence.style]}>"
        return f'<a href="{escape(sentence.address)}">{said}</a>' if sentence.address else said

    def figure(self, figure: Figure) -> str:
        data = base64.b64encode(self.pictures[figure.picture]).decode("ascii")
        alt = f'{_mostly(figure.alt, self.words)} alt="{escape(figure.alt)}"'
        return (
            f'<figure>\n<img{alt} src="data:image/png;base64,{data}">\n'
            f"<figcaption>{self.text(figure.caption)}</figcaption>\n</figure>\n"
            f"<details>\n<summary>{escape(say('report.frame.as_text', self.language))}</summary>\n"
            f"{self.table(figure.numbers)}\n</details>"
        )

    def table(self, table: Table) -> str:
        """Caption, scoped headers, a region that can be scrolled by keyboard, and the legend if needed."""
        head = "".join(f'<th scope="col">{self.text(column)}</th>' for column in table.columns)
        body = "\n".join(self.row(row, table.hidden) for row in table.rows)
        foreign = any(spoken for _, spoken in spans(table.caption, self.words))  # then the caption alone says its name
        scrolled = say("report.frame.scrollable", self.language, what=table.caption)
        name = escape(say("report.frame.scrollable_alone", self.language) if foreign else scrolled)
        notes = "".join(f'\n<p class="legend">{self.text(note)}</p>' for note in table.notes)
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-label="{name}">\n<table>\n'
            f"<caption><span>{self.text(table.caption)}</span></caption>\n<thead>\n<tr>{head}</tr>\n</thead>\n"
            f"<tbody>\n{body}\n</tbody>\n</table>\n</div>{notes}"
        )

    def row(self, row: Sequence[str], mark: str) -> str:
        name, *cells = row
        return f'<tr><th scope="row">{self.text(name)}</th>{"".join(self.cell(cell, mark) for cell in cells)}</tr>'

    def cell(self, cell: str, mark: str) -> str:
        if cell == mark:
            return f'<td class="n"><span class="hidden">{escape(cell)}</span></td>'
        short = len(cell) <= 12  # longer cells, such as a baseline with its date, may be broken
        numeric = ' class="n"' if short and re.search(r"\d", cell) else ""
        return f"<td{numeric}>{self.text(cell)}</td>"


# --- the page -----------------------------------------------------------------------------------


def _page(whole: Document) -> str:
    """nbconvert's page of a notebook in which each cell shows one part."""
    import nbformat
    from nbconvert import TemplateExporter

    main, footer = ([one for one in whole.read if one.place == place] for place in ("main", "footer"))
    shown = [part(one, whole.pictures, whole.foreign) for one in main]
    frame = {
        "language": whole.language,
        "title": whole.title,
        "spoken": _mostly(whole.title, whole.foreign),
        "heading": _text(whole.title, whole.foreign),
        "skip": say("report.frame.skip", whole.language),
        "contents_heading": say("report.frame.contents", whole.language),
        "contents": [(one.id, _text(one.heading, whole.foreign)) for one in whole.read if one.heading],
        "kind": kind_and_day(whole),
        "fictional": " ".join(notices(whole)),
        "footer": [part(one, whole.pictures, whole.foreign) for one in footer],
    }
    # not HTMLExporter's own, which reads the page again to add what nbconvert's templates leave out
    render: Any = TemplateExporter.from_notebook_node
    node: Any = nbformat.from_dict
    cells = [_cell(f"part-{number}", one) for number, one in enumerate(shown)]
    notebook = node({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    body, _ = render(_exporter(folder("templates") / "report"), notebook, {"report": frame})
    return str(body)


def _cell(name: str, shown: str) -> dict[str, Any]:
    """A cell that shows this; nbconvert sees to it that all cells are such as nbformat would make."""
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": shown}}
    return {"cell_type": "code", "id": name, "metadata": {}, "source": "", "execution_count": None, "outputs": [output]}


@functools.cache
def _exporter(template: Path) -> Any:
    """nbconvert's exporter by the template, which compiles it once."""
    import nbconvert

    make: Any = nbconvert.HTMLExporter
    exporter = make(
        template_name=template.name,
        extra_template_basedirs=[str(template.parent)],
        exclude_anchor_links=True,
        preprocessors=[],
        default_preprocessors=[],
    )
    exporter.register_filter("highlight_code", escape)  # of code, which no document shows
    return exporter
