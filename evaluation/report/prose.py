"""The officer's own text, a markdown cell tagged for the document, as blocks; what is more than text is refused."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Literal

from evaluation.errors import RunFailed
from evaluation.report.blocks import ADDRESSES, Block, Bullets, Heading, Paragraph, Sentence
from evaluation.texts import Message

TEXT_TAG = "document"
"""The tag of markdown cells that are part of the document."""

_STYLES: dict[str, Literal["strong", "emphasis", "code"]] = {"strong": "strong", "em": "emphasis", "code": "code"}
_TAGS = {"p", "br", "ul", "ol", "li", "blockquote", "h2", "h3", "h4", "a", *_STYLES}


def prose(where: Message, source: str, *, attached: bool = False) -> tuple[Block, ...]:
    """A text in Markdown; ``where`` is what errors call it. Raises RunFailed for a picture or active HTML."""
    from nbconvert.filters import markdown2html

    reader = _Reader()
    reader.feed(markdown2html(source))
    if refused := reader.refused or (Message("report.error.attachment") if attached else ""):
        raise RunFailed("report.error.more_than_text", where=where, tag=TEXT_TAG, what=refused)
    return tuple(reader.blocks)


class _Reader(HTMLParser):
    """Collects blocks as their tags end; a list in a list becomes one list."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self.refused: str | Message = ""
        self._said: list[Sentence] = []
        self._items: list[Paragraph] = []
        self._depth = 0  # of lists
        self._space = False  # before the next words
        self._style: Literal["", "strong", "emphasis", "code"] = ""
        self._address, self._within = "", False  # the document itself

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        address = given.get("href", "")
        if tag not in _TAGS or not set(given) <= {"href", "id", "class", "title"}:
            self.refused = self.refused or f"<{tag}>"
        elif address and not address.startswith((*ADDRESSES, "#")):
            self.refused, address = self.refused or Message("report.error.address"), ""
        self._style = _STYLES.get(tag, self._style)
        if tag == "a":  # nothing in a document can be pointed at
            self._address, self._within = ("", True) if address.startswith("#") else (address, False)
        if tag in ("h2", "h3", "h4"):
            self._item()
        self._space |= tag == "br"
        if tag in ("ul", "ol"):
            self._item()
            self._depth += 1

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not (text == "¶" and self._within):  # nbconvert's link to a heading itself
            joined = bool(self._said) and not self._space and not data[0].isspace()
            self._said.append(Sentence(text, (), self._style, self._address, joined))
        self._space = (self._space and not text) or data[-1:].isspace()

    def handle_endtag(self, tag: str) -> None:
        self._style = "" if tag in _STYLES else self._style
        if tag == "a":
            self._address, self._within = "", False
        if tag in ("h2", "h3", "h4"):
            self._heading(int(tag[1]))
        elif tag == "li":
            self._item()
        elif tag in ("ul", "ol"):
            self._depth -= 1
            if not self._depth:
                self.blocks.append(Bullets(tuple(self._items), tag == "ol"))
                self._items = []
        elif tag == "p" and not self._depth and self._said:
            self.blocks.append(Paragraph(self._taken()))

    def _heading(self, level: int) -> None:
        if self._depth:  # in a list it is a line of the list
            self._item()
        elif said := self._taken():
            words = "".join(space + sentence.text for space, sentence in Paragraph(said).pieces())
            self.blocks.append(Heading(words, level))

    def _item(self) -> None:
        if self._depth and self._said:
            self._items.append(Paragraph(self._taken()))

    def _taken(self) -> tuple[Sentence, ...]:
        said, self._said = tuple(self._said), []
        return said
