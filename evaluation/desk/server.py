"""The desk served alone: on this machine only, with nothing beside the pages."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import signal
from collections.abc import Callable

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError

from evaluation.desk.application import handlers, start
from evaluation.desk.dropped import LIMIT
from evaluation.desk.handler import Page
from evaluation.desk.office import Office
from evaluation.desk.shared import Desk
from evaluation.desk.staff.roles import ANYBODY
from evaluation.errors import BadArgument

ADDRESS = "127.0.0.1"
PORT = 8790
LARGEST = 2 * LIMIT
"""The most bytes that are read at all, so that a file somewhat too large is refused in a sentence."""


class Running(Page):
    """Whether this is the desk that somebody looks for: it proves that it knows the secret of its start, and tells it
    to nobody. There is nothing of the record in it, so nobody need be signed in.
    """

    def initialize(self, desk: Desk, secret: str) -> None:  # type: ignore[override]
        super().initialize(desk, reads=ANYBODY)
        self.secret = secret

    def get(self, question: str) -> None:
        if not self.secret:
            raise HTTPError(404)
        self.set_header("Content-Type", "text/plain")
        self.finish(proof(self.secret, question))


def proof(secret: str, question: str) -> str:
    """The answer to a question that is asked once, which only whoever knows the secret can give."""
    return hmac.new(secret.encode(), question.encode(), "sha256").hexdigest()


def serve(
    office: Office, *, port: int, ready: Callable[[str], None], secret: str = "", or_another: bool = False
) -> None:
    """Serve until Ctrl+C; ``ready`` is told the address. Port 0 takes any free one.

    ``or_another``: any free port where this one is taken; else BadArgument is raised then.
    """
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(office, port, ready, secret, or_another))


async def _serve(office: Office, port: int, ready: Callable[[str], None], secret: str, or_another: bool) -> None:
    server, bound = listen(office, port=port, secret=secret, or_another=or_another)
    ready(f"http://localhost:{bound}/")
    ended = asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # Windows
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    try:
        await ended.wait()
    finally:
        server.stop()
        office.close()


def listen(office: Office, *, port: int, secret: str = "", or_another: bool = False) -> tuple[HTTPServer, int]:
    """A server in the running loop, and its port."""
    try:
        sockets = bind_sockets(port, ADDRESS)
    except OSError:
        if not or_another:
            raise BadArgument("desk.port_taken", port=str(port)) from None
        sockets = bind_sockets(0, ADDRESS)
    bound: int = sockets[0].getsockname()[1]
    desk = Desk(office, port=bound)
    running = (r"/running/([0-9a-f]{32})", Running, {"desk": desk, "secret": secret})
    application = Application([running, *handlers(desk)], log_function=lambda handler: None)
    server = HTTPServer(application, max_body_size=LARGEST, max_buffer_size=LARGEST + 2**20)
    server.add_sockets(sockets)
    start(desk)
    return server, bound
