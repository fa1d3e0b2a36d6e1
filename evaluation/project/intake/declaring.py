"""An import is written into project.yml, below those that are there; all else in the file stays to the letter."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

from evaluation import files
from evaluation.codec import parse, plain
from evaluation.errors import BadDeclaration
from evaluation.schema import Import, ProjectFile


def text_of(name: str, imported: Import) -> str:
    """The import as YAML, indented as it stands under ``imports:``; only what is said."""
    import yaml

    standard = {
        each.name: each.default if each.default_factory is dataclasses.MISSING else each.default_factory()
        for each in dataclasses.fields(Import)
    }
    said: dict[str, Any] = {key: value for key, value in plain(imported).items() if _differs(key, value, standard)}
    text = yaml.safe_dump({name: said}, allow_unicode=True, sort_keys=False, width=1000)
    return "".join(f"  {line}\n" for line in text.splitlines())


def _differs(key: str, value: Any, standard: dict[str, Any]) -> bool:
    usual = standard[key]
    return bool(value != (list(usual) if isinstance(usual, tuple) else usual))


def write(path: Path, name: str, imported: Import) -> None:
    """The import ``name`` added to the project file at ``path``.

    Raises BadDeclaration, and leaves the file as it is, where it would then not say exactly what it said before
    and the new import besides.
    """
    raw = path.read_bytes().decode("utf-8")
    before = parse(ProjectFile, raw, path.name)
    end = "\r\n" if "\r\n" in raw else "\n"
    text = _with(raw.replace("\r\n", "\n"), text_of(name, imported)).replace("\n", end)
    wanted = dataclasses.replace(before, imports={**before.imports, name: imported})
    if name in before.imports or parse(ProjectFile, text, path.name) != wanted:
        raise BadDeclaration("collect.preview.not_written", file=path.name, name=name)
    files.write(path, text)


def _with(text: str, block: str) -> str:
    """``text`` with the ``block`` at the end of its imports, or with imports at its end."""
    text = text if text.endswith("\n") else text + "\n"
    lines = text.splitlines(keepends=True)
    at = next((n for n, line in enumerate(lines) if re.match(r"imports\s*:", line)), None)
    if at is None:
        return f"{text}\nimports:\n{block}"
    if re.match(r"imports\s*:\s*(\{\s*\}|null|~)?\s*(#.*)?$", lines[at].rstrip("\n")):
        lines[at] = re.sub(r":[ \t]*(\{\s*\}|null|~)?", ":", lines[at], count=1)
        last = at
        for n in range(at + 1, len(lines)):
            if lines[n].strip() and not lines[n].startswith((" ", "\t", "#")):
                break
            if lines[n].startswith((" ", "\t")) and lines[n].strip():
                last = n
        lines.insert(last + 1, block)
        return "".join(lines)
    return text  # a form of YAML that nothing can be added to: re-reading says so


def name_for(path: Path, taken: set[str]) -> str:
    """A name for the import of such files: that of the file, without what changes from one to the next."""
    stem = re.sub(r"[\W_]+", "_", re.sub(r"\d{4}[-_.]?\d{0,2}", "", path.stem)).strip("_").lower() or "import"
    return next(name for n in range(1, 1000) if (name := stem if n == 1 else f"{stem}_{n}") not in taken)
