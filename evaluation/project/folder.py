"""A project folder's three YAML files and its questionnaires become one checked Project, and new folders are made."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from evaluation import descriptors, files, xlsform
from evaluation.codec import load, nearest
from evaluation.errors import BadArgument, BadDeclaration
from evaluation.measure.indicators import MEASURES
from evaluation.resources import folder as resource
from evaluation.schema import Declaration, IndicatorsFile, Instrument, Plan, ProjectFile

TEMPLATES = ("new", "reference", "shelter")


def find(start: Path) -> Path:
    """The project folder that is ``start`` or the nearest one above it.

    Raises BadArgument when there is no project.yml on the way up.
    """
    for candidate in (start.resolve(), *start.resolve().parents):
        if (candidate / "project.yml").is_file():
            return candidate
    raise BadArgument(
        f"There is no project.yml in {start} or above it; 'evaluation new FOLDER' makes a project folder."
    )


def make(folder: Path, template: str = "new") -> None:
    """A new project folder with the files of ``template`` and the notebooks for inside.

    Raises BadArgument when the folder exists and is not empty; then nothing is written.
    """
    if template not in TEMPLATES:
        raise BadArgument(f"There is no template '{template}'{nearest(template, TEMPLATES)}")
    check_empty(folder)
    shutil.copytree(resource("templates") / "projects" / template, folder, dirs_exist_ok=True)
    shutil.copytree(resource("notebooks") / "inside", folder / "notebooks")
    (folder / "questionnaires").mkdir()
    for name in ("releases", "reports"):
        (folder / name).mkdir()
    files.private_folder(folder / "incoming")


def check_empty(folder: Path) -> None:
    """Raises BadArgument when the folder is there and holds anything."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadArgument(f"{folder} exists and is not empty; choose another folder or empty this one.")


def read(folder: Path) -> Declaration:
    """Everything the folder declares, each reference between its files checked.

    Raises BadDeclaration naming file, key and the nearest known word.
    """
    file = load(ProjectFile, folder / "project.yml")
    plan = load(Plan, folder / "plan.yml")
    indicators = load(IndicatorsFile, folder / "indicators.yml").indicators
    instruments = {name: _instrument(folder, name) for name in file.instruments}
    declaration = Declaration(file, plan, indicators, instruments, descriptors.tables())
    _check(declaration)
    return declaration


def plan_hash(folder: Path) -> str:
    """SHA-256 of plan.yml as it stands, with line ends made equal on every system."""
    return hashlib.sha256((folder / "plan.yml").read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _instrument(folder: Path, name: str) -> Instrument:
    """The project's own questionnaires/NAME.md, or else the kit's."""
    shelves = (folder / "questionnaires", resource("data_schema") / "questionnaires")
    for shelf in shelves:
        if (shelf / f"{name}.md").is_file():
            return xlsform.read(shelf / f"{name}.md")
    known = sorted({path.stem for shelf in shelves for path in shelf.glob("*.md")})
    raise BadDeclaration(f"project.yml: there is no questionnaire '{name}'{nearest(name, known)}")


def _check(declaration: Declaration) -> None:
    file, plan = declaration.file, declaration.plan
    for word in filter(None, (plan.baseline, plan.mid, plan.endline)):
        _known(word, [wave.id for wave in file.waves], "plan.yml: the wave")
    for outcome in plan.outcomes:
        try:
            declaration.scale(outcome)
        except BadDeclaration as error:
            raise BadDeclaration(f"plan.yml: outcome '{outcome.id}': {error}") from None
    for course in file.courses:
        if course.instrument:
            _known(
                course.instrument,
                list(declaration.instruments),
                f"project.yml: course '{course.id}' names the questionnaire",
            )
    columns = [field.name for field in declaration.tables["participants"].fields]
    if plan.served_column:
        _known(plan.served_column, columns, "plan.yml: 'served_column' is")
    for breakdown in file.breakdowns:
        _known(breakdown.column, columns, f"project.yml: breakdown '{breakdown.id}' names the column")
        for group in breakdown.recode.values():
            _known(group, list(breakdown.groups), f"project.yml: breakdown '{breakdown.id}' recodes into")
    for name, mapping in file.imports.items():
        _known(
            mapping.instrument,
            list(declaration.instruments),
            f"project.yml: import '{name}' names the questionnaire",
        )
        for wave in {*mapping.columns, *mapping.wave_codes.values(), *mapping.dates}:
            _known(wave, [w.id for w in file.waves], f"project.yml: import '{name}' names the wave")
    for indicator in declaration.indicators:
        where = f"indicators.yml: {indicator.code}"
        measure, _, argument = indicator.measure.partition(":")
        _known(measure, list(MEASURES), f"{where} is computed from")
        if measure in ("improved", "change"):
            _known(argument, [outcome.id for outcome in plan.outcomes], f"{where} names the outcome")
        if measure in ("taken", "completed", "sessions") and argument:
            _known(argument, [course.id for course in file.courses], f"{where} names the course")
        if indicator.breakdown:
            _known(indicator.breakdown, [b.id for b in file.breakdowns], f"{where} names the breakdown")
    _unique([wave.id for wave in file.waves], "project.yml: the wave")
    _unique([course.id for course in file.courses], "project.yml: the course")
    _unique([outcome.id for outcome in plan.outcomes], "plan.yml: the outcome")
    _unique([indicator.code for indicator in declaration.indicators], "indicators.yml: the code")


def _known(word: str, known: list[str], what: str) -> None:
    if word not in known:
        raise BadDeclaration(f"{what} '{word}', which is not declared{nearest(word, known)}")


def _unique(words: list[str], what: str) -> None:
    twice = [word for word in words if words.count(word) > 1]
    if twice:
        raise BadDeclaration(f"{what} '{twice[0]}' is declared twice; give each its own name.")


def remove(folder: Path, *, keep: bool) -> None:
    """Take back what ``make`` made; ``keep`` leaves the (then empty) folder itself."""
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if not keep:
        folder.rmdir()
