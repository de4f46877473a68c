"""Which servers hand requests on to which app."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from batten.understand.infrastructure.ground import Ground
    from batten.understand.nginx.passages import Passage, Target
    from batten.understand.subjects import App

_HERE = frozenset({"127.0.0.1", "localhost", "[::1]", "host.docker.internal", "172.17.0.1"})
"""Names of the machine itself."""


def leading_to(app: App, passages: Sequence[Passage], ground: Ground) -> list[Passage]:
    """Return the passages that lead to an app: those that name it, else, of a lone app, all that name nothing else."""
    known = [(passage, _leads(passage.targets, app, ground)) for passage in passages]
    sure = [passage for passage, leads in known if leads]
    if sure or sum(bool(one.framework) for one in ground.seen.apps) > 1:
        return sure
    return [passage for passage, leads in known if leads is None]


def _leads(targets: Iterable[Target], app: App, ground: Ground) -> bool | None:
    """Return whether one of the targets is an app, None where that is not known."""
    said = [_is(target, app, ground) for target in targets]
    return True if True in said else None if None in said or not said else False


def _is(target: Target, app: App, ground: Ground) -> bool | None:
    unit = app.unit
    host = target.host.removeprefix("unix:") if target.host.startswith("unix:") else target.host.split(".")[0]
    if target.host.startswith("unix:"):
        return _listens_on(app, target.host)
    if target.host in _HERE:
        return _has_port(target.port, app)
    if host in (unit.name, unit.name.split("/")[0]):
        return True
    others = {container.name for container in ground.of(Container)} | {other.name for other in ground.stack.units}
    return False if host in others else None


def _listens_on(app: App, socket: str) -> bool | None:
    """Return whether an app listens on a socket, by its full name or the last part of it."""
    path = socket.removeprefix("unix:").split(":")[0]
    told = [str(value) for value in app.unit.start.options.values() if isinstance(value, str)]
    told += [str(case.value) for server in app.servers for case in server.host.cases()]
    sockets = [text for text in told if ".sock" in text or text.startswith("unix:")]
    if any(path in text or text.removeprefix("unix:") == path for text in sockets):
        return True
    return False if sockets and not any(path.rpartition("/")[2] in text for text in sockets) else None


def _has_port(port: int | None, app: App) -> bool | None:
    """Return whether an app is reached at a port of its machine."""
    published = [one.host for one in app.unit.published if one.host is not None]
    if published:
        return port in published
    bound = [str(app.unit.start.options.get(name, "")) for name in ("bind", "port")]
    told = [int(match[1]) for text in bound if (match := re.search(r"(?:^|:)(\d{2,5})$", text))]
    told += [case.value for server in app.servers for case in server.port.cases() if isinstance(case.value, int)]
    if port is not None and port in told:
        return True
    return None if not told or port is None else False
