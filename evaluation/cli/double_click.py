"""What an icon starts: the desk in the browser, or a page that says why there is none; no console is needed."""

from __future__ import annotations

import contextlib
import io
import logging
import sys

from evaluation import speech
from evaluation.cli import main as commands

_STOPPED = 130


def main() -> None:
    """``evaluation desk --open`` with the same arguments and exit codes; what it complains of is shown as a page."""
    from evaluation.project.start import problem

    logging.getLogger().addHandler(logging.NullHandler())  # what is logged is no sentence for this page
    problem.forget()
    arguments, said = sys.argv[1:], io.StringIO()
    with contextlib.redirect_stderr(said):
        code = _code(["desk", "--open", *arguments])
    if code not in (0, _STOPPED):
        _show(arguments, said.getvalue(), code)
    if sys.__stderr__ is not None:  # a Python without a console has none
        sys.__stderr__.write(said.getvalue())
    sys.exit(code)


def _code(arguments: list[str]) -> int:
    try:
        commands.main(arguments, prog_name="evaluation")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    return 0


def _show(arguments: list[str], said: str, code: int) -> None:
    from evaluation.errors import BadArgument
    from evaluation.project import folder as folders
    from evaluation.project.start import problem

    sentences = said.strip().splitlines()
    with commands.commands["desk"].make_context("desk", arguments, resilient_parsing=True) as context:
        folder = context.params["folder"]
        try:
            folders.find(folder)
        except BadArgument as error:  # its advice is for whoever begins, and an icon was made for a project
            plain, moved = speech.word(error.message), speech.word("project.start.moved", folder=folder)
            sentences = [moved if line == plain else line for line in sentences]
        problem.show([*sentences, speech.word("project.start.help", code=str(code))], speech.language())


if __name__ == "__main__":
    main()
