"""The two fictional projects of the kit: a reintegration project and a shelter."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.example.story import Group, Story

REFERENCE = Story(
    seed=48,
    groups=(
        Group("polish_women", {"PL": 12}, {"polish": 0.0, "english": 0.75, "human_rights": 0.5}, {"sex": "F"}),
        Group(
            "foreigners",
            {"UA": 9, "BG": 5, "RO": 4, "MD": 3, "VN": 3, "NG": 3, "BY": 2},
            {"polish": 0.8, "english": 0.15, "human_rights": 0.7},
        ),
    ),
    gains={
        "security": 0.75,
        "self_perception": 0.5,
        "social_awareness": 0.55,
        "rights": 0.7,
        "social_competence": -0.05,
    },
    sex={"F": 0.85, "M": 0.15},
    leavers=6,
    withdrawals=1,
    tallies={
        "calls": 700,
        "contacts_phone": 120,
        "contacts_email": 60,
        "contacts_letter": 4,
        "contacts_person": 45,
        "cases_new": 12,
        "cases_pending": 40,
        "prevention_reached": 150,
    },
    activities=(
        {
            "activity": "A1",
            "title": "study visit on safe housing",
            "date": "2014-03-11",
            "dimension": "cooperation",
            "kind": "study_visit",
            "partner": "nordlys",
            "persons_beneficiary": "4",
            "persons_donor": "0",
            "product": "",
            "still_used": "",
            "evidence": "report of the visit",
        },
        {
            "activity": "A2",
            "title": "study visit on work with volunteers",
            "date": "2014-10-02",
            "dimension": "cooperation",
            "kind": "study_visit",
            "partner": "nordlys",
            "persons_beneficiary": "3",
            "persons_donor": "2",
            "product": "",
            "still_used": "",
            "evidence": "report of the visit",
        },
        {
            "activity": "A3",
            "title": "guide to longer crisis intervention",
            "date": "2015-02-17",
            "dimension": "results",
            "kind": "joint_publication",
            "partner": "nordlys",
            "persons_beneficiary": "",
            "persons_donor": "",
            "product": "a guide, in two languages",
            "still_used": "true",
            "evidence": "the guide itself",
        },
        {
            "activity": "A4",
            "title": "training on trauma and interpreting",
            "date": "2015-05-20",
            "dimension": "knowledge",
            "kind": "joint_training",
            "partner": "nordlys",
            "persons_beneficiary": "14",
            "persons_donor": "3",
            "product": "a training plan",
            "still_used": "true",
            "evidence": "list of those who came",
        },
        {
            "activity": "A5",
            "title": "plan of a joint programme",
            "date": "2015-11-05",
            "dimension": "wider",
            "kind": "new_initiative",
            "partner": "nordlys",
            "persons_beneficiary": "",
            "persons_donor": "",
            "product": "",
            "still_used": "",
            "evidence": "letter of intent",
        },
    ),
    survey=(
        {
            "organisation": "promoter",
            "donor_state": "false",
            "wave": "baseline",
            "trust": "4",
            "satisfaction": "4",
            "applies_knowledge": "false",
        },
        {
            "organisation": "nordlys",
            "donor_state": "true",
            "wave": "baseline",
            "trust": "4",
            "satisfaction": "5",
            "applies_knowledge": "false",
        },
        {
            "organisation": "promoter",
            "donor_state": "false",
            "wave": "endline",
            "trust": "6",
            "satisfaction": "6",
            "applies_knowledge": "true",
        },
        {
            "organisation": "nordlys",
            "donor_state": "true",
            "wave": "endline",
            "trust": "5",
            "satisfaction": "6",
            "applies_knowledge": "true",
        },
    ),
)

SHELTER = Story(
    seed=2005,
    groups=(Group("residents", {"PL": 15, "UA": 7, "BY": 4}, {"household": 0.85}),),
    gains={"self_perception": 0.05, "relaxation": 0.6, "budgeting": 0.4},
    sex={"F": 0.9, "M": 0.1},
    leavers=5,
    tallies={"contacts_phone": 30, "cases_new": 2, "cases_pending": 9, "prevention_reached": 25, "minors_supported": 6},
    aggregates=(
        {"category": "prevention", "period": "2022", "count": "214", "source": "lists of meetings"},
        {"category": "prevention", "period": "2023", "count": "61", "source": "lists of meetings"},
    ),
)

STORIES: Mapping[str, Story] = {"reference": REFERENCE, "shelter": SHELTER}
"""The fictional projects by the name of their folder in templates/projects/."""
