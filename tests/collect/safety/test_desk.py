"""The staff's pages notice an older file, too, before anybody writes to it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from evaluation.collect.access import keys
from evaluation.collect.record import entries
from evaluation.collect.record.store import Store
from evaluation.desk.office import Office
from evaluation.errors import StoreError
from tests.collect.test_submit import DECLARATION

WORDS = "long enough words"


def apart(day: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own: a browser of another test may have left a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, day).result()


def row(number: int) -> entries.Entry:
    return entries.row("people", key=["participant"], values={"participant": f"P-{number}"}, actor="Anna")


def test_an_older_file_put_in_place_between_two_days_is_not_opened_by_the_pages(tmp_path: Path) -> None:
    with Store.create(tmp_path, keys.passphrase(WORDS), slot="Anna", cost=2**4) as store:
        store.append([row(1)])
    older = (tmp_path / "records.db").read_bytes()
    now = dt.datetime(2026, 3, 9, 12, tzinfo=dt.UTC)

    async def day_of_writing(office: Office) -> None:
        await office.unlock("Anna", WORDS)
        await office.ask(lambda opened: opened.store.append([row(2)]))
        await office.lock()

    office = Office(tmp_path, DECLARATION, lambda: now)
    try:
        apart(day_of_writing(office))
        newer = (tmp_path / "records.db").read_bytes()
        (tmp_path / "records.db").write_bytes(older)
        with pytest.raises(StoreError, match="1 entry is missing"):
            apart(day_of_writing(office))
        (tmp_path / "records.db").write_bytes(newer)
        apart(day_of_reading(office))
    finally:
        office.close()


async def day_of_reading(office: Office) -> None:
    await office.unlock("Anna", WORDS)
    assert await office.ask(lambda opened: len(opened.store.rows("people"))) == 2
