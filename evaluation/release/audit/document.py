"""An ``sdc-audit/1`` document becomes the system of everything that its reader knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluation.errors import BadDeclaration
from evaluation.release.audit.cells import join_equal, read_bounds, read_cells
from evaluation.release.audit.reading import Reading, interval, is_number, known, list_of, mapping_of
from evaluation.release.audit.rows import read_mean, read_percentage, read_relation
from evaluation.release.audit.system import System


def read_system(document: Mapping[str, Any]) -> System:
    """The unknowns and rows of ``document`` (parsed JSON in the format ``sdc-audit/1``).

    Equal ids become one quantity. Printed numbers are quantities whose bounds are that number. A
    percentage or mean was rounded up or down, nobody knows which way at a tie, so both ends are in.

    Raises BadDeclaration for what cannot be understood, Contradiction for an id that is given twice,
    for one quantity printed with two values and for a print outside its bounds.
    """
    if not isinstance(document, Mapping) or document.get("format") != "sdc-audit/1":
        raise BadDeclaration("release.format.version")
    reading = Reading(document)
    groups = read_cells(reading)
    continuous = list_of(document, "continuous")
    reading.continuous = frozenset(known(reading, id, "continuous") for id in continuous)
    join_equal(reading, groups)
    quantities = read_bounds(reading)
    for position, relation in enumerate(list_of(document, "relations"), 1):
        read_relation(reading, relation, f"relations: {position}")
    for position, share in enumerate(list_of(document, "percentages"), 1):
        read_percentage(reading, share, f"percentages: {position}")
    for position, mean in enumerate(list_of(document, "means"), 1):
        read_mean(reading, mean, f"means: {position}")
    sensitive = {
        known(reading, id, "sensitive"): interval(value, f"sensitive: {id}")
        for id, value in mapping_of(document, "sensitive").items()
    }
    unknown = tuple(id for id, value in reading.printed.items() if not is_number(value))
    return System(tuple(quantities), tuple(reading.rows), tuple(reading.facts), reading.where, unknown, sensitive)
