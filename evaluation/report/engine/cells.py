"""In a notebook's process: the cells run in IPython's kernel shell, and what they show goes out as JSON lines."""

from __future__ import annotations

import atexit
import base64
import builtins
import codecs
import contextlib
import gc
import getpass
import io
import json
import os
import select
import socket
import sys
import threading
from collections.abc import Sequence
from typing import Any, NoReturn

from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session
from traitlets.config import Config

from evaluation.report.engine import adopt, confined, enter
from evaluation.report.engine.failures import told

_TOGETHER = 2**16  # so many letters of printed text go out in one message


class ZMQShell(ZMQInteractiveShell):
    """The shell of IPython's kernel, without a kernel and without an account's profile.

    By these letters in its name pandas knows that it is in a notebook and no terminal.
    """

    def init_profile_dir(self, profile_dir: Any) -> None:
        """None: nobody's start-up files run, and nothing is written."""


class Messages(Session):
    """Where the shell sends its messages: to a socket as JSON lines, printed text gathered on the way."""

    _socket: socket.socket | None = None

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._lock = threading.RLock()
        self._printed, self._stream = io.StringIO(), ""

    def send(self, stream: Any, msg_or_type: Any, *more: Any, **given: Any) -> None:
        """A message of the shell's."""
        message = msg_or_type if isinstance(msg_or_type, dict) else {"msg_type": msg_or_type, "content": more[0]}
        if message["msg_type"] == "error":
            message["content"].update(told(sys.last_value, message["content"]["ename"]))
        self.tell(message["msg_type"], message["content"])

    def tell(self, kind: str, content: dict[str, Any]) -> None:
        """One line; what was printed before goes before."""
        with self._lock:
            self.flush()
            self._write(kind, content)

    def printed(self, stream: str, text: str) -> None:
        """Text that a cell wrote on ``stream``."""
        with self._lock:
            if stream != self._stream or self._printed.tell() > _TOGETHER:
                self.flush()
            self._stream = stream
            self._printed.write(text)

    def flush(self) -> None:
        with self._lock:
            text, self._printed = self._printed.getvalue(), io.StringIO()
            if text:
                self._write("stream", {"name": self._stream, "text": text})

    def _write(self, kind: str, content: dict[str, Any]) -> None:
        if self._socket is not None:
            line = json.dumps({"msg_type": kind, "content": content}, default=_plain, ensure_ascii=False)
            self._socket.sendall(_encoded(line) + b"\n")


def _encoded(line: str) -> bytes:
    """As UTF-8; half a character, as in a file name that is no text, is shown as none, as Jupyter does."""
    try:
        return line.encode("utf-8")
    except UnicodeEncodeError:
        return line.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode("utf-8")


def _plain(value: Any) -> Any:
    """What JSON does not know, as Jupyter writes it."""
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else str(value)


class Printed(io.TextIOBase):
    """sys.stdout and sys.stderr of a notebook, and what other programs and libraries write past them."""

    encoding = "utf-8"

    def __init__(self, name: str, number: int, messages: Messages) -> None:
        self._name, self._number, self._messages = name, number, messages
        self._past, writing = os.pipe()
        os.set_blocking(self._past, False)
        os.dup2(writing, number)
        os.close(writing)
        self._decoder, self._lock = codecs.getincrementaldecoder("utf-8")("replace"), threading.Lock()
        threading.Thread(target=self._watch, daemon=True).start()

    def write(self, text: str) -> int:
        self._messages.printed(self._name, text)
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number

    def gather(self) -> None:
        """Take what was written past Python."""
        with self._lock, contextlib.suppress(BlockingIOError):
            while read := os.read(self._past, _TOGETHER):
                self._messages.printed(self._name, self._decoder.decode(read))

    def _watch(self) -> None:
        """Else a program that writes much would wait for a reader."""
        waiting = select.poll()
        waiting.register(self._past, select.POLLIN)
        while waiting.poll():
            self.gather()


def new_shell() -> Any:
    """A shell whose messages go nowhere yet."""
    messages = Messages()
    config = Config({"HistoryManager": {"enabled": False, "hist_file": ":memory:"}})
    shell: Any = ZMQShell.instance(config=config, ipython_dir="/")  # where nothing is made
    shell.displayhook.session = shell.display_pub.session = messages
    return shell


def run(shell: Any, channel: socket.socket, handed: Sequence[int]) -> None:
    """Run the cells that come in over ``channel``, one a line, after a first one that says where to run.

    ``handed`` are the descriptors that it may read.
    """
    _first_to_be_killed()
    adopt()
    asked = channel.makefile("r", encoding="ascii", newline="\n")
    _enter(shell, json.loads(asked.readline()), handed)
    messages = shell.displayhook.session
    messages._socket = channel
    sys.stdout, sys.stderr = (Printed(name, number, messages) for number, name in ((1, "stdout"), (2, "stderr")))
    for line in asked:
        messages.tell("execute_input", {"execution_count": shell.execution_count})
        done = shell.run_cell(json.loads(line), store_history=True)
        sys.stdout.gather()
        sys.stderr.gather()
        messages.tell("done", {"success": done.success})


def leave(shell: Any) -> NoReturn:
    """End this process as Python ends: threads, functions for the end, then what the notebook holds has its turn.

    Nothing else is taken apart: to do so would copy what is shared with the server, while whoever asked waits.
    """
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.main_thread():
            thread.join()
    atexit._run_exitfuncs()
    shell.user_ns.clear()
    gc.collect()
    os._exit(0)


def _enter(shell: Any, place: dict[str, Any], handed: Sequence[int]) -> None:
    """Go to the notebook's folder and environment, which names the descriptors that it was handed."""
    told = dict(zip(place["handed"], map(str, handed), strict=True))
    enter(place["environment"] | told)
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    shell.init_environment()
    os.chdir(place["folder"])
    if place["temporary"]:
        confined.to(place["folder"], place["temporary"])
    builtins.input = getpass.getpass = _nobody_to_ask
    if "pandas" in sys.modules:
        sys.modules["pandas"].set_option("display.max_columns", 20)  # as in a kernel: it took the server for a terminal


def _nobody_to_ask(*_: object, **__: object) -> NoReturn:
    raise StdinNotImplementedError("nobody can be asked while a notebook runs")


def _first_to_be_killed() -> None:
    """Where memory runs out the system ends this process and no other."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:
        score.write("1000")
