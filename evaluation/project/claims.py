"""Which texts, typed into the project's files or standing in its documents, claim a cause, and where."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from evaluation.report.claims import causal_claims
from evaluation.texts import LANGUAGES, Message, quoted

FILES = ("project.yml", "indicators.yml", "plan.yml")


def claim_lines(folder: Path, *, random_allocation: bool = False) -> Iterator[Message]:
    """A sentence for each text in English or Polish that claims a cause, in the order of the files.

    Only texts under the keys ``en`` and ``pl`` are read; a file that is missing is passed over. With
    ``random_allocation`` of who was served first, a cause may be named.
    """
    if random_allocation:
        return
    for name in FILES:
        if (folder / name).exists():
            tree = yaml.compose((folder / name).read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
            yield from _found(name, tree, "")


def document_claims(folder: Path) -> Iterator[Message]:
    """A sentence for each part of the documents in ``folder``/<language>/ whose text claims a cause."""
    for path in sorted(folder.glob("*/*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        said = {name: part["text"] for name, part in document.items() if isinstance(part, dict) and "text" in part}
        said |= {one["id"]: f"{one['caption']} {one['alt']}" for one in document.get("figures", ())}
        for name, text in said.items():
            words = causal_claims(text, document["language"])
            if words:
                yield Message(
                    "project.claims.in_document",
                    file=f"{path.parent.name}/{path.name}",
                    part=name,
                    **_quoted(words),
                )


def _found(name: str, node: yaml.Node | None, key: str) -> Iterator[Message]:
    if isinstance(node, yaml.MappingNode):
        for own, value in node.value:
            inner = str(own.value)
            # The key above the language says what the text is: purpose, labels, note.
            yield from _claims(name, value, key, inner) if inner in LANGUAGES else _found(name, value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _found(name, value, key)


def _claims(name: str, node: yaml.Node, key: str, language: str) -> Iterator[Message]:
    words = causal_claims(node.value, language) if isinstance(node, yaml.ScalarNode) else []
    if words:
        line = str(node.start_mark.line + 1)
        place = {"file": name, "line": line, "key": key, "language": language}
        yield Message("project.claims.in_file", **place, **_quoted(words))


def _quoted(words: Sequence[str]) -> Mapping[str, object]:
    named = [quoted(word) for word in dict.fromkeys(words)]
    return {"words": named, "n": len(named)}
