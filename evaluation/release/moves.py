"""What stays of a person from one release to the next, as far as anybody would suppose; stated once, and never true."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.release.facts import NOT_TOLD

Stays = tuple[tuple[str, ...], ...]

_LADDERS: dict[str, Stays] = {
    "course": (("completed",), ("completed", "attended")),
    "direction": (("higher",), ("same",), ("lower",)),
    "start": (("low",), ("middle",), ("high",)),
    "end": (("low",), ("middle",), ("high",)),
    "goals": (("reached",), ("reached", "not_reached")),
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
    may be recorded later.
    """
    first, last = name.partition(":")[0].partition(".")[0], name.rpartition(".")[2]
    ladder = _LADDERS.get(last) or _LADDERS.get(first)
    if ladder and {code for some in ladder for code in some} <= {*codes}:
        return ladder
    return tuple((code,) for code in codes if code != NOT_TOLD)
