"""What `return`, `rewrite`, `set` and `if` do to a request: nginx 1.22 `ngx_http_rewrite_module`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from batten.understand.nginx.machine import Kind
from batten.understand.nginx.patterns import NotTold, search
from batten.understand.nginx.values import CHOSEN, filled, names

if TYPE_CHECKING:
    from batten.understand.nginx.answers import Asked
    from batten.understand.nginx.scopes import Scope
    from batten.understand.nginx.syntax import Directive

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TESTS = {"-f": (Kind.FILE,), "-d": (Kind.DIRECTORY,), "-e": (Kind.FILE, Kind.DIRECTORY)}


class Done:
    """What is left to do when a block was worked through."""

    def __init__(self, scope: Scope) -> None:
        """Begin in a block."""
        self.scope = scope
        """The block that the request is in now: an `if` that matched takes the place of its location."""
        self.status: int | None = None
        self.is_redirect = False
        self.again = False
        """The path was rewritten: a location is to be chosen for it."""
        self.is_over = False


class Walk(Protocol):
    """What asks: a request with the files that it may lead to."""

    asked: Asked

    def place(self, scope: Scope) -> str | None:
        """Return the path of the machine that the request names in a block."""

    def kind_at(self, place: str) -> Kind:
        """Return what is at a path of the machine."""


def run(scope: Scope, walk: Walk) -> Done:
    """Do what a block says, in its order.

    Raises:
        NotTold: whether a condition holds is not known, and something hangs on it.
    """
    done, asked = Done(scope), walk.asked
    conditions = {id(inner.directive): inner for inner in scope.conditions}
    for one in scope.own:
        if one.name == "if" and id(one) in conditions:
            if _holds(one, scope, walk):
                inner = conditions[id(one)]
                done.scope = inner if scope.kind == "location" else scope
                for two in inner.own:
                    _do(two, done, asked)
                    if done.is_over:
                        return done
        else:
            _do(one, done, asked)
            if done.is_over:
                return done
    return done


def _do(one: Directive, done: Done, asked: Asked) -> None:
    if one.name == "return":
        _return(one, done)
    elif one.name == "break":
        done.is_over = True
        done.again = False
    elif one.name == "set" and len(one.args) == 2:  # noqa: PLR2004 - a name and a value
        asked.held[one.args[0].lstrip("$")] = filled(one.args[1], _variables(asked))
    elif one.name == "rewrite" and len(one.args) > 1:
        _rewrite(one, done, asked)


def _return(one: Directive, done: Done) -> None:
    number = one.first if one.first.isdigit() else ""
    done.status = int(number[:3]) if number else 302
    done.is_redirect = done.status in _REDIRECTS
    done.is_over = True


def _rewrite(one: Directive, done: Done, asked: Asked) -> None:
    match = search(one.args[0], asked.uri, folded=False)
    if match is None:
        return
    captured = {str(number): text or "" for number, text in enumerate(match.groups(), 1)}
    asked.held.update(captured | {name: text or "" for name, text in match.groupdict().items()})
    flag = one.args[2] if len(one.args) > 2 else ""  # noqa: PLR2004 - pattern, replacement, flag
    text = one.args[1]
    if flag in ("redirect", "permanent") or text.startswith(("http://", "https://", "$scheme")):
        done.status = 301 if flag == "permanent" else 302
        done.is_redirect = done.is_over = True
        return
    replaced = filled(text, _variables(asked))
    if replaced is None:
        raise NotTold(text)
    asked.uri = replaced.partition("?")[0]
    asked.is_internal = True
    done.again = flag != "break"
    asked.is_broken = asked.is_broken or flag == "break"
    done.is_over = flag in ("last", "break")


def _variables(asked: Asked) -> dict[str, str | None]:
    return {**asked.held, "uri": asked.uri, "document_uri": asked.uri}


def _holds(one: Directive, scope: Scope, walk: Walk) -> bool:
    """Return whether a condition holds; one that a visitor may have as he likes does not, and keeps nobody out."""
    words, asked = condition(one), walk.asked
    if len(words) > 1 and words[0].lstrip("!") in _TESTS:
        return _is_there(words, scope, walk)
    subject = filled(words[0], asked.variables(scope, walk.place(scope))) if words else None
    if subject is None:
        if words and (set(names(words[0])) <= CHOSEN or not _matters(one)):
            return False
        raise NotTold(" ".join(words))
    if len(words) == 1:
        return subject not in ("", "0")
    operator, wanted = words[1], " ".join(words[2:])
    if operator in ("=", "!="):
        value = filled(wanted, asked.variables(scope))
        if value is None:
            raise NotTold(wanted)
        return (subject == value) is (operator == "=")
    match = search(wanted, subject, folded="*" in operator)
    if match is not None:
        captured = {str(number): text or "" for number, text in enumerate(match.groups(), 1)}
        asked.held.update(captured)
    return (match is not None) is not operator.startswith("!")


def _is_there(words: list[str], scope: Scope, walk: Walk) -> bool:
    place = filled(words[1], walk.asked.variables(scope, walk.place(scope)))
    kind = Kind.UNKNOWN if place is None else walk.kind_at(place)
    if kind is Kind.UNKNOWN:
        raise NotTold(" ".join(words))
    return (kind in _TESTS[words[0].lstrip("!")]) is not words[0].startswith("!")


def condition(one: Directive) -> list[str]:
    """Return the words of an `if`, without its brackets."""
    words = list(one.args)
    if not words:
        return []
    words[0] = words[0].removeprefix("(")
    words[-1] = words[-1].removesuffix(")")
    return [word for word in words if word] or [""]


def _matters(one: Directive) -> bool:
    """Return whether a condition decides more than a variable."""
    return any(inner.name not in ("set", "access_log", "expires") for inner in one.block or ())
