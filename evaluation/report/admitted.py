"""What of an executed notebook may become a document: the parts of one release, as the library showed them."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from evaluation.errors import RunFailed
from evaluation.report import words
from evaluation.report.runs import numbered
from evaluation.report.shown import MIME, SEAL, seal

TEXT_TAG = "document"
"""The tag of markdown cells that are part of the document."""

_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "h2", "h3", "h4", "a"}
_ADDRESSES = ("https://", "http://", "mailto:", "#")


def outputs(name: str, node: Any) -> list[Any]:
    """Every output of the notebook ``name``, each a part of the same release in the same language.

    Raises RunFailed, naming the cell, for anything else that a cell showed, printed or failed with, for a
    part that is not as the library showed it, and for a document's markdown that is more than text.
    """
    found = []
    for place, number in numbered(node.cells):
        cell = node.cells[place]
        where = f"{name}, cell {number}"
        if cell.cell_type == "markdown" and TEXT_TAG in cell.metadata.get("tags", []):
            _check_text(where, cell)
        for output in cell.get("outputs", []):
            _check_output(where, output)
            found.append(output)
    if not found:
        raise RunFailed(f"{name}: it showed nothing of a release; there is nothing to write.")
    _check_one_release(name, [output["data"][MIME] for output in found])
    return found


def _check_output(where: str, output: Any) -> None:
    if output["output_type"] == "error":
        raise RunFailed(f"{where} failed ({output['ename']}); no document was written.")
    data = output.get("data", {})
    if MIME not in data:
        kind = "printed or warned of" if output["output_type"] == "stream" else "showed"
        raise RunFailed(
            f"{where} {kind} something that is no part of a release, and only those become a document; take it out, "
            "or keep the notebook inside."
        )
    part = data[MIME]
    if part.get(SEAL) != seal(data) or not part["released"].get("digest"):
        raise RunFailed(f"{where} showed '{part.get('id')}' otherwise than the kit makes it; run the notebook again.")


def _check_one_release(name: str, parts: list[Any]) -> None:
    language = words.check_language(parts[0]["language"])
    for part in parts:
        if part["language"] != language:
            raise RunFailed(
                f"{name}: '{part['id']}' is in '{part['language']}', other parts in '{language}';"
                " run it again in one language."
            )
    if any(part["released"] != parts[0]["released"] for part in parts):
        raise RunFailed(f"{name}: its parts come from different releases; run it again on one release.")


# --- markdown -----------------------------------------------------------------------------------


def _check_text(where: str, cell: Any) -> None:
    from nbconvert.filters import markdown2html

    reader = _Text()
    reader.feed(markdown2html(cell.source))
    refused = next(reader.refused(), "an attachment" if cell.get("attachments") else "")
    if refused:
        raise RunFailed(f"{where} is tagged '{TEXT_TAG}' but holds {refused}; only text can be part of a document.")


class _Text(HTMLParser):
    """The tags of a text with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attributes}))

    def refused(self) -> Iterator[str]:
        """What is more than text, by its tag."""
        for tag, given in self.found:
            if tag not in _TAGS or not set(given) <= {"href", "id", "class", "title"}:
                yield f"<{tag}>"
            elif not given.get("href", "#").startswith(_ADDRESSES):
                yield "an address that is not one of the web"
