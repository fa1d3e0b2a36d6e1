"""The table schema of a filled questionnaire, compiled from the questionnaire."""

from __future__ import annotations

import re
from typing import Any

from evaluation.schema import Instrument, Item, Labels, text

_TYPES = {"integer": "integer", "decimal": "number", "date": "date"}


def table(instrument: Instrument) -> dict[str, Any]:
    """A Frictionless Table Schema: one row per participant and wave, one column per item.

    Codes stay text. An empty cell was not asked; a column of numbers declares its own codes for
    refused or unknown as missing values. ``evaluation.descriptors.read`` makes a Table of it.
    """
    who = {"participant": ("Participant code", "Kod osoby uczestniczącej", "string", "quasi")}
    who["wave"] = ("Wave", "Pomiar", "string", "open")
    who["date"] = ("Date of the answers", "Data udzielenia odpowiedzi", "date", "quasi")
    header: list[dict[str, Any]] = [
        {
            "name": name,
            "type": kind,
            "title": en,
            "title_pl": pl,
            "sensitivity": sensitivity,
            "constraints": {"required": True},
        }
        for name, (en, pl, kind, sensitivity) in who.items()
    ]
    return {
        "name": instrument.id,
        **_titles(instrument.labels),
        "fields": header + [_field(item) for item in instrument.items if item.kind != "note"],
        "primaryKey": ["participant", "wave"],
        "foreignKeys": [
            {
                "fields": ["participant"],
                "reference": {"resource": "participants", "fields": ["participant"]},
            }
        ],
        "missingValues": [""],
    }


def _titles(labels: Labels) -> dict[str, str]:
    translated = {f"title_{language}": words for language, words in labels.items() if language != "en"}
    return {"title": text(labels, "en"), **translated}


def _field(item: Item) -> dict[str, Any]:
    kind = _TYPES.get(item.kind, "string")
    made: dict[str, Any] = {
        "name": item.id,
        "type": kind,
        **_titles(item.labels),
        "sensitivity": item.sensitivity,
    }
    if item.kind == "select_one":
        made["codes"] = {choice.name: dict(choice.labels) for choice in item.choices}
    if item.missing and kind != "string":
        made["missingValues"] = ["", *item.missing]
    limits = _constraints(item)
    return {**made, "constraints": limits} if limits else made


def _constraints(item: Item) -> dict[str, Any]:
    limits: dict[str, Any] = {"required": True} if item.required and not item.relevant else {}
    if item.kind == "select_one":
        limits["enum"] = [choice.name for choice in item.choices]
    elif item.kind == "select_multiple":
        one = "(?:" + "|".join(re.escape(choice.name) for choice in item.choices) + ")"
        limits["pattern"] = f"{one}(?: {one})*"
    elif item.kind in ("integer", "decimal"):
        whole = int if item.kind == "integer" else float
        ends = (("minimum", item.low), ("maximum", item.high))
        limits |= {name: whole(end) for name, end in ends if end is not None}
    return limits
