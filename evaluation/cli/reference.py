"""docs/commands.md and docs/commands.pl.md: every command and option, and every parameter of a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from evaluation.cli import main
from evaluation.report.parameters import Parameter, sidecar
from evaluation.resources import folder
from evaluation.speech import Option
from evaluation.texts import LANGUAGES, say


def page(language: str) -> str:
    """The page in one language, from the texts that --help says."""
    head = [f"# {say('cli.reference.title', language)}", say("cli.reference.made", language)]
    commands = [line for command, names in _commands(main, ()) for line in _command(command, names, language)]
    notebooks = [line for path in _notebooks() for line in _notebook(path, language)]
    return "\n\n".join([*head, *commands, f"## {say('cli.reference.notebooks', language)}", *notebooks]) + "\n"


def place(language: str) -> Path:
    """Where the page in one language lies."""
    return folder("docs") / ("commands.md" if language == "en" else f"commands.{language}.md")


def _commands(group: click.Group, names: tuple[str, ...]) -> Iterator[tuple[click.Command, tuple[str, ...]]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from _commands(command, (*names, name))
        else:
            yield command, (*names, name)


def _command(command: click.Command, names: tuple[str, ...], language: str) -> Iterator[str]:
    context = click.Context(command, info_name=" ".join(("evaluation", *names)))
    context.meta["evaluation.language"] = language
    with context:
        yield f"## {context.command_path}"
        yield say(f"cli.command.{command.name}", language)
        yield f"```\n{context.command_path} {' '.join(command.collect_usage_pieces(context))}\n```"
        options = [one for one in command.params if isinstance(one, Option) and one.opts != ["--language"]]
        records = [record for one in options if (record := one.get_help_record(context))]
    rows = [(f"`{used}`", told) for used, told in records]
    if rows:
        yield _table(("cli.reference.option", "cli.reference.what"), rows, language)


def _notebooks() -> list[Path]:
    return sorted(folder("notebooks").glob("*/*.ipynb"), key=lambda path: (path.parent.name != "inside", path.name))


def _notebook(path: Path, language: str) -> Iterator[str]:
    said = sidecar(path)
    yield f"### {path.parent.name}/{path.stem}"
    yield said.purpose[language]
    rows = [
        (f"`{name}`", one.type, f"`{one.default}`", _allowed(one), one.description[language])
        for name, one in said.parameters.items()
    ]
    columns = ("parameter", "type", "default", "allowed", "what")
    yield _table([f"cli.reference.{column}" for column in columns], rows, language)


def _allowed(one: Parameter) -> str:
    return " – ".join(f"{end:.12g}" for end in one.range) or ", ".join(one.allowed)


def _table(columns: Sequence[str], rows: Sequence[tuple[str, ...]], language: str) -> str:
    lines = [tuple(say(column, language) for column in columns), tuple("---" for _ in columns), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    for spoken in LANGUAGES:
        place(spoken).write_text(page(spoken), encoding="utf-8")
