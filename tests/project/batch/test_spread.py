"""A batch on a Dask cluster makes what a batch on one machine makes, and a lost worker costs nobody else anything."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from evaluation.cli import main
from tests import office as offices
from tests.conftest import Folder
from tests.project.batch.test_batch import NOTED, notebook, written

dask = pytest.importorskip("dask", reason="the extra dask is not installed here")
distributed = pytest.importorskip("distributed", reason="the extra dask is not installed here")
spread = pytest.importorskip("evaluation.project.batch.spread", reason="the extra dask is not installed here")


@pytest.fixture
def projects(once: Callable[[str, Callable[[Path], None]], Path], tmp_path: Path) -> dict[str, Folder]:
    """Three small projects, each with one notebook: ``b`` kills the process in which it runs."""

    def make(path: Path) -> None:
        path.mkdir()
        offices.make(path)

    made = {}
    for name in "abc":
        source, folder = once("small-office", make), Folder(tmp_path / name, tmp_path / f"{name}.key")
        shutil.copytree(source / "project", folder.path)
        shutil.copyfile(source / "key", folder.key_file)
        notebook(folder, NOTED + ("os.kill(os.getpid(), 9)" if name == "b" else "print(1)"))
        made[name] = folder
    return made


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A scheduler on loopback with one worker of one thread, in this process, whose warm process stays for others."""
    monkeypatch.setattr("evaluation.report.engine.warm.stop", lambda: None)
    cluster = distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, host="127.0.0.1", protocol="tcp"
    )
    with cluster:
        yield cluster.scheduler_address
    gc.collect()  # what another's library leaves open is warned of here, not in a later test


@pytest.mark.filterwarnings("default")  # of another's library, about itself
def test_one_killed_notebook_fails_alone_on_a_cluster(
    projects: dict[str, Folder], tmp_path: Path, address: str
) -> None:
    runs = [f"project: {name}, key_file: {name}.key, notebooks: [8_own]" for name in projects]
    path = written(tmp_path, *runs)
    done = CliRunner().invoke(main, ["batch", str(path), "--scheduler", address, "--json", "--language", "en"])
    assert done.exit_code == 11, done.output
    states = {row["name"]: row["state"] for row in json.loads(done.stdout.splitlines()[0])}
    assert states == {"a": "made", "b": "failed", "c": "made"}
    for name in "ac":
        assert (projects[name].path / "inside" / "en" / "8_own.ipynb").is_file()
    assert [(folder.path / "noted").read_text() for folder in projects.values()] == ["x", "x", "x"]
    assert "EVALUATION_KEY_FILE" not in os.environ


@pytest.mark.filterwarnings("default")  # of another's library, about itself
@pytest.mark.parametrize(
    ("fault", "code", "said", "state"),
    [
        ("lost", 11, "no longer answers", "not_yet"),
        ("silent", 11, "no longer answers", "not_yet"),
        ("nobody", 11, "has no worker", "not_yet"),
        ("other kit", 11, "has another kit", "failed"),
        ("older kit", 11, "could not do it (TypeError)", "failed"),
    ],
)
def test_a_cluster_that_cannot_do_the_runs_is_a_sentence_and_what_nobody_did_is_not_marked(
    projects: dict[str, Folder],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    code: int,
    said: str,
    state: str,
) -> None:
    """No worker is needed for what goes wrong before one begins; from a silent scheduler no answer comes."""
    kits = iter(["the one that asks"])
    monkeypatch.setattr("evaluation.report.engine.warm.stop", lambda: None)
    monkeypatch.setattr(spread, "_FOUND", 0.5)
    if "kit" in fault:
        monkeypatch.setattr(spread, "inputs", SimpleNamespace(kit=lambda: next(kits, "the worker's")))
    if fault == "older kit":
        monkeypatch.setattr(spread, "carried_out", len)  # knows of one argument only
    path = written(tmp_path, "project: a, key_file: a.key, notebooks: [8_own]")
    cluster = distributed.LocalCluster(
        n_workers=int("kit" in fault), threads_per_worker=1, processes=False, dashboard_address=None, host="127.0.0.1",
        protocol="tcp",
    )  # fmt: skip
    with cluster:
        if fault == "lost":
            monkeypatch.setattr(spread, "as_completed", lambda *_, **__: iter([SimpleNamespace(status="cancelled")]))
        if fault == "silent":
            cluster.scheduler.handlers["ncores"] = lambda **_: asyncio.sleep(60)
        arguments = ["batch", str(path), "--scheduler", cluster.scheduler_address, "--language", "en"]
        done = CliRunner().invoke(main, arguments)
    gc.collect()
    assert (done.exit_code, said in done.output, "Traceback" in done.output) == (code, True, False), done.output
    rows = json.loads(CliRunner().invoke(main, ["batch", str(path), "--list", "--json"]).stdout)
    assert [row["state"] for row in rows] == [state]
    assert not (projects["a"].path / "noted").exists()


@pytest.mark.parametrize(
    ("address", "settings"),
    [("nowhere", {}), ("tls://127.0.0.1:8786", dict.fromkeys(("ca-file", "client.cert", "client.key"), "absent.pem"))],
)
def test_a_scheduler_that_is_not_there_is_named(
    projects: dict[str, Folder], tmp_path: Path, address: str, settings: dict[str, str]
) -> None:
    path = written(tmp_path, "project: a, key_file: a.key, notebooks: [8_own]")
    with dask.config.set({f"distributed.comm.tls.{name}": file for name, file in settings.items()}):
        said = CliRunner().invoke(
            main, ["batch", str(path), "--scheduler", address, "--trusted-network", "--language", "en"]
        )
    assert (said.exit_code, f"No scheduler of Dask answers at {address}" in said.output) == (2, True), said.output


def test_who_has_no_certificates_is_told_so_and_waits_for_nothing(projects: dict[str, Folder], tmp_path: Path) -> None:
    """In a new interpreter, whose end a client that had failed would hold up, and complain."""
    path = written(tmp_path, "project: a, key_file: a.key, notebooks: [8_own]")
    words = ["batch", str(path), "--scheduler", "tls://127.0.0.1:8786", "--language", "en"]
    said = subprocess.run(
        [sys.executable, "-m", "evaluation.cli", *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (said.returncode, "certificates have to be named" in said.stderr) == (2, True), said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.skipif(os.name == "nt", reason="processes are found and killed otherwise there")
@pytest.mark.filterwarnings("default")  # of another's library, about itself
def test_a_worker_of_two_that_is_killed_in_the_middle_loses_nothing(
    projects: dict[str, Folder], tmp_path: Path
) -> None:
    """The first time that ``b`` is run it kills the worker above it; the other worker, or its follower, makes it."""
    once = "first = not os.path.exists('killed')\nopen('killed', 'w').close()\n"
    above = "worker = int(open(f'/proc/{os.getppid()}/stat').read().rpartition(')')[2].split()[1])\n"
    notebook(projects["b"], NOTED + once + above + "first and os.kill(worker, 9)\nfirst and time.sleep(60)\nprint(2)")
    runs = [f"project: {name}, key_file: {name}.key, notebooks: [8_own]" for name in projects]
    path = written(tmp_path, *runs)
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1")
    with cluster:
        said = ["batch", str(path), "--scheduler", cluster.scheduler_address, "--json", "--language", "en"]
        done = CliRunner().invoke(main, said)
    gc.collect()
    assert done.exit_code == 0, done.output
    assert [row["state"] for row in json.loads(done.stdout.splitlines()[0])] == ["made", "made", "made"]
    assert [(folder.path / "noted").read_text() for folder in projects.values()] == ["x", "xx", "x"]
