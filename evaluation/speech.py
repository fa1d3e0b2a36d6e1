"""How the commands speak: every help text, sentence and complaint in the language of whoever types them."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from evaluation.codec import nearest
from evaluation.errors import BadArgument
from evaluation.texts import LANGUAGES, Message, say, spoken

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_EXPLICIT, _FOLDER = "evaluation.language", "evaluation.folder"


def language() -> str:
    """The language to speak: that of --language, else the project's first one, else the system's, else English."""
    context = click.get_current_context(silent=True)
    said = context.meta if context is not None else {}
    return said.get(_EXPLICIT) or _declared(said.get(_FOLDER)) or spoken()


def word(key: str | Message, **facts: object) -> str:
    """The sentence in that language."""
    return say(key, language(), **facts)


def echo(key: str | Message, *, err: bool = False, **facts: object) -> None:
    click.echo(word(key, **facts), err=err)


def of_project(context: click.Context, _: click.Parameter, folder: Path) -> Path:
    """The callback of a command's FOLDER: the project there says which language is spoken."""
    context.meta[_FOLDER] = folder.resolve()
    return folder


def of_usage(error: click.UsageError) -> Message:
    """What there is to say of a command line that click does not understand."""
    context = error.ctx or click.Context(click.Command("evaluation"))
    command = context.command_path or "evaluation"
    if isinstance(error, click.NoSuchOption):
        key = "cli.usage.no_such_option_but" if error.possibilities else "cli.usage.no_such_option"
        return Message(key, option=error.option_name, near=list(error.possibilities or []), command=command)
    if isinstance(error, click.BadOptionUsage):
        return Message("cli.usage.bad_option", option=error.option_name)
    if not isinstance(error, click.BadParameter) or error.param is None:
        return Message("cli.usage.other", command=command)
    parameter = error.param.get_error_hint(context)
    if isinstance(error, click.MissingParameter):
        return Message("cli.usage.missing", parameter=parameter, command=command)
    if isinstance(error.param.type, click.Choice):
        return Message("cli.usage.choice", parameter=parameter, choices=list(error.param.type.choices))
    if isinstance(error.param.type, click.IntRange):
        return Message("cli.usage.number_from", parameter=parameter, least=error.param.type.min)
    return Message("cli.usage.number", parameter=parameter)


@functools.cache
def _declared(folder: Path | None) -> str | None:
    """The first of the languages in the project.yml of the folder or of one above it, if the kit speaks it."""
    if folder is None:
        return None
    import yaml

    try:
        declared = next((one for one in (folder, *folder.parents) if (one / "project.yml").is_file()), None)
        if declared is not None:
            first = yaml.safe_load((declared / "project.yml").read_text(encoding="utf-8"))["languages"][0]
            return first if first in LANGUAGES else None
    except (OSError, ValueError, LookupError, TypeError, yaml.YAMLError):
        pass  # the command itself says what is wrong with the file
    return None


# --- click, in every language -----------------------------------------------------------------------


class Option(click.Option):
    """An option whose help is the sentence ``cli.option.NAME``, by its long name or by ``told_as``."""

    def __init__(self, *arguments: Any, told_as: str = "", **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.told_as = told_as or self.opts[-1].lstrip("-").replace("-", "_")

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help = word(f"cli.option.{self.told_as}")
        shown = super().get_help_record(ctx)
        return shown and (shown[0], shown[1].replace("[default: ", f"[{word('cli.usage.default')}: "))


def option(*names: str, **settings: Any) -> Callable[[Decorated], Decorated]:
    """click.option with a help text in every language."""
    return click.option(*names, cls=Option, **settings)


def _remember(context: click.Context, _: click.Parameter, chosen: str | None) -> None:
    if chosen:
        context.meta[_EXPLICIT] = chosen


class Command(click.Command):
    """A command whose help is the sentence ``cli.command.NAME``, and that knows --language."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.params.append(
            Option(["--language"], type=click.Choice(LANGUAGES), is_eager=True, expose_value=False, callback=_remember)
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Which language to speak is looked for first: what is wrong with the rest is said in it, too."""
        said = [*itertools.pairwise(args), *(each.partition("=")[::2] for each in args)]
        _remember(
            ctx, self.params[-1], next((to for name, to in said if name == "--language" and to in LANGUAGES), None)
        )
        folder = next((each for each in args if (Path(each) / "project.yml").is_file()), None)
        if folder and _FOLDER not in ctx.meta:
            of_project(ctx, self.params[-1], Path(folder))
        return super().parse_args(ctx, args)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        help_option = super().get_help_option(ctx)
        if help_option is not None:
            help_option.help = word("cli.option.help")
        return help_option

    def get_short_help_str(self, limit: int = 45) -> str:
        self.help = word(f"cli.command.{self.name}")
        return super().get_short_help_str(limit)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.help = word(f"cli.command.{self.name}")
        super().format_help_text(ctx, formatter)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(
            ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=word("cli.usage.usage")
        )

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [parameter for parameter in self.get_params(ctx) if isinstance(parameter, click.Option)]
        with formatter.section(word("cli.usage.options")):
            formatter.write_dl([record for each in options if (record := each.get_help_record(ctx))])


class Group(Command, click.Group):
    """Commands under one name."""

    command_class = Command
    group_class = type

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        if not args:
            raise BadArgument("cli.usage.no_command", names=known)
        if args[0] not in known and not args[0].startswith("-"):
            raise BadArgument("cli.usage.no_such_command", name=args[0], hint=nearest(args[0], known))
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        commands = [command for name in self.list_commands(ctx) if (command := self.get_command(ctx, name))]
        width = formatter.width - 6 - max(len(str(command.name)) for command in commands)
        with formatter.section(word("cli.usage.commands")):
            formatter.write_dl([(str(command.name), command.get_short_help_str(width)) for command in commands])
