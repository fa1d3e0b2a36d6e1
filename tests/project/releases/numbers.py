"""What a release and its report say in numbers: without wording, provenance and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WORDS = frozenset(
    {
        *(
            "labels",
            "withheld",
            "note",
            "source",
            "title",
            "heading",
            "place",
            "purpose",
            "text",
            "promoter",
            "html",
            "sentences",
            "programme",
            "fund",
            "operator",
            "names_in",
            "measure",
            "released_on",
        ),
        *("statements", "provenance", "digest", "seal", "release", "caption", "alt", "name", "codes", "plan"),
    }
)


def numbers(value: Any) -> Any:
    """The plain ``value`` without the keys that hold words or say where it comes from."""
    if isinstance(value, Mapping):
        return {key: numbers(inner) for key, inner in value.items() if key not in _WORDS}
    return [numbers(inner) for inner in value] if isinstance(value, list) else value
