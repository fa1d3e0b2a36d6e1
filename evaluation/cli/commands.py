"""What every command shares: how it ends, the options that many have, how it opens a project."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import gc
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evaluation import __version__, speech
from evaluation.errors import EvaluationError, reason
from evaluation.report import engine
from evaluation.speech import echo, option
from evaluation.texts import Message, say, spoken

if TYPE_CHECKING:
    from evaluation.project import Project

REFUSED, UNFORESEEN, STOPPED, UNREAD = 1, 70, 130, 141
"""How a command ends beside the kit's own errors: refused by the system, by an error that nobody foresaw, stopped
from outside, and where nobody reads on."""

PATH = click.Path(readable=False, path_type=Path)  # what cannot be read is said by whoever reads it
FOLDER = click.argument("folder", type=PATH, default=".", callback=speech.of_project)
KEY_FILE = option("--key-file", type=PATH)
NAME = option("--name")
YES = option("--yes", is_flag=True)
YES_RECOGNISED = option("--yes", is_flag=True, told_as="yes_recognised")
YES_RECORDED = option("--yes", is_flag=True, told_as="yes_recorded")
YES_ERASED = option("--yes", is_flag=True, told_as="yes_erased")
PARAMETER = option("-p", "--parameter", multiple=True, metavar="NAME=VALUE")
ENGINE = option("--engine", type=click.Choice(engine.NAMES))


class Sentences(speech.Group):
    """Ends every command with a sentence and an exit code, never with a traceback."""

    def make_context(self, info_name: str | None, args: list[str], *more: Any, **named: Any) -> click.Context:
        with _usage():
            return super().make_context(info_name, args, *more, **named)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return self._worded(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            # The text of an unforeseen error may hold someone's answer, so only its kind is told.
            kind, place = type(error).__name__, _last_place(error)
            click.echo(say("cli.unforeseen", spoken(), kind=kind, place=place), err=True)
            ctx.exit(UNFORESEEN)

    def _worded(self, ctx: click.Context) -> Any:
        try:
            with _usage(), _stoppable():
                return super().invoke(ctx)
        except EvaluationError as error:
            echo(error.message, err=True)
            ctx.exit(error.exit_code)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, EOFError, click.Abort):  # Ctrl+C or another end from outside, or nobody answers
            if sys.stdin.isatty():
                click.echo(err=True)  # a question, or ^C, stands at the beginning of the line
            echo("cli.stopped", err=True)
            ctx.exit(STOPPED)
        except BrokenPipeError:
            sys.stderr.close()  # whoever read the output has left
            ctx.exit(UNREAD)
        except OSError as error:
            if _left_alone():
                ctx.exit(STOPPED)
            file = Path(error.filename).name if isinstance(error.filename, str) else Message("cli.file_system")
            echo("cli.system", err=True, reason=reason(error), file=file)
            ctx.exit(REFUSED)


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Who ends the command or closes the terminal ends it as Ctrl+C does: what it began is tidied away.

    Whoever does it again meanwhile would stop the tidying, and is not heard.
    """
    names = ("SIGINT", "SIGTERM", "SIGHUP")  # there is no SIGHUP on Windows
    known = {end: signal.getsignal(end) for name in names if (end := getattr(signal, name, None)) is not None}
    usual = (signal.SIG_DFL, signal.default_int_handler)
    before = {end: handler for end, handler in known.items() if handler in usual}  # `nohup` has its own

    def stop(*_: object) -> None:
        for end in before:
            signal.signal(end, signal.SIG_IGN)
        before.clear()
        _left_alone()
        raise KeyboardInterrupt

    for end in before:
        signal.signal(end, stop)
    try:
        yield
    finally:
        for end, handler in before.items():
            signal.signal(end, handler)


def _left_alone() -> bool:
    """Whether the terminal was closed; what is said from then on is said to nobody, and fails no more."""
    lost = False
    for number in (1, 2):
        try:
            os.write(number, b"")
        except OSError as error:
            if error.errno == errno.EIO:
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, number)
                os.close(nowhere)
                lost = True
    return lost


@contextlib.contextmanager
def _usage() -> Iterator[None]:
    """A command line that click does not understand ends in a sentence, too."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        echo(speech.of_usage(error), err=True)
        raise click.exceptions.Exit(error.exit_code) from None


def opened(folder: Path, key_file: Path | None) -> Project:
    """The project of a command, its passphrase asked for in the language that is spoken."""
    from evaluation.collect.safety import clock
    from evaluation.project import open_project

    context = click.get_current_context(silent=True)
    command = context.command_path.partition(" ")[2] if context else ""
    project = open_project(folder, key_file=key_file, language=speech.language(), command=command)
    if behind := clock.behind(project.store, now=dt.datetime.now(dt.UTC)):
        echo(behind, err=True)
    return project


def _last_place(error: Exception) -> str:
    frame = error.__traceback__
    place = "evaluation"
    while frame is not None:
        module = frame.tb_frame.f_globals.get("__name__", "")
        if module.startswith("evaluation"):
            place = f"{module}:{frame.tb_lineno}"
        frame = frame.tb_next
    return place


@click.group(cls=Sentences, name="evaluation", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="evaluation", message="%(prog)s %(version)s", cls=speech.Option)
def main() -> None:
    gc.set_threshold(engine.LOOKED_THROUGH)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
