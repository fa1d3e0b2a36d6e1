"""The engine that papermill is given: a notebook's cells go one by one to a process forked from the warm server."""

from __future__ import annotations

import json
import os
import select
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nbclient.exceptions import CellExecutionError
from papermill.engines import Engine

from evaluation.report.engine import MOST, warm
from evaluation.report.engine.client import Client


class Forked(Engine):  # type: ignore[misc]
    """Runs a notebook in ``folder`` with a set environment, and with descriptors that only it can read.

    Where it is told a ``temporary`` folder, it writes nowhere else than there and in its own.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        folder: str | None = None,
        environment: Mapping[str, str] | None = None,
        handed: Mapping[str, int] | None = None,
        temporary: str | None = None,
        execution_timeout: float | None = None,
        begun: Callable[[Any], object] | None = None,
        **_: Any,
    ) -> None:
        if begun:
            begun(nb_man.nb)
        place = {
            "folder": folder or os.getcwd(),
            "environment": dict(os.environ if environment is None else environment),
            "handed": [*(handed or {})],
            "temporary": temporary,
        }
        with warm.process([*(handed or {}).values()]) as (channel, end):
            client = Sending(nb_man, _Lines(channel, end), timeout=execution_timeout, record_timing=False)
            client.run(place)


class Sending(Client):
    """nbclient, as far as what becomes of messages; they come as lines from a forked process."""

    def __init__(self, nb_man: Any, lines: _Lines, **settings: Any) -> None:
        super().__init__(nb_man, **settings)
        self._lines = lines

    def run(self, place: Mapping[str, Any]) -> None:
        """All cells at ``place``: the folder, the environment, the variables of what was handed."""
        self._lines.send(place)
        self.papermill_execute_cells()

    def execute_cell(self, cell: Any, cell_index: int, *_: Any, **__: Any) -> Any:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        cell.outputs, self.clear_before_next_output, failure = [], False, {}
        try:
            self._lines.send(cell.source)
            for kind, content in self._lines.received(self.timeout):
                if kind == "error":
                    failure = content
                self.process_message(_message(kind, content), cell, cell_index)
        except _Lost as lost:
            self.lost(cell_index, str(lost), n=self.timeout, most=MOST // 2**20)
        if failure and "raises-exception" not in tags:
            raise CellExecutionError.from_cell_and_msg(cell, failure)
        return cell


def _message(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    return {"msg_type": kind, "header": {"msg_type": kind}, "parent_header": {}, "metadata": {}, "content": content}


class _Lost(Exception):
    """Why nothing more comes: the end of the key of its sentence."""


class _Lines:
    """JSON lines to and from a process that may die, hang, or send without end."""

    def __init__(self, channel: socket.socket, end: int) -> None:
        self._channel, self._end, self._read = channel, end, bytearray()
        self._waiting = select.poll()
        for one in (channel.fileno(), end):
            self._waiting.register(one, select.POLLIN)

    def send(self, told: Any) -> None:
        try:
            self._channel.sendall(json.dumps(told).encode("ascii") + b"\n")
        except OSError:
            raise _Lost("died") from None

    def received(self, seconds: float | None) -> Iterator[tuple[str, dict[str, Any]]]:
        """The messages of one cell, each with its kind; ``seconds`` are what the whole cell may take."""
        until = None if seconds is None else time.monotonic() + seconds
        while True:
            message = json.loads(self._line(until))
            if message["msg_type"] == "done":
                return
            yield message["msg_type"], message["content"]

    def _line(self, until: float | None) -> bytes:
        searched = 0
        while (at := self._read.find(b"\n", searched)) < 0:
            searched = len(self._read)
            if searched > MOST:
                raise _Lost("flood")
            self._read += self._more(until)
        line = bytes(self._read[:at])
        del self._read[: at + 1]
        return line

    def _more(self, until: float | None) -> bytes:
        left = None if until is None else max(0.0, until - time.monotonic()) * 1000
        ready = dict(self._waiting.poll(left))
        if not ready:
            raise _Lost("hung")
        try:
            read = self._channel.recv(2**20) if self._channel.fileno() in ready else b""
        except OSError:
            read = b""
        if not read:  # it has ended, and everything that it had sent was read
            raise _Lost("died")
        return read
