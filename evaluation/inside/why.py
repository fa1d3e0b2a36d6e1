"""Why a number is what it is: an indicator or outcome walked back to its rule and to the rows it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from evaluation.codec import nearest
from evaluation.errors import BadArgument
from evaluation.inside.numbers import between, number, percent
from evaluation.inside.quality import STATES
from evaluation.measure.indicators import Measured
from evaluation.measure.outcomes.change import Change
from evaluation.measure.results import Results
from evaluation.measure.scoring import keyed_items
from evaluation.schema import text
from evaluation.texts import DASH, say


@dataclass(frozen=True, slots=True)
class Reasons:
    """A number in sentences, from its value to its rule, and the ``rows`` it rests on: whose they are stands in them.

    Neither is ever shown by ``repr``; both are for the person who opened the record, and for nobody else.
    """

    sentences: tuple[str, ...] = field(repr=False)
    rows: pd.DataFrame = field(repr=False)


def why(results: Results, name: str, language: str, *, participant: str = "") -> Reasons:
    """The indicator or outcome ``name``; with ``participant``, the answers behind her scores in place of the rows.

    Raises BadArgument for a name that is not declared, and for a participant on whom the number cannot rest.
    """
    indicators = {one.indicator.code: one for one in results.indicators}
    if name not in indicators and name not in results.changes:
        known = [*indicators, *(one for one in results.changes if one not in indicators)]
        raise BadArgument("inside.why.unknown", name=name, hint=nearest(name, known))
    measured = indicators.get(name)
    measure, _, argument = measured.indicator.measure.partition(":") if measured else ("change", "", name)
    change = results.changes[argument] if measure in ("improved", "change") else None
    sentences = () if measured is None else (*_value(measured, language), _rule(measured, measure, argument, language))
    if change is not None:
        sentences += _outcome(change, results, language)
        rows = _scores(change, results, language)
    else:
        rows = _rows(measured, language)
    if participant:
        rows = _of_one(rows, change, results, participant, language)
    return Reasons(sentences, rows)


def _value(measured: Measured, language: str) -> tuple[str, ...]:
    indicator, value = measured.indicator, measured.value
    name = text(indicator.labels, language)
    if value is None:
        reason = DASH if measured.reason is None else say(measured.reason, language)
        return (say("inside.why.no_value", language, name=name, reason=reason),)
    told = percent(value, language) if indicator.unit == "share" else _points(value, language)
    sentences = [say("inside.why.value", language, name=name, value=told)]
    if indicator.target is not None:
        target = indicator.target
        aim = percent(target, language) if indicator.unit == "share" else _points(target, language)
        sentences.append(say("inside.why.target", language, target=aim))
    if measured.persons or measured.asked:
        counted, asked = len(measured.persons), len(measured.asked)
        if measured.indicator.measure.partition(":")[0] != "change":
            sentences.append(say("inside.why.counted", language, counted=counted, asked=asked))
    return tuple(sentences)


def _points(value: float, language: str) -> str:
    return number(value, language, 0 if value == int(value) else 1)


def _rule(measured: Measured, measure: str, argument: str, language: str) -> str:
    rule = say(f"inside.why.rule.{measure}", language)
    return say("inside.why.rule_is", language, measure=measured.indicator.measure, rule=rule)


def _outcome(change: Change, results: Results, language: str) -> tuple[str, ...]:
    """From the headline down: who is in it, the step, the scale and which way each of its items is turned."""
    plan, scale, outcome = results.declaration.plan, change.scale, change.outcome
    waves = {one.id: text(one.labels, language) for one in results.declaration.file.waves}
    instrument = results.declaration.instrument_of(outcome)
    turned = [item for item in scale.items if instrument.item(item).key < 0]
    facts: dict[str, object] = {"start": waves[plan.baseline], "end": waves[plan.endline]}
    said = [
        say(f"inside.why.headline.{change.headline.replace(' ', '_')}", language)
        if change.headline_estimate is None
        else say(
            f"inside.why.headline.{change.headline.replace(' ', '_')}",
            language,
            estimate=number(change.headline_estimate, language),
            interval=between(change.headline_interval, language),
        ),
        say("inside.why.people", language, enrolled=change.enrolled, reporting=change.reporting, pairs=change.pairs)
        + " "
        + say("inside.why.at_baseline", language, at_baseline=change.at_baseline, **facts),
        say(f"inside.why.step.{scale.direction}", language, step=_points(outcome.step, language))
        + " "
        + say("inside.why.moved", language, better=len(change.improved_by_step), worse=len(change.worse_by_step)),
        say(
            f"inside.why.scale.{scale.transform}",
            language,
            scale=outcome.scale,
            items=list(scale.items),
            least=scale.minimum_answered,
            low=_points(scale.minimum, language),
            high=_points(scale.maximum, language),
        ),
    ]
    if turned:
        said.append(say("inside.why.turned", language, items=turned))
    if not change.preplanned:
        said.append(say("inside.why.exploratory", language))
    return (*said, *(say(one.message, language) for one in change.refusals))


def _scores(change: Change, results: Results, language: str) -> pd.DataFrame:
    """One row per participant who consents to reporting: her first and last score, the change, where she counts."""
    plan = results.declaration.plan
    people = sorted(results.of_consenting(results.frames["participants"])["participant"].astype(str))
    scores = results.scores_by_wave(change.outcome).reindex(people)
    first, last = scores[plan.baseline], scores[plan.endline]
    moved = {**dict.fromkeys(change.paired, "same")}
    moved |= dict.fromkeys(change.improved_by_step, "better") | dict.fromkeys(change.worse_by_step, "worse")
    where = [say(f"inside.why.where.{moved.get(person, 'not_paired')}", language) for person in people]
    cells = zip(people, first, last, last - first, where, strict=True)
    columns = say("inside.why.scores_columns", language).split("|")
    return pd.DataFrame(cells, columns=pd.Index(columns))


def _rows(measured: Measured | None, language: str) -> pd.DataFrame:
    """The rows of the measure, with a last column that says who counts where it counts people."""
    rows = pd.DataFrame() if measured is None or measured.rows is None else measured.rows.reset_index(drop=True)
    if measured is None or "participant" not in rows or measured.indicator.measure == "countries":
        return rows
    yes, no = say("inside.why.counts.yes", language), say("inside.why.counts.no", language)
    counts = [yes if person in measured.persons else no for person in rows["participant"].astype(str)]
    return rows.assign(**{say("inside.why.counts.column", language): counts})


def _of_one(
    rows: pd.DataFrame, change: Change | None, results: Results, participant: str, language: str
) -> pd.DataFrame:
    """What of a number is one person's: her rows, or each of her answers with the points that it gives."""
    codes = rows.iloc[:, 0] if change is not None else rows.get("participant", pd.Series("", rows.index))
    own = rows[codes.astype(str) == participant]
    if own.empty:
        raise BadArgument("inside.why.not_hers")
    return own if change is None else _answers(change, results, participant, language)


def _answers(change: Change, results: Results, participant: str, language: str) -> pd.DataFrame:
    declaration, scale = results.declaration, change.scale
    instrument = declaration.instrument_of(change.outcome)
    answers = results.answers
    answers = answers[answers["participant"].astype(str) == participant]
    answers = answers[answers["instrument"].eq(instrument.id) & answers["item"].isin(list(scale.items))]
    states = dict(zip(STATES, say("inside.quality.answer_states_columns", language).split("|")[1:], strict=True))
    cells: list[Sequence[object]] = []
    for wave in declaration.file.waves:
        of_wave = answers[answers["wave"] == wave.id].set_index("item")
        if of_wave.empty:
            continue
        points = keyed_items(answers, instrument, scale, wave=wave.id).iloc[0]
        for item in (one for one in scale.items if one in of_wave.index):
            given = of_wave.loc[item]
            answer = given["value"] if given["state"] == "answered" else states[str(given["state"])]
            cells.append(
                (text(wave.labels, language), item, text(instrument.item(item).labels, language), answer, points[item])
            )
    columns = say("inside.why.answers_columns", language).split("|")
    return pd.DataFrame(cells, columns=pd.Index(columns))


def lines(reasons: Reasons, language: str) -> list[str]:
    """The sentences, then the rows as a plain table, for a screen inside the house."""
    rows = reasons.rows
    if rows.empty:
        return [*reasons.sentences]
    columns = [[str(name), *(_cell(value, language) for value in rows[name])] for name in rows]
    widths = [max(map(len, column)) for column in columns]
    table = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in zip(*columns, strict=True)
    )
    return [*reasons.sentences, "", *(line.rstrip() for line in table)]


def _cell(value: object, language: str) -> str:
    if isinstance(value, bool | np.bool_):
        return say(f"inside.why.counts.{'yes' if value else 'no'}", language)
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return DASH
    if isinstance(value, int | float | np.number):
        return number(float(value), language, 0 if float(value).is_integer() else 2)
    return " ".join(str(value).split())
