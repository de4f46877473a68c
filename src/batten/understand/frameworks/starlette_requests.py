"""What the views, error handlers and other functions of a Starlette or FastAPI app do at request time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import State
from batten.understand import request_facts, requests
from batten.understand.evaluate.machine import ExhaustedError, ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Class,
    Function,
    Instance,
    Known,
    Library,
    plain_object,
)
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value
from batten.understand.frameworks import starlette_middleware
from batten.understand.frameworks.starlette_entries import entries
from batten.understand.libraries import starlette_http
from batten.understand.libraries.fastapi import parameters
from batten.understand.subjects import ErrorAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.frameworks.starlette_entries import Served

_VIEWS = re.compile(requests.VIEWS.pattern + r"|HTTPException")
_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_FORM = re.compile(r"request\.form\b|\bForm\(|\bUploadFile\b|\bFile\(|OAuth2PasswordRequestForm")
_STARTS = re.compile(r"\.expose\(|add_middleware|\.mount\(|include_router|\.debug\b|_url\b|\.instrument\(|add_route")
"""What a start-up function has to mention to be followed: it changes the app."""
_METHODS = ("get", "post", "put", "patch", "delete", "dispatch")
_VERBS = frozenset("get post put delete options head patch trace".split())


def start(program: Program, made: Instance) -> None:
    """Run the start-up functions that change the app, as the server does before the first request."""
    machine = program.machine
    visitor = requests.Visitor(machine)
    for present in entries(machine, made, "startup"):
        function = plain_object(present.entry.facts["function"])
        if isinstance(function, Function) and visitor.mentions(function, _STARTS) and not program.stopped:
            try:
                machine.call_with(function, [], present.entry.place)
            except (ThrownError, ExhaustedError, RecursionError):
                machine.doubt(
                    f"{function.name}()", "what it does at the start could not be followed", present.entry.place
                )


def see(program: Program, made: Instance, routes: list[Served]) -> request_facts.Seen:
    """Follow the app's error handlers, views and other functions."""
    machine = program.machine
    seen = request_facts.Seen()
    visitor = requests.Visitor(machine, typed)
    _handlers(visitor, made, routes, seen)
    for function, around in starlette_middleware.catching(machine, made):
        answer = visitor.call(around, [Instance(Library(starlette_http.RESPONSE))])
        request_facts.note_answer(function, answer, seen, handler=True)
    for served in routes:
        for function, receiver in views(served):
            if function not in visitor.seen and visitor.mentions(function, _VIEWS):
                was, function.wrapped = function.wrapped, ""
                answer = visitor.call(function, receiver)
                function.wrapped = was
                request_facts.note_answer(function, answer, seen, handler=False)
    visitor.all_functions()
    request_facts.note_facts(machine, seen)
    _http_errors(machine, seen)
    return seen


def views(served: Served) -> Iterator[tuple[Function, list[Abstract]]]:
    """Yield the functions behind a route, with what they are called on: a class has one for each method."""
    entry = served.present.entry
    endpoint = plain_object(entry.facts.get("endpoint") or Known(None)) if entry.kind == "route" else None
    if isinstance(endpoint, Function):
        is_plain = not entry.facts.get("api") and bool(endpoint.node.args.args)
        request: Abstract = Instance(Library(starlette_http.REQUEST))
        yield endpoint, [request] if is_plain and not entry.facts.get("socket") else []
    elif isinstance(endpoint, Class):
        for name in _METHODS:
            for base in endpoint.order:
                held = base.cells.get(name) if isinstance(base, Class) else None
                if isinstance(held, Function):
                    yield held, [Instance(endpoint), Instance(Library(starlette_http.REQUEST))]
                    break


def typed(machine: Interpreter, function: Function) -> dict[str, Abstract]:
    """Return what FastAPI hands to the parameters of a function whose types say so: the request, the answer."""
    found: dict[str, Abstract] = {}
    for parameter, kind, _ in parameters(machine, function):
        name = kind.name if isinstance(kind, Library) else ""
        if name in {starlette_http.REQUEST, starlette_http.RESPONSE, "starlette.requests.HTTPConnection"}:
            found[parameter.arg] = Instance(Library(name))
    return found


# Errors


def _handlers(visitor: requests.Visitor, made: Instance, routes: list[Served], seen: request_facts.Seen) -> None:
    """Follow the app's error handlers; `ServerErrorMiddleware` answers for what none of them takes."""
    at = locate(made.facts["made"])
    owners = [made, *(s.present.owner for s in routes if s.present.owner is not made)]
    for owner in dict.fromkeys(owners):
        for present in entries(visitor.machine, owner, "handler"):
            entry = present.entry
            kind = handled(entry.facts.get("subject"))
            function = entry.facts["function"]
            request = Instance(Library(starlette_http.REQUEST))
            answer = visitor.call(function, [request, requests.error_argument(kind)])
            request_facts.note_answer(function, answer, seen, handler=kind in {"all", "500"})
            place = locate(entry.place)
            if kind in {"all", "500"} and place is not None and seen.handles_errors.state is State.UNSET:
                seen.handles_errors = known_value(value=True, at=place, says="handles every error")
    if seen.handles_errors.state is State.UNSET:
        says = "Starlette's ServerErrorMiddleware answers with a fixed text"
        seen.handles_errors = known_value(value=True, at=at, says=says)


def handled(subject: Abstract | None) -> str:
    """Return which errors a handler is for: `all` (Starlette takes 500 and Exception alike), `http` or `other`."""
    kind = requests.handled(subject)
    if kind in {"all", "500"}:
        return "all"
    inner = plain_object(subject) if subject is not None else None
    return "http" if isinstance(inner, Library) and inner.name == starlette_http.HTTP_ERROR else kind


def _http_errors(machine: Interpreter, seen: request_facts.Seen) -> None:
    """Note each `HTTPException` whose detail holds the text of any error."""
    for fact in machine.record:
        if fact[0] != "http error":
            continue
        leaked = requests.leaks(fact[1], 1)
        at = locate(fact[2])
        if leaked and at is not None and all(answer.at != at for answer in seen.errors):
            what = "traceback" if "traceback" in leaked else "exception text"
            seen.errors.append(ErrorAnswer(what, _around(machine, fact[2]), at))


def _around(machine: Interpreter, place: object) -> str:
    """Return the name of the function that a place lies in."""
    path, node = place if isinstance(place, tuple) else ("", None)
    line = getattr(node, "lineno", 0)
    around = [
        f
        for f in machine.functions
        if f.path == path and f.node.lineno <= line <= (f.node.end_lineno or 0) and f.name != "<lambda>"
    ]
    return str(max(around, key=lambda f: f.node.lineno).name) if around else "the app"


# Forms


def takes_forms(machine: Interpreter, routes: list[Served]) -> bool:
    """Return whether a route that changes something reads a form, as browsers send it for any site."""
    visitor = requests.Visitor(machine)
    for served in routes:
        facts = served.present.entry.facts
        held = plain_object(facts.get("methods") or Known(None))
        named = {str(i.value).upper() for i in getattr(held, "items", None) or () if isinstance(i, Known)}
        methods = set(facts.get("verbs") or ()) | named
        for function, _ in views(served):
            changes = bool(methods & _CHANGES) or function.name.upper() in _CHANGES
            if changes and visitor.mentions(function, _FORM):
                return True
    return False


def paths(routes: list[Served]) -> tuple[str, ...]:
    """Return the URL paths of the routes that are known."""
    known = [s.path for s in routes if s.present.entry.kind == "route" and s.path is not None]
    return tuple(dict.fromkeys(known))
