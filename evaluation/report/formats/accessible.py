"""What a finished document must be: one title, headings in order, alt text, nothing from elsewhere."""

from __future__ import annotations

from html.parser import HTMLParser

from evaluation.errors import RunFailed
from evaluation.texts import Message

_LOADING = {"img": "src", "link": "href", "source": "src", "iframe": "src", "object": "data", "embed": "src"}
_PLACEHOLDER = "No description has been provided for this image"  # what nbconvert writes where there is none
_REFUSED = ("script", "iframe", "object", "embed", "form")


class _Reader(HTMLParser):
    """Collects what is wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[Message] = []
        self.levels: list[int] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "img" and (given.get("alt") or "").strip() in ("", _PLACEHOLDER):
            self.wrong.append(Message("report.error.page_alt"))
        if tag in _REFUSED or any(name.startswith("on") for name in given):
            self.wrong.append(Message("report.error.page_active", tag=tag))
        address = given.get(_LOADING.get(tag, ""), "") or ""
        if address and not address.startswith("data:"):
            self.wrong.append(Message("report.error.page_elsewhere"))
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self._heading(int(tag[1]))
        name = given.get("id")
        if name and name in self.ids:
            self.wrong.append(Message("report.error.page_id", id=name))
        if name:
            self.ids.add(name)

    def _heading(self, level: int) -> None:
        if level > (self.levels[-1] + 1 if self.levels else 1):
            self.wrong.append(Message("report.error.page_heading", level=level))
        self.levels.append(level)


def check_document(document: str, *, notebook: str | Message) -> str:
    """The document itself; raises RunFailed that names what is wrong with it and the notebook."""
    reader = _Reader()
    reader.feed(document)
    if reader.levels.count(1) != 1:
        reader.wrong.append(Message("report.error.page_title"))
    if reader.wrong:
        raise RunFailed("report.error.page", name=notebook, why=reader.wrong[0])
    return document
