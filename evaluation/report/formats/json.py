"""Parts as data: the JSON document, checked against the published schema before it is written."""

from __future__ import annotations

import json
from typing import Any

from evaluation.errors import RunFailed
from evaluation.report.blocks import FIGURES, Document, Part
from evaluation.report.formats import text
from evaluation.resources import folder
from evaluation.texts import Message

FORMAT = "evaluation-report/1"


def document(whole: Document) -> bytes:
    """The text of the JSON document; see ``data``."""
    return (json.dumps(data(whole), ensure_ascii=False, indent=1) + "\n").encode()


def data(whole: Document) -> dict[str, Any]:
    """Every part as data. Raises RunFailed where one was shown twice, or the result does not fit the schema."""
    told: dict[str, Any] = {
        "format": FORMAT,
        "language": whole.language,
        "fictional": whole.fictional,
        **({"confidential": True} if whole.confidential else {}),
        **({"erratum_of": dict(whole.erratum)} if whole.erratum else {}),
        **whole.released,
    }
    for part in whole.parts:
        if part.name == FIGURES:
            told.setdefault(FIGURES, []).append(_figure(part, whole.data[part.id]))
        elif part.name in told:
            raise RunFailed("report.error.twice", name=whole.name, part=part.name)
        elif part.name:
            told[part.name] = {"heading": part.heading, "text": text.part(part), "content": whole.data[part.id]}
    return _valid(whole.name, told)


def _figure(part: Part, content: Any) -> dict[str, Any]:
    caption, alt = next(((figure.caption, figure.alt) for figure in part.figures), ("", ""))
    return {
        "id": part.id,
        "heading": part.heading,
        "caption": caption,
        "alt": alt,
        "text": text.part(part),
        "content": content,
    }


def _valid(name: str | Message, told: dict[str, Any]) -> dict[str, Any]:
    import jsonschema

    path = folder("data_schema") / "report" / "report.schema.json"
    rules = json.loads(path.read_text(encoding="utf-8"))
    # through text and back: what is checked is what will be written
    written: dict[str, Any] = json.loads(json.dumps(told, ensure_ascii=False))
    errors = sorted(jsonschema.Draft202012Validator(rules).iter_errors(written), key=lambda e: list(e.path))
    if errors:
        where = "/".join(str(step) for step in errors[0].absolute_path) or Message("report.error.the_document")
        why = str(errors[0].validator)
        raise RunFailed("report.error.schema", name=name, where=where, schema=path.name, why=why)
    return written
