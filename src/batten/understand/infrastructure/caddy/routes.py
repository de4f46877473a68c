"""What answers a path of a site: directives in the order in which Caddy sorts them.

Caddy 2.8 `httpcaddyfile/directives.go`: the order of directives; of equal ones the longer path goes first, one without
a matcher last. `route` keeps the order in which it is written, of `handle` the first that fits counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.infrastructure.caddy.matchers import fits, split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.model import Location
    from batten.understand.infrastructure.caddy.grammar import Node

_ORDER = (
    "tracing map vars fs root skip_log log_skip header copy_response_headers request_body redir method rewrite uri"
    " try_files basicauth basic_auth forward_auth request_header encode push intercept templates invoke handle"
    " handle_path route abort error respond metrics reverse_proxy php_fastcgi file_server acme_server"
).split()
_PLACE = {name: number for number, name in enumerate(_ORDER)}
_LOGINS = frozenset(("basicauth", "basic_auth", "forward_auth", "authenticate", "authorize", "jwtauth"))
_ENDS = frozenset(
    ("redir", "abort", "error", "respond", "metrics", "reverse_proxy", "php_fastcgi", "acme_server", "invoke")
)
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Handed:
    """Files answer a request."""

    node: Node
    """`file_server`."""
    root: str
    root_at: Location | None
    path: str
    """Below the root."""


@dataclass(slots=True)
class _Walk:
    named: Mapping[str, Node]
    path: str
    root: str = ""
    root_at: Location | None = None
    is_over: bool = False
    """Something else answers, or it is not known what does."""
    handed: Handed | None = None


def handed(nodes: Sequence[Node], path: str, root: str) -> Handed | None:
    """Return how files answer a request for a path; None where something else does, or that is not known."""
    named = {node.name: node for node in nodes if node.name.startswith("@")}
    walk = _Walk(named, path, root)
    _walk(walk, nodes, is_sorted=True, depth=0)
    return walk.handed


def _rank(node: Node) -> tuple[int, int]:
    matcher, _ = split(node)
    length = len(matcher) if matcher.startswith("/") else 1 if matcher else 0
    # Of several `root`s the one that is most about the request has the last word.
    return _PLACE.get(node.name, 0), length if node.name == "root" else -length


def _walk(walk: _Walk, nodes: Sequence[Node], *, is_sorted: bool, depth: int) -> None:
    walk.named = {**walk.named, **{node.name: node for node in nodes if node.name.startswith("@")}}
    handles = False
    for node in sorted(nodes, key=_rank) if is_sorted else nodes:
        matcher, args = split(node)
        is_handle = node.name in ("handle", "handle_path")
        if node.name.startswith("@") or depth > _DEEPEST or (is_handle and handles):
            continue
        holds = fits(matcher, walk.path, walk.named)
        if holds is False:
            continue
        if node.name in _LOGINS or (holds is None and node.name in (*_ENDS, "handle", "route", "file_server")):
            walk.is_over = True
        elif is_handle or node.name == "route":
            handles = handles or is_handle
            _inside(walk, node, matcher, depth)
        else:
            _step(walk, node, args, is_certain=holds is True)
        if walk.is_over:
            return


def _inside(walk: _Walk, node: Node, matcher: str, depth: int) -> None:
    before = walk.path
    if node.name == "handle_path":
        prefix = matcher.rstrip("*").rstrip("/")
        walk.path = walk.path[len(prefix) :] or "/" if walk.path.startswith(prefix) else walk.path
    _walk(walk, node.inside or (), is_sorted=node.name != "route", depth=depth + 1)
    if not walk.is_over:
        walk.path = before


def _step(walk: _Walk, node: Node, args: Sequence[str], *, is_certain: bool) -> None:
    """Take one directive into account."""
    if node.name == "root" and args and is_certain:
        walk.root, walk.root_at = args[-1], node.at
    elif node.name in ("rewrite", "uri"):
        if args[:1] == ("strip_prefix",) and len(args) > 1 and walk.path.startswith(args[1]):
            walk.path = walk.path[len(args[1]) :] or "/"
        elif node.name == "rewrite":
            walk.is_over = True
    elif node.name in _ENDS:
        walk.is_over = True
    elif node.name == "file_server":
        own = next((inner for inner in node.all("root") if inner.args), None)
        root, at = (own.args[0], own.at) if own is not None else (walk.root, walk.root_at)
        walk.handed = Handed(node, root, at, walk.path)
        walk.is_over = next(node.all("pass_thru"), None) is None


def every(nodes: Sequence[Node], *names: str) -> list[Node]:
    """Return the directives of these names, those in blocks as well."""
    found: list[Node] = []
    for node in nodes:
        if node.name in names:
            found.append(node)
        if node.inside is not None:
            found += every(node.inside, *names)
    return found


def paths_to(nodes: Sequence[Node], target: Node, prefix: str = "") -> list[str]:
    """Return example paths that may lead to a directive: those that the matchers on the way name."""
    for node in nodes:
        matcher, _ = split(node)
        own = matcher.rstrip("*") if matcher.startswith("/") else ""
        if node is target:
            return [own or prefix or "/"]
        if node.inside is not None:
            found = paths_to(node.inside, target, own or prefix)
            if found:
                return found
    return []
