"""A manifest: which releases of which projects become documents, and which notebooks run, in one YAML file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

from evaluation import codec
from evaluation.errors import BadArgument, BadDeclaration
from evaluation.release import files as of_releases
from evaluation.texts import LANGUAGES, Message


@dataclass(frozen=True, slots=True)
class Run:
    """One entry of a manifest: the documents of ``release``, and the ``notebooks`` whose names begin so.

    ``languages``, ``editions`` and ``formats`` leave out others; ``parameters`` go to the notebooks that take them.
    Raises BadDeclaration where there is nothing to do, for a language or format that there is not, for a text that is
    empty and for what cannot name a release.
    """

    project: str
    key_file: str
    release: str = ""
    languages: tuple[str, ...] = ()
    editions: tuple[Literal["funder", "public"], ...] = ()
    formats: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.release and not self.notebooks:
            raise BadDeclaration("project.batch.nothing_to_do")
        for key, texts in (
            *(("project", [self.project]), ("key_file", [self.key_file])),
            *(("notebooks", self.notebooks), ("parameters", self.parameters)),
        ):
            if not all(text.strip() for text in texts):
                raise BadDeclaration("codec.needs_text", key=key)
        if self.release and not of_releases.NAMED.fullmatch(self.release):
            raise BadDeclaration("release.ledger.bad_name", name=self.release)
        for key, chosen, known in (("languages", self.languages, LANGUAGES), ("formats", self.formats, self._known)):
            for name in chosen:
                if name not in known:
                    hint = codec.nearest(name, list(known))
                    raise BadDeclaration("codec.choice", key=key, word=name, hint=hint)
        if "language" in self.parameters:
            raise BadDeclaration("project.batch.language")

    @property
    def _known(self) -> list[str]:
        """The endings of the formats there are."""
        if not self.formats:
            return []
        from evaluation.report.formats import FORMATS

        return [one.suffix for one in FORMATS]

    def wanted(self, place: str) -> bool:
        """Whether a document is asked for, by its place: ``en/report.html``."""
        path = PurePosixPath(place)
        spoken = not self.languages or path.parent.name in self.languages
        return spoken and (not self.formats or path.suffix.removeprefix(".") in self.formats)

    def among(self, place: str) -> bool:
        """Whether a document is of an edition that is asked for, where there are two."""
        from evaluation.release.bundle import FUNDER

        edition = FUNDER if PurePosixPath(place).parts[0] == FUNDER else "public"
        return not self.editions or edition in self.editions


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands in a manifest."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A run of a manifest, with the places that it names; ``name`` stands for it wherever it is told."""

    name: str
    run: Run
    folder: Path
    key_file: Path
    line: int
    """In the manifest."""


def read(path: Path) -> tuple[Task, ...]:
    """The runs of a manifest; its paths are relative to where it lies.

    Raises BadDeclaration with file and line for what cannot be understood, and for a run that is there twice, and
    BadArgument where there is no such file.
    """
    if not path.is_file():
        raise BadArgument("project.batch.no_manifest", file=path)
    if not path.stat().st_size:
        raise BadDeclaration("project.batch.empty", file=path.name)
    manifest = codec.load(Manifest, path)
    text = path.read_text(encoding="utf-8")
    tasks: list[Task] = []
    known: dict[object, Task] = {}
    for number, run in enumerate(manifest.runs):
        folder, line = (path.parent / run.project).resolve(), codec.line(text, ("runs", number)) or 1
        name = f"{run.project}:{run.release}" if run.release else run.project
        for what, key in (("twice", (folder, run.release)), ("same_name", name)):
            if before := known.get(key):
                twice = Message(f"project.batch.{what}", name=before.name, line=str(before.line))
                raise codec.fault(path.name, line, twice)
        tasks.append(Task(name, run, folder, (path.parent / run.key_file).resolve(), line))
        known[folder, run.release] = known[name] = tasks[-1]
    if not tasks:
        raise BadDeclaration("project.batch.empty", file=path.name)
    return tuple(tasks)


def chosen(tasks: tuple[Task, ...], only: str) -> tuple[Task, ...]:
    """Those whose names begin with ``only``. Raises BadArgument where there is none."""
    found = tuple(task for task in tasks if task.name.startswith(only))
    if not found:
        raise BadArgument("project.batch.none", only=only, names=[task.name for task in tasks])
    return found
