"""Every label of a project stands in each of its languages, in letters that can be drawn, before anything leaves."""

from __future__ import annotations

from collections.abc import Iterator

from evaluation import drawing
from evaluation.errors import BadDeclaration
from evaluation.schema import Declaration, Labels
from evaluation.texts import LANGUAGES, UNFINISHED, Message, lacking

_NAMED = 5


def check(declaration: Declaration) -> None:
    """Raises BadDeclaration naming the language that no document is written in, or the labels at fault."""
    languages = declaration.file.languages
    if not languages or len(set(languages)) < len(languages):
        raise BadDeclaration("project.translations.languages", known=LANGUAGES)
    for language in languages:
        if language in UNFINISHED:
            missing = lacking(language)
            facts = {"language": language, "n": len(missing), "keys": missing[:_NAMED]}
            raise BadDeclaration("project.translations.unfinished", **facts)
        if language not in LANGUAGES:
            raise BadDeclaration("project.translations.unknown", language=language, known=LANGUAGES)
    wrong = list(_wrong(declaration))
    if wrong:
        more = len(wrong) - _NAMED
        key = "project.translations.labels_and_more" if more > 0 else "project.translations.labels"
        raise BadDeclaration(key, labels=wrong[:_NAMED], more=max(more, 0))


def _wrong(declaration: Declaration) -> Iterator[Message]:
    """What each label lacks, in words."""
    for where, labels in _texts(declaration):
        missing = [language for language in declaration.file.languages if not labels.get(language, "").strip()]
        if missing:
            yield Message("project.translations.missing", label=where, language=missing[0])
    for where, labels in _labels(declaration):
        for language, label in labels.items():
            letters = drawing.undrawable(label)
            if letters:
                yield Message("project.translations.letter", label=where, language=language, letters=letters)


def _texts(declaration: Declaration) -> Iterator[tuple[Message, Labels]]:
    """Whatever documents may say in the project's own words, and where it stands."""
    file = declaration.file
    yield from ((_place("title"), file.title), (_place("place"), file.place))
    if file.purpose:
        yield _place("purpose"), file.purpose
    if file.safety_card:
        yield _place("safety_card"), file.safety_card
    for name in ("programme", "fund", "operator"):
        given = getattr(file.grant, name)
        if not isinstance(given, str):
            yield _place(name), given
    for number, fact in enumerate(file.context, start=1):
        yield _place("context_text", name=str(number)), fact.text
        yield _place("context_source", name=str(number)), fact.source
    for indicator in declaration.indicators:
        yield _place("indicator_source", name=indicator.code), indicator.source
        if indicator.note:
            yield _place("indicator_note", name=indicator.code), indicator.note
    yield from _labels(declaration)


def _labels(declaration: Declaration) -> Iterator[tuple[Message, Labels]]:
    """The labels that figures and tables carry."""
    file = declaration.file
    yield from ((_place("wave", name=wave.id), wave.labels) for wave in file.waves)
    yield from ((_place("course", name=course.id), course.labels) for course in file.courses)
    yield from ((_place("breakdown", name=breakdown.id), breakdown.labels) for breakdown in file.breakdowns)
    yield from ((_place("own_table", name=table.id), table.labels) for table in file.own_tables)
    yield from ((_place("outcome", name=outcome.id), outcome.labels) for outcome in declaration.plan.outcomes)
    for breakdown in file.breakdowns:
        for group, labels in breakdown.groups.items():
            yield _place("group", name=group, of=breakdown.id), labels
    for indicator in declaration.indicators:
        yield _place("indicator", name=indicator.code), indicator.labels


def _place(kind: str, *, name: str = "", of: str = "") -> Message:
    return Message(f"project.translations.place.{kind}", name=name, of=of)
