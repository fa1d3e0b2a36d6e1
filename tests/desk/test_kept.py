"""What is kept in memory for the pages is always what the record would say if it were asked anew."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.collect.access import keys
from evaluation.collect.record import entries
from evaluation.collect.record.current import Current
from evaluation.collect.record.drafts import Drafts
from evaluation.collect.record.entries import Entry
from evaluation.collect.record.store import Store
from evaluation.desk.kept import Key
from evaluation.desk.office import Opened

TABLES = ("participants", "needs")
KINDS = ("write", "write", "strike", "restore", "withdraw", "erase")
Step = tuple[str, str, str, bool]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    with Store.create(tmp_path, keys.passphrase("long enough words"), slot="Anna", cost=2**4) as store:
        yield Opened(store, Drafts(store), store.key)


def entry(current: Current, table: str, code: str, kind: str, struck: dict[Key, str]) -> Entry | None:
    """What ``kind`` of entry can be made of the row of ``code``."""
    held = current.row(table, (code,))
    values = {"participant": code, "note": str(uuid.uuid4())}
    if current.erased(code) or (kind in ("withdraw", "erase") and not current.known(code)):
        return None
    if kind == "erase":
        return entries.erasure(code, actor="Anna")
    if kind == "withdraw":
        return entries.withdrawal(code, since=dt.date(2026, 1, 1), actor="Anna")
    if held is not None and kind == "strike":
        struck[table, code] = held.id
    if held is not None:
        return entries.correction(held.id, values=None if kind == "strike" else values, actor="Anna")
    if kind == "restore":
        return entries.correction(struck[table, code], values=values, actor="Anna") if (table, code) in struck else None
    return entries.row(table, key=["participant"], values=values, actor="Anna")


def ways(opened: Opened) -> list[object]:
    """Everything that pages ask for, as it is kept."""
    notes = [
        opened.once(("notes", table), (table,), lambda table=table: [row.values["note"] for row in opened.of(table)])
        for table in TABLES
    ]
    counts = [
        opened.folded(table, "codes", dict[str, int], lambda made, key: made.setdefault(key[0], 1)) for table in TABLES
    ]
    return [[opened.of(table) for table in TABLES], [set(opened.places(table)) for table in TABLES], notes, counts]


@settings(max_examples=14, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    begun=st.integers(0, 10**9),
    steps=st.lists(
        st.tuples(st.sampled_from(TABLES), st.sampled_from("ABC"), st.sampled_from(KINDS), st.booleans()), max_size=14
    ),
)
def test_what_is_kept_is_what_the_record_says(opened: Opened, begun: int, steps: list[Step]) -> None:
    struck: dict[Key, str] = {}
    for table, letter, kind, looked in steps:
        made = opened.store.ask(
            lambda current, table=table, letter=letter, kind=kind: entry(
                current, table, f"{letter}-{begun}", kind, struck
            )
        )
        opened.store.append([made] if made else [])
        if looked:
            assert ways(opened) == ways(Opened(opened.store, opened.drafts, opened.key))
    assert ways(opened) == ways(Opened(opened.store, opened.drafts, opened.key))


def test_a_row_that_is_put_back_has_its_old_place_among_the_others(opened: Opened) -> None:
    rows = [entries.row("needs", key=["participant"], values={"participant": code}, actor="Anna") for code in "ABC"]
    opened.store.append(rows)
    assert [row.id for row in opened.of("needs")] == [row.id for row in rows]
    opened.store.append([entries.correction(rows[0].id, values=None, actor="Anna")])
    assert [row.id for row in opened.of("needs")] == [row.id for row in rows[1:]]
    assert set(opened.places("needs")) == {("B",), ("C",)}
    opened.store.append([entries.correction(rows[0].id, values={"participant": "A"}, actor="Anna")])
    assert [row.id for row in opened.of("needs")] == [row.id for row in rows]
    assert set(opened.places("needs")) == {("A",), ("B",), ("C",)}


def test_an_entry_opens_its_own_row_and_no_other(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        entries.row("needs", key=["participant"], values={"participant": f"P-{n}"}, actor="Anna") for n in range(20)
    ]
    opened.store.append(rows)
    assert len(opened.of("needs")) == 20
    numbers: Counter[str] = Counter()
    real = Current.held

    def held(current: Current, event: str) -> object:
        numbers[event] += 1
        return real(current, event)

    monkeypatch.setattr(Current, "held", held)
    monkeypatch.setattr(Current, "rows", lambda *_: pytest.fail("every row is read again"))
    values = {"participant": "P-3", "note": "x"}
    opened.store.append([entries.correction(rows[3].id, values=values, actor="Anna")])
    assert opened.of("needs")[3].values == values
    assert opened.of("needs")[3].values == values
    assert numbers == {rows[3].id: 1}


def test_what_another_program_writes_is_seen(opened: Opened, tmp_path: Path) -> None:
    assert opened.of("needs") == ()
    row = entries.row("needs", key=["participant"], values={"participant": "P-1"}, actor="Jan")
    with Store.open(tmp_path, opened.key) as other:
        other.append([row])
    assert [held.id for held in opened.of("needs")] == [row.id]
    assert list(opened.places("needs")) == [("P-1",)]
