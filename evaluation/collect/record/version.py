"""How far the data of a record have come, without opening an entry: what was released since then is no datum."""

from __future__ import annotations

from evaluation.collect.record.entries import RELEASES
from evaluation.collect.record.store import Store

_DATA = "FROM events WHERE id NOT IN (SELECT event FROM places WHERE table_name = ?)"


def of(store: Store) -> tuple[int, str]:
    """The number of entries that are no releases, and the hash of the last one; both change with any new one."""
    with store.transaction("DEFERRED") as execute:
        ((number,),) = execute(f"SELECT count(*) {_DATA}", (RELEASES,)).fetchall()
        last = execute(f"SELECT hash {_DATA} ORDER BY entry DESC LIMIT 1", (RELEASES,)).fetchone()
    return int(number), last[0].hex() if last else ""
