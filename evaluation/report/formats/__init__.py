"""The table of formats: each is one module, one fold over blocks, and one row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evaluation.report.blocks import Document
from evaluation.report.formats import docx, html, json, pdf, sheets, text


@dataclass(frozen=True, slots=True)
class Format:
    """The end of a file's name, and what writes a document as its bytes; ``part``: only one that has this part."""

    suffix: str
    write: Callable[[Document], bytes]
    part: str = ""


FORMATS = (
    Format("html", html.document),
    Format("pdf", pdf.document),
    Format("docx", docx.document),
    Format("json", json.document),
    Format("txt", text.document),
    Format("xlsx", sheets.as_xlsx, sheets.PART),
    Format("csv", sheets.as_csv, sheets.PART),
)


def written(whole: Document, stem: str) -> dict[str, bytes]:
    """The document in every format that it has, by the names of its files."""
    parts = {one.name for one in whole.parts}
    return {f"{stem}.{one.suffix}": one.write(whole) for one in FORMATS if not one.part or one.part in parts}
