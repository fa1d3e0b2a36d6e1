"""The pages for the wall: first day, lost laptop, leaving staff, each printed on one sheet."""

from __future__ import annotations

from markupsafe import Markup

from evaluation.desk.handler import Page
from evaluation.resources import folder

GUIDES = ("first-day", "lost-laptop", "leaving-staff")


class Guide(Page):
    """One page of docs/ in the reader's language, as it is printed."""

    def get(self, name: str) -> None:
        self.show("guide.html", text=Markup(rendered(name, self.language)), guides=GUIDES, name=name)


def rendered(name: str, language: str) -> str:
    """A page of docs/ as HTML, in the language if it is there."""
    import mistune

    own = folder("docs") / f"{name}.{language}.md"
    path = own if own.is_file() else folder("docs") / f"{name}.md"
    return str(mistune.create_markdown(plugins=["table"])(path.read_text(encoding="utf-8")))
