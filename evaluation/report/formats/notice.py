"""What stands above a document before anything else: what kind it is, of which day, what it replaces, for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from evaluation.report.blocks import Document
from evaluation.report.words import say


def kind_and_day(whole: Document) -> str:
    """What kind of report it is, and as of which day; empty for what was put together without a release."""
    kind, day = (whole.released.get(name, "") for name in ("kind", "released_on"))
    return say(f"report.frame.{kind or 'report'}_of", whole.language, day=dt.date.fromisoformat(day)) if day else ""


def footing(whole: Document) -> str:
    """What stands below every page: which release it is, and the same."""
    release = say("report.frame.release", whole.language, release=whole.released.get("release", ""))
    return ". ".join(filter(None, (release, kind_and_day(whole))))


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
