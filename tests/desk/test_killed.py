"""The desk is killed while several people's drafts are written together: what was acknowledged is there."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Served
from tests.desk.forms.test_questionnaire import opened, saved
from tests.desk.running import NAME, PASSPHRASE, Client, make

FORMS = ("security", "social_awareness", "self_perception", "rights")
PEOPLE = ("P-001", "P-003")


@pytest.mark.parametrize("acknowledged", [1, 40])
def test_no_draft_that_was_acknowledged_is_lost_when_the_desk_is_killed_amid_many(
    once: Callable[[str, Callable[[Path], None]], Path], acknowledged: int
) -> None:
    served = Served(once("desk", make)).start()
    port = int(served.address.rsplit(":", 1)[1].strip("/"))
    first = Client(port).sign_in(NAME, PASSPHRASE)
    told: dict[tuple[str, str], int] = {}
    enough = threading.Semaphore(0)

    def typing(code: str, form: str) -> None:
        client = Client(port, dict(first.cookies))
        try:
            path = opened(client, code, form=form)
            for n in range(1, 1000):
                if not saved(client, path, {"filled_by": str(n)}, revision=str(n - 1))["saved"]:
                    return
                told[code, form] = n
                enough.release()
        except (OSError, ValueError, http.client.HTTPException):  # it was killed
            return

    savers = [threading.Thread(target=typing, args=(code, form)) for code in PEOPLE for form in FORMS]
    for saver in savers:
        saver.start()
    for _ in range(acknowledged):
        assert enough.acquire(timeout=120)
    served.kill()
    for saver in savers:
        saver.join(120)

    served.again()
    again = Client(port).sign_in(NAME, PASSPHRASE)
    try:
        for (code, form), n in told.items():
            opened(again, code, form=form)
            kept = int(again.page.split('name="filled_by" value="')[1].split('"')[0])
            assert n <= kept <= n + 1, "it holds what was acknowledged, or what was on its way"
        assert sum(told.values()) >= acknowledged
    finally:
        served.kill()
