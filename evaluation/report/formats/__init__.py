"""The table of formats: each is one module, one fold over blocks, and one row here."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from evaluation.report.blocks import Document
from evaluation.report.formats import docx, html, json, pdf, sheets, text

CONFIDENTIAL = "confidential"


@dataclass(frozen=True, slots=True)
class Format:
    """The end of a file's name, and what writes a document as its bytes; ``part``: only one that has this part.

    ``silent``: nothing in the file can say that it is confidential, so that its name has to. ``beside``: what takes
    its time is no Python, so that another processor can do it while the other formats are written.
    """

    suffix: str
    write: Callable[[Document], bytes]
    part: str = ""
    silent: bool = False
    beside: bool = False

    def name(self, whole: Document, stem: str) -> str:
        """What the file of the document is called."""
        return f"{stem}.{CONFIDENTIAL}.{self.suffix}" if self.silent and whole.confidential else f"{stem}.{self.suffix}"


FORMATS = (
    Format("html", html.document),
    Format("pdf", pdf.document, beside=True),
    Format("docx", docx.document),
    Format("json", json.document),
    Format("txt", text.document),
    Format("xlsx", sheets.as_xlsx, sheets.PART),
    Format("csv", sheets.as_csv, sheets.PART, silent=True),
)


def written(whole: Document, stem: str) -> dict[str, bytes]:
    """The document in every format that it has, by the names of its files."""
    parts = {one.name for one in whole.parts}
    chosen = [one for one in FORMATS if not one.part or one.part in parts]
    with ThreadPoolExecutor(1) as meanwhile:
        waiting = {one: meanwhile.submit(one.write, whole) for one in chosen if one.beside}
        here = {one: one.write(whole) for one in chosen if not one.beside}
        return {one.name(whole, stem): waiting[one].result() if one.beside else here[one] for one in chosen}
