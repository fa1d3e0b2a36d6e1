"""The staff's pages, and the icon that opens them."""

from __future__ import annotations

import threading
import webbrowser
from pathlib import Path

from evaluation.cli.commands import FOLDER, PATH, main
from evaluation.errors import BadArgument
from evaluation.speech import echo, language, option


@main.command()
@FOLDER
@option("--port", type=int)
@option("--open", "show", is_flag=True)
@option("--demo", is_flag=True)
def desk(folder: Path, port: int | None, show: bool, demo: bool) -> None:
    from evaluation.project.desk import DEMO_NAME, DEMO_PASSPHRASE, make_demo, serve_alone, serve_once

    if demo:
        make_demo(folder)
        echo("cli.desk.demo", name=DEMO_NAME, passphrase=DEMO_PASSPHRASE)

    def ready(address: str) -> None:
        echo("cli.desk.ready", address=address)
        if show:  # beside the pages, since some browsers return only when they are closed
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    if not show:
        serve_alone(folder, port=port, ready=ready)
    elif found := serve_once(folder, port=port, ready=ready):
        echo("cli.desk.found", address=found)
        webbrowser.open(found)


@main.command()
@FOLDER
@option("--where", type=PATH)
def shortcut(folder: Path, where: Path | None) -> None:
    from evaluation.project import folder as folders
    from evaluation.project.start import desktop
    from evaluation.project.start.shortcut import make

    root, place = folders.find(folder), where or desktop.folder()
    if place is None:
        raise BadArgument("project.start.no_desktop")
    made = make(root, place.resolve(), language())
    echo("cli.shortcut.made", file=made, folder=root)
    echo(f"cli.shortcut.of.{made.suffix[1:]}")
    echo("cli.shortcut.moved")
