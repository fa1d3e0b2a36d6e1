"""Who a page is for: the roles that may open it, and those that may send it."""

from __future__ import annotations

from evaluation.collect.access.keys import COORDINATOR, ROLES

Roles = frozenset[str]
"""Roles of key slots; "" is whoever is not signed in."""

NOBODY: Roles = frozenset()
ANYBODY: Roles = frozenset({"", *ROLES})
EVERY_ROLE: Roles = frozenset(ROLES)
ENTERING: Roles = frozenset({"caseworker", COORDINATOR})
"""Who enters and corrects. Others see neither free text about a participant nor the exact day of anything."""

COORDINATORS: Roles = frozenset({COORDINATOR})
