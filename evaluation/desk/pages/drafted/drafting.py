"""A page of which what is typed is saved as a draft, by itself or by a button, and what it says of that."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.collect.record.drafts import Draft, Overtaken, Submitted
from evaluation.desk.forms.asked import closed_by, echo
from evaluation.desk.forms.questions import Question
from evaluation.desk.pages.of_person import OfPerson
from evaluation.errors import EvaluationError
from evaluation.texts import Message, say


class Drafting(OfPerson):
    @property
    def quiet(self) -> bool:
        """Whether the page's script asks, which wants no page in return."""
        return self.request.headers.get("Accept") == "application/json"

    def tell_saved(self, draft: Draft, asks: Sequence[Question], **more: object) -> None:
        """What a page needs to know after saving: which questions are closed now, and the days in words."""
        typed, language = draft.typed, self.language
        self.finish(
            {
                "saved": True,
                "said": say("desk.form.saved_draft", language, at=self.time(draft)),
                "revision": draft.revision,
                "closed": sorted(closed_by(asks, typed, today=self.desk.office.today)),
                "echoes": {each.name: echo(typed.get(each.name, ""), language) for each in asks if each.kind == "date"},
                **more,
            }
        )

    def tell_unsaved(self, error: EvaluationError) -> None:
        self.set_status(409 if isinstance(error, Overtaken | Submitted) else 503)
        said = Message("desk.form.not_saved", reason=error.message)
        self.finish({"saved": False, "said": say(said, self.language)})

    @staticmethod
    def time(draft: Draft) -> str:
        return f"{draft.saved_at.astimezone():%H:%M}"
