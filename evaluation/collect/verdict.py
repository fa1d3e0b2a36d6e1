"""What became of a file that was sent, as one plain object for other programs: ids, places and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evaluation.collect.issues import Note, Rejection
from evaluation.collect.submit import Submitted
from evaluation.errors import FileRefused
from evaluation.texts import say


def of_submitted(submitted: Submitted, *, file: str, language: str) -> dict[str, Any]:
    """The verdict on the file called ``file``; sentences in ``language``, and never an answer of a person."""
    notes = [note for intake in submitted.intakes for note in intake.notes]
    rejected = [rejection for intake in submitted.intakes for rejection in intake.rejected]
    verdict = "quarantine_rows" if rejected else "accept_with_note" if notes else "accept"
    waits = submitted.rejected_file
    return {
        "file": file,
        "target": submitted.intakes[-1].form,
        "verdict": verdict,
        "stored": submitted.stored,
        "already": submitted.repeated,
        "notes": _notes(notes),
        "rejected": [_rejection(each, language, sheet=submitted.tab) for each in rejected],
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


def _notes(notes: Sequence[Note]) -> list[dict[str, Any]]:
    return [{"id": note.id, "column": note.column or None, "rows": list(note.rows)} for note in notes]


def _rejection(rejection: Rejection, language: str, *, sheet: str) -> dict[str, Any]:
    return {
        "id": rejection.reason,
        "sheet": sheet or None,
        "row": rejection.row,
        "column": rejection.column or None,
        "reason": say(rejection.said, language),
    }
