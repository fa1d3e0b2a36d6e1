"""What stands above a document before anything else: what it replaces, that it is confidential, of invented people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from evaluation.report.blocks import Document
from evaluation.report.words import say


def notices(whole: Document, *, short: bool = False) -> list[str]:
    """The sentences, or the few words that stand on every page."""
    end = "_short" if short else ""
    return [say(f"report.frame.{kind}{end}", whole.language, **facts) for kind, facts in _kinds(whole)]


def _kinds(whole: Document) -> Iterator[tuple[str, Mapping[str, object]]]:
    if whole.erratum:
        days = {name: dt.date.fromisoformat(whole.erratum[name]) for name in ("released_on", "replaced_on")}
        yield "erratum", {"release": whole.erratum["release"], **days}
    if whole.confidential:
        yield "confidential", {}
    if whole.fictional:
        yield "fictional", {}
