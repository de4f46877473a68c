"""A listener as the report's rows show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.services.talk import Auth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.understand.host import Listener


def row(one: Listener) -> Mapping[str, object]:
    """Return a listener as data; the process's command line is left out, for it may hold secrets."""
    spoken, process = one.spoken, one.process
    return {
        "address": one.address,
        "port": one.port,
        "protocol": one.protocol,
        "process": process.name if process else None,
        "pid": process.pid if process else None,
        "user": process.user if process and process.user else None,
        "unit": process.unit if process and process.unit else None,
        "container": process.container if process and process.container else None,
        "service": spoken.product if spoken else None,
        "version": spoken.version if spoken and spoken.version else None,
        "auth": (spoken.auth if spoken else Auth.UNKNOWN).value,
        "login": spoken.login if spoken and spoken.login else None,
        "superuser": spoken.is_superuser if spoken else None,
        "tls": spoken.tls if spoken else None,
        "says": spoken.says if spoken else _untold(one),
        "exposed": one.is_exposed,
        "reachable": list(one.reachable) if one.reachable is not None else None,
        "listed": one.seen_inside,
        "named_by": str(one.named.at) if one.named else None,
    }


def _untold(one: Listener) -> str:
    """Return why nothing is known of what answers."""
    return one.untold or ("UDP is listed, not asked" if one.protocol == "udp" else "")
