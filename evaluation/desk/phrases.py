"""The few words that a page says to a client in her own language."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from evaluation.desk.templates import direction
from evaluation.resources import folder

FILE = "phrases.toml"


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of ``language``, on a page whose language is ``around``."""

    language: str
    around: str
    words: Mapping[str, str]

    def __call__(self, key: str, **facts: object) -> Markup:
        """The phrase; marked with its language where that is not the one around it."""
        text = Markup("{}").format(self.text(key, **facts))
        if self.language == self.around:
            return text
        return Markup('<span lang="{}" dir="{}">{}</span>').format(self.language, direction(self.language), text)

    def text(self, key: str, **facts: object) -> str:
        """The phrase where no mark can stand."""
        return self.words[key].format(**facts)


def phrases(wanted: str, *, otherwise: str) -> Phrases:
    """The phrases in the language that is ``wanted``, or else in that of the pages."""
    known = _read()
    language = wanted if wanted in known else otherwise
    return Phrases(language, wanted, known[language])


@functools.cache
def _read() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((folder("templates") / "desk" / FILE).read_text(encoding="utf-8"))
