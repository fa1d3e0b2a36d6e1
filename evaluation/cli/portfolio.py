"""The command that puts many projects' released reports on one page."""

from __future__ import annotations

from pathlib import Path

import click

from evaluation import speech
from evaluation.cli.commands import PATH, main
from evaluation.cli.terminal.progress import shown, working
from evaluation.speech import echo, option, word
from evaluation.texts import is_yes


@main.command()
@click.argument("reports", type=PATH, nargs=-1, required=True, metavar="FILES...")
@option("-o", "--output", type=PATH, default="portfolio.html", show_default=True)
@option("--programme", type=click.IntRange(1))
@option("--distinct", is_flag=True)
def portfolio(reports: tuple[Path, ...], output: Path, programme: int | None, distinct: bool) -> None:
    from evaluation import files
    from evaluation.errors import BadArgument
    from evaluation.report.portfolio import page, reading

    read = [reading.read(path.read_bytes(), str(path)) for path in shown(reports, len(reports))]
    projects, said = reading.distinct(read)
    for line in said:
        echo(line)
    if programme and programme < len(projects):
        raise BadArgument("report.portfolio.more_than_all", n=len(projects), all=programme)
    overlaps = reading.overlapping(projects)
    for one, other in () if distinct else overlaps:
        echo("report.portfolio.overlap", one=one.file, other=other.file)
    apart = distinct or (bool(overlaps) and _nobody_twice())
    told = page.Portfolio(projects, programme or 0, () if apart else overlaps, distinct=apart)
    with working():
        files.write(output, page.page(told, speech.language()))
    echo("project.made", path=output)


def _nobody_twice() -> bool:
    """Whether somebody who knows says that nobody took part in two of the projects."""
    answer: str = click.prompt(word("report.portfolio.ask"), default=word("cli.release.no"))
    return is_yes(answer)
