"""Every label of a project stands in each of its languages, in letters that can be drawn, before anything leaves."""

from __future__ import annotations

from collections.abc import Iterator

from evaluation.errors import BadDeclaration
from evaluation.report import drawing, words
from evaluation.schema import Declaration, Labels

_NAMED = 5


def check(declaration: Declaration) -> None:
    """Raises BadDeclaration naming the language that no document is written in, or the labels at fault."""
    languages = declaration.file.languages
    known = ", ".join(words.LANGUAGES)
    if not languages or len(set(languages)) < len(languages):
        raise BadDeclaration(f"project.yml: 'languages' names no language, or one twice; it may name {known}.")
    for language in languages:
        if language not in words.LANGUAGES:
            raise BadDeclaration(f"project.yml: no document is written in '{language}'; 'languages' may name {known}.")
    wrong = list(_wrong(declaration))
    if wrong:
        more = f" and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
        raise BadDeclaration(f"{'; '.join(wrong[:_NAMED])}{more}. Nothing is released before that is corrected.")


def _wrong(declaration: Declaration) -> Iterator[str]:
    """What each label lacks, in words."""
    for where, labels in _texts(declaration):
        missing = [language for language in declaration.file.languages if not labels.get(language, "").strip()]
        if missing:
            yield f"{where} is missing in '{missing[0]}'"
    for where, labels in _labels(declaration):
        for language, label in labels.items():
            letters = drawing.undrawable(label)
            if letters:
                yield f"{where} ('{language}') has a letter that no figure can show: {letters}"


def _texts(declaration: Declaration) -> Iterator[tuple[str, Labels]]:
    """Whatever documents may say in the project's own words, and where it stands."""
    file = declaration.file
    yield from (("project.yml: 'title'", file.title), ("project.yml: 'place'", file.place))
    if file.purpose:
        yield "project.yml: 'purpose'", file.purpose
    for number, fact in enumerate(file.context, start=1):
        yield f"project.yml: the text of 'context' {number}", fact.text
        yield f"project.yml: the source of 'context' {number}", fact.source
    for indicator in declaration.indicators:
        yield f"indicators.yml: the source of '{indicator.code}'", indicator.source
        if indicator.note:
            yield f"indicators.yml: the note of '{indicator.code}'", indicator.note
    yield from _labels(declaration)


def _labels(declaration: Declaration) -> Iterator[tuple[str, Labels]]:
    """The labels that figures and tables carry."""
    for wave in declaration.file.waves:
        yield f"project.yml: the label of wave '{wave.id}'", wave.labels
    for course in declaration.file.courses:
        yield f"project.yml: the label of course '{course.id}'", course.labels
    for breakdown in declaration.file.breakdowns:
        yield f"project.yml: the label of breakdown '{breakdown.id}'", breakdown.labels
        for name, labels in breakdown.groups.items():
            yield f"project.yml: the label of group '{name}' in breakdown '{breakdown.id}'", labels
    for outcome in declaration.plan.outcomes:
        yield f"plan.yml: the label of outcome '{outcome.id}'", outcome.labels
    for indicator in declaration.indicators:
        yield f"indicators.yml: the label of '{indicator.code}'", indicator.labels
