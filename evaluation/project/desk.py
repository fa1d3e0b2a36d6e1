"""What a person meets at the front desk: a new folder, the state of the data, and the notebooks for inside."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from evaluation import files
from evaluation.collect import keys
from evaluation.collect.keys import Secret
from evaluation.collect.store import Store
from evaluation.errors import BadArgument, EvaluationError, StoreError
from evaluation.project import folder as folders
from evaluation.project import incoming, remembering, translated
from evaluation.project.filing import person
from evaluation.project.house import House
from evaluation.project.planning import standing
from evaluation.project.wording import claim_lines
from evaluation.release.overlap import overlaps
from evaluation.report import runs
from evaluation.resources import folder as resource


def new_project(folder: Path, *, name: str | None = None, key_file: Path | None = None, template: str = "new") -> None:
    """A project folder with an empty record that opens with a passphrase, or with a key file.

    The key file is made if it is not there; outside the folder it is safer. Raises BadArgument or
    StoreError and leaves nothing half-made.
    """
    fresh = not folder.exists()
    folders.make(folder, template)
    try:
        Store.create(folder, _new_secret(key_file), slot=person(name)).close()
    except EvaluationError:
        folders.remove(folder, keep=not fresh)
        raise


def _new_secret(key_file: Path | None) -> Secret:
    if key_file is None and os.environ.get(keys.KEY_FILE):
        key_file = Path(os.environ[keys.KEY_FILE])
    if key_file is not None:
        return keys.read_key_file(key_file) if key_file.exists() else keys.make_key_file(key_file)
    if os.environ.get(keys.PASSPHRASE):
        return keys.passphrase(os.environ[keys.PASSPHRASE])
    if not sys.stdin.isatty():
        raise StoreError(
            f"There is nobody to ask for a passphrase; name a key file with --key-file, or set {keys.PASSPHRASE}."
        )
    first = getpass.getpass("Choose a passphrase for the record (nobody can recover it): ")
    if getpass.getpass("The same again: ") != first:
        raise BadArgument("The two passphrases differ; nothing was made. Try again.")
    return keys.passphrase(first)


def check_lines(house: House) -> Iterator[str]:
    """The state of the project's files and data, in sentences for inside.

    Raises BadDeclaration for labels that are missing in a language, DamagedStore and LedgerError.
    """
    project = house.project
    translated.check(project)
    yield (
        f"The files of '{project.file.id}' are in order: {len(project.file.waves)} waves, "
        f"{len(project.instruments)} questionnaires, {len(project.indicators)} indicators."
    )
    entries = house.store.verify()
    yield f"The record is whole: {entries} entries, each linked to the one before."
    yield f"The releases folder lacks no release that the record knows; it holds {len(remembering.entries(house))}."
    yield from standing(project, house.locks, seen=house.endline_seen)
    enrolled = len(house.frames["participants"])
    yield f"Enrolled: {enrolled} of {project.file.planned_participants} planned."
    counted = house.frames["participants"]["country"].dropna().nunique()
    if project.file.countries not in (None, counted):
        yield f"project.yml states {project.file.countries} countries; the record has {counted}. Decide which to state."
    for row in house.flow.to_dict("records"):
        yield f"  {row['wave']}: {row['answered']} of {row['due']} answered."
    for outcome in project.plan.outcomes:
        change = house.changes[outcome.id]
        yield f"{outcome.labels['en']}: {change.pairs} people with both measurements of {change.enrolled}."
        for refusal in change.refusals:
            yield f"  {refusal.sentences['en']}"
    yield from incoming.lines(house.folder, project)
    yield from overlap_lines(house.frames["aggregate_counts"])
    yield from claim_lines(house.folder, random_allocation=project.plan.allocation == "draw")


def overlap_lines(counts: pd.DataFrame, language: str = "en") -> Iterator[str]:
    """What follows where published categories do not add up to their whole.

    ``counts``: the frame of aggregate counts, one row per category and period; categories that name
    the same ``whole`` and ``grouping`` are compared with it, period by period.
    """
    totals = {(row["category"], row["period"]): int(row["count"]) for row in counts.to_dict("records")}
    parts = counts.dropna(subset=["whole"]).fillna({"grouping": ""})
    for (whole, period, _), group in parts.groupby(["whole", "period", "grouping"], sort=False):
        named = {str(row["category"]): int(row["count"]) for row in group.to_dict("records")}
        if len(named) > 1 and (whole, period) in totals:
            found = overlaps(totals[whole, period], named)
            if found.verdict != "adds up":
                yield found.sentences[language]


def run_inside(house: House, *, only: str | None = None) -> Iterator[Path]:
    """Run the notebooks for inside; each executed notebook is kept in the folder's inside/."""
    import nbformat  # slow to import, and most commands run no notebook

    shelf = resource("notebooks") / "inside"
    chosen = [path for path in sorted(shelf.glob("*.ipynb")) if path.stem.startswith(only or "")]
    if not chosen:
        names = ", ".join(path.stem for path in sorted(shelf.glob("*.ipynb")))
        raise BadArgument(f"No notebook begins with '{only}'; there are {names}.")
    kept = files.private_folder(house.folder / "inside")
    for notebook in chosen:
        target = kept / notebook.name
        executed = run_with_key(house, notebook)
        files.write(target, nbformat.writes(executed).encode("utf-8"), private=True)  # type: ignore[no-untyped-call]
        yield target


def run_with_key(house: House, notebook: Path) -> object:
    """One inside notebook, whose kernel gets the data key through an inherited descriptor.

    Its parameters stay as they are: the project is the folder above, wherever the notebook is opened.
    Where there are no such descriptors (Windows), the kernel opens the record with the key file that
    EVALUATION_KEY_FILE names.
    """
    environment = runs.scrubbed(os.environ)
    if sys.platform == "win32":
        named = {key: os.environ[key] for key in (keys.KEY_FILE,) if key in os.environ}
        return runs.run(notebook, {}, folder=house.folder, environment=environment | named)
    with keys.handed_over(house.key) as descriptor:
        return runs.run(
            notebook,
            {},
            folder=house.folder,
            environment=environment | {keys.DESCRIPTOR: str(descriptor)},
            descriptor=descriptor,
        )
