"""Parameters are typed wherever a notebook is started: a value that does not fit, or would not arrive, is refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from evaluation.errors import BadArgument, BadDeclaration, EvaluationError
from evaluation.report import parameters
from tests.fresh import SPARING

SHELF = Path(__file__).parents[2] / "notebooks" / "inside"
CLOSER = SHELF / "4_closer_look.ipynb"

SIDECAR = """
purpose: {en: x}
parameters:
  n: {type: int, default: "1", range: [0, 20], description: {en: x}}
  share: {type: float, default: "0.5", description: {en: x}}
  deep: {type: bool, default: "false", description: {en: x}}
  language: {type: language, default: en, description: {en: x}}
"""
CELL = "n: int = 1  # how many\nshare = 0.5\ndeep = False\nlanguage = 'en'"


def written(folder: Path, *tagged: str, sidecar: str = SIDECAR) -> Path:
    """A notebook with one cell a source, each tagged as parameters."""
    cells = [nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]}) for source in tagged]
    nbformat.write(nbformat.v4.new_notebook(cells=[*cells, nbformat.v4.new_code_cell("1")]), folder / "n.ipynb")
    if sidecar:
        (folder / "n.yml").write_text(sidecar, encoding="utf-8")
    return folder / "n.ipynb"


@pytest.mark.parametrize(
    ("given", "typed"),
    [
        ({"n": "7"}, 7), ({"n": "+20"}, 20), ({"n": "0"}, 0), ({"n": 3}, 3),
        ({"share": "1e-3"}, 0.001), ({"share": ".5"}, 0.5), ({"share": "2."}, 2.0), ({"share": 2}, 2.0),
        ({"deep": "True"}, True), ({"deep": True}, True), ({"language": "pl"}, "pl"),
    ],
)  # fmt: skip
def test_a_value_arrives_as_its_type(tmp_path: Path, given: dict[str, Any], typed: object) -> None:
    (value,) = parameters.checked(written(tmp_path, CELL), given).values()
    assert (value, type(value)) == (typed, type(typed))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"n": "1_0"}, "a whole number in plain digits"), ({"n": "١"}, "a whole number"), ({"n": " 1"}, "a whole"),
        ({"n": "1.0"}, "a whole number"), ({"n": True}, "a whole number"), ({"n": "9" * 5000}, "a whole number"),
        ({"n": "21"}, "between 0 and 20"), ({"n": "-1"}, "between 0 and 20"),
        ({"share": "inf"}, "a number in plain digits"), ({"share": "nan"}, "a number"), ({"share": "1e999"}, "a num"),
        ({"share": "1_0.5"}, "a number in plain"), ({"share": float("inf")}, "a number"), ({"share": "."}, "a number"),
        ({"deep": "yes"}, "true or false"), ({"deep": 1}, "true or false"), ({"language": "xx"}, "one of en, pl"),
        ({"langage": "pl"}, "did you mean 'language'"), ({"language": "/en"}, "is a path of this machine"),
    ],
)  # fmt: skip
def test_a_value_that_is_no_plain_one_is_refused(tmp_path: Path, given: dict[str, Any], said: str) -> None:
    with pytest.raises(BadArgument) as refused:
        parameters.checked(written(tmp_path, CELL), given)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("tagged", "said"),
    [
        ((), "gives nothing, and n.yml"),
        ((CELL, CELL), "more than one cell"),
        ((CELL.replace("share = 0.5\n", ""),), "deep (bool), language (str) and n (int), and n.yml beside it"),
        ((CELL.replace("0.5", "'0.5'"),), "share (str)"),
        ((CELL + "\nother = 1",), "other (int)"),
        (("n = = 1",), "gives nothing"),
    ],
)
def test_a_cell_in_which_values_would_not_arrive_is_refused(tmp_path: Path, tagged: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadDeclaration) as refused:
        parameters.checked(written(tmp_path, *tagged), {})
    assert said in str(refused.value)


def test_a_notebook_without_a_sidecar_is_typed_by_its_parameters_cell(tmp_path: Path) -> None:
    own = written(tmp_path, "n = 1\nname: str = 'x'\ncodes = ['a']\nimport os", sidecar="")
    assert parameters.checked(own, {"n": "3", "name": "y"}) == {"n": 3, "name": "y"}
    for given, said in (({"n": "y"}, "a whole number"), ({"nam": "y"}, "did you mean 'name'"), ({"codes": "b"}, "no")):
        with pytest.raises(BadArgument, match=said):
            parameters.checked(own, given)
    (tmp_path / "n.ipynb").write_text("{}", encoding="utf-8")
    with pytest.raises(BadDeclaration, match=r"n\.ipynb is no notebook"):
        parameters.checked(own, {})


def test_what_no_notebook_takes_is_refused_and_what_one_takes_reaches_it_alone() -> None:
    both = [SHELF / "3_outcomes.ipynb", CLOSER]
    assert parameters.checked_each(both, {"seed": "3", "language": "pl"}) == [
        {"language": "pl"}, {"seed": 3, "language": "pl"},
    ]  # fmt: skip
    with pytest.raises(BadArgument, match="did you mean 'language'"):
        parameters.checked_each(both, {"seed": "3", "languag": "pl"})
    with pytest.raises(BadArgument, match="no parameter 'seed'"):
        parameters.checked_each(both[:1], {"seed": "3"})


GIVEN = {"folder": ".", "language": "en", "seed": 1}
PARAMETERS = 'folder = "."\nlanguage = "en"\nseed = 1'


@pytest.mark.parametrize(
    ("values", "before", "said"),
    [
        ({}, [PARAMETERS], ""),
        ({"seed": 0}, [PARAMETERS, "# Parameters\nseed = 0"], ""),
        ({}, ["x = 3", "print(2)", PARAMETERS], ""),
        (
            {},
            [PARAMETERS, "# Parameters\nseed = 1", "look = project.frames"],
            "",
        ),  # run again in the midst
        ({"seed": "1"}, [PARAMETERS], "a whole number"),
        ({"seed": 1_000_001}, [PARAMETERS], "between 0 and"),
        ({"language": "de"}, [PARAMETERS], "must be one of"),
        ({"folder": "/srv/other"}, [PARAMETERS], "is a path of this machine"),
        ({"sead": 1}, [PARAMETERS, "# Parameters\nsead = 1"], "did you mean 'seed'"),
        ({"sead": 1}, [PARAMETERS.replace("seed", "sead")], "did you mean 'seed'"),
        ({}, [PARAMETERS, "# Parameters\nseed = 5", PARAMETERS], "sets them anew"),
        ({}, ["# Parameters\nseed = 5", PARAMETERS], "sets them anew"),
        ({}, ["# Parameters\nseed = 5", "look = 1", PARAMETERS], ""),
    ],
)
def test_a_notebook_itself_holds_its_values_against_the_sidecar(
    values: dict[str, Any], before: list[str], said: str
) -> None:
    known = {**GIVEN, **values, "In": ["", *before, "parameters.check('4_closer_look', globals())"]}
    if not said:
        parameters.check("4_closer_look", known)
        return
    with pytest.raises(BadArgument) as refused:
        parameters.check("4_closer_look", known)
    assert said in str(refused.value)


def test_a_parameter_without_a_value_and_a_notebook_without_a_sidecar_are_named() -> None:
    with pytest.raises(BadArgument, match="the parameter 'seed' has no value"):
        parameters.check("4_closer_look", {"folder": ".", "language": "en"})
    with pytest.raises(EvaluationError, match=r"4_closer_lok\.yml is missing"):
        parameters.check("4_closer_lok", GIVEN)


def test_plain_papermill_refuses_a_misspelt_parameter_and_shows_the_right_ones(tmp_path: Path) -> None:
    """Without a key either: each time our sentence, and no traceback."""
    shutil.copyfile(CLOSER, tmp_path / "n.ipynb")
    script = (
        f"{SPARING}\nimport papermill\n"
        "from papermill.inspection import display_notebook_help\n"
        "from click import Context, Command\n"
        "display_notebook_help(Context(Command('papermill')), 'n.ipynb', {})\n"
        "for given in ({'langage': 'pl'}, {'seed': -1}, {}):\n"
        "    try: papermill.execute_notebook('n.ipynb', None, given, kernel_name='python3', progress_bar=False)\n"
        "    except Exception as error: print(str(error)[-500:])\n"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EVALUATION_")}
    (tmp_path / "project").mkdir()
    said = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=clean, capture_output=True, text=True, check=True
    ).stdout
    assert "seed: int (default 1)" in said
    assert "seed of the imputations" in said
    assert "4_closer_look has no parameter 'langage'; did you mean 'language'?" in said
    assert "4_closer_look: 'seed' must lie between 0 and 1,000,000." in said
    assert "There is no project.yml in ." in said
    assert "Traceback" not in said
