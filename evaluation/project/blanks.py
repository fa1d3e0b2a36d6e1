"""What a project hands out to be filled in: workbooks, XLSForm, sheets of paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from evaluation import files, resources
from evaluation.blank_forms import printed, workbook, xlsform_file
from evaluation.blank_forms.asked import PEOPLE as PEOPLE
from evaluation.blank_forms.asked import asked
from evaluation.blank_forms.stamp import Stamp
from evaluation.blank_forms.workbook import Blank
from evaluation.codec import nearest
from evaluation.errors import BadArgument
from evaluation.project.folder import questionnaire_path
from evaluation.project.opened import Project
from evaluation.schema import Declaration, Instrument
from evaluation.xlsform.instrument import sheets_of as xlsform_sheets


def template(declaration: Declaration, name: str, path: Path, *, codes: Mapping[str, Sequence[str]]) -> None:
    """The table or questionnaire ``name`` as a workbook at ``path``.

    ``codes``: what stands in its drop-downs from the record (see ``recorded``); with them the file holds personal
    data and is its owner's alone.
    """
    form = declaration.form(name)
    version = form.version if isinstance(form, Instrument) else ""
    title = form.labels if isinstance(form, Instrument) else form.title
    columns = asked(form, declaration, codes=codes)
    made = workbook.workbook(Blank(Stamp(name, version), title, columns, declaration.file.languages))
    files.write(path, made, private=bool(codes))


def recorded(project: Project) -> dict[str, list[str]]:
    """The codes of everybody who is still there, and of the sessions, as drop-downs offer them."""
    frames = project.frames
    people = frames["participants"]
    return {
        PEOPLE: people.loc[people["left_on"].isna(), "participant"].tolist(),
        "sessions.session": frames["sessions"]["session"].tolist(),
    }


def xlsform(folder: Path, declaration: Declaration, name: str, path: Path) -> None:
    """The questionnaire ``name`` as an XLSForm workbook at ``path``, with the waves of the project."""
    instrument = _instrument(declaration, name)
    form = xlsform_sheets(questionnaire_path(folder, instrument.id))
    files.write(path, xlsform_file.workbook(form, declaration.file.waves))


def paper(declaration: Declaration, name: str, path: Path, *, language: str, large: bool) -> None:
    """The questionnaire ``name`` as a page to print at ``path``.

    Raises BadArgument for a language that it is not in.
    """
    instrument = _instrument(declaration, name)
    known = instrument.languages
    if language not in known:
        raise BadArgument("blank_forms.no_language", form=name, language=language, hint=nearest(language, known))
    page = printed.questionnaire(instrument, declaration, language=language, large=large, templates=_templates())
    files.write(path, page)


def register(
    declaration: Declaration, course: str, path: Path, *, language: str, large: bool, codes: Sequence[str]
) -> None:
    """The attendance sheet of ``course`` as a page to print at ``path``; with ``codes`` it holds personal data."""
    sheet = printed.register(
        declaration.course(course), declaration, language=language, large=large, codes=codes, templates=_templates()
    )
    files.write(path, sheet, private=bool(codes))


def _instrument(declaration: Declaration, name: str) -> Instrument:
    if name not in declaration.instruments:
        raise BadArgument("blank_forms.no_questionnaire", name=name, hint=nearest(name, list(declaration.instruments)))
    return declaration.instruments[name]


def _templates() -> Path:
    return resources.folder("templates") / "forms"
