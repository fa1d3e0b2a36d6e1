"""The alerts of the record as pages ask for them."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.collect import alerts
from evaluation.collect.alerts import Alert
from evaluation.desk.forms import filling, questions
from evaluation.desk.forms.filling import Place
from evaluation.desk.office import Office, Opened


def find(opened: Opened, place: Place) -> Alert | None:
    """The alert of one filled questionnaire, seen or not."""
    row = opened.row(alerts.TABLE, (place.participant, place.form.id, place.wave.id))
    return alerts.of_rows([row])[0] if row else None


def unseen(opened: Opened, participant: str = "") -> tuple[Alert, ...]:
    """The alerts that nobody has seen yet, of one participant or of all."""
    found = alerts.of_rows(opened.of(alerts.TABLE))
    return tuple(each for each in found if not each.seen_by and participant in ("", each.participant))


def needs_attention(place: Place, typed: Mapping[str, str], office: Office) -> bool:
    """Whether an answer that is typed and not stored yet needs somebody's attention."""
    cells = questions.sheet(place.questions, filling.open_answers(place, typed, office))
    answers = dict(zip(cells.header, cells.rows[0].cells, strict=True))
    return bool(alerts.matching(place.form, answers, today=office.today))
