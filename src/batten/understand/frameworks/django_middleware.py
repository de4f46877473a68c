"""Which middleware a Django app has, and what its own middleware puts on responses.

Facts from `django.core.handlers.base.BaseHandler.load_middleware` and
`django.utils.deprecation.MiddlewareMixin` (Django 5.2).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import State, Value
from batten.understand import request_facts, requests
from batten.understand.evaluate.library import Call
from batten.understand.evaluate.objects import (
    Abstract,
    Builtin,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Module,
    plain_object,
)
from batten.understand.evaluate.outcome import known_value
from batten.understand.libraries import django_http

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Location
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.frameworks.settings import Settings
    from batten.understand.subjects import ErrorAnswer

SECURITY = "django.middleware.security.SecurityMiddleware"
FRAMES = "django.middleware.clickjacking.XFrameOptionsMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
CORS = "corsheaders.middleware.CorsMiddleware"
POLICIES = ("csp.middleware.CSPMiddleware", "django.middleware.csp.ContentSecurityPolicyMiddleware")
_ALIKE = {
    SECURITY: ("secur", "ssl", "https"),
    FRAMES: ("frame", "clickjack", "secur"),
    CSRF: ("csrf", "xsrf"),
    SESSIONS: ("session",),
    CORS: ("cors",),
    **dict.fromkeys(POLICIES, ("csp", "policy", "secur")),
}
"""Words in the name of a class that may be one of these."""
_SETS_HEADERS = re.compile(r"secur|csp|header|polic(y|ies)|hsts|frame|talisman|ssl", re.IGNORECASE)
_KNOWN = re.compile(r"^(django\.|corsheaders\.|whitenoise\.|csp\.)")


class Middleware:
    """The middleware of one app."""

    def __init__(self, machine: Interpreter, settings: Settings) -> None:
        """Read MIDDLEWARE; classes of the project also count as what they inherit from."""
        self.machine = machine
        self.value: Value = settings("MIDDLEWARE")
        self.at: Location = self.value.at or settings.at
        self.listed: list[str] = _names(self.value)
        self.own: list[Abstract] = []
        """The project's own, in order."""
        self.inherited: set[str] = set()
        self.unread: list[str] = []
        """Those that were not followed: a class of the project among them may inherit from any other."""
        self.unsure = ""
        """Why headers may be set all the same."""
        self.writes: tuple[Mapping | None, str] | None = None
        """What `header_writes` found."""
        for name in self.listed:
            self._look(name)

    def _look(self, name: str) -> None:
        module_name, _, last = name.rpartition(".")
        module = self.machine.modules.get(module_name)
        if isinstance(module, Module):
            held = plain_object(module.cells.get(last, Known(None)))
            if isinstance(held, Class):
                self.inherited |= {base.name for base in held.order if isinstance(base, Library)}
            if isinstance(held, Class | Function):
                self.own.append(held)
                return
        if not _KNOWN.match(name):
            self.unread.append(name)
        if not _KNOWN.match(name) and _SETS_HEADERS.search(name):
            self.unsure = self.unsure or f"{name} may set headers"

    def has(self, *names: str) -> bool | None:
        """Return whether one of these is in the list, None when that could not be told."""
        if any(name in self.inherited for name in names):
            return True
        answers = {any(name in case for name in names) for case in _lists(self.value)}
        if answers == {False} and any(self._may_be(name, wanted) for name in self.unread for wanted in names):
            return None
        if self.value.state in {State.KNOWN, State.ONE_OF}:
            return answers.pop() if len(answers) == 1 else None
        return True if answers == {True} else None

    def _may_be(self, name: str, wanted: str) -> bool:
        """Return whether a class that was not followed may inherit from `wanted`: one of the project, or one alike."""
        if self.machine.find(name.partition(".")[0]) is not None:
            return True
        return any(word in name.lower() for word in _ALIKE.get(wanted, ()))

    def presence(self, name: str) -> Value:
        """Return whether `name` is in the list, as a value with the list's evidence."""
        found = self.has(name)
        if found is None:
            return Value(State.UNKNOWN, at=self.at, why="MIDDLEWARE could not be read completely")
        says = f"{name.rpartition('.')[2]} {'is' if found else 'is not'} in MIDDLEWARE"
        return known_value(found, self.at, says)


def _lists(value: Value) -> list[tuple[str, ...]]:
    return [tuple(map(str, case.value)) for case in value.cases() if isinstance(case.value, list | tuple)]


def _names(value: Value) -> list[str]:
    return list(dict.fromkeys(name for names in _lists(value) for name in names))


def header_writes(middleware: Middleware) -> tuple[Mapping | None, str]:
    """Return the headers that the project's own middleware sets on a response, and what could not be followed."""
    if not middleware.own:
        return None, middleware.unsure
    if middleware.writes is not None:
        return middleware.writes
    answer = Instance(Library(django_http.RESPONSE))
    hooks: list[Abstract] = [Builtin(getattr(one, "name", ""), _run(one)) for one in middleware.own]
    written, unsure = requests.header_writes(middleware.machine, hooks, answer)
    middleware.writes = written, unsure or middleware.unsure
    return middleware.writes


def _run(middleware: Abstract) -> Callable[[Interpreter, Call], Abstract]:
    """Return a model of one middleware around an answer that is given."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        answer, request = call.args[0], django_http.request()
        get_response = Builtin("get_response", lambda _machine, _call: answer)
        made = machine.call(middleware, Call([get_response], {}, call.place))
        inner = plain_object(made)
        if isinstance(inner, Instance) and isinstance(inner.of, Class):
            ways: tuple[tuple[str, list[Abstract]], ...] = (
                ("process_response", [request, answer]),
                ("__call__", [request]),
            )
            for name, arguments in ways:
                if any(isinstance(base, Class) and name in base.cells for base in inner.of.order):
                    return machine.call(machine.get_attribute(inner, name, call.place), Call(arguments, {}, call.place))
            return answer
        return machine.call(made, Call([request], {}, call.place))

    return model


def errors(middleware: Middleware) -> list[ErrorAnswer]:
    """Return the answers of `process_exception` of the project's own middleware that hold an error's text."""
    machine = middleware.machine
    visitor = requests.Visitor(machine)
    found = request_facts.Seen()
    for one in middleware.own:
        held = (base.cells.get("process_exception") for base in getattr(one, "order", ()) if isinstance(base, Class))
        function = next((target for target in held if isinstance(target, Function)), None)
        if function is not None and isinstance(one, Class):
            arguments = [Instance(one), django_http.request(), requests.error_argument("all")]
            request_facts.note_answer(function, visitor.call(function, arguments), found, handler=True)
    return found.errors
