"""Sheets to print: every question with its codes, who and when, and nothing from elsewhere."""

from __future__ import annotations

import dataclasses
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evaluation import xlsform
from evaluation.blank_forms.printed import direction, questionnaire, register
from evaluation.errors import BadArgument
from evaluation.project import blanks
from evaluation.project.folder import make, read
from evaluation.resources import folder
from evaluation.schema import Declaration, Instrument, Item

TEMPLATES = folder("templates") / "forms"
PATHS = sorted((folder("data_schema") / "questionnaires").glob("*.md"))


@pytest.fixture(scope="module")
def declaration(tmp_path_factory: pytest.TempPathFactory) -> Declaration:
    make(path := tmp_path_factory.mktemp("printed") / "project", "reference")
    return read(path)


def page(declaration: Declaration, instrument: Instrument, language: str = "pl", *, large: bool = False) -> str:
    return questionnaire(instrument, declaration, language=language, large=large, templates=TEMPLATES)


def words(html: str) -> str:
    """What a reader sees; a range is tied, so that no line ends at its dash."""
    assert not re.search(r"\w–\w", html)

    class Reader(HTMLParser):
        seen = ""
        style = False

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.style = tag == "style"

        def handle_endtag(self, tag: str) -> None:
            self.style = False

        def handle_data(self, data: str) -> None:
            self.seen += "" if self.style else data

    reader = Reader()
    reader.feed(html)
    return re.sub(r"\s+", " ", reader.seen).replace("\u2060", "")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
@pytest.mark.parametrize("large", [False, True])
def test_every_question_is_there_with_its_answers_and_their_codes(
    declaration: Declaration, path: Path, large: bool
) -> None:
    form = xlsform.read(path)
    for language in ("en", "pl"):
        html = page(declaration, form, language, large=large)
        seen = words(html)
        numbered = [item for item in form.items if item.kind != "note"]
        for number, item in enumerate(numbered, 1):
            assert f"{number}. {item.labels[language]}" in seen
            for choice in item.choices:
                assert choice.labels[language] in seen
                assert f'<span class="code">{choice.name}</span>' in html
        boxes = sum(len(item.choices) for item in numbered)
        assert html.count('<span class="box') >= boxes + len(declaration.file.waves)
        assert seen.count("How it was filled in") == (language == "en" and form.id not in ("cfpb_fwb10", "cfpb_fwb5"))
        assert f'<html lang="{language}" dir="ltr">' in html
        assert not re.search(r"(?:src|href|url\()\s*=?", html.replace("<style>", ""))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Participant code", "Wave", "Date of the answers", "How it was filled in", "An interpreter was there",
                "Member of staff", "The paper original lies:", "personal data", "Fictional example.")),
        ("pl", ("Kod osoby uczestniczącej", "Pomiar", "Data udzielenia odpowiedzi", "Sposób wypełnienia",
                "Obecność tłumacza", "Osoba z zespołu", "Oryginał papierowy znajduje się:", "dane osobowe",
                "Przykład fikcyjny.")),
    ],
)  # fmt: skip
def test_there_is_a_place_for_who_when_how_and_where_the_original_lies(
    declaration: Declaration, language: str, said: tuple[str, ...]
) -> None:
    seen = words(page(declaration, declaration.instruments["security"], language))
    for text in said:
        assert text in seen


def test_neighbours_with_the_same_answers_stand_in_one_grid_and_large_type_has_none(declaration: Declaration) -> None:
    security = declaration.instruments["security"]
    html = page(declaration, security)
    assert html.count('<table class="grid">') == 2  # sec_01 to 06, sec_11 to 13; 16 and 18 have one answer more than 17
    assert html.count('<section class="question">') == len([one for one in security.items if one.kind != "note"]) - 9
    assert "<table" not in page(declaration, security, large=True)
    other = dataclasses.replace(
        security.item("sec_02"),
        choices=tuple(
            dataclasses.replace(one, labels={"pl": f"{one.name}!"}) for one in security.item("sec_02").choices
        ),
    )
    mixed = dataclasses.replace(security, items=(security.item("sec_01"), other))
    assert "<table" not in page(declaration, mixed)  # the same codes with other words are other answers


def test_the_condition_of_a_question_is_told_in_words(declaration: Declaration) -> None:
    assert "Tylko jeśli odpowiedź na pytanie 9 to „Tak”." in words(
        page(declaration, declaration.instruments["security"])
    )
    assert "Only if the answer to question 1 is “Polish”." in words(
        page(declaration, xlsform.read(next(path for path in PATHS if path.stem == "language")), "en")
    )
    several = Instrument(
        "two", "1", {"en": "Two"},
        (Item("a", "integer", {"en": "A"}), Item("b", "integer", {"en": "B"}),
         Item("c", "text", {"en": "C"}, relevant="${a} > 1 or ${b} = 2"),
         Item("d", "text", {"en": "D"}, relevant="not(${a} = 1)")),
        (),
    )  # fmt: skip
    seen = words(page(declaration, several, "en"))
    assert "Only if the answers to questions 1 and 2 call for it." in seen
    assert "Only if the answer to question 1 calls for it." in seen  # not "is 1"


def test_what_a_form_says_cannot_break_out_of_the_page(declaration: Declaration) -> None:
    form = Instrument("x", "1", {"en": "<b>&"}, (Item("a", "text", {"en": "<script>alert(1)</script>"}),), ())
    html = page(declaration, form, "en")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_language_of_the_form_that_the_kit_does_not_speak_keeps_its_direction(declaration: Declaration) -> None:
    form = Instrument("x", "1", {"en": "Mood", "ar": "مزاج"}, (Item("a", "text", {"en": "How?", "ar": "كيف؟"}),), ())
    html = page(declaration, form, "ar")
    assert '<html lang="ar" dir="rtl">' in html
    assert '<dl class="about" lang="en" dir="ltr">' in html
    assert "كيف؟" in html
    assert [direction(language) for language in ("fa", "uk", "vi", "xx-unknown", "")] == ["rtl", *["ltr"] * 4]


def test_a_language_that_the_form_is_not_in_is_refused_by_name(declaration: Declaration, tmp_path: Path) -> None:
    with pytest.raises(BadArgument, match="'uk'"):
        blanks.paper(declaration, "security", tmp_path / "page.html", language="uk", large=False)
    with pytest.raises(BadArgument, match=r"'securty'.*security"):
        blanks.paper(declaration, "securty", tmp_path / "page.html", language="en", large=False)


def test_an_attendance_sheet_is_codes_by_sessions_with_a_signature(declaration: Declaration, tmp_path: Path) -> None:
    course = declaration.course("first_aid")
    html = register(course, declaration, language="pl", large=False, codes=["P-003", "P-017"], templates=TEMPLATES)
    body = html[html.index("<tbody>") :]
    assert re.findall(r'<td class="code-column">([^<]*)', body) == ["P-003", "P-017"]
    assert body.count("<td></td>") == 2 * course.sessions
    assert html.count("Podpis") == 1
    assert "Oryginał papierowy znajduje się:" in html
    path = tmp_path / "sheet.html"
    blanks.register(declaration, "first_aid", path, language="en", large=False, codes=["P-017"])
    assert path.stat().st_mode & 0o777 == 0o600
    blanks.register(declaration, "first_aid", path, language="en", large=False, codes=())
    assert "P-017" not in path.read_text(encoding="utf-8")
    assert path.read_text(encoding="utf-8").count('<td class="code-column"></td>') == 18


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize("large", [False, True])
def test_on_paper_nothing_runs_over_the_edge(
    declaration: Declaration, browser: object, tmp_path: Path, large: bool
) -> None:
    path = tmp_path / "page.html"
    for html, width in (
        (page(declaration, declaration.instruments["security"], large=large), 680),
        (
            register(
                declaration.course("polish"), declaration, language="pl", large=large, codes=(), templates=TEMPLATES
            ),
            1020,
        ),
    ):
        path.write_text(html, encoding="utf-8")
        tab = browser.new_page(viewport={"width": width, "height": 900})  # type: ignore[attr-defined]
        tab.emulate_media(media="print")
        tab.goto(path.as_uri())
        over = tab.evaluate(
            "[...document.querySelectorAll('main *, footer *')]"
            ".filter(e => e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1)"
            ".filter(e => getComputedStyle(e).display != 'inline')"
            ".map(e => e.outerHTML.slice(0, 80))"
        )
        assert over == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        tab.close()
