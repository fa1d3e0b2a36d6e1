"""The commands. Each imports what it needs when it is called, so that --help answers at once."""

from evaluation.cli import batch, desk, portfolio, projects, releases
from evaluation.cli.commands import main as main
from evaluation.cli.record import data, forms, intake, keys, people, safety

__all__ = [
    "batch",
    "data",
    "desk",
    "forms",
    "intake",
    "keys",
    "main",
    "people",
    "portfolio",
    "projects",
    "releases",
    "safety",
]
