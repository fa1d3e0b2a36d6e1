"""The table of formats: each is one module, one fold over blocks, and one row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evaluation.report.blocks import Document
from evaluation.report.formats import html, json, text


@dataclass(frozen=True, slots=True)
class Format:
    """The end of a file's name, and what writes a document as its bytes."""

    suffix: str
    write: Callable[[Document], bytes]


FORMATS = (Format("html", html.document), Format("json", json.document), Format("txt", text.document))
