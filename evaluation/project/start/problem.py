"""The page that says why no desk opened, for whoever has no console to read it in."""

from __future__ import annotations

import contextlib
import html
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from evaluation import files
from evaluation.collect.safety import seen
from evaluation.project.start import desktop
from evaluation.texts import say

NAME = "evaluation-desk-problem.html"
_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.125rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem;
  overflow-wrap: anywhere }}
</style>
<main>
<h1>{title}</h1>
{paragraphs}
</main>
</html>
"""


def page(sentences: Sequence[str], language: str) -> str:
    paragraphs = "\n".join(f"<p>{html.escape(each)}</p>" for each in sentences)
    return _PAGE.format(
        language=language, title=html.escape(say("project.start.failed", language)), paragraphs=paragraphs
    )


def show(sentences: Sequence[str], language: str) -> None:
    """Write the page and open it in the browser; where it cannot be written, nothing more can be done."""
    path = _place()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        files.write(path, page(sentences, language), private=True)
        webbrowser.open(path.as_uri())


def forget() -> None:
    """Take the page of an earlier start away."""
    with contextlib.suppress(OSError):
        _place().unlink(missing_ok=True)


def _place() -> Path:
    """Beside the icons, where it is seen even if no browser opens; browsers in a sandbox read no hidden folder."""
    return (desktop.folder() or seen.folder()) / NAME
