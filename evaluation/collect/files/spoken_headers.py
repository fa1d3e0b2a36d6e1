"""The header of an export in labels becomes the names of the form's questions and choices."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from evaluation.collect.files.split_choices import MARKS
from evaluation.collect.issues import quoted, refusal
from evaluation.schema import Instrument, Item, Labels
from evaluation.texts.folding import folded


def by_labels(
    header: Sequence[str],
    names: Collection[str],
    instrument: Instrument,
    about: Mapping[str, Labels],
    *,
    file: str,
    row: int,
) -> tuple[list[str], Mapping[str, str]]:
    """The header with the names of the questions whose labels stand there, in any language of the form.

    Also behind the labels of a question's groups, and with those of its choices (``unsafe/home``); behind another
    group's only where a slash divides them, and never who answered and when. Besides, what stands before the last
    slash of a column → the question with several answers that it means. Raises FileRefused for a label that several
    questions have.
    """
    labelled = [*((item.id, item.labels) for item in instrument.items), *instrument.header.items(), *about.items()]
    spoken = _spoken((text, name) for name, labels in labelled for text in labels.values())
    many = {item.id: item for item in instrument.items if item.kind == "select_multiple"}
    choices = {(item.id, text): name for item in many.values() for text, name in _sole(_spoken(_choices(item))).items()}
    paths = {**_sole(_spoken(_paths(dict(labelled), many.values(), instrument))), **(sole := _sole(spoken))}
    own = {name.casefold() for name in names}

    def question(text: str) -> str:
        found = paths.get(folded(text)) or sole.get(folded(text.rpartition("/")[2]), text)
        return found if found in many else ""

    def named(at: int, cell: str) -> str:
        sound = folded(cell)
        if cell.casefold() in own or sound in paths:
            return cell if cell.casefold() in own else paths[sound]
        if sharing := spoken.get(sound):
            if sharing.isdisjoint(names):  # notes, which hold no answer
                return min(sharing)
            shared = quoted(cell, at + 1)
            raise refusal("label_of_several", column=cell, row=row, file=file, spoken=shared)
        front, _, tail = cell.rpartition("/")
        item = question(front)
        if (item, folded(tail)) in choices:
            return f"{item}/{choices[item, folded(tail)]}"
        behind = sole.get(folded(tail), "") if front else ""
        return behind if behind in instrument.groups and behind not in instrument.header else cell

    fronts = {front: item for cell in header if (front := cell.rpartition("/")[0]) and (item := question(front))}
    return [named(at, cell) for at, cell in enumerate(header)], fronts


def _spoken(texts: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Each text, as it sounds, with the names that it stands for."""
    found: dict[str, set[str]] = {}
    for text, name in texts:
        if sound := folded(text):
            found.setdefault(sound, set()).add(name)
    return found


def _sole(spoken: Mapping[str, set[str]]) -> dict[str, str]:
    """Of these, the texts that stand for one name alone."""
    return {sound: next(iter(names)) for sound, names in spoken.items() if len(names) == 1}


def _choices(item: Item) -> Iterator[tuple[str, str]]:
    return ((text, choice.name) for choice in item.choices for text in (choice.name, *choice.labels.values()))


def _paths(labelled: Mapping[str, Labels], many: Iterable[Item], instrument: Instrument) -> Iterator[tuple[str, str]]:
    """The labels of groups, question and choice, as exports join them; a group without a label goes by its name."""
    choices = {item.id: [(choice.name, choice.labels) for choice in item.choices] for item in many}
    for name, labels in labelled.items():
        path = instrument.groups.get(name, "")
        groups = [path[: len(part)] for part in itertools.accumulate(path.split("/"), "{}/{}".format)] if path else []
        for (language, label), mark in itertools.product(labels.items(), MARKS):
            fronts = [instrument.headings.get(each, {}).get(language) or each.rpartition("/")[2] for each in groups]
            for text in (label, mark.join((*fronts, label))):
                yield text, name
                for choice, spoken in choices.get(name, ()):
                    yield f"{text}{mark}{spoken.get(language) or choice}", f"{name}/{choice}"
