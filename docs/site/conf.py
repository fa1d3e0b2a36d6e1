"""How Sphinx makes a site of the pages of docs/: offline, in files that a double-click opens."""

from __future__ import annotations

import re

from sphinx.application import Sphinx

from evaluation import __version__

project = "Reintegration evaluation"
release = __version__
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns = ["site"]
language = "en"
highlight_language = "none"

html_theme = "furo"
html_title = f"{project} {release}"
html_copy_source = False
html_show_copyright = False
html_static_path = ["static"]
html_css_files = ["site.css"]

myst_heading_anchors = 3
# Files beside docs/, such as a schema, are there for whoever reads the pages in the repository.
suppress_warnings = ["myst.xref_missing"]


def setup(app: Sphinx) -> None:
    app.connect("source-read", _with_contents)


def _with_contents(_: Sphinx, name: str, source: list[str]) -> None:
    """Behind the index its pages as contents, under the headings by which it leads to them."""
    if name != root_doc:
        return
    seen: set[str] = set()
    for part in re.split(r"^## ", f"## Start\n{source[0]}", flags=re.M)[1:]:
        caption, _, text = part.partition("\n")
        pages = [page for page in dict.fromkeys(re.findall(r"\]\(([\w.-]+)\.md\)", text)) if page not in seen]
        seen.update(pages)
        listed = "\n".join(pages)
        source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{listed}\n```\n"
