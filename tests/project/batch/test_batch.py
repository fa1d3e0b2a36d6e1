"""A batch makes what has changed and nothing else; whatever ends in the middle, nothing half-made is taken for done."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner, Result

from evaluation import files
from evaluation.cli import batch as batch_command
from evaluation.cli import main
from evaluation.collect.record import entries
from evaluation.errors import BadDeclaration, Declined
from evaluation.project.batch import carrying, crew, inputs, manifest, outcomes, running, worker
from evaluation.project.batch.manifest import Run
from evaluation.project.batch.outcomes import Outcome
from evaluation.project.releases import releasing
from evaluation.report import engine as engines
from evaluation.report.engine import warm
from tests import office as offices
from tests.conftest import Folder
from tests.fresh import Started

NOTED = "import os, sys, time\nopen('noted', 'a').write('x')\n"


def notebook(folder: Folder, *sources: str, name: str = "8_own") -> Path:
    path = folder.path / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    first = nbformat.v4.new_code_cell("n = 1\nlanguage = 'en'", metadata={"tags": ["parameters"]})
    cells = [first, *(nbformat.v4.new_code_cell(source) for source in sources)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.fixture
def two(once: Callable[[str, Callable[[Path], None]], Path], tmp_path: Path) -> tuple[Folder, Folder]:
    """Two small projects, ``a`` and ``b``, in the folder of a manifest, each with one notebook of its own."""

    def make(path: Path) -> None:
        path.mkdir()
        offices.make(path)

    made = []
    for name in ("a", "b"):
        source, folder = once("small-office", make), Folder(tmp_path / name, tmp_path / f"{name}.key")
        shutil.copytree(source / "project", folder.path)
        shutil.copyfile(source / "key", folder.key_file)
        notebook(folder, NOTED + "print(n, language)")
        made.append(folder)
    return made[0], made[1]


def written(folder: Path, *runs: str) -> Path:
    path = folder / "year.yml"
    path.write_text("runs:\n" + "".join(f"  - {{{run}}}\n" for run in runs), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        ("tcp://10.0.0.5:8786", True),
        ("10.0.0.5:8786", True),
        ("tcp://0.0.0.0:8786", True),
        ("tcp://localhost.example.org:8786", True),
        ("tcp://127.0.0.1@10.0.0.5:8786", True),
        ("tcp://[", True),
        ("ws://10.0.0.5:8786", True),
        ("tls://10.0.0.5:8786", False),
        ("tcp://127.0.0.1:8786", False),
        ("tcp://[::1]:8786", False),
        ("localhost:8786", False),
    ],
)
def test_a_scheduler_elsewhere_that_asks_nobody_who_they_are_is_refused_unless_somebody_vouches(
    tmp_path: Path, address: str, refused: bool
) -> None:
    """Nothing is due here, so nobody looks whether a scheduler answers."""
    arguments = ["batch", str(written(tmp_path, "project: none, key_file: none.key, notebooks: [8]")), "--list"]
    for more, said_no in (([], refused), (["--trusted-network"], False)):
        said = CliRunner().invoke(main, [*arguments, "--scheduler", address, *more, "--language", "en"])
        assert (said.exit_code, "begins with tls://" in said.output) == (2 if said_no else 0, said_no), said.output


A, B = (f"project: {name}, key_file: {name}.key, notebooks: [8_own]" for name in "ab")


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs in this process, for speed: what a process of a batch is told goes to the same function."""

    class Here:
        def __init__(self, engine: object) -> None:
            pass

        def outcomes(self, job: crew.Job) -> Iterator[Outcome]:
            yield from worker.outcomes(json.loads(job.line()))

        def end(self) -> None:
            pass

    monkeypatch.setattr(crew, "Worker", Here)


def batch(path: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["batch", str(path), "--language", "en", *more])


def states(path: Path) -> dict[str, str]:
    return {row["name"]: row["state"] for row in json.loads(batch(path, "--list", "--json").output)}


def noted(folder: Folder) -> int:
    """How often the project's own notebook ran."""
    there = folder.path / "noted"
    return len(there.read_text(encoding="utf-8")) if there.exists() else 0


# --- what stands in a manifest -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        ((A, B, A), "year.yml, line 4: the run 'a' stands on line 2 already"),
        ((A, A.replace("a,", "./a,", 1)), "line 3: the run 'a' stands on line 2"),
        (
            ("project: a, key_file: k, release: b", "'project': 'a:b', key_file: k, notebooks: [8]"),
            "line 3: this run would be called 'a:b' as the one on line 2",
        ),
        ((A, "project: b, key_file: k"), "line 3: A run names a 'release'"),
        ((A, "project: b, notebooks: [8]"), "line 3: "),
        ((A + ", parameter: {}",), "did you mean 'parameters'"),
        ((A + ", languages: [en, xx]",), "line 2"),
        ((A + ", formats: [htm]",), "did you mean 'html'"),
        ((A + ", parameters: {language: pl}",), "write 'languages'"),
        ((), "names no run"),
        (("project: '', key_file: k, release: b",), "line 2: 'project' needs text"),
        (("project: a, key_file: ' ', release: b",), "line 2: 'key_file' needs text"),
        (("project: a, key_file: k, release: ../b",), "line 2: '../b' cannot name a release"),
        (("project: a, key_file: k, release: 'b '",), "line 2: 'b ' cannot name a release"),
        ((A, B.replace("[8_own]", "['']")), "line 3: 'notebooks' needs text"),
        ((A, B + ", parameters: {'': 1}"), "line 3: 'parameters' needs text"),
        ((A, B.replace("[8_own]", "8_own")), "line 3: 'notebooks' needs a list"),
        ((A + ", editions: [Funder]",), "line 2: 'editions' cannot be 'Funder'; did you mean 'funder'"),
        ((A + ", parameters: [n]",), "line 2: 'parameters' needs 'key: value' lines"),
        ((A + ", parameters: {n: [1]}",), "line 2: 'parameters.n' needs text"),
    ],
)
def test_what_cannot_be_understood_is_named_with_its_line(tmp_path: Path, runs: tuple[str, ...], said: str) -> None:
    path = written(tmp_path, *runs)
    if not runs:
        path.write_text("", encoding="utf-8")
        assert "names no run" in batch(path).output
        path.write_text("runs: []\n", encoding="utf-8")
    refused = batch(path)
    assert (refused.exit_code, said in refused.output) == (6, True), refused.output


def test_a_manifest_that_is_not_there_is_called_one(tmp_path: Path) -> None:
    refused = batch(tmp_path / "year.yml")
    assert (refused.exit_code, "There is no manifest " in refused.output) == (2, True), refused.output


def test_documents_are_chosen_by_language_and_format() -> None:
    places = ("en/report.html", "pl/report.html", "pl/report.txt", "funder/pl/analysis.txt")
    run = Run("a", "k", "final", languages=("pl",), formats=("txt",))
    assert [place for place in places if run.wanted(place)] == ["pl/report.txt", "funder/pl/analysis.txt"]
    assert all(Run("a", "k", "final").wanted(place) for place in places)


# --- only what has changed ------------------------------------------------------------------------------


def test_what_was_made_is_made_again_only_when_something_has_changed(
    two: tuple[Folder, Folder], tmp_path: Path, beside: None
) -> None:
    a, b = two
    path = written(tmp_path, A + ", parameters: {n: 7}, languages: [en, pl]", B)
    made = batch(path)
    assert (made.exit_code, made.output.count("made, ")) == (0, 2), made.output
    assert "a: made, 2 files in " in made.output
    assert "7 pl\\n" in (a.path / "inside" / "pl" / "8_own.ipynb").read_text(encoding="utf-8")
    assert (noted(a), noted(b)) == (2, 1)

    again = batch(path)
    assert (again.exit_code, again.output.count("nothing has changed")) == (0, 2), again.output
    assert (noted(a), noted(b)) == (2, 1)

    changes: list[tuple[str, Callable[[], object]]] = [
        ("has changed", lambda: notebook(b, NOTED + "1")),
        ("gone or were changed", (b.path / "inside" / "en" / "8_own.ipynb").unlink),
        ("gone or were changed", lambda: (b.path / "inside" / "en" / "8_own.ipynb").write_text("{}")),
        ("has changed", lambda: (b.path / "project.yml").write_text((b.path / "project.yml").read_text() + "\n")),
        ("has changed", lambda: add_somebody(b)),
        ("has changed", lambda: written(tmp_path, A + ", parameters: {n: 7}, languages: [en, pl]",
                                        B + ", parameters: {n: 2}")),
    ]  # fmt: skip
    for count, (why, change) in enumerate(changes, start=2):
        change()
        said = batch(path, "--dry-run").output
        assert "a: nothing has changed since" in said
        assert f"{why}\n" in said.partition("b: would be made again; ")[2]
        done = batch(path)
        assert done.exit_code == 0, done.output
        assert (noted(a), noted(b)) == (2, count), why
    enter_release(b)
    assert "b: nothing has changed" in batch(path).output  # a release is no datum of a notebook


def test_a_notebook_that_fails_is_kept_as_far_as_it_came_until_it_runs_through(
    two: tuple[Folder, Folder], tmp_path: Path, beside: None
) -> None:
    a, _ = two
    notebook(a, "print('so far')", "open('P-001 told nobody')")
    path = written(tmp_path, A)
    failed = batch(path)
    partial = a.path / "inside" / "en" / "8_own.partial.ipynb"
    assert (
        "code cell 3: FileNotFoundError (as far as it came it is kept for inside: inside/en/8_own.partial"
        in failed.output
    )
    assert "so far" in partial.read_text(encoding="utf-8")
    assert str(a.path) not in partial.read_text(encoding="utf-8")
    assert partial.stat().st_mode & 0o077 == 0
    assert not partial.with_name("8_own.ipynb").exists()
    notebook(a, "print('so far')")
    assert batch(path).exit_code == 0
    assert [path.name for path in partial.parent.iterdir()] == ["8_own.ipynb"]


def test_a_run_rests_on_the_releases_before_its_own_and_on_no_later_one(two: tuple[Folder, Folder]) -> None:
    a, _ = two
    ledger = a.path / "releases" / "ledger.jsonl"
    ledger.parent.mkdir(exist_ok=True)

    def digest(run: Run, *lines: str) -> str:
        ledger.write_text("".join(f'{{"release":"{line}"}}\n' for line in lines), encoding="utf-8")
        return inputs.of(manifest.Task("", run, a.path, a.key_file, 0))[0]

    final, notes = Run("a", "k", "final"), Run("a", "k", notebooks=("8",))
    assert digest(final, "first") == digest(final, "first", "final", "later") != digest(final, "final")
    assert len({digest(notes), digest(notes, "first"), digest(notes, "first", "final")}) == 3


def test_what_sounds_like_a_cause_is_said_behind_the_run(two: tuple[Folder, Folder]) -> None:
    a, _ = two
    (a.path / "texts").mkdir(exist_ok=True)
    (a.path / "texts" / "own.en.md").write_text("People are safer thanks to the project.", encoding="utf-8")
    with a.open() as project:
        said = [*carrying.warnings(project, Run("a", "k", "final"))]
        assert [*carrying.warnings(project, Run("a", "k", notebooks=("8",)))] == []
    assert [line.facts["file"] for line in said] == ["texts/own.en.md"]
    warned = ({"en": "It sounds like a cause."},)
    task = manifest.Task("a", Run("a", "k", "x"), a.path, a.key_file, 1)
    told = [running.Result(task, "made", Outcome("made", warned=warned))]
    with contextlib.redirect_stderr(io.StringIO()) as shown, contextlib.redirect_stdout(io.StringIO()):
        assert len([*batch_command._told(iter(told), 1, silent=False)]) == 1
    assert "It sounds like a cause." in shown.getvalue()


def add_somebody(folder: Folder) -> None:
    with folder.open() as project:
        project.store.append([entries.erasure("P-002", actor="tester")])


def enter_release(folder: Folder) -> None:
    with folder.open() as project:
        project.store.append([entries.released(1, name="x", head="0" * 64, actor="tester")])


def test_the_failure_of_a_project_is_its_own_and_is_tried_again(
    two: tuple[Folder, Folder], tmp_path: Path, beside: None
) -> None:
    a, b = two
    shutil.copyfile(b.key_file, tmp_path / "right")
    b.key_file.write_text("00" * 32 + "\n", encoding="utf-8")
    missing = "project: nowhere, key_file: a.key, notebooks: [1]"
    wrong = "project: a, key_file: a.key, release: none, notebooks: [8_own], parameters: {m: 1}"
    path = written(tmp_path, A, B, missing, wrong, "project: c, key_file: a.key, notebooks: [8_own]")
    shutil.copytree(a.path, tmp_path / "c")
    (tmp_path / "c" / "notebooks" / "a folder.ipynb").mkdir()
    done = batch(path)
    assert (done.exit_code, "Traceback" in done.output) == (11, False), done.output
    assert "a: made, 1 file in" in done.output
    assert "b (line 3) failed. " in done.output
    assert "nowhere (line 4) failed. There is no project in" in done.output
    assert "a:none (line 5) failed. The release 'none' was not made before" in done.output
    assert "c (line 6) failed. a folder.ipynb: this is a folder where a file is needed" in done.output
    assert "4 runs of 5 failed" in done.output
    assert states(path) == {"a": "made", "b": "failed", "nowhere": "failed", "a:none": "failed", "c": "failed"}

    shutil.copyfile(tmp_path / "right", b.key_file)
    again = batch(path, "--only", "b")
    assert again.exit_code == 0, again.output
    table = again.output.splitlines()[-6:]
    assert [line.split()[0] for line in table] == ["Run", "a", "b", "nowhere", "a:none", "c"]
    assert "made" in table[1]  # what was made before stays in the summary
    assert (noted(a), noted(b)) == (1, 1)
    assert "No run has a name that begins with 'z'" in batch(path, "--only", "z").output


def test_nobody_is_asked_so_nothing_leaves_under_a_plan_that_is_not_locked(copied: Folder) -> None:
    (copied.path / "plan.lock").unlink()
    with copied.open() as project, pytest.raises(Declined, match="no lock holds the plan"):
        carrying.carry_out(project, Run("a", "k", "final"))
    assert not list((copied.path / "releases").iterdir())


def test_words_whose_numbers_nobody_has_checked_wait_for_a_person(
    reported: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releasing, "make_documents", drawn_quickly)
    folder = Folder(tmp_path / "p", tmp_path / "p" / reported.key_file.name)
    shutil.copytree(reported.path, folder.path)
    declared, run = folder.path / "project.yml", Run("p", "k", "final", languages=("en",), formats=("json",))
    text = declared.read_text(encoding="utf-8")
    for title, waits in (("17345", True), ("A", False)):
        declared.write_text(text.replace('en: "A way back', f'en: "{title} way back'), encoding="utf-8")
        with folder.open() as project:
            if waits:
                with pytest.raises(Declined, match="numbers that nobody has checked"):
                    carrying.carry_out(project, run)
            else:
                made = carrying.carry_out(project, run)
    assert [str(path.relative_to(folder.path)) for path in made] == [
        "reports/final/en/report.json", "releases/final.json",
    ]  # fmt: skip


def test_no_outcome_tells_where_on_the_machine_a_project_lies(
    two: tuple[Folder, Folder], tmp_path: Path, beside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders above a project may bear a person's name, and the file of outcomes is handed on."""
    a, b = two
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    home = f"raise BadArgument('project.batch.no_project', folder={str(tmp_path / 'home' / 'x')!r})"
    notebook(a, "from evaluation.errors import BadArgument", home)
    b.key_file.unlink()
    shutil.copytree(a.path, tmp_path / "c")
    (tmp_path / "c" / "records.keys").write_text("{}", encoding="utf-8")
    runs = ("project: c, key_file: a.key, notebooks: [8]", "project: ./no, key_file: a.key, notebooks: [8]")
    path = written(tmp_path, A, B, *runs)
    said = batch(path).output
    for told in (
        "code cell 3: There is no project in ~/x;",
        " b.key",
        " c/records.keys",
        "There is no project in ./no;",
    ):
        assert told in said
    kept = (tmp_path / "year.outcomes.json").read_text(encoding="utf-8")
    assert (str(tmp_path) in kept, str(tmp_path) in said) == (False, False), said


def test_outcomes_are_written_whole_and_what_cannot_be_read_counts_as_none(tmp_path: Path) -> None:
    path = written(tmp_path, A)
    (task,) = manifest.read(path)
    outcomes.Outcomes.beside(path).keep(task, Outcome("made", "x", {"f": "y"}, {}, 3))
    assert outcomes.Outcomes.beside(path).of(task) == Outcome("made", "x", {"f": "y"}, {}, 3)
    kept = tmp_path / "year.outcomes.json"
    for text in ("", "{", '{"format": "batch/1", "outcomes": 3}', '{"format": "other/1", "outcomes": {}}'):
        kept.write_text(text, encoding="utf-8")
        assert outcomes.Outcomes.beside(path).of(task) is None
    kept.write_text('{"format": "batch/2", "outcomes": {}}', encoding="utf-8")
    with pytest.raises(BadDeclaration, match="newer"):
        outcomes.Outcomes.beside(path)


def test_a_full_disk_is_a_sentence(
    two: tuple[Folder, Folder], tmp_path: Path, beside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, write = written(tmp_path, A), files.write

    def full(target: Path, *more: Any, **given: Any) -> None:
        if "inside" in target.parts:
            raise OSError(errno.ENOSPC, "No space left on device", str(target))
        write(target, *more, **given)

    monkeypatch.setattr(files, "write", full)
    done = batch(path)
    assert (done.exit_code, "a (line 2) failed. 8_own.ipynb: the disk is full" in done.output) == (11, True), (
        done.output
    )
    monkeypatch.setattr(files, "write", lambda target, *_, **__: full(target / "inside"))
    done = batch(path)
    assert (done.exit_code, "the disk is full" in done.output, "Traceback" in done.output) == (1, True, False)


# --- processes of its own -----------------------------------------------------------------------------


def gone(process: int) -> bool:
    try:
        return "\nState:\tZ" in Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return True


def waits_for(state: Callable[[], object]) -> bool:
    until = time.monotonic() + 180
    while not state() and time.monotonic() < until:
        time.sleep(0.02)
    return bool(state())


def descendants(process: int) -> list[int]:
    """All processes that this one started, with those that they started."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, parent = int(stat.parent.name), int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except OSError:
            continue
        parents.setdefault(parent, []).append(number)
    found, waiting = [], [process]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


linux = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")

ITS_WORKER = (
    "import psutil\nothers = psutil.Process(os.getppid()).children()\n"
    "(parent,) = (one.pid for one in others if open(f'/proc/{one.pid}/oom_score_adj').read() != '1000\\n')"
)
KILLS_ITS_WORKER = f"{ITS_WORKER}\nos.kill(parent, 9)"
LOOKS = f"{ITS_WORKER}\nenvironment = ''.join(open(f'/proc/{{one}}/environ').read() for one in (parent, os.getppid()))"


@linux
def test_two_processes_of_a_batch_fork_their_notebooks_from_one_warm_process(
    two: tuple[Folder, Folder], tmp_path: Path
) -> None:
    for folder in two:
        notebook(folder, "import os\nprint(os.getppid())")
    done = batch(written(tmp_path, A, B), "--workers", "2")
    assert done.exit_code == 0, done.output
    server, other = (
        nbformat.read(folder.path / "inside" / "en" / "8_own.ipynb", as_version=4).cells[-1].outputs[0].text.split()[0]
        for folder in two
    )
    assert server == other


@linux
@pytest.mark.parametrize(
    ("sent", "first", "state"), [(signal.SIGTERM, KILLS_ITS_WORKER, "failed"), (signal.SIGKILL, "1", "made")]
)
def test_who_is_stopped_in_the_middle_leaves_nothing_and_what_had_ended_stays(
    two: tuple[Folder, Folder], tmp_path: Path, sent: signal.Signals, first: str, state: str
) -> None:
    """A process that died before is one failed run, and another goes on; no key stands in its environment."""
    a, b = two
    notebook(a, NOTED + first)
    notebook(b, f"import os, time\n{LOOKS}\nopen('environment', 'w').write(environment)\n{NOTED}\ntime.sleep(1000)")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    path = written(tmp_path, A, B)
    keys = {"EVALUATION_PASSPHRASE": "open sesame", "EVALUATION_KEY_FILE": str(a.key_file)}
    started = f"from evaluation import cli; cli.main(['batch', {str(path)!r}, '--workers', '1', '--language', 'en'])"
    environment = {**os.environ, **keys, "TMPDIR": str(temporary)}
    process = Started(started, tmp_path / "said", environment=environment)
    assert waits_for(lambda: noted(b) and states_written(path).get("a") == state)
    running = descendants(process.pid)
    for _ in range(3):  # whoever is impatient only waits
        process.send_signal(sent)
    code, said = process.ended()
    assert len(running) >= 3
    assert all(waits_for(lambda one=one: gone(one)) for one in running)
    assert states_written(path) == {"a": state}
    assert not (b.path / "inside" / "en" / "8_own.ipynb").exists()
    seen = (b.path / "environment").read_text(encoding="utf-8")
    assert ("PATH=" in seen, "EVALUATION_" in seen) == (True, False)
    if sent != signal.SIGKILL:
        assert (code, "Traceback" in said) == (130, False), said
        assert "a (line 2) failed. Its process ended before it was done" in said
        assert list(temporary.iterdir()) == []
        assert "[" not in said  # no bar in a pipe


def test_no_key_of_the_environment_is_told_to_a_process_of_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Mapping[str, str]] = []
    monkeypatch.setenv("EVALUATION_PASSPHRASE", "open sesame")
    for kind in ("Forked", "Started"):
        monkeypatch.setattr(crew, kind, told.append)
    for engine in engines.NAMES:
        crew.Worker(engine)
    assert len(told) == 2
    assert all("PATH" in each and "EVALUATION_" not in "".join(each) for each in told)


NONE_BEGAN, DIED = "No process could be started for it", "Its process ended before it was done"


@linux
@pytest.mark.parametrize(
    ("program", "engine", "said"),
    [
        (None, "forked", "there is no such file"),
        (None, "nbclient", "there is no such file"),
        ("exit 1", "forked", NONE_BEGAN),
        ("exit 1", "nbclient", DIED),
        ("exec cat", "nbclient", DIED),  # what it says is no outcome
    ],
)
def test_a_process_that_cannot_begin_is_a_failure_of_each_run_and_nobody_waits(
    two: tuple[Folder, Folder],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: str | None,
    engine: str,
    said: str,
) -> None:
    python = tmp_path / "python"
    if program:
        python.write_text(f"#!/bin/sh\n{program}\n", encoding="utf-8")
        python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(warm, "_servers", {})
    path = written(tmp_path, A, B)
    done = batch(path, "--engine", engine)
    assert (done.exit_code, done.output.count(said), "Traceback" in done.output) == (11, 2, False), done.output
    assert states(path) == {"a": "failed", "b": "failed"}


@linux
def test_a_warm_process_that_can_open_no_more_is_a_sentence_and_works_when_it_can_again(
    two: tuple[Folder, Folder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    monkeypatch.setattr(warm, "_servers", {})
    server = warm.server()
    assert server._process is not None
    channel, end = server.fork([])  # it has begun
    channel.close()
    os.close(end)
    path, process = written(tmp_path, A), server._process.pid
    usual = resource.prlimit(process, resource.RLIMIT_NOFILE, (3, 4096))
    done = batch(path)
    assert (done.exit_code, NONE_BEGAN in done.output) == (11, True), done.output
    resource.prlimit(process, resource.RLIMIT_NOFILE, (min(usual[0], 4096), 4096))
    assert batch(path).exit_code == 0
    assert warm.server() is server
    server.close()


@pytest.mark.parametrize(("refused", "code"), [(1, 0), (2, 11)])
def test_a_batch_goes_on_with_the_threads_that_it_can_have(
    two: tuple[Folder, Folder],
    tmp_path: Path,
    beside: None,
    monkeypatch: pytest.MonkeyPatch,
    refused: int,
    code: int,
) -> None:
    start, left = threading.Thread.start, [refused]

    def started(thread: threading.Thread) -> None:
        if getattr(thread, "_target", None) and thread._target.__name__ == "_serve" and left[0]:  # type: ignore[attr-defined]
            left[0] -= 1
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", started)
    done = batch(written(tmp_path, A, B), "--workers", "2")
    assert (done.exit_code, NONE_BEGAN in done.output) == (code, code == 11), done.output


def states_written(path: Path) -> Mapping[str, str]:
    kept = path.with_name("year.outcomes.json")
    if not kept.exists():
        return {}
    return {name: one["state"] for name, one in json.loads(kept.read_text(encoding="utf-8"))["outcomes"].items()}


def test_a_second_batch_of_the_same_manifest_waits_for_its_turn(tmp_path: Path) -> None:
    path = written(tmp_path, A)
    with outcomes.alone(path):
        refused = batch(path)
        assert states(path) == {"a": "not_yet"}
        (look,) = json.loads(batch(path, "--dry-run", "--json").output)
    assert {**look, "why": look["why"][:23]} == {
        "name": "a",
        "line": 2,
        "due": "failed",
        "why": "There is no project in ",
    }
    assert (refused.exit_code, "Another batch of year.yml is running" in refused.output) == (2, True), refused.output


STUB = """
import json, os, threading
import nbformat
from evaluation import cli, files
from evaluation.project import notebooks
from evaluation.project.batch import crew, worker

class Here:
    def __init__(self, engine):
        pass
    def outcomes(self, job):
        for outcome in worker.outcomes(json.loads(job.line())):
            yield outcome
            kept.wait(60)  # or the next notebook may be moved first
    def end(self):
        pass

def run(project, notebook, values, **_):
    open(project.folder / "noted", "a").write("x")
    return nbformat.v4.new_notebook()

def moved(part, place):
    count[0] += "year" in place.name or "inside" in place.parts
    if 2 * count[0] == {step} + 1:
        os.kill(os.getpid(), 9)
    move(part, place)
    if 2 * count[0] == {step}:
        os.kill(os.getpid(), 9)
    if "year" in place.name:
        kept.set()

crew.Worker, notebooks.run_with_key = Here, run
move, count, kept, files.move = files.move, [0], threading.Event(), moved
cli.main(["batch", {path!r}, "--workers", "1", "--engine", "nbclient"])
"""


@pytest.mark.parametrize(("step", "made"), [(1, ""), (2, ""), (4, "a")])
def test_a_batch_that_is_killed_at_any_step_is_made_whole_by_the_next(
    two: tuple[Folder, Folder], tmp_path: Path, beside: None, step: int, made: str
) -> None:
    """Killed just before or behind the move of a file into its place: an executed notebook, the outcomes, the next."""
    path = written(tmp_path, A, B)
    killed = Started(STUB.format(step=step, path=str(path)), tmp_path / "said")
    assert killed.ended() == (-signal.SIGKILL, "")
    assert "".join(states_written(path)) == made
    done = batch(path)
    assert done.exit_code == 0, done.output
    assert states(path) == {"a": "made", "b": "made"}
    for folder in two:
        own = nbformat.read(folder.path / "inside" / "en" / "8_own.ipynb", as_version=4)
        assert bool(own.cells) == (folder.path.name != made)  # what was made whole was not made again
    assert batch(path).output.count("nothing has changed") == 2


def test_a_release_that_was_drawn_but_not_told_is_made_by_the_next_batch(
    reported: Folder, tmp_path: Path, beside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path / "p", tmp_path / "p" / reported.key_file.name)
    shutil.copytree(reported.path, folder.path)
    shutil.rmtree(folder.path / "reports")
    corner = folder.path / "reports" / "final" / ".part-x"
    corner.mkdir(parents=True)
    os.utime(corner, (0, 0))
    path = written(tmp_path, f"project: p, key_file: p/{reported.key_file.name}, release: final, formats: [json]")
    monkeypatch.setattr(releasing, "make_documents", drawn_quickly)
    assert "p:final: made, 2 files" in batch(path).output
    assert not corner.exists()
    (folder.path / "reports" / "final" / "en" / "report.json").write_text("half", encoding="utf-8")
    assert "made, 2 files" in batch(path).output
    assert "nothing has changed" in batch(path).output


WORKS = """
import sys, time; from pathlib import Path; from evaluation import files
with files.corner(Path(sys.argv[1]), ".part-") as place:
    (place / "half").write_text("x"); print("there", flush=True); time.sleep(100)
"""


@linux
def test_what_a_crash_left_goes_with_the_next_and_what_somebody_works_at_stays(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WORKS, str(tmp_path)], stdout=subprocess.PIPE) as working:
        assert working.stdout is not None
        working.stdout.readline()
        (hers,) = tmp_path.iterdir()
        os.utime(hers, (0, 0))
        with files.corner(tmp_path, ".part-") as own:
            assert {*tmp_path.iterdir()} == {hers, own}
        working.kill()
    assert [*tmp_path.iterdir()] == [hers]
    with files.corner(tmp_path, ".part-") as own:
        assert [*tmp_path.iterdir()] == [own]
    parts = [tmp_path / f"{name}.ab12cd34.part" for name in ("a.json", "a.json.b", "b.json")]
    new = tmp_path / "a.json.99999999.part"
    for part in (*parts, new):
        part.write_text("x", encoding="utf-8")
    for part in parts:
        os.utime(part, (0, 0))
    files.write(tmp_path / "a.json", "whole")
    assert {*tmp_path.iterdir()} == {tmp_path / "a.json", *parts[1:], new}


@linux
def test_who_begins_while_another_ends_or_only_looks_is_not_disturbed(tmp_path: Path) -> None:
    def works(_: int) -> bool:
        for _ in range(60):
            with files.corner(tmp_path, ".part-") as own, files._in(own) as free:
                if free:  # nobody sees that somebody is in it
                    return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(works, range(4))] == [True] * 4
    assert [*tmp_path.iterdir()] == []


def drawn_quickly(path: Path, out: Path, *, only: Callable[[str], bool], **_: Any) -> tuple[Path, ...]:
    from evaluation.project.papers.documents import staged

    made = {"en/report.html": b"{}", "en/report.json": b"{}"}
    with staged({place: text for place, text in made.items() if only(place)}, out) as place:
        return place()


# --- how far it is ------------------------------------------------------------------------------------

SHOWS = """
from evaluation.cli.terminal import progress
for one in progress.shown(iter("abc"), 3): print(one, flush=True)
for one in progress.steps(iter("d")): print(one, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="it needs a terminal of POSIX")
def test_a_terminal_shows_how_far_a_command_is_and_a_pipe_shows_nothing_of_it() -> None:
    import pty

    ours, theirs = pty.openpty()
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    subprocess.run([sys.executable, "-c", SHOWS], stdout=theirs, stderr=theirs, env=environment, check=True)
    os.close(theirs)
    said = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while read := os.read(ours, 4096):
            said += read
    os.close(ours)
    shown = said.decode("utf-8")
    for bar in (
        "[........................] 0/3",
        "[########................] 1/3 about 0 seconds left",
        "] 3/3",
        "working",
    ):
        assert bar in shown
    kept = "".join(line.rpartition("\033[K")[2] for line in shown.replace("\r\n", "\n").split("\n"))
    assert kept == "abcd"
    piped = subprocess.run([sys.executable, "-c", SHOWS], capture_output=True, text=True, env=environment, check=True)
    assert (piped.stdout, piped.stderr) == ("a\nb\nc\nd\n", "")
