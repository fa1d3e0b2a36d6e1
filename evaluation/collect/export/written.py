"""Exported rows as text: CSV that intake reads back, CSV for a spreadsheet, JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from evaluation import files
from evaluation.codebook import Column
from evaluation.codec.spreadsheet import csv_text
from evaluation.collect.export.rows import Exported
from evaluation.errors import BadArgument


def as_csv(exported: Exported, *, excel: str = "") -> str:
    """The rows as CSV; for Excel as it is set up in the language ``excel``: with a BOM, in Polish with semicolons."""
    if not excel:
        return csv_text([exported.header, *exported.rows])
    comma = excel == "pl"
    rows = [
        [_with_comma(cell, column, comma) for cell, column in zip(row, exported.columns, strict=True)]
        for row in exported.rows
    ]
    return csv_text([exported.header, *rows], delimiter=";" if comma else ",", bom=True)


def as_json(exported: Exported) -> str:
    """The rows as a list of objects: numbers as numbers, yes and no as true and false, what is empty as null."""
    rows = [dict(zip(exported.header, map(_typed, row, exported.columns), strict=True)) for row in exported.rows]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def save(text: str, path: Path) -> None:
    """A file that its owner alone can read. Raises BadArgument where one is there already."""
    if path.exists():
        raise BadArgument("collect.export.there", file=path)
    files.write(path, text, private=True)


def save_all(texts: Mapping[str, str], folder: Path, *, ending: str) -> None:
    """A file for each name in a folder that is new or empty and that its owner alone can enter."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadArgument("collect.export.folder_there", folder=folder)
    files.private_folder(folder)
    for name, text in texts.items():
        save(text, folder / f"{name}.{ending}")


def _with_comma(cell: str, column: Column, comma: bool) -> str:
    """A Polish spreadsheet reads 2.5 as the second of May."""
    return cell.replace(".", ",") if comma and column.number else cell


def _typed(cell: str, column: Column) -> str | float | bool | None:
    if cell == "" or cell in column.missing:
        return cell or None
    if column.kind == "boolean" and cell in ("true", "false"):
        return cell == "true"
    if not column.number:
        return cell
    try:
        number = float(cell)
    except ValueError:
        return cell
    return int(number) if number.is_integer() else number
