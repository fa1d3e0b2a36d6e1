"""The forms that are filled in: questionnaires with their scales, and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from evaluation.codec import nearest
from evaluation.errors import BadDeclaration
from evaluation.schema.labels import Labels, find

Sensitivity = Literal["identifying", "quasi", "sensitive", "open"]
AnswerState = Literal["answered", "refused", "not_asked", "not_applicable", "unknown"]
ANSWER_STATES: tuple[str, ...] = ("answered", "refused", "not_asked", "not_applicable", "unknown")
REFUSED = "refused"
"""What a refusal is stored as where the form declares no code for one."""
STATE_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("odmowa", "odmowa odpowiedzi", "odmawia odpowiedzi", "odmawia"), "refused"),
    **dict.fromkeys(("odmawiam odpowiedzi", "odmawiam", "woli nie odpowiadac", "wole nie odpowiadac"), "refused"),
    **dict.fromkeys(("nie chce odpowiadac", "nie chce odpowiedziec"), "refused"),
    **dict.fromkeys(("refused", "refusal", "refused to answer", "declined to answer", "declined"), "refused"),
    **dict.fromkeys(("prefer not to answer", "prefers not to answer", "preferred not to answer"), "refused"),
    **dict.fromkeys(("prefer not to say", "prefers not to say", "i prefer not to say", "rather not say"), "refused"),
    **dict.fromkeys(("i prefer not to answer", "i'd prefer not to answer", "i'd rather not say"), "refused"),
    **dict.fromkeys(("nie dotyczy", "not applicable", "does not apply"), "not_applicable"),
    **dict.fromkeys(("nie wiem", "nie wie", "nie wiadomo", "brak wiedzy", "trudno powiedziec"), "unknown"),
    **dict.fromkeys(
        ("don't know", "do not know", "does not know", "unknown", "hard to say", "i don't know", "i do not know"),
        "unknown",
    ),
    **dict.fromkeys(("brak danych", "no data", "nie pytano", "nie zadano pytania", "not asked"), "not_asked"),
}
"""Words for an answer that is none, without accents and capitals → the answer state."""
CONSENTS = ("consent_service", "consent_reporting")
"""The columns of participants that say to what a person agreed."""
GUARDIAN = "guardian_consent"
"""The column of participants that says whether a guardian agreed, for whoever is under age."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a question: the code that is stored and its anchors by language."""

    name: str
    labels: Labels


@dataclass(frozen=True, slots=True)
class Item:
    """One question. ``key`` is +1, -1 (reversed) or 0 (not scored); ``low``/``high`` bound its numbers.

    ``missing``: the codes that are no answer; every question can be refused, by REFUSED where it has no code for it.
    ``alert``: the rule by which an answer needs somebody's attention. ``recordings``: the file of the question as it
    is read aloud, by language.
    """

    id: str
    kind: Literal["select_one", "select_multiple", "integer", "decimal", "text", "date", "note"]
    labels: Labels
    choices: tuple[Choice, ...] = ()
    scale: str = ""
    key: int = 0
    required: bool = False
    sensitivity: Sensitivity = "sensitive"
    missing: Mapping[str, AnswerState] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    relevant: str = ""
    constraint: str = ""
    alert: str = ""
    exclusive: tuple[str, ...] = ()
    hints: Labels = field(default_factory=dict)
    constraint_messages: Labels = field(default_factory=dict)
    recordings: Labels = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.key and (self.low is None or self.high is None):
            raise BadDeclaration("schema.item_ends", item=self.id)
        if "refused" not in self.missing.values() and self.kind != "note":
            object.__setattr__(self, "missing", {**self.missing, REFUSED: "refused"})

    @property
    def refusal(self) -> str:
        """The code of a refusal."""
        return next((code for code, state in self.missing.items() if state == "refused"), "")


Status = Literal["read", "recalled"]
"""Whether somebody read it at the source it names, or it is recalled and shown as unverified."""

Translation = Literal["official", "own", "none"]

GOALS_ALIKE = 0.3
"""The correlation of goals that the T-score of goal attainment supposes (Kiresuk & Sherman 1968)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was published about a scale: a ``value``, whose it is, and in whom it was found (``labels``).

    ``reliability`` is 0–1; ``detectable`` is the smallest change in points that is more than measurement
    error (95 %) in one person; ``change`` is the points that the source counts as a change; ``cut`` is a score
    from which on the source speaks of what the labels say. Nobody is counted by what is not ``read``.
    """

    kind: Literal["reliability", "detectable", "change", "cut"]
    value: float
    source: str
    labels: Labels
    status: Status = "read"


@dataclass(frozen=True, slots=True)
class Lookup:
    """The points of each sum from the lowest on, for the filled questionnaires of which ``when`` is true."""

    when: str
    points: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """The items that give one score. ``minimum``/``maximum`` are the ends of the scale in points.

    ``transform``: ``sum`` (prorated when items are missing but at least ``minimum_answered`` are
    there), ``mean``, ``ordinal`` (one item, levels that are never averaged), ``lookup`` (the sum of all items, found
    in the table whose rule is true; no score where none is), or ``goal_attainment`` (the T-score of goals from −2
    to +2 with their ``weights``: 50 where goals are met as expected). Points are that times ``factor``.
    Where ``gate``, a rule about answers, is false, the rest was rightly not asked and the score is ``minimum``;
    where its questions have no answer there is no score.
    """

    id: str
    labels: Labels
    direction: Literal["higher", "lower"]
    transform: Literal["sum", "mean", "ordinal", "lookup", "goal_attainment"]
    minimum: float
    maximum: float
    minimum_answered: int
    items: tuple[str, ...]
    factor: float = 1.0
    evidence: tuple[Evidence, ...] = ()
    gate: str = ""
    lookup: tuple[Lookup, ...] = ()
    weights: tuple[str, ...] = ()  # beside items: the question that holds the weight of each; "" weighs 1

    def published(self, kind: str) -> tuple[Evidence, ...]:
        """The evidence of one kind, in the order of the file."""
        return tuple(evidence for evidence in self.evidence if evidence.kind == kind)

    @property
    def range(self) -> float:
        return self.maximum - self.minimum


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire: what is asked, how it is scored, where it comes from.

    ``groups``: the path of the groups that a question lies in (``outer/inner``), for those that do;
    also of the questions participant, wave and date, which are no items and whose labels are in ``header``
    (those of the choices of wave in ``waves``);
    ``headings``: the label of each group by its path, where it has one.
    ``beside``: questions that nobody answers (calculated ones, and what the tool itself fills in).
    ``key_status``: whether the rule of scoring was read at its source. ``translations``: whose translation a
    language is, where that is said. ``assumed``: what stands for the settings that its file does not say.
    """

    id: str
    version: str
    labels: Labels
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    validated: bool = False
    licence: str = ""
    source: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, Labels] = field(default_factory=dict)
    header: Mapping[str, Labels] = field(default_factory=dict)
    waves: tuple[Choice, ...] = ()
    beside: tuple[str, ...] = ()
    key_status: Status = "read"
    translations: Mapping[str, Translation] = field(default_factory=dict)
    assumed: Mapping[str, str] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its questions; its title may be in fewer."""
        return tuple(dict.fromkeys(language for item in self.items for language in item.labels))

    @property
    def questions(self) -> tuple[Item, ...]:
        """The items that somebody answers: a note is only read."""
        return tuple(item for item in self.items if item.kind != "note")

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a filled questionnaire."""
        return ("participant", "wave")

    def item(self, item_id: str) -> Item:
        return find(self.items, item_id, "schema.no_item", form=self.id)

    def scale(self, scale_id: str) -> Scale:
        return find(self.scales, scale_id, "schema.no_scale", form=self.id)


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table. ``codes`` maps each permitted code to its labels; empty means free.

    ``also``: other names of codes. ``optional``: a file that lacks the column is as complete as one that has it.
    ``hints``: what to write there.
    """

    name: str
    type: Literal["string", "integer", "number", "date", "yearmonth", "boolean"]
    title: Labels
    sensitivity: Sensitivity
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    codes: Mapping[str, Labels] = field(default_factory=dict)
    reference: str = ""  # "participants.participant": the value must be there
    optional: bool = False
    hints: Labels = field(default_factory=dict)
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the data schema, one row per what ``key`` says; ``about`` tells it in a sentence."""

    name: str
    title: Labels
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    about: Labels = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.name

    def field(self, name: str) -> Field:
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise BadDeclaration(
            "schema.no_column", name=name, table=self.name, hint=nearest(name, [f.name for f in self.fields])
        )


Form = Table | Instrument
