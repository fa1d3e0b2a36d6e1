"""Every reference case is reproduced within its tolerance, and a wrong answer would be noticed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from .__main__ import main
from .compare import cases, judge
from .methods import METHODS
from .methods_models import _predictors, _spline

FOLDER = Path(__file__).parent / "cases"
MORE = Path(__file__).parent / "more"  # of our own making, for faults that the first cases did not show
CASES = [pytest.param(file, case, id=case["id"]) for folder in (FOLDER, MORE) for file, case in cases(folder)]


@pytest.mark.parametrize(("file", "case"), CASES)
def test_a_reference_case_is_reproduced(file: str, case: dict[str, Any]) -> None:
    verdict = judge(case, METHODS[file])
    assert verdict.right, verdict


def test_every_registered_method_has_cases_here() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(METHODS)
    assert {path.stem for path in MORE.glob("*.json")} <= set(METHODS)


def _case(expected: dict[str, Any], **params: float) -> dict[str, Any]:
    return {"id": "made", "params": params, "data": {}, "expected": expected}


@pytest.mark.parametrize(
    ("expected", "got", "right"),
    [
        ({"se": 2.0}, {"se": 2.0 * (1 + 9e-9)}, True),
        ({"se": 2.0}, {"se": 2.0 * (1 + 2e-8)}, False),
        ({"p_exact": 1e-12}, {"p_exact": 1e-12 * (1 + 5e-7)}, True),
        ({"p_exact": 1e-9}, {"p_exact": 1e-9 * (1 + 5e-7)}, False),
        ({"ci95": [None, 1.0]}, {"ci95": (None, 1.0)}, True),
        ({"ci95": [None, 1.0]}, {"ci95": (0.0, 1.0)}, False),
        ({"ci95": [0.5, 1.0]}, {"ci95": (0.5, None)}, False),
        ({"ci95": [0.5, 1.0]}, {"ci95": (0.5,)}, False),
        ({"n": 3, "df": 2}, {"n": 3}, False),
        ({"mean": 0}, {"mean": 1e-13}, True),
        ({"mean": 0}, {"mean": 1e-9}, False),
        ({"mean": 1.0}, {"mean": float("nan")}, False),
        ({"mean": float("nan")}, {"mean": 1.0}, False),
        ({"mean": float("nan")}, {"mean": float("nan")}, False),
        ({"high": float("inf")}, {"high": float("inf")}, True),
        ({"high": float("inf")}, {"high": float("-inf")}, False),
        ({"high": 7.0}, {"high": float("inf")}, False),
        ({"mean": 3e-17}, {"mean": -8e-17}, True),
        ({"mean": 3e-17}, {"mean": 2e-12}, False),
        ({"p_exact": 3e-17}, {"p_exact": 8e-17}, False),
        ({"p": 0}, {"p": 9e-13}, True),
        ({"beta": 2.0}, {"beta": [2.0]}, True),
        ({"beta": 2.0}, {"beta": [2.5]}, False),
        ({"beta": 2.0}, {"beta": [2.0, 2.0]}, False),
        ({"beta": [2.0]}, {"beta": 2.0}, False),
        ({"beta": None}, {"beta": [None]}, True),
        ({"wald": [9, 9], "n": 1}, {"n": 1}, True),
    ],
)
def test_an_answer_is_right_only_within_its_tolerance(
    expected: dict[str, Any], got: dict[str, Any], right: bool
) -> None:
    assert judge(_case(expected), lambda data, params: got).right is right


def test_a_named_tolerance_is_for_its_fields_only() -> None:
    expected = {"fiml_se": 1.0, "slope": 1.0}
    near = {"fiml_se": 1.0005, "slope": 1.0}
    far = {"fiml_se": 1.0, "slope": 1.0005}
    assert judge(_case(expected, tolerance_fiml_se=0.001), lambda data, params: near).right
    assert not judge(_case(expected, tolerance_fiml_se=0.001), lambda data, params: far).right


def test_an_exception_of_the_method_is_a_wrong_answer_and_names_it() -> None:
    verdict = judge(_case({"n": 1}), lambda data, params: {"n": 1 / 0})
    assert (verdict.right, verdict.note.split(":")[0]) == (False, "ZeroDivisionError")


def test_the_command_counts_right_wrong_and_uncovered_cases_and_fails_on_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    padj = json.loads((FOLDER / "p_adjust.json").read_text(encoding="utf-8"))
    (tmp_path / "p_adjust.json").write_text(json.dumps(padj), encoding="utf-8")
    (tmp_path / "unheard_of.json").write_text(json.dumps([_case({"x": 1})]), encoding="utf-8")
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "3 right, 0 wrong, 1 not covered"
    padj[1]["expected"]["holm"][2] += 0.01
    (tmp_path / "p_adjust.json").write_text(json.dumps(padj), encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "2 right, 1 wrong, 1 not covered"
    assert "WRONG" in lines[1]
    assert "holm" in lines[1]


def test_the_command_without_a_folder_or_without_cases_ends_with_two(tmp_path: Path) -> None:
    assert main([]) == main([str(tmp_path / "nowhere")]) == main([str(tmp_path)]) == 2


P_ADJUST = {"id": "made", "params": {}, "data": {"p": [0.01, 0.04]}, "expected": {"holm": [0.02, 0.04]}}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([P_ADJUST]),
        "\ufeff" + json.dumps([P_ADJUST]),
        json.dumps(P_ADJUST),
        json.dumps({"cases": [P_ADJUST]}),
        json.dumps([{name: value for name, value in P_ADJUST.items() if name != "params"}]),
        json.dumps([{**P_ADJUST, "params": None}]),
    ],
)
def test_a_file_of_cases_may_be_a_list_or_an_object_with_or_without_a_byte_order_mark(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (tmp_path / "p_adjust.json").write_text(text, encoding="utf-8")
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 right, 0 wrong, 0 not covered"


@pytest.mark.parametrize(
    ("without", "line"),
    [
        ("id", "right        p_adjust: case 1"),
        ("expected", "WRONG        p_adjust: made (worst: the case has no expected fields)"),
        ("data", "WRONG        p_adjust: made (worst: TypeError"),
    ],
)
def test_a_case_without_a_part_is_named_and_the_next_is_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], without: str, line: str
) -> None:
    lacking = {name: value for name, value in P_ADJUST.items() if name != without}
    (tmp_path / "p_adjust.json").write_text(json.dumps([lacking, P_ADJUST]), encoding="utf-8")
    assert main([str(tmp_path)]) == (0 if without == "id" else 1)
    first, second, _ = capsys.readouterr().out.splitlines()
    assert first.startswith(line)
    assert second.startswith("right")


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (b"[{", "p_adjust.json cannot be read as JSON"),
        (b"", "p_adjust.json cannot be read as JSON"),
        (b"\xff\xfe\x00", "p_adjust.json cannot be read as JSON"),
        (b"[3]", "case 1 of p_adjust.json is no object"),
        (b"7", "case 1 of p_adjust.json is no object"),
    ],
)
def test_a_file_that_holds_no_cases_is_a_sentence_and_the_others_are_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], written: bytes, sentence: str
) -> None:
    (tmp_path / "p_adjust.json").write_bytes(written)
    (tmp_path / "unheard_of.json").write_text(json.dumps([_case({"x": 1})]), encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert sentence in lines[0]
    assert lines[0].startswith("UNREADABLE")
    assert lines[-1] == "0 right, 0 wrong, 1 not covered, 1 unreadable"


def test_cases_of_an_unknown_method_are_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "unheard_of.json").write_text(json.dumps([_case({"x": 1})]), encoding="utf-8")
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 right, 0 wrong, 1 not covered"


def test_nobody_s_p_value_stays_missing_and_does_not_count() -> None:
    verdict = judge(
        {**P_ADJUST, "data": {"p": [0.01, None, 0.04]}, "expected": {"holm": [0.02, None, 0.04]}}, METHODS["p_adjust"]
    )
    assert verdict.right, verdict


def test_an_interaction_in_a_formula_is_the_product_of_its_terms() -> None:
    found = _predictors({"a": [1, 2, 3], "b": [2, None, 5]}, {"formula": "y ~ a * b + (1 | id)"})
    assert {name: values.tolist()[::2] for name, values in found.items()} == {"a": [1, 3], "b": [2, 5], "a:b": [2, 15]}
    assert list(_predictors({"a": [1, 2], "b": [2, 4]}, {"formula": "y ~ a + a:b"})) == ["a", "a:b"]


def test_a_constant_term_is_dropped_as_r_drops_it() -> None:
    data = {"a": [1, 2, None], "b": [4, 4, None], "c": [7, 7, 7]}
    assert list(_predictors(data, {"formula": "y ~ a + b + factor(c) + a:b + (1 | id)"})) == ["a", "a:b"]


def test_no_limits_may_be_written_as_nothing_or_as_two_nothings() -> None:
    for expected in (None, [None, None]):
        got = {"ci95": [None, None]}
        assert judge(_case({"ci95": expected}), lambda data, params, got=got: got).right
    assert not judge(_case({"ci95": None}), lambda data, params: {"ci95": [None, 1.0]}).right


def test_the_spline_is_r_s() -> None:
    # R 4.2.2: spline(c(-3, -1.2, 0, 1, 2.5, 4), c(5, 2, .1, -.8, 1, 4), xout = c(-2.5, .5, 3.3))$y
    shown = _spline(np.array([-3, -1.2, 0, 1, 2.5, 4]), np.array([5, 2, 0.1, -0.8, 1, 4]))([-2.5, 0.5, 3.3])
    assert shown == pytest.approx([4.248740675895, -0.517063748067, 2.663032490558], rel=1e-9)
