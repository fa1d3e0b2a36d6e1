"""What the auditor finds in documents small enough to check by hand, and what it refuses."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path
from typing import Any

import highspy
import pytest

from evaluation.errors import BadDeclaration, EvaluationError
from evaluation.release.audit.integers import search
from evaluation.release.audit.integers.part import Part
from evaluation.release.audit.system import Row
from evaluation.release.audit.verdict import Audit, audit, audit_exit_code
from evaluation.texts import say

CASES = Path(__file__).parents[1] / "data" / "audit_cases"
EXPECTED = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))


def document(cells: dict[str, Any], *totals: str, **more: Any) -> dict[str, Any]:
    """Cells by id; each total is written ``a + b = c``."""
    relations = []
    for line in totals:
        left, right = line.split(" = ")
        relations.append({"terms": [*([id, 1] for id in left.split(" + ")), [right, -1]]})
    return {
        "format": "sdc-audit/1",
        "tables": [{"id": "T", "cells": [{"id": id, "value": value} for id, value in cells.items()]}],
        "relations": relations,
        **more,
    }


def share(part: str, whole: str, value: float, decimals: int) -> list[dict[str, Any]]:
    return [{"num": part, "den": whole, "value": value, "decimals": decimals}]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_given_case_has_the_intervals_of_its_enumeration(name: str) -> None:
    answer = audit(json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))).as_json()
    wanted = {key: EXPECTED[name][key] for key in ("consistent", "intervals", "exact")}
    assert answer == wanted
    assert list(answer["intervals"]) == list(wanted["intervals"])


def worded(result: Audit) -> str:
    assert result.where is not None
    return say(result.where, "en")


def test_one_blank_in_a_line_is_exact_and_exits_4() -> None:
    result = audit(document({"yes": None, "no": 6, "all": 7}, "yes + no = all"))
    assert result.as_json() == {"consistent": True, "intervals": {"yes": [1, 1]}, "exact": ["yes"]}
    assert audit_exit_code(result) == 4


def test_two_blanks_in_a_line_leave_everything_between_nothing_and_the_rest() -> None:
    result = audit(document({"yes": None, "no": None, "unknown": 4, "all": 7}, "yes + no + unknown = all"))
    assert result.intervals == {"yes": (0, 3), "no": (0, 3)}
    assert audit_exit_code(result) == 0


def test_a_number_that_nothing_limits_has_no_largest_value() -> None:
    result = audit(document({"a": None, "b": 3, "c": None}, "a + b = c"))
    assert result.intervals == {"a": (0, None), "c": (3, None)}
    assert json.loads(json.dumps(result.as_json()))["intervals"] == {"a": [0, None], "c": [3, None]}


def test_whole_numbers_exclude_what_fractions_would_allow() -> None:
    """2x + 4y = 6 with x <= 2: x = 1 and y = 1, although x = 0 has the fractional partner 3/2."""
    terms = [{"terms": [["x", 2], ["y", 4]], "rhs": 6}]
    result = audit({**document({"x": [0, 2], "y": None}), "relations": terms})
    assert result.intervals == {"x": (1, 1), "y": (1, 1)}


def test_a_continuous_quantity_may_be_a_fraction() -> None:
    terms = [{"terms": [["x", 2], ["hours", 4]], "rhs": 6}]
    result = audit({**document({"x": [0, 2], "hours": None}), "relations": terms, "continuous": ["hours"]})
    assert result.intervals == {"x": (0, 2), "hours": (0.5, 1.5)}
    assert result.exact == ()


def test_a_total_with_a_fraction_is_possible_with_a_continuous_part() -> None:
    relations = [{"terms": [["x", 1], ["hours", 1]], "rhs": 2.5}]
    result = audit({**document({"x": [0, 2], "hours": None}), "relations": relations, "continuous": ["hours"]})
    assert result.intervals == {"x": (0, 2), "hours": (0.5, 2.5)}


def test_a_continuous_print_is_known_and_a_fractional_count_is_refused() -> None:
    hours = document({"a": None, "b": 1.25, "all": 4.5}, "a + b = all", continuous=["a", "b", "all"])
    assert audit(hours).intervals == {"a": (3.25, 3.25)}
    with pytest.raises(BadDeclaration, match="'b' is not whole"):
        audit({**hours, "continuous": ["a", "all"]})


def test_a_percentage_of_a_known_base_gives_the_count_away() -> None:
    result = audit(document({"done": None, "all": 12}, percentages=share("done", "all", 25.0, 0)))
    assert result.intervals == {"done": (3, 3)}


def test_a_percentage_alone_bounds_its_base_from_below() -> None:
    """28.6 % needs at least seven people: 2/7; no smaller base rounds to it."""
    result = audit(document({"done": None, "all": [0, 20]}, percentages=share("done", "all", 28.6, 1)))
    assert result.intervals == {"done": (2, 4), "all": (7, 14)}


@pytest.mark.parametrize("printed", [12.0, 13.0])
def test_a_tie_may_have_been_rounded_either_way(printed: float) -> None:
    """1 of 8 is 12.5 %: half up prints 13, half even 12."""
    result = audit(document({"done": [0, 7], "all": 8}, percentages=share("done", "all", printed, 0)))
    assert result.intervals == {"done": (1, 1)}


def test_a_percentage_beside_a_tie_is_not_confused_with_it() -> None:
    result = audit(document({"done": None, "all": 8}, percentages=share("done", "all", 14.0, 0)))
    assert not result.consistent


def test_there_is_no_percentage_of_nobody() -> None:
    result = audit(document({"done": None, "all": [0, 9]}, percentages=share("done", "all", 0.0, 0)))
    assert result.intervals == {"done": (0, 0), "all": (1, 9)}
    printed = audit(document({"done": None, "all": 0}, percentages=share("done", "all", 0.0, 0)))
    assert printed.intervals == {"done": (0, 0)}  # a zero base is printed: the document has its own custom
    assert not audit(document({"done": None, "all": 0}, percentages=share("done", "all", 5.0, 0))).consistent


def test_a_mean_with_two_decimals_can_give_every_answer_away() -> None:
    """Three people, scores 1, 2 and 5, mean 4.00: only 2 + 5 + 5 has that sum."""
    means = [{"scores": [["one", 1], ["two", 2], ["five", 5]], "value": 4.0, "decimals": 2}]
    counts = document({"one": None, "two": None, "five": None, "n": 3}, "one + two + five = n", means=means)
    assert audit(counts).intervals == {"one": (0, 0), "two": (1, 1), "five": (2, 2)}


def test_a_mean_needs_somebody() -> None:
    means = [{"scores": [["one", 1], ["two", 2]], "value": 1.0, "decimals": 0}]
    assert audit(document({"one": [0, 3], "two": 0}, means=means)).intervals == {"one": (1, 3)}


def test_equal_quantities_share_their_interval_and_a_print_elsewhere_is_exact() -> None:
    cells = {"a": None, "b": None, "all": 9, "again": None, "printed": 4}
    two = document(cells, "a + b = all", equal=[["a", "again"]])
    assert audit(two).intervals == {"a": (0, 9), "b": (0, 9), "again": (0, 9)}
    three = audit({**two, "equal": [["a", "again"], ["again", "printed"]]})
    assert three.intervals == {"a": (4, 4), "b": (5, 5), "again": (4, 4)}
    assert three.exact == ("a", "again", "b")


def _shared(release: str, population: str, **more: Any) -> dict[str, Any]:
    def table(id: str, release: str, population: str, value: int | None) -> dict[str, Any]:
        cell = {"id": f"{id}:F", "at": {"sex": "F"}, "value": value}
        return {"id": id, "release": release, "population": population, "cells": [cell]}

    tables = [table("T1", "Q1", "reached", 6), table("T2", release, population, None)]
    return {"format": "sdc-audit/1", "tables": tables, **more}


def test_population_release_and_codes_make_a_quantity_only_where_the_document_says_so() -> None:
    assert audit(_shared("Q1", "reached", auto_equal=True)).intervals == {"T2:F": (6, 6)}
    assert audit(_shared("Q1", "reached")).intervals == {"T2:F": (0, None)}
    assert audit(_shared("Q2", "reached", auto_equal=True)).intervals == {"T2:F": (0, None)}
    assert audit(_shared("Q1", "staff", auto_equal=True)).intervals == {"T2:F": (0, None)}


def test_a_hidden_quantity_is_unknown_even_if_the_file_holds_its_value() -> None:
    joined = document({"before": 3, "now": 5})
    joined["hidden"] = [{"id": "joined", "at": {}, "value": 99}]
    joined["relations"] = [{"terms": [["now", 1], ["before", -1], ["joined", -1]]}]
    assert audit(joined).intervals == {"joined": (2, 2)}


def test_own_bounds_replace_the_default_and_meet_the_printed_range() -> None:
    bounds = {"default": [0, 50], "revision": [-2, None], "marked": [None, 3]}
    result = audit(document({"revision": None, "marked": [1, 4], "other": None}, bounds=bounds))
    assert result.intervals == {"revision": (-2, None), "marked": (1, 3), "other": (0, 50)}


def test_an_open_range_has_one_end() -> None:
    assert audit(document({"a": [5, None]})).intervals == {"a": (5, None)}


def test_an_inequality_counts_from_its_own_side() -> None:
    relations = [
        {"terms": [["a", 1], ["b", -1]], "sense": "<=", "rhs": -2},
        {"terms": [["b", 1]], "sense": "<=", "rhs": 6},
        {"terms": [["a", 1]], "sense": ">=", "rhs": 1},
    ]
    result = audit({**document({"a": None, "b": None}), "relations": relations})
    assert result.intervals == {"a": (1, 4), "b": (3, 6)}


def test_too_narrow_is_what_does_not_reach_both_ends() -> None:
    cells = {"a": None, "b": None, "all": 5, "c": 2}
    sensitive = {"a": [0, 5], "b": [0, 6], "c": [0, 5]}
    result = audit(document(cells, "a + b = all", sensitive=sensitive))
    assert result.narrow == ("b", "c")
    assert result.as_json()["narrow"] == ["b", "c"]
    assert audit_exit_code(result) == 0


@pytest.mark.parametrize(
    ("wanted", "narrow"),
    [([2, 9], ()), ([1, 5], ("a",)), ([3, 10], ("a",)), ([None, 9], ("a",)), ([3, None], ("a",))],
)
def test_each_end_of_what_is_required_counts(wanted: list[int | None], narrow: tuple[str, ...]) -> None:
    assert audit(document({"a": [2, 9]}, sensitive={"a": wanted})).narrow == narrow


def test_an_open_interval_reaches_every_requirement() -> None:
    open_ended = document({"a": None}, bounds={"default": [None, None]}, sensitive={"a": [None, None]})
    assert audit(open_ended).narrow == ()


def test_large_numbers_are_exact() -> None:
    """2**53 + 1 has no floating-point neighbour of its own."""
    odd = 2**53 + 1
    result = audit(document({"a": None, "b": [odd - 3, None], "all": odd}, "a + b = all"))
    assert result.intervals == {"a": (0, 3), "b": (odd - 3, odd)}
    factor = 10**15 + 37
    crossed = document({"x": [0, 9], "y": [0, 9]})
    crossed["relations"] = [
        {"terms": [["x", factor], ["y", 1]], "sense": ">=", "rhs": 3 * factor + 5},
        {"terms": [["x", factor], ["y", -1]], "sense": "<=", "rhs": 4 * factor - 6},
    ]
    assert audit(crossed).intervals == {"x": (3, 4), "y": (5, 9)}


def test_a_row_is_rounded_inwards_once_its_known_numbers_are_gone() -> None:
    """With z = 1, 2x + 4y + z <= 8 leaves x + 2y <= 3 and not 4; the same from below."""
    cells = {"x": [0, 5], "y": [0, 5], "z": 1, "t": None}
    sum_of = {"terms": [["x", 1], ["y", 2], ["t", -1]]}
    for sense, rhs, wanted in (("<=", 8, (0, 3)), (">=", 6, (3, 15))):
        row = {"terms": [["x", 2], ["y", 4], ["z", 1]], "sense": sense, "rhs": rhs}
        result = audit({**document(cells), "relations": [sum_of, row]})
        assert result.intervals["t"] == wanted


def test_independent_parts_do_not_disturb_each_other() -> None:
    cells = {"a": None, "b": None, "s": 3, "c": None, "d": None, "t": 8, "alone": None}
    result = audit(document(cells, "a + b = s", "c + d = t"))
    assert result.intervals == {"a": (0, 3), "b": (0, 3), "c": (0, 8), "d": (0, 8), "alone": (0, None)}


def test_totals_that_do_not_add_up_are_named_alone() -> None:
    cells = {"a": 1, "b": 2, "all": 4, "c": 5, "d": 6, "rest": 11}
    result = audit(document(cells, "c + d = rest", "a + b = all"))
    assert (result.consistent, result.intervals, audit_exit_code(result)) == (False, {}, 5)
    assert worded(result) == "What is stated about 'a', 'b' and 'all' cannot all be true together."
    assert result.as_json() == {"consistent": False, "intervals": {}, "exact": [], "where": worded(result)}


def test_a_contradiction_between_blanks_names_all_that_is_needed_and_nothing_else() -> None:
    """Rows say x + y = 3 and columns that each is at most 1; the other total is innocent."""
    cells = {"x": None, "y": None, "s": 3, "x2": 1, "p": None, "q": None, "t": 5}
    text = document(cells, "x + y = s", "p + q = t")
    text["relations"].append({"terms": [["x", 1], ["x2", -1]], "sense": "<="})
    text["relations"].append({"terms": [["y", 1], ["x2", -1]], "sense": "<="})
    text["relations"].append({"terms": [["p", 1]], "sense": ">=", "rhs": 1})
    where = worded(audit(text))
    assert all(f"'{id}'" in where for id in ("x", "y", "s", "x2"))
    assert not any(f"'{id}'" in where for id in ("p", "q", "t"))


def test_whole_numbers_can_contradict_where_fractions_do_not() -> None:
    relations = [
        {"terms": [["x", 1], ["y", 1]], "rhs": 3},
        {"terms": [["x", 1], ["y", -1]], "rhs": 0},
    ]
    result = audit({**document({"x": None, "y": None}), "relations": relations})
    assert worded(result) == "What is stated about 'x' and 'y' cannot all be true together."


def test_even_numbers_have_no_odd_total() -> None:
    """Once s is known, 6x + 10y = 27 remains; before, 5 more unknowns could have made it even."""
    relations = [
        {"terms": [["x", 6], ["y", 10], ["s", -1]], "rhs": 0},
        {"terms": [["s", 1], ["t", 1]], "rhs": 27},
        {"terms": [["s", 1], ["t", -1]], "rhs": 27},
    ]
    result = audit({**document({"x": None, "y": None, "s": None, "t": None}), "relations": relations})
    assert worded(result) == "What is stated about 'x', 'y', 's' and 't' cannot all be true together."
    half = [{"terms": [["x", 1], ["y", 1]], "rhs": 2.5}]
    assert not audit({**document({"x": None, "y": None}), "relations": half}).consistent


@pytest.mark.parametrize(
    ("cells", "more", "sentence"),
    [
        ({"a": -3}, {}, "What is printed for 'a' lies outside the bounds of that quantity."),
        ({"a": 3, "b": 4}, {"equal": [["a", "b"]]}, "'a' and 'b' are the same quantity"),
        ({"a": [4, 1]}, {}, "'value: a' of the document has a lowest number above its highest"),
    ],
)
def test_a_contradiction_of_prints_names_the_cells(cells: dict[str, Any], more: dict[str, Any], sentence: str) -> None:
    result = audit(document(cells, **more))
    assert not result.consistent
    assert sentence in worded(result)


def test_a_cell_given_twice_contradicts_itself() -> None:
    twice = document({"a": 3, "b": 4})
    twice["tables"].append({"id": "U", "cells": [{"id": "a", "value": 3}]})
    result = audit(twice)
    assert worded(result) == "The cell 'a' is given twice; keep one of them."
    assert audit_exit_code(result) == 5


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": "sdc-audit/2"}, '"format": "sdc-audit/1"'),
        ({"relations": [{"terms": [["al", 1]]}]}, "'relations: 1' .* names 'al'.* did you mean 'all'?"),
        ({"relations": [{"terms": [["zzzzz", 1]]}]}, "names 'zzzzz', which is in no table and not in 'hidden'"),
        ({"relations": [{"terms": [["a", "1"]]}]}, "'relations: 1' of the document needs a number"),
        ({"relations": [{"terms": [["a"]]}]}, "needs a list of .id, number."),
        ({"relations": [{"terms": [["a", 1]], "sense": "<"}]}, "needs a 'sense' of =, <= or >="),
        ({"percentages": [{"num": "a", "den": "all", "value": 20.0}]}, "'percentages: 1' .* needs 'decimals'"),
        ({"percentages": [{"num": "a", "den": "x", "value": 2, "decimals": 0}]}, "names 'x'"),
        ({"means": [{"scores": {}, "value": 2, "decimals": 0}]}, "'means: 1' .* needs a list"),
        ({"sensitive": {"b": [0, 5]}}, "'sensitive' of the document names 'b'"),
        ({"sensitive": {"a": 5}}, "'sensitive: a' of the document needs two numbers"),
        ({"bounds": {"a": [0, float("nan")]}}, "'bounds: a' of the document needs a number"),
        ({"equal": [["a", "b"]]}, "names 'b'"),
        ({"tables": [{"cells": [{"value": 3}]}]}, "needs an 'id' that is text"),
        ({"tables": [{"cells": [{"id": "a", "value": "3"}]}]}, "The value of 'a' needs a number"),
        ({"tables": [{"cells": [{"id": "a", "value": True}]}]}, "The value of 'a' needs a number"),
        ({"tables": {"a": 1}}, "'tables' of the document needs a list"),
        ({"hidden": ["a"]}, "Each cell and each hidden quantity"),
    ],
)
def test_what_cannot_be_understood_is_refused_in_a_sentence(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadDeclaration, match=sentence):
        audit({**document({"a": None, "all": 7}), **change})


def _crossing(monkeypatch: pytest.MonkeyPatch, *, guesses: bool) -> Audit:
    """An odd cycle: half of every s is a fraction, so that the search has to branch."""
    monkeypatch.setattr(search, "_NODES", 2)
    if not guesses:
        monkeypatch.setattr(search, "guess", lambda *_, **__: None)
    pairs = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "c")]
    cycle = document(dict.fromkeys("abcde"), bounds={"default": [0, 9]})
    cycle["relations"] = [{"terms": [[p, 1], [q, 1]], "sense": "<=", "rhs": 5} for p, q in pairs]
    cycle["relations"].append({"terms": [[id, 1] for id in "abcde"], "sense": ">=", "rhs": 11})
    return audit(cycle)


def test_a_guess_that_fits_the_rows_exactly_is_a_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    result = _crossing(monkeypatch, guesses=True)
    assert result.intervals == {"a": (1, 4), "b": (1, 4), "c": (1, 3), "d": (1, 4), "e": (1, 4)}
    assert result.unproven == ()


def test_the_auditor_says_which_ends_it_could_not_prove(monkeypatch: pytest.MonkeyPatch) -> None:
    result = _crossing(monkeypatch, guesses=False)
    assert result.as_json()["unproven"] == list(result.unproven) != []


def test_one_solution_of_a_box_does_not_prove_that_another_goes_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    """The vertex, about 1.98, has a denominator of more digits than floating point tells; no other end is reached."""
    monkeypatch.setattr(search, "_NODES", 20)
    rows = (((0, 72979298), (1, 44809906)), 305883657), (((0, 83925063), (1, -41451369)), 17400636)
    part = Part(
        tuple(Row(terms, None, most, at) for at, (terms, most) in enumerate(rows)), (0, 0), (9, 9), (True, True)
    )
    found = search.span(part)
    assert found is not None
    assert (found.low[0], 0 in found.unproven) == (0, True)


def test_equations_without_any_whole_solution_contradict_although_nothing_is_bounded() -> None:
    relations = [
        {"terms": [["x", 1], ["y", 1], ["z", -2]], "rhs": 1},
        {"terms": [["x", 1], ["y", -1]], "rhs": 0},
    ]
    result = audit({**document({"x": None, "y": None, "z": None}), "relations": relations})
    assert worded(result) == "What is stated about 'x', 'y' and 'z' cannot all be true together."


def test_an_end_may_lie_far_inside_what_fractions_allow() -> None:
    """6x - 10y - 15z = 1 has no solution with x < 6, and never an end above."""
    row = {"terms": [["x", 6], ["y", -10], ["z", -15]], "rhs": 1}
    result = audit({**document({"x": None, "y": None, "z": None}), "relations": [row]})
    assert result.intervals == {"x": (6, None), "y": (2, None), "z": (1, None)}
    assert result.unproven == ()


def test_a_search_that_does_not_end_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "guess", lambda *_, **__: None)
    row = {"terms": [["x", 1000003], ["y", -999983]], "rhs": 1}
    with pytest.raises(EvaluationError, match=r"cannot decide .* 'x' and 'y'"):
        audit({**document({"x": None, "y": None}), "relations": [row]})


def test_what_the_solver_writes_past_python_never_reaches_the_output(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    solve = highspy.Highs.run

    def noisy(solver: highspy.Highs) -> Any:
        if solver.getLp().integrality_:
            os.write(1, b"noise")
        return solve(solver)

    monkeypatch.setattr(highspy.Highs, "run", noisy)
    _crossing(monkeypatch, guesses=True)
    os.write(1, b"verdict")
    assert capfd.readouterr().out == "verdict"


def test_the_auditor_imports_nothing_of_the_kit_but_its_errors_and_their_texts() -> None:
    for path in Path(audit.__code__.co_filename).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("evaluation."):
                known = ("evaluation.errors", "evaluation.texts", "evaluation.release.audit.")
                assert str(node.module).startswith(known), f"{path.name} imports {node.module}"
