"""Which texts, typed into the project's files or standing in its documents, claim a cause, and where."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from evaluation.report.claims import causal_claims
from evaluation.schema import Declaration
from evaluation.texts import LANGUAGES, Message, quoted

FILES = ("project.yml", "indicators.yml", "plan.yml")


def claim_lines(folder: Path, declaration: Declaration) -> Iterator[Message]:
    """A sentence for each text in English or Polish that claims a cause, in the order of the files.

    Only texts under the keys ``en`` and ``pl`` are read, and those of texts/; a file that is missing is passed
    over. Where a draw decided who was served first, a cause may be named; what the project allows is passed over.
    """
    if declaration.plan.allocation != "draw":
        yield from _own_lines(folder, declaration)
    for name, key, language, node in typed(folder) if declaration.plan.allocation != "draw" else ():
        if claims := causal_claims(node.value, language, allowed=_allowed(declaration)):
            line = str(node.start_mark.line + 1)
            place = {"file": name, "line": line, "key": key, "language": language}
            yield Message("project.claims.in_file", **place, **_quoted(claims))


def typed(folder: Path) -> Iterator[tuple[str, str, str, yaml.ScalarNode]]:
    """Each text of the project's files under a language: its file, the key above it, the language, and where it is."""
    for name in FILES:
        if (folder / name).exists():
            tree = yaml.compose((folder / name).read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
            yield from ((name, *found) for found in _texts(tree, ""))


def _own_lines(folder: Path, declaration: Declaration) -> Iterator[Message]:
    """The same of the project's own texts, line by line."""
    for path in sorted((folder / "texts").glob("*.md")):
        language = path.stem.rpartition(".")[2]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if language in LANGUAGES and (claims := causal_claims(line, language, allowed=_allowed(declaration))):
                place = {"file": f"texts/{path.name}", "line": str(number), "key": "text", "language": language}
                yield Message("project.claims.in_file", **place, **_quoted(claims))


def document_claims(folder: Path, declaration: Declaration) -> Iterator[Message]:
    """A sentence for each part of the documents in ``folder``/<language>/ whose text claims a cause, as above."""
    if declaration.plan.allocation == "draw":
        return
    for path in sorted(folder.rglob("*.json")):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:  # a file of somebody's own
            continue
        if not isinstance(document, dict) or document.get("language") not in LANGUAGES:
            continue
        said = {name: part["text"] for name, part in document.items() if isinstance(part, dict) and "text" in part}
        said |= {one["id"]: f"{one['caption']} {one['alt']}" for one in document.get("figures", ())}
        for name, text in said.items():
            claims = causal_claims(text, document["language"], allowed=_allowed(declaration))
            if claims:
                yield Message(
                    "project.claims.in_document",
                    file=f"{path.parent.name}/{path.name}",
                    part=name,
                    **_quoted(claims),
                )


def allowed_lines(declaration: Declaration) -> Iterator[Message]:
    """What the project allows, and why."""
    for each in declaration.file.allowed_claims:
        yield Message("project.claims.allowed", text=quoted(each.text), reason=each.reason)


def _allowed(declaration: Declaration) -> list[str]:
    return [each.text for each in declaration.file.allowed_claims]


def _texts(node: yaml.Node | None, key: str) -> Iterator[tuple[str, str, yaml.ScalarNode]]:
    """Each text with its language and the key above it, which says what it is: purpose, labels, note."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            inner = str(name.value)
            if inner not in LANGUAGES:
                yield from _texts(value, inner)
            elif isinstance(value, yaml.ScalarNode):
                yield key, inner, value
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _texts(value, key)


def _quoted(claims: Sequence[str]) -> Mapping[str, object]:
    named = [quoted(claim) for claim in dict.fromkeys(claims)]
    return {"words": named, "n": len(named)}
