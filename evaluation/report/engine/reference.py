"""The reference: nbclient with a kernel of its own, over unix sockets where there are some."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import Engine

from evaluation.errors import RunFailed
from evaluation.report.engine import kernel
from evaluation.report.engine.client import Client


class Counting(Client):
    """Compares what arrived of each cell with what its kernel says it sent."""

    sent = arrived = 0

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        self.arrived += msg["msg_type"] in kernel.OUTPUTS
        self.sent += msg["metadata"].get(kernel.SENT, 0)
        return super().process_message(msg, cell, cell_index)

    def execute_cell(self, cell: Any, cell_index: int, *more: Any, **given: Any) -> Any:
        self.sent = self.arrived = 0
        try:
            done = super().execute_cell(cell, cell_index, *more, **given)
        except DeadKernelError:
            self.lost(cell_index, "died")
        except CellTimeoutError:
            self.lost(cell_index, "hung", n=self.timeout)
        if self.arrived < self.sent:
            self.lost(cell_index, "outputs", sent=self.sent, arrived=self.arrived)
        return done


class Reference(Engine):  # type: ignore[misc]
    """nbclient with our own kernel: this very Python, in ``folder``, with a set environment."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        folder: str,
        environment: Any,
        handed: Any,
        temporary: str,
        execution_timeout: Any,
        begun: Any,
        **_: Any,
    ) -> None:
        begun(nb_man.nb)
        with tempfile.TemporaryDirectory(prefix="ev-", dir=_for_sockets(), ignore_cleanup_errors=True) as sockets:
            client = Counting(
                nb_man,
                km=_kernel_manager(sockets),
                timeout=execution_timeout,
                iopub_timeout=execution_timeout,
                startup_timeout=120,
            )
            passed = {"pass_fds": (*handed.values(),)} if handed else {}
            told = {variable: str(number) for variable, number in handed.items()}
            silent = subprocess.DEVNULL  # what a kernel says besides its messages may hold data
            settings = {**environment, **told, "IPYTHONDIR": sockets}  # none: no start-up file of the account runs
            settings |= {kernel.CONFINED: os.pathsep.join((folder, temporary, sockets))}
            client.execute(env=settings, cwd=folder, cleanup_kc=True, stdout=silent, stderr=silent, **passed)


_SHORT = 70
"""So many letters of a folder leave room for a socket's name in the 104 that some systems allow its path."""


def _for_sockets() -> str | None:
    """A folder for temporary files whose path is short enough; None for the usual one."""
    if sys.platform == "win32" or len(os.fsencode(tempfile.gettempdir())) <= _SHORT:
        return None
    for place in ("/tmp", "/var/tmp"):
        if os.access(place, os.W_OK | os.X_OK):
            return place
    raise RunFailed("report.error.temporary")


def _kernel_manager(sockets: str) -> Any:
    """A manager of kernels that are this Python, whatever kernels else are installed on the machine."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    manager = AsyncKernelManager(kernel_name="python3", connection_file=os.path.join(sockets, "kernel.json"))
    manager._kernel_spec = KernelSpec(
        argv=[
            *(sys.executable, "-P", "-m", "evaluation.report.engine.kernel", "-f", "{connection_file}"),
            "--HistoryManager.enabled=False",
        ],
        display_name="Python 3",
        language="python",
    )
    manager.context.rcvhwm = 0  # no output is dropped before it is read
    if sys.platform != "win32":
        manager.transport, manager.ip = "ipc", os.path.join(sockets, "k")
    return manager
