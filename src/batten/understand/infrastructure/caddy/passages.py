"""Where a Caddy hands requests on, and the headers that it puts on the answers (Caddy 2.8 `header`, `header_down`)."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from batten.understand.infrastructure.caddy.matchers import fits, split
from batten.understand.nginx.doors import Door, Listen
from batten.understand.nginx.passages import Passage, Target, Written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from batten.model import Confidence
    from batten.understand.infrastructure.caddy.grammar import Node
    from batten.understand.infrastructure.machines import Machine

_UPSTREAM = re.compile(
    r"(?:(?:https?|h2c)://)?(?P<host>unix/[^\s]+|\[[0-9a-fA-F:]+\]|[\w.-]+)(?::(?P<port>\d{1,5}))?/?"
)
_MOST = 50
"""Directives of one site that hand on."""
_PASSES = ("reverse_proxy", "php_fastcgi")


def handed_on(site: Node, machine: Machine, confidence: Confidence) -> Iterator[Passage]:
    """Yield a passage for each directive of a site that hands requests on."""
    plain = all(word.startswith(("http://", ":80")) or word.rstrip(",").endswith(":80") for word in site.words)
    door = Door((Listen(80 if plain else 443, tls=not plain),), tuple(site.words), site.at, is_known=True)
    for node, around in islice(_passing(site.inside or (), ()), _MOST):
        added, unsure = _added(node, around)
        hidden = [a.args[0][1:].lower() for a in node.all("header_down") if a.args and a.args[0].startswith("-")]
        matcher, args = split(node)
        listed = [arg for inner in node.all("to") for arg in inner.args]
        yield Passage(
            "Caddy",
            f"{node.name} {matcher}".strip(),
            node.at,
            tuple(target for text in (*args, *listed) if (target := _target(text)) is not None),
            node.at,
            added,
            frozenset(name for name in hidden if name not in added),
            unsure=unsure,
            door=door,
            reach=machine.reach,
            confidence=confidence,
            evidence=machine.evidence,
        )


def _passing(
    nodes: Sequence[Node], above: tuple[Sequence[Node], ...]
) -> Iterator[tuple[Node, tuple[Sequence[Node], ...]]]:
    """Yield the directives that hand on, with the lists of lines around them, the outermost first."""
    for node in nodes:
        if node.name in _PASSES:
            yield node, (*above, nodes)
        elif node.inside is not None and node.name in ("handle", "handle_path", "route", "handle_errors"):
            yield from _passing(node.inside, (*above, nodes))


def _target(text: str) -> Target | None:
    match = _UPSTREAM.fullmatch(text)
    if match is None:
        return None
    host = match["host"].replace("unix/", "unix:", 1)
    return Target(host, int(match["port"]) if match["port"] else None)


def _added(node: Node, around: Sequence[Sequence[Node]]) -> tuple[dict[str, Written], str]:
    """Return the headers that are put on the answers, and why there may be more."""
    found: dict[str, Written] = {}
    unsure = ""
    matcher, _ = split(node)
    path = matcher.rstrip("*") if matcher.startswith("/") else "/"
    for nodes in around:
        named: Mapping[str, Node] = {one.name: one for one in nodes if one.name.startswith("@")}
        for one in nodes:
            if one.name != "header":
                continue
            own, args = split(one)
            holds = fits(own, path, named)
            if holds is None:
                unsure = f"whether {own} matches is not known"
            elif holds:
                lines = [args] if args else [inner.words for inner in one.inside or ()]
                _set(found, lines, one)
    _set(found, [inner.args for inner in node.all("header_down")], node)
    return found, unsure


def _set(found: dict[str, Written], lines: Sequence[Sequence[str]], node: Node) -> None:
    for name, *values in (line for line in lines if line):
        plain = name.lstrip("+?>").lower()
        if name.startswith("-"):
            found.pop(name[1:].lower(), None)
        elif len(values) == 1 and values[0]:
            found[plain] = Written(values[0].replace("{", "$").replace("}", ""), node.at)
