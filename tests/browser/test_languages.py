"""The questions in the client's language, from right to left too, and the pages in Polish."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Served, sign_in
from tests.desk.running import make

FORM = """
| survey |
| | type | name | label::English (en) | label::العربية (ar) | label::Українська (uk) | sensitivity | missing |
|---|---|---|---|---|---|---|---|
| | text | participant | Participant code | رمز المشاركة | Код | quasi | |
| | select_one wave | wave | When? | متى؟ | Коли? | open | |
| | date | date | Date | التاريخ | Дата | quasi | |
| | select_one yes | here_01 | I feel safe here. | أشعر بالأمان هنا. | Тут мені безпечно. | sensitive | 98=refused |
| | integer | here_02 | Nights slept badly | ليالٍ سيئة | Погані ночі | sensitive | 998=refused |

| choices |
| | list_name | name | label::English (en) | label::العربية (ar) | label::Українська (uk) |
|---|---|---|---|---|---|
| | wave | baseline | Start | البداية | Початок |
| | yes | 1 | Yes | نعم | Так |
| | yes | 0 | No | لا | Ні |
| | yes | 98 | I prefer not to answer | أفضل عدم الإجابة | Не хочу відповідати |

| settings |
| | form_id | version | form_title | title_ar | title_uk | default_language | validated |
|---|---|---|---|---|---|---|---|
| | here | 1 | Here | هنا | Тут | English (en) | no |
"""


def make_translated(folder: Path) -> None:
    make(folder)
    (folder / "questionnaires" / "here.md").write_text(FORM, encoding="utf-8")
    declared = folder / "project.yml"
    text = declared.read_text(encoding="utf-8")
    declared.write_text(text.replace("instruments:\n", "instruments:\n  - here\n"), encoding="utf-8")


@pytest.fixture
def translated(serve: Callable[[str, Callable[[Path], None]], Served]) -> Served:
    return serve("desk-translated", make_translated)


def test_a_questionnaire_is_filled_in_from_right_to_left_and_its_other_words_say_their_language(
    context: BrowserContext, translated: Served
) -> None:
    page = context.new_page()
    sign_in(page, translated)
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="P-001"))
    row.get_by_role("link", name="Here").click()
    page.get_by_role("button", name="العربية").click()
    group = page.get_by_role("group", name="أشعر بالأمان هنا.")
    assert group.evaluate("node => getComputedStyle(node).direction") == "rtl"
    mark = group.get_by_label("نعم").bounding_box()
    words = group.get_by_text("نعم").bounding_box()
    assert mark
    assert words
    assert mark["x"] > words["x"]  # the circle stands to the right of its words
    assert page.locator("html").get_attribute("dir") == "ltr"
    for refusal in page.get_by_label("أفضل عدم الإجابة").all():  # as the form calls it, where it has no code of its own
        refusal.check()
    own = group.get_by_role("button", name="Take this answer back")
    assert own.get_attribute("lang") == "en"
    page.get_by_role("button", name="Store the questionnaire").click()
    expect(page.get_by_role("status")).to_contain_text("Stored: Here.")
    (stored,) = translated.rows("here")
    assert (stored["here_01"], stored["here_02"]) == ("98", "998")


def test_the_pages_speak_polish_and_stay_so(page: Page, served: Served) -> None:
    page.get_by_role("button", name="Polski").click()
    expect(page.get_by_role("heading", name="Dziś")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "pl"
    page.get_by_role("link", name="Osoby uczestniczące").click()
    page.get_by_role("link", name="Przyjęcie do projektu").click()
    page.get_by_role("button", name="Zapisz").click()
    expect(page.get_by_role("alert")).to_contain_text("Nie zapisano: 2 rzeczy do poprawienia.")
    page.get_by_role("button", name="Wyloguj").click()
    expect(page.get_by_role("heading", name="Logowanie")).to_be_visible()
