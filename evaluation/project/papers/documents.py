"""The documents of a release: every one is drawn before the first is put into its place, all of them or none."""

from __future__ import annotations

import contextlib
import functools
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from evaluation import files
from evaluation.errors import BadDeclaration, RunFailed, reason
from evaluation.project.papers.claims import document_claims
from evaluation.release import bundle
from evaluation.release.bundle import Edition
from evaluation.release.released import Released
from evaluation.report import executed, runs
from evaluation.report import own as owned
from evaluation.report import parameters as parameters_of
from evaluation.report.engine import Name, side_by_side
from evaluation.report.formats import CONFIDENTIAL
from evaluation.report.own import Own
from evaluation.report.parameters import Documents
from evaluation.resources import folder as resource
from evaluation.schema import Declaration
from evaluation.schema import text as text_in
from evaluation.texts import Message


def make_documents(
    path: Path,
    out: Path,
    *,
    parameters: Mapping[str, str] | None = None,
    words: Mapping[Path, str] | None = None,
    own: Own | None = None,
    only: Callable[[str], bool] = bool,
    engine: Name | None = None,
) -> tuple[Path, ...]:
    """The documents of the release ``path`` in each of its languages, in ``out``/<language>/.

    Those of the confidential edition beside it, if there is one, in ``out``/funder/<language>/.
    ``only``: which of them, by their places.
    ``words``: those that each bundle is worded in; else those that lie beside it, if they were mended.
    ``own``: what is the officer's own in them.
    Raises RunFailed and leaves ``out`` as it was where one of them cannot be drawn or written.
    """
    bundle.read(path)  # a sentence where it is none
    given = dict(parameters or {})
    languages = [given.pop("language")] if "language" in given else ()
    sources: dict[Edition, tuple[str, str]] = {}
    for edition, one in bundle.editions(path).items():
        beside = bundle.words_file(one)
        kept = beside.read_text(encoding="utf-8") if beside.exists() else ""
        sources[edition] = one.read_text(encoding="utf-8"), kept if words is None else words[one]
    texts = drawn(sources, languages, parameters=given, own=own, engine=engine)
    with staged({place: text for place, text in texts.items() if only(place)}, out) as place:
        return place()


def drawn(
    editions: Mapping[Edition, tuple[str, str]],
    languages: Sequence[str] = (),
    *,
    parameters: Mapping[str, str],
    shelf: Path | None = None,
    own: Own | None = None,
    engine: Name | None = None,
) -> dict[str, bytes]:
    """All documents of a release by their places, ``en/report.html``; of the confidential edition in its folder.

    ``editions``: by edition the bundle, and its mended words if there are any. In these languages, or in all of the
    release. A notebook of ``shelf`` (else notebooks/funder) becomes the documents that its sidecar declares, in
    every format, where the release has what they need. Each runs in a folder of its own that holds one bundle and
    nothing else, with an environment by which no record can be opened; those of all editions run side by side.
    """
    wish = _Wish(tuple(languages), parameters, shelf or resource("notebooks") / "funder", own or Own(), engine)
    papers = [paper for one, (source, words) in editions.items() for paper in _papers(one, source, words, wish)]
    executed = side_by_side.results([paper.run for paper in papers], engine=engine)
    return {
        f"{paper.place}/{file}": written
        for paper, done in zip(papers, executed, strict=True)
        for file, written in _written(done, paper)
    }


@dataclass(frozen=True, slots=True)
class _Wish:
    """In which languages which notebooks become documents, with what parameters and what of the officer's own."""

    languages: tuple[str, ...]
    parameters: Mapping[str, str]
    shelf: Path
    own: Own
    engine: Name | None


@dataclass(frozen=True, slots=True)
class _Paper:
    """One run of a notebook on a release, and where its documents belong."""

    released: Released
    declared: Documents
    language: str
    own: Own
    place: str
    run: Callable[[], object]


def _papers(edition: Edition, source: str, words: str, wish: _Wish) -> list[_Paper]:
    released = bundle.parse(source, "release.json")
    beside = bundle.words_file(Path("release.json")).name
    released = bundle.worded(released, words, beside) if words else released
    texts = {"release.json": source, **({beside: words} if words else {})}
    own = wish.own.of(released.certificate.profile)
    found = _notebooks(wish.shelf, {table.topic for table in released.tables}, own)
    papers = []
    for language in wish.languages or released.facts.languages:
        given = {**wish.parameters, "language": language}
        values = parameters_of.checked_each([notebook for notebook, _ in found], given)
        for (notebook, declared), each in zip(found, values, strict=True):
            place = f"{edition}/{language}" if edition else language
            run = functools.partial(_executed, texts, notebook, each, wish.engine)
            papers.append(_Paper(released, declared, language, own, place, run))
    return papers


def _notebooks(shelf: Path, topics: Set[str], own: Own | None) -> list[tuple[Path, Documents]]:
    """The notebooks whose documents a release with these topics has.

    Raises BadDeclaration for two documents of one name.
    """
    found: dict[str, tuple[Path, Documents]] = {}
    for path in sorted(shelf.glob("*.ipynb")):
        declared = parameters_of.sidecar(path).document
        if declared is None or not _wanted(declared, topics, own):
            continue
        if declared.stem in found:
            other = found[declared.stem][0].stem
            raise BadDeclaration("report.error.two_documents", one=path.stem, other=other, stem=declared.stem)
        found[declared.stem] = path, declared
    return sorted(found.values(), key=lambda one: one[1].topics)  # what every release has comes first


def _wanted(declared: Documents, topics: Set[str], own: Own | None) -> bool:
    """Whether the release has what the document tells, and the funder asks for it or for none in particular."""
    wanted = own.profile.documents if own and own.profile else ()
    asked = declared.stem in wanted if wanted or declared.on_request else True
    return asked and not (declared.topics and topics.isdisjoint(declared.topics))


def _executed(texts: Mapping[str, str], notebook: Path, values: Mapping[str, object], engine: Name | None) -> object:
    with files.corner(Path(tempfile.gettempdir()), "evaluation-run-") as alone:
        with _sentence(alone):
            for name, source in texts.items():
                (alone / name).write_text(source, encoding="utf-8")
        return runs.run(notebook, values, folder=alone, environment=runs.scrubbed(os.environ), engine=engine)


def _written(notebook: object, paper: _Paper) -> Iterator[tuple[str, bytes]]:
    """File names and contents of the documents of one executed notebook."""
    released, declared, language = paper.released, paper.declared, paper.language
    titles = (text_in(released.facts.title, language), text_in(declared.title, language))
    document = executed.document(notebook, language=language, title=". ".join(filter(None, titles)))
    if document.released["digest"] != released.digest:
        raise RunFailed("project.documents.another_release", notebook=declared.stem, release=released.release)
    yield from owned.written(document, declared.stem, paper.own).items()


def remarks(out: Path, declaration: Declaration, *, named: Path | None = None) -> Iterator[Message]:
    """What whoever passes on the documents in ``out``, which is ``named`` so, has to know: for whom they are, and
    what they claim."""
    if (out / bundle.FUNDER).is_dir():
        folder = named or out
        yield Message("project.documents.confidential_below", folder=folder, below=folder / bundle.FUNDER)
    yield from document_claims(out, declaration)


# --- putting them into place --------------------------------------------------------------------


@contextlib.contextmanager
def staged(documents: Mapping[str, bytes], out: Path) -> Iterator[Callable[[], tuple[Path, ...]]]:
    """All documents written in a corner of ``out``; what it gives puts them into their places.

    Whatever happens before that, or on the way, ``out`` is as it was. Raises RunFailed where the disk refuses.
    """
    targets = [out / place for place in documents]
    fresh = {path for target in targets for path in target.parents if not path.exists()}
    try:
        with contextlib.ExitStack() as stack:
            with _sentence(out):
                out.mkdir(parents=True, exist_ok=True)
                corner = stack.enter_context(files.corner(out, ".part-"))
                parts = [corner / str(number) for number in range(len(documents))]
                for part, written in zip(parts, documents.values(), strict=True):
                    part.write_bytes(written)
            yield lambda: _placed(parts, targets, out)
    finally:
        for path in sorted(fresh, key=lambda one: len(one.parts), reverse=True):
            with contextlib.suppress(OSError):  # it is there and filled, as it should be
                path.rmdir()


def _placed(parts: Sequence[Path], targets: Sequence[Path], out: Path) -> tuple[Path, ...]:
    with _sentence(out):
        before = {target: target.read_bytes() if target.exists() else None for target in targets}
        try:
            for part, target in zip(parts, targets, strict=True):
                target.parent.mkdir(parents=True, exist_ok=True)
                part.replace(target)
            for target in targets:  # what earlier versions of the kit called it
                if (plain := target.name.replace(f".{CONFIDENTIAL}.", ".")) != target.name:
                    target.with_name(plain).unlink(missing_ok=True)
        except OSError:
            for target, old in before.items():
                target.unlink(missing_ok=True) if old is None else target.write_bytes(old)
            raise
    return tuple(targets)


@contextlib.contextmanager
def _sentence(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RunFailed("project.documents.not_written", folder=out, reason=reason(error)) from None
