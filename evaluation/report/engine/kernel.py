"""nbclient's kernel drops no output, counts with each cell what it has sent, and says which errors are the kit's."""

from __future__ import annotations

import collections
import os
import sys
import threading
from typing import Any

import jupyter_client.session
from ipykernel.kernelapp import IPKernelApp

from evaluation.report.engine import confined
from evaluation.report.engine.failures import told

OUTPUTS = frozenset({"display_data", "execute_result", "stream", "error", "update_display_data", "clear_output"})
"""The messages that make up what a cell shows."""

CONFINED = "EVALUATION_WRITES"
"""The variable that names the folders where a notebook may write."""

SENT = "evaluation_sent"
"""Where the message that ends a cell says how many there were."""


class Session(jupyter_client.session.Session):
    """Counts the outputs of each cell."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._sent: collections.Counter[str] = collections.Counter()
        self._counting = threading.Lock()  # printed text is sent from a thread of its own

    def send(self, stream: Any, msg_or_type: Any, *more: Any, **given: Any) -> dict[str, Any] | None:
        """What jupyter_client sends; the count goes with the message that a cell is done."""
        content = more[0] if more else given.get("content")
        if msg_or_type == "error" and content:
            content.update(told(sys.last_value, content["ename"]))
        if msg_or_type == "status" and content == {"execution_state": "idle"}:
            with self._counting:
                sent = self._sent.pop(_cell(given.get("parent")), 0)
            given["metadata"] = {**(given.get("metadata") or {}), SENT: sent}
        said: dict[str, Any] | None = super().send(stream, msg_or_type, *more, **given)
        if said and said["header"]["msg_type"] in OUTPUTS:
            with self._counting:
                self._sent[_cell(said["parent_header"])] += 1
        return said


class KernelApp(IPKernelApp):
    """IPython's kernel with that session, whose outputs wait for a slow reader without limit."""

    def init_iopub(self, context: Any) -> None:
        context.sndhwm = 0  # else ZeroMQ silently drops what more than a thousand messages wait before
        super().init_iopub(context)  # type: ignore[no-untyped-call,unused-ignore]

    def _session_default(self) -> Session:
        return Session(parent=self, username="kernel")


def _cell(parent: Any) -> str:
    """The id of the request that a message answers; ``parent`` is that request or its header."""
    header = (parent or {}).get("header", parent) or {}
    return str(header.get("msg_id", ""))


if __name__ == "__main__":
    confined.to(*os.environ.pop(CONFINED).split(os.pathsep))
    KernelApp.launch_instance()
