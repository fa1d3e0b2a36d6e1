"""Asks each peer, in its own process and interpreter, for the same tables, and writes its answer as a document."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.gate_cases import Case, Document, Sheet

DIED = "the process died"
WORKER = Path(__file__).with_name("gate_peer_worker.py")
ONCE = ("pytauargus MOD",)  # its engine crashes in a folder that it has been called in before
TOOLS = ("acro", "acro margins=True", "zentables", "pytauargus OPT", "pytauargus MOD")
NOT_TO_BE_HAD = {
    "R: sdcTable, sdcMicro, GaussSuppression, easySdcTable": "Debian packages R itself but none of these",
    "ssbkonf (PyPI)": "calls the R packages GaussSuppression and SmallCountRounding, which Debian does not have",
    "piargus (PyPI)": "drives the τ-Argus desktop program, which neither PyPI nor Debian has; "
    "pytauargus runs the same engine and is measured",
    "pymasq, sacroml, suda (PyPI)": "for microdata and models; they suppress no cells of tables",
}


Shown = dict[str, int | None]


@dataclass(frozen=True)
class Reply:
    """What a peer printed (id to number, None hidden), or why there is nothing; seconds of each repetition."""

    shown: Shown | None
    wall: Sequence[float] = ()
    cpu: Sequence[float] = ()
    version: str = ""
    reason: str = ""


class Peers:
    """One process per tool, started when first asked and again after it died or ran out of time."""

    def __init__(self, python: str) -> None:
        self._python = python
        self._running: dict[str, tuple[subprocess.Popen[str], queue.Queue[str]]] = {}
        self._folders: dict[str, tempfile.TemporaryDirectory[str]] = {}

    def ask(self, tool: str, case: Case, *, repeat: int, seconds: float, enough: float) -> Reply:
        """The tool's answer to one case, or the reason why there is none; no repetition after ``enough`` seconds."""
        if tool not in ONCE:
            return self._ask(tool, case, repeat=repeat, seconds=seconds, enough=enough)
        reply = self._ask(tool, case, repeat=1, seconds=seconds, enough=enough)
        if reply.reason == DIED:
            reply = self._ask(tool, case, repeat=1, seconds=seconds, enough=enough)
        if tool in self._running:
            self._end(tool)
        return reply

    def _ask(self, tool: str, case: Case, *, repeat: int, seconds: float, enough: float) -> Reply:
        first = tool not in self._running
        process, lines = self._process(tool)
        task = {
            "tool": tool,
            "threshold": case.document["threshold"],
            "repeat": repeat,
            "enough": enough,
            "warm": first and tool not in ONCE,
            "sheets": [_as_task(sheet, case.document) for sheet in case.sheets],
        }
        if process.stdin is None:
            return Reply(None, reason="could not be started")
        try:
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
        except BrokenPipeError:
            self._end(tool)
            return Reply(None, reason=DIED)
        try:
            line = lines.get(timeout=seconds)
        except queue.Empty:
            self._end(tool)
            return Reply(None, reason=f"no answer in {seconds:.0f} s")
        if not line:
            self._end(tool)
            return Reply(None, reason=DIED)
        reply = json.loads(line)
        if "shown" not in reply:
            return Reply(None, reason=reply.get("failed") or f"cannot be imported: {reply['missing']}")
        return Reply(reply["shown"], reply["wall"], reply["cpu"], reply["version"])

    def close(self) -> None:
        """End every process that was started."""
        for tool in list(self._running):
            self._end(tool)

    def _process(self, tool: str) -> tuple[subprocess.Popen[str], queue.Queue[str]]:
        if tool not in self._running:
            # τ-Argus leaves scratch files where it runs, and crashes where it finds its own from earlier runs
            folder = tempfile.TemporaryDirectory()
            process = subprocess.Popen(
                [self._python, "-I", str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                cwd=folder.name,
                env=os.environ | {"TMPDIR": folder.name},
            )
            lines: queue.Queue[str] = queue.Queue()
            threading.Thread(target=_read, args=(process, lines), daemon=True).start()
            self._running[tool] = process, lines
            self._folders[tool] = folder
        return self._running[tool]

    def _end(self, tool: str) -> None:
        process, _ = self._running.pop(tool)
        process.kill()
        process.wait()
        self._folders.pop(tool).cleanup()


def _read(process: subprocess.Popen[str], lines: queue.Queue[str]) -> None:
    for line in process.stdout or ():
        lines.put(line)
    lines.put("")


def _as_task(sheet: Sheet, whole: Document) -> dict[str, Any]:
    value = {cell["id"]: cell["value"] for table in whole["tables"] for cell in table["cells"]}
    above = {member: group for group, members in sheet.groups.items() for member in members}
    columns = [*sheet.dims, "group"] if sheet.groups else list(sheet.dims)
    return {
        "dims": list(sheet.dims),
        "columns": columns,
        "people": [[p[d] for d in sheet.dims] + ([above[p[sheet.dims[0]]]] if above else []) for p in sheet.people],
        "groups": {group: list(members) for group, members in sheet.groups.items()},
        "cells": [[list(key), id] for key, id in sheet.cells.items()],
        "small": [[list(key), value[id]] for key, id in sheet.cells.items() if 0 < value[id] < whole["threshold"]],
    }


def as_document(case: Case, shown: Mapping[str, int | None]) -> Document:
    """The document a reader has if a peer prints ``shown``: a printed number that is not the true one hides it.

    A quantity that any table prints is known wherever it stands; the head counts are public.
    """
    whole: Document = json.loads(json.dumps(case.document))
    known = {
        cell["id"]
        for table in whole["tables"]
        for cell in table["cells"]
        if not cell["at"] or shown.get(cell["id"]) == cell["value"]
    }
    for group in whole["equal"]:
        if known.intersection(group):
            known.update(group)
    for table in whole["tables"]:
        for cell in table["cells"]:
            if cell["id"] not in known:
                cell["value"] = None
    for entry in whole["hidden"]:
        entry["value"] = None
    return whole
