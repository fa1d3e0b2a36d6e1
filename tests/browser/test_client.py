"""What happens where the client herself holds the device."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from evaluation.collect.access import keys
from tests.browser.conftest import Served, sign_in
from tests.browser.test_accessible import _FAULTS
from tests.desk.running import EVALUATOR, EVALUATOR_PASSPHRASE

CODE = "4711"
HEARD = """node => node.currentTime > 0 || new Promise(done => {
    node.addEventListener('timeupdate', () => done(true));
    setTimeout(() => done(node.currentTime > 0), 3000);
})"""


def hand_over(page: Page, language: str = "English") -> None:
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="P-001"))
    row.get_by_role("link", name="Visit at home").click()
    page.get_by_role("link", name="Hand the device over").click()
    page.get_by_label(language).check()
    page.get_by_label("A code that ends it").fill(CODE)
    page.get_by_role("button", name="Hand over now").click()


def test_she_fills_it_in_and_nothing_else_can_be_reached(visit: Page, visited: Served) -> None:
    hand_over(visit)
    expect(visit.get_by_role("group", name="I feel safe here.")).to_be_visible()
    assert visit.evaluate(_FAULTS) == []
    question = visit.url
    for address in ("", "people", "sign-in", "tables"):
        visit.goto(visited.address + address)
        assert visit.url == question
    visit.go_back()
    visit.reload()
    assert visit.url == question
    tab = visit.context.new_page()
    tab.goto(visited.address)
    assert tab.url == question
    tab.close()

    visit.get_by_label("No", exact=True).check()
    expect(visit.locator("[data-saved]")).to_have_text("Saved")
    visit.get_by_role("button", name="Next").click()
    visit.get_by_label("My family").check()
    visit.get_by_role("button", name="Next").click()
    visit.get_by_role("button", name="I prefer not to answer").click()
    visit.get_by_label("What would help you most?").fill("sleep")
    visit.get_by_role("button", name="Stop here").click()
    visit.get_by_role("button", name="Finish").click()
    expect(visit.get_by_role("heading", name="Thank you.")).to_be_visible()
    visit.get_by_label("Code, or your passphrase").fill("0000")
    visit.get_by_role("button", name="Take the device back").click()
    expect(visit.get_by_role("alert")).to_contain_text("neither the code")
    visit.get_by_label("Code, or your passphrase").fill(CODE)
    visit.get_by_role("button", name="Take the device back").click()
    expect(visit.get_by_role("heading", name="Filled in by herself")).to_be_visible()
    (row,) = visited.rows("visit")
    assert [row[name] for name in ("safe", "who", "nights", "wish", "mode")] == [
        "0", "family", "refused", "sleep", "self",
    ]  # fmt: skip


@pytest.mark.killed
def test_a_tap_is_there_after_the_machine_broke_down(visit: Page, visited: Served) -> None:
    hand_over(visit)
    visit.get_by_label("Yes").check()
    expect(visit.locator("[data-saved]")).to_have_text("Saved")
    visited.kill()
    visited.again()
    sign_in(visit, visited)
    visit.get_by_role("link", name="P-001 Visit at home").click()
    visit.get_by_role("button", name="Store what she answered").click()
    assert visited.rows("visit")[0]["safe"] == "1"


def test_from_right_to_left_on_a_telephone_by_keyboard(visit: Page, visited: Served) -> None:
    hand_over(visit, "العربية")
    assert visit.locator("html").get_attribute("dir") == "rtl"
    group = visit.get_by_role("group", name="أشعر بالأمان هنا.")
    mark, words = group.get_by_label("نعم").bounding_box(), group.get_by_text("نعم").bounding_box()
    assert mark
    assert words
    assert mark["x"] > words["x"]
    assert not visit.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    audio = group.locator("audio")
    for _ in range(5):  # a key that comes before the player has its buttons is lost
        if audio.evaluate("node => node.paused"):
            audio.focus()
            visit.keyboard.press("Space")
        if heard := audio.evaluate(HEARD):
            break
    assert heard
    group.get_by_label("نعم").focus()
    visit.keyboard.press("Space")
    visit.keyboard.press("ArrowDown")
    visit.keyboard.press("ArrowUp")
    visit.keyboard.press("Enter")
    expect(visit.get_by_label(re.compile("كم ليلة"))).to_be_visible()
    visit.keyboard.press("Escape")
    visit.keyboard.press("Escape")
    expect(visit.locator("body")).to_have_text("")
    visit.reload()
    expect(visit.get_by_label(re.compile("كم ليلة"))).to_be_visible()
    visit.get_by_role("button", name="إخفاء هذه الصفحة").click()
    expect(visit.locator("body")).to_have_text("")


def test_without_javascript_it_is_handed_over_and_given_back(browser: Browser, visited: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, visited)
    hand_over(page)
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Next").click()
    page.goto(visited.address)
    page.get_by_role("button", name="I prefer not to answer").click()
    page.get_by_role("button", name="Stop here").click()
    page.get_by_role("button", name="Finish").click()
    page.get_by_label("Code, or your passphrase").fill(CODE)
    page.get_by_role("button", name="Take the device back").click()
    expect(page.get_by_role("heading", name="Filled in by herself")).to_be_visible()
    (row,) = visited.rows("visit")
    assert (row["safe"], row["nights"], row["wish"]) == ("1", "refused", None)
    context.close()


def test_a_typed_code_ticks_its_answer(visit: Page, visited: Served) -> None:
    row = visit.get_by_role("row").filter(has=visit.get_by_role("rowheader", name="P-001"))
    row.get_by_role("link", name="Sense of security").click()
    sleep = visit.get_by_role("group", name="I feel safe in the place where I sleep.")
    sleep.get_by_label("I strongly disagree").focus()
    visit.keyboard.press("4")
    expect(sleep.get_by_label("I rather agree")).to_be_checked()
    visit.keyboard.press("9")
    visit.keyboard.press("8")
    expect(sleep.get_by_label("I prefer not to answer")).to_be_checked()
    visit.keyboard.press("7")
    expect(sleep.get_by_label("I prefer not to answer")).to_be_checked()
    visit.keyboard.press("2")
    expect(sleep.get_by_label("I rather disagree")).to_be_checked()


def test_an_answer_that_needs_attention_shows_the_card_while_one_types_and_until_it_is_seen(
    visit: Page, visited: Served
) -> None:
    row = visit.get_by_role("row").filter(has=visit.get_by_role("rowheader", name="P-001"))
    row.get_by_role("link", name="Visit at home").click()
    card = visit.get_by_text("Ask whether she is safe tonight.")
    expect(card).to_be_hidden()
    visit.get_by_label("How many nights").fill("7")
    expect(card).to_be_visible()
    visit.get_by_label("How many nights").fill("2")
    expect(card).to_be_hidden()
    visit.get_by_label("How many nights").fill("6")
    visit.get_by_role("button", name="Stop here and store").click()
    expect(visit.get_by_role("heading", name="An answer needs attention")).to_be_visible()
    assert visit.evaluate(_FAULTS) == []
    visit.goto(visited.address)
    listed = visit.get_by_role("region", name="Answers that need attention")
    listed.get_by_role("link").click()
    visit.get_by_role("button", name="I have seen this and see to it").click()
    expect(visit.get_by_text("Seen by Ewa Test")).to_be_visible()
    visit.goto(visited.address)
    expect(listed).to_have_count(0)


def test_practice_is_found_marked_and_left(visit: Page, visited: Served) -> None:
    visit.get_by_role("link", name="Practise on a fictional client").click()
    expect(visit.get_by_text("Practice: nobody here is real")).to_be_visible()
    assert visit.evaluate(_FAULTS) == []
    row = visit.get_by_role("row").filter(has=visit.get_by_role("rowheader", name="T-001"))
    row.get_by_role("link", name="Visit at home").click()
    visit.get_by_role("group", name="I feel safe here.").get_by_label("Yes").check()
    visit.get_by_role("button", name="Stop here and store").click()
    expect(visit.get_by_role("status")).to_contain_text("Stored: Visit at home.")
    visit.get_by_role("link", name="End the practice").click()
    expect(visit.get_by_role("rowheader", name="T-001")).to_have_count(0)
    assert visited.rows("visit") == []


def test_an_evaluator_sees_months_and_no_words_the_trail_tells_it_and_a_removed_slot_is_out(
    visit: Page, visited: Served, browser: Browser
) -> None:
    row = visit.get_by_role("row").filter(has=visit.get_by_role("rowheader", name="P-001"))
    row.get_by_role("link", name="Visit at home").click()
    visit.get_by_label("Date of the answers").fill("1.3.2015")
    visit.get_by_label("What would help you most?").fill("a bakery near her sister")
    visit.get_by_role("button", name="Stop here and store").click()
    expect(visit.get_by_text("a bakery near her sister")).to_be_visible()

    other = browser.new_context()
    page = other.new_page()
    sign_in(page, visited, EVALUATOR, EVALUATOR_PASSPHRASE)
    expect(page.get_by_role("link", name="P-001")).to_have_count(0)
    page.get_by_role("link", name="Participants").click()
    page.get_by_role("link", name="P-001").click()
    expect(page.get_by_text("February 2015")).to_be_visible()
    page.get_by_role("link", name="Visit at home, start: stored").click()
    expect(page.get_by_text("March 2015")).to_be_visible()
    assert not re.search(r"bakery|\b1 March|01\.03|27\.02|Correct", page.content())

    visit.get_by_role("link", name="Tables").click()
    visit.get_by_role("link", name="Who opened what").click()
    seen = visit.get_by_role("row").filter(has_text=EVALUATOR).filter(has_text="opened: questionnaire")
    expect(seen).to_contain_text("Visit at home, start")
    expect(seen).to_contain_text("P-001")

    with visited.store() as store:
        keys.remove_slot(visited.folder, store.key, slot=EVALUATOR)
    page.get_by_role("link", name="Participants").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    other.close()
