"""Every page is usable by whoever hears it, magnifies it, or has no mouse."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from evaluation.report.blocks import Definitions, Document, Heading, Part, Table, paragraphs
from evaluation.report.formats import html
from evaluation.texts import LANGUAGES
from tests.browser.conftest import Served
from tests.browser.test_tasks import question, questionnaire, saved
from tests.conftest import Folder
from tests.desk.running import EVALUATOR, EVALUATOR_PASSPHRASE

AXE = os.environ.get("EVALUATION_AXE", "")
"""Where axe.min.js lies, for whoever has it; what is checked below needs nothing."""

_FAULTS = """() => {
  const faults = [], shown = node => node.getClientRects().length > 0;
  const named = node => (node.labels?.[0]?.textContent ?? node.getAttribute('aria-label') ?? node.textContent).trim();
  for (const node of document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a[href]'))
    if (shown(node) && !node.closest('[aria-hidden]') && !named(node)) faults.push('unnamed ' + node.outerHTML);
  const ids = [...document.querySelectorAll('[id]')].map(node => node.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push('twice ' + id);
  for (const node of document.querySelectorAll('[aria-describedby], [aria-labelledby]'))
    for (const id of (node.getAttribute('aria-describedby') ?? node.getAttribute('aria-labelledby')).split(' '))
      if (!document.getElementById(id)) faults.push('nowhere ' + id);
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
  if (!document.querySelector('main') || !document.documentElement.lang || !document.title) faults.push('page');
  const levels = [...document.querySelectorAll('h1, h2, h3')].filter(shown).map(node => +node.tagName[1]);
  levels.forEach((level, at) => { if (at && level > levels[at - 1] + 1) faults.push('skipped a heading'); });
  for (const set of document.querySelectorAll('fieldset')) if (!set.querySelector('legend')) faults.push('no legend');
  for (const node of document.querySelectorAll('button.main, .options label, input:not([type])'))
    if (shown(node) && node.getBoundingClientRect().height < 24) faults.push('small ' + node.outerHTML);
  const light = colour => { const [r, g, b] = colour.match(/[\\d.]+/g).map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const ground = node => { for (; node; node = node.parentElement) { const own = getComputedStyle(node).backgroundColor;
    if (!/, 0\\)$/.test(own)) return own; } return 'rgb(255, 255, 255)'; };
  for (const node of document.querySelectorAll('main *, header *')) {
    if (!shown(node) || ![...node.childNodes].some(one => one.nodeType === 3 && one.textContent.trim())) continue;
    const pair = [light(getComputedStyle(node).color), light(ground(node))].sort((a, b) => b - a);
    if ((pair[0] + .05) / (pair[1] + .05) < 4.5) faults.push('pale ' + node.outerHTML.slice(0, 80));
  }
  return faults;
}"""


_PATHS = (
    "people",
    "people/new",
    "people/key-sheet",
    "guide/lost-laptop",
    "practice/",
    "trail",
    "clock",
    "file",
    "tables",
    "tables/sessions",
    "tables/courses",
    "tables/tallies/add",
    "tables/bilateral_activities/add",
    "tables/partner_survey/add",
    "nowhere",
)


def states(page: Page, served: Served) -> Iterator[str]:
    """The pages one after the other: empty, filled, with faults, conflicting."""
    yield "today"
    for path in _PATHS:
        page.goto(served.address + path)
        yield path
    page.goto(f"{served.address}people/new")
    page.get_by_role("button", name="Store").click()
    yield "faults"
    page.goto(f"{served.address}tables/sessions")
    page.get_by_role("link", name="Attendance register").click()
    yield "register"
    page.goto(f"{served.address}people")
    page.get_by_role("link", name="P-003").click()
    yield "person"
    for act in ("Leave the project", "Withdraw a consent", "Erase everything recorded"):
        page.get_by_role("link", name=act).click()
        yield act
        page.get_by_role("button", name="Show what changes").click()
        yield f"{act}: before, or what is missing"
        page.get_by_role("link", name=re.compile("Cancel|Change nothing")).click()
    for table in ("Needs", "Referrals", "Support given", "Goals of the plan"):
        page.get_by_role("link", name=f"Add: {table}").click()
        yield table
        page.get_by_role("link", name="Cancel").click()
    page.goto(served.address)
    questionnaire(page)
    yield "questionnaire"
    question(page, "I feel safe in the place where I sleep.").get_by_label("I strongly agree").check()
    saved(page)
    yield "draft"
    page.get_by_role("button", name="Store the questionnaire").click()
    yield "unanswered"
    page.get_by_role("button", name="Stop here and store").click()
    yield "stored"
    page.get_by_role("link", name="Correct").click()
    yield "correction"
    yield from hers(page, served)
    page.get_by_role("button", name="Sign out").click()
    yield "sign-in"
    page.get_by_label("Your name").fill(EVALUATOR)
    page.get_by_label("Passphrase").fill(EVALUATOR_PASSPHRASE)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Today").wait_for()
    yield "an evaluator's"
    page.get_by_role("link", name="Participants").click()
    page.get_by_role("link", name="P-001").click()
    yield "a person for an evaluator"


def hers(page: Page, served: Served) -> Iterator[str]:
    """From right to left, and in the client's hands."""
    page.goto(served.address)
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="P-001"))
    row.get_by_role("link", name="Visit at home").click()
    page.get_by_role("button", name="العربية").click()
    page.get_by_label("كم ليلة").fill("9")
    saved(page)
    yield "from right to left"
    page.get_by_role("button", name="Stop here and store").click()
    yield "a fault from right to left"
    there = page.url
    page.get_by_role("link", name="Hand the device over").click()
    yield "before handing over"
    page.get_by_label("A code that ends it").fill("4711")
    page.get_by_role("button", name="Hand over now").click()
    yield "the client's first question"
    page.get_by_label("نعم").check()
    page.locator("[value=next]").last.click()
    yield "her answer that cannot be"
    page.locator("[value=stop]").click()
    yield "her end"
    page.locator("[value=resume]").last.click()
    page.get_by_label("كم ليلة").fill("7")
    page.locator("[value=stop]").click()
    page.locator("[value=finish]").click()
    yield "her thanks"
    page.get_by_label("Code, or your passphrase").fill("4711")
    page.get_by_role("button", name="Take the device back").click()
    yield "taken back with an alert"
    yield from alerted(page, served, there)


def alerted(page: Page, served: Served, there: str) -> Iterator[str]:
    """An answer that needs attention, and two people who correct it."""
    page.goto(f"{there}/alert")
    yield "alert"
    page.goto(there)
    yield "stored with an alert, from right to left"
    page.goto(f"{there}/correct")
    page.get_by_label("How many nights").fill("5")
    page.get_by_label("How many nights").dispatch_event("change")
    saved(page)
    yield "begun correction"
    other = page.context.new_page()
    other.goto(f"{there}/correct")
    other.get_by_label("How many nights").fill("4")
    saved(other)
    other.get_by_role("button", name="Store", exact=True).click()
    other.wait_for_url(lambda at: at != f"{there}/correct")  # a page closed on its way to another may never say so
    other.close()
    page.bring_to_front()  # one that nobody sees may draw no frame, for which filling in waits
    page.get_by_label("How many nights").fill("3")
    page.get_by_role("button", name="Store", exact=True).click()
    page.get_by_role("heading", name="Two versions").wait_for()
    yield "two versions"
    page.goto(f"{served.address}people")
    page.get_by_role("link", name="P-001").click()
    page.get_by_role("link", name="Everything recorded of her").click()
    yield "everything to be printed"
    page.goto(served.address)
    yield "today with an alert"


_SEEN = """() => {
  const faults = [], wide = document.documentElement;
  if (wide.scrollWidth > wide.clientWidth) faults.push('wider than the screen');
  const reached = 'main a[href], main button, main input:not([type=hidden]), select, textarea, summary';
  for (const node of document.querySelectorAll(reached)) {
    if (!node.getClientRects().length || node.tabIndex < 0) continue;
    node.focus();
    if (document.activeElement !== node) continue;  // in a closed part of the page
    const style = getComputedStyle(node), around = getComputedStyle(node.closest('label') ?? node);
    if (![style, around].some(one => one.outlineStyle !== 'none' && parseFloat(one.outlineWidth) >= 2))
      faults.push('no sign of the focus ' + node.outerHTML.slice(0, 80));
    const box = (node.closest('label') ?? node).getBoundingClientRect();
    const inline = node.tagName === 'A' && getComputedStyle(node).display === 'inline';
    if (!inline && (box.height < 24 || box.width < 24)) faults.push('small ' + node.outerHTML.slice(0, 80));
  }
  return faults;
}"""


def test_no_page_in_any_state_has_a_fault_by_light_in_the_dark_or_at_four_times_its_size(
    visit: Page, visited: Served
) -> None:
    faults = {}
    for state in states(visit, visited):
        visit.emulate_media(color_scheme="light")
        faults[state, "light"] = faults_of(visit)
        visit.emulate_media(color_scheme="dark")
        faults[state, "dark"] = faults_of(visit)
        visit.set_viewport_size({"width": 320, "height": 800})  # a laptop's at four times its size
        visit.keyboard.press("Tab")  # whoever uses the keyboard is shown where she is
        faults[state, "large"] = visit.evaluate(_SEEN)
        visit.set_viewport_size({"width": 390, "height": 844})
    assert {at: found for at, found in faults.items() if found} == {}
    assert len(faults) > 90


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_document_has_a_fault_by_light_or_in_the_dark(
    context: BrowserContext, reported: Folder, language: str
) -> None:
    page, faults = context.new_page(), {}
    for name in ("report", "analysis"):
        page.goto((reported.path / "reports" / "final" / language / f"{name}.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            faults[name, scheme] = faults_of(page)
    assert {at: found for at, found in faults.items() if found} == {}


@pytest.mark.parametrize("long", ["Długość" * 43, f"2009–2014{'Długość' * 43}", "bardzo długa nazwa " * 16])
def test_a_text_without_end_widens_no_page_and_hides_no_number(context: BrowserContext, long: str) -> None:
    table = Table("t", long, (long[:12], "People"), ((long, "17"),), "–", (long,))
    blocks = (*paragraphs([long]), Heading(long, 3), Definitions(((long, long),)), table)
    whole = Document("test", "pl", long, False, {}, (Part("p", "", "pl", long, blocks),), {}, {})
    page = context.new_page()
    page.set_content(html.document(whole).decode())
    for width in (320, 420, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert page.evaluate("document.querySelector('td').getBoundingClientRect().right <= innerWidth"), width


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def test_a_person_s_page_and_her_answers_are_printed_in_dark_on_light(page: Page, served: Served) -> None:
    page.emulate_media(color_scheme="dark")
    questionnaire(page)
    question(page, "I feel safe in the place where I sleep.").get_by_label("I strongly agree").check()
    page.get_by_role("button", name="Stop here and store").click()
    page.get_by_role("link", name="Everything of P-001").click()
    page.get_by_role("link", name="Everything recorded of her, to be printed").click()
    page.get_by_role("heading", name="P-001").wait_for()
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(_FAULTS) == []
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    expect(page.get_by_text("I strongly agree")).to_be_visible()
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_role("link", name="Erase everything recorded")).to_be_hidden()


def faults_of(page: Page) -> list[str]:
    """What is wrong with the page as it stands, by the checks above and by axe-core where it is at hand."""
    found: list[str] = page.evaluate(_FAULTS)
    if AXE:
        page.evaluate(Path(AXE).read_text(encoding="utf-8"))  # a script element would break the pages' own policy
        told = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
        found += [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in told["violations"]]
    return found
