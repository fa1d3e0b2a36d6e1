"""What the project folder adds to its documents: texts/ with judgements and a Word template, a funder's profile."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from evaluation.codec import fault, load, nearest
from evaluation.codec import line as line_of
from evaluation.errors import BadDeclaration
from evaluation.measure.indicators import MEASURES
from evaluation.project.opened import Project
from evaluation.project.papers.claims import typed
from evaluation.release.printed.wording import forms, numerals
from evaluation.report.own import Own, judgements
from evaluation.report.own.profile import Profile
from evaluation.report.parameters import sidecar
from evaluation.resources import folder as resource
from evaluation.schema import Declaration
from evaluation.texts import Message

FOLDER, TEMPLATE, PROFILES = "texts", "report.docx", "funders"


def read(project: Project) -> Own:
    """The officer's own.

    Raises BadDeclaration for a text without its head, and for one that holds a participant's code; RunFailed for
    Markdown that is more than text.
    """
    own = project.folder / FOLDER
    texts = [(path.name, path.read_text(encoding="utf-8")) for path in sorted(own.glob("*.md"))]
    _refuse_codes(
        project,
        (
            (f"{FOLDER}/{name}", number, words)
            for name, source in texts
            for number, words in enumerate(source.splitlines(), 1)
        ),
    )
    template = own / TEMPLATE
    return Own(
        tuple(judgements.read(name, source) for name, source in texts),
        template.read_bytes() if template.exists() else b"",
        profile(project.folder, project.declaration.file.funder),
    )


def check_codes(project: Project) -> None:
    """Raises BadDeclaration where a text of the project's files names a participant by her code."""
    texts = typed(project.folder)
    _refuse_codes(project, ((file, node.start_mark.line + 1, node.value) for file, _, _, node in texts))


def _refuse_codes(project: Project, texts: Iterable[tuple[str, int, str]]) -> None:
    """``texts``: each with its file and line; looked at only where there are codes that can be no other word."""
    # A number alone may be any number, and two letters any word.
    codes = [code for code in project.frames["participants"]["participant"] if len(code) > 2 and not code.isdigit()]
    if not codes:
        return
    named = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, codes))})(?!\w)")
    for file, line, words in texts:
        if named.search(words):
            raise BadDeclaration("project.own_words.code", file=file, line=line)


def profile(folder: Path, name: str) -> Profile | None:
    """The funder's profile of this name: the project's own, or else the kit's; none without a name.

    Raises BadDeclaration where there is none of this name, and where it asks for a document, a part or a measure that
    nobody has.
    """
    if not name:
        return None
    shelves = (resource("data_schema") / PROFILES, folder / PROFILES)
    known = {path.stem: path for shelf in shelves for path in sorted(shelf.glob("*.yml"))}
    if name not in known:
        raise BadDeclaration("project.own_words.no_profile", name=name, hint=nearest(name, list(known)))
    wanted = load(Profile, known[name])
    for at, said in _in_vain(wanted):
        raise fault(known[name].name, line_of(known[name].read_text(encoding="utf-8"), at), said)
    return wanted


def _in_vain(wanted: Profile) -> Iterator[tuple[tuple[str | int, ...], Message]]:
    """What it names that the kit does not know, each with the keys that lead to it."""
    shelf = (resource("notebooks") / "funder").glob("*.ipynb")
    stems = [one.document.stem for one in map(sidecar, sorted(shelf)) if one.document]
    for number, stem in enumerate(wanted.documents):
        if stem not in stems:
            hint = nearest(stem, stems)
            yield ("documents", number), Message("project.own_words.no_document", document=stem, hint=hint)
    for number, asked in enumerate(wanted.indicators):
        if asked.measure not in MEASURES:
            hint = nearest(asked.measure, list(MEASURES))
            yield ("indicators", number), Message("project.own_words.no_measure", measure=asked.measure, hint=hint)


def lines(folder: Path, declaration: Declaration) -> Iterator[Message]:
    """What there is to know of the funder's profile: whether anybody verified it, and what it asks for in vain."""
    name = declaration.file.funder
    wanted = profile(folder, name)
    if wanted is None:
        return
    yield Message(f"project.own_words.{wanted.status}", name=name, label=wanted.label, source=wanted.source)
    there = {indicator.measure.partition(":")[0] for indicator in declaration.indicators}
    for asked in wanted.indicators:
        if asked.measure not in there:
            yield Message("project.own_words.not_there", label=asked.label, measure=asked.measure)


def _texts(path: Path) -> Iterator[str]:
    """What the parts of a document say, from its JSON."""
    for part in json.loads(path.read_text(encoding="utf-8")).values():
        yield from (one["text"] for one in (part if isinstance(part, list) else [part]) if isinstance(one, dict))


def unprinted(own: Own, out: Path) -> Iterator[Message]:
    """Each number in the officer's texts that no document in ``out``/<language>/ prints."""
    for one in own.judgements:
        made = " ".join(text for path in sorted(out.glob(f"{one.language}/*.json")) for text in _texts(path))
        printed = {form for number in numerals(made) for form in forms(number)}
        for number in dict.fromkeys(numerals(one.source)):
            if made and printed.isdisjoint(forms(number)):
                yield Message("project.own_words.unprinted", file=one.name, number=number)
