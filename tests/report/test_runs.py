"""A run brings everything that its notebook showed, or says that it failed."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import numpy
import pytest

from evaluation.errors import BadArgument, RunFailed
from evaluation.report import engine as engines
from evaluation.report import runs
from evaluation.report.engine import warm
from evaluation.texts import say

FUNDER = Path(__file__).parents[2] / "notebooks" / "funder" / "bilateral_summary.ipynb"


def written(folder: Path, *sources: str) -> Path:
    """A notebook n.ipynb with the funder's parameters and one code cell a source."""
    shutil.copyfile(FUNDER.with_suffix(".yml"), folder / "n.yml")
    first = nbformat.v4.new_code_cell('bundle = ""\nlanguage = "en"', metadata={"tags": ["parameters"]})
    cells = [first, *(nbformat.v4.new_code_cell(source) for source in sources)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "n.ipynb")
    return folder / "n.ipynb"


def run(notebook: Path, *, engine: engines.Name | None = None, **parameters: Any) -> Any:
    environment = runs.scrubbed(os.environ)
    return runs.run(notebook, parameters, folder=notebook.parent, environment=environment, engine=engine)


@pytest.mark.parametrize("engine", engines.NAMES if engines.default() == "forked" else ["nbclient"])
def test_all_outputs_of_a_fast_cell_arrive(tmp_path: Path, engine: engines.Name) -> None:
    # ZeroMQ drops what more than a thousand messages wait before.
    fast = "publish = get_ipython().display_pub.publish\nfor n in range(4001): publish(data={'text/plain': str(n)})"
    shown = run(written(tmp_path, fast, "'after'"), engine=engine).cells
    assert [output.data["text/plain"] for output in shown[1].outputs] == [str(n) for n in range(4001)]
    assert [output.data["text/plain"] for output in shown[2].outputs] == ["'after'"]


def test_outputs_that_do_not_arrive_fail_the_run_and_name_the_cell(tmp_path: Path) -> None:
    more = "kernel = get_ipython().kernel\nkernel.session._sent[kernel.get_parent()['header']['msg_id']] += 3"
    with pytest.raises(RunFailed, match="n, cell 3: of its 4 outputs only 1 arrived"):
        run(written(tmp_path, "'before'", f"print('x', flush=True)\n{more}"), engine="nbclient", language="pl")


@pytest.mark.parametrize("engine", engines.NAMES if engines.default() == "forked" else ["nbclient"])
def test_no_setting_of_the_account_reaches_a_notebook_and_a_long_path_stops_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: engines.Name
) -> None:
    home, long = tmp_path / "home", tmp_path / ("x" * 90) / "temporary"
    for folder in (home / ".config" / "matplotlib", home / ".ipython" / "profile_default" / "startup", long):
        folder.mkdir(parents=True)
    (home / ".config" / "matplotlib" / "matplotlibrc").write_text("font.size: 33\n", encoding="utf-8")
    (home / ".ipython" / "profile_default" / "startup" / "a.py").write_text("started = 1\n", encoding="utf-8")
    (home / ".ipython" / "profile_default" / "ipython_config.py").write_text(
        "c.InteractiveShellApp.exec_lines = ['lines = 1']\n", encoding="utf-8"
    )
    for name, value in {"HOME": home, "TMPDIR": long, "XDG_CONFIG_HOME": home / ".config"}.items():
        monkeypatch.setenv(name, str(value))
    for name in ("IPYTHONDIR", "MPLCONFIGDIR", "PYTHONSTARTUP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(warm, "_servers", {})  # one that is started by this account
    monkeypatch.setattr(tempfile, "tempdir", None)
    look = "import matplotlib\nprint(matplotlib.rcParams['font.size'], 'started' in globals(), 'lines' in globals())"
    shown = run(written(tmp_path, look), engine=engine).cells
    warm.stop()
    assert shown[1].outputs[0]["text"] == "10.0 False False\n"
    assert list(long.iterdir()) == []


def test_each_kind_of_output_is_counted(tmp_path: Path) -> None:
    shown = run(
        written(
            tmp_path,
            "import sys\nprint('a')\nprint('b', file=sys.stderr)\nshown = display('c', display_id=True)\n"
            "shown.update('d')\n'e'",
            "print('old')\nfrom IPython.display import clear_output\nclear_output()\nprint('new')",
        )
    ).cells
    told = [output.get("text") or output.data["text/plain"] for output in shown[1].outputs]
    assert sorted(told) == ["'d'", "'e'", "a\n", "b\n"]
    assert [output["text"] for output in shown[2].outputs] == ["new\n"]


def test_no_path_of_the_machine_stands_in_an_executed_notebook(tmp_path: Path) -> None:
    sources = (
        "import warnings, numpy, pathlib, sys\nwarnings.warn('own')",
        "warnings.warn_explicit('theirs', UserWarning, numpy.__file__, 3)",
        "print(pathlib.Path.cwd() / 'release.json', pathlib.Path.home() / 'x', f'file://{sys.executable}')",
        "display({'text/html': f'<a href=\"{pathlib.Path.cwd()}\">x</a>'}, raw=True)\npathlib.Path.cwd()",
    )
    shown = run(written(tmp_path, *sources), language="pl")
    everything = nbformat.writes(shown)
    packages = Path(numpy.__file__).parents[1]
    for place in (tmp_path, tmp_path.resolve(), Path.home(), sys.prefix, packages, Path(os.sep) / "tmp" / "ipykernel"):
        assert str(place) not in everything
    assert "UserWarning: own" in everything
    assert "…/numpy/__init__.py:3: UserWarning: theirs" in everything
    assert shown.cells[4].outputs[0]["text"].startswith("./release.json …/x file://…/bin/python")
    assert shown.cells[5].outputs[0]["data"]["text/html"] == '<a href=".">x</a>'


def test_a_picture_whose_letters_spell_a_path_stays_as_it_is(tmp_path: Path) -> None:
    source = "from pathlib import Path\nletters = f'iVBO={Path.home()}/x='\n"
    shown = run(
        written(
            tmp_path,
            f"{source}html = f'<img src=\"data:image/png;base64,{{letters}}\">'\n"
            "display({'image/png': letters, 'text/html': html}, raw=True)",
        )
    )
    letters = f"iVBO={Path.home()}/x="
    data = shown.cells[1].outputs[0]["data"]
    assert (data["image/png"], data["text/html"]) == (letters, f'<img src="data:image/png;base64,{letters}">')


@pytest.mark.parametrize(
    "path", ["/srv/project/release.json", "C:\\project\\release.json", "\\\\server\\share\\release.json"]
)
def test_a_path_of_the_machine_is_no_parameter(tmp_path: Path, path: str) -> None:
    with pytest.raises(BadArgument, match="'bundle' is a path of this machine"):
        run(written(tmp_path), bundle=path)


def test_only_an_error_of_the_kits_own_class_may_say_more_than_its_kind(tmp_path: Path) -> None:
    own = "from evaluation.errors import RunFailed\nraise RunFailed('the release is not there')"
    with pytest.raises(RunFailed, match="n, code cell 2: the release is not there"):
        run(written(tmp_path, own))
    worded = "from evaluation.errors import BadArgument\nraise BadArgument('project.folder.none', folder='x')"
    with pytest.raises(RunFailed) as told:
        run(written(tmp_path, worded), language="en")
    assert say(told.value.message, "pl").startswith("n, komórka z kodem 2: W x ani wyżej nie ma pliku project.yml")
    assert str(told.value).startswith("n, code cell 2: There is no project.yml in x")
    for name in ("RunFailed", "evaluation.errors.RunFailed"):
        other = f"raise type({name!r}, (Exception,), {{}})('P-017 ticked 4')"
        with pytest.raises(RunFailed) as raised:
            run(written(tmp_path, other))
        assert str(raised.value) == "n, code cell 2: RunFailed"
