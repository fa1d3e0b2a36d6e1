"""What a cell of a funder's notebook shows: the blocks of a part as data, and the same for JupyterLab to show."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evaluation import codec
from evaluation.release.released import Released
from evaluation.report.blocks import Block, Part, fingerprint
from evaluation.report.foreign import foreign
from evaluation.report.formats import html, text
from evaluation.report.words import say

MIME = "application/vnd.evaluation.report+json"
FORMAT = "report-part/1"
SEAL = "seal"
"""The key of an output's digest: what else stands in it was shown together with the part, or is refused."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A part with its data for the JSON document (``content``) and its picture; each picture stands there once.

    A picture that would be too high for a page has its further rows in ``more`` pictures.
    """

    part: Part
    content: Any
    png: bytes | None = None
    more: tuple[bytes, ...] = ()

    @property
    def text(self) -> str:
        return text.part(self.part)

    @property
    def html(self) -> str:
        return html.part(self.part, self.pictures)

    @property
    def pictures(self) -> dict[str, bytes]:
        """All by their fingerprints, in order."""
        return {fingerprint(png): png for png in (self.png, *self.more) if png is not None}

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Data and metadata by MIME type, as Jupyter asks for them."""
        told = {"format": FORMAT, "part": codec.plain(self.part), "content": self.content}
        if self.more:
            told["more"] = [base64.b64encode(png).decode("ascii") for png in self.more]
        data: dict[str, Any] = {"text/plain": self.text, MIME: told}
        metadata: dict[str, Any] = {}
        if self.png is None:
            data["text/html"] = self.html
        else:  # JupyterLab would prefer HTML, and that would hold the picture a second time
            data["image/png"] = base64.b64encode(self.png).decode("ascii")
            metadata["image/png"] = {"alt": " ".join(figure.alt for figure in self.part.figures)}
        told[SEAL] = seal(data)
        return data, metadata


def seal(data: Mapping[str, Any]) -> str:
    """SHA-256 of everything that a part shows: its text, HTML, picture and data, the seal itself left out."""
    shown = {kind: "".join(told.split()) if kind == "image/png" else told for kind, told in data.items()}
    shown[MIME] = {key: told for key, told in data[MIME].items() if key != SEAL}
    return codec.digest(shown)


def read(data: Mapping[str, Any]) -> Shown:
    """The part that stands in the output of a cell.

    Raises BadDeclaration where it is of a newer version, or is not what a cell shows.
    """
    told = data[MIME]
    codec.version(told.get("format"), "report-part", 1)
    png = base64.b64decode(data["image/png"]) if "image/png" in data else None
    more = tuple(base64.b64decode(one) for one in told.get("more", ()))
    return Shown(codec.build(Part, told["part"]), told["content"], png, more)


def show(
    released: Released,
    language: str,
    *,
    name: str,
    blocks: Sequence[Block],
    content: Any,
    heading: bool = True,
    id: str = "",
    pngs: Sequence[bytes] = (),
    place: Literal["main", "footer"] = "main",
    absent: str = "",
) -> Shown:
    """A part of the document on this release, under the heading of its name unless ``heading`` is False."""
    part = Part(
        id=id or name.replace("_", "-"),
        name=name,
        language=language,
        heading=say(f"report.heading.{name}", language) if heading else "",
        blocks=tuple(blocks),
        fictional=released.facts.fictional,
        place=place,
        released={"release": released.release, "digest": released.digest, **_kind_and_day(released)},
        confidential=released.certificate.profile == "funder",
        foreign=foreign(released, language),
        erratum=_erratum(released),
        absent=absent,
    )
    return Shown(part, content, pngs[0] if pngs else None, tuple(pngs[1:]))


def _kind_and_day(released: Released) -> dict[str, str]:
    """The day of its numbers, and what kind of release it is, where the project planned that."""
    planned = released.provenance.parameters.get("kind", "")
    kind = "erratum" if released.replaces else planned
    return {"released_on": released.day.isoformat(), **({"kind": kind} if kind else {})}


def _erratum(released: Released) -> dict[str, str]:
    wrong = released.replaces
    if wrong is None:
        return {}
    days = {"released_on": wrong.released_on, "replaced_on": released.provenance.released_on}
    return {"release": wrong.release, **{name: day.isoformat() for name, day in days.items()}}


def nothing(released: Released, language: str, *, name: str) -> Shown:
    """A part that this project's document does not have: without heading or blocks, it is left out."""
    return show(released, language, name=name, blocks=(), content=None, heading=False)
