"""The objects a project is made of: waves, courses, instruments, indicators, plan and rules, all frozen."""

from evaluation.schema.declaration import (
    FEWEST_ORGANISATIONS,
    Breakdown,
    Course,
    Declaration,
    Fact,
    Grant,
    Indicator,
    IndicatorsFile,
    Partner,
    ProjectFile,
    Rules,
    Wave,
)
from evaluation.schema.forms import (
    ANSWER_STATES,
    CONSENTS,
    GUARDIAN,
    AnswerState,
    Choice,
    Evidence,
    Field,
    Form,
    Instrument,
    Item,
    Scale,
    Sensitivity,
    Table,
)
from evaluation.schema.imports import (
    Import,
)
from evaluation.schema.labels import (
    Labels,
    text,
)
from evaluation.schema.plan import (
    Outcome,
    Plan,
)

__all__ = [
    "ANSWER_STATES",
    "CONSENTS",
    "FEWEST_ORGANISATIONS",
    "GUARDIAN",
    "AnswerState",
    "Breakdown",
    "Choice",
    "Course",
    "Declaration",
    "Evidence",
    "Fact",
    "Field",
    "Form",
    "Grant",
    "Import",
    "Indicator",
    "IndicatorsFile",
    "Instrument",
    "Item",
    "Labels",
    "Outcome",
    "Partner",
    "Plan",
    "ProjectFile",
    "Rules",
    "Scale",
    "Sensitivity",
    "Table",
    "Wave",
    "text",
]
