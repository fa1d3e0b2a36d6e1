"""What is wrong with a questionnaire file, all of it at once."""

from __future__ import annotations

from pathlib import Path

from evaluation.errors import BadDeclaration
from evaluation.texts import say
from evaluation.xlsform import instrument, sheets


def faults(path: Path) -> list[str]:
    """Every fault with file and line; where the sheets cannot be told apart, the sentence that says so."""
    try:
        form = sheets.parse(path.read_text(encoding="utf-8"), path.name)
    except BadDeclaration as error:
        return [str(error)]
    return [say(fault, "en") for fault in instrument.faults(form)]
