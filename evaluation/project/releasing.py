"""From the house through the gate to documents: propose, release, and run the funder's notebook on the bundle."""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from evaluation import __version__
from evaluation.errors import BadArgument, TooFew
from evaluation.project import folder as folders
from evaluation.project import remembering
from evaluation.project.drafting import draft
from evaluation.project.house import House
from evaluation.release import bundle, ledger
from evaluation.release.ledger import Proposal
from evaluation.release.released import Provenance, Released
from evaluation.report import render, runs, words
from evaluation.resources import folder as resource
from evaluation.schema import text as text_in

SUMMARY, ANALYSIS = "bilateral_summary", "analytical_report"
"""The notebooks in notebooks/funder/ that documents are made of."""


def propose(house: House, release: str, *, today: dt.date | None = None) -> Proposal:
    """What would leave under this name, after the gate and its auditor; nothing is written.

    Raises TooFew for a project without participants, LedgerError where the record knows of another
    ledger, and what ledger.propose raises.
    """
    remembering.entries(house)
    if house.frames["participants"].empty:
        raise TooFew("Nobody is enrolled, so there is nothing to release; take in the participants first.")
    return ledger.propose(
        draft(house, release),
        house.folder / "releases",
        project=house.project.file.id,
        rules=house.project.file.rules,
        provenance=_provenance(house, today or dt.date.today()),
    )


def released_before(house: House, release: str) -> Path | None:
    """The bundle of the release of this name, if there is one; its ledger is verified on the way."""
    entries = remembering.entries(house)
    made = ledger.named(release, entries)
    if made is None:
        return None
    remembering.remember(house, entries)  # where a crash came between the ledger and the record
    return house.folder / "releases" / f"{made.release}.json"


def release(house: House, proposal: Proposal) -> Path:
    """Enter the proposal in the ledger, then in the record; the bundle that documents are made of."""
    remembering.entries(house)
    released = ledger.release(proposal, house.folder / "releases")
    remembering.remember(house, remembering.entries(house))
    return house.folder / "releases" / f"{released.release}.json"


def parameters(given: Sequence[str]) -> dict[str, str]:
    """``NAME=VALUE`` of a command line as parameters. Raises BadArgument for anything else."""
    chosen = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise BadArgument("A parameter is written NAME=VALUE, such as language=pl.")
        chosen[name] = value
    return chosen


def make_documents(path: Path, out: Path, *, parameters: Mapping[str, str] | None = None) -> Iterator[Path]:
    """The documents of a release in each of its languages, in ``out``/<language>/.

    The report, and, where the release has its tables, the analytical report, each as HTML and JSON.
    Each notebook runs in a folder of its own that holds the bundle and nothing else, with an
    environment by which no record can be opened. A document is there whole or not at all.
    """
    released = bundle.read(path)
    given = dict(parameters or {})
    chosen = [given.pop("language")] if "language" in given else list(released.facts.languages)
    further = any(table.topic in ("needs", "distributions") for table in released.tables)
    wanted = [SUMMARY, ANALYSIS] if further else [SUMMARY]
    notebooks = {name: resource("notebooks") / "funder" / f"{name}.ipynb" for name in wanted}
    checked = [
        (language, name, runs.checked(notebook, {**given, "language": language}))
        for language in chosen
        for name, notebook in notebooks.items()
    ]
    for language, name, values in checked:
        executed = _executed(path, notebooks[name], values)
        folder = out / language
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in _written(executed, released, name, language):
            part = folder / f"{file}.part"
            part.write_text(text, encoding="utf-8")
            yield part.replace(folder / file)


def _executed(path: Path, notebook: Path, values: Mapping[str, object]) -> object:
    with tempfile.TemporaryDirectory(prefix="ev-") as alone:
        shutil.copyfile(path, Path(alone) / "release.json")
        return runs.run(notebook, values, folder=Path(alone), environment=runs.scrubbed(os.environ))


def _written(executed: object, released: Released, name: str, language: str) -> Iterator[tuple[str, str]]:
    """File names and texts of the documents of one executed notebook."""
    stem = "report" if name == SUMMARY else "analysis"
    title = text_in(released.facts.title, language)
    title = title if name == SUMMARY else f"{title}. {words.say('analytical', language)}"
    yield f"{stem}.html", render.html(executed, language=language, title=title)
    yield f"{stem}.json", json.dumps(render.json_document(executed), ensure_ascii=False, indent=1) + "\n"


def _provenance(house: House, today: dt.date) -> Provenance:
    return Provenance(
        data=house.fingerprint,
        plan=folders.plan_hash(house.folder),
        library=__version__,
        python=platform.python_version(),
        released_on=today,
        commit=_commit(),
    )


@functools.cache
def _commit() -> str:
    """The commit the kit was run from, ``+`` where files differ from it; "" outside a checkout."""
    here = Path(__file__).parents[2]
    if not (here / ".git").exists():
        return ""
    try:
        said = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--abbrev=12", "--exclude=*"],
            cwd=here, capture_output=True, text=True, timeout=10, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.stdout.strip()
