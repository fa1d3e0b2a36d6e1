"""Commands that give out forms to be filled in."""

from __future__ import annotations

from pathlib import Path

import click

from evaluation import speech
from evaluation.cli.commands import FOLDER, KEY_FILE, PATH, main, opened
from evaluation.speech import echo, option

CODES = option("--codes", is_flag=True)
LARGE = option("--large", is_flag=True)
OUTPUT = option("-o", "--output", type=PATH)


@main.command()
@FOLDER
@click.argument("table")
@OUTPUT
@CODES
@KEY_FILE
def template(folder: Path, table: str, output: Path | None, codes: bool, key_file: Path | None) -> None:
    from evaluation.project import blanks
    from evaluation.project.folder import find, read

    path = output or Path(f"{table}.xlsx")
    if codes:
        with opened(folder, key_file) as project:
            blanks.template(project.declaration, table, path, codes=blanks.recorded(project))
        echo("blank_forms.made_with_codes", path=path)
    else:
        blanks.template(read(find(folder)), table, path, codes={})
        echo("blank_forms.made", path=path)


@main.command()
@FOLDER
@click.argument("questionnaire")
@option("--xlsform", type=PATH)
@option("--page", type=PATH)
@option("--in", "tongue")
@LARGE
def form(
    folder: Path, questionnaire: str, xlsform: Path | None, page: Path | None, tongue: str | None, large: bool
) -> None:
    from evaluation.project import blanks
    from evaluation.project.folder import find, read

    root = find(folder)
    declaration = read(root)
    if xlsform:
        blanks.xlsform(root, declaration, questionnaire, xlsform)
        echo("blank_forms.made_xlsform", path=xlsform)
    if page or not xlsform:
        path = page or Path(f"{questionnaire}.html")
        blanks.paper(declaration, questionnaire, path, language=tongue or speech.language(), large=large)
        echo("blank_forms.made_page", path=path)


@main.command()
@FOLDER
@click.argument("course")
@OUTPUT
@CODES
@LARGE
@KEY_FILE
def register(folder: Path, course: str, output: Path | None, codes: bool, large: bool, key_file: Path | None) -> None:
    from evaluation.project import blanks
    from evaluation.project.folder import find, read

    path, language = output or Path(f"{course}.html"), speech.language()
    if codes:
        with opened(folder, key_file) as project:
            people = blanks.recorded(project)[blanks.PEOPLE]
            blanks.register(project.declaration, course, path, language=language, large=large, codes=people)
        echo("blank_forms.made_with_codes", path=path)
    else:
        blanks.register(read(find(folder)), course, path, language=language, large=large, codes=())
        echo("blank_forms.made_page", path=path)
