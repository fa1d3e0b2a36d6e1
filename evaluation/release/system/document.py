"""What gate, optimiser and auditor exchange: the quantities of a draft and of earlier releases, and what ties them."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from evaluation import codec
from evaluation.release.facts import Facts
from evaluation.release.files.chain import Interval, Row
from evaluation.release.moves import Stays, followed, stays
from evaluation.release.printed.points import Told

FORMAT = "sdc-audit/1"


@dataclass(frozen=True, slots=True)
class Cell:
    """One quantity of a table, ``at`` its codes. ``value``: its number; None where a reader does not see it."""

    id: str
    at: Mapping[str, str]
    value: int | None
    weight: int  # what hiding it costs


@dataclass(frozen=True, slots=True)
class Table:
    """The quantities of one population that one release shows."""

    id: str
    release: str
    population: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Unprinted:
    """One quantity that no table shows. ``value``: its number; None where it is not known to the kit."""

    id: str
    at: Mapping[str, str]
    value: int | None


One = TypeVar("One", Cell, Unprinted)


@dataclass(frozen=True)
class People:
    """What may be known of everybody in one population of one release, and which of its quantities count whom."""

    codes: Mapping[str, tuple[str, ...]]
    within: Mapping[str, Mapping[str, Mapping[str, str]]]
    facts: Facts
    quantities: Mapping[str, Mapping[str, str]]  # each id with its codes
    told: tuple[Told, ...] = ()  # what printed means say of everybody's change
    population: str = ""
    order: int = 0  # of the release among those of the document
    revised: bool = False  # by an erratum, so that nobody supposes that anything stayed as it was told before

    def as_mapping(self) -> Mapping[str, Any]:
        """As it stands in the open format; the same object each time, so that two of them are soon compared."""
        return self._mapping

    @functools.cached_property
    def _mapping(self) -> Mapping[str, Any]:
        return {**codec.plain(self), "stays": {name: [list(some) for some in self._stays(name)] for name in self.codes}}

    def _stays(self, name: str) -> Stays:
        """Of a coarser variable what follows from the finest one that is counted, too."""
        for fine, maps in self.within.items():
            if name in maps and fine in self.codes and "&" not in fine:
                return followed(stays(fine, self.codes[fine]), maps[name])
        return stays(name, self.codes[name])


@dataclass(frozen=True, slots=True)
class Document:
    """The linear system of one release, or a part of it; what no entry of ``bounds`` names is 0 or more.

    ``must_publish``: ids that everybody knows; ``sensitive``: the interval that an intruder must keep for
    an id. What only the gate and the ledger use: ``own``, the ids of this release; ``changes``, the
    unknowns "new - old" since the last release, by population; ``smaller``, those of them that may be
    anything; ``left``, by how many a population became smaller.
    """

    name: str
    threshold: int
    tables: tuple[Table, ...] = ()
    hidden: tuple[Unprinted, ...] = ()
    relations: tuple[Row, ...] = ()
    bounds: Mapping[str, Interval] = field(default_factory=dict)
    must_publish: tuple[str, ...] = ()
    sensitive: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    asked: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # how far it matters what an id may be
    left: Mapping[str, int] = field(default_factory=dict)
    smaller: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    people: tuple[People, ...] = ()
    exceptions: int | None = 0  # people more than the print requires of whom nothing stays; None: nobody supposes it

    @property
    def cells(self) -> Iterator[Cell]:
        """The cells of all tables, in their order."""
        return (cell for table in self.tables for cell in table.cells)

    def with_values(self, values: Mapping[str, int | None]) -> Document:
        """The same document with these numbers in place of those of the quantities that are named."""

        def valued(some: Iterable[One]) -> tuple[One, ...]:
            return tuple(dataclasses.replace(one, value=values[one.id]) if one.id in values else one for one in some)

        tables = (dataclasses.replace(table, cells=valued(table.cells)) for table in self.tables)
        return dataclasses.replace(self, tables=tuple(tables), hidden=valued(self.hidden))

    def about(self, ids: Collection[str]) -> Document:
        """The part about ``ids``, with the quantities that its relations rest on."""
        relations = tuple(row for row in self.relations if any(name in ids for name, _ in row.terms))
        kept = {*ids, *(name for row in relations for name, _ in row.terms)}
        tables = (
            dataclasses.replace(table, cells=tuple(cell for cell in table.cells if cell.id in kept))
            for table in self.tables
        )
        return dataclasses.replace(
            self,
            tables=tuple(table for table in tables if table.cells),
            hidden=tuple(quantity for quantity in self.hidden if quantity.id in kept),
            relations=relations,
            bounds={name: ends for name, ends in self.bounds.items() if name in kept},
            must_publish=tuple(name for name in self.must_publish if name in kept),
            sensitive={name: ends for name, ends in self.sensitive.items() if name in kept},
        )

    def as_mapping(self) -> dict[str, Any]:
        """The document in the open format, as optimiser and auditor read it, each by its own code."""
        return {
            "format": FORMAT,
            **codec.plain(dataclasses.replace(self, people=())),
            "bounds": {"default": [0, None]} | codec.plain(self.bounds),
            "people": [one.as_mapping() for one in self.people],
        }


def joined(parts: Sequence[Document]) -> Document:
    """The parts of one document as one, in their order; it has the name and threshold of the first."""

    def together(name: str) -> Any:
        some = [getattr(part, name) for part in parts]
        if isinstance(some[0], tuple):
            return tuple(itertools.chain.from_iterable(some))
        return {key: value for one in some for key, value in one.items()}

    own = ("name", "threshold", "exceptions")
    return dataclasses.replace(
        parts[0],
        **{field.name: together(field.name) for field in dataclasses.fields(Document) if field.name not in own},
    )


def total(whole: str, parts: Sequence[str]) -> Row:
    """The parts add up to the whole."""
    return Row((*((part, 1) for part in parts), (whole, -1)), "=")


def values(mapping: Mapping[str, Any]) -> dict[str, int | None]:
    """The number of each cell of a document in the open format, None where it is hidden."""
    return {cell["id"]: cell["value"] for table in mapping["tables"] for cell in table["cells"]}
