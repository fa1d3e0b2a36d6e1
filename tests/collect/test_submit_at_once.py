"""The same file sent by two people at the same moment is stored once, and both are told so."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from evaluation.collect.access import keys
from evaluation.collect.access.keys import DataKey
from evaluation.collect.record.store import Store
from evaluation.collect.submit import Submission, submit
from tests.collect.test_submit import ANSWERS, DECLARATION, FORM, PERSON, page

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks on this system"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


def sender(folder: Path, key: DataKey, start: int, *, form: str, values: dict[str, str]) -> tuple[int, int]:
    """A process that sends the row once ``start`` is closed; it writes what it was told to the pipe."""
    reader, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reader
    try:
        with Store.open(folder, key) as store:
            os.read(start, 1)
            sheet = page(values, tuple(values) if form != FORM.id else ())
            sent = Submission(sheet, DECLARATION.form(form), actor="Ewa", today=dt.date(2025, 3, 9))
            made = submit(sent, store, declaration=DECLARATION)
            os.write(writing, f"{made.stored} {made.repeated} {made.rejected}".encode())
    finally:
        os._exit(0)


@pytest.mark.parametrize(("form", "values"), [("participants", PERSON), (FORM.id, ANSWERS)])
def test_the_same_rows_sent_at_once_are_stored_once_and_everybody_is_told_the_truth(
    tmp_path: Path, form: str, values: dict[str, str]
) -> None:
    with Store.create(tmp_path, keys.passphrase("long enough words"), slot="Anna", cost=2**4) as store:
        key = store.key
        if form == FORM.id:
            person = Submission(
                page(PERSON, tuple(PERSON)), DECLARATION.form("participants"), "Anna", dt.date(2025, 3, 9)
            )
            submit(person, store, declaration=DECLARATION)
    start, begin = os.pipe()
    senders = []
    for _ in range(4):
        senders.append(sender(tmp_path, key, start, form=form, values=values))
    os.close(start)
    os.write(begin, b"12345678")
    os.close(begin)
    told = []
    for process, pipe in senders:
        os.waitpid(process, 0)
        with os.fdopen(pipe) as said:
            told.append(said.read())
    assert sorted(told) == ["0 1 0", "0 1 0", "0 1 0", "1 0 0"]
    with Store.open(tmp_path, key) as store:
        assert len(store.rows(form)) == 1
