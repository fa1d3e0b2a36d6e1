"""What a caseworker does in a day, without any page of the documentation open."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import Served, sign_in
from tests.desk.running import NAME, PASSPHRASE

SLEEP = "I feel safe in the place where I sleep."
THREAT = "In the last four weeks somebody threatened me or people close to me."
HOW_OFTEN = "How often did this happen in the last four weeks?"


def question(page: Page, words: str) -> Locator:
    return page.get_by_role("group", name=words)


def questionnaire(page: Page, code: str = "P-001") -> None:
    """The baseline questionnaire on security, from the page for today."""
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=code))
    row.get_by_role("link", name="Sense of security").click()
    page.get_by_role("heading", name="Sense of security").wait_for()


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"Draft saved at \d\d:\d\d\."))


def tick_everything(page: Page, answer: str = "I prefer not to answer") -> None:
    for group in page.get_by_role("group").filter(has=page.get_by_label(answer)).all():
        if group.is_visible():
            group.get_by_label(answer).first.check()


def test_enrolling_somebody_and_her_first_questionnaire_with_a_refusal_and_a_skip(page: Page, served: Served) -> None:
    page.get_by_role("link", name="Participants").click()
    page.get_by_role("link", name="Enrol a participant").click()
    expect(page.get_by_label("Participant code")).to_have_value("P-004")
    page.get_by_label("Country of origin").select_option("Vietnam")
    question(page, "Consents to the service").get_by_label("Yes").check()
    page.get_by_role("button", name="Store").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link", name="Consents to use in reports").click()
    question(page, "Consents to use in reports").get_by_label("No").check()
    page.get_by_role("button", name="Store").click()
    expect(page.get_by_role("status")).to_contain_text("Enrolled.")
    page.get_by_role("link", name="Sense of security, start: fill in").click()

    tick_everything(page)
    question(page, SLEEP).get_by_label("I rather agree").check()
    expect(question(page, HOW_OFTEN)).to_be_hidden()
    question(page, THREAT).get_by_label("Yes").check()
    question(page, HOW_OFTEN).get_by_label("Once").check()
    question(page, THREAT).get_by_label("No", exact=True).check()
    expect(question(page, HOW_OFTEN)).to_be_hidden()
    page.get_by_role("button", name="Store the questionnaire").dblclick()
    expect(page.get_by_role("status")).to_contain_text("Stored: Sense of security.")
    (row,) = served.rows("security")
    assert (row["participant"], row["sec_01"], row["sec_02"], row["sec_13"], row["sec_14"]) == (
        "P-004", "4", "98", "0", None,
    )  # fmt: skip


@pytest.mark.killed
def test_what_was_saved_is_there_after_the_desk_was_killed_and_in_another_browser(
    page: Page, served: Served, browser: Browser
) -> None:
    questionnaire(page)
    question(page, SLEEP).get_by_label("I strongly agree").check()
    saved(page)
    served.kill()
    question(page, THREAT).get_by_label("Yes").check()
    expect(page.locator("[data-saved]")).to_contain_text("Not saved")
    served.again()
    expect(page.locator("[data-saved]")).to_contain_text("Not saved: you were signed out", timeout=20_000)
    other = browser.new_context()
    second = other.new_page()
    sign_in(second, served)
    second.get_by_role("link", name="P-001 Sense of security").click()
    expect(question(second, SLEEP).get_by_label("I strongly agree")).to_be_checked()
    expect(question(second, THREAT).get_by_label("Yes")).not_to_be_checked()
    other.close()


def test_the_session_ends_in_the_middle_and_nothing_typed_is_lost(page: Page, served: Served) -> None:
    questionnaire(page)
    tick_everything(page)
    saved(page)
    page.context.clear_cookies()
    question(page, SLEEP).get_by_label("I strongly agree").check()
    expect(page.locator("[data-saved]")).to_contain_text("Not saved: you were signed out")
    page.get_by_role("button", name="Stop here and store").click()
    page.get_by_label("Your name").fill(NAME)
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_role("status")).to_contain_text("Stored")
    assert served.rows("security")[0]["sec_01"] == "5"


def test_submitting_sends_the_last_keystroke(page: Page, served: Served) -> None:
    questionnaire(page)
    tick_everything(page)
    page.get_by_label("Date of the answers").fill("")
    page.get_by_label("Date of the answers").press_sequentially("1.3.2015")
    page.get_by_role("button", name="Stop here and store").click()
    expect(page.get_by_role("status")).to_contain_text("Stored")
    assert served.rows("security")[0]["date"] == "2015-03-01"
    page.get_by_role("link", name="Today").first.click()
    expect(page.get_by_role("heading", name="Begun, not finished")).to_have_count(0)


def test_no_button_moves_away_under_the_finger_when_a_save_comes_back(page: Page) -> None:
    questionnaire(page)
    waiting: list[Route] = []
    page.route("**/security/baseline", lambda route: waiting.append(route), times=1)  # noqa: PLW0108 - it takes functions only
    with page.expect_request(lambda sent: sent.method == "POST"):
        question(page, SLEEP).get_by_label("I strongly disagree").check()
    page.get_by_role("button", name="Stop here and store").hover()
    page.mouse.down()
    with page.expect_request_finished():
        waiting[0].continue_()
    page.evaluate("new Promise(done => setTimeout(done, 50))")
    expect(page.locator("[data-saved]")).not_to_contain_text("Draft saved")
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("Stored")


def test_a_date_is_told_in_words_while_one_types(page: Page) -> None:
    questionnaire(page)
    date = page.get_by_label("Date of the answers")
    date.fill("28.2.2015")
    expect(date).to_have_accessible_description("Saturday, 28 February 2015")
    date.fill("30.2.2015")
    expect(date).to_have_accessible_description(re.compile("no day of the calendar"))


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is on what ``wanted`` says of ``it`` (a fieldset's legend is ``legend``)."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(
            f"(() => {{ const it = document.activeElement, legend = it.closest('fieldset')?.querySelector('legend');"
            f" return Boolean({wanted}); }})()"
        ):
            return
    raise AssertionError(f"no Tab leads there: {wanted}")


def test_everything_is_done_by_keyboard_alone(page: Page, served: Served) -> None:
    page.reload()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "it.textContent.includes('Sense of security') && it.closest('tr')?.textContent.includes('P-001')")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Sense of security").wait_for()
    tab_to(page, f"legend?.textContent.trim() === {SLEEP!r}")
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    tab_to(page, f"legend?.textContent.trim() === {THREAT!r}")
    page.keyboard.press("Space")
    expect(question(page, HOW_OFTEN)).to_be_visible()
    tab_to(page, f"legend?.textContent.trim() === {HOW_OFTEN!r}")
    page.keyboard.press("Space")
    tab_to(page, "it.value === 'store'")
    page.keyboard.press("Enter")
    expect(page.get_by_text("have no answer yet")).to_be_visible()
    tab_to(page, "it.value === 'stop'")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Stored")
    (row,) = served.rows("security")
    assert (row["sec_01"], row["sec_13"]) == ("5", "1")
    assert row["sec_14"]


@pytest.mark.killed
def test_a_late_first_questionnaire_is_still_asked_for_and_a_typo_in_it_is_corrected(
    page: Page, served: Served
) -> None:
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="P-003")).filter(has_text="start")
    expect(row).to_contain_text("overdue since 15 July 2014")
    row.get_by_role("link", name="Sense of security").click()
    question(page, SLEEP).get_by_label("I strongly disagree").check()
    page.get_by_role("button", name="Stop here and store").click()
    expect(page.get_by_role("status")).to_contain_text("Stored")
    page.get_by_role("link", name="Correct").click()
    question(page, SLEEP).get_by_label("I strongly agree").check()
    saved(page)
    served.kill()
    served.again()
    sign_in(page, served)
    page.get_by_role("link", name="P-003 Sense of security").click()
    expect(question(page, SLEEP).get_by_label("I strongly agree")).to_be_checked()
    page.get_by_role("button", name="Store").click()
    expect(page.get_by_role("status")).to_contain_text("Corrected: 1 answer.")
    (stored,) = served.rows("security")
    assert (stored["participant"], stored["wave"], stored["sec_01"]) == ("P-003", "baseline", "5")
    page.get_by_role("link", name="Today").first.click()
    expect(row.get_by_role("link", name="Sense of security")).to_have_count(0)


def test_a_consent_is_withdrawn_after_its_consequence_was_read(page: Page, served: Served) -> None:
    page.get_by_role("link", name="Participants").click()
    page.get_by_role("link", name="P-001").click()
    page.get_by_role("link", name="Withdraw a consent").click()
    page.get_by_role("button", name="Show what changes").click()
    expect(page.get_by_role("heading", name="This will happen")).to_be_visible()
    page.get_by_role("link", name="Change nothing").click()
    page.get_by_role("link", name="Withdraw a consent").click()
    page.get_by_role("button", name="Show what changes").click()
    page.get_by_role("button", name="Record the withdrawal").click()
    page.get_by_role("link", name="Today").first.click()
    expect(page.get_by_role("rowheader", name="P-001")).to_have_count(0)


def test_an_answer_is_taken_back(page: Page, served: Served) -> None:
    questionnaire(page)
    question(page, SLEEP).get_by_label("I strongly agree").check()
    question(page, SLEEP).get_by_role("button", name="Take this answer back").click()
    question(page, THREAT).get_by_label("Yes").check()
    saved(page)
    page.get_by_role("button", name="Stop here and store").click()
    expect(page.get_by_role("status")).to_contain_text("Stored")
    row = served.rows("security")[0]
    assert (row["sec_01"], row["sec_13"]) == (None, "1")


def test_pressing_escape_twice_leaves_an_empty_page_and_loses_nothing(page: Page, served: Served) -> None:
    questionnaire(page)
    question(page, SLEEP).get_by_label("I strongly agree").check()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("body")).to_have_text("")
    assert page.title() == "New tab"
    page.wait_for_timeout(400)
    page.reload()
    expect(question(page, SLEEP).get_by_label("I strongly agree")).to_be_checked()


def test_without_javascript_a_questionnaire_is_saved_resumed_and_stored(browser: Browser, served: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, served)
    questionnaire(page)
    question(page, THREAT).get_by_label("Yes").check()
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("status").first).to_contain_text("Draft saved")
    expect(question(page, HOW_OFTEN)).to_be_visible()
    tick_everything(page)
    page.get_by_role("button", name="Store the questionnaire").click()
    expect(page.get_by_role("status").first).to_contain_text("Stored")
    assert served.rows("security")[0]["sec_01"] == "98"
    context.close()


def test_a_wrong_passphrase_is_told_and_the_name_stays(page: Page, served: Served) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Your name").fill(NAME)
    page.get_by_label("Passphrase").fill("wrong words here")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not open the record")
    expect(page.get_by_label("Your name")).to_have_value(NAME)
    expect(page.get_by_label("Passphrase")).to_have_value("")
    expect(page.get_by_label("Passphrase")).to_be_focused()


def test_two_people_on_one_questionnaire(page: Page, served: Served, browser: Browser) -> None:
    other = browser.new_context()
    second = other.new_page()
    sign_in(second, served)
    questionnaire(page)
    questionnaire(second)
    question(page, SLEEP).get_by_label("I strongly agree").check()
    saved(page)
    question(second, SLEEP).get_by_label("I strongly disagree").check()
    expect(second.locator("[data-saved]")).to_contain_text("Not saved")
    second.get_by_role("button", name="Stop here and store").click()
    expect(second.get_by_role("heading", name="Two versions")).to_be_visible()
    row = second.get_by_role("row", name=SLEEP)
    expect(row.get_by_role("cell").nth(0)).to_have_text("I strongly agree")
    expect(row.get_by_role("cell").nth(1)).to_have_text("I strongly disagree")
    assert served.rows("security") == []
    other.close()


def test_a_register_is_kept_and_taken_back(page: Page, served: Served) -> None:
    page.get_by_role("link", name="Registers").click()
    page.get_by_role("link", name="Attendance register polish-01").click()
    question(page, "P-003").get_by_label("Excused").check()
    page.get_by_role("button", name="Store the register").click()
    expect(page.get_by_role("status")).to_contain_text("Stored: 1 change.")
    assert served.rows("attendance")[0]["status"] == "excused"
    page.get_by_role("button", name="Take the last 1 change back").click()
    assert served.rows("attendance")[0]["status"] == "present"


def test_a_register_is_kept_by_letters_alone(page: Page, served: Served) -> None:
    page.get_by_role("link", name="Registers").click()
    page.get_by_role("link", name="Attendance register polish-01").click()
    expect(page.get_by_text("a letter ticks and goes on to the next person")).to_be_visible()
    question(page, "P-003").get_by_label("Present").focus()
    page.keyboard.press("e")
    expect(question(page, "P-003").get_by_label("Excused")).to_be_checked()
    expect(page.get_by_role("button", name="Store the register")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Stored: 1 change.")
    assert served.rows("attendance")[0]["status"] == "excused"


def test_nothing_of_a_person_is_left_in_the_browser(page: Page, served: Served) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    questionnaire(page)
    question(page, SLEEP).get_by_label("I strongly agree").check()
    saved(page)
    kept = page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,"
        " (await caches.keys()).length, document.cookie]"
    )
    assert kept == [0, 0, 0, 0, ""]
    assert all(url.startswith(served.address) for url in asked)
    assert not any("P-001" in url or "sec_01" in url for url in asked)
    assert "P-001" not in page.title()


@pytest.mark.parametrize("sheet", ["First day", "A lost laptop", "Somebody leaves the staff"])
def test_a_sheet_for_the_wall_is_reached_from_today_and_printed_on_one_page_in_both_languages(
    page: Page, sheet: str
) -> None:
    page.get_by_role("link", name=sheet).click()
    page.get_by_role("button", name="Print").wait_for()
    for other in ("Polski", "English"):
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
        page.get_by_role("button", name=other).click()
        page.get_by_role("button", name=other).wait_for(state="detached")


def test_a_file_is_looked_at_and_then_stored(page: Page, served: Served, tmp_path: Path) -> None:
    page.get_by_role("link", name="Take in a file").click()
    content = (
        "participant,enrolled_on,consent_service,consent_reporting\nP-021,2015-01-05,true,false\nP-022,,true,true\n"
    )
    chooser = page.get_by_label("File", exact=True)
    large = tmp_path / "large.csv"
    large.write_bytes(bytes(10 * 2**20 + 1))
    chooser.set_input_files(large)
    expect(page.get_by_role("alert")).to_contain_text("larger than 10 MB")
    chooser.set_input_files([{"name": "people.csv", "mimeType": "text/csv", "buffer": content.encode()}])
    expect(page.get_by_role("alert")).to_be_hidden()
    page.get_by_role("button", name="Show what would become of it").click()
    expect(page.get_by_role("heading", name="What would become of it")).to_be_focused(timeout=20_000)
    expect(page.get_by_role("listitem").filter(has_text="2 rows: 1 new")).to_be_visible()
    page.get_by_role("button", name="Store it").dblclick()
    expect(page.get_by_role("heading", name="What became of it")).to_be_visible(timeout=20_000)
    assert "P-021" in {row["participant"] for row in served.rows("participants")}


def test_a_file_dropped_on_the_page_is_taken(page: Page) -> None:
    page.get_by_role("link", name="Take in a file").click()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          const rows = ["participant,enrolled_on,consent_service,consent_reporting", "P-031,2015-01-05,true,true", ""];
          data.items.add(new File([rows.join("\\n")], "people.csv"));
          document.querySelector("h1").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
        }"""
    )
    expect(page.get_by_role("heading", name="What would become of it")).to_be_visible(timeout=20_000)
