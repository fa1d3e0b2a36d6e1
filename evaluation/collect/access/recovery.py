"""The recovery code: a passphrase that chance chooses, printed once, which no eye and no finger confuses."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable

from evaluation.collect.access.secret import Secret
from evaluation.errors import WrongPassphrase

KIND = "recovery code"
LETTERS = "34679ACDEFGHJKMNPRTUWXY"
"""23 signs, none of which looks like another: of 0 O Q, 1 I L, 2 Z, 5 S, 8 B and U V at most one."""

_LENGTH, _GROUP = 20, 4  # 19 by chance, 86 bits, and one that checks them


def fresh(choose: Callable[[str], str] = secrets.choice) -> str:
    """A new code in groups of four, its last sign checking the others."""
    chosen = "".join(choose(LETTERS) for _ in range(_LENGTH - 1))
    last = next(sign for sign in LETTERS if _sum(chosen + sign) == 0)
    code = chosen + last
    return "-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def typed(secret: Secret) -> Secret | None:
    """The code that a passphrase is, whatever its blanks, dashes and capitals; None if it is something else.

    Raises WrongPassphrase where it has the form of a code, but a sign was misread or two were exchanged.
    """
    text = unicodedata.normalize("NFKC", secret.material.decode("utf-8")).upper()
    code = "".join(sign for sign in text if not sign.isspace() and unicodedata.category(sign) != "Pd")
    if len(code) != _LENGTH or not set(code) <= set(LETTERS):
        return None
    if _sum(code):
        raise WrongPassphrase("collect.key.misread_code")
    return of(code)


def of(code: str) -> Secret:
    """What a code opens its slot with."""
    return Secret("recovery code", code.replace("-", "").encode("ascii"))


def _sum(code: str) -> int:
    """Zero for a code; the weights differ, so that one wrong sign or two exchanged ones always show (23 is prime)."""
    return sum(weight * LETTERS.index(sign) for weight, sign in enumerate(code, start=1)) % len(LETTERS)
