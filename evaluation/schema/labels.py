"""Texts in the languages of a project, and things that are found by their id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

from evaluation.codec import nearest
from evaluation.errors import BadDeclaration

Labels = Mapping[str, str]
"""Language code (``en``, ``pl``) to text."""


def text(labels: Labels, language: str) -> str:
    """The label in ``language``, or in English where it is not translated."""
    return labels.get(language) or labels.get("en") or next(iter(labels.values()), "")


class Named(Protocol):
    """Whatever has an id."""

    @property
    def id(self) -> str: ...


Thing = TypeVar("Thing", bound=Named)


def find(things: tuple[Thing, ...], name: str, missing: str, **facts: object) -> Thing:
    """The thing called ``name``. Raises BadDeclaration with the key ``missing`` and what it may be."""
    for thing in things:
        if thing.id == name:
            return thing
    raise BadDeclaration(missing, name=name, hint=nearest(name, [thing.id for thing in things]), **facts)
