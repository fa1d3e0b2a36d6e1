"""The staff's pages on a project folder: served alone, or as an extension of a Jupyter server."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from evaluation.collect.access import keys
from evaluation.desk.application import handlers, start
from evaluation.desk.office import Office
from evaluation.desk.server import PORT, serve
from evaluation.desk.shared import Desk
from evaluation.errors import BadArgument, StoreError
from evaluation.project import folder as folders
from evaluation.project.intake import apart, incoming
from evaluation.project.start import running

DEMO_NAME, DEMO_PASSPHRASE = "demo", "fictional"
"""Who signs in at the desk of the demo; said where it is opened, which no real one may be."""


def office(folder: Path) -> Office:
    """The project in ``folder`` or above it, its record still locked.

    Raises StoreError if there is no record, or nobody opens it with a passphrase.
    """
    root = folders.find(folder)
    declaration = folders.read(root)
    if not (root / keys.NAME).is_file():
        raise StoreError("collect.key.missing", file=root / keys.NAME)
    if not keys.with_passphrase(root):
        raise StoreError("desk.key_files_only")
    apart.purge(root)
    return Office(
        root,
        declaration,
        _now,
        notices=lambda: tuple(incoming.waiting(root, declaration)),
        files=functools.partial(apart.take_in, root),
    )


def serve_alone(folder: Path, *, port: int | None, ready: Callable[[str], None], or_another: bool = False) -> None:
    """Serve the desk on this machine until it is stopped; ``ready`` is told its address."""
    opened, secret = office(folder), secrets.token_hex(32)
    with contextlib.ExitStack() as while_open:

        def found(address: str) -> None:
            here = running.own(urlsplit(address).port or 0, secret)
            while_open.enter_context(running.announced(opened.folder, here))
            ready(address)

        serve(opened, port=PORT if port is None else port, ready=found, secret=secret, or_another=or_another)


def serve_once(folder: Path, *, port: int | None, ready: Callable[[str], None]) -> str | None:
    """Serve the desk unless one runs on this project already; then its address.

    Without a ``port`` it is the one of the last desk, so that a page that is still open finds it again.
    """
    root = folders.find(folder)
    with contextlib.ExitStack() as waiting:
        waiting.enter_context(running.turn(root))
        last = running.recall(root)
        if last and last.answers():
            return last.address

        def served(address: str) -> None:
            waiting.close()
            ready(address)

        chosen = last.port if port is None and last else port
        serve_alone(root, port=chosen, ready=served, or_another=port is None)
    return None


def make_demo(folder: Path) -> None:
    """A fictional project in the middle of its time, if there is none in ``folder``.

    A process of its own makes it, since that takes far more memory than the pages.
    """
    if not (folder / "project.yml").exists():
        make = "import datetime, pathlib, sys\nfrom evaluation.project.demo import fill_running\n"
        make += "fill_running(pathlib.Path(sys.argv[1]), 'reference', today=datetime.date.today())"
        subprocess.run([sys.executable, "-c", make, str(folder)], check=True)


def _now() -> dt.datetime:
    return dt.datetime.now().astimezone()


# --- inside a Jupyter server ----------------------------------------------------------------------


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "evaluation.project.desk"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Add the pages below ``desk/`` where the server was started in a project; its people sign in as alone."""
    try:
        opened = office(Path(server.root_dir))
    except (BadArgument, StoreError) as error:
        server.log.info(str(error))
        return
    web = server.web_app
    anywhere = web.settings.get("allow_remote_access", False)
    names = {*web.settings.get("local_hostnames", ())}
    base = f"{web.settings['base_url'].rstrip('/')}/desk/"
    desk = Desk(opened, base=base, port=server.port, alone=False)
    if anywhere or names:
        desk.trusted_host = lambda name: anywhere or name in names or desk.is_loopback(name)
    web.add_handlers(r".*$", handlers(desk))
    server.io_loop.add_callback(start, desk)
