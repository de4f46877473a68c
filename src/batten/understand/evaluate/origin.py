"""Where a value came from: the place that decides it and the hops it took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.model import Evidence, Location

if TYPE_CHECKING:
    import ast

MOST_HOPS = 10
_UNPLACED = "/\\x00"
"""The directory that a project is installed in, where nothing says which (`environ.UNPLACED`), as Python writes it."""

Place = Any
"""`(path, ast node)`, or a `Location`; made into a `Location` only when it is shown."""
Hop = tuple[Place, str, "str | None"]
"""Place, what happened there, the value seen."""


class Origin:
    """The history of one value."""

    __slots__ = ("home", "hops", "pinned", "plain", "unset")

    def __init__(
        self,
        home: Place = None,
        hops: tuple[Hop, ...] = (),
        unset: frozenset[str] = frozenset(),
        *,
        pinned: bool = False,
        plain: bool = False,
    ) -> None:
        """Hold the history.

        `home` is where a person wrote what decides the value; it moves along
        with computations unless `pinned` (a deployment file decided it).
        `unset` names the environment variables whose absence decided it.
        `plain` says that home is a literal.
        """
        self.home = home
        self.hops = hops
        self.unset = unset
        self.pinned = pinned
        self.plain = plain

    def moved(self, home: Place) -> Origin:
        """Return the origin at another home, unless it is pinned."""
        return self if self.pinned else Origin(home, self.hops, self.unset)

    def then(self, hop: Hop) -> Origin:
        """Return the origin with one more hop."""
        if hop in self.hops or len(self.hops) >= MOST_HOPS:
            return self
        return Origin(self.home, (*self.hops, hop), self.unset, pinned=self.pinned, plain=self.plain)

    def also(self, other: Origin) -> Origin:
        """Return the origin with another's hops and dependences added, the home kept."""
        if other is NOWHERE or not (other.hops or other.unset):
            return self
        return Origin(self.home, hops_of(self, other), self.unset | other.unset, pinned=self.pinned, plain=self.plain)


NOWHERE = Origin()


def hops_of(*origins: Origin) -> tuple[Hop, ...]:
    """Return the hops of several origins in order, without repeats."""
    hops: dict[Any, Hop] = {}
    for origin in origins:
        for place, says, value in origin.hops:
            key = (id(place[1]) if isinstance(place, tuple) else place, says)
            hops.setdefault(key, (place, says, value))
    return tuple(hops.values())[:MOST_HOPS]


def combined(home: Place, *origins: Origin) -> Origin:
    """Return the origin of a value computed at `home` from others."""
    used = [o for o in origins if o is not NOWHERE and (o.hops or o.unset or o.pinned)]
    if not used:
        return Origin(home)
    pinned = next((o for o in used if o.pinned), None)
    return Origin(
        pinned.home if pinned else home,
        hops_of(*used),
        frozenset().union(*(o.unset for o in used)),
        pinned=pinned is not None,
    )


def locate(place: Place) -> Location | None:
    """Return a place as a `Location`."""
    if place is None or isinstance(place, Location):
        return place
    path, node = place
    if node is None:
        return Location(file=path, line=1)
    return Location(
        file=path,
        line=node.lineno,
        column=_column(node.col_offset),
        end_line=node.end_lineno,
        end_column=_column(node.end_col_offset),
    )


def _column(offset: int | None) -> int | None:
    return None if offset is None else offset + 1


def evidence(hops: tuple[Hop, ...]) -> tuple[Evidence, ...]:
    """Return hops as evidence."""
    found = []
    for place, says, value in hops:
        at = locate(place)
        if at is not None:
            found.append(Evidence(at, says, value and value.replace(_UNPLACED, "…")))
    return tuple(found)


def source_place(path: str, node: ast.AST) -> Place:
    """Return the place of a syntax node."""
    return (path, node)
