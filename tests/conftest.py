"""One filled fictional project, and one with its documents, made once for all tests and all processes that run them."""

from __future__ import annotations

import base64
import gc
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

from evaluation.project import Project, demo, open_project
from evaluation.project.creation import new_project
from evaluation.project.releases import known_releases, releasing
from evaluation.release import ledger
from evaluation.release.ledger import Proposal
from evaluation.report import engine
from evaluation.texts import Message, say

engine.spare()  # before anything imports nbformat

# The same cases in every run, so that what passes passes everywhere; new ones by --hypothesis-profile=new.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None, max_examples=40)
hypothesis.settings.register_profile("new", deadline=None, max_examples=500)
hypothesis.settings.load_profile("same")


@dataclass(frozen=True)
class Folder:
    """A project folder and the key file that opens it."""

    path: Path
    key_file: Path

    def open(self) -> Project:
        return open_project(self.path, key_file=self.key_file, environ={})

    def arguments(self, command: str, *more: str) -> list[str]:
        return [command, str(self.path), *more, "--key-file", str(self.key_file)]


GOLDEN = Path(__file__).parent / "golden"


def golden(name: str, to: Path) -> Path:
    """A copy at ``to`` of what an earlier version wrote; in the repository its encrypted records lie as text."""
    shutil.copytree(GOLDEN / name, to)
    for written in list(to.rglob("records.db.txt")):
        written.with_suffix("").write_bytes(base64.b64decode(written.read_text(encoding="ascii")))
        written.unlink()
    return to


def worded(messages: Iterable[Message], language: str = "en") -> list[str]:
    """What the messages say."""
    return [say(message, language) for message in messages]


def enter(project: Project, release: str | Proposal) -> Path:
    """The bundle of a release that is in ledger and record, but whose documents were never drawn, for speed."""
    proposal = releasing.propose(project, release) if isinstance(release, str) else release
    released = ledger.release(proposal, project.folder / "releases", known_releases.anchor(project))
    known_releases.remember(project, known_releases.entries(project))
    return project.folder / "releases" / f"{released.release}.json"


def made_once(root: Path, name: str, make: Callable[[Path], None]) -> Path:
    """The folder ``name`` in ``root``, filled by whichever process asks first; the others wait for it."""
    folder, done, failed = (root / f"{name}{end}" for end in ("", ".done", ".failed"))
    try:
        os.close(os.open(root / f"{name}.taken", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        until = time.monotonic() + 600
        while not done.exists():
            if failed.exists() or time.monotonic() > until:
                pytest.fail(f"another process that runs tests did not make '{name}'")
            time.sleep(0.1)
        return folder
    try:
        make(folder)
    except BaseException:
        failed.touch()
        raise
    done.touch()
    return folder


@pytest.fixture(scope="session", autouse=True)
def _remembered_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the account remembers of records is the tests' own."""
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """A folder by its name and how it is made: made once a run, and copied for the process that asks."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own

    def copy(name: str, make: Callable[[Path], None]) -> Path:
        made = made_once(shared, name, make)
        return Path(shutil.copytree(made, tmp_path_factory.mktemp(name) / "project"))

    return copy


@pytest.fixture(scope="session")
def filled(once: Callable[[str, Callable[[Path], None]], Path]) -> Callable[[str], Folder]:
    """The filled fictional project by name; for reading only."""
    made: dict[str, Folder] = {}

    def fill(name: str) -> Folder:
        if name not in made:
            path = once(f"filled-{name}", lambda folder: demo.fill(folder, name) and None)
            made[name] = Folder(path, path / demo.KEY)
        return made[name]

    return fill


@pytest.fixture(scope="session")
def reference(filled: Callable[[str], Folder]) -> Folder:
    return filled("reference")


@pytest.fixture(scope="session")
def project(reference: Folder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The filled reference project, opened: a copy that nobody copies, which would take SQLite's locks from it."""
    path = Path(shutil.copytree(reference.path, tmp_path_factory.mktemp("opened") / "project"))
    with Folder(path, path / reference.key_file.name).open() as opened:
        yield opened


@pytest.fixture(scope="session")
def first_release(project: Project) -> Proposal:
    """What would leave of the filled reference project as its release 'first', or of a copy of it."""
    return releasing.propose(project, "first")


@pytest.fixture(scope="session")
def reported(reference: Folder, once: Callable[[str, Callable[[Path], None]], Path]) -> Folder:
    """The filled reference project with its release 'final' and its documents in reports/final; for reading only."""

    def make(path: Path) -> None:
        shutil.copytree(reference.path, path)
        with Folder(path, path / reference.key_file.name).open() as project:
            releasing.report(project, releasing.propose(project, "final"), path / "reports" / "final")

    path = once("reported", make)
    return Folder(path, path / reference.key_file.name)


@pytest.fixture
def copied(reference: Folder, tmp_path: Path) -> Folder:
    """A copy of the filled reference project that a test may change."""
    path = tmp_path / "project"
    shutil.copytree(reference.path, path)
    return Folder(path, path / reference.key_file.name)


@pytest.fixture
def empty(tmp_path: Path) -> Folder:
    """A new project folder with an empty record."""
    folder = Folder(tmp_path / "project", tmp_path / "my.key")
    new_project(folder.path, name="tester", key_file=folder.key_file)
    return folder


@pytest.fixture
def office(tmp_path: Path) -> Folder:
    """A project with two people, P-001 with a filled questionnaire at both waves."""
    from tests import office as fictional  # it needs a Folder

    return fictional.make(tmp_path)


def pytest_collection_finish() -> None:
    """What is imported by now stays: the collector need not walk through it again and again in every property test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs kernels comes first, so that no process is left with it alone at the end."""
    long = (
        "test_notebooks",
        "test_documents",
        "test_walk",
        "test_real_data",
        "test_releases",
        "test_enumeration",
    )
    items.sort(key=lambda item: item.path.stem not in long)
