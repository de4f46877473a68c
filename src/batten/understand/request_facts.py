"""What is seen when the app's functions are followed as requests would run them."""

from __future__ import annotations

import re
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from batten.model import UNSET, Evidence, Location, State, Value
from batten.model.data import dataclass
from batten.understand import requests
from batten.understand.code_facts import Uses
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Function,
    Instance,
    Known,
    Mapping,
    Unknown,
    each,
    plain_object,
)
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import MAYBE_UNSET, known_value, value_of
from batten.understand.subjects import CorsPolicy, ErrorAnswer, Headers

if TYPE_CHECKING:
    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter


@dataclass(slots=True)
class Seen(Uses):
    """Facts of request time."""

    errors: list[ErrorAnswer] = field(default_factory=list)
    handles_errors: Value = UNSET
    written: Mapping | None = None
    """Headers that `after_request` functions set on some or all responses."""
    everywhere: Mapping | None = None
    """Those of them that are on every response."""
    hooks: list[Abstract] = field(default_factory=list)
    unsure: str = ""


@dataclass(slots=True)
class FoundHeaders:
    """Headers as a subject, and under the names that people write."""

    subject: Headers
    display: dict[str, Value]


def see(program: Program, made: Instance) -> Seen:
    """Follow the app's hooks, error handlers, views and other functions."""
    machine = program.machine
    seen = Seen()
    visitor = requests.Visitor(machine)
    owners = (made, *requests.blueprints(made))
    whole: list[Abstract] = []
    for owner in owners:
        hooks = owner.facts.get("hooks", {})
        for kind in ("after_request", "after_app_request"):
            found = [function for function, _, _ in hooks.get(kind, ())]
            seen.hooks += found
            whole += found if kind == "after_app_request" or requests.covers(made, owner) else []
    if seen.hooks:
        seen.written, seen.unsure = requests.header_writes(machine, seen.hooks)
    if whole:
        alike = len(whole) == len(seen.hooks)
        seen.everywhere = seen.written if alike else requests.header_writes(machine, whole)[0]
    _handlers(visitor, owners, seen)
    _views(visitor, made, seen)
    visitor.all_functions()
    note_facts(machine, seen)
    return seen


def _handlers(visitor: requests.Visitor, owners: tuple[Instance, ...], seen: Seen) -> None:
    for owner in owners:
        hooks = owner.facts.get("hooks", {})
        own, whole = hooks.get("errorhandler", []), hooks.get("app_errorhandler", [])
        for function, call, subject in (*own, *whole):
            kind = requests.handled(subject)
            at = locate(call.place)
            every = any(function is one for one, _, _ in whole) or requests.covers(owners[0], owner)
            if kind in ("all", "500") and every and at is not None and seen.handles_errors.state is State.UNSET:
                seen.handles_errors = known_value(value=True, at=at, says="handles every error")
            answer = visitor.call(function, [requests.error_argument(kind)])
            note_answer(function, answer, seen, handler=kind in ("all", "500"))


def _views(visitor: requests.Visitor, made: Instance, seen: Seen) -> None:
    for function, _ in requests.view_functions(made):
        target = plain_object(function)
        if isinstance(target, Function) and target not in visitor.seen and visitor.mentions(target, requests.VIEWS):
            answer = visitor.call(target, made.facts.get("arguments"))
            note_answer(target, answer, seen, handler=False)


def note_answer(function: Abstract, answer: Abstract | None, seen: Seen, *, handler: bool) -> None:
    """Note what of an error a function's answer holds."""
    target = plain_object(function)
    found = requests.leaks(answer)
    if not found or not isinstance(target, Function):
        return
    what = "traceback" if "traceback" in found else "exception text"
    at = _place_of(answer, found) or locate((target.path, target.node))
    if at is not None and not any(e.at == at for e in seen.errors):
        seen.errors.append(ErrorAnswer(what, target.name, at, handler))


def _place_of(answer: Abstract | None, found: frozenset[str], depth: int = 0) -> Location | None:
    """Return where the answer that leaks is made."""
    if answer is None or depth > 6:  # noqa: PLR2004 - deeper than any answer
        return None
    for choice in each(answer):
        inner = plain_object(choice)
        if not requests.leaks(inner):
            continue
        if isinstance(inner, Instance) and inner.made is not None:
            return locate(inner.made)
        if isinstance(inner, Unknown) and isinstance(inner.origin.home, tuple):
            return locate(inner.origin.home)
        for part in getattr(inner, "items", None) or (inner.cells.values() if isinstance(inner, Mapping) else ()):
            place = _place_of(part, found, depth + 1)
            if place is not None:
                return place
        if isinstance(getattr(inner, "origin", None), object):
            home = getattr(inner.origin, "home", None)
            if isinstance(home, tuple):
                return locate(home)
    return None


def note_facts(machine: Interpreter, seen: Seen) -> None:
    """Turn the facts in the record into subjects."""
    seen.gather(machine)


def cors(program: Program, made: Instance, seen: Seen) -> tuple[CorsPolicy, ...]:
    """Return the CORS policies that extensions or hooks apply."""
    machine = program.machine
    found = []
    for fact in machine.record:
        if fact[0] != "cors":
            continue
        owner = plain_object(fact[1]) if fact[1] is not None else None
        at = locate(fact[3])
        if at is None or (owner is not made and isinstance(owner, Instance) and owner.library != "flask.Blueprint"):
            continue
        parts = fact[2]
        policy = CorsPolicy(
            origins=value_of(machine, parts["origins"], "origins", at),
            credentials=value_of(machine, parts["credentials"], "supports_credentials", at),
            at=at,
            pattern=bool(parts.get("pattern")),
            wildcard_echoes=bool(parts.get("echo")),
            paths=str(parts.get("paths", "")),
        )
        if policy not in found:
            found.append(policy)
    by_hand = cors_by_hand(machine, seen)
    return (*found, *((by_hand,) if by_hand else ()))


STRANGER = "https://evil.example"
LONGEST_PATTERN = 200
"""A longer pattern is not tried: matching hostile ones takes for ever."""


def answer_to_strangers(policy: CorsPolicy) -> Value:
    """Return the Access-Control-Allow-Origin that a page of any other site gets, None for none."""
    if policy.reflects:
        return known_value(STRANGER, policy.at, "the request's own origin is sent back")
    listed = [case.value for case in policy.origins.cases()]
    if (
        policy.origins.state is State.ONE_OF
        and policy.origins.why == MAYBE_UNSET
        and not policy.pattern
        and not {"*", STRANGER} & set(map(str, listed))
    ):
        return known_value(None, policy.at, "only origins that are listed get one")
    if policy.origins.state is not State.KNOWN:
        return policy.origins
    held = policy.origins.value
    origins = list(held) if isinstance(held, list | tuple | set | frozenset) else [held]
    answer: str | None = None
    for origin in origins:
        if origin == "*":
            answer = STRANGER if policy.wildcard_echoes and not policy.echo_needs_cookie else "*"
        elif isinstance(origin, str) and _matches(origin, pattern=policy.pattern, whole=policy.whole):
            answer = STRANGER
    return replace(policy.origins, value=answer, plain=False)


def _matches(origin: str, *, pattern: bool, whole: bool) -> bool:
    if origin == STRANGER:
        return True
    if not pattern or len(origin) > LONGEST_PATTERN:
        return False
    try:
        return bool(re.fullmatch(origin, STRANGER) if whole else re.match(origin, STRANGER, re.IGNORECASE))
    except re.error:
        return False


def cors_by_hand(machine: Interpreter, seen: Seen) -> CorsPolicy | None:
    """Return the policy of the headers that hooks set themselves."""
    if seen.written is None:
        return None
    cells = {str(k).lower(): v for k, v in seen.written.cells.items()}
    origin = cells.get("access-control-allow-origin")
    at = _header_place(machine, origin)
    if origin is None or at is None:
        return None
    reflects = any(isinstance(c, Unknown) and "origin" in c.labels for c in each(origin))
    credentials = cells.get("access-control-allow-credentials")
    allowed = UNSET if credentials is None else value_of(machine, credentials, "credentials", at)
    is_on = allowed.state is State.KNOWN and str(allowed.value).lower() == "true"
    return CorsPolicy(
        origins=value_of(machine, origin, "Access-Control-Allow-Origin", at),
        credentials=known_value(is_on, allowed.at or at, "Access-Control-Allow-Credentials"),
        at=at,
        reflects=reflects,
    )


def _header_place(machine: Interpreter, held: Abstract | None) -> Location | None:
    if held is None:
        return None
    for choice in each(held):
        home = locate(getattr(getattr(choice, "origin", None), "home", None))
        if home is not None:
            return home
    del machine
    return None


def headers(program: Program, made: Instance, seen: Seen, at: Location) -> list[FoundHeaders]:
    """Return the headers put on every response, extensions and hooks together."""
    machine = program.machine
    values: dict[str, Value] = {}
    display: dict[str, Value] = {}
    where, https, unsure, redirect = at, False, seen.unsure, UNSET
    for fact in machine.record:
        if fact[0] == "headers" and (plain_object(fact[1]) if fact[1] is not None else made) is made:
            place = locate(fact[3]) or at
            where = place
            https = https or machine.truth(fact[4].get("https", Known(value=False))) is True
            redirect = value_of(machine, fact[4].get("https", Known(value=False)), "force_https", place)
            for name, held in fact[2].items():
                if not (isinstance(held, Known) and held.value is None):
                    values[name.lower()] = value_of(machine, held, name, place)
    if seen.everywhere is not None:
        for name, held in seen.everywhere.cells.items():
            value = value_of(machine, held, str(name), at)
            if value.state is not State.UNSET:
                values[str(name).lower()] = value
        if seen.everywhere.open:
            unsure = unsure or "a hook sets headers whose names are not known"
    if seen.hooks:
        target = plain_object(seen.hooks[0])
        if where == at and isinstance(target, Function):
            where = locate((target.path, target.node)) or at
    for name, value in values.items():
        display["-".join(part.upper() if part == "xss" else part.capitalize() for part in name.split("-"))] = value
    some = seen.written.cells if seen.written is not None else {}
    partly = frozenset(name for name in (str(name).lower() for name in some) if name not in values)
    subject = Headers(values, where, unsure, https, redirect, partly=partly)
    return [FoundHeaders(subject, display)]


_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_FORM = re.compile(r"request\.(forms?|values|files|POST|params)\b|request\.post\(")


def takes_forms(machine: Interpreter, made: Instance) -> bool:
    """Return whether a route that changes something reads a form, as browsers send it for any site.

    An API that takes JSON only is out of another site's reach without CORS.
    """
    visitor = requests.Visitor(machine)
    for owner in (made, *requests.blueprints(made)):
        for view, call, _ in owner.facts.get("hooks", {}).get("route", ()):
            function = plain_object(view)
            if _is_change(call) and isinstance(function, Function) and visitor.mentions(function, _FORM):
                return True
    return False


def _is_change(call: Any) -> bool:  # noqa: ANN401 - a call of the evaluator
    if getattr(getattr(call.node, "func", None), "attr", "").upper() in _CHANGES:
        return True
    methods = plain_object(call.kwargs.get("methods", ABSENT))
    items = getattr(methods, "items", None) or ()
    return any(isinstance(item, Known) and str(item.value).upper() in _CHANGES for item in items)


def routes(machine: Interpreter, made: Instance) -> tuple[str, ...]:
    """Return the URL rules of an app and its blueprints that are known."""
    found = []
    for owner in (made, *requests.blueprints(made)):
        for _, _, subject in owner.facts.get("hooks", {}).get("route", ()):
            if isinstance(subject, Known) and isinstance(subject.value, str):
                found.append(subject.value)
    del machine
    return tuple(dict.fromkeys(found))


__all__ = ["ABSENT", "Evidence", "Seen", "cors", "headers", "routes", "see"]
