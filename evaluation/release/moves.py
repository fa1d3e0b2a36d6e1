"""What stays of a person from one release to the next, as far as anybody would suppose; stated once, and never true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evaluation.release.facts import NOT_TOLD

Stays = tuple[tuple[str, ...], ...]

_REACHED: Stays = (("reached",), ("reached", "not_reached"))
_LADDERS: dict[str, Stays] = {
    "course": (("completed",), ("completed", "attended")),
    "direction": (("higher",), ("same",), ("lower",)),
    "start": (("low",), ("middle",), ("high",)),
    "end": (("low",), ("middle",), ("high",)),
    "needs": (("met",), ("met", "some")),
    "support": (("yes",),),
    "stage": (("finished",),),
    **dict.fromkeys(("pairs", "asked", "assessed"), (("yes",),)),
    **dict.fromkeys(("taken", "completed", "supported", "referred", "referral_accepted"), (("yes",),)),
}


def stays(name: str, codes: Sequence[str]) -> Stays:
    """Sets of the codes of a variable: whoever is at one of a set stays in it.

    A course once completed stays completed, a score once given stays, a need once met stays met; in every other
    way of grouping people each stays where she is. Leavers return and records are corrected, so none of it is a
    fact: an attacker supposes it, with as few exceptions as what is printed requires. A situation that was not told
    may be recorded later. Of two variables together each says itself what stays.
    """
    if "&" in name:
        return ()
    first, last = name.partition(":")[0].partition(".")[0], name.rpartition(".")[2]
    ladder = _LADDERS.get(last) or _LADDERS.get(first)
    for known in (ladder, _REACHED):
        if known and {code for some in known for code in some} <= {*codes}:
            return known
    return tuple((code,) for code in codes if code != NOT_TOLD)


def followed(finer: Stays, to: Mapping[str, str]) -> Stays:
    """The same of a coarser variable, ``to`` whose codes those of the finer one become.

    Whoever is at one of its codes stays in all that her finer codes let her become.
    """
    reach = {
        code: to.keys() - {other for some in finer if code in some for other in to if other not in some} for code in to
    }
    found = []
    for start in dict.fromkeys(to.values()):
        some, more = set[str](), {start}
        while more > some:
            some = more
            more = some | {to[after] for code, after_all in reach.items() if to[code] in some for after in after_all}
        found.append(tuple(code for code in dict.fromkeys(to.values()) if code in some))
    return tuple(some for some in dict.fromkeys(found) if len(some) < len({*to.values()}))
