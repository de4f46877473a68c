"""Which requests a directive of a Caddyfile is about (Caddy 2.8 `modules/caddyhttp/matchers.go`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.infrastructure.patterns import found, wild

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.understand.infrastructure.caddy.grammar import Node


def split(node: Node) -> tuple[str, tuple[str, ...]]:
    """Return the matcher of a directive (nothing: every request) and its other words."""
    args = node.args
    if args and (args[0] == "*" or args[0].startswith(("/", "@"))):
        return ("" if args[0] == "*" else args[0]), args[1:]
    return "", args


def path_fits(pattern: str, path: str) -> bool:
    """Return whether a path matcher fits: exact without a star; large and small letters are alike."""
    return wild(pattern.lower(), path.lower())


def fits(matcher: str, path: str, named: Mapping[str, Node]) -> bool | None:
    """Return whether a directive with that matcher is about a request for a path; None: that is not known."""
    if not matcher:
        return True
    if not matcher.startswith("@"):
        return path_fits(matcher, path)
    node = named.get(matcher)
    if node is None:
        return None
    told = [(node.args, node)] if node.args else []
    told += [(inner.words, inner) for inner in node.inside or ()]
    return _all([_one(list(words), inner, path) for words, inner in told])


def _all(told: Sequence[bool | None]) -> bool | None:
    if False in told:
        return False
    return None if None in told or not told else True


def _one(words: list[str], node: Node, path: str) -> bool | None:
    """Return whether one condition of a named matcher holds."""
    kind, *args = words or [""]
    if kind == "path":
        return any(path_fits(arg, path) for arg in args)
    if kind == "path_regexp":
        return found(args[-1], path) if args else None
    if kind == "method":
        return "GET" in args
    if kind in ("host", "protocol"):
        return True
    if kind == "not":
        inner = _one(args, node, path) if args else _all([_one(list(n.words), n, path) for n in node.inside or ()])
        return None if inner is None else not inner
    return None
