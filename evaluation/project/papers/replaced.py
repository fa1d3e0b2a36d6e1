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
    """What is said of each release that was replaced, the last erratum of each counting."""
    return {
        one.erratum_of: Message(
            "project.releasing.replaced", release=one.erratum_of, other=one.release, day=one.released_on
        )
        for one in entries
        if one.erratum_of
    }


def mark(out: Path, said: Message) -> None:
    """Lays the notice beside the documents that ``out`` holds, of every edition, in their language."""
    for language, notice in in_all(said).items():
        for folder in (out / language, out / FUNDER / language):
            if folder.is_dir():
                files.write(folder / NOTICE, f"{notice}\n")
