"""Blocks as a Word document, set into a template that an officer edits: words, logo and styles around them are hers."""

from __future__ import annotations

import copy
import datetime as dt
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from evaluation import filling
from evaluation.codec import nearest
from evaluation.errors import RunFailed
from evaluation.report.blocks import Document
from evaluation.report.formats import wordml
from evaluation.report.formats.notice import footing, kind_and_day, notices
from evaluation.report.formats.packed import packed
from evaluation.resources import folder

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.text.paragraph import Paragraph as Line

BODY = "body"
"""The key of the paragraph that the document's parts stand for."""
_PROPERTY = 255
_PLACE = "\ue000"  # no text has this letter


def document(whole: Document) -> bytes:
    """The .docx. Raises RunFailed where the template cannot be filled, naming the tag or key that is at fault."""
    filled = _filled(whole)
    place: Any = _place(filled)._p
    for element in wordml.elements(whole, filled, _styles(filled)):
        place.addprevious(element)
    place.getparent().remove(place)
    _described(filled, whole)
    made = io.BytesIO()
    filled.save(made)
    return packed(made.getvalue())


# --- the template -------------------------------------------------------------------------------


def template() -> bytes:
    """The kit's own."""
    return (folder("templates") / "report" / "report.docx").read_bytes()


def _context(whole: Document) -> dict[str, str]:
    return {
        "title": whole.title,
        "promoter": whole.author,
        "release": footing(whole),
        "kind": kind_and_day(whole),
        "fictional": " ".join(notices(whole)),
        "notice": ", ".join(notices(whole, short=True)),
        BODY: _PLACE,
    }


def _filled(whole: Document) -> Word:
    import zipfile

    import jinja2
    from docxtpl import DocxTemplate

    context = _context(whole)
    rules = filling.sandboxed()
    read: Any = DocxTemplate
    try:
        made = read(io.BytesIO(whole.template or template()))
        known = made.get_undeclared_template_variables(rules)
        for key in sorted(known - context.keys()):
            hint = nearest(key, list(context))
            raise RunFailed("report.error.template_key", key=key, hint=hint)
        made.render(context, rules, autoescape=True)
    except jinja2.TemplateError as error:
        raise RunFailed("report.error.template_tag", why=error.message or "") from None
    except (SyntaxError, zipfile.BadZipFile, KeyError, ValueError, AttributeError):  # of XML, among others
        raise RunFailed("report.error.template") from None
    filled: Word = made.docx
    return filled


def _place(filled: Word) -> Line:
    """The paragraph that the parts stand for."""
    found = [line for line in filled.paragraphs if _PLACE in line.text]
    if len(found) != 1:
        raise RunFailed("report.error.template_body", n=len(found), key=BODY)
    return found[0]


def _styles(filled: Word) -> dict[str, str]:
    """The styles that the blocks are set in with their ids; those that the template lacks are taken from the kit's."""
    import docx

    own: Mapping[str, Any] = {style.name or "": style for style in filled.styles}
    if missing := [name for name in wordml.STYLES if name not in own]:
        kit = docx.Document(io.BytesIO(template()))
        for name in missing:
            filled.styles.element.append(copy.deepcopy(kit.styles[name].element))
        own = {style.name or "": style for style in filled.styles}
    return {name: own[name].style_id for name in wordml.STYLES}


def _held(text: str) -> str:
    """As much of it as a property of a Word file can hold."""
    return text if len(text) <= _PROPERTY else f"{text[: _PROPERTY - 1]}…"


def _described(filled: Word, whole: Document) -> None:
    """Title, author, language and day, as its properties; the language also for whoever has it read aloud."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    told, day = filled.core_properties, dt.datetime.combine(whole.made_on, dt.time())
    told.title, told.author = _held(whole.title), _held(whole.author)
    told.last_modified_by, told.language = "", whole.language
    told.created = told.modified = told.last_printed = day
    told.revision, told.comments = 1, ""
    rules: Any = filled.styles.element
    for run in rules.xpath("w:docDefaults/w:rPrDefault/w:rPr"):
        for old in run.findall(qn("w:lang")):
            run.remove(old)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), wordml.tag(whole.language))
        run.append(language)
