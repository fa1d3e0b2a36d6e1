"""One questionnaire of one person at one wave: its draft, what is stored of it, and what to do with what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from evaluation.collect.record.drafts import Draft, Overtaken
from evaluation.collect.record.replay import Row
from evaluation.desk.forms import correcting, questions
from evaluation.desk.forms.asked import closed_by
from evaluation.desk.forms.questions import Question
from evaluation.desk.forms.sent import Sent
from evaluation.desk.forms.storing import Kept, store
from evaluation.desk.office import Office, Opened
from evaluation.schema import Instrument, Wave
from evaluation.texts import Message


@dataclass(frozen=True, slots=True)
class Place:
    """Whose questionnaire it is, which, and at which wave."""

    participant: str
    form: Instrument
    wave: Wave

    @property
    def key(self) -> tuple[str, str]:
        return (self.participant, self.wave.id)

    @property
    def fixed(self) -> dict[str, str]:
        """The cells that say which row it is."""
        return {"participant": self.participant, "wave": self.wave.id, "form_version": self.form.version}

    @property
    def questions(self) -> tuple[Question, ...]:
        return questions.of_instrument(self.form)


@dataclass(frozen=True, slots=True)
class Found:
    """What the record holds of the place: the stored row, or else the draft, or nothing."""

    stored: Row | None = None
    draft: Draft | None = None

    @property
    def actor(self) -> str:
        """Who wrote it last."""
        return self.stored.actor if self.stored else self.draft.author if self.draft else ""

    def typed(self, place: Place) -> dict[str, str]:
        """What it says, as it would be typed."""
        if self.stored is not None:
            return correcting.typed_of(place.questions, self.stored)
        return dict(self.draft.typed) if self.draft else {}


def find(opened: Opened, place: Place) -> Found:
    """What there is of ``place``."""
    stored = opened.row(place.form.id, place.key)
    return Found(stored) if stored else Found(draft=opened.drafts.at(place.form.id, place.key))


def unsaved(office: Office, place: Place, sent: Sent) -> Draft:
    """What was typed so far, as the draft that is to be saved."""
    answered = replace(sent, typed={name: value for name, value in sent.typed.items() if value})
    return answered.unsaved(
        place.form.id, place.key, participant=place.participant, version=place.form.version, now=office.now()
    )


def submit(opened: Opened, office: Office, place: Place, sent: Sent, *, stopped: bool) -> Kept:
    """Store the questionnaire, without what is under a closed skip; its draft goes with it.

    Raises Overtaken where there is somebody else's draft that was not seen and given up.
    """
    draft = opened.drafts.at(place.form.id, place.key)
    if draft is not None and draft.id != sent.id and not sent.over:
        raise Overtaken(draft)
    kept = store(
        opened,
        office,
        form=place.form,
        questions=place.questions,
        typed=open_answers(place, sent.typed, office),
        actor=sent.actor,
        id=sent.id,
        fixed=place.fixed,
        stopped=stopped,
    )
    if kept.stored:
        opened.drafts.give_up(place.form.id, place.key)
    return kept


def open_answers(place: Place, typed: Mapping[str, str], office: Office) -> dict[str, str]:
    """What was typed, without the questions that an earlier answer closes."""
    closed = closed_by(place.questions, typed, today=office.today)
    return {name: value for name, value in typed.items() if name not in closed}


def unanswered(place: Place, typed: Mapping[str, str], office: Office) -> dict[str, Message]:
    """The items that are asked and have no answer at all: seen, they are stored as not asked."""
    items = {item.id for item in place.form.questions}
    closed = closed_by(place.questions, typed, today=office.today)
    left = [name for name in items if not typed.get(name, "").strip() and name not in closed]
    return {each.name: Message("desk.form.left") for each in place.questions if each.name in left}
