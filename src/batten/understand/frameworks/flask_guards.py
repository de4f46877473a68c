"""What a Flask app lets in: hosts, large bodies, strangers; and how it keeps passwords."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import UNSET, Confidence, State, Value
from batten.understand import requests
from batten.understand.evaluate.objects import Abstract, Function, Unknown, plain_object
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.frameworks.host_links import WORD, host_links
from batten.understand.frameworks.parts import belongs
from batten.understand.subjects import BodyLimit, CsrfGuard, HostCheck, HostLink, NoEffect, PasswordPolicy

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.objects import Instance
    from batten.understand.frameworks.settings import Settings

_REFUSES = re.compile(r"abort|redirect|\b40[13]\b|login|auth|Unauthorized|Forbidden", re.IGNORECASE)
"""What a function before each request mentions that may ask for a login."""
SHORTEST = 8
"""Characters that a password needs at least (NIST SP 800-63B section 5.1.1.2; Flask-Security's default)."""


def hosts(settings: Settings) -> tuple[HostCheck, ...]:
    """Return the check of `TRUSTED_HOSTS`, which Flask has since 3.1; None and an empty list check nothing."""
    machine = settings.machine
    if machine.world.at_least("flask", 3, 1) and "TRUSTED_HOSTS" in settings.cells:
        allowed = settings("TRUSTED_HOSTS")
        if not (allowed.state is State.KNOWN and not allowed.value):
            return (HostCheck(allowed, allowed.at or settings.at, "TRUSTED_HOSTS", allowed.evidence, any_host=""),)
    if machine.world.used.intersection(machine.world.sources.mentioning([WORD])):
        return (HostCheck(Value(State.UNKNOWN, at=settings.at, why="the code checks it"), settings.at, WORD),)
    return ()


def ignored_hosts(settings: Settings) -> tuple[NoEffect, ...]:
    """Return a setting `TRUSTED_HOSTS` that the pinned Flask does not know."""
    machine = settings.machine
    if machine.world.at_least("flask", 3, 1) or "TRUSTED_HOSTS" not in settings.cells:
        return ()
    told = settings("TRUSTED_HOSTS")
    if told.default or told.at is None or not any(case.value for case in told.cases()):
        return ()
    says = "TRUSTED_HOSTS is read since Flask 3.1; the pinned version ignores it"
    return (NoEffect(says, told.at, "Flask 3.1 or newer", "TRUSTED_HOSTS", told.evidence),)


def links(settings: Settings, made: Instance) -> tuple[HostLink, ...]:
    """Return the links that are built from the visitor's Host."""
    name = settings("SERVER_NAME")
    return host_links(settings.machine, made, named=not name.is_false())


def body_limits(settings: Settings) -> tuple[BodyLimit, ...]:
    """Return the limit of `MAX_CONTENT_LENGTH`; Flask has none by itself."""
    size = settings("MAX_CONTENT_LENGTH")
    return (BodyLimit(size, size.at or settings.at, "MAX_CONTENT_LENGTH"),)


def policies(settings: Settings, made: Instance) -> tuple[PasswordPolicy, ...]:
    """Return what Flask-Security asks of passwords, and how it stores them."""
    machine, found = settings.machine, []
    for fact in machine.record:
        at = locate(fact[3]) if fact[0] == "password policy" and belongs(fact, 1, made) else None
        if at is None:
            continue
        length = value_of(machine, fact[2]["length"], "SECURITY_PASSWORD_LENGTH_MIN", at)
        hasher = value_of(machine, fact[2]["hash"], "SECURITY_PASSWORD_HASH", at)
        found.append(PasswordPolicy(validators=_shortest(length), hashers=hasher, at=at))
    return tuple(found)


def _shortest(length: Value) -> Value:
    """Return the checks of a new password: none where fewer than eight characters will do."""
    if length.state is not State.KNOWN or not isinstance(length.value, int):
        return UNSET
    checks = (f"at least {length.value} characters",) if length.value >= SHORTEST else ()
    return known_value(checks, length.at, f"SECURITY_PASSWORD_LENGTH_MIN is {length.value}")


def asks(machine: Interpreter, made: Instance, settings: Settings) -> Value:
    """Return whether something before all views asks for a login; unset when nothing is seen that could."""
    if settings("BASIC_AUTH_FORCE", default=False).is_true():
        return known_value(True, settings("BASIC_AUTH_FORCE").at, "BASIC_AUTH_FORCE asks for a password")  # noqa: FBT003 - the value
    visitor = requests.Visitor(machine)
    for function, _, _ in _before(made):
        target = plain_object(function)
        if isinstance(target, Function) and visitor.mentions(target, _REFUSES):
            at = locate((target.path, target.node))
            return Value(State.UNKNOWN, at=at, why=f"{target.name}() may ask for a login before each request")
    return UNSET


def _before(made: Instance) -> list[tuple[Abstract, object, object]]:
    owners = (made, *requests.blueprints(made))
    kinds = ("before_request", "before_app_request")
    return [
        hook
        for owner in owners
        for kind in kinds
        if owner is made or kind == "before_app_request"
        for hook in owner.facts.get("hooks", {}).get(kind, ())
    ]


def debug(settings: Settings) -> Value:
    """Return whether the app is in debug mode: any true object is (`if app.debug`), a property among them."""
    value, held = settings("DEBUG"), settings.cells.get("DEBUG")
    if value.state in {State.UNKNOWN, State.ERROR} and isinstance(held, Unknown) and held.truth is not None:
        found = known_value(held.truth, locate(held.origin.home) or settings.at, f"DEBUG is {held.why}")
        # A variable that has to be set may be set to nothing, the one text that is not true.
        return replace(found, confidence=Confidence.LIKELY) if value.state is State.ERROR else found
    return value


def of_tokens(settings: Settings) -> list[CsrfGuard]:
    """Return the guard of Flask-JWT-Extended's cookies, which has a switch of its own.

    Without it an access token in a cookie is sent along with the forms of
    other sites, as long as SameSite does not keep it back.
    """
    samesite = settings("JWT_COOKIE_SAMESITE", None)
    if any(str(case.value).lower() in ("lax", "strict") for case in samesite.cases()):
        return []
    name = "JWT_COOKIE_CSRF_PROTECT"
    enabled = settings(name, default=True)
    is_off = any(not case.value for case in enabled.cases())
    return [CsrfGuard(enabled=enabled, at=enabled.at or settings.at, setting=name)] if is_off else []
