"""The templates of templates/desk/ with the words of a language, and the few static files beside them."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from markupsafe import Markup, escape

from evaluation import filling, schema, texts
from evaluation.desk.forms.questions import Option
from evaluation.schema import Labels
from evaluation.texts import Message, nearest_in, say, unbroken

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

_MANY = 20


@dataclass(frozen=True, slots=True)
class Static:
    """A file that is the same for everybody; its ``digest`` stands in its address."""

    content: bytes
    type: str
    digest: str


class Templates:
    """Everything in ``folder``, read once."""

    def __init__(self, folder: Path) -> None:
        self.static = {path.name: _static(path) for path in sorted((folder / "static").iterdir())}
        self._environment = filling.kit(folder)

    def page(self, name: str, language: str, home: Callable[..., str], context: Mapping[str, Any]) -> str:
        """The template ``name`` in this language; ``home`` gives the address of a page of the desk itself."""

        def static(file: str) -> str:
            return f"{home('static', file)}?{self.static[file].digest}"

        def worded(key: str | Message | Labels, /, **facts: object) -> str:
            return (
                unbroken(say(key, language, **facts)) if isinstance(key, str | Message) else str(label(key, language))
            )

        about = {
            "say": worded,
            "label": lambda labels, wanted=language: label(labels, wanted),
            "plain": lambda labels, wanted=language: plain(labels, wanted),
            "words_of": nearest_in,
            "words": lambda labels, wanted: nearest_in(labels, wanted)[1],
            "spoken_as": spoken_as,
            "home": home,
            "static": static,
            "language": language,
            "direction": direction,
            "day": lambda day: texts.date(day, language),
            "moment": lambda at: moment(at, language),
            "called": called,
            "in_order": in_order,
        }
        return self._environment.get_template(name).render({**about, **context})


def spoken_as(labels: Labels, wanted: str) -> Markup:
    """What an element with a label says of its language where that is not the one around it."""
    found, text = nearest_in(labels, wanted)
    return Markup(' lang="{}" dir="{}"').format(found, direction(found)) if text and found != wanted else Markup("")


def label(labels: Labels, wanted: str) -> Markup:
    """A label in ``wanted``, or what there is, which then is marked with its own language."""
    mark, text = spoken_as(labels, wanted), unbroken(nearest_in(labels, wanted)[1])
    return Markup("<span{}>{}</span>").format(mark, text) if mark else escape(text)


def plain(labels: Labels, wanted: str) -> str:
    """A label in ``wanted``, or what there is, where no mark can stand."""
    return schema.text(labels, wanted)


def direction(language: str) -> str:
    """``rtl`` for a language that is written from right to left."""
    try:
        written = Locale.parse(language.replace("-", "_")).character_order
    except (UnknownLocaleError, ValueError):
        return "ltr"
    return "rtl" if written == "right-to-left" else "ltr"


def called(language: str) -> str:
    """A language by its own name."""
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return language
    name = locale.get_display_name(locale) or language
    return name[0].upper() + name[1:]


def in_order(options: Sequence[Option], wanted: str) -> list[Option]:
    """The options of a list to pick from: a long one by the alphabet, a short one as it was written."""
    if len(options) <= _MANY:
        return list(options)
    return sorted(options, key=lambda option: _letters(plain(option.labels, wanted)))


def _letters(text: str) -> tuple[str, str]:
    """By the letters without their marks first, so that Ł and Ś do not come after Z."""
    plain_text = unicodedata.normalize("NFKD", text.replace("ł", "lz").replace("Ł", "Lz"))
    return plain_text.encode("ascii", "ignore").decode("ascii").casefold(), text


def moment(at: dt.datetime, language: str) -> str:
    """A day and time on this machine's clock."""
    local = at.astimezone()
    return f"{texts.date(local.date(), language)}, {local:%H:%M}"


def _static(path: Path) -> Static:
    content = path.read_bytes()
    return Static(content, _TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:12])
