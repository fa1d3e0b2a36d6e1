"""A release that an erratum replaced: what is said of it, also beside its documents, which nobody can call back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evaluation import files
from evaluation.release.bundle import FUNDER
from evaluation.release.files.chain import Entry
from evaluation.texts import Message, in_all

NOTICE = "REPLACED.txt"
"""Beside the documents in each language."""


def replaced(entries: Sequence[Entry]) -> dict[str, Message]:
    """What is said of each release that was replaced, earlier errata of it too: the last one counts."""
    errata = [one for one in entries if one.erratum_of]
    last = {one.erratum_of: one for one in errata}
    wrong = {name: last[one.erratum_of] for one in errata for name in (one.erratum_of, one.release)}
    return {
        name: Message("project.releasing.replaced", release=name, other=one.release, day=one.released_on)
        for name, one in wrong.items()
        if name != one.release
    }


def mark(out: Path, said: Message) -> None:
    """Lays the notice beside the documents that ``out`` holds, of every edition, in their language."""
    for language, notice in in_all(said).items():
        for folder in (out / language, out / FUNDER / language):
            if folder.is_dir():
                files.write(folder / NOTICE, f"{notice}\n")
