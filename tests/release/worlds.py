"""Kinds of projects whose cross-tables say more together than each alone, and people drawn from them."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

from evaluation.release.facts import NOT_TOLD, SITUATIONS, Fact, stated
from evaluation.schema import Breakdown
from tests.release.people import Person, World

GROUPS = ("UA", "PL", "BG")
YES_NO = ("yes", "no")


def fact(name: str, code: str, *then: tuple[str, str]) -> Fact:
    """Whoever is at this code is at one of the others."""
    return Fact((name, (code,)), tuple((other, (at,)) for other, at in then))


def _whether(true: Callable[[Person], bool]) -> tuple[tuple[str, ...], Callable[[Person], str]]:
    return YES_NO, lambda person: "yes" if true(person) else "no"


def courses(number: int) -> World:
    """Who took and who completed any of so many courses, both by the same groups."""
    names = [f"c{n}" for n in range(number)]
    derived = {
        "taken": _whether(lambda person: any(person[name] != "none" for name in names)),
        "completed": _whether(lambda person: any(person[name] == "completed" for name in names)),
        **{f"{name}.taken": _whether(lambda person, name=name: person[name] != "none") for name in names},
    }
    facts = [
        fact("completed", "yes", ("taken", "yes")),
        fact("taken", "yes", ("completed", "yes"), *((name, "attended") for name in names)),
        fact("taken", "yes", *((f"{name}.taken", "yes") for name in names)),
        fact("completed", "yes", *((name, "completed") for name in names)),
        *(fact(f"{name}.taken", "yes", ("taken", "yes")) for name in names),
        *(fact(name, "completed", ("completed", "yes")) for name in names),
    ]
    single = ["g", "taken", "completed", *names, *(f"{name}.taken" for name in names)]
    return World(
        fine={"g": GROUPS, **dict.fromkeys(names, ("none", "attended", "completed"))},
        derived=derived,
        tables=[*((name,) for name in single), ("taken", "g"), ("completed", "g")],
        facts=facts,
        within={name: [f"{name}.taken"] for name in names},
        zeros=("taken", "completed"),
    )


def outcomes(*, by: tuple[str, ...]) -> World:
    """Two outcomes by one or two groupings; whoever has both measurements of either answered at the end."""
    names = ("o1", "o2")
    return World(
        fine={"g": GROUPS, "h": ("a", "b"), "end": YES_NO, **dict.fromkeys(names, ("up", "same", "down", "none"))},
        derived={f"{name}.pairs": _whether(lambda person, name=name: person[name] != "none") for name in names},
        tables=[
            *((name,) for name in (*by, "end", *names, *(f"{name}.pairs" for name in names))),
            *((name, group) for name in names for group in by),
        ],
        facts=[fact(f"{name}.pairs", "yes", ("end", "yes")) for name in names],
        within={name: [f"{name}.pairs"] for name in names},
        zeros=names,
        settled=lambda person: person if person["end"] == "yes" else {**person, **dict.fromkeys(names, "none")},
    )


def one_column() -> World:
    """Two ways to group the same countries, each crossed with whether people took part."""
    first = {"UA": "UA", "PL": "PL", "BG": "rest", "VN": "rest"}
    second = {"UA": "Europe", "PL": "PL", "BG": "Europe", "VN": "VN"}
    both = {country: f"{first[country]}&{second[country]}" for country in first}
    return World(
        fine={"country": tuple(first), "taken": YES_NO, "asked": YES_NO},
        derived={
            "g": (("UA", "PL", "rest"), lambda person: first[person["country"]]),
            "h": (("Europe", "PL", "VN"), lambda person: second[person["country"]]),
            "g&h": (tuple(both.values()), lambda person: both[person["country"]]),
        },
        tables=[("g",), ("h",), ("taken",), ("asked",), ("taken", "g"), ("taken", "h"), ("asked", "h")],
        within={"g&h": ["g", "h"]},
        unprinted=(("g&h",),),
        zeros=("taken",),
    )


_WITH = {"end": "o"}  # whoever did not answer at the end has no outcome, so these two are never crossed


def own(chance: random.Random) -> World:
    """One or two tables of a project's own, by any two variables at any fineness; others leave coarser than these."""
    outcome = ("up", "same", "down", "none")
    finest = {"g": "g", "c": "c", "c.taken": "c", "c.completed": "c", "end": "end"}
    finest |= dict.fromkeys(("o", "o.pairs", "o.known"), "o") | dict.fromkeys(("needs", "needs.asked"), "needs")
    pairs = [pair for pair in itertools.combinations(finest, 2) if len({_WITH.get(finest[n], n[0]) for n in pair}) == 2]
    tables = chance.sample(pairs, chance.choice((1, 1, 2)))
    printed = {"g", "end", "o.pairs", "needs.asked", chance.choice(("c", "c.taken")), chance.choice(("o", "o.known"))}
    fine = [pair for names in tables if (pair := tuple(finest[name] for name in names)) != names]
    return World(
        fine={
            "g": GROUPS,
            "c": ("none", "attended", "completed"),
            "end": YES_NO,
            "o": outcome,
            "needs": ("met", "some", "none"),
        },
        derived={
            "needs.asked": _whether(lambda person: person["needs"] != "none"),
            "c.taken": _whether(lambda person: person["c"] != "none"),
            "c.completed": _whether(lambda person: person["c"] == "completed"),
            "o.pairs": _whether(lambda person: person["o"] != "none"),
            "o.known": _whether(lambda person: person["o"] == "up"),
        },
        tables=[*((name,) for name in sorted(printed)), *tables],
        facts=[fact("o.pairs", "yes", ("end", "yes"))],
        within={"c": ["c.taken", "c.completed"], "o": ["o.pairs", "o.known"], "needs": ["needs.asked"]},
        unprinted=[*((name,) for name in ("c", "o", "needs") if name not in printed), *dict.fromkeys(fine)],
        zeros=("o", "o.known", "needs", "needs.asked", *(name for pair in tables for name in pair)),
        settled=lambda person: person if person["end"] == "yes" else {**person, "o": "none"},
    )


def support() -> World:
    """Support of two areas, of two kinds each; who had one is told by group, too."""
    kinds = {"a": ("a.1", "a.2"), "b": ("b.1", "b.2")}
    had = {
        area: _whether(lambda person, own=own: any(person[kind] == "yes" for kind in own))
        for area, own in kinds.items()
    }
    names = [kind for own in kinds.values() for kind in own]
    facts = [
        *(fact(kind, "yes", (area, "yes")) for area, own in kinds.items() for kind in own),
        *(fact(area, "yes", *((kind, "yes") for kind in own)) for area, own in kinds.items()),
        *(fact(area, "yes", ("any", "yes")) for area in kinds),
        fact("any", "yes", *((area, "yes") for area in kinds)),
    ]
    return World(
        fine={"g": GROUPS, **dict.fromkeys(names, YES_NO)},
        derived={**had, "any": _whether(lambda person: any(person[kind] == "yes" for kind in names))},
        tables=[("g",), ("any",), ("a",), ("b",), ("a.1",), ("b.1",), ("a.1", "g")],
        unprinted=[("a.2",), ("b.2",)],
        facts=facts,
        zeros=("a", "b", *names),
    )


def situations() -> World:
    """Legal situation at the start and at the end, and its change; everybody knows that the Poles are citizens."""
    situation = (*SITUATIONS, NOT_TOLD)
    start, end, change = "legal.start", "legal.end", "legal.change"

    def changed(person: Person) -> str:
        codes = person[start], person[end]
        return NOT_TOLD if NOT_TOLD in codes else "same" if codes[0] == codes[1] else "changed"

    def both(moment: str) -> tuple[tuple[str, ...], Callable[[Person], str]]:
        asked = [f"{of}&{code}" for of in GROUPS for code in (situation if of != "PL" else (NOT_TOLD,))]
        return tuple(asked), lambda person: f"{person['g']}&{person[moment]}"

    home = Breakdown("g", {}, "country", {of: {} for of in GROUPS}, citizens=("PL",))
    regulated = {
        f"{moment}.known": _whether(lambda person, moment=moment: person[moment] == SITUATIONS[0])
        for moment in (start, end)
    }
    return World(
        fine={"g": GROUPS, start: situation, end: situation},
        derived={
            change: (("changed", "same", NOT_TOLD), changed),
            **regulated,
            **{f"g&{moment}": both(moment) for moment in (start, end)},
        },
        tables=[("g",), (f"{start}.known",), (end,), (f"{end}.known",), (change,)],
        unprinted=[(start,), *((f"g&{moment}",) for moment in (start, end))],
        within={
            **{moment: [f"{moment}.known"] for moment in (start, end)},
            **{f"g&{moment}": ["g", moment] for moment in (start, end)},
        },
        facts=stated({"g", start, end, change}, (), (), (home,)),
        zeros=(start, end, change, *regulated, f"g&{start}", f"g&{end}"),
        settled=lambda person: {**person, start: NOT_TOLD, end: NOT_TOLD} if person["g"] == "PL" else person,
    )


def ring(*sizes: int) -> World:
    """Variables with so many codes, each crossed with the next and the last with the first."""
    names = "abcdef"[: len(sizes)]
    return World(
        fine={name: tuple(f"{name}{n}" for n in range(size)) for name, size in zip(names, sizes, strict=True)},
        tables=[*itertools.pairwise(names), (names[0], names[-1])],
    )


WORLDS: dict[str, Callable[[random.Random], World]] = {
    "completed and taken by the same group": lambda chance: courses(chance.choice((1, 2))),
    "two outcomes by the same group": lambda _: outcomes(by=("g",)),
    "two outcomes by two groups each": lambda _: outcomes(by=("g", "h")),
    "two groupings of one column": lambda _: one_column(),
    "tables of one's own": own,
    "support of areas and kinds": lambda _: support(),
    "situations of whoever is no citizen": lambda _: situations(),
    "three tables in a ring": lambda chance: ring(2, chance.choice((2, 3)), 2),
    "four tables in a ring": lambda _: ring(2, 3, 2, 2),
}


def drawn(world: World, chance: random.Random) -> list[Person]:
    """20 to 75 people; codes are unequally frequent, some hardly there."""
    weights = {
        name: [chance.random() ** chance.choice((1, 3)) + 0.02 for _ in codes] for name, codes in world.fine.items()
    }
    rows = (
        [chance.choices(codes, weights[name])[0] for name, codes in world.fine.items()]
        for _ in range(chance.randint(20, 75))
    )
    return [world.person(row) for row in rows]
