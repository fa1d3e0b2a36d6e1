"""Where a Dask scheduler may be: one that asks nobody who they are runs whatever code a stranger hands it."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from evaluation.errors import BadArgument


def refuse_open(address: str) -> None:
    """Raises BadArgument for the address of another machine at which neither end proves who it is."""
    scheme, _, place = address.rpartition("://")
    if scheme != "tls" and not _is_here(place):
        raise BadArgument("project.batch.open_scheduler", address=address)


def _is_here(place: str) -> bool:
    try:
        host = urlsplit(f"//{place}").hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # another name, which may lead anywhere
        return False
