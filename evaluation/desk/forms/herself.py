"""A questionnaire as a client fills it in by herself: one question after the other, each answer saved at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from evaluation.collect.record.drafts import Draft, Submitted
from evaluation.collect.record.entries import new_id
from evaluation.desk.forms import days, filling, storing
from evaluation.desk.forms.asked import closed_by
from evaluation.desk.forms.filling import Place
from evaluation.desk.forms.questions import Question
from evaluation.desk.forms.sent import Sent
from evaluation.desk.forms.storing import Kept
from evaluation.desk.office import Office, Opened
from evaluation.schema import Labels
from evaluation.texts import Message

MODES = ("self", "self_with_help")
"""How a client fills in a questionnaire."""

PAGE = "herself"
"""What a draft has for the page that saved it last, where it was hers."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One question as she sees it, after the ``notes`` in front of it; a refusal is a button and no option."""

    question: Question
    refusals: Labels
    notes: tuple[Question, ...] = ()


def screens(place: Place, typed: Mapping[str, str], office: Office) -> tuple[Screen, ...]:
    """The questions that are asked after what was typed so far."""
    closed = closed_by(place.questions, typed, today=office.today)
    items = {item.id for item in place.form.items}
    found: list[Screen] = []
    notes: list[Question] = []
    for each in (each for each in place.questions if each.name in items and each.name not in closed):
        if each.kind == "note":
            notes.append(each)
            continue
        options = tuple(option for option in each.options if option.code != each.refusal)
        refusals = next((option.labels for option in each.options if option.code == each.refusal), {})
        found.append(Screen(dataclasses.replace(each, options=options, relevant=""), refusals, tuple(notes)))
        notes = []
    return tuple(found)


def by_herself(draft: Draft | None) -> bool:
    """Whether the client saved a draft last, so that nobody reads it by chance."""
    return draft is not None and draft.page == PAGE


def begin(
    opened: Opened, office: Office, place: Place, *, actor: str, mode: str, language: str, interpreter: str
) -> Draft:
    """The draft that she goes on with; it says how it is filled in. Raises Submitted where a row is stored already."""
    about = {each.name: each for each in place.questions}
    said = {"mode": mode, "language": language, "interpreter": interpreter, "filled_by": actor}
    known = {name: value for name, value in said.items() if name in about and _possible(about[name], value)}
    return _saved(opened, office, place, known, actor=actor)


def answer(opened: Opened, office: Office, place: Place, name: str, value: str, *, actor: str) -> Draft:
    """One answer laid over whatever the draft holds at that moment. Raises Submitted, Overtaken.

    A refusal stays where nothing is sent in its place.
    """
    draft = opened.drafts.at(place.form.id, place.key)
    refusal = next((each.refusal for each in place.questions if each.name == name), "")
    if draft is not None and refusal and not value and draft.typed.get(name) == refusal:
        return draft
    return _saved(opened, office, place, {name: value}, actor=actor)


def fault(opened: Opened, office: Office, place: Place, typed: Mapping[str, str], name: str) -> Message | None:
    """What is wrong with one answer; the others are not judged yet."""
    if not typed.get(name, "").strip():
        return None
    found = storing.faults(
        opened,
        office,
        form=place.form,
        questions=place.questions,
        typed=filling.open_answers(place, typed, office),
        fixed=place.fixed,
    )
    return found.get(name)


def finish(opened: Opened, office: Office, place: Place, *, actor: str) -> Kept:
    """Store what she answered; the rest was not asked. Without a draft, what is stored stays as it is."""
    draft = opened.drafts.at(place.form.id, place.key)
    if draft is None:
        return Kept(None, {})
    sent = Sent(draft.typed, draft.id, draft.revision, draft.page, actor)
    return filling.submit(opened, office, place, sent, stopped=True)


def _saved(opened: Opened, office: Office, place: Place, more: Mapping[str, str], *, actor: str) -> Draft:
    draft = opened.drafts.at(place.form.id, place.key)
    typed = {**(draft.typed if draft else {"date": days.written(office.today)}), **more}
    id, revision = (draft.id, draft.revision) if draft else (new_id(), 0)
    if opened.store.find(place.form.id, place.key) is not None:
        raise Submitted("collect.draft.submitted")
    (saved,) = opened.drafts.save_all([filling.unsaved(office, place, Sent(typed, id, revision, PAGE, actor))])
    if isinstance(saved, Draft):
        return saved
    raise saved


def _possible(question: Question, value: str) -> bool:
    codes = {option.code for option in question.options}
    return bool(value) and (not codes or value in codes)
