"""Accessible HTML, and the same as plain text, for tables, lists and paragraphs."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.report import words


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it is read: the first cell of each row names the row, the first column name is its kind."""

    id: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def html(self, language: str) -> str:
        """Caption, scoped headers, a region that can be scrolled by keyboard, and the legend if needed."""
        head = "".join(f'<th scope="col">{html.escape(column)}</th>' for column in self.columns)
        body = "\n".join(_row(row, words.hidden(language)) for row in self.rows)
        caption = html.escape(self.caption)
        name = html.escape(words.say("scrollable", language, what=self.caption))
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-label="{name}">\n<table>\n'
            f"<caption><span>{caption}</span></caption>\n<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{body}\n</tbody>\n"
            f"</table>\n</div>\n{self._legend(language)}"
        )

    def text(self, language: str) -> str:
        """One line a row: the row's name, then each column with its value."""
        lines = [f"{self.caption}:"]
        for name, *cells in self.rows:
            values = zip(self.columns[1:], cells, strict=True)
            lines.append(f"- {name}: " + "; ".join(f"{column}: {cell}" for column, cell in values))
        if self.has_hidden(language):
            lines.append(words.say("legend", language))
        return "\n".join(lines)

    def has_hidden(self, language: str) -> bool:
        return any(cell == words.hidden(language) for row in self.rows for cell in row)

    def _legend(self, language: str) -> str:
        if not self.has_hidden(language):
            return ""
        return f'<p class="legend">{html.escape(words.say("legend", language))}</p>\n'


def _row(row: Sequence[str], mark: str) -> str:
    name, *cells = row
    return f'<tr><th scope="row">{html.escape(name)}</th>{"".join(_cell(cell, mark) for cell in cells)}</tr>'


def _cell(cell: str, mark: str) -> str:
    if cell == mark:
        return f'<td class="n"><span class="hidden">{html.escape(cell)}</span></td>'
    short = len(cell) <= 12  # longer cells, such as a baseline with its date, may be broken
    numeric = ' class="n"' if short and re.match(r"[+\u2212]?\d", cell) else ""
    return f"<td{numeric}>{html.escape(cell)}</td>"


def definitions(pairs: Sequence[tuple[str, str]]) -> str:
    """Name and value pairs as a definition list; pairs without a value are left out."""
    entries = (
        f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd></div>" for name, value in pairs if value
    )
    return "<dl>\n" + "\n".join(entries) + "\n</dl>\n"


def paragraphs(texts: Sequence[str]) -> str:
    """Each text as a paragraph."""
    return "\n".join(f"<p>{html.escape(text)}</p>" for text in texts)


def bullets(texts: Sequence[str]) -> str:
    """The texts as a list."""
    return "<ul>\n" + "\n".join(f"<li>{html.escape(text)}</li>" for text in texts) + "\n</ul>\n"


def plain_pairs(pairs: Sequence[tuple[str, str]]) -> str:
    """Name and value pairs as plain text, one a line."""
    return "\n".join(f"{name}: {value}" for name, value in pairs if value)
