"""What the project states about itself and its partnership: facts and counted activities, no participant in them."""

from __future__ import annotations

import dataclasses

import pandas as pd

from evaluation.measure.results import Results
from evaluation.release.released import Activity, Facts, Statement, Survey
from evaluation.schema import Estimand, Labels, ProjectFile


def facts(results: Results) -> Facts:
    """The stated facts with the headcount that is public.

    The number of countries is stated by a person: counted anew with each release, it would tell where the
    last one to join comes from.
    """
    file, grant = results.declaration.file, results.declaration.file.grant
    people = results.frames["participants"]
    return Facts(
        project=file.id,
        title=file.title,
        promoter=file.promoter,
        place=file.place,
        fictional=file.fictional,
        purpose=file.purpose,
        planned=file.planned_participants,
        reached=len(people),
        countries=file.countries,
        period_start=file.period_start,
        period_end=file.period_end,
        programme=grant.programme,
        fund=grant.fund,
        operator=grant.operator,
        amount=str(grant.amount),
        currency=grant.currency,
        donor_states=grant.donor_states,
        partners=tuple((partner.name, partner.country, partner.donor_state) for partner in file.partners),
        courses=tuple((course.id, course.labels) for course in file.courses),
        outcomes=tuple((outcome.id, outcome.labels) for outcome in results.declaration.plan.outcomes),
        languages=file.languages,
        statements=tuple(Statement(fact.text, fact.source, fact.part) for fact in file.context),
        work_languages=file.work_languages,
        retrospective=results.declaration.plan.kind == "retrospective",
        most_primary=results.declaration.plan.most_primary if results.declaration.plan.sprawling else None,
        allocation=results.declaration.plan.allocation,
        names_in={name: own for name, own in _names(file) if own},
        estimand=tuple((name, labels) for name, labels in _attributes(results.declaration.plan.estimand) if labels),
    )


def _names(file: ProjectFile) -> list[tuple[str, str]]:
    """Promoter and partners, each with the declared language of its name."""
    return [(file.promoter, file.promoter_language), *((one.name, one.language) for one in file.partners)]


def _attributes(estimand: Estimand) -> list[tuple[str, Labels]]:
    return [(field.name, getattr(estimand, field.name)) for field in dataclasses.fields(estimand)]


def activities(results: Results) -> tuple[Activity, ...]:
    """Bilateral activities counted by dimension and kind; their titles and texts stay inside."""
    recorded = results.frames["bilateral_activities"]
    kinds = results.declaration.tables["bilateral_activities"].field("kind").codes
    return tuple(
        _activity(str(dimension), str(kind), kinds.get(str(kind), {}), of_kind)
        for (dimension, kind), of_kind in recorded.groupby(["dimension", "kind"], sort=False)
    )


def _activity(dimension: str, kind: str, labels: Labels, of_kind: pd.DataFrame) -> Activity:
    return Activity(
        dimension=dimension,  # type: ignore[arg-type]  # intake holds it to the code list
        kind=kind,
        labels=labels,
        count=len(of_kind),
        persons_beneficiary=_total(of_kind["persons_beneficiary"]),
        persons_donor=_total(of_kind["persons_donor"]),
    )


def _total(column: pd.Series) -> int | None:
    """The sum of what was recorded; None where nothing was."""
    return int(column.sum()) if column.notna().any() else None


def surveys(results: Results) -> tuple[Survey, ...]:
    """Each organisation's answers; organisations are a population that may be shown singly."""
    names = {partner.id: partner.name for partner in results.declaration.file.partners}
    return tuple(
        Survey(
            organisation=names.get(str(row["organisation"]), str(row["organisation"])),
            donor_state=bool(row["donor_state"]),
            wave=str(row["wave"]),
            trust=_number(row["trust"]),
            satisfaction=_number(row["satisfaction"]),
            applies_knowledge=None if pd.isna(row["applies_knowledge"]) else bool(row["applies_knowledge"]),
        )
        for row in results.frames["partner_survey"].to_dict("records")
    )


def _number(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[call-overload,arg-type]
