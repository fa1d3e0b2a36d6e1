"""The notebooks keep their rules, run on the example, and show no number that they should not."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from click.testing import CliRunner
from jupyter_client.manager import start_new_kernel

from evaluation import files
from evaluation.cli import main
from evaluation.collect.access import keys
from evaluation.collect.record import entries
from evaluation.errors import BadArgument, RunFailed
from evaluation.project import notebooks
from evaluation.project.notebooks import for_inside, run_inside, run_with_key
from evaluation.report import cell_texts, parameters, runs
from evaluation.report.executed import document as read
from evaluation.texts import LANGUAGES
from tests.conftest import Folder
from tests.fresh import SPARING

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").rglob("*.ipynb"))
INSIDE = [path for path in NOTEBOOKS if path.parent.name == "inside"]
BY_NBVAL = ("7_own_question",)
ELSEWHERE = (*BY_NBVAL, "1_intake_quality")  # a copy of a project runs that one: each is run once, for speed


def cells(path: Path, kind: str) -> list[Any]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def test_there_are_eight_notebooks_for_inside_and_three_for_the_funder() -> None:
    assert [path.stem for path in NOTEBOOKS] == [
        "analytical_report",
        "bilateral_summary",
        "progress_note",
        "0_start_here",
        "1_intake_quality",
        "2_participation",
        "3_outcomes",
        "4_closer_look",
        "5_output_check",
        "6_client_track",
        "7_own_question",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_thin(path: Path) -> None:
    code, told = cells(path, "code"), cells(path, "markdown")
    lines = [cell.source.strip().splitlines() for cell in code]
    assert len(code) + len(told) <= 30
    assert sum(map(len, lines)) <= 60
    assert all(len(cell) <= 6 for cell in lines)
    assert len(told) >= len(code)
    forbidden = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Try, ast.Lambda, ast.comprehension)
    for cell in code:
        assert not any(isinstance(node, forbidden) for node in ast.walk(ast.parse(cell.source)))
        assert not cell.outputs
        assert cell.execution_count is None


@pytest.mark.parametrize("path", INSIDE, ids=lambda path: path.stem)
def test_a_notebook_for_inside_says_on_top_that_it_never_leaves(path: Path) -> None:
    first = cells(path, "markdown")[0].source
    assert "personal data" in first
    assert "never leaves" in first


def headings(text: str) -> list[str]:
    return re.findall(r"^#+ ", text, flags=re.M)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_text_of_a_notebook_stands_in_every_language_and_no_other_does(language: str) -> None:
    english, other = cell_texts.texts("en"), cell_texts.texts(language)
    assert [at for at in other if at not in english] == []
    assert [at for at in english if at not in other] == []
    for at, text in other.items():
        assert headings(text) == headings(english[at]), at
        assert text.count("\n\n") == english[at].count("\n\n"), at
        named, there = (set(re.findall(r"`[^`]+`|docs/[\w-]+\.md", one)) for one in (english[at], text))
        assert {name for name in named if "CODE" not in name} <= there, at
    pairs = {(text, other[at]) for at, text in english.items()}
    assert len(pairs) == len({text for text, _ in pairs}) == len({text for _, text in pairs})  # so either leads back


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_ends_with_what_to_do_next_and_every_section_of_one_for_inside_says_how_to_read_it(
    path: Path,
) -> None:
    told = [cell.source for cell in cells(path, "markdown")]
    assert nbformat.read(path, as_version=4).cells[-1].source == told[-1]
    assert told[-1].startswith("## What next\n")
    if path in INSIDE:
        assert [text for text in told if len(text.split("\n", 1)[-1]) < 50] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_parameters_cell_equals_the_sidecar(path: Path) -> None:
    declared = parameters.sidecar(path).parameters
    found = papermill.inspect_notebook(str(path))
    assert {
        name: (ast.literal_eval(one["default"]), one["inferred_type_name"], one["help"]) for name, one in found.items()
    } == {
        name: ((kind := parameters.TYPES[one.type])(one.default), kind.__name__, one.description["en"])
        for name, one in declared.items()
    }
    first, second = cells(path, "code")[:2]
    assert f'parameters.check("{path.stem}", globals())' in second.source
    tagged = [cell for cell in cells(path, "code") if "parameters" in cell.metadata.get("tags", [])]
    assert tagged == [first]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"langage": "en"}, "did you mean 'language'"),
        ({"language": "de"}, "must be one of en, pl"),
        ({"language": 3}, "needs a text"),
    ],
)
def test_a_bad_parameter_is_refused_before_a_process_starts(
    given: dict[str, Any], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_executed", lambda *_, **__: pytest.fail("a process was started"))
    with pytest.raises(BadArgument, match=sentence):
        runs.run(INSIDE[0], given, folder=tmp_path, environment={})


def test_a_parameter_that_looks_like_a_secret_is_refused_even_if_declared(tmp_path: Path) -> None:
    cell = nbformat.v4.new_code_cell("passphrase = ''", metadata={"tags": ["parameters"]})
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "n.ipynb")
    (tmp_path / "n.yml").write_text(
        "purpose: {en: x}\nparameters:\n  passphrase: {type: str, default: '', description: {en: x}}\n",
        encoding="utf-8",
    )
    with pytest.raises(BadArgument, match="secrets never go into a parameter"):
        parameters.checked(tmp_path / "n.ipynb", {"passphrase": "x"})


def outputs(executed: Any) -> str:
    return json.dumps([cell.get("outputs", []) for cell in executed.cells], ensure_ascii=False)


def test_the_notebooks_for_inside_show_the_numbers_of_the_example(reference: Folder) -> None:
    with reference.open() as project:
        change = project.changes["security"]
        executed = {path.stem: run_with_key(project, path) for path in INSIDE if path.stem not in ELSEWHERE}
    assert f"{change.higher} / {change.same} / {change.lower}" in outputs(executed["3_outcomes"])
    assert "From enrolment to the last wave" in outputs(executed["2_participation"])
    assert "people: 41; answers: 6,851" in outputs(executed["0_start_here"])
    check = outputs(executed["5_output_check"])
    assert "hidden: unsafe itself" in check
    assert "hidden: protects another" in check
    for one in executed.values():
        everything = nbformat.writes(one)  # type: ignore[no-untyped-call]
        assert "papermill" not in json.loads(everything)["metadata"]
        assert not [
            place for place in (reference.path, sys.prefix, NOTEBOOKS[0].parents[2]) if str(place) in everything
        ]
        assert not any(cell.metadata.get("papermill") for cell in one.cells)  # type: ignore[attr-defined]
        with pytest.raises(RunFailed, match=r"cell 6 showed something that is no part of a release"):
            read(one, language="en")


def test_a_copy_of_the_project_elsewhere_opens_its_own_record_in_every_notebook_of_it(
    copied: Folder, tmp_path: Path
) -> None:
    with copied.open() as project:
        (made,) = run_inside(project, for_inside(project.folder, "1"))
    assert isinstance(made, Path)
    assert str(tmp_path) not in made.read_text(encoding="utf-8")
    moved = Folder(tmp_path / "elsewhere" / "project", tmp_path / "elsewhere" / "project" / copied.key_file.name)
    shutil.copytree(copied.path, moved.path)
    with moved.open() as project:
        project.store.append([entries.erasure("P-017", actor="tester")])
        made_again = moved.path / made.relative_to(copied.path)
        before, after = (f">{number}</td>" for number in (41, 40))
        shutil.copyfile(INSIDE[1].with_suffix(".yml"), made_again.with_suffix(".yml"))
        for own in (made_again, moved.path / "notebooks" / made.name):
            with keys.handed_over(project.key) as descriptor:
                environment, handed = runs.scrubbed(os.environ), {keys.DESCRIPTOR: descriptor}
                again = runs.run(own, {}, folder=own.parent, environment=environment, handed=handed)
            assert before in outputs(nbformat.read(made, as_version=4))
            assert "answers" in outputs(nbformat.read(made, as_version=4))
            assert before not in outputs(again)
            assert after in outputs(again)


def one_cell(path: Path, *sources: str) -> None:
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources]), path)


def test_the_folders_notebooks_run_and_those_of_the_kit_that_it_lacks(copied: Folder) -> None:
    shelf = copied.path / "notebooks"
    (shelf / "2_participation.ipynb").unlink()
    (shelf / "2_participation.yml").unlink()
    for name in (NOTEBOOKS[0].stem, "9_plain"):
        shutil.copyfile(NOTEBOOKS[0], shelf / f"{name}.ipynb")
    shutil.copyfile(NOTEBOOKS[0].with_suffix(".yml"), shelf / f"{NOTEBOOKS[0].stem}.yml")  # a funder's runs elsewhere
    changed = nbformat.read(shelf / "3_outcomes.ipynb", as_version=4)
    changed.cells[4].source = "'changed'"
    nbformat.write(changed, shelf / "3_outcomes.ipynb")
    opened = nbformat.read(shelf / "1_intake_quality.ipynb", as_version=4)
    opened.cells[1].outputs = [nbformat.v4.new_output("stream", text="from Lab")]
    nbformat.write(opened, shelf / "1_intake_quality.ipynb")
    found = for_inside(copied.path)
    assert [path.stem for path in found] == [*(path.stem for path in INSIDE), "9_plain"]
    assert [path.stem for path in found if path.parent != shelf] == ["2_participation"]
    assert notebooks.changed(found) == ["3_outcomes.ipynb"]
    for path in shelf.glob("*.ipynb"):
        path.write_text(cell_texts.notebook_in("pl", path), encoding="utf-8")
    assert notebooks.changed(found) == ["3_outcomes.ipynb"]
    with pytest.raises(BadArgument, match=r"No notebook begins with '8'; there are 0_start_here, .* and 9_plain"):
        for_inside(copied.path, "8")


def test_the_command_runs_them_with_parameters_in_a_language_and_one_that_fails_holds_up_no_other(
    copied: Folder,
) -> None:
    shelf = copied.path / "notebooks"
    own_words = [nbformat.v4.new_markdown_cell(text) for text in (cells(INSIDE[0], "markdown")[-1].source, "My own.")]
    for path in INSIDE:
        (shelf / path.name).unlink()
        one_cell(shelf / path.name, "1")
        (shelf / path.with_suffix(".yml").name).unlink()
    one_cell(shelf / "8_own.ipynb", "raise ValueError('P-017')")
    own = nbformat.v4.new_code_cell("n = 1\nlanguage = 'en'", metadata={"tags": ["parameters"]})
    every = [own, nbformat.v4.new_code_cell("print(n, language)"), *own_words]
    nbformat.write(nbformat.v4.new_notebook(cells=every), shelf / "9_own.ipynb")
    kept = copied.path / "inside" / "pl" / "8_own.ipynb"
    files.write(files.private_folder(files.private_folder(kept.parents[1]) / "pl") / kept.name, "an earlier run's")
    made = CliRunner().invoke(main, copied.arguments("notebooks", "--language", "pl", "-p", "n=3"))
    assert (made.exit_code, "Traceback" in made.output, "P-017" in made.output) == (11, False, False), made.output
    assert "Notatniki 0_start_here.ipynb, 1_intake_quality.ipynb" in made.output
    assert "8_own, komórka z kodem 1: ValueError" in made.output
    assert "Nie udał się 1 notatnik z 10" in made.output
    assert "#" not in made.output  # no bar where nobody looks
    there = sorted((copied.path / "inside" / "pl").iterdir())
    assert [path.stem for path in there] == [*(path.stem for path in INSIDE), "8_own.partial", "9_own"]
    assert {path.stat().st_mode & 0o777 for path in there} == {0o600}
    assert "3 pl\\n" in there[-1].read_text(encoding="utf-8")
    assert [text.source.split("\n")[0] for text in cells(there[-1], "markdown")] == ["## Co dalej", "My own."]
    for given, said in ((["-p", "m=3"], "ma parametru „m”"), (["-p", "n=3", "-p", "n=4"], "„n” podano dwa razy")):
        refused = CliRunner().invoke(main, copied.arguments("notebooks", "--only", "9", "--language", "pl", *given))
        assert (refused.exit_code, said in refused.output) == (2, True), refused.output


@pytest.mark.parametrize("name", ["x.partial.ipynb", "x.Partial.ipynb"])  # the same file where case says nothing
def test_a_notebook_that_is_called_as_a_failed_one_is_kept_is_refused_before_anything_runs(
    copied: Folder, name: str
) -> None:
    for path in ("x.ipynb", name):
        one_cell(copied.path / "notebooks" / path, "open('ran', 'w')")
    said = CliRunner().invoke(main, copied.arguments("notebooks", "--only", "x", "--language", "en"))
    assert (said.exit_code, f"{name} was not run" in said.output) == (2, True), said.output
    assert not [*copied.path.rglob("ran")]


def test_nbval_accepts_the_notebooks_in_the_folder_of_the_example(copied: Folder, reported: Folder) -> None:
    shelf = copied.path / "notebooks"
    for path in INSIDE:
        if path.stem not in BY_NBVAL:
            (shelf / path.name).unlink()
    shutil.copyfile(NOTEBOOKS[1], shelf / NOTEBOOKS[1].name)
    shutil.copyfile(reported.path / "releases" / "final.json", shelf / "release.json")
    said = subprocess.run(
        [sys.executable, "-c", f"{SPARING}; import pytest; raise SystemExit(pytest.console_main())",
         "--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider", str(shelf)],
        env={**os.environ, "EVALUATION_KEY_FILE": str(copied.key_file)},
        cwd=copied.path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stdout[-3000:]
    assert "passed" in said.stdout


def test_a_funder_notebook_cannot_open_the_record(reference: Folder, tmp_path: Path) -> None:
    notebook = tmp_path / "thief.ipynb"
    shutil.copyfile(NOTEBOOKS[0].with_suffix(".yml"), notebook.with_suffix(".yml"))
    node = nbformat.v4.new_notebook()
    node.cells = [
        nbformat.v4.new_code_cell('bundle = ""\nlanguage = "en"', metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(
            f"from evaluation.project import open_project\nproject = open_project({str(reference.path)!r})"
        ),
    ]
    nbformat.write(node, notebook)
    environment = {**os.environ, "EVALUATION_KEY_FILE": str(reference.key_file), "EVALUATION_PASSPHRASE": "open sesame"}
    with pytest.raises(RunFailed) as raised:
        runs.run(notebook, {"language": "en"}, folder=tmp_path, environment=runs.scrubbed(environment))
    assert "code cell 2" in str(raised.value)


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """A kernel as JupyterLab starts one on a Polish system: what is shown of the error of a cell."""
    manager, client = start_new_kernel(cwd=str(tmp_path), env={**os.environ, "LC_ALL": "pl_PL.UTF-8"})

    def shown(code: str) -> str:
        told: list[str] = []
        client.execute_interactive(
            code,
            timeout=60,
            output_hook=lambda message: told.extend(message["content"].get("traceback", ())),
        )
        return "".join(told)

    yield shown
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_a_kernel_words_errors_for_its_notebook_else_for_its_project_else_for_its_system(
    kernel: Callable[[str], str], reference: Folder
) -> None:
    fails = "; open_project('nowhere')"
    english, polish = "There is no project.yml in nowhere", "W nowhere ani wyżej nie ma pliku project.yml"
    given = f"{str(reference.path)!r}, key_file=Path({str(reference.key_file)!r})"
    assert kernel(f"from pathlib import Path; from evaluation import open_project{fails}").startswith(polish)
    assert kernel(f"project = open_project({given}){fails}").startswith(english)
    assert kernel(f"language = 'pl'{fails}").startswith(polish)
    assert kernel(f"language = 'xx'{fails}").startswith(english)
    assert kernel(f"del language; project = open_project({given}, language='pl'){fails}").startswith(polish)


def test_what_a_failing_cell_says_never_repeats_data(tmp_path: Path) -> None:
    notebook = tmp_path / "n.ipynb"
    shutil.copyfile(NOTEBOOKS[0].with_suffix(".yml"), notebook.with_suffix(".yml"))
    node = nbformat.v4.new_notebook()
    node.cells = [
        nbformat.v4.new_code_cell('bundle = ""\nlanguage = "en"', metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("raise ValueError('P-017 ticked 4')"),
    ]
    nbformat.write(node, notebook)
    with pytest.raises(RunFailed) as raised:
        runs.run(notebook, {}, folder=tmp_path, environment=runs.scrubbed(os.environ))
    assert str(raised.value) == "n, code cell 2: ValueError"
