"""What the Markdown cells of the kit's notebooks say: English in them, every other language in one table of its own."""

from __future__ import annotations

import functools
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from evaluation.report import parameters
from evaluation.resources import folder as resource
from evaluation.texts import LANGUAGES

Texts = Mapping[tuple[str, str], str]
"""What stands in a cell, by the name of its notebook and its own id."""


def in_language(text: str, language: str) -> str:
    """The same in ``language``, where the text is that of a Markdown cell of the kit in any; else the text itself."""
    return _same(language).get(text.strip(), text)


def notebook_in(language: str, notebook: Path) -> str:
    """The file of a notebook with the kit's words in ``language``, which its parameters cell then names, too."""
    read = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in read["cells"]:
        cell["source"] = cell_in(language, {**cell, "source": "".join(cell["source"])}).splitlines(keepends=True)
    return json.dumps(read, indent=1, ensure_ascii=False) + "\n"


def cell_in(language: str, cell: Mapping[str, object]) -> str:
    """The source of a cell; of code nothing changes but the language that its parameters begin with."""
    source = str(cell["source"])
    if cell["cell_type"] == "markdown":
        return in_language(source, language)
    for other in LANGUAGES:
        source = source.replace(f'language: str = "{other}"', f'language: str = "{language}"')
    return source


@functools.cache
def texts(language: str) -> Texts:
    """The Markdown of all notebooks of the kit in ``language``, none in one that they do not have."""
    kit = resource("notebooks")
    if language != LANGUAGES[0]:
        file = kit / f"{language}.toml"
        table = tomllib.loads(file.read_text(encoding="utf-8")) if language in LANGUAGES and file.is_file() else {}
        return {(name, cell): text.strip() for name, cells in table.items() for cell, text in cells.items()}
    return {
        (notebook.stem, cell["id"]): cell["source"].strip()
        for notebook in sorted(kit.glob("*/*.ipynb"))
        for cell in parameters.cells(notebook)
        if cell["cell_type"] == "markdown"
    }


@functools.cache
def _same(language: str) -> Mapping[str, str]:
    """By what a cell says in any language, what it says in this one."""
    wanted = texts(language)
    return {text: wanted[at] for other in LANGUAGES for at, text in texts(other).items() if at in wanted}
