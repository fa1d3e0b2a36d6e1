"""A participant's page with everything recorded of her, and the tables that are of nobody."""

from __future__ import annotations

from tornado.web import HTTPError

from evaluation.desk.forms import tables
from evaluation.desk.gathered import gather
from evaluation.desk.handler import Page
from evaluation.desk.office import Opened
from evaluation.desk.pages.of_person import OfPerson
from evaluation.schema import Labels


class Person(OfPerson):
    kind = "person"
    everything = False

    async def get(self, person: str) -> None:
        code, declaration, fine = await self.code(person), self.desk.office.declaration, self.enters
        found = await self.desk.office.ask(lambda opened: gather(opened, declaration, code, fine=fine))
        if found is None:
            raise HTTPError(404)
        self.show("person.html", code=code, person=person, found=found, everything=self.everything)


class Printed(Person):
    """The same with all her answers, to be printed for her."""

    kind = "print"
    act = "exported"
    everything = True


class House(Page):
    """The tables of the house with the number of their rows."""

    async def get(self) -> None:
        declaration = self.desk.office.declaration

        def counts(opened: Opened) -> dict[str, int]:
            return {table.name: len(opened.places(table.name)) for table in tables.of_house(declaration)}

        found = await self.desk.office.ask(counts)
        self.show("house.html", tables=[(table, found[table.name]) for table in tables.of_house(declaration)])


class Rows(Page):
    """The rows of one table that is about no participant."""

    async def get(self, name: str) -> None:
        declaration, fine = self.desk.office.declaration, self.enters
        table = next((table for table in tables.of_house(declaration) if table.name == name), None)
        if table is None:
            raise HTTPError(404)

        def listed(opened: Opened) -> tuple[list[Labels], list[tuple[str, list[Labels]]]]:
            rows = sorted(opened.of(table.name), key=tables.when, reverse=True)
            titles, cells = tables.in_columns(table, rows, opened, declaration, fine=fine)
            return titles, [(row.id, said) for row, said in zip(rows, cells, strict=True)]

        titles, rows = await self.desk.office.ask(listed)
        self.show("rows.html", table=table, titles=titles, rows=rows, registers=name == "sessions")
