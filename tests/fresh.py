"""A process of its own for a test, forked from one that has imported the kit: as a new one, but there at once."""

from __future__ import annotations

import atexit
import io
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

_HERE = Path(__file__).parents[1]
_IMPORTED = ("tests.conftest", "evaluation.cli", "papermill", "nbconvert", "scipy.stats", "statsmodels.api")

SPARING = "from evaluation.report import engine; engine.spare()"
"""What a new interpreter that will import nbformat does first: it is there a second sooner."""


class Started:
    """A process that runs ``code`` in a session of its own; what it says goes to the file ``said``.

    POSIX only: where the system cannot fork there is nothing that these tests look at.
    """

    def __init__(self, code: str, said: Path, *, environment: Mapping[str, str] | None = None) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(_IMPORTED))
        self._said = said
        self._process = context.Process(target=_run, args=(code, str(said), dict(environment or os.environ)))
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid
        return self._process.pid

    def send_signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def ended(self) -> tuple[int, str]:
        """Its exit code, or the number of the signal that ended it with a minus, and all that it said."""
        self._process.join()
        code = self._process.exitcode
        assert code is not None
        return code, self._said.read_text(encoding="utf-8")


def _run(code: str, said: str, environment: dict[str, str]) -> None:
    os.setsid()
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests themselves may run under nohup
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    written = os.open(said, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    for number in (1, 2):
        os.dup2(written, number)
    sys.stdout, sys.stderr = (io.TextIOWrapper(io.FileIO(number, "w", closefd=False), "utf-8") for number in (1, 2))
    sys.path.insert(0, str(_HERE))
    try:
        exec(compile(code, "<test>", "exec"), {"__name__": "__main__"})
    finally:  # what an interpreter does at its end, and a process of multiprocessing does not
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
