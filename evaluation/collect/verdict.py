"""What became of a file that was sent, as one plain object for other programs: ids, places and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evaluation.collect.submit import Submitted
from evaluation.errors import FileRefused
from evaluation.texts import say


def of_submitted(*submitted: Submitted, file: str, language: str) -> dict[str, Any]:
    """The verdict on the file called ``file``; sentences in ``language``, and never an answer of a person.

    Of a file part of which was stored as a correction there are two ``submitted``.
    """
    notes = _joined([_notes(each) for each in submitted])
    rejected = _joined([_rejections(each, language) for each in submitted])
    verdict = "quarantine_rows" if rejected else "accept_with_note" if notes else "accept"
    waits = next((each.rejected_file for each in reversed(submitted) if each.rejected_file), None)
    return {
        "file": file,
        "target": submitted[-1].intakes[-1].form,
        "verdict": verdict,
        "stored": sum(each.stored for each in submitted),
        "already": sum(each.repeated for each in submitted),
        "notes": notes,
        "rejected": rejected,
        "refused": None,
        "rejected_file": str(waits) if waits else None,
    }


def of_refused(error: FileRefused, *, file: str, target: str | None, language: str) -> dict[str, Any]:
    """The verdict on a file of which nothing was stored."""
    reason = say(error.message, language)
    return {
        "file": file,
        "target": target,
        "verdict": "reject_file",
        "stored": 0,
        "already": 0,
        "notes": [],
        "rejected": [],
        "refused": {"id": error.reason, "reason": reason, "row": error.row, "column": error.column or None},
        "rejected_file": None,
    }


def _joined(parts: Sequence[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """What is told of the parts of one file, each once."""
    *before, last = parts
    return [*(each for part in before for each in part if each not in last), *last]


def _notes(submitted: Submitted) -> list[dict[str, Any]]:
    notes = [note for intake in submitted.intakes for note in intake.notes]
    return [{"id": note.id, "column": note.column or None, "rows": list(note.rows)} for note in notes]


def _rejections(submitted: Submitted, language: str) -> list[dict[str, Any]]:
    return [
        {
            "id": each.reason,
            "sheet": submitted.tab or None,
            "row": each.row,
            "column": each.column or None,
            "reason": say(each.said, language),
        }
        for intake in submitted.intakes
        for each in intake.rejected
    ]
