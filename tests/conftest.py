"""One filled fictional project for all tests, made once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from evaluation.project import House, demo, open_project, releasing, remembering
from evaluation.release import ledger


@dataclass(frozen=True)
class Folder:
    """A project folder and the key file that opens it."""

    path: Path
    key_file: Path

    def open(self) -> House:
        return open_project(self.path, key_file=self.key_file, environ={})

    def arguments(self, command: str, *more: str) -> list[str]:
        return [command, str(self.path), *more, "--key-file", str(self.key_file)]


def enter(house: House, name: str) -> Path:
    """The bundle of a release that is in ledger and record, but whose documents were never drawn, for speed."""
    released = ledger.release(releasing.propose(house, name), house.folder / "releases")
    remembering.remember(house, remembering.entries(house))
    return house.folder / "releases" / f"{released.release}.json"


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Folder]:
    """The filled fictional project by name; for reading only."""
    made: dict[str, Folder] = {}

    def fill(name: str) -> Folder:
        if name not in made:
            path = tmp_path_factory.mktemp(name) / "project"
            made[name] = Folder(path, demo.fill(path, name))
        return made[name]

    return fill


@pytest.fixture(scope="session")
def reference(filled: Callable[[str], Folder]) -> Folder:
    return filled("reference")


@pytest.fixture(scope="session")
def house(reference: Folder) -> Iterator[House]:
    with reference.open() as opened:
        yield opened


@pytest.fixture
def copied(reference: Folder, tmp_path: Path) -> Folder:
    """A copy of the filled reference project that a test may change."""
    path = tmp_path / "project"
    shutil.copytree(reference.path, path)
    return Folder(path, path / reference.key_file.name)
