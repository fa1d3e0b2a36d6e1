"""The documents of a release: every text is drawn before the first is put into its place, all of them or none."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from evaluation.errors import RunFailed
from evaluation.release import bundle
from evaluation.release.released import Released
from evaluation.report import render, runs, words
from evaluation.resources import folder as resource
from evaluation.schema import text as text_in

SUMMARY, ANALYSIS = "bilateral_summary", "analytical_report"
"""The notebooks in notebooks/funder/ that documents are made of."""


def make_documents(path: Path, out: Path, *, parameters: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """The documents of the release ``path`` in each of its languages, in ``out``/<language>/.

    Raises RunFailed and leaves ``out`` as it was where one of them cannot be drawn or written.
    """
    bundle.read(path)  # a sentence where it is none
    given = dict(parameters or {})
    languages = [given.pop("language")] if "language" in given else ()
    with staged(drawn(path.read_text(encoding="utf-8"), languages, parameters=given), out) as place:
        return place()


def drawn(source: str, languages: Sequence[str] = (), *, parameters: Mapping[str, str]) -> dict[str, str]:
    """The texts of all documents of the bundle ``source``, by their places: ``en/report.html``.

    In these languages, or in all of the release.
    The report, and, where the release has its tables, the analytical report, each as HTML and JSON.
    Each notebook runs in a folder of its own that holds the bundle and nothing else, with an
    environment by which no record can be opened.
    """
    released = bundle.parse(source, "release.json")
    further = any(table.topic in ("needs", "distributions") for table in released.tables)
    wanted = [SUMMARY, ANALYSIS] if further else [SUMMARY]
    notebooks = {name: resource("notebooks") / "funder" / f"{name}.ipynb" for name in wanted}
    checked = [
        (language, name, runs.checked(notebook, {**parameters, "language": language}))
        for language in languages or released.facts.languages
        for name, notebook in notebooks.items()
    ]
    return {
        f"{language}/{file}": text
        for language, name, values in checked
        for file, text in _written(_executed(source, notebooks[name], values), released, name, language)
    }


def _executed(source: str, notebook: Path, values: Mapping[str, object]) -> object:
    with tempfile.TemporaryDirectory(prefix="ev-") as alone:
        (Path(alone) / "release.json").write_text(source, encoding="utf-8")
        return runs.run(notebook, values, folder=Path(alone), environment=runs.scrubbed(os.environ))


def _written(executed: object, released: Released, name: str, language: str) -> Iterator[tuple[str, str]]:
    """File names and texts of the documents of one executed notebook."""
    stem = "report" if name == SUMMARY else "analysis"
    title = text_in(released.facts.title, language)
    title = title if name == SUMMARY else f"{title}. {words.say('analytical', language)}"
    document = render.json_document(executed)
    if document["digest"] != released.digest:
        raise RunFailed("project.documents.another_release", notebook=name, release=released.release)
    yield f"{stem}.html", render.html(executed, language=language, title=title)
    yield f"{stem}.json", json.dumps(document, ensure_ascii=False, indent=1) + "\n"


# --- putting them into place --------------------------------------------------------------------


@contextlib.contextmanager
def staged(texts: Mapping[str, str], out: Path) -> Iterator[Callable[[], tuple[Path, ...]]]:
    """All texts written in a corner of ``out``; what it gives puts them into their places.

    Whatever happens before that, or on the way, ``out`` is as it was. Raises RunFailed where the disk refuses.
    """
    targets = [out / place for place in texts]
    fresh = {path for target in targets for path in target.parents if not path.exists()}
    try:
        with contextlib.ExitStack() as stack:
            with _sentence(out):
                out.mkdir(parents=True, exist_ok=True)
                corner = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".part-", dir=out)))
                parts = [corner / str(number) for number in range(len(texts))]
                for part, text in zip(parts, texts.values(), strict=True):
                    part.write_text(text, encoding="utf-8")
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
        raise RunFailed("project.documents.not_written", folder=out, reason=str(error.strerror)) from None
