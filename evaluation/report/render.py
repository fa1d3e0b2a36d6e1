"""An executed notebook becomes the funder's HTML and JSON; nothing but parts of a release is read of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evaluation.errors import RunFailed
from evaluation.report import words
from evaluation.report.admitted import outputs
from evaluation.report.checked import check_document
from evaluation.report.shown import MIME
from evaluation.resources import folder
from evaluation.schema import text

FORMAT = "evaluation-report/1"
_LISTED = "figures"


def html(notebook: Any, *, language: str, title: str = "", templates: Path | None = None) -> str:
    """The document of an executed notebook as one self-contained, accessible HTML page.

    ``notebook`` is a NotebookNode or the path of one; ``title`` is else the project's; ``templates`` is the
    folder of the template, else the kit's own. Code is left out, and so are markdown cells without the
    tag ``document``.

    Raises RunFailed where a cell showed anything but a part of the release, a part is in another
    language, or the page would load anything.
    """
    name, node = _opened(notebook)
    shown = outputs(name, node)
    parts = [output["data"][MIME] for output in shown]
    if parts[0]["language"] != words.check_language(language):
        raise RunFailed(f"{name}: it is in '{parts[0]['language']}', the document in '{language}'; run it again.")
    frame = _frame(shown, language, title or _title(parts, language))
    return check_document(_exported(node, frame, templates or folder("templates") / "report"), notebook=name)


def json_document(notebook: Any, *, schema: Path | None = None) -> dict[str, Any]:
    """The same content as data: every part that the notebook showed, checked against the published schema.

    Raises RunFailed where a cell showed anything but a part of the release, parts disagree about release
    or language, a part was shown twice, or the result does not fit ``schema`` (else
    ``data_schema/report/report.schema.json``).
    """
    name, node = _opened(notebook)
    parts = [output["data"][MIME] for output in outputs(name, node)]
    document: dict[str, Any] = {
        "format": FORMAT,
        "language": parts[0]["language"],
        "fictional": any(part["fictional"] for part in parts),
        **parts[0]["released"],
    }
    for part in parts:
        _add(name, document, part)
    return _valid(name, document, schema or folder("data_schema") / "report" / "report.schema.json")


def _add(name: str, document: dict[str, Any], part: Mapping[str, Any]) -> None:
    told = {key: part[key] for key in ("id", "heading", "caption", "alt", "text", "content")}
    if part["part"] == _LISTED:
        document.setdefault(_LISTED, []).append(told)
    elif part["part"] in document:
        raise RunFailed(f"{name}: '{part['part']}' is shown twice; show each part once.")
    else:
        document[part["part"]] = {key: told[key] for key in ("heading", "text", "content")}


def _valid(name: str, document: dict[str, Any], schema: Path) -> dict[str, Any]:
    import jsonschema

    rules = json.loads(schema.read_text(encoding="utf-8"))
    # through text and back: what is checked is what will be written
    written: dict[str, Any] = json.loads(json.dumps(document, ensure_ascii=False))
    errors = sorted(jsonschema.Draft202012Validator(rules).iter_errors(written), key=lambda e: list(e.path))
    if errors:
        where = "/".join(str(step) for step in errors[0].absolute_path) or "the document"
        raise RunFailed(
            f"{name}: {where} does not fit {schema.name} ({errors[0].validator}); show the missing part"
            " or report this as a fault of the kit."
        )
    return written


# --- reading the notebook -----------------------------------------------------------------------


def _opened(notebook: Any) -> tuple[str, Any]:
    if not isinstance(notebook, str | Path):
        return "the notebook", notebook
    import nbformat

    path = Path(notebook)
    if not path.is_file():
        raise RunFailed(f"{path.name} is not there; execute the notebook first.")
    read: Any = nbformat.read
    return path.name, read(path, as_version=4)


# --- writing the page ---------------------------------------------------------------------------


def _title(parts: list[Any], language: str) -> str:
    """The project's title where its facts are shown."""
    titles = [part["content"]["title"] for part in parts if part["part"] == "facts"]
    return text(titles[0], language) if titles else words.say("report", language)


def _frame(shown: list[Any], language: str, title: str) -> dict[str, Any]:
    """What the template writes around the parts."""
    parts = [output["data"][MIME] for output in shown]
    footers = [output["data"]["text/html"] for output in shown if output["data"][MIME]["place"] == "footer"]
    return {
        "language": language,
        "title": title,
        "mime": MIME,
        "skip": words.say("skip", language),
        "contents_heading": words.say("contents", language),
        "contents": [(part["id"], part["heading"]) for part in parts if part["heading"]],
        "fictional": words.say("fictional", language) if any(part["fictional"] for part in parts) else "",
        "footer": footers,
    }


def _exported(node: Any, frame: Mapping[str, Any], templates: Path) -> str:
    import nbconvert

    make: Any = nbconvert.HTMLExporter
    exporter = make(
        template_name=templates.name,
        extra_template_basedirs=[str(templates.parent)],
        exclude_anchor_links=True,
        preprocessors=[],
        default_preprocessors=[],
    )
    body, _ = exporter.from_notebook_node(node, resources={"report": dict(frame)})
    return str(body)
