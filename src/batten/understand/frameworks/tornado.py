"""A Tornado application's evaluated state as the subjects that rules read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from batten.model import State, Value
from batten.understand import requests
from batten.understand.evaluate.objects import Class, Instance, Known
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.frameworks import assembly, handlers
from batten.understand.frameworks.parts import belongs
from batten.understand.subjects import CorsPolicy, CsrfGuard, ProxyTrust

if TYPE_CHECKING:
    from batten.model import Location
    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.frameworks.settings import Settings
    from batten.understand.subjects import App

SIGNS = "the signed cookies, with which visitors are logged in"
FORWARDED = ("x-forwarded-for", "x-real-ip", "x-forwarded-proto", "x-scheme")
"""What `xheaders` believes (`tornado.httpserver._HTTPRequestContext._apply_xheaders`)."""
_SWITCHES = ("debug", "autoreload", "serve_traceback", "xsrf_cookies")
_FORM = re.compile(r"get_(body_)?arguments?\(|request\.(body|files|arguments)\b|get_json|json_decode")


def app(program: Program, made: Instance) -> App:
    """Return a Tornado application and all that was seen of it as the subject of rules."""
    machine = program.machine
    settings = assembly.settings(program, made)
    values = {name: settings(name, default=False) for name in _SWITCHES}
    values["tornado.debug"] = values.pop("debug")
    for name in ("cookie_secret", "login_url", "xsrf_cookie_kwargs", "cross_origin_protection", "trusted_origins"):
        if name in settings.cells:
            values[name] = settings(name)
    classes = [(pattern, held) for pattern, held in made.facts["handlers"] if isinstance(held, Class)]
    policies = handlers.follow(machine, classes)
    checks = bool(settings("cross_origin_protection", default=False).is_true())
    own = assembly.Own(
        values,
        debug=values["serve_traceback"],
        keys=assembly.keys(settings, "cookie_secret", signs=SIGNS),
        cors=[*policies, *_sockets(machine, settings, classes)],
        csrf=_csrf(settings, classes),
        handlers=frozenset({"write_error"}),
        proxies=_proxies(machine, made, settings.at),
        changes_state=known_value(_changes(machine, classes), settings.at, "handlers take forms"),
        form_tokens=known_value(checks or assembly.mentions(machine, "xsrf"), settings.at, "something checks for XSRF"),
    )
    return assembly.app(program, made, settings.at, own)


def _csrf(settings: Settings, classes: list[tuple[Any, Class]]) -> list[CsrfGuard]:
    """Return Tornado's own guard, when somebody wrote it; the handlers that override its check are exempt."""
    if "xsrf_cookies" not in settings.cells:
        return []
    enabled = settings("xsrf_cookies")
    exempt = []
    for _, cls in classes if not enabled.is_false() else ():
        for function in handlers.methods(cls):
            at = locate((function.path, function.node))
            if function.name == "check_xsrf_cookie" and handlers.does_nothing(function) and at is not None:
                exempt.append((cls.name, at))
    return [CsrfGuard(enabled, enabled.at or settings.at, tuple(exempt), setting="xsrf_cookies")]


def _changes(machine: Interpreter, classes: list[tuple[Any, Class]]) -> bool:
    """Return whether a handler that changes something reads what a form of any site can send."""
    visitor = requests.Visitor(machine)
    return any(
        function.name in handlers.CHANGES and visitor.mentions(function, _FORM)
        for _, cls in classes
        for function in handlers.methods(cls)
    )


def _sockets(machine: Interpreter, settings: Settings, classes: list[tuple[Any, Class]]) -> list[CorsPolicy]:
    """Return a policy for each WebSocket handler whose `check_origin` lets every page connect.

    Browsers send the visitor's cookies along with a WebSocket request; what a page can read then is what an
    answer with credentials would tell it, where the app has logins.
    """
    found: list[CorsPolicy] = []
    for pattern, cls in classes:
        for function in handlers.methods(cls):
            at = locate((function.path, function.node))
            if function.name == "check_origin" and handlers.says_yes(function) and at is not None:
                logins = "cookie_secret" in settings.cells or any(fact[0] == "session" for fact in machine.record)
                path = str(pattern.value) if isinstance(pattern, Known) else cls.name
                says = "check_origin() lets every page connect"
                policy = CorsPolicy(
                    origins=known_value("*", at, says),
                    credentials=known_value(logins, at, "signed cookies say who the visitor is"),
                    at=at,
                    wildcard_echoes=True,
                    paths=f"the WebSocket {path}",
                )
                if all(policy.at != other.at for other in found):
                    found.append(policy)
    return found


def _proxies(machine: Interpreter, made: Instance, at: Location) -> list[ProxyTrust]:
    found = []
    for fact in machine.record:
        if fact[0] == "xheaders" and belongs(fact, 1, made):
            place = locate(fact[3]) or at
            on = value_of(machine, fact[2], "xheaders", place)
            everyone = known_value("*", place, "xheaders believes whoever connects")
            trusted = everyone if on.is_true() else Value(State.UNKNOWN, at=place, why=on.why)
            if on.state is not State.KNOWN or on.is_true():
                found.append(ProxyTrust("Tornado's xheaders", trusted, place, FORWARDED))
    return found
