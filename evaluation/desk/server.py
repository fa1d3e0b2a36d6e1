"""The desk served alone: on this machine only, with nothing beside the pages."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from evaluation.desk.application import Desk
from evaluation.desk.office import Office
from evaluation.errors import BadArgument

ADDRESS = "127.0.0.1"
PORT = 8790
LARGEST = 2 * 2**20
"""The most bytes that a page may send."""


def serve(office: Office, *, port: int, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl+C; ``ready`` is told the address. Port 0 takes any free one. Raises BadArgument if taken."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(office, port, ready))


async def _serve(office: Office, port: int, ready: Callable[[str], None]) -> None:
    server, bound = listen(office, port=port)
    ready(f"http://localhost:{bound}/")
    ended = asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # Windows
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    try:
        await ended.wait()
    finally:
        server.stop()
        office.close()


def listen(office: Office, *, port: int) -> tuple[HTTPServer, int]:
    """A server in the running loop, and its port."""
    try:
        sockets = bind_sockets(port, ADDRESS)
    except OSError:
        raise BadArgument("desk.port_taken", port=str(port)) from None
    bound: int = sockets[0].getsockname()[1]
    desk = Desk(office, port=bound)
    application = Application(desk.handlers(), log_function=lambda handler: None)
    server = HTTPServer(application, max_body_size=LARGEST, max_buffer_size=2 * LARGEST)
    server.add_sockets(sockets)
    desk.start()
    return server, bound
