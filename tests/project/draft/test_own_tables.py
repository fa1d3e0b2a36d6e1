"""A project's own tables count what they say, leave by the one gate, and are locked as everything is that leaves."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pandas as pd
import pytest
import yaml

from evaluation import codec
from evaluation.errors import BadArgument
from evaluation.project import Project
from evaluation.project.draft.assembly import draft
from evaluation.project.draft.own_variables import faults, variables
from evaluation.release.planned.design import designed
from evaluation.release.released import CountTable
from evaluation.report.content import tables
from evaluation.schema import Declaration, OwnTable, Rules
from evaluation.texts import say
from tests.conftest import Folder
from tests.report.handmade import make_released

L = {"en": "Polish by group", "pl": "Polski według grup"}
TAKEN, DONE = "course:polish.taken", "course:polish.completed"


def declaring(declaration: Declaration, *own: OwnTable) -> Declaration:
    return dataclasses.replace(declaration, file=dataclasses.replace(declaration.file, own_tables=own))


def counted(project: Project, *own: OwnTable) -> list[CountTable]:
    with_own = Project(project.folder, declaring(project.declaration, *own), project.store, project.who)
    drafted = designed(draft(with_own.results, "r"), Rules("public"), 10)
    return [table for table in (*drafted.tables, *drafted.joint) if table.id.removeprefix("joint:").startswith("own:")]


def test_an_own_table_counts_everyone_by_its_variables_and_its_finest_cells_stay_protected(project: Project) -> None:
    told, also, finest = counted(
        project,
        OwnTable("by_group", L, ("target_group", DONE)),
        OwnTable("plain", L, ("target_group", "course:polish")),
    )[:3]
    people, dose = project.frames["participants"].set_index("participant"), project.dose
    polish = dose[dose["course"] == "polish"].set_index("participant")
    done = people.index.isin(polish.index[polish["completer"]])
    expected = pd.crosstab(people["target_group"], done, margins=True)
    found = {
        (c.at.get("target_group", "All"), {"yes": True, "no": False}.get(c.at.get(DONE, ""), "All")): c.value
        for c in told.counts
    }
    assert found == expected.stack().to_dict()
    assert (told.id, told.topic, told.labels, told.protected, told.zeros_sensitive) == (
        "own:by_group",
        "own",
        L,
        True,
        True,
    )
    assert [count.at for count in told.counts if count.public] == [{}]
    assert also.id == "own:plain"
    assert [variable.id for variable in finest.variables] == ["target_group", "course:polish"]
    assert (finest.id, finest.zeros_sensitive) == ("joint:own:by_group", True)
    assert finest.counts == also.counts


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ([OwnTable("a b", L, (TAKEN,))], "'a b' needs a name of letters"),
        ([OwnTable("a", L, (TAKEN,)), OwnTable("a", L, (DONE,))], "two own tables 'a'"),
        ([OwnTable("a", L, ("course:polish.take",))], "did you mean 'course:polish.taken'?"),
        ([OwnTable("a", L, ())], "by one or by 2 variables"),
        ([OwnTable("a", L, ("target_group", TAKEN, "stage"))], "by one or by 2 variables"),
        ([OwnTable("a", L, ("course:polish", TAKEN))], "course:polish and course:polish.taken tell of the same"),
        ([OwnTable("a", L, ("stage.answered", "security.pairs"))], "tell of the same, or one follows"),
        ([OwnTable("a", L, ("target_group", TAKEN)), OwnTable("b", L, ("security.direction.known",))], None),
    ],
)
def test_what_cannot_be_an_own_table_is_said(project: Project, own: list[OwnTable], said: str | None) -> None:
    found = [say(message, "en") for _, message in faults(declaring(project.declaration, *own))]
    assert len(found) == (said is not None)
    assert all(said in one for one in found if said)


def test_a_fault_is_told_with_its_line(copied: Folder) -> None:
    path = copied.path / "project.yml"
    text = path.read_text(encoding="utf-8") + "own_tables:\n  - {id: a, labels: {en: A, pl: A}, variables: [age]}\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(
        Exception, match=rf"project.yml, line {text.count(chr(10))}: an own table cannot be counted by 'age'"
    ):
        copied.open()


def test_what_is_counted_is_locked_and_what_it_is_called_is_not(project: Project) -> None:
    def design(*own: OwnTable) -> str:
        return declaring(project.declaration, *own).file.design

    one = OwnTable("a", L, (TAKEN,))
    assert design() == project.declaration.file.rules.design
    assert design(one) == design(dataclasses.replace(one, labels={"en": "another"}))
    assert len({design(), design(one), design(OwnTable("a", L, (DONE,))), design(OwnTable("b", L, (TAKEN,)))}) == 4


def test_a_document_shows_own_tables_among_who_took_part_and_says_where_all_of_one_is_hidden(project: Project) -> None:
    table = counted(project, OwnTable("by_group", L, ("target_group", TAKEN)))[0]
    blank = [dataclasses.replace(c, value=None) if len(c.at) == 2 else c for c in table.counts]
    shown, hidden = table, dataclasses.replace(table, id="own:hidden", labels={"en": "Hidden"}, counts=tuple(blank))
    made = tables.people(make_released(tables=(shown, hidden)), "en")
    assert "Polish by group" in made.html
    assert "Took part" in made.html
    assert [one["id"] for one in made.content] == ["own:by_group", "own:hidden"]
    assert "<caption>Hidden" not in made.html


def test_a_frame_becomes_a_declaration_that_holds_no_number_of_it(project: Project) -> None:
    frame = project.frame()[["target_group", "polish_completer"]]
    made = project.request(frame)
    (declared,) = yaml.safe_load(made.declaration)["own_tables"]
    own = codec.build(OwnTable, declared)
    assert own.variables == ("target_group", DONE)
    assert list(faults(declaring(project.declaration, own))) == []
    assert "own_tables" in repr(made)
    assert "lock the plan" in made.said
    assert not any(character.isdigit() for character in made.declaration)


@pytest.mark.parametrize(
    ("chosen", "population", "said"),
    [
        (lambda frame: frame[["target_group"]], "staff", "project.request.population"),
        (lambda frame: frame[["target_group"]].iloc[1:], "participants", "project.request.part"),
        (lambda frame: frame[["target_group", "security_endline"]], "participants", "project.request.column"),
        (lambda frame: frame[[]], "participants", "project.own_table.how_many"),
        (
            lambda frame: frame[["target_group", "left", "polish_completer"]],
            "participants",
            "project.own_table.how_many",
        ),
    ],
)
def test_a_request_for_anything_else_is_refused(
    project: Project, chosen: Callable[[pd.DataFrame], pd.DataFrame], population: str, said: str
) -> None:
    with pytest.raises(BadArgument) as refused:
        project.request(chosen(project.frame()), population=population)
    assert refused.value.message.key == said


def test_every_variable_that_may_be_named_can_be_counted(project: Project) -> None:
    names = [*variables(project.declaration)]
    own = [OwnTable(f"t{at}", L, (name,)) for at, name in enumerate(names)]
    made = {table.id: table for table in counted(project, *own)}
    assert [made[f"own:t{at}"].variables[0].id for at in range(len(names))] == names
