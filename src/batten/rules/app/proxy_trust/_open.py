"""Who can reach the app past its proxies, and so write forwarded headers himself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Confidence
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from batten.understand.subjects import App

EVERYWHERE = frozenset({"0.0.0.0", "::", "[::]", "", "*"})  # noqa: S104 - the addresses that the rules are about


def open_to_strangers(app: App) -> Confidence | None:
    """Return how sure it is that strangers connect to the app itself, None where nothing says so.

    A container whose port nobody publishes is reached by its proxy only, and so
    is a port of the loopback or of a platform. On a host, the address decides
    on which the server listens.
    """
    unit = app.unit
    if unit.reach is Reach.WORLD:
        return Confidence.CERTAIN
    if unit.reach is not Reach.UNKNOWN or unit.image is not None:
        return None
    open_ = [case for server in app.servers for case in server.host.cases() if case.value in EVERYWHERE]
    if not open_:
        return None
    return Confidence.POSSIBLE if unit.kind == "assumed" else Confidence.LIKELY
