"""Every question can be refused, and stands under the headings of its form."""

from __future__ import annotations

import pytest

from tests.desk.forms.test_questionnaire import opened, send
from tests.desk.running import Running

ANSWERS = {"date": "2.3.2015", "safe": "0", "who": "family", "nights": "3", "wish": "sleep"}


@pytest.mark.parametrize("name", ["safe", "who", "nights", "wish"])
def test_a_question_whose_form_has_no_code_for_it_can_be_refused(visit: Running, name: str) -> None:
    client = visit.signed_in()
    path = opened(client, form="visit")
    field = f"{name}:state" if name in ("nights", "wish") else name
    assert f'name="{field}" value="refused"' in client.page
    assert "Stored" in send(client, path, {**ANSWERS, field: "refused"}).text
    assert "I prefer not to answer" in client.text
    with visit.store() as store:
        (row,) = store.rows("visit")
    assert row.values == {**ROW, name: "refused"} | ({"who": None} if name == "safe" else {})


ROW = {
    "participant": "P-001", "wave": "baseline", "date": "2015-03-02", "form_version": "1", "safe": "0",
    "who": "family", "nights": "3", "wish": "sleep", "mode": None, "language": None, "interpreter": None,
    "filled_by": None,
}  # fmt: skip


def test_a_refusal_stands_alone(visit: Running) -> None:
    client = visit.signed_in()
    path = opened(client, form="visit")
    send(client, path, {**ANSWERS, "who": ["family", "refused"]})
    assert "One of these answers stands alone" in client.text


def test_an_answer_is_corrected_to_a_refusal(visit: Running) -> None:
    client = visit.signed_in()
    path = opened(client, form="visit")
    send(client, path, ANSWERS)
    client.get(f"{path}/correct")
    sent = {"submission": client.hidden("submission"), "base": client.hidden("base"), "action": "store"}
    client.post(f"{path}/correct", {**sent, **ANSWERS, "nights:state": "refused"})
    assert "Corrected: 1 answer." in client.text
    with visit.store() as store:
        assert [row.values["nights"] for row in store.rows("visit")] == ["refused"]


def test_a_question_stands_under_the_heading_of_its_group(visit: Running) -> None:
    client = visit.signed_in()
    opened(client, form="visit")
    before, _, after = client.page.partition("<h2>The place where you live</h2>")
    assert 'data-question="safe"' in after
    assert 'data-question="safe"' not in before
    assert client.page.count("The place where you live") == 1
    group, _, rest = after.partition('<div class="group">')
    assert ('data-question="who"' in group, 'data-question="nights"' in rest) == (True, True)
