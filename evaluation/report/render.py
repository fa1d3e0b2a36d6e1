"""An executed notebook becomes the funder's HTML and JSON; nothing but its outputs is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evaluation.errors import RunFailed
from evaluation.report import words
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

    Raises RunFailed where a cell failed, a picture has no alt text, a part is in another language, or
    the page would load anything.
    """
    name, node = _opened(notebook)
    _refuse_errors(name, node)
    _refuse_unnamed_pictures(name, node)
    parts = list(_parts(node))
    _refuse_other_language(name, parts, language)
    frame = _frame(parts, language, title or _title(parts, language), node)
    return check_document(_exported(node, frame, templates or folder("templates") / "report"), notebook=name)


def json_document(notebook: Any, *, schema: Path | None = None) -> dict[str, Any]:
    """The same content as data: every part that the notebook showed, checked against the published schema.

    Raises RunFailed where a cell failed, parts disagree about release or language, a part was shown
    twice, or the result does not fit ``schema`` (else ``data_schema/report/report.schema.json``).
    """
    name, node = _opened(notebook)
    _refuse_errors(name, node)
    parts = list(_parts(node))
    if not parts:
        raise RunFailed(f"{name}: it showed nothing of a release; there is nothing to write.")
    _refuse_other_language(name, parts, parts[0]["language"])
    if any(part["released"] != parts[0]["released"] for part in parts):
        raise RunFailed(f"{name}: its parts come from different releases; run it again on one release.")
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


def _outputs(node: Any) -> Iterator[tuple[int, Any]]:
    for number, cell in enumerate(node.cells, start=1):
        for output in cell.get("outputs", []):
            yield number, output


def _parts(node: Any) -> Iterator[Any]:
    for _, output in _outputs(node):
        if MIME in output.get("data", {}):
            yield output["data"][MIME]


def _refuse_errors(name: str, node: Any) -> None:
    for number, output in _outputs(node):
        if output["output_type"] == "error":
            raise RunFailed(f"{name}: cell {number} failed ({output['ename']}); no document was written.")


def _refuse_unnamed_pictures(name: str, node: Any) -> None:
    for number, output in _outputs(node):
        if "image/png" not in output.get("data", {}):
            continue
        alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
        if not alt.strip():
            raise RunFailed(f"{name}: the picture of cell {number} has no alt text; say what it shows.")


def _refuse_other_language(name: str, parts: list[Any], language: str) -> None:
    words.check_language(language)
    for part in parts:
        if part["language"] != language:
            raise RunFailed(
                f"{name}: '{part['id']}' is in '{part['language']}', the document in '{language}';"
                " run it again in one language."
            )


# --- writing the page ---------------------------------------------------------------------------


def _title(parts: list[Any], language: str) -> str:
    """The project's title where its facts are shown."""
    titles = [part["content"]["title"] for part in parts if part["part"] == "facts"]
    return text(titles[0], language) if titles else words.say("report", language)


def _frame(parts: list[Any], language: str, title: str, node: Any) -> dict[str, Any]:
    """What the template writes around the parts."""
    footers = [
        output["data"]["text/html"]
        for _, output in _outputs(node)
        if output.get("data", {}).get(MIME, {}).get("place") == "footer"
    ]
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
