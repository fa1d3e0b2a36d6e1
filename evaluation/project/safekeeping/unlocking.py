"""A project's record is unlocked by whoever calls: with a key file, from the environment, or by asking."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from evaluation.collect.access import keys
from evaluation.collect.access.keys import Opened, Secret
from evaluation.errors import BadArgument, StoreError
from evaluation.texts import Message, say


def unlock(
    root: Path,
    *,
    key_file: Path | None = None,
    environ: Mapping[str, str] | None = None,
    prompt: Callable[[str], str] | None = None,
    language: str = "en",
) -> Opened:
    """Who opens the record in ``root``, with what ``given`` gives. Raises WrongPassphrase and DamagedStore, too."""
    return keys.unlock(root, given(root, key_file=key_file, environ=environ, prompt=prompt, language=language))


def given(
    root: Path,
    *,
    key_file: Path | None = None,
    environ: Mapping[str, str] | None = None,
    prompt: Callable[[str], str] | None = None,
    language: str = "en",
) -> Secret:
    """What opens the record in ``root``; a passphrase is asked for in ``language``, and only where one opens it.

    Raises StoreError where nobody can be asked, or only key files open the record.
    """

    def ask(question: Message) -> str:
        if not keys.with_passphrase(root):
            raise StoreError("project.key_files_only", folder=root, variable=keys.KEY_FILE)
        return (prompt or _typed)(say(question, language))

    return keys.secret(root, key_file=key_file, environ=os.environ if environ is None else environ, prompt=ask)


def new_passphrase(question: str, language: str) -> Secret:
    """A passphrase that a person chooses: typed twice, and never shown."""
    if not sys.stdin.isatty():
        raise StoreError("project.nobody_to_ask", variable=keys.PASSPHRASE)
    first = getpass.getpass(question)
    if getpass.getpass(say("project.creation.again", language)) != first:
        raise BadArgument("project.creation.passphrases_differ")
    return keys.passphrase(first)


def _typed(question: str) -> str:
    """The passphrase as a person types it, at a terminal or in a notebook; it is not shown."""
    nobody = StoreError("project.nobody_to_ask", variable=keys.KEY_FILE)
    if not (sys.stdin.isatty() or "ipykernel" in sys.modules):
        raise nobody
    try:
        return getpass.getpass(question)
    except NotImplementedError:  # a kernel that papermill or nbconvert started
        raise nobody from None
