"""YAML becomes frozen objects, or a sentence with line and nearest key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pytest

from evaluation.codec import parse
from evaluation.errors import BadDeclaration


@dataclass(frozen=True)
class Place:
    name: str
    people: int = 0


@dataclass(frozen=True)
class Trip:
    title: str
    day: dt.date
    places: tuple[Place, ...] = ()
    price: float | None = None
    kind: Literal["visit", "exchange"] = "visit"
    labels: dict[str, str] = field(default_factory=dict)


def test_a_good_file_becomes_the_object_it_declares() -> None:
    trip = parse(
        Trip,
        "title: Oslo\nday: 2014-03-11\nprice: 3\nkind: exchange\nplaces:\n  - {name: A, people: 4}\nlabels: {pl: x}",
        "t.yml",
    )
    assert trip == Trip("Oslo", dt.date(2014, 3, 11), (Place("A", 4),), 3.0, "exchange", {"pl": "x"})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("title: A\nday: 2014-03-11\npirce: 3", "t.yml, line 3: the key 'pirce' is not known; did you mean 'price'?"),
        ("title: A\ntitle: B\nday: 2014-03-11", "t.yml, line 2: the key 'title' is given twice; keep one of them."),
        ("day: 2014-03-11", "t.yml, line 1: the file lacks the key 'title'; add it."),
        ("title: A\nday: 11.03.2014", "t.yml, line 2: 'day' needs a date like 2024-05-31."),
        ("title: A\nday: 2014-03-11\nkind: vist", "t.yml, line 3: 'kind' cannot be 'vist'; did you mean 'visit'?"),
        (
            "title: A\nday: 2014-03-11\nplaces:\n  - name: B\n    people: four",
            "t.yml, line 5: 'people' needs a whole number.",
        ),
        ("title: A\nday: 2014-03-11\nplaces: B", "t.yml, line 3: 'places' needs a list (lines that begin with '-')."),
        ("title: [A", "t.yml, line 1: this is not valid YAML;"),
        ("", "t.yml is empty; "),
        ("title: " + "[" * 40_000, "t.yml: this is not valid YAML;"),
        ("title: " + "[" * 900 + "]" * 900, "t.yml: this is not valid YAML;"),
    ],
)
def test_a_fault_is_named_with_file_line_and_what_to_do(text: str, sentence: str) -> None:
    with pytest.raises(BadDeclaration) as raised:
        parse(Trip, text, "t.yml")
    assert str(raised.value).startswith(sentence)


@dataclass(frozen=True)
class Either:
    said: tuple[str | Mapping[str, int], ...]


@dataclass(frozen=True)
class Other:
    said: tuple[Mapping[str, int] | str, ...]


@pytest.mark.parametrize("kinds", [(Either, Other, Either), (Other, Either, Other)])
def test_a_fault_of_what_may_be_either_is_of_the_last_kind_whatever_was_read_before(kinds: tuple[type, ...]) -> None:
    needs = {Either: "'said.a' needs a whole number.", Other: "'said' needs text."}
    for kind in kinds:
        with pytest.raises(BadDeclaration) as raised:
            parse(kind, "said: [{a: x}]", "t.yml")
        assert str(raised.value).endswith(needs[kind])


def test_a_price_of_true_is_not_a_number() -> None:
    with pytest.raises(BadDeclaration):
        parse(Trip, "title: A\nday: 2014-03-11\nprice: true", "t.yml")
