"""Signs of personal data in free text: what could tell a reader who somebody is. In doubt it asks."""

from __future__ import annotations

from evaluation.collect.personal_data import names, numbers, places, spoken

_SIGNS = (numbers.identifies, places.identifies, spoken.identifies, names.identifies)


def looks_personal(text: str) -> bool:
    """Whether free text seems to hold a number, address, birthday, account or name by which a person is found.

    It knows shapes and short word lists, so it is wrong at times, rather by asking once too often: a person who
    has read the text may overrule it.
    """
    return any(sign(text) for sign in _SIGNS)
