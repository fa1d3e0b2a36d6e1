"""Every error a user can meet: a fact that is worded for the person who can act, and an exit code."""

from __future__ import annotations

import errno
import sys
from typing import ClassVar

from evaluation.texts import LANGUAGES, Message, say, spoken


class EvaluationError(Exception):
    """What went wrong, where, and what to do next; never an answer, never a participant's data.

    It carries the key of its sentence and the facts that the sentence tells; whoever shows it words
    ``message`` in the reader's language.
    """

    exit_code = 1
    opened_in: ClassVar[str] = ""
    """The language of the project that this process opened last."""

    def __init__(self, key: str, /, **facts: object) -> None:
        super().__init__(key)
        self.message = Message(key, **facts)

    def __str__(self) -> str:
        """The sentence in English."""
        return self._worded("en")

    def in_all(self) -> dict[str, str]:
        """The sentence in every language that the kit speaks: a fact of another message, which is worded later."""
        return {language: self._worded(language) for language in LANGUAGES}

    def _render_traceback_(self) -> list[str]:
        """The sentence alone: a notebook shows it in place of a traceback, which could hold rows.

        It is worded in the notebook's ``language``, else in the opened project's, else in the system's.
        """
        notebooks_own = getattr(sys.modules["__main__"], "language", None)
        known = (language for language in (notebooks_own, self.opened_in) if language in LANGUAGES)
        return [self._worded(next(known, spoken()))]

    def _worded(self, language: str) -> str:
        """The sentence; its key where it cannot be worded, for nothing fails while it says what failed."""
        try:
            return say(self.message, language)
        except (LookupError, TypeError, ValueError):
            return self.message.key


_REASONS = {
    "absent": ("ENOENT",),
    "not_allowed": ("EACCES", "EPERM"),
    "full": ("ENOSPC", "EDQUOT"),
    "read_only": ("EROFS",),
    "folder": ("EISDIR",),
    "file": ("ENOTDIR",),
    "too_long": ("ENAMETOOLONG",),
    "disk": ("EIO",),
    "there": ("EEXIST",),
    "busy": ("EBUSY", "ETXTBSY"),
    "not_empty": ("ENOTEMPTY",),
    "too_many": ("EMFILE", "ENFILE"),
}


def reason(error: OSError) -> Message:
    """Why the operating system refused, and what to do about it; its own words where the kit has none."""
    name = errno.errorcode.get(error.errno or 0)
    known = next((key for key, names in _REASONS.items() if name in names), None)
    return Message(f"system.{known or 'other'}", words=error.strerror or type(error).__name__)


class BadArgument(EvaluationError):
    """A command, parameter or option that does not exist or has the wrong type."""

    exit_code = 2


class Infeasible(EvaluationError):
    """What was asked to be published and what must stay hidden cannot both be had."""

    exit_code = 3


class Disclosive(EvaluationError):
    """A published document from which a protected number can be recomputed."""

    exit_code = 4


class Contradiction(EvaluationError):
    """Numbers that cannot all be true together."""

    exit_code = 5


class BadDeclaration(EvaluationError):
    """A project file (YAML, questionnaire, table schema) that cannot be understood."""

    exit_code = 6


class StoreError(EvaluationError):
    """The encrypted record cannot be opened, or an entry cannot be added to it."""

    exit_code = 7


class WrongPassphrase(StoreError):
    """The passphrase or key file does not open this record."""


class DamagedStore(StoreError):
    """The record, or its chain of entries, is not what was written."""


class RowsRejected(EvaluationError):
    """Some rows were accepted and stored; others wait in a file to be corrected."""

    exit_code = 8


class FileRefused(EvaluationError):
    """A filled file of which nothing could be stored; ``reason`` is the fault's id, for programs."""

    exit_code = 9

    def __init__(
        self, key: str, /, *, reason: str = "", column: str = "", row: int | None = None, **facts: object
    ) -> None:
        super().__init__(key, **facts)  # a column that has no header may be called by an answer
        self.reason, self.column, self.row = reason, column, row


class TooFew(EvaluationError):
    """Too few people for what was asked; nothing was written."""

    exit_code = 10


class NotEstimable(TooFew):
    """The answers do not determine the model that was asked for."""


class RunFailed(EvaluationError):
    """A notebook or document that could not be finished; ``partial`` is the notebook as far as it came."""

    exit_code = 11
    partial: object = None


class WroteElsewhere(RunFailed, PermissionError):
    """A notebook that would have written outside its folder; to a library it is a place that may not be written."""

    def __init__(self, key: str, /, **facts: object) -> None:
        super().__init__(key, **facts)
        self.errno = errno.EACCES


class Declined(EvaluationError):
    """A person was told what would happen and said no; nothing was changed."""

    exit_code = 12


class NotReleased(Declined):
    """A person decided at the output check that nothing leaves."""


class LedgerError(EvaluationError):
    """The record of releases is of another project, cut short, or changed."""

    exit_code = 13
