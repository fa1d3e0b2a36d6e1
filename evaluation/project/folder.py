"""A project folder's YAML files and questionnaires become one checked Declaration, and new folders are made."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
from pathlib import Path

from evaluation import descriptors, files, xlsform
from evaluation.codec import fault, line, load, nearest
from evaluation.errors import BadArgument, BadDeclaration
from evaluation.measure.indicators import MEASURES
from evaluation.project.draft import own_variables
from evaluation.release.planned import schedule
from evaluation.release.planned.design import faults
from evaluation.report import cell_texts
from evaluation.resources import folder as resource
from evaluation.schema import Declaration, IndicatorsFile, Instrument, Plan, ProjectFile, imports
from evaluation.xlsform.sheets import ENDINGS

TEMPLATES = ("new", "reference", "shelter")


def find(start: Path) -> Path:
    """The project folder that is ``start`` or the nearest one above it.

    Raises BadArgument when there is no project.yml on the way up.
    """
    for candidate in (start.resolve(), *start.resolve().parents):
        if (candidate / "project.yml").is_file():
            return candidate
    raise BadArgument("project.folder.none", folder=start)


_COMMITTED = """\
# Nothing of a person is ever committed: all is left out but what this list names.
*
!/.gitignore
!/*.yml
!/questionnaires/
!/questionnaires/*
!/texts/
!/texts/*
!/funders/
!/funders/*.yml
!/releases/
!/releases/*.json
"""


def make(folder: Path, template: str = "new", language: str = "en") -> None:
    """A new project folder with the files of ``template``, in ``language``, and the notebooks for inside.

    Raises BadArgument when the folder exists and is not empty; then nothing is written.
    """
    if template not in TEMPLATES:
        raise BadArgument("project.folder.no_template", template=template, hint=nearest(template, TEMPLATES))
    check_empty(folder)
    shutil.copytree(resource("templates") / "projects" / template, folder, dirs_exist_ok=True)
    for file in folder.glob("*.yml"):
        files.write(file, _spoken_in(language, file.read_text(encoding="utf-8")))
    shutil.copytree(resource("notebooks") / "inside", folder / "notebooks")
    for notebook in (folder / "notebooks").glob("*.ipynb"):
        files.write(notebook, cell_texts.notebook_in(language, notebook))
    (folder / "questionnaires").mkdir()
    for name in ("releases", "reports"):
        (folder / name).mkdir()
    files.private_folder(folder / "incoming")
    files.write(folder / ".gitignore", _COMMITTED)


def _spoken_in(language: str, template: str) -> str:
    """A file of a template: ``language`` first among the project's, and of the comments ``#en …`` its own only."""
    comments = set(re.findall(r"^ *#([a-z]{2}) ", template, re.MULTILINE))
    told = language if language in comments else "en"
    lines = [line for line in template.splitlines() if not re.match(rf" *#(?!{told} )[a-z]{{2}} ", line)]
    text = "\n".join(re.sub(rf"^( *#){told} ", r"\1 ", line) for line in lines) + "\n"
    return re.sub(rf"^languages: \[(.*), {language}\b", rf"languages: [{language}, \1", text, flags=re.MULTILINE)


def check_empty(folder: Path) -> None:
    """Raises BadArgument when the folder is there and holds anything."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadArgument("project.folder.not_empty", folder=folder)


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
    _check_imports(declaration, folder / "project.yml")
    for number, said in own_variables.faults(declaration):
        place = line((folder / "project.yml").read_text(encoding="utf-8"), ("own_tables", number))
        raise fault("project.yml", place, said)
    for at, said in faults(file):
        raise fault("project.yml", line((folder / "project.yml").read_text(encoding="utf-8"), ("rules", *at)), said)
    for keys, said in schedule.faults(file):
        raise fault("project.yml", line((folder / "project.yml").read_text(encoding="utf-8"), keys), said)
    return declaration


def written(folder: Path) -> str:
    """SHA-256 of all files of the folder that ``read`` may look at: the same files, the same declaration."""
    found = hashlib.sha256()
    for path in sorted((*folder.glob("*.yml"), *(folder / "questionnaires").glob("*"))):
        with contextlib.suppress(OSError):  # whoever reads it complains of it
            for part in (path.name.encode("utf-8", "surrogateescape"), path.read_bytes()):
                found.update(b"%d:" % len(part) + part)
    return found.hexdigest()


def plan_hash(folder: Path) -> str:
    """SHA-256 of plan.yml as it stands, with line ends made equal on every system."""
    return hashlib.sha256((folder / "plan.yml").read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _instrument(folder: Path, name: str) -> Instrument:
    return xlsform.read(questionnaire_path(folder, name))


def questionnaire_path(folder: Path, name: str) -> Path:
    """The project's own questionnaires/NAME, Markdown or a workbook, or else the kit's.

    Raises BadDeclaration where there is none, or where the project has both.
    """
    shelves = (folder / "questionnaires", resource("data_schema") / "questionnaires")
    for shelf in shelves:
        there = [path for ending in ENDINGS if (path := shelf / f"{name}{ending}").is_file()]
        if len(there) > 1:
            raise BadDeclaration("project.folder.two_questionnaires", name=name, files=[path.name for path in there])
        if there:
            return there[0]
    known = sorted({path.stem for shelf in shelves for ending in ENDINGS for path in shelf.glob(f"*{ending}")})
    raise BadDeclaration("project.folder.no_questionnaire", name=name, hint=nearest(name, known))


def read_kits_questionnaires() -> None:
    """Whatever is forked from this process has them read already."""
    for path in (resource("data_schema") / "questionnaires").glob("*.md"):
        xlsform.read(path)


def _check(declaration: Declaration) -> None:
    """Raises BadDeclaration where a file names what another one does not declare."""
    file, plan = declaration.file, declaration.plan
    waves, courses = [wave.id for wave in file.waves], [course.id for course in file.courses]
    outcomes, breakdowns = [outcome.id for outcome in plan.outcomes], [one.id for one in file.breakdowns]
    columns, instruments = (
        [field.name for field in declaration.tables["participants"].fields],
        [*declaration.instruments],
    )
    for wave in filter(None, (plan.baseline, plan.mid, plan.endline)):
        _known(wave, waves, "plan_wave")
    for outcome in plan.outcomes:
        try:
            declaration.scale(outcome)
        except BadDeclaration as error:
            raise BadDeclaration("project.folder.outcome", outcome=outcome.id, error=error.message) from None
    for course in file.courses:
        if course.instrument:
            _known(course.instrument, instruments, "course_questionnaire", of=course.id)
    for name in (file.promoter_language, *(partner.language for partner in file.partners)):
        if name:
            _known(name, [*descriptors.codes("languages")], "name_language")
    if plan.served_column:
        _known(plan.served_column, columns, "served_column")
    for breakdown in file.breakdowns:
        _known(breakdown.column, columns, "breakdown_column", of=breakdown.id)
        for group in (*breakdown.recode.values(), *breakdown.citizens):
            _known(group, list(breakdown.groups), "breakdown_group", of=breakdown.id)
    for indicator in declaration.indicators:
        measure, _, argument = indicator.measure.partition(":")
        _known(measure, list(MEASURES), "indicator_measure", of=indicator.code)
        if measure in ("improved", "change"):
            _known(argument, outcomes, "indicator_outcome", of=indicator.code)
        if measure in ("taken", "completed", "sessions", "group_sessions", "group_hours") and argument:
            _known(argument, courses, "indicator_course", of=indicator.code)
        if measure in _ARGUMENTS and (argument or measure == "tally"):
            codes = declaration.tables[_ARGUMENTS[measure][0]].field(_ARGUMENTS[measure][1]).codes
            _known(argument, [*codes], "indicator_code", of=indicator.code)
        if measure == "person_hours" and (argument or indicator.unit != "number"):
            raise BadDeclaration("project.folder.indicator_hours", of=indicator.code)
        if indicator.breakdown:
            _known(indicator.breakdown, breakdowns, "indicator_breakdown", of=indicator.code)
    _unique(waves, "wave_twice")
    _unique(courses, "course_twice")
    _unique(breakdowns, "breakdown_twice")
    _unique(outcomes, "outcome_twice")
    _unique([indicator.code for indicator in declaration.indicators], "indicator_twice")


_ARGUMENTS = {
    "supported": ("support", "kind"),
    "goals": ("goals", "kind"),
    "referred": ("referrals", "institution"),
    "referral_accepted": ("referrals", "institution"),
    "tally": ("tallies", "kind"),
}
"""By measure: the table and its column whose codes may stand after the colon."""


def _check_imports(declaration: Declaration, path: Path) -> None:
    """Raises BadDeclaration with the line where an import names what the project does not declare."""
    file = declaration.file
    named = {"waves": [wave.id for wave in file.waves], "courses": [course.id for course in file.courses]}
    about = descriptors.about_answers()
    for name, imported in file.imports.items():
        for at, said in imports.unknown(
            imported, tables=declaration.tables, instruments=declaration.instruments, about=about, **named
        ):
            raise fault(path.name, line(path.read_text(encoding="utf-8"), ("imports", name, *at)), said)


def _known(name: str, known: list[str], key: str, *, of: str = "") -> None:
    if name not in known:
        raise BadDeclaration(f"project.folder.{key}", name=name, of=of, hint=nearest(name, known))


def _unique(names: list[str], key: str) -> None:
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise BadDeclaration(f"project.folder.{key}", name=twice[0])


def remove(folder: Path, *, keep: bool) -> None:
    """Take back what ``make`` made; ``keep`` leaves the (then empty) folder itself."""
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if not keep:
        folder.rmdir()
