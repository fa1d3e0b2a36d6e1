"""A new project folder, with an empty encrypted record that opens with a passphrase or a key file."""

from __future__ import annotations

import getpass
import os
from pathlib import Path

from evaluation.collect.access import keys
from evaluation.collect.access.keys import Secret
from evaluation.collect.record.store import Store
from evaluation.errors import EvaluationError
from evaluation.project import folder as folders
from evaluation.project.safekeeping.unlocking import new_passphrase
from evaluation.texts import say


def new_project(
    folder: Path,
    *,
    name: str | None = None,
    key_file: Path | None = None,
    template: str = "new",
    language: str = "en",
) -> None:
    """A project folder with an empty record that opens with a passphrase, or with a key file.

    The key file is made if it is not there; outside the folder it is safer. ``language`` is the project's
    first, and that in which a passphrase is asked for. Raises BadArgument or StoreError and leaves nothing half-made.
    """
    fresh = not folder.exists()
    folders.make(folder, template, language)
    try:
        Store.create(folder, _new_secret(key_file, language), slot=name or getpass.getuser()).close()
    except (EvaluationError, KeyboardInterrupt, EOFError):
        folders.remove(folder, keep=not fresh)
        raise


def _new_secret(key_file: Path | None, language: str) -> Secret:
    if key_file is None and os.environ.get(keys.KEY_FILE):
        key_file = Path(os.environ[keys.KEY_FILE])
    if key_file is not None:
        return keys.read_key_file(key_file) if key_file.exists() else keys.make_key_file(key_file)
    if os.environ.get(keys.PASSPHRASE):
        return keys.passphrase(os.environ[keys.PASSPHRASE])
    return new_passphrase(say("project.creation.choose", language), language)
