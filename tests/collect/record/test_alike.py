"""However rows are written, they are read as JSON says, and a column is what one row after the other says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.collect.record import entries, replay
from evaluation.collect.record.cells import alike
from evaluation.collect.record.frames import frames
from evaluation.collect.record.replay import Row, Sealed
from evaluation.schema import Choice, Instrument, Item

NAMES = ("wave", "q1", 'a"b', "values", "ą:0")
TEXTS = st.text('ab"\\\x00\n,:{}0ń\u2028', max_size=4)
CELLS = st.none() | TEXTS | st.integers(-2, 2) | st.booleans() | st.floats(-1, 1)
ROWS = st.lists(st.dictionaries(st.sampled_from(NAMES), TEXTS | st.none(), min_size=1), min_size=1, max_size=3)


def content(values: Mapping[str, object], **more: object) -> dict[str, Any]:
    return {"content": {"key": ["values"], "table": "t", "values": dict(values), "version": "1", **more}}


@given(ROWS, st.lists(st.dictionaries(st.sampled_from(NAMES), CELLS), max_size=3))
def test_a_pattern_reads_what_json_reads(written: list[dict[str, Any]], others: list[dict[str, Any]]) -> None:
    odd = [{"content": {"participant": "P-1", "since": "2025-01-01"}}, None, content({}, reviewed=["q1"])]
    contents = [*map(content, [*written, *others]), {**content({"q1": "1"}), "clock": 3}, *odd]
    texts = [entries.canonical(each) if each else "null" for each in contents]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alike, "_LEARNED_AFTER", 1)
        reader = alike.Reader()
        reader.read(texts)  # learns
        again = reader.read(texts)
    assert again == [json.loads(text) for text in texts]


def test_a_pattern_is_used_once_many_rows_are_written_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [entries.canonical(content({"wave": str(n), "q1": None})) for n in range(alike._LEARNED_AFTER)]
    reader = alike.Reader()
    reader.read(texts)
    monkeypatch.setattr(alike.json, "loads", {"[]": []}.__getitem__)
    assert [read["content"]["values"] for read in reader.read(texts) if read] == [
        {"wave": str(n), "q1": None} for n in range(len(texts))
    ]


FORM = Instrument(
    "form",
    "2",
    {},
    (
        Item("q1", "select_one", {}, (Choice("1", {}),), missing={"98": "refused"}),
        Item("note", "note", {}),
        Item("q2", "select_one", {}, missing={"99": "unknown"}),
        Item("q3", "text", {}, missing={"98": "refused"}),
    ),
    (),
)
ANSWERED = st.none() | st.sampled_from(["1", "", " ", "98", "99", 1, 98, 1.0, True, "x"])


def simply(rows: Sequence[Row]) -> list[tuple[object, ...]]:
    """Answer by answer, as the docstring of ``frames`` has it."""
    told = []
    for row in sorted(rows, key=lambda row: row.place):
        for item in (FORM.items[0], *FORM.items[2:]):
            cell = row.values.get(item.id)
            text = str(int(cell)) if isinstance(cell, float) else str(cell)
            empty = cell is None or not text.strip()
            state = "not_asked" if empty else item.missing.get(text, "answered")
            told.append((*row.place, item.id, text if state == "answered" else None, state))
    return told


@given(st.lists(st.dictionaries(st.sampled_from(["q1", "q2", "q3", "old"]), ANSWERED), min_size=1, max_size=6))
def test_answers_are_what_one_row_after_the_other_says(filled: list[dict[str, Any]]) -> None:
    made = [
        entries.row("form", key=["participant", "wave"], values=each, actor="Anna")
        for each in ({"participant": f"P-{n % 4}", "wave": f"w{n}", **values} for n, values in enumerate(filled))
    ]
    read = alike.Reader().read([entries.canonical({"content": entry.payload}) for entry in made])
    sealed = (Sealed(1, one.id, "", 1, "2025-01-01T00:00:00+00:00", "Anna", "row", b"", b"", None) for one in made)
    rows = tuple(replay.first(one, opened["content"]) for one, opened in zip(sealed, read, strict=True) if opened)
    record = SimpleNamespace(content=lambda: replay.Content(rows, {}, {}, len(rows), {}))
    answers = frames(record, {"form": FORM}, {})["answers"]  # type: ignore[arg-type]
    told = answers[["participant", "wave", "item", "value", "state"]].astype(object)
    assert list(told.where(told.notna(), None).itertuples(index=False, name=None)) == simply(rows)
