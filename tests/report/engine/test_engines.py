"""Both engines show the same; a notebook in a forked process knows nothing of another and leaves nothing behind."""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from papermill.engines import papermill_engines

from evaluation.collect.access import keys
from evaluation.errors import RunFailed
from evaluation.project.notebooks import run_with_key
from evaluation.report import engine as engines
from evaluation.report import runs
from evaluation.report.engine import Name, warm
from tests.conftest import Folder
from tests.fresh import SPARING, Started

ROOT = Path(__file__).parents[3]
FUNDER = ROOT / "notebooks" / "funder" / "bilateral_summary.ipynb"
INSIDE = ROOT / "notebooks" / "inside" / "2_participation.ipynb"

pytestmark = pytest.mark.skipif(engines.default() != "forked", reason="the system has no forked engine")


def written(folder: Path, *sources: str) -> Path:
    """A notebook n.ipynb with the funder's parameters and one code cell a source."""
    folder.mkdir(exist_ok=True)
    shutil.copyfile(FUNDER.with_suffix(".yml"), folder / "n.yml")
    first = nbformat.v4.new_code_cell('bundle = ""\nlanguage = "en"', metadata={"tags": ["parameters"]})
    cells = [first, *(nbformat.v4.new_code_cell(source) for source in sources)]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), folder / "n.ipynb")
    return folder / "n.ipynb"


def run(notebook: Path, *, engine: Name = "forked", seconds: int = 600, **parameters: Any) -> Any:
    environment = runs.scrubbed(os.environ)
    return runs.run(
        notebook, parameters, folder=notebook.parent, environment=environment, engine=engine, seconds=seconds
    )


def text(executed: Any, cell: int) -> str:
    """What a cell printed."""
    return "".join(output["text"] for output in executed.cells[cell].outputs if output.output_type == "stream")


def shown(executed: Any) -> list[tuple[Any, ...]]:
    """Each cell's number and outputs; printed text of one stream together, as engines differ in how it is cut."""
    found = []
    for cell in executed.cells:
        outputs = cell.get("outputs", [])
        printed = {name: "".join(o.text for o in outputs if o.get("name") == name) for name in ("stdout", "stderr")}
        others = [output for output in outputs if output.output_type != "stream"]
        found.append((cell.get("execution_count"), printed, others))
    return json.loads(json.dumps(found, ensure_ascii=False))  # type: ignore[no-any-return]


# --- the same as the reference -------------------------------------------------------------------

CELLS = (
    "import sys\nprint('ż')\nprint('b', file=sys.stderr)\n1 + 1",
    "2;",
    "display({'text/html': '<b>x</b>', 'application/vnd.own+json': {'a': [1, None]}}, raw=True)",
    "display({'image/png': 'iVBO'}, raw=True, metadata={'image/png': {'alt': 'in words'}})",
    "handle = display('first', display_id='here')\nprint('between')",
    "handle.update('second')",
    "from IPython.display import clear_output, Image, HTML\nprint('old')\nclear_output(wait=True)\nprint('new')",
    "print('gone')\nclear_output()",
    "HTML('<i>y</i>')",
    "class Whole:\n    def _repr_mimebundle_(self, **_): return {'text/plain': 'w'}, {'text/plain': {'k': 1}}\nWhole()",
    "import pandas as pd\npd.DataFrame({'a': [1.5, None], 'b': ['ą', 'y'], **{f'wide {n}': n for n in range(12)}})",
    "import matplotlib.pyplot as plt\nplt.plot([3, 1, 2])\nplt.title('Wynik')",
    "fig, ax = plt.subplots(figsize=(2, 1), dpi=50)\nax.bar([0, 1], [2, 5])\ndisplay(fig, metadata={'image/png': "
    "{'alt': 'bars'}})\nplt.close()",
    "!echo with a mark",
    "await __import__('asyncio').sleep(0, 'awaited')",
    "_, __, In[4], Out[3]",
    "language, bundle, __name__, sys.modules['__main__'].language",
    "print('\\udc80 of a name that is no text')",
    "from pathlib import Path\nPath.cwd().name, sorted(p.name for p in Path().iterdir())",
    "import importlib.util\nimportlib.util.find_spec('beside') is None",
)


def test_both_engines_show_the_same_of_every_kind_of_cell(tmp_path: Path) -> None:
    notebook = written(tmp_path / "here", *CELLS)
    (tmp_path / "here" / "beside.py").write_text(
        "'no folder of a notebook is searched for modules'\n", encoding="utf-8"
    )
    forked, reference = (shown(run(notebook, engine=engine, language="pl")) for engine in engines.NAMES)
    assert forked == reference
    assert forked[6][2][0]["data"]["text/plain"] == "'second'"
    assert forked[13][2][1]["data"]["image/png"].startswith("iVBO")
    assert len(forked) == len(CELLS) + 2


def test_a_wide_table_is_the_same_where_the_server_has_imported_pandas(tmp_path: Path) -> None:
    notebook = written(tmp_path, "import pandas as pd\npd.DataFrame({f'column {n}': [n] for n in range(12)})")
    here: dict[str, Any] = {"folder": tmp_path, "environment": runs.scrubbed(os.environ), "modules": ("pandas",)}
    forked, reference = (shown(runs.run(notebook, {}, engine=engine, **here)) for engine in engines.NAMES)
    assert forked == reference
    assert "column 6" in forked[1][2][0]["data"]["text/plain"]


def test_both_engines_show_the_same_of_the_kits_own_notebooks(reported: Folder, tmp_path: Path) -> None:
    shutil.copyfile(reported.path / "releases" / "final.json", tmp_path / "release.json")
    environment = runs.scrubbed(os.environ)
    funder = [
        runs.run(FUNDER, {"language": "pl"}, folder=tmp_path, environment=environment, engine=engine)
        for engine in engines.NAMES
    ]
    with reported.open() as project:
        with project.handed_over() as handed:  # one finds measured what the other measures for itself
            inside = [run_with_key(project, INSIDE, engine="forked", handed=handed)]
        inside.append(run_with_key(project, INSIDE, engine="nbclient"))
    for pair in (funder, inside):
        forked, reference = map(shown, pair)
        assert forked == reference
        assert sum("image/png" in output.get("data", {}) for cell in forked for output in cell[2]) > 3


@pytest.mark.parametrize(
    ("source", "kind", "tried"),
    [
        ("raise ValueError('P-017 ticked 4')", "ValueError", engines.NAMES[:1]),
        ("1 +", "SyntaxError", engines.NAMES[:1]),
        ("input('who?')", "StdinNotImplementedError", engines.NAMES),
        ("raise BadArgument('report.error.stem', stem='s')", "'s' is no name for a file; use", engines.NAMES),
    ],
)
def test_a_cell_that_fails_is_named_and_what_it_said_is_not_repeated(
    tmp_path: Path, source: str, kind: str, tried: tuple[Name, ...]
) -> None:
    for engine in tried:
        with pytest.raises(RunFailed) as raised:
            run(
                written(tmp_path, "from evaluation.errors import BadArgument", source, "2"),
                engine=engine,
                language="en",
            )
        assert str(raised.value).startswith(f"n, code cell 3: {kind}")
        assert "P-017" not in str(raised.value)


def test_the_engine_is_papermills_by_its_name(tmp_path: Path) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    ((name, place),) = declared["papermill.engine"].items()
    papermill_engines.register(name, importlib.metadata.EntryPoint(name, place, "papermill.engine").load())
    notebook = written(tmp_path, "import os\nprint(os.getcwd(), os.environ['MARK'])")
    done = subprocess.run(
        [sys.executable, "-c", f"{SPARING}; from papermill.engines import papermill_engines as known\n"
         "from importlib.metadata import EntryPoint\n"
         f"known.register({name!r}, EntryPoint({name!r}, {place!r}, 'papermill.engine').load())\n"
         "from papermill.__main__ import papermill\n"
         "papermill(['n.ipynb', 'done.ipynb', '--engine', 'evaluation', '-k', 'python3', '-p', 'language', 'pl'])"],
        cwd=tmp_path, env={**os.environ, "MARK": "kept"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert text(nbformat.read(tmp_path / "done.ipynb", as_version=4), 2) == f"{notebook.parent} kept\n"


# --- nothing of another notebook -------------------------------------------------------------------


def test_a_notebook_finds_nothing_of_the_one_before(tmp_path: Path) -> None:
    mark = (
        "import evaluation, os, sys, random, numpy, matplotlib, warnings\n"
        "print(hasattr(evaluation, 'mark'), os.environ.get('MARK'), 'own' in globals(), 'own' in sys.modules)\n"
        "print(matplotlib.rcParams['font.size'], len(warnings.filters), numpy.random.random(), random.random())\n"
        "evaluation.mark = own = sys.modules['own'] = os.environ['MARK'] = 'x'\n"
        "matplotlib.rcParams['font.size'] = 33; warnings.simplefilter('error'); os.chdir('/')"
    )
    runs.warm_up(["numpy.random"])
    first, second = (run(written(tmp_path, mark)) for _ in range(2))
    before, after = (text(one, 1).split() for one in (first, second))
    assert before[:4] == after[:4] == ["False", "None", "False", "False"]
    assert before[4:6] == after[4:6]
    assert before[6] != after[6]  # each draws its own random numbers
    assert before[7] != after[7]


def test_a_notebook_without_a_key_holds_no_descriptor_of_one_that_had_it(reference: Folder, tmp_path: Path) -> None:
    look = (
        "import os\nopen_ones = {n: os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd') "
        "if os.path.lexists(f'/proc/self/fd/{n}')}\n"
        "print(len([p for p in open_ones.values() if p.startswith('pipe')]), "
        "len([p for p in open_ones.values() if p.startswith('socket')]), "
        "*(str([os.readlink(f'/proc/{who}/fd/{n}') for n in os.listdir(f'/proc/{who}/fd') "
        "if os.path.lexists(f'/proc/{who}/fd/{n}')]).count('/memfd:') for who in ('self', os.getppid())))"
    )
    notebook = written(tmp_path, look)
    alone = text(run(notebook), 1)
    with (
        reference.open() as project,
        keys.handed_over(project.key) as descriptor,
        project.handed_over() as measured,
    ):
        given, handed = runs.scrubbed(os.environ), {keys.DESCRIPTOR: descriptor, **measured}
        keyed = runs.run(notebook, {}, folder=tmp_path, environment=given, handed=handed, engine="forked")
        while_it_is_open = text(run(notebook), 1)
    pipes, sockets, *memories = map(int, alone.split())
    assert (sockets, memories) == (1, [0, 0])  # neither it nor the process that it was forked from
    assert text(keyed, 1) == f"{pipes + 1} 1 1 0\n"
    assert while_it_is_open == text(run(notebook), 1) == alone


def test_no_secret_of_the_environment_reaches_the_server_or_a_funders_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVALUATION_PASSPHRASE", "open sesame")
    monkeypatch.setattr(warm, "_servers", {})  # so that one is started with it
    look = "import os\nfor place in ('self', os.getppid()): print(open(f'/proc/{place}/environ').read().split('\\0'))"
    said = text(run(written(tmp_path, f"{look}\nprint(list(os.environ))")), 1)
    warm.server().close()
    assert "OMP_NUM_THREADS=1" in said
    assert "EVALUATION" not in said


def test_the_server_has_one_thread_and_no_sockets_of_a_kernel(tmp_path: Path) -> None:
    look = (
        "import os, zmq\nparent = os.getppid()\nprint(len(os.listdir(f'/proc/{parent}/task')), zmq.Context._instance, "
        "'matplotlib' in __import__('sys').modules)"
    )
    assert text(run(written(tmp_path, look)), 1) == "1 None True\n"


ELSEWHERE = (
    "open('../other/theirs', 'w')",
    "open('../other/theirs', 'ab')",
    "open('../other/theirs', 'r+')",
    "open('../herewith', 'x')",
    "os.open(os.path.abspath('../other/new'), os.O_CREAT)",
    "open('out/theirs', 'w')",
    "os.remove('out/theirs')",
    "os.remove('theirs', dir_fd=os.open('out', os.O_RDONLY))",
    "os.rename('n.yml', '../other/new')",
    "os.replace('../other/theirs', 'taken')",
    "os.link('../other/theirs', 'taken')",
    "os.symlink('n.yml', '../other/new')",
    "os.mkdir(b'../other/new')",
    "__import__('shutil').rmtree('../other')",
    "os.truncate('../other/theirs', 0)",
    "os.chmod('../other/theirs', 0)",
    "os.utime('../other/theirs', (0, 0))",
)
"""The ways in which Python may change what lies beside a notebook's folder, into which ``out`` leads."""
HERE = (
    "open('own', 'x').write('kept')\nopen('own', 'a').close()\nopen('../other/theirs').read()",
    "os.remove('out')\nos.symlink('../other', 'out')\nos.link('own', 'linked')",
    "os.makedirs('a/b')\n__import__('shutil').rmtree('a')\nos.rename('linked', os.path.abspath('moved'))",
    "__import__('tempfile').NamedTemporaryFile().write(b'x')\n__import__('tempfile').mkdtemp()",
    "os.truncate('moved', 1)\nos.chmod('moved', 0o600)\nfile = open('moved', 'w')\nos.truncate(file.fileno(), 0)",
    "__import__('subprocess').run('true', stdin=-3)\nopen(os.devnull, 'w').write('x')",
)


@pytest.mark.parametrize("engine", engines.NAMES)
def test_a_notebook_writes_in_its_folder_and_its_temporary_one_and_nowhere_else(
    tmp_path: Path, engine: Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, temporary = tmp_path / "other", tmp_path / "temporary"
    other.mkdir()
    temporary.mkdir()
    (other / "theirs").write_text("kept", encoding="utf-8")
    os.utime(other / "theirs", (1, 1))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    refused = [f"try: {source}\nexcept PermissionError as error: print(error.exit_code)" for source in ELSEWHERE]
    notebook = written(tmp_path / "here", "import os", *refused, *HERE)
    (notebook.parent / "out").symlink_to(other)
    executed = run(notebook, engine=engine)
    assert [text(executed, 2 + at) for at in range(len(ELSEWHERE))] == ["11\n"] * len(ELSEWHERE)
    assert [path.name for path in other.iterdir()] == ["theirs"]
    assert ((other / "theirs").read_text(), (other / "theirs").stat().st_mtime) == ("kept", 1)
    assert {path.name for path in notebook.parent.iterdir()} == {"n.ipynb", "n.yml", "out", "own", "moved"}
    assert [*temporary.iterdir()] == []
    with pytest.raises(RunFailed, match="cell 2: it would have written outside its folder") as raised:
        run(written(tmp_path / "here", "open('../other/P-017.csv', 'w')"), engine=engine)
    assert "P-017" not in str(raised.value)


def test_matplotlib_keeps_its_fonts_on_a_machine_where_it_never_ran_and_a_pipe_is_written_to(tmp_path: Path) -> None:
    look = (
        "import sys; from evaluation.report.engine import confined; confined.to(sys.argv[1]); import matplotlib, os\n"
        "places = {matplotlib.get_cachedir(), matplotlib.get_configdir()}\n"
        "open(os.path.join(matplotlib.get_cachedir(), 'fonts'), 'w').close()\n"
        "open('/dev/stdout', 'w').write('\\n'.join(sorted(places)))"
    )
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "MPL"))}
    for at, more in enumerate(({}, {"XDG_CACHE_HOME": "xdg"}, {"MPLCONFIGDIR": "own"})):
        home = tmp_path / str(at)
        home.mkdir()
        environment = plain | {"HOME": str(home)} | {name: str(home / value) for name, value in more.items()}
        command = [sys.executable, "-c", look, str(tmp_path / "here")]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert (done.stderr, done.returncode) == ("", 0)
        assert all(Path(place).is_relative_to(home) for place in done.stdout.split())


# --- nothing is left ---------------------------------------------------------------------------------


def gone(process: int) -> bool:
    """Whether it has ended; one that only waits to be asked for its end has."""
    with contextlib.suppress(OSError):
        return "\nState:\tZ" in Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return True


def waits_for(state: Callable[[], object]) -> bool:
    until = time.monotonic() + 120
    while not state() and time.monotonic() < until:
        time.sleep(0.02)
    return bool(state())


NOTED = (
    "import os, subprocess, time\nother = subprocess.Popen(['sleep', '1000'])\n"
    "apart = subprocess.Popen(['sh', '-c', 'sleep 1000; true'], start_new_session=True)\n"
    "open('noted', 'w').write(f'{os.getpid()} {other.pid} {apart.pid}')"
)


def noted(folder: Path) -> list[int]:
    assert waits_for(lambda: any(path.read_text().count(" ") for path in folder.rglob("noted")))
    return [int(process) for path in folder.rglob("noted") for process in path.read_text().split()]


@pytest.mark.parametrize(
    ("source", "seconds", "said"),
    [
        ("os._exit(0)", 600, "its process ended before the cell was done"),
        ("os.kill(os.getpid(), 9)", 600, "its process ended before the cell was done"),
        ("while True: pass", 1, "was stopped because it was not done after 1 second;"),
        ("print('x' * 2**20)\nwhile True: time.sleep(0.1); print('y', flush=True)", 1, "not done after 1 second;"),
        ("while True: print('x' * 10_000)", 600, "the notebook had shown more than 64 MB"),
        ("display({'text/plain': 'x' * 65 * 2**20}, raw=True)", 600, "the notebook had shown more than 64 MB"),
        ("while True: subprocess.run(['seq', '100000'])", 600, "the notebook had shown more than 64 MB"),
    ],
)
def test_a_notebook_that_does_not_come_to_its_end_is_one_failure_with_its_cell(
    tmp_path: Path, source: str, seconds: int, said: str
) -> None:
    with pytest.raises(RunFailed) as raised:
        run(written(tmp_path, NOTED, source), seconds=seconds, language="en")
    assert str(raised.value).startswith("n, cell 3")
    assert said in str(raised.value)
    assert all(waits_for(lambda process=process: gone(process)) for process in noted(tmp_path))
    assert text(run(written(tmp_path, "print('and on')")), 1) == "and on\n"


def test_what_a_notebook_that_is_done_leaves_running_ends_with_it(tmp_path: Path) -> None:
    run(written(tmp_path, NOTED, "import atexit\natexit.register(lambda: open('end', 'w'))\nown = open('own', 'w')",
                "ring = [open('ring', 'w')]\nring.append(ring)\nring[0].write('kept too')",
                "import threading, time\n"
                "threading.Thread(target=lambda: (time.sleep(0.2), open('late', 'w').close())).start()",
                "own.write('kept')"))  # fmt: skip
    assert all(waits_for(lambda process=process: gone(process)) for process in noted(tmp_path))
    assert (tmp_path / "end").exists()
    assert (tmp_path / "own").read_text() == "kept"
    assert (tmp_path / "ring").read_text() == "kept too"
    assert (tmp_path / "late").exists()


def test_two_notebooks_run_at_the_same_time(tmp_path: Path) -> None:
    meet = "import os, time\nopen({own!r}, 'w')\nwhile not os.path.exists({other!r}): time.sleep(0.01)\nprint({own!r})"
    paths = [str(tmp_path / f"n{at}" / "mark") for at in range(2)]
    notebooks = [written(tmp_path / f"n{at}", meet.format(own=paths[at], other=paths[1 - at])) for at in range(2)]
    said: list[str] = []
    threads = [threading.Thread(target=lambda n=n: said.append(text(run(n, seconds=120), 1))) for n in notebooks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 2


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_who_is_stopped_in_the_middle_leaves_no_process_and_no_folder(
    tmp_path: Path, reported: Folder, sent: signal.Signals
) -> None:
    shelf, temporary = tmp_path / "shelf", tmp_path / "temporary"
    temporary.mkdir()
    notebook = written(shelf, f"{NOTED}\ntime.sleep(1000)")
    sidecar = notebook.with_suffix(".yml")
    assert "document:" in sidecar.read_text(encoding="utf-8")
    started = (
        "import sys; from pathlib import Path; from evaluation import cli\n"
        "from evaluation.project.papers import documents\n"
        f"documents.resource = lambda _: Path({str(tmp_path)!r})\n"
        f"cli.main(['report', {str(reported.path)!r}, '--key-file', {str(reported.key_file)!r}, '--yes', "
        f"'--out', {str(tmp_path / 'out')!r}])"
    )
    shelf.rename(tmp_path / "funder")
    process = Started(started, tmp_path / "said", environment={**os.environ, "TMPDIR": str(temporary)})
    running = noted(temporary)
    server = int(Path(f"/proc/{running[0]}/stat").read_text().split()[3])
    process.send_signal(sent)
    code, said = process.ended()
    assert all(waits_for(lambda one=one: gone(one)) for one in (*running, server))
    assert not (tmp_path / "out").exists()
    if sent != signal.SIGKILL:
        assert (code, said.count("Traceback")) == (130, 0), said
        assert list(temporary.iterdir()) == []


BORROWS = (
    "import os, sys, threading, time; from pathlib import Path; from evaluation.report import runs\n"
    "from evaluation.report.engine import warm\nwarm.join(int(sys.argv[1]))\n"
    "here = {{'environment': runs.scrubbed(os.environ)}}\n"
    "def run(name): return runs.run(Path(name), {{}}, folder=Path(name).parent, **here)\n"
    "hangs = threading.Thread(target=run, args=({hangs!r},), daemon=True)\nhangs.start()\n"
    "while not Path({noted!r}).exists(): time.sleep(0.02)\n{then}"
)


@pytest.mark.parametrize(
    "then", ["input()", "sys.excepthook = lambda *_: 0\nwarm.stop()\nprint(run({own!r}).cells[1].outputs[0].text)"]
)
def test_who_was_lent_a_server_ends_its_own_notebooks_and_leaves_the_server_to_others(
    tmp_path: Path, then: str
) -> None:
    hangs = written(tmp_path / "hangs", f"{NOTED}\ntime.sleep(1000)")
    own = written(tmp_path / "own", "import os\nprint(os.getppid())")
    server = int(text(run(own), 1))
    lent, noted_in = warm.server().lend(), tmp_path / "hangs" / "noted"
    code = BORROWS.format(hangs=str(hangs), noted=str(noted_in), then=then.format(own=str(own)))
    with subprocess.Popen(
        [sys.executable, "-c", code, str(lent)],
        pass_fds=[lent],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as borrower:
        running = noted(noted_in.parent)
        if "input" in then:
            assert not any(gone(process) for process in running)
            borrower.kill()
        else:
            assert borrower.communicate()[0].split() == [str(server)]
    assert all(waits_for(lambda process=process: gone(process)) for process in running)
    assert int(text(run(own), 1)) == server


REFUSED_ONCE = """
import os, socket, sys
from evaluation.report.engine import server
real, left = getattr(os, {name!r}), [1]
def once(*given):
    if {name!r} == "pidfd_open" and given == (os.getpid(),):
        return real(*given)
    if left:
        left.pop()
        raise OSError(11, "Resource temporarily unavailable")
    return real(*given)
setattr(os, {name!r}, once)
server.main(socket.socket(fileno=int(sys.argv[1])))
"""


@pytest.mark.parametrize("name", ["fork", "pidfd_open"])
def test_a_server_that_cannot_fork_says_so_and_lives_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        code = [sys.executable, "-c", REFUSED_ONCE.format(name=name), str(theirs.fileno())]
        process = subprocess.Popen(code, pass_fds=[theirs.fileno()])
    monkeypatch.setattr(warm, "_servers", {os.getpid(): warm.Server(ours.detach())})
    notebook = written(tmp_path, "import os\nprint(os.getppid())")
    said = "no process could be started" + ("" if name == "fork" else "|its process ended")  # it may have begun
    with pytest.raises(RunFailed, match=said):
        run(notebook, language="en")
    assert text(run(notebook), 1) == f"{process.pid}\n"
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    assert waits_for(lambda: children.read_text() == "")
    warm.server().close()
    assert process.wait(60) == 0


def test_a_server_that_was_killed_is_followed_by_another(tmp_path: Path) -> None:
    who = "import os\nprint(os.getppid())"
    first = int(text(run(written(tmp_path, who)), 1))
    os.kill(first, signal.SIGKILL)
    assert waits_for(lambda: gone(first))
    assert int(text(run(written(tmp_path, who)), 1)) != first
