"""What a file seems to be, by the names of its columns and by what stands in them: the likeliest form first."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.collect.check.columns import columns_of
from evaluation.collect.check.context import Context
from evaluation.collect.files.sheet import Sheet
from evaluation.collect.matching import grids, questionnaires
from evaluation.collect.matching.likeness import places_of
from evaluation.collect.matching.proposal import Proposal, spoken, words_of_table
from evaluation.collect.names import references
from evaluation.schema import Declaration, Import, Table


def proposals(sheet: Sheet, declaration: Declaration, context: Context) -> list[Proposal]:
    """How the file could be each form of the project, the likeliest first; none where required columns are missing."""
    found = [grids.register(sheet, declaration, context), grids.tallies(sheet, declaration, context)]
    found += [_table(sheet, table, declaration, context) for table in declaration.tables.values()]
    for instrument in declaration.instruments.values():
        found.append(questionnaires.wide(sheet, instrument, context))
        found.append(questionnaires.long(sheet, instrument, declaration, context))
    return sorted((each for each in found if each), key=lambda each: -each.likeness)


def _table(sheet: Sheet, table: Table, declaration: Declaration, context: Context) -> Proposal | None:
    columns = columns_of(table, context)
    titles = {entry.name: [entry.name, *entry.title.values()] for entry in table.fields}
    earlier = [each for each in declaration.file.imports.values() if each.table == table.name]
    for known in earlier:
        for name, sent in known.by_field.items():
            titles[name].append(sent)
    names = references(declaration, context, Import(table=table.name), table=table)
    matched = places_of(sheet, columns, titles, context, names)
    for name, at in also_named(table, {name: at for name, (at, _) in matched.items()}).items():
        matched.setdefault(name, (at, 0.5))
    if any(column.needed and column.name not in matched for column in columns):
        return None
    by_place = sorted(matched.items(), key=lambda pair: (pair[1][0], -pair[1][1]))
    likeness = sum(each for _, each in matched.values()) / max(len(sheet.header), len(matched))
    return of_table(sheet, table, {name: at for name, (at, _) in by_place}, declaration, context, likeness=likeness)


def also_named(table: Table, places: Mapping[str, int]) -> dict[str, int]:
    """The places, and those of the key and of what is required beside it: a list of courses has a name or a code."""
    required = [each for each in table.fields if each.required and each.type == "string"] if len(table.key) == 1 else []
    names = [table.key[0], *(each.name for each in required if not each.codes and not each.reference)]
    place = next((places[name] for name in names if name in places), None)
    return {**places, **{name: place for name in names if place is not None and name not in places}}


def of_table(
    sheet: Sheet,
    table: Table,
    places: Mapping[str, int],
    declaration: Declaration,
    context: Context,
    *,
    likeness: float = 1.0,
) -> Proposal:
    """The file as a table, row for row; ``places``: column of the table → position in the file."""
    names = references(declaration, context, Import(table=table.name), table=table)
    own = {name: sheet.header[at].strip() for name, at in places.items()}
    drop = tuple(cell.strip() for at, cell in enumerate(sheet.header) if at not in places.values())
    earlier = [each for each in declaration.file.imports.values() if each.table == table.name]
    words = {name: meant for each in earlier for name, meant in each.words.items()}
    imported = Import(table=table.name, columns=own, words=words, drop=drop, sheet=sheet.tab)
    called = {at: ", ".join(name for name, there in places.items() if there == at) for at in places.values()}
    questions = words_of_table(sheet, places, columns_of(table, context), table, names, imported)
    return Proposal(imported, spoken(sheet, called), tuple(questions), likeness)
