"""Lists of who is let in that do not keep anybody out, pages that ought to have one, aliases that lead elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.infrastructure.web import StatusPage
from batten.understand.nginx.access import STRANGER, asks_password, by_address, is_closed
from batten.understand.nginx.doors import doors
from batten.understand.nginx.locations import FINAL, PREFIX, REGEX, kind_of, pattern_of
from batten.understand.nginx.nouns import AccessHole, LooseAlias
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.nginx.configurations import Configuration
    from batten.understand.nginx.doors import Door

_WHOLE_REST = re.compile(r"\^?(?P<name>/[\w/-]*[\w-])\((?:\?<\w+>)?\.[*+]\)\$?")


def reach_of(configuration: Configuration, door: Door) -> Reach:
    """Return from where a server of an nginx is reached."""
    if door.is_loopback:
        return Reach.LOOPBACK
    container = configuration.container
    if container is None or not container.published or not door.is_known:
        return configuration.reach
    inside = {port.container for port in container.published}
    if None not in inside and not any(one.port is None or one.port in inside for one in door.listens):
        return Reach.INTERNAL
    return configuration.reach


def holes(configuration: Configuration) -> Iterator[AccessHole]:
    """Yield the lists that let everybody in, whatever they say."""
    for server in configuration.servers:
        for scope in server.all():
            allows = [one for one in scope.here("allow") if one.first != "all"]
            rules = scope.here("allow", "deny")
            if allows and not scope.unread and not asks_password(scope) and by_address(scope, STRANGER) is None:
                yield AccessHole("open-end", scope.name, allows[0].at, configuration.confidence, configuration.evidence)
            answered = next((one for one in scope.here("return") if _is_a_page(one.args)), None)
            if answered is not None and rules and by_address(scope, STRANGER) is False:
                yield AccessHole(
                    "answered-before", scope.name, answered.at, configuration.confidence, configuration.evidence
                )


def _is_a_page(args: tuple[str, ...]) -> bool:
    return len(args) > 1 and args[0].startswith("2")


def status_pages(configuration: Configuration) -> Iterator[StatusPage]:
    """Yield nginx's own pages of numbers that strangers read."""
    for server in configuration.servers:
        door = doors(server)
        reach = reach_of(configuration, door)
        for scope in server.all():
            for one in scope.here("stub_status"):
                if one.first == "off" or is_closed(scope) or reach is Reach.LOOPBACK or configuration.is_partial:
                    continue
                yield StatusPage(
                    "nginx",
                    "nginx's status page is open: it counts connections and requests",
                    one.at,
                    "Add `allow 127.0.0.1; deny all;` beside it.",
                    reach,
                    evidence=configuration.evidence,
                )


def loose_aliases(configuration: Configuration) -> Iterator[LooseAlias]:
    """Yield the locations whose alias gives more than the directory that it names."""
    for server in configuration.servers:
        for scope in server.all():
            one = scope.last("alias")
            if one is None or scope.kind != "location" or is_closed(scope) or scope.passes() is not None:
                continue
            name, kind = pattern_of(scope), kind_of(scope)
            leads_up = _leads_up(name, kind, one.first)
            if leads_up is not None:
                yield LooseAlias(name, one.first, one.at, leads_up, configuration.confidence, configuration.evidence)


def _leads_up(name: str, kind: str, alias: str) -> bool | None:
    """Return whether `name../x` leads above the alias, False where only its neighbours are reached, None: neither."""
    if kind in (PREFIX, FINAL):
        if name.endswith("/") or "$" in alias:
            return None
        return alias.endswith("/")
    if kind == REGEX and _WHOLE_REST.fullmatch(name) is not None:
        return True if re.search(r"/\$\{?\w+\}?$", alias) else None
    return None
