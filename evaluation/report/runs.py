"""One papermill run: parameters checked before a kernel starts, nothing written, no path or secret left behind."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from evaluation import errors
from evaluation.codec import load, nearest
from evaluation.errors import BadArgument, BadDeclaration, RunFailed
from evaluation.report import paths
from evaluation.schema import Labels
from evaluation.texts import LANGUAGES

TYPES: Mapping[str, type] = {"str": str, "language": str, "int": int, "float": float, "bool": bool}
_KEPT = ("PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL", "APPDATA")
_KEPT_PREFIXES = ("OPENBLAS_", "OMP_", "MPLCONFIGDIR", "JUPYTER_")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a notebook as its sidecar declares it; without ``choices`` or ``range`` any value will do."""

    type: Literal["str", "int", "float", "bool", "language"]
    default: str
    description: Labels
    choices: tuple[str, ...] = ()
    range: tuple[float, ...] = ()  # the least and the greatest number


@dataclass(frozen=True, slots=True)
class Documents:
    """What a funder's notebook becomes: files called ``stem``, titled with the project's title and ``title``.

    With ``topics``, only a release that has a table of one of them has this document. Raises BadDeclaration
    for a stem that is more than a name.
    """

    stem: str
    title: Labels = field(default_factory=dict)
    topics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[\w-]+", self.stem):
            raise BadDeclaration("report.error.stem", stem=self.stem)


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The YAML file beside a notebook: what it is for, which parameters it takes, and what it becomes."""

    purpose: Labels
    parameters: Mapping[str, Parameter]
    document: Documents | None = None


def sidecar(notebook: Path) -> Sidecar:
    """The sidecar of a notebook; raises BadDeclaration when it is missing or misspelt."""
    return load(Sidecar, notebook.with_suffix(".yml"))


def checked(notebook: Path, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """``parameters`` as the sidecar types them. Text is converted, as it comes from a command line.

    Raises BadArgument for an unknown name, a wrong type, a value outside the choices or the range, an
    absolute path, or a value that looks like a secret.
    """
    declared = sidecar(notebook).parameters
    values: dict[str, Any] = {}
    for name, value in parameters.items():
        if name not in declared:
            raise BadArgument(
                "report.error.no_parameter", notebook=notebook.stem, name=name, hint=nearest(name, list(declared))
            )
        if any(word in name.lower() for word in ("pass", "secret", "key", "token")):
            raise BadArgument("report.error.secret", notebook=notebook.stem, name=name)
        if paths.absolute(value):
            raise BadArgument("report.error.path", notebook=notebook.stem, name=name)
        values[name] = _typed(notebook, name, value, declared[name])
    return values


def _typed(notebook: Path, name: str, value: Any, parameter: Parameter) -> Any:
    wanted = TYPES[parameter.type]
    try:
        if wanted is bool and isinstance(value, str):
            typed: Any = {"true": True, "false": False}[value.lower()]
        elif isinstance(value, str) or (wanted is float and type(value) is int):
            typed = wanted(value)
        else:
            typed = value
    except (ValueError, KeyError):
        typed = None
    if type(typed) is not wanted:
        raise BadArgument("report.error.type", notebook=notebook.stem, name=name, type=wanted.__name__)
    choices = LANGUAGES if parameter.type == "language" else parameter.choices
    if choices and str(typed) not in choices:
        raise BadArgument("report.error.choice", notebook=notebook.stem, name=name, choices=", ".join(choices))
    least, most = parameter.range or (float("-inf"), float("inf"))
    if isinstance(typed, int | float) and not least <= typed <= most:
        raise BadArgument("report.error.range", notebook=notebook.stem, name=name, least=least, most=most)
    return typed


def scrubbed(environment: Mapping[str, str]) -> dict[str, str]:
    """What a kernel needs of an environment to start, and nothing by which it could open a record."""
    return {
        name: value
        for name, value in environment.items()
        if name.upper() in _KEPT or name.upper().startswith(_KEPT_PREFIXES)
    }


def run(
    notebook: Path,
    parameters: Mapping[str, Any],
    *,
    folder: Path,
    environment: Mapping[str, str],
    descriptor: int | None = None,
    seconds: int = 600,
) -> Any:
    """Execute a notebook with papermill and give the executed notebook, which is nowhere written.

    ``folder`` is its working directory, ``environment`` its whole environment, ``descriptor`` an
    open file descriptor that the kernel inherits (POSIX). Metadata are cleared of paths and times.

    Raises BadArgument before a kernel starts; RunFailed naming notebook and cell, never the data.
    """
    values = checked(notebook, parameters)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # papermill's, about its own dependencies
        import papermill
        from papermill.exceptions import PapermillExecutionError

        _register_engine()
        try:
            with _quiet_papermill():
                executed = papermill.execute_notebook(
                    str(notebook),
                    None,
                    parameters=values,
                    engine_name="evaluation",
                    kernel_name="python3",
                    language="python",
                    progress_bar=False,
                    cwd=str(folder),
                    environment=dict(environment),
                    descriptor=descriptor,
                    seconds=seconds,
                )
        except RunFailed as lost:
            raise RunFailed("report.error.lost", notebook=notebook.stem, why=lost.message) from None
        except PapermillExecutionError as error:
            raise _failed(notebook, error, injected=bool(values)) from None
        except Exception as error:
            raise RunFailed("report.error.not_run", notebook=notebook.stem, kind=type(error).__name__) from None
    return stripped(executed, folder)


def _failed(notebook: Path, error: Any, *, injected: bool) -> RunFailed:
    """With the sentence of one of the kit's own errors; of any other only its kind, since its text may hold data."""
    module, _, kind = error.ename.rpartition(".")
    cell = error.exec_count - injected  # papermill puts the parameters into a cell of their own
    what = json.loads(error.evalue) if module == errors.__name__ else kind
    return RunFailed("report.error.code_cell", notebook=notebook.stem, number=cell, what=what)


@contextmanager
def _quiet_papermill() -> Iterator[None]:
    """Papermill logs paths and parameters; a run keeps them to itself."""
    import logging

    logger = logging.getLogger("papermill")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def numbered(cells: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Each cell's place in an executed notebook, and its number in the file, which has no injected cell."""
    number = 0
    for place, cell in enumerate(cells):
        number += "injected-parameters" not in cell.metadata.get("tags", [])
        yield place, number


def stripped(executed: Any, folder: Path) -> Any:
    """The notebook without paths, times, versions and the injected parameters' cell metadata."""
    executed.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    for cell in executed.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key == "tags"}
        if cell.get("outputs"):
            cell.outputs = paths.forgotten(cell.outputs, folder)
    return executed


def _register_engine() -> None:
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import Engine, papermill_engines

    from evaluation.report import kernel

    class Client(PapermillNotebookClient):  # type: ignore[misc]
        """Compares what arrived of each cell with what its kernel says it sent."""

        sent = arrived = 0

        def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
            self.arrived += msg["msg_type"] in kernel.OUTPUTS
            self.sent += msg["metadata"].get(kernel.SENT, 0)
            return super().process_message(msg, cell, cell_index)

        def execute_cell(self, cell: Any, cell_index: int, *more: Any, **given: Any) -> Any:
            self.sent = self.arrived = 0
            done = super().execute_cell(cell, cell_index, *more, **given)
            if self.arrived < self.sent:
                number = dict(numbered(self.nb.cells))[cell_index]
                raise RunFailed("report.error.outputs", number=number, sent=self.sent, arrived=self.arrived)
            return done

    class KitEngine(Engine):  # type: ignore[misc]
        """nbclient with our own kernel: this very Python, unix sockets where there are some, a set environment."""

        @classmethod
        def execute_managed_notebook(
            cls, nb_man: Any, kernel_name: str, *, environment: Any, descriptor: Any, seconds: Any, **_: Any
        ) -> None:
            with tempfile.TemporaryDirectory(prefix="ev-", ignore_cleanup_errors=True) as sockets:
                client = Client(
                    nb_man, km=_kernel_manager(sockets), timeout=seconds, iopub_timeout=seconds, startup_timeout=120
                )
                passed = {"pass_fds": (descriptor,)} if descriptor is not None else {}
                silent = subprocess.DEVNULL  # what a kernel says besides its messages may hold data
                client.execute(env=environment, cleanup_kc=True, stdout=silent, stderr=silent, **passed)

    papermill_engines.register("evaluation", KitEngine)


def _kernel_manager(sockets: str) -> Any:
    """A manager of kernels that are this Python, whatever kernels else are installed on the machine."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    manager = AsyncKernelManager(kernel_name="python3", connection_file=os.path.join(sockets, "kernel.json"))
    manager._kernel_spec = KernelSpec(
        argv=[
            *(sys.executable, "-P", "-m", "evaluation.report.kernel", "-f", "{connection_file}"),
            "--HistoryManager.enabled=False",
        ],
        display_name="Python 3",
        language="python",
    )
    manager.context.rcvhwm = 0  # no output is dropped before it is read
    if sys.platform != "win32":
        manager.transport, manager.ip = "ipc", os.path.join(sockets, "k")
    return manager
