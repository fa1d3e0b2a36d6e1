"""The front of the intake: read a filled file, map it if it is foreign, check it, write out what waits."""

from __future__ import annotations

from evaluation.collect.checking import check
from evaluation.collect.mapping import Mapped, apply
from evaluation.collect.reading import read
from evaluation.collect.rejected import write_rejected
from evaluation.collect.sheet import Context, Intake, Note, Rejection, Row, Sheet

__all__ = [
    "Context",
    "Intake",
    "Mapped",
    "Note",
    "Rejection",
    "Row",
    "Sheet",
    "apply",
    "check",
    "read",
    "write_rejected",
]
