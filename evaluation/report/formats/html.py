"""Blocks as accessible HTML, and the page around them: self-contained, without scripts or anything from elsewhere."""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Mapping, Sequence
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
from evaluation.report.formats.accessible import check_document
from evaluation.report.formats.notice import notices
from evaluation.report.words import say
from evaluation.resources import folder
from evaluation.texts import as_html

_STYLES = {"strong": "strong", "emphasis": "em", "code": "code"}


def document(whole: Document) -> bytes:
    """The page. Raises RunFailed where it would load anything, or lacks what a reader with a screen reader needs."""
    return check_document(_page(whole), notebook=whole.name).encode()


def part(one: Part, pictures: Mapping[str, bytes]) -> str:
    """A part with its heading; it stands on its own."""
    opening = f' class="shown" id="{escape(one.id)}" lang="{one.language}"' if one.id else ' class="text"'
    heading = f"<h2>{as_html(one.heading)}</h2>\n" if one.heading else ""
    body = "\n".join(block(each, one.language, pictures) for each in one.blocks)
    return f"<div{opening}>\n{heading}{body}\n</div>"


def block(one: Block, language: str, pictures: Mapping[str, bytes]) -> str:
    """One block."""
    match one:
        case Heading():
            return f"<h{one.level}>{as_html(one.heading)}</h{one.level}>"
        case Paragraph():
            return f"<p>{_inline(one)}</p>"
        case Bullets():
            kind = "ol" if one.numbered else "ul"
            return "\n".join([f"<{kind}>", *(f"<li>{_inline(item)}</li>" for item in one.items), f"</{kind}>"])
        case Definitions():
            rows = (f"<div><dt>{as_html(name)}</dt><dd>{as_html(value)}</dd></div>" for name, value in one.pairs)
            return "\n".join(["<dl>", *rows, "</dl>"])
        case Table():
            return _table(one, language)
        case Figure():
            return _figure(one, language, pictures)
        case Certificate():
            return f'<p class="certificate">{as_html(" ".join(one.certified))}</p>'
    assert_never(one)


def _inline(paragraph: Paragraph) -> str:
    label = f"<strong>{as_html(paragraph.label)}.</strong> " if paragraph.label else ""
    return label + "".join(space + _sentence(sentence) for space, sentence in paragraph.pieces())


def _sentence(sentence: Sentence) -> str:
    said = as_html(sentence.text)
    if sentence.style:
        said = f"<{_STYLES[sentence.style]}>{said}</{_STYLES[sentence.style]}>"
    return f'<a href="{escape(sentence.address)}">{said}</a>' if sentence.address else said


def _figure(figure: Figure, language: str, pictures: Mapping[str, bytes]) -> str:
    data = base64.b64encode(pictures[figure.picture]).decode("ascii")
    return (
        f'<figure>\n<img alt="{escape(figure.alt)}" src="data:image/png;base64,{data}">\n'
        f"<figcaption>{as_html(figure.caption)}</figcaption>\n</figure>\n"
        f"<details>\n<summary>{escape(say('report.frame.as_text', language))}</summary>\n"
        f"{_table(figure.numbers, language)}\n</details>"
    )


def _table(table: Table, language: str) -> str:
    """Caption, scoped headers, a region that can be scrolled by keyboard, and the legend if needed."""
    head = "".join(f'<th scope="col">{as_html(column)}</th>' for column in table.columns)
    body = "\n".join(_row(row, table.hidden) for row in table.rows)
    name = escape(say("report.frame.scrollable", language, what=table.caption))
    notes = "".join(f'\n<p class="legend">{as_html(note)}</p>' for note in table.notes)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{name}">\n<table>\n'
        f"<caption><span>{as_html(table.caption)}</span></caption>\n<thead>\n<tr>{head}</tr>\n</thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table>\n</div>{notes}"
    )


def _row(row: Sequence[str], mark: str) -> str:
    name, *cells = row
    return f'<tr><th scope="row">{as_html(name)}</th>{"".join(_cell(cell, mark) for cell in cells)}</tr>'


def _cell(cell: str, mark: str) -> str:
    if cell == mark:
        return f'<td class="n"><span class="hidden">{escape(cell)}</span></td>'
    short = len(cell) <= 12  # longer cells, such as a baseline with its date, may be broken
    numeric = ' class="n"' if short and re.search(r"\d", cell) else ""
    return f"<td{numeric}>{as_html(cell)}</td>"


# --- the page -----------------------------------------------------------------------------------


def _page(whole: Document) -> str:
    """nbconvert's page of a notebook in which each cell shows one part."""
    import nbformat

    new: Any = nbformat.v4
    main, footer = ([one for one in whole.parts if one.place == place] for place in ("main", "footer"))
    shown = ({"text/html": part(one, whole.pictures)} for one in main)
    cells = [new.new_code_cell(outputs=[new.new_output("display_data", data=data)]) for data in shown]
    frame = {
        "language": whole.language,
        "title": whole.title,
        "skip": say("report.frame.skip", whole.language),
        "contents_heading": say("report.frame.contents", whole.language),
        "contents": [(one.id, one.heading) for one in whole.parts if one.heading],
        "fictional": " ".join(notices(whole)),
        "footer": [part(one, whole.pictures) for one in footer],
    }
    exporter = _exporter(folder("templates") / "report")
    body, _ = exporter.from_notebook_node(new.new_notebook(cells=cells), resources={"report": frame})
    return str(body)


@functools.cache
def _exporter(template: Path) -> Any:
    """nbconvert's exporter by the template, which compiles it once."""
    import nbconvert

    make: Any = nbconvert.HTMLExporter
    return make(
        template_name=template.name,
        extra_template_basedirs=[str(template.parent)],
        exclude_anchor_links=True,
        preprocessors=[],
        default_preprocessors=[],
    )
