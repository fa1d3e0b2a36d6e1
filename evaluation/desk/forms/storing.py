"""What was typed into a page goes through the one door, and comes back as what is stored or what is wrong where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evaluation.collect.check.checking import Intake
from evaluation.collect.submit import Submission, Submitted, preview, submit
from evaluation.desk.forms.questions import Question, sheet
from evaluation.desk.office import Office, Opened
from evaluation.errors import FileRefused
from evaluation.schema import Form
from evaluation.texts import Message

_OWN = frozenset(
    (
        "required_missing", "skip_missing", "bad_date", "two_digit_year", "key_stored", "unknown_choice",
        "not_a_number", "constraint", "consent_on", "personal_data", "exclusive_choice", "bad_code",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a page: it is stored (now, or it was ``already``), or nothing is, for these ``faults``.

    ``faults`` are by question; "" is the page as a whole. ``taken``: another row is there with other answers.
    """

    submitted: Submitted | None
    faults: Mapping[str, Message]
    taken: bool = False

    @property
    def stored(self) -> bool:
        return not self.faults


def store(
    opened: Opened,
    office: Office,
    *,
    form: Form,
    questions: Iterable[Question],
    typed: Mapping[str, str],
    actor: str,
    id: str = "",
    fixed: Mapping[str, str] | None = None,
    correct: bool = False,
    stopped: bool = False,
) -> Kept:
    """Send one filled page in; all of it is stored, or nothing is. ``fixed``: cells that nobody types."""
    submission = Submission(
        sheet(questions, typed, fixed=fixed),
        form,
        actor=actor,
        today=office.today,
        correct=correct,
        id=id or None,
        stopped=stopped,
    )
    try:
        submitted = submit(submission, opened.store, declaration=office.declaration)
    except FileRefused as refused:
        return Kept(None, {refused.column: refused.message})
    rejected = [rejection for intake in submitted.intakes for rejection in intake.rejected]
    return Kept(submitted, _faults(submitted.intakes), any(each.reason == "key_stored" for each in rejected))


def faults(
    opened: Opened,
    office: Office,
    *,
    form: Form,
    questions: Iterable[Question],
    typed: Mapping[str, str],
    fixed: Mapping[str, str],
) -> Mapping[str, Message]:
    """What would be wrong with a page that is not filled in to its end; nothing is stored."""
    sent = Submission(sheet(questions, typed, fixed=fixed), form, actor="–", today=office.today, stopped=True)
    try:
        return _faults(preview(sent, opened.store, declaration=office.declaration).intakes)
    except FileRefused as refused:
        return {refused.column: refused.message}


def _faults(intakes: Iterable[Intake]) -> dict[str, Message]:
    rejected = [rejection for intake in intakes for rejection in intake.rejected]
    return {rejection.column: _worded(rejection.reason, rejection.said) for rejection in reversed(rejected)}


def _worded(reason: str, said: Message) -> Message:
    """The fault as a page says it: there are no cells, rows or codes on it."""
    return Message(f"desk.wrong.{reason}", **said.facts) if reason in _OWN else said
