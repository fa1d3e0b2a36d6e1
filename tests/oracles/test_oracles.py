"""Every reference case is reproduced within its tolerance, and a wrong answer would be noticed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .__main__ import main
from .compare import cases, judge
from .methods import METHODS

FOLDER = Path(__file__).parent / "cases"
CASES = [pytest.param(file, case, id=case["id"]) for file, case in cases(FOLDER)]


@pytest.mark.parametrize(("file", "case"), CASES)
def test_a_reference_case_is_reproduced(file: str, case: dict[str, Any]) -> None:
    verdict = judge(case, METHODS[file])
    assert verdict.right, verdict


def test_every_registered_method_has_cases_here() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(METHODS)


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
