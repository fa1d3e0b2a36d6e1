"""Texts in the languages of a project, and things that are found by their id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

from evaluation.codec import nearest
from evaluation.errors import BadDeclaration
from evaluation.texts import translated as text

__all__ = ["Labels", "Named", "Thing", "find", "text"]

Labels = Mapping[str, str]
"""Language code (``en``, ``pl``) to text."""


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
