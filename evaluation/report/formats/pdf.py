"""Blocks as an accessible PDF by Typst: tagged, paged, in fonts that come with the kit, the same bytes each time."""

from __future__ import annotations

import datetime as dt
import functools
import importlib.util
import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evaluation import codec, files
from evaluation.drawing import undrawable
from evaluation.errors import RunFailed, reason
from evaluation.report.blocks import Block, Document, Figure, Part, Table
from evaluation.report.formats import columns
from evaluation.report.formats.notice import footing, kind_and_day, notices
from evaluation.report.words import say
from evaluation.resources import folder

STANDARD = "ua-1"
"""PDF/UA: a document without title, language or alt text is not made at all."""
_TEMPLATE = "report.typ"
_TIGHTER = ("0", "0.3", "0.6", "0.9")
_FEW = 130.0
"""So many points below the edge of the last page are three lines and no page."""


def document(whole: Document) -> bytes:
    """The PDF.

    Raises RunFailed for letters that none of the fonts has, and for what Typst refuses.
    """
    try:
        with files.corner(Path(tempfile.gettempdir()), "evaluation-run-") as place:
            _prepare(whole, place)
            return _compiled(whole, place)
    except OSError as error:
        raise RunFailed("report.error.no_pdf", name=whole.name, why=reason(error)) from None


def _prepare(whole: Document, place: Path) -> None:
    source = (folder("templates") / "report" / _TEMPLATE).read_bytes()
    (place / _TEMPLATE).write_bytes(source)
    told = json.dumps(_told(whole), ensure_ascii=False)
    if missing := undrawable(re.sub(r"\s", "", told)):
        raise RunFailed("report.error.letters", name=whole.name, letters=missing)
    (place / "document.json").write_text(told, encoding="utf-8")
    for name, png in whole.pictures.items():
        (place / f"{name}.png").write_bytes(png)


def _compiled(whole: Document, place: Path) -> bytes:
    """The pages, set a little tighter where the last one would hold a few lines only."""
    import typst

    compiler: Any = typst.Compiler(str(place / _TEMPLATE), str(place), font_paths=_fonts(), ignore_system_fonts=True)
    made_on = dt.datetime.combine(whole.made_on, dt.time(), dt.UTC)
    first = b""
    try:
        for tight in _TIGHTER:
            made: bytes = compiler.compile(sys_inputs={"tight": tight}, pdf_standards=STANDARD, timestamp=made_on)
            page, below = json.loads(compiler.query("<end>", field="value", one=True))
            if page == 1 or below > _FEW:
                return made
            first = first or made
    except typst.TypstError as error:
        raise RunFailed("report.error.no_pdf", name=whole.name, why=error.message) from None
    return first


@functools.cache
def _fonts() -> Any:
    """What Typst brings, and the font of the figures; nothing of the machine's own."""
    import typst

    found = importlib.util.find_spec("matplotlib")
    places = found.submodule_search_locations if found else None
    ours = [str(Path(place) / "mpl-data" / "fonts" / "ttf") for place in places or ()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=ours)


# --- what the template reads --------------------------------------------------------------------


def _told(whole: Document) -> dict[str, Any]:
    main, footer = ([_part(one) for one in whole.read if one.place == place] for place in ("main", "footer"))
    language = whole.language
    return {
        "language": language,
        "title": whole.title,
        "foreign": [*whole.foreign.items()],
        "running": whole.title,
        "author": whole.author,
        "keywords": [f"{name} {value}" for name, value in whole.released.items()],
        "release": footing(whole),
        "kind": kind_and_day(whole),
        "fictional": " ".join(notices(whole)),
        "notice": ", ".join(notices(whole, short=True)),
        "contents": sum(bool(one["heading"]) for one in main) > 2,
        "parts": main,
        "footer": footer,
        "words": {
            "contents": say("report.frame.contents", language),
            "page": say("report.frame.page", language, at="{at}", of="{of}"),
        },
    }


def _part(one: Part) -> dict[str, Any]:
    return {"heading": one.heading, "blocks": [_block(block) for block in one.blocks]}


def _block(one: Block) -> Mapping[str, Any]:
    told: dict[str, Any] = codec.plain(one)
    match one:
        case Table():
            told |= {
                "widths": columns.widths(one),
                "numeric": columns.numeric(one),
                "gaps": columns.gaps(one),
                "short": len(one.rows) <= columns.SHORT,
                "narrow": columns.narrow(one),
                "whole": columns.whole(one),
            }
        case Figure():
            told |= {"file": f"{one.picture}.png"}
        case _:
            pass
    return told
