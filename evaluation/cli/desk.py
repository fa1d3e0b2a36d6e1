"""The staff's pages."""

from __future__ import annotations

from pathlib import Path

import click

from evaluation.cli.commands import FOLDER, main
from evaluation.speech import echo, option


@main.command()
@FOLDER
@option("--port", type=int)
@option("--open", "show", is_flag=True)
@option("--demo", is_flag=True)
def desk(folder: Path, port: int | None, show: bool, demo: bool) -> None:
    from evaluation.project.desk import DEMO_NAME, DEMO_PASSPHRASE, make_demo, serve_alone

    if demo:
        make_demo(folder)
        echo("cli.desk.demo", name=DEMO_NAME, passphrase=DEMO_PASSPHRASE)

    def ready(address: str) -> None:
        echo("cli.desk.ready", address=address)
        if show:
            click.launch(address)

    serve_alone(folder, port=port, ready=ready)
