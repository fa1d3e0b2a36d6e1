"""One thing that a notebook shows: the same content as text, HTML, picture and data."""

from __future__ import annotations

import base64
import html as markup
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from evaluation import codec
from evaluation.errors import BadArgument
from evaluation.release.released import Released
from evaluation.report import words

MIME = "application/vnd.evaluation.report+json"
SEAL = "seal"
"""The key of a part's digest: what else stands in its output was shown together with it, or is refused."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a document in one language.

    ``part`` is its name in the JSON document (figures share the name ``figures``) and ``content`` its
    data there; ``html`` is the content, or the text equivalent where there is a picture (``png``),
    whose ``alt`` text is mandatory. ``text`` is the plain text. Raises BadArgument for a picture
    without alt text and for an unknown language.
    """

    id: str
    part: str
    lang: str
    content: Any
    text: str
    html: str = ""
    heading: str = ""
    caption: str = ""
    png: bytes | None = None
    alt: str = ""
    fictional: bool = False
    place: Literal["main", "footer"] = "main"
    released: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        words.check_language(self.lang)
        if self.png is not None and not self.alt.strip():
            raise BadArgument(f"the picture '{self.id}' has no alt text; say in words what it shows.")

    def payload(self) -> dict[str, Any]:
        """What renderers and the JSON document read; JSON types only."""
        return {
            "id": self.id,
            "part": self.part,
            "language": self.lang,
            "heading": self.heading,
            "caption": self.caption,
            "text": self.text,
            "alt": self.alt,
            "place": self.place,
            "fictional": self.fictional,
            "released": dict(self.released),
            "content": self.content,
        }

    def fragment(self) -> str:
        """Self-contained HTML: heading, then the picture with caption and text equivalent, or the content."""
        heading = f"<h2>{markup.escape(self.heading)}</h2>\n" if self.heading else ""
        body = self.html if self.png is None else self._figure(self.png)
        return f'<div class="shown" id="{markup.escape(self.id)}" lang="{self.lang}">\n{heading}{body}\n</div>'

    def _figure(self, png: bytes) -> str:
        data = base64.b64encode(png).decode("ascii")
        return (
            f'<figure>\n<img alt="{markup.escape(self.alt)}" src="data:image/png;base64,{data}">\n'
            f"<figcaption>{markup.escape(self.caption)}</figcaption>\n</figure>\n"
            f"<details>\n<summary>{markup.escape(words.say('as_text', self.lang))}</summary>\n"
            f"{self.html}\n</details>"
        )

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Data and metadata by MIME type, as Jupyter asks for them."""
        data: dict[str, Any] = {"text/plain": self.text, "text/html": self.fragment(), MIME: self.payload()}
        metadata: dict[str, Any] = {}
        if self.png is not None:
            data["image/png"] = base64.b64encode(self.png).decode("ascii")
            metadata["image/png"] = {"alt": self.alt}
        data[MIME][SEAL] = seal(data)
        return data, metadata


def seal(data: Mapping[str, Any]) -> str:
    """SHA-256 of everything that a part shows: its text, HTML, picture and data, the seal itself left out."""
    shown = {kind: "".join(told.split()) if kind == "image/png" else told for kind, told in data.items()}
    shown[MIME] = {key: told for key, told in data[MIME].items() if key != SEAL}
    return codec.digest(shown)


def show(
    released: Released,
    language: str,
    *,
    part: str,
    content: Any,
    text: str,
    html: str,
    heading: str = "",
    caption: str = "",
    id: str = "",
    png: bytes | None = None,
    alt: str = "",
    place: Literal["main", "footer"] = "main",
) -> Shown:
    """A part of the document on this release; it says which release, and whether it is fictional."""
    fictional = released.facts.fictional
    if fictional and caption:
        caption = f"{caption} ({words.say('fictional_short', language)})"
    return Shown(
        id=id or part.replace("_", "-"),
        part=part,
        lang=language,
        content=content,
        text=text,
        html=html,
        heading=heading,
        caption=caption,
        png=png,
        alt=alt,
        fictional=fictional,
        place=place,
        released={"release": released.release, "digest": released.digest},
    )
