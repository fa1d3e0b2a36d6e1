"""What of an executed notebook may become a document: the parts of one release, as the library showed them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evaluation.errors import EvaluationError, RunFailed
from evaluation.report import words
from evaluation.report.blocks import Document, Part
from evaluation.report.engine import numbered
from evaluation.report.prose import TEXT_TAG, prose
from evaluation.report.shown import MIME, SEAL, Shown, read, seal
from evaluation.schema import text
from evaluation.texts import Message


def document(notebook: Any, *, language: str, title: str = "") -> Document:
    """The document of an executed notebook; ``notebook`` is a NotebookNode or the path of one.

    ``title`` is else the project's. Code is left out, and so are markdown cells without the tag ``document``.

    Raises RunFailed, naming the cell, for anything that a cell showed, printed or failed with and that is no
    part of a release, for a part that is not as the library showed it, and for a document's markdown that is
    more than text; and where parts are in another language or of different releases.
    """
    name, node = _opened(notebook)
    parts: list[Part] = []
    shown: list[Shown] = []
    for where, cell in _cells(name, node):
        if cell.cell_type == "markdown" and TEXT_TAG in cell.metadata.get("tags", []):
            blocks = prose(where, cell.source, attached=bool(cell.get("attachments")))
            parts.append(Part("", "", words.check_language(language), "", blocks))
        for output in cell.get("outputs", []):
            shown.append(_admitted(where, output))
            parts.append(shown[-1].part)
    if not shown:
        raise RunFailed("report.error.nothing_shown", name=name)
    _check_one_release(name, [one.part for one in shown], language)
    return Document(
        name=name,
        language=language,
        title=title or _title(shown, language),
        fictional=any(part.fictional for part in parts),
        confidential=any(part.confidential for part in parts),
        released=shown[0].part.released,
        erratum=shown[0].part.erratum,
        parts=tuple(part for part in parts if part.heading or part.blocks),
        pictures={name: png for one in shown for name, png in one.pictures.items()},
        data={one.part.id: one.content for one in shown},
        **_about(shown),
    )


def _cells(name: str | Message, node: Any) -> Iterator[tuple[Message, Any]]:
    """Each cell with what errors call it: its number in the file that the officer has."""
    for place, number in numbered(node.cells):
        yield Message("report.error.cell", name=name, number=number), node.cells[place]


def _opened(notebook: Any) -> tuple[str | Message, Any]:
    if not isinstance(notebook, str | Path):
        return Message("report.error.the_notebook"), notebook
    import nbformat

    path = Path(notebook)
    if not path.is_file():
        raise RunFailed("report.error.not_there", name=path.name)
    reads: Any = nbformat.read
    return path.name, reads(path, as_version=4)


def _admitted(where: Message, output: Mapping[str, Any]) -> Shown:
    if output["output_type"] == "error":
        raise RunFailed("report.error.cell_failed", where=where, kind=output["ename"])
    data = output.get("data", {})
    if MIME not in data:
        printed = output["output_type"] == "stream"
        raise RunFailed("report.error.printed" if printed else "report.error.foreign", where=where)
    told = data[MIME]
    try:
        whole = read(data) if told.get(SEAL) == seal(data) else None
    except EvaluationError as error:
        raise RunFailed("report.error.unreadable", where=where, why=error.message) from None
    if whole is None or not whole.part.released.get("digest") or not _complete(whole):
        part = str(told.get("part", {}).get("id"))
        raise RunFailed("report.error.changed", where=where, part=part)
    return whole


def _complete(shown: Shown) -> bool:
    """Whether its pictures are those that its figures name."""
    return [figure.picture for figure in shown.part.figures] == [*shown.pictures]


def _check_one_release(name: str | Message, parts: list[Part], language: str) -> None:
    for part in parts:
        if part.language != language:
            raise RunFailed(
                "report.error.other_language", name=name, part=part.id, found=part.language, wanted=language
            )
    if any(part.released != parts[0].released for part in parts):
        raise RunFailed("report.error.other_release", name=name)


def _about(shown: list[Shown]) -> dict[str, Any]:
    """Who made the document and when, where its provenance and the project's facts are shown."""
    told = {one.part.name: one.content for one in shown if one.part.name in ("facts", "provenance")}
    made = told.get("provenance", {})
    day = made.get("worded_on") or made.get("released_on")
    return {
        **({"made_on": dt.date.fromisoformat(day)} if day else {}),
        "author": told.get("facts", {}).get("promoter", ""),
    }


def _title(shown: list[Shown], language: str) -> str:
    """The project's title where its facts are shown."""
    titles = [one.content["title"] for one in shown if one.part.name == "facts"]
    return text(titles[0], language) if titles else words.say("report.frame.report", language)
