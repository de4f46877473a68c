"""Whether a stranger gets past what a section says of access: `Require` of httpd 2.4, and `Allow` and `Deny` of 2.2."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.model import Location
    from batten.understand.infrastructure.apache.grammar import Directive


class Lets(Enum):
    """Who is let in."""

    ANYBODY = "anybody"
    SOME = "some"
    """Those of a network, those with a password."""
    NOBODY = "nobody"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Access:
    """Who is let in, and the line that says so."""

    lets: Lets
    at: Location


_WIDE = frozenset(("0.0.0.0/0", "::/0", "0/0", "all"))
_BLOCKS = {"requireall", "requireany", "requirenone"}


def access_of(directives: Sequence[Directive]) -> Access | None:
    """Return who is let in by what one section says; None where it says nothing."""
    if any(d.name == "satisfy" and d.text.lower() == "any" for d in directives):
        old, new = _old(directives), _required(directives, any_of=True)
        held = [one for one in (old, new) if one is not None]
        return max(held, key=lambda one: _RANK[one.lets], default=None)
    return _required(directives, any_of=True) or _old(directives)


_RANK = {Lets.NOBODY: 0, Lets.SOME: 1, Lets.UNKNOWN: 2, Lets.ANYBODY: 3}


def _required(directives: Sequence[Directive], *, any_of: bool) -> Access | None:
    """Return what `Require` lines and their blocks come to: one is enough, or all are needed."""
    found: list[Access] = []
    for one in directives:
        if one.name == "require":
            access = _require(one)
            if access is not None:
                found.append(access)
        elif one.name in _BLOCKS and one.inside is not None:
            held = _required(one.inside, any_of=one.name != "requireall")
            if one.name == "requirenone":
                continue  # takes away from those that another line lets in
            if held is not None:
                found.append(held)
    if not found:
        return None
    choose = max if any_of else min
    return choose(found, key=lambda one: _RANK[one.lets])


def _require(directive: Directive) -> Access | None:
    """Return whom one line lets in; None for one that only takes away (`Require not`)."""
    kind, *args = [arg.lower() for arg in directive.args] or [""]
    if kind == "not":
        return None
    if kind == "all":
        return Access(Lets.ANYBODY if args[:1] == ["granted"] else Lets.NOBODY, directive.at)
    if kind == "ip":
        return Access(Lets.ANYBODY if _WIDE & set(args) else Lets.SOME, directive.at)
    if kind in ("env", "expr"):
        return Access(Lets.UNKNOWN, directive.at)
    return Access(Lets.ANYBODY if kind == "method" else Lets.SOME, directive.at)


def _old(directives: Sequence[Directive]) -> Access | None:
    """Return what `Order`, `Allow from` and `Deny from` come to (mod_access_compat)."""
    order = next((d for d in reversed(directives) if d.name == "order"), None)
    allow = [d for d in directives if d.name == "allow"]
    deny = [d for d in directives if d.name == "deny"]
    if order is None and not allow and not deny:
        return None
    at = (order or (allow or deny)[0]).at
    allows_all = any(_WIDE & {arg.lower() for arg in d.args} for d in allow)
    denies_all = any(_WIDE & {arg.lower() for arg in d.args} for d in deny)
    spelt = "".join(order.args).lower() if order is not None else "deny,allow"
    open_ = allows_all and not denies_all if spelt == "allow,deny" else allows_all or not denies_all
    if open_:
        return Access(Lets.ANYBODY, (allow[0] if allows_all else order or (deny or allow)[0]).at)
    return Access(Lets.SOME if allow else Lets.NOBODY, at)
