"""The tables and code lists of data_schema/."""

import csv
import json
import re

import pytest

from evaluation import descriptors, resources
from evaluation.errors import BadDeclaration, EvaluationError
from evaluation.resources import folder
from evaluation.schema import ANSWER_STATES

TABLES = folder("data_schema") / "tables"
CODES = folder("data_schema") / "codes"

COLUMNS = {
    "participants": "participant enrolled_on target_group country sex age_band residence_start residence_end"
    " legal_start legal_end consent_service consent_reporting left_on leaving_reason identification guardian_consent"
    " consented_on paper_at",
    "courses": "course title course_type sessions minimum_sessions",
    "sessions": "session course date hours minutes kind",
    "attendance": "session participant status",
    "support": "participant kind date",
    "needs": "participant need date state",
    "goals": "participant goal kind weight set_on baseline_level rated_on reached_level",
    "referrals": "participant institution direction date outcome",
    "tallies": "month kind count source",
    "bilateral_activities": "activity title date dimension kind partner persons_beneficiary persons_donor product"
    " still_used evidence",
    "partner_survey": "organisation donor_state wave trust satisfaction applies_knowledge",
    "aggregate_counts": "category period count whole grouping source",
}


def descriptor(name: str) -> dict:
    return json.loads((TABLES / f"{name}.json").read_text(encoding="utf-8"))


def rows(name: str) -> list[dict[str, str]]:
    with (CODES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def test_there_are_exactly_these_tables_with_these_columns_in_this_order():
    found = {name: " ".join(field.name for field in table.fields) for name, table in descriptors.tables().items()}
    assert found == COLUMNS


@pytest.mark.parametrize("name", COLUMNS)
def test_frictionless_accepts_the_descriptor(name):
    from frictionless import Schema

    assert Schema.from_descriptor(descriptor(name)).field_names == COLUMNS[name].split()
    assert Schema.metadata_validate(descriptor(name)) is None or not list(Schema.metadata_validate(descriptor(name)))


@pytest.mark.parametrize("name", COLUMNS)
def test_every_field_has_both_titles_a_sensitivity_and_identifies_nobody(name):
    for field in descriptor(name)["fields"]:
        assert field["title"] != field["name"]
        assert field["title_pl"]
        assert ("description" in field) == ("description_pl" in field), field["name"]
        assert field["sensitivity"] in ("quasi", "sensitive", "open")
        identifying = r"name|surname|birth|pesel|phone|mail|address|passport|initials"
        assert not re.search(identifying, field["name"])


@pytest.mark.parametrize("name", COLUMNS)
def test_keys_references_and_code_lists_lead_to_something_that_exists(name):
    table = descriptors.tables()[name]
    assert table.key
    assert all(table.field(column).required for column in table.key)
    for field in table.fields:
        if field.reference:
            other, column = field.reference.split(".")
            assert descriptors.tables()[other].key == (column,)
    for field in descriptor(name)["fields"]:
        if "codes" in field:
            assert dict(table.field(field["name"]).codes) == descriptors.codes(field["codes"])


def test_every_table_with_participants_refers_to_the_register_of_participants():
    for name in ("attendance", "support", "needs", "goals", "referrals"):
        assert descriptors.tables()[name].field("participant").reference == "participants.participant"
    assert descriptors.tables()["attendance"].field("session").reference == "sessions.session"


def test_both_consents_are_required_and_apart():
    participants = descriptors.tables()["participants"]
    for consent in ("consent_service", "consent_reporting"):
        assert (participants.field(consent).type, participants.field(consent).required) == ("boolean", True)


def test_what_a_field_permits_is_read_from_its_descriptor():
    trust = descriptors.tables()["partner_survey"].field("trust")
    assert (trust.type, trust.minimum, trust.maximum, trust.required) == ("integer", 1, 7, False)
    assert dict(trust.title) == {
        "en": "Trust between the cooperating organisations (1–7)",
        "pl": "Zaufanie między współpracującymi organizacjami (1–7)",
    }
    assert list(descriptors.tables()["attendance"].field("status").codes) == ["present", "absent", "excused"]


@pytest.mark.parametrize("path", sorted(CODES.glob("*.csv")), ids=lambda path: path.stem)
def test_every_code_is_there_once_with_an_english_and_a_polish_label(path):
    listed = rows(path.stem)
    codes = [row["code"] for row in listed]
    assert len(set(codes)) == len(codes) > 1
    for row in listed:
        assert all(cell and cell == cell.strip() for cell in row.values()), row["code"]
        assert re.fullmatch(r"[A-Za-z0-9_+-]+", row["code"])
    for language in ("en", "pl"):
        labels = [row[language] for row in listed]
        assert len(set(labels)) == len(labels)


def test_there_are_249_countries_each_on_a_continent():
    continents = descriptors.recode("countries", "continent")
    assert len(continents) == 249
    assert all(re.fullmatch("[A-Z]{2}", code) for code in continents)
    assert set(continents.values()) == set(descriptors.codes("continents"))


def test_the_countries_of_casework_are_recoded_as_the_centre_does():
    continents = descriptors.recode("countries", "continent")
    europe, asia, africa = "BY BG LT MD DE RU RO TR UA", "AZ BD CN PH MN TJ TH UZ VN", "DJ EG NG UG"
    for codes, continent in ((europe, "europe"), (asia, "asia"), (africa, "africa")):
        assert {continents[code] for code in codes.split()} == {continent}


def test_namibia_is_a_country_and_no_missing_value():
    assert descriptors.codes("countries")["NA"] == {"en": "Namibia", "pl": "Namibia"}
    for name in COLUMNS:
        assert descriptor(name)["missingValues"] == [""]


def test_every_country_of_casework_can_be_spoken_to_in_one_of_its_languages():
    spoken = "be bg lt ro de ru tr uk az bn zh fil mn tg th uz vi aa so ar en lg pl"
    assert set(spoken.split()) <= set(descriptors.codes("languages"))


def test_the_nine_courses_and_those_of_the_shelter_are_listed():
    nine = "human_rights polish english budgeting assertiveness self_defence first_aid computers relaxation"
    shelter = (
        "household_childcare health_education work_skills art_therapy music_therapy individual_therapy support_group"
    )
    assert list(descriptors.codes("course_types")) == [*nine.split(), *shelter.split(), "other"]


def test_answer_states_are_those_of_the_schema_and_dimensions_those_of_the_funder():
    assert tuple(descriptors.codes("answer_states")) == ANSWER_STATES
    dimensions = ["cooperation", "results", "knowledge", "wider"]
    assert list(descriptors.codes("bilateral_dimensions")) == dimensions
    assert set(descriptors.recode("bilateral_kinds", "dimension").values()) == set(dimensions)


def test_an_unknown_code_list_or_column_is_named_with_the_nearest_known_one():
    with pytest.raises(BadDeclaration, match="'contries'; did you mean 'countries'"):
        descriptors.codes("contries")
    with pytest.raises(BadDeclaration, match=r"codes/countries\.csv has no column 'kontinent'"):
        descriptors.recode("countries", "kontinent")


def small(**changes: object) -> dict:
    field = {
        "name": "colour",
        "type": "string",
        "title": "Colour",
        "title_pl": "Barwa",
        "sensitivity": "open",
    }
    return {
        "name": "things",
        "title": "Things",
        "title_pl": "Rzeczy",
        "fields": [field | changes],
        "primaryKey": ["colour"],
    }


def test_a_descriptor_can_bring_its_own_codes():
    table = descriptors.read(small(codes={"r": {"en": "red", "pl": "czerwona"}}))
    assert table.field("colour").codes == {"r": {"en": "red", "pl": "czerwona"}}
    assert table.key == ("colour",)


def test_a_bad_descriptor_is_refused_in_a_sentence():
    with pytest.raises(BadDeclaration, match=r"things\.json: the sensitivity of 'colour' cannot be 'opne'.*'open'"):
        descriptors.read(small(sensitivity="opne"), file="things.json")
    with pytest.raises(BadDeclaration, match="the type of 'colour' cannot be 'text'"):
        descriptors.read(small(type="text"))
    with pytest.raises(BadDeclaration, match="'colour' identifies people and is never stored"):
        descriptors.read(small(sensitivity="identifying"))
    with pytest.raises(BadDeclaration, match="the property 'primaryKey' is missing"):
        descriptors.read({k: v for k, v in small().items() if k != "primaryKey"})


def test_the_folder_inside_the_package_comes_before_the_checkout(tmp_path, monkeypatch):
    package = tmp_path / "checkout" / "evaluation"
    package.mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", package)
    with pytest.raises(EvaluationError, match="The folder 'templates' that belongs to the kit is missing"):
        folder("templates")
    (package.parent / "templates").mkdir()
    with pytest.raises(EvaluationError):  # somebody else's folder beside an installed package
        folder("templates")
    (package.parent / "pyproject.toml").touch()
    assert folder("templates") == package.parent / "templates"
    (package / "templates").mkdir()
    assert folder("templates") == package / "templates"
