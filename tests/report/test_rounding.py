"""One rounding for text, table, figure, notebook and JSON; the order of rows changes no printed number."""

from __future__ import annotations

import dataclasses
import math
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import texts
from evaluation.inside.numbers import number, percent
from evaluation.inside.outcomes.results import block
from evaluation.measure.outcomes.change import outcome_change
from evaluation.project.draft.topics.means import _rounded
from evaluation.release.printed.indicators import printed_lines
from evaluation.release.released import Count, CountTable, Line, Mean, Reference
from evaluation.report.content import annex, figures, summary, tables
from evaluation.report.content.outcomes import outcome
from evaluation.rounding import in_percent, rounded
from evaluation.schema import Outcome, Plan, Scale
from evaluation.texts import MINUS
from tests.report.handmade import make_released

OUTCOME = Outcome(id="security", labels={"en": "security"}, scale="safety.total", primary=True, step=2)
PLAN = Plan(outcomes=(OUTCOME,), mid="mid")
SCALE = Scale("total", {}, "higher", "sum", 6, 30, 5, ("a",))


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        (0.55, 1, "0.6"),
        (0.5499999999999999, 1, "0.6"),  # 22/40 in another order of rows
        (0.549999999, 1, "0.5"),
        (0.65, 1, "0.7"),
        (0.25, 1, "0.3"),
        (-0.25, 1, "-0.3"),
        (-0.04, 1, "0.0"),
        (2.5, 0, "3"),
        (112.5, 0, "113"),
        (Fraction(18, 16), 2, "1.13"),
        (1.005, 2, "1.01"),
    ],
)
def test_a_number_is_rounded_half_away_from_zero_after_its_ninth_decimal(
    value: float | Fraction, decimals: int, printed: str
) -> None:
    assert str(rounded(value, decimals)) == printed


def test_a_number_that_is_none_and_one_without_end_are_not_rounded() -> None:
    assert rounded(math.nan, 1).is_nan()
    assert rounded(-math.inf) == Decimal("-Infinity")
    assert rounded(1e300, 1) == Decimal("1e300")


def test_a_share_s_percents_are_those_of_its_two_printed_decimals() -> None:
    # 12.49999999949 is no half at its ninth decimal, and 0.1249999999949 is one.
    assert (str(rounded(0.1249999999949, 2)), in_percent(0.1249999999949)) == ("0.13", 13)


def line(top: int, whole: int) -> Line:
    """An indicator of ``top`` among ``whole`` people, with a target of everybody, as it is released."""
    counts = (Count({"a": "yes"}, top), Count({"a": "no"}, 121 - top), Count({}, whole))
    table = CountTable("a", "indicators", {}, "participants", (), counts)
    declared = Line(
        "X", {"en": "x"}, "outcome", "share", {}, 0.0, None, 1.0, Reference("a", {"a": "yes"}), Reference("a", {})
    )
    return printed_lines([declared], [table], ())[0]


def test_text_table_figure_notebook_and_json_print_the_same_percent_for_every_share() -> None:
    released = make_released()
    for whole in range(1, 61):
        for part in range(2 * whole + 1):
            wanted = str(math.floor(Fraction(100 * part, whole) + Fraction(1, 2)))
            told = line(part, whole)
            facts = dataclasses.replace(released.facts, reached=part, planned=whole)
            said = summary.reached(dataclasses.replace(released, facts=facts), "en", courses=True).text
            assert f"{wanted}%" in said, (part, whole)
            assert annex._indicator_row(told, "en")[4:7] == (f"{wanted}%",) * 3
            assert annex.derived(told, part / whole, "en") == texts.percent(told.achieved_share or 0, "en")
            assert percent(part / whole, "en") == f"{wanted}%"
            assert str(in_percent(Fraction(part, whole))) == wanted == number(100 * part / whole, "en", 0)
            assert told.achieved == told.achieved_share == told.progress == int(wanted) / 100


def test_eighteen_of_sixteen_planned_are_113_percent_wherever_they_stand() -> None:
    released = make_released()
    facts = dataclasses.replace(released.facts, reached=18, planned=16)
    told = dataclasses.replace(released, facts=facts, indicators=(line(18, 16),))
    figure = figures.progress(told, "en")
    assert figure.content == [{"code": "X", "achieved_share": 1.13, "progress": 1.13}]
    shown = [
        figure.part.figures[0].alt,
        figure.text,
        annex.indicators(told, "en").text,
        summary.reached(told, "en", courses=False).text,
    ]
    assert all("113%" in one and "112%" not in one for one in shown)


@settings(max_examples=60)
@given(st.integers(-240, 240), st.integers(0, 1))
def test_a_released_mean_is_printed_as_it_stands_in_the_json(tenths: int, low: int) -> None:
    mean = Mean(
        "security", {"en": "security"}, "all enrolled", 31, 41, tenths / 10, (tenths - low) / 10, tenths / 10,
        "higher", 6, 30,
    )  # fmt: skip
    printed = tables._mean_row(mean, "en", ends=False, alike=True)[2]
    assert float(printed.replace(MINUS, "-")) == mean.change == _rounded(mean.change or 0.0)
    assert figures._mean_row(mean, "en")[1] == printed
    assert printed.lstrip("+−") in outcome._change(mean, "en").text or not mean.change


def printed(people: list[tuple[int, int | None, int | None]]) -> list[str]:
    """Everything that an inside notebook and a draft print of these people's scores."""
    rows = [
        (f"P-{at:03d}", wave, "safety.total", float(score))
        for at, person in enumerate(people)
        for wave, score in zip(("baseline", "mid", "endline"), person, strict=True)
        if score is not None
    ]
    table = pd.DataFrame(rows, columns=["participant", "wave", "scale", "score"])
    everyone = pd.DataFrame({"participant": [f"P-{at:03d}" for at in range(len(people))]})
    change = outcome_change(table, everyone, OUTCOME, SCALE, PLAN)
    model = change.means.all_enrolled
    drafted = [] if model is None else [_rounded(value) for value in (model.estimate, model.low, model.high)]
    return [block({"security": change}, None, "en").table.to_string(), str(drafted)]  # type: ignore[arg-type]


POINTS = st.integers(6, 30)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(POINTS, st.none() | POINTS, st.none() | POINTS), min_size=6, max_size=24), st.randoms())
def test_the_order_of_rows_changes_no_printed_number(
    people: list[tuple[int, int | None, int | None]], shuffled: object
) -> None:
    other = list(people)
    shuffled.shuffle(other)  # type: ignore[attr-defined]
    assert printed(other) == printed(people)


def test_a_mean_change_of_22_points_in_40_people_is_0_6_in_every_order() -> None:
    gains = [1] * 22 + [0] * 18
    start = [6 + at % 7 for at in range(40)]
    people = [(begun, None, begun + gain) for begun, gain in zip(start, gains, strict=True)]
    for order in (people, people[::-1], people[1::2] + people[::2]):
        said = printed(order)
        assert "0.6 [" in said[0]
        assert said[1].startswith("[0.6, ")


ELSEWHERE = {
    "evaluation/example/answers.py": "makes up answers",
    "evaluation/example/people.py": "makes up days",
    "evaluation/example/registers.py": "makes up days",
    "evaluation/release/suppress/read.py": "reads whole numbers",
}


def test_no_other_module_rounds_what_is_printed() -> None:
    own = re.compile(r"(?<![.\w])round\(|\.quantize\(|:[,+]?\.(\d|\{\w+\})[f%]")
    root = Path(__file__).parents[2]
    found = {
        path.relative_to(root).as_posix()
        for path in (root / "evaluation").rglob("*.py")
        if own.search(path.read_text(encoding="utf-8"))
    }
    assert found - {"evaluation/rounding.py"} == set(ELSEWHERE)
