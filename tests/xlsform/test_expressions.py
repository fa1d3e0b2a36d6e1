"""Skip rules and constraints mean in the kit what they mean in the browser form."""

from __future__ import annotations

import datetime as dt

import pytest

from evaluation.errors import BadDeclaration
from evaluation.xlsform.expressions import parse

TODAY = dt.date(2025, 3, 9)
ROW = {"threat": "1", "times": "12", "places": "home street", "none": None, "when": "2025-03-10"}


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ("${threat} = '1'", True),
        ("${threat} = 1", True),
        ("${threat} = '1.0'", False),
        ("${threat} = 1.0", True),
        ("${threat} != '1'", False),
        ("${times} > 9", True),
        ("${times} > '9'", True),  # numbers, not letters: '12' < '9' as text
        ("${times} <= 12", True),
        ("${times} < 12", False),
        ("${none} = ''", True),
        ("${none} != '1'", True),
        ("${none} < 5", False),
        ("${none} >= 5", False),
        ("selected(${places}, 'street')", True),
        ("selected(${places}, 'stre')", False),
        ("count-selected(${places}) = 2", True),
        ("not(selected(${places}, 'work'))", True),
        ("${threat} = '0' and ${times} = '1' or ${times} = '12'", True),
        ("${times} = '12' or ${threat} = '0' and ${threat} = '5'", True),
        ("(${times} = '12' or ${threat} = '0') and ${threat} = '5'", False),
        ("${when} <= today()", False),
        ("${when} > today()", True),
        ("true() and not(false())", True),
        ("${none}", False),
        ("true() = 'x'", True),
        ("false() != ${threat}", True),
        ("${times} > -3 and -12 < ${times}", True),
        ("${times} <= -12", False),
        ("${when} >= date('2025-03-10')", True),
        ("date(${when}) > date('2025-03-10')", False),
    ],
)
def test_a_rule_holds_or_not(rule: str, verdict: bool) -> None:
    assert parse(rule).holds(ROW, today=TODAY) is verdict


@pytest.mark.parametrize(
    ("own", "verdict"), [("0", False), ("1", True), ("10", True), ("11", False), ("98", True), (None, False)]
)
def test_a_constraint_looks_at_its_own_answer(own: str | None, verdict: bool) -> None:
    assert parse(". >= 1 and . <= 10 or . = 98").holds({}, own=own, today=TODAY) is verdict


def test_a_rule_says_at_which_items_it_looks() -> None:
    assert parse("${b} = '1' and selected(${a}, 'x') or ${b} > 2").names == ("b", "a")


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ("regex(., '[0-9]+')", "regex"),
        ("string-length(.) > 2", "string-length"),
        ("selektd(${a}, '1')", "did you mean 'selected'"),
        ("${a} + 1 = 2", r"'\+'"),
        ("${a} = ", "ends too early"),
        ("(${a} = '1'", "brackets are not in pairs"),
        ("${a} = '1' ${b} = '2'", "'b' is not understood"),
        ("yes = 1", "'yes' is not understood"),
        ("selected(${a})", "number of arguments"),
        ("date('10.03.2025')", "'10.03.2025' is no day"),
        ("${a} - 1 = 2", "'-' is not understood"),
        ("${a} > - ${b}", "'b' is not understood"),
        ("", "ends too early"),
    ],
)
def test_what_is_not_known_is_refused_by_name(rule: str, named: str) -> None:
    with pytest.raises(BadDeclaration, match=named):
        parse(rule)
