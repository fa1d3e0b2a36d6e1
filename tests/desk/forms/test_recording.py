"""A question read aloud: where its form has a recording in the language that is shown, and to whoever may enter."""

from __future__ import annotations

from evaluation.project import folder as folders
from evaluation.project.checks import recording_lines
from tests.conftest import worded
from tests.desk.forms.test_hand_over import hand_over, say
from tests.desk.forms.test_questionnaire import opened, send
from tests.desk.running import EVALUATOR, EVALUATOR_PASSPHRASE, Client, Running

AT = "/recording/visit/safe/ar"


def heard(client: Client) -> tuple[int, str | None, str]:
    client.get(AT)
    return client.status, client.headers["Content-Type"], client.headers["Content-Security-Policy"]


def test_a_recording_stands_at_its_question_in_its_language_and_is_played_by_the_browser_alone(visit: Running) -> None:
    client = visit.signed_in()
    path = opened(client, form="visit")
    assert "<audio" not in client.page
    send(client, path, {}, action="speak:ar")
    assert client.page.count("<audio") == 1
    assert f'<audio controls preload="none" src="{AT}"' in client.page
    status, kind, policy = heard(client)
    assert (status, kind) == (200, "audio/wav")
    assert "media-src 'self'" in policy


def test_what_is_no_recording_of_a_form_is_not_found_and_none_is_given_to_others(visit: Running) -> None:
    client = visit.signed_in()
    for address in (AT.replace("ar", "pl", 1), AT[:-2] + "pl", AT.replace("safe", "nights"), AT.replace("visit", "no")):
        assert client.get(address).status == 404
    assert visit.signed_in(EVALUATOR, EVALUATOR_PASSPHRASE).get(AT).status == 403
    assert "Sign in" in visit.client().get(AT).text


def test_the_client_herself_hears_it_in_practice_too(visit: Running) -> None:
    client = visit.signed_in()
    path = hand_over(client)
    say(client, path, "speak:ar")
    assert f'src="{AT}"' in client.page
    assert heard(client)[0] == 200


def test_a_recording_that_is_missing_is_told_by_check_and_not_found_on_the_page(visit: Running) -> None:
    declaration, folder = folders.read(visit.folder), visit.folder / "questionnaires"
    assert list(recording_lines(folder, declaration)) == []
    (folder / "safe ar.wav").unlink()
    (said,) = worded(recording_lines(folder, declaration))
    assert said.startswith("Questionnaire 'visit', question 'safe': the recording ")
    assert "safe ar.wav is missing" in said
    assert visit.signed_in().get(AT).status == 404
