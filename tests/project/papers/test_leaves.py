"""Everything that leaves, file by file: no number that was not released, no person, no path, no time of a person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from evaluation import codec
from evaluation.release import bundle as bundles
from evaluation.release.released import Released
from tests.conftest import Folder
from tests.readers import ENDINGS, WITH_INDICATORS, content, everything

NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


class Seen(HTMLParser):
    """Text and alt texts that a reader meets; pictures, styles and ids apart."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.skipping = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skipping = tag == "style"
        self.texts += [value or "" for name, value in attrs if name in ("alt", "title", "aria-label", "content")]

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.texts.append(data)


@pytest.fixture(scope="module")
def left(reported: Folder) -> tuple[Released, list[Path], Folder]:
    written = reported.path / "releases" / "final.json"
    documents = sorted(path for path in (reported.path / "reports" / "final").rglob("*") if path.is_file())
    assert len(documents) == 2 * (len(ENDINGS) + len(WITH_INDICATORS))
    return bundles.read(written), [*documents, written], reported


def leaves(thing: Any) -> Iterator[Any]:
    if isinstance(thing, dict):
        for name, value in thing.items():
            if name != "words":  # how long a summary is says nothing of anybody
                yield from leaves(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from leaves(value)
    else:
        yield thing


def written(value: float) -> set[str]:
    """The ways in which one released number may be printed."""
    percent = round(100 * value + 1e-9)
    plain = {f"{abs(value):g}", f"{abs(value):.1f}", f"{abs(value):.2f}", str(abs(percent))}
    return plain | {text.replace(".", ",") for text in plain}


def allowed(released: Released) -> set[str]:
    """Released numbers, numbers in stated facts and labels, and what documents may derive from them."""
    plain = codec.plain(released)
    numbers: set[str] = set()
    for value in leaves(plain):
        if isinstance(value, bool) or value is None:
            continue
        if isinstance(value, int | float):
            numbers |= written(value)
        elif not re.fullmatch(r"[0-9a-f]{40,}", str(value)):
            text = re.sub(r"(?<=\d)[\u00a0,](?=\d{3}\b)", "", str(value))
            numbers |= {part.lstrip("0") or "0" for part in re.findall(r"\d+", text)} | set(NUMBER.findall(text))
    facts = released.facts
    numbers |= written(facts.reached / facts.planned)  # two public facts
    numbers |= {str(len(facts.courses)), str(len({s.organisation for s in released.surveys})), "1", "7"}
    for mean in released.means:  # the forest plot is in shares of the scale's range
        ends = (mean.change, mean.low, mean.high)
        numbers |= set().union(*(written(v / (mean.scale_maximum - mean.scale_minimum)) for v in ends if v is not None))
        numbers |= written(mean.confidence)
        start = next(one.start for one in released.means if one.id == mean.id.partition(".")[0])
        if mean.change is not None and start is not None:  # where those people ended, or were later
            numbers |= written(round(start + mean.change, 9))
        if mean.change is not None and isinstance(mean.n, int):  # had the others gained nothing
            numbers |= written(mean.change * mean.n / mean.of)
    for table in released.tables:  # the summary tells all others beside those who moved
        told = {code: count.value for count in table.counts for code in count.at.values()}
        moved = [told.get(code) for code in ("higher", "lower")] if table.topic == "outcomes" else []
        wholes = [facts.reached, *(mean.n for mean in released.means if f"{mean.id}.direction" == table.id)]
        numbers |= {str(n - one) for n in wholes for one in moved if isinstance(n, int) and isinstance(one, int)}
    numbers.add(str(released.certificate.threshold - 1))  # the honest sentence: 1…t-1
    numbers.add("5")  # "fewer than five organisations" and the rule behind it
    return numbers


def visible(path: Path) -> str:
    text = content(path)
    if path.suffix == ".html":
        seen = Seen()
        seen.feed(text)
        return " | ".join(seen.texts)
    if path.suffix != ".json":
        return text
    return " | ".join(str(value) for value in leaves(json.loads(text)))


def test_every_number_that_leaves_was_released(left: tuple[Released, list[Path], Folder]) -> None:
    released, paths, _ = left
    known = allowed(released)
    for path in paths[:-1]:
        if path.suffix == ".pdf":
            continue  # its pages are numbered; it says what the others say, which tests/report/test_formats.py shows
        text = re.sub(r"\b[0-9a-f]{7,}\b", " ", visible(path))  # digests
        text = re.sub(r"(?<=\d)[\u00a0,](?=\d{3}\b)", "", text)  # thousands apart
        found = set(NUMBER.findall(text))
        assert {n for n in found if n not in known and (n.lstrip("0") or "0") not in known} == set(), path.name


def test_a_hidden_number_is_nowhere_in_its_table_of_the_bundle(left: tuple[Released, list[Path], Folder]) -> None:
    released, _paths, folder = left
    with folder.open() as project:
        from evaluation.project.draft.assembly import draft

        drafted = draft(project.results, "final")
        truth = {table.id: table for table in (*drafted.tables, *drafted.ranged)}
    hidden = 0
    for table in released.tables:
        for told, true in zip(table.counts, truth[table.id].counts, strict=True):
            assert told.at == true.at
            low, high = told.value if isinstance(told.value, tuple) else (told.value, told.value)
            assert (low is None or low <= true.value) and (high is None or true.value <= high)  # noqa: PT018
            hidden += not isinstance(told.value, int)
    assert hidden > 0


def test_no_person_no_path_and_no_time_of_a_person_leaves(left: tuple[Released, list[Path], Folder]) -> None:
    _, paths, folder = left
    with folder.open() as project:
        people = project.frames["participants"]
        dates = {date.date().isoformat() for name in ("enrolled_on", "left_on") for date in people[name].dropna()}
        dates |= {date.date().isoformat() for date in project.frames["answers"]["date"]}
        codes = set(people["participant"])
        items = {item.id for instrument in project.declaration.instruments.values() for item in instrument.items}
        period = {project.declaration.file.period_start.isoformat(), project.declaration.file.period_end.isoformat()}
    for path in paths:
        text = everything(path)
        assert not {code for code in codes if code in text}
        assert not {item for item in items if item in text and re.search(rf"\b{item}\b", text)}
        assert not {date for date in dates - period if date in text}
        for trace in (str(folder.path), str(Path.home()), "/home/", "/tmp/", "demo.key", "records.db"):
            assert trace not in text
        assert not re.search(r"P-\d|\d{4}", path.name)


def test_no_country_is_named_as_an_origin(left: tuple[Released, list[Path], Folder]) -> None:
    released, paths, _ = left
    assert released.facts.countries == 8
    for path in paths:
        text = visible(path)
        for country in ("Ukrain", "Bulgar", "Bułgar", "Vietnam", "Wietnam", "Nigeri", "Moldova", "Mołdawi", "Belarus"):
            assert country not in text
