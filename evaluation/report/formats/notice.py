"""What stands above a document before anything else: that it is confidential, that its people are invented."""

from __future__ import annotations

from evaluation.report.blocks import Document
from evaluation.report.words import say


def notices(whole: Document, *, short: bool = False) -> list[str]:
    """The sentences, or the few words that stand on every page."""
    end = "_short" if short else ""
    kinds = {"confidential": whole.confidential, "fictional": whole.fictional}
    return [say(f"report.frame.{kind}{end}", whole.language) for kind, so in kinds.items() if so]
