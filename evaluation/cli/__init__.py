"""The commands. Each imports what it needs when it is called, so that --help answers at once."""

from evaluation.cli import batch, data, desk, forms, keys, people, portfolio, projects, record, releases, safety
from evaluation.cli.commands import main as main

__all__ = [
    "batch",
    "data",
    "desk",
    "forms",
    "keys",
    "main",
    "people",
    "portfolio",
    "projects",
    "record",
    "releases",
    "safety",
]
