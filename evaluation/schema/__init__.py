"""The objects a project is made of: waves, courses, instruments, indicators, plan and rules, all frozen."""

from evaluation.schema.asked import (
    ANSWER_STATES,
    AnswerState,
    Choice,
    Evidence,
    Field,
    Instrument,
    Item,
    Scale,
    Sensitivity,
    Table,
)
from evaluation.schema.declared import (
    FEWEST_ORGANISATIONS,
    Breakdown,
    Course,
    Declaration,
    Fact,
    Grant,
    Import,
    Indicator,
    IndicatorsFile,
    Partner,
    ProjectFile,
    Rules,
    Wave,
)
from evaluation.schema.labels import (
    Labels,
    text,
)
from evaluation.schema.planned import (
    Outcome,
    Plan,
)

__all__ = [
    "ANSWER_STATES",
    "FEWEST_ORGANISATIONS",
    "AnswerState",
    "Breakdown",
    "Choice",
    "Course",
    "Declaration",
    "Evidence",
    "Fact",
    "Field",
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
