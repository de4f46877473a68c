"""The middleware of a Starlette or FastAPI app: what it is, and what it puts on answers.

Facts from Starlette 1.10 `starlette.middleware.base` and
`starlette.applications.Starlette.build_middleware_stack`.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand import requests
from batten.understand.evaluate.library import Call
from batten.understand.evaluate.machine import ANY_ERROR, LOOKUP_ERRORS
from batten.understand.evaluate.objects import (
    Abstract,
    Bound,
    Builtin,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Unknown,
    each,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.frameworks.starlette_entries import disturbed, entries
from batten.understand.libraries import starlette_http
from batten.understand.libraries.starlette import BASE_MIDDLEWARE
from batten.understand.libraries.starlette_middleware import AUTHENTICATION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.frameworks.starlette_entries import Present

_SETS_HEADERS = re.compile(r"secur|csp|header|polic(y|ies)|hsts|frame|talisman|helmet|shield", re.IGNORECASE)
"""Names of other people's middleware that may put security headers on answers."""
_ASKS = re.compile(
    r"auth|login|guard|session|token|jwt|keycloak|oidc|sso|protect|ip_?(allow|white|filter)", re.IGNORECASE
)
"""Names of other people's middleware that may ask for a login."""
_WRITES = re.compile(r"header", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of middleware."""

    present: Present
    cls: Abstract
    options: Call
    name: str
    """Dotted name of the library class that it is or inherits from, or nothing."""

    @property
    def is_own(self) -> bool:
        """Whether what it does can be followed: the project wrote it, or a part of it."""
        return (
            isinstance(self.cls, Function)
            or (isinstance(self.cls, Class) and (not self.name or _defines(self.cls, "dispatch", "__call__")))
            or (self.name == BASE_MIDDLEWARE and "dispatch" in self.options.kwargs)
            or self.name == AUTHENTICATION
        )


def _defines(cls: Class, *names: str) -> bool:
    """Return whether a class of the project, or one that it inherits from, has a method of such a name."""
    return any(isinstance(base, Class) and name in base.cells for base in cls.order for name in names)


def pieces(machine: Interpreter, app: Instance) -> list[Piece]:
    """Return the middleware of an app, in the order in which it was added."""
    found = []
    for present in entries(machine, app, "middleware"):
        held = present.entry.facts.get("cls")
        for choice in each(held) if held is not None else ():
            cls = plain_object(choice)
            found.append(Piece(present, cls, present.entry.facts["options"], _library(cls)))
    return found


def _library(cls: Abstract) -> str:
    if isinstance(cls, Library):
        return cls.name
    if isinstance(cls, Class):
        return next((base.name for base in cls.order if isinstance(base, Library) and base.name != "object"), "")
    return ""


def unsure(machine: Interpreter, app: Instance) -> str:
    """Return why headers may be set all the same by something that is not followed, or nothing."""
    for piece in pieces(machine, app):
        if piece.is_own and not piece.name.startswith("starlette.middleware.base"):
            continue
        if isinstance(piece.cls, Unknown | Instance):
            return "a piece of middleware is not known"
        if _SETS_HEADERS.search(piece.name) and not piece.name.startswith(("starlette.", "batten ")):
            return f"{piece.name} may set headers"
    why = disturbed(app, "middleware")
    return f"the middleware could not be read completely: {why}" if why else ""


# What it does with an answer


def header_writes(machine: Interpreter, app: Instance) -> tuple[list[tuple[Present, Mapping]], str]:
    """Return the headers that each of the project's own pieces sets, and what could not be followed."""
    found: list[tuple[Present, Mapping]] = []
    unsure = ""
    for piece in pieces(machine, app):
        if piece.is_own and _may_write(piece):
            answer = Instance(Library(starlette_http.RESPONSE))
            written, why = requests.header_writes(machine, [Builtin(_called(piece), _run(piece))], answer)
            unsure = unsure or why
            if written is not None and (written.cells or written.open):
                found.append((piece.present, written))
    return found, unsure


def _may_write(piece: Piece) -> bool:
    """Return whether a piece's own text, or that of its class, speaks of headers."""
    if isinstance(piece.cls, Class):
        nodes = [base.node for base in piece.cls.order if isinstance(base, Class) and base.node is not None]
    else:
        target = _function(piece)
        nodes = [target.node] if target is not None else []  # type: ignore[list-item]
    return not nodes or any(_WRITES.search(ast.unparse(node)) for node in nodes)


def _function(piece: Piece) -> Function | None:
    target = plain_object(piece.options.kwargs.get("dispatch", piece.cls))
    if isinstance(target, Bound):
        target = target.function
    return target if isinstance(target, Function) else None


def _called(piece: Piece) -> str:
    """Return what a person calls a piece."""
    return str(getattr(_function(piece) or piece.cls, "name", "a piece of middleware"))


def catching(machine: Interpreter, app: Instance) -> Iterator[tuple[Function, Builtin]]:
    """Yield the project's own pieces that catch what the app raises: the function, and a model of it around an app.

    The model is called with the app's answer; the app may raise anything instead.
    """
    for piece in pieces(machine, app):
        target = _function(piece)
        if isinstance(piece.cls, Class):
            held = (base.cells.get("dispatch") for base in piece.cls.order if isinstance(base, Class))
            target = next((one for one in held if isinstance(one, Function)), target)
        if piece.is_own and target is not None and any(isinstance(n, ast.ExceptHandler) for n in ast.walk(target.node)):
            yield target, Builtin(target.name, _run(piece, fails=True))


def _run(piece: Piece, path: str = "", *, fails: bool = False) -> Callable[[Interpreter, Call], Abstract]:
    """Return a model of one piece of middleware around an answer that is given, or around an app that may raise."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        answer, place = call.args[0], piece.options.place
        reached: list[bool] = []
        respond = _app(answer, reached)

        def inside(machine: Interpreter, call: Call) -> Abstract:
            if fails:
                machine.may_throw(ANY_ERROR)
            return respond(machine, call)

        inner = Builtin("call_next", inside)
        dispatch = piece.options.kwargs.get("dispatch")
        if dispatch is None:
            made = machine.call(piece.cls, _around(piece, inner))
            held = plain_object(made)
            if not isinstance(held, Instance) or not (isinstance(held.of, Class) and _defines(held.of, "dispatch")):
                machine.call(made, Call(_asgi(path), {}, place))
                return answer if reached else Unknown("an answer of its own", Origin(place))
            dispatch = machine.get_attribute(held, "dispatch", place)
        return machine.call(dispatch, Call([starlette_http.request(path), inner], {}, place))

    return model


def _app(answer: Abstract, reached: list[bool]) -> Callable[[Interpreter, Call], Abstract]:
    """Return a stand-in for what a piece stands around: `call_next(request)`, or `app(scope, receive, send)`."""

    def respond(machine: Interpreter, call: Call) -> Abstract:
        reached.append(True)
        send = call.get("send", 2)
        if send is None:
            return answer
        headers = machine.get_attribute(answer, "headers", call.place)
        cells = {"type": Known("http.response.start"), "status": Known(200), "headers": headers}
        return machine.call(send, Call([Mapping(cells)], {}, call.place))

    return respond


def _around(piece: Piece, inner: Abstract) -> Call:
    """Return the call that makes the middleware around an app."""
    options = piece.options
    return Call([inner, *options.args], dict(options.kwargs), options.place, node=options.node, open=options.open)


def _asgi(path: str) -> list[Abstract]:
    """Return `scope`, `receive` and `send` of a request."""
    scope = Mapping({"type": Known("http"), "scheme": Known("https")})
    if path:
        scope.cells.update({"path": Known(path), "method": Known("GET")})
    scope.more["rest"] = Known(value=True)
    receive = Builtin("receive", lambda _machine, _call: Unknown("what a visitor sends", kind="runtime"))
    return [scope, receive, Builtin("send", lambda _machine, _call: Known(None))]


# Whether it lets a visitor through


class Gate:
    """What may answer before an app's own routes do."""

    __slots__ = ("asks", "fails")

    def __init__(self, asks: str = "", fails: str = "") -> None:
        """Hold what may ask for a login, and what may answer with an error; nothing where nothing does."""
        self.asks = asks
        self.fails = fails


def gate(machine: Interpreter, app: Instance, path: str) -> Gate:
    """Return what may answer a GET for that path before the app does."""
    found = Gate()
    for piece in pieces(machine, app):
        if not piece.is_own:
            if isinstance(piece.cls, Unknown) or (
                _ASKS.search(piece.name) and not piece.name.startswith(("starlette.middleware", "fastapi."))
            ):
                found.asks = found.asks or f"{piece.name or 'a piece of middleware'} may ask for a login"
            continue
        answer, raised = _through(machine, piece, path)
        held = starlette_http.outcome(*answer)
        if held == "other" or raised:
            found.asks = found.asks or f"{_called(piece)} may answer first"
        elif held == "fault":
            found.fails = found.fails or f"{_called(piece)} may answer with an error"
    why = disturbed(app, "middleware")
    found.asks = found.asks or (f"the middleware could not be read completely: {why}" if why else "")
    return found


def _through(machine: Interpreter, piece: Piece, path: str) -> tuple[tuple[Abstract | None, Instance], bool]:
    """Return what a piece answers, with the answer that it was given; and whether it may raise on its own account."""
    given = Instance(Library(starlette_http.RESPONSE))
    machine.looks.clear()
    machine.catching.append(frozenset({"Exception"}))
    begun = len(machine.maybe)
    try:
        found = requests.Visitor(machine).call(Builtin(_called(piece), _run(piece, path)), [given])
    finally:
        machine.catching.pop()
    raised = any("*" not in kinds and not kinds <= _ORDINARY for kinds in machine.maybe[begun:])
    del machine.maybe[begun:]
    return (found, given), raised


_ORDINARY = LOOKUP_ERRORS | {"BaseException", "AssertionError"}
"""What any operation on values that are not known may raise."""
