"""A small project that is declared in code, and a record of its rows; all fictional."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from evaluation import descriptors
from evaluation.collect.access import keys
from evaluation.collect.record import entries
from evaluation.collect.record.chain_end import Clock
from evaluation.collect.record.store import Store, utc_now
from evaluation.schema import Declaration, Grant, Instrument, Plan, ProjectFile, Wave

SECRET = keys.passphrase("long enough words")
WAVES = (Wave("baseline", {"en": "start", "pl": "początek"}, 0), Wave("endline", {"en": "end", "pl": "koniec"}, 180))
NO_OUTCOMES = Plan(outcomes=())


def declared(
    *instruments: Instrument, waves: Sequence[Wave] = WAVES, plan: Plan = NO_OUTCOMES, **file: Any
) -> Declaration:
    """A project with these questionnaires and all tables; ``file``: what project.yml says otherwise."""
    about: dict[str, Any] = {
        "id": "small",
        "title": {"en": "Small"},
        "promoter": "Somebody",
        "place": {"en": "Here"},
        "planned_participants": 12,
        "period_start": dt.date(2025, 1, 1),
        "period_end": dt.date(2026, 12, 31),
        "grant": Grant("programme", "fund", "operator", Decimal(1), "EUR"),
        "waves": tuple(waves),
    }
    return Declaration(
        ProjectFile(**about | file), plan, (), {one.id: one for one in instruments}, descriptors.tables()
    )


def new(folder: Path, clock: Clock = utc_now) -> Store:
    """An empty record in ``folder``, which is made where it is not there."""
    folder.mkdir(exist_ok=True)
    return Store.create(folder, SECRET, slot="Anna", cost=2**4, clock=clock)


def put(store: Store, of: Declaration, name: str, values: Mapping[str, object], *, version: str = "") -> str:
    """One row of the table or questionnaire, past all checks; its submission id."""
    entry = entries.row(name, key=of.form(name).key, values=values, actor="Anna", version=version)
    store.append([entry])
    return entry.id


def decrypted(path: Path, key: bytes) -> bytes:
    """Every page of a SQLCipher file: AES-256-CBC, its vector in the last 80 of 4096 bytes."""
    data = path.read_bytes()
    pages = [data[start : start + 4096] for start in range(0, len(data), 4096)]
    plain = []
    for number, page in enumerate(pages):
        body = page[16:-80] if number == 0 else page[:-80]  # the first page begins with the salt
        decryptor = Cipher(algorithms.AES(key), modes.CBC(page[-80:-64])).decryptor()
        plain.append(decryptor.update(body))
    return b"".join(plain)
