"""Which of a FastAPI app's documentation a visitor gets, and the panels that an app serves.

Facts from FastAPI 0.165 `fastapi.applications.FastAPI.setup` and Starlette
1.10 `starlette.routing.Router.app`: the first route that takes the path
answers, and the documentation's own routes come before those that the project
adds after the app is made.
"""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Confidence, State, Value
from batten.understand import requests
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Class,
    Function,
    Instance,
    Known,
    Mapping,
    Sequence,
    each,
    plain_object,
)
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.frameworks.settings import made_at
from batten.understand.frameworks.starlette_entries import Served, below, disturbed, matches, under
from batten.understand.frameworks.starlette_middleware import gate
from batten.understand.libraries.extension import as_bool
from batten.understand.libraries.fastapi import DOCS, SCHEMES, dependency_of, parameters
from batten.understand.subjects import NoEffect, Panel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.evaluate.interpreter import Interpreter

OK, MISSING, WRONG_METHOD, BROKEN = 200, 404, 405, 500
_REFUSES = re.compile(r"\b40[13]\b|HTTP_40[13]|[Uu]nauthorized|[Ff]orbidden|compare_digest|PermissionError|@requires")
"""What a dependency has to mention to be taken for a login."""
DEEPEST = 5


class Docs:
    """The documentation of one app and of those that are mounted in it."""

    def __init__(self, machine: Interpreter, made: Instance, routes: list[Served]) -> None:
        """Look at the routes of an app."""
        self.machine = machine
        self.made = made
        self.routes = routes
        self._gates: dict[str, str] = {}

    def gate(self, path: str) -> str:
        """Return what may answer for a path before the app's routes do, or nothing."""
        if path not in self._gates:
            self._gates[path] = gate(self.machine, self.made, path)
        return self._gates[path]

    # What a visitor gets

    def statuses(self) -> dict[str, Value]:
        """Return `status PATH` for each page of the documentation, where it is and where it would be by default."""
        paths = [str(path) for path in DOCS.values()] if self.made.facts["framework"] == "fastapi" else []
        for served in self.routes:
            if served.present.entry.kind == "docs" and served.path is not None:
                for name in DOCS:
                    held = served.present.owner.facts["docs"][name]
                    paths += [served.path + c.value for c in each(held) if isinstance(c, Known) and c.value]
        return {f"status {path}": self.status(path) for path in dict.fromkeys(paths)}

    def status(self, path: str) -> Value:
        """Return the status with which a GET of a path is answered."""
        why = disturbed(self.made, "route") or self.gate(path)
        if why:
            return self._unknown(why)
        found: list[Value] = []
        wrong_method = False
        for served in self.routes:
            answer = self._answer(served, path)
            if answer == WRONG_METHOD:
                wrong_method = True
            elif isinstance(answer, Value):
                found.append(answer)
                if answer.state is State.UNKNOWN or answer.confidence is not Confidence.POSSIBLE:
                    break
        else:
            found.append(self._missing(wrong_method=wrong_method))
        return _one_of(found)

    def _missing(self, *, wrong_method: bool) -> Value:
        docs = next((s for s in self.routes if s.present.entry.kind == "docs" and s.path == ""), None)
        if docs is None:
            at = made_at(self.made)
            return known_value(WRONG_METHOD if wrong_method else MISSING, at, "no route takes it")
        off = self._value(docs.present.owner, "openapi_url")
        status = WRONG_METHOD if wrong_method else MISSING
        return replace(off, state=State.KNOWN, value=status, plain=False, default=False)

    def _answer(self, served: Served, path: str) -> Value | int | None:
        """Return the answer of one route, None when it does not take the path."""
        entry = served.present.entry
        if entry.kind == "docs":
            return self._of_docs(served, path)
        if entry.facts.get("socket"):
            return None
        if served.path is None:
            return self._unknown("a route whose path is not known may take it")
        takes = below(served.path, path) if entry.kind == "mount" else matches(served.path, path)
        if not takes:
            return None
        if entry.kind == "mount":
            inner = plain_object(entry.facts.get("app") or Known(None))
            if isinstance(inner, Instance) and "entries" in inner.facts and not entry.facts.get("host"):
                why = disturbed(inner, "route")
                return self._unknown(why) if why else known_value(MISSING, locate(entry.place), "no route takes it")
            return self._unknown("what is mounted there may answer")
        methods = _methods(self.machine, entry)
        if methods is not None and "GET" not in methods:
            return WRONG_METHOD
        shown = _shows(self.machine, entry)
        if shown is None or methods is None:
            return self._unknown("a view of the app answers")
        asks = asks_login(self.machine, served)
        if asks is not False:
            return self._unknown("a dependency may ask for a login")
        return self._sure(known_value(OK, locate(entry.place), "answers with the documentation"), served)

    def _sure(self, value: Value, served: Served) -> Value:
        found = under(value, served.present)
        return found if served.certain else replace(found, confidence=Confidence.POSSIBLE)

    def _of_docs(self, served: Served, path: str) -> Value | None:
        """Return the answer of the pages that FastAPI itself adds."""
        if served.path is None:
            return self._unknown("an app is mounted at a path that is not known")
        owner = served.present.owner
        values = {name: self._value(owner, name) for name in DOCS}
        mounted = served.path
        for name, value in values.items():
            if value.state not in {State.KNOWN, State.ONE_OF}:
                return self._unknown(value.why)
            for case in value.cases():
                if isinstance(case.value, str) and case.value and _meets(mounted + case.value, path):
                    return self._page(served, name, values, case)
        return None

    def _page(self, served: Served, name: str, values: dict[str, Value], case: Value) -> Value | None:
        schema = values["openapi_url"]
        decides = values[name] if name != "openapi_url" else schema
        if schema.is_false():
            return None
        status = OK
        if name != "openapi_url":
            later = served.present.owner.cells.get("openapi_url", ABSENT)
            if isinstance(later, Known) and later.value is None and schema.is_true():
                status = BROKEN  # `root_path + self.openapi_url`
        both = decides.state is State.KNOWN and schema.state is State.KNOWN
        confidence = case.confidence.weakest(schema.confidence) if both else Confidence.POSSIBLE
        evidence = case.evidence if name == "openapi_url" else (*case.evidence, *schema.evidence)
        found = replace(case, value=status, confidence=confidence, evidence=evidence, plain=False, default=False)
        return self._sure(found, served)

    def _value(self, owner: Instance, name: str) -> Value:
        """Return where a page is served, as the constructor was told."""
        at = made_at(owner)
        held = owner.facts["docs"][name]
        if name not in owner.facts["given"] and isinstance(held, Known):
            return known_value(held.value, at, f"{name} is not given: the default is", default=True)
        return value_of(self.machine, held, name, at)

    def _unknown(self, why: str) -> Value:
        return Value(State.UNKNOWN, at=made_at(self.made), why=why)

    # Panels

    def panels(self) -> Iterator[Panel]:
        """Yield the documentation that the app and those mounted in it serve, and pages made by hand."""
        for served in self.routes:
            if served.present.entry.kind == "docs":
                yield from self._own(served)
            elif served.present.entry.kind == "route" and not served.present.entry.facts.get("socket"):
                yield from self._by_hand(served)

    def _own(self, served: Served) -> Iterator[Panel]:
        owner = served.present.owner
        pages = [("docs_url", "Swagger UI"), ("redoc_url", "ReDoc"), ("openapi_url", "the API's schema")]
        open_: list[tuple[str, str, str, Value]] = []
        closed: Value | None = None
        for name, what in pages:
            value = self._value(owner, name)
            for path in [str(case.value) for case in value.cases() if case.value] or [""]:
                status = self.status((served.path or "") + path) if path else value
                reached = [case for case in status.cases() if case.value in (OK, BROKEN)] if path else []
                if reached or status.state is State.UNKNOWN:
                    open_.append((name, what, (served.path or "") + path, status))
                else:
                    closed = status
        at = made_at(owner)
        if not open_:
            if closed is not None:
                off = replace(closed, state=State.KNOWN, value=False, plain=False)
                yield Panel("openapi", "the API's documentation", "", off, at, setting="openapi_url")
            return
        name, what, path, status = open_[0]
        others = [found[1] for found in open_[1:]]
        what = " and ".join([", ".join([what, *others[:-1]]), *others[-1:]]) if others else what
        yield Panel("openapi", what, path, _enabled(status), at, self._guard(path, status), name, status.evidence)

    def _guard(self, path: str, status: Value) -> Value:
        """Return whether a login stands before a page."""
        if status.state is State.UNKNOWN:
            return Value(State.UNKNOWN, at=status.at, why=status.why)
        return known_value(value=False, at=status.at, says=f"nothing asks for a login before {path}")

    def _by_hand(self, served: Served) -> Iterator[Panel]:
        entry = served.present.entry
        what = _shows(self.machine, entry)
        at = locate(entry.place)
        if not what or at is None or served.path is None:
            return
        for earlier in self.routes[: self.routes.index(served)]:
            if isinstance(self._answer(earlier, served.path), Value):
                return  # another route answers first
        asks = asks_login(self.machine, served)
        why = self.gate(served.path)
        if why or asks is None:
            guarded = Value(State.UNKNOWN, at=at, why=why or "a dependency may ask for a login")
        else:
            guarded = known_value(
                asks, at, "a dependency asks for a login" if asks else "no dependency asks for a login"
            )
        enabled = self._sure(known_value(value=True, at=at, says="it is a route of the app"), served)
        yield Panel("openapi", what, served.path, enabled, at, guarded, evidence=enabled.evidence)

    # Writes that come too late

    def no_effect(self) -> Iterator[NoEffect]:
        """Yield what is written to `app.docs_url` and the like after the constructor has added the pages."""
        for served in self.routes:
            if served.present.entry.kind != "docs":
                continue
            owner = served.present.owner
            for name, told in owner.facts["docs"].items():
                later = owner.cells.get(name, ABSENT)
                at = locate(getattr(getattr(later, "origin", None), "home", None))
                if later is told or at is None or not isinstance(later, Known) or later.value:
                    continue
                if isinstance(told, Known) and not told.value:
                    continue
                value = value_of(self.machine, later, name, at)
                says = f"{name} = {value} comes too late: FastAPI() has added the page already"
                yield NoEffect(says, value.at or at, f"FastAPI({name}=None)", name, value.evidence)


def _meets(path: str, wanted: str) -> bool:
    return matches(path, wanted)


def _enabled(status: Value) -> Value:
    """Return whether a page is served, from the status that it answers with."""

    def one(case: Value) -> Value:
        return replace(case, value=case.value in (OK, BROKEN), plain=False)

    if status.state is State.UNKNOWN:
        return replace(status, state=State.KNOWN, value=True, why="")
    return replace(one(status), cases_=tuple(one(case) for case in status.cases_))


def _one_of(found: list[Value]) -> Value:
    if len(found) == 1:
        return found[0]
    doubt = next((value for value in found if value.state is State.UNKNOWN), None)
    if doubt is not None:
        return doubt
    if len({value.value for value in found}) == 1:
        return replace(found[-1], confidence=found[-1].confidence)
    cases = tuple(replace(value, confidence=Confidence.POSSIBLE) for value in found)
    return Value(State.ONE_OF, cases_=cases, confidence=Confidence.POSSIBLE, at=found[0].at, evidence=found[0].evidence)


def _methods(machine: Interpreter, entry: object) -> set[str] | None:
    """Return the methods that a route takes, None when they are not known."""
    facts = entry.facts  # type: ignore[attr-defined]
    if facts.get("verbs"):
        return set(facts["verbs"])
    held = facts.get("methods")
    if held is None or (isinstance(held, Known) and held.value is None):
        return {"GET", "HEAD"} if isinstance(plain_object(facts.get("endpoint") or Known(None)), Function) else None
    items = machine.iterate(held, ordered=False) if isinstance(plain_object(held), Sequence) else None
    if items is None or not all(isinstance(item, Known) for item in items):
        return None
    return {str(item.value).upper() for item in items if isinstance(item, Known)}


# Views that answer with the documentation


def _shows(machine: Interpreter, entry: object) -> str | None:
    """Return which page a view answers with, None when it is another view."""
    endpoint = plain_object(entry.facts.get("endpoint") or Known(None))  # type: ignore[attr-defined]
    if not isinstance(endpoint, Function):
        return None
    visitor = requests.Visitor(machine)
    if not visitor.mentions(endpoint, _PAGES):
        return None
    machine.looks.clear()
    was, endpoint.wrapped = endpoint.wrapped, ""
    try:
        return shown(visitor.call(endpoint))
    finally:
        endpoint.wrapped = was


_PAGES = re.compile(r"openapi|swagger|redoc|scalar", re.IGNORECASE)


def shown(answer: Abstract | None, depth: int = 0) -> str | None:
    """Return the page that an answer holds."""
    for choice in each(answer) if answer is not None and depth < DEEPEST else ():
        inner = plain_object(choice)
        if isinstance(inner, Mapping) and inner.of == "openapi":
            return "the API's schema"
        if isinstance(inner, Instance):
            if inner.facts.get("shows"):
                return str(inner.facts["shows"])
            for part in inner.facts.get("body", ()):
                found = shown(part, depth + 1)
                if found:
                    return found
    return None


# Logins


def asks_login(machine: Interpreter, served: Served) -> bool | None:
    """Return whether a dependency before a route asks for a login, None when it may."""
    entry = served.present.entry
    answers = [_asks(machine, guard, 0) for guard in served.guards]
    endpoint = plain_object(entry.facts.get("endpoint") or Known(None))
    if isinstance(endpoint, Function):
        if endpoint.wrapped:
            answers.append(None)
        answers.append(_parameters_ask(machine, endpoint, 0))
    return True if True in answers else None if None in answers else False


def _asks(machine: Interpreter, held: Abstract, depth: int) -> bool | None:
    """Return whether a `Depends(…)` asks for a login."""
    dependency = dependency_of(held)
    if dependency is None:
        return False if isinstance(held, Known | Instance) else None
    if depth > DEEPEST:
        return None
    if isinstance(dependency, Instance):
        if dependency.library.rpartition(".")[2] in SCHEMES:
            return machine.truth(as_bool(machine, dependency.facts.get("auto_error", Known(value=True)), None))
        cls = dependency.of
        call = next(
            (b.cells["__call__"] for b in getattr(cls, "order", ()) if isinstance(b, Class) and "__call__" in b.cells),
            None,
        )
        return _function_asks(machine, call, depth) if isinstance(call, Function) else None
    if isinstance(dependency, Function):
        return _function_asks(machine, dependency, depth)
    return None


def _function_asks(machine: Interpreter, function: Function, depth: int) -> bool | None:
    text = ast.unparse(function.node)
    if _REFUSES.search(text):
        return True
    return _parameters_ask(machine, function, depth + 1)


def _parameters_ask(machine: Interpreter, function: Function, depth: int) -> bool | None:
    answers = [
        _asks(machine, one, depth)
        for _, _, more in parameters(machine, function)
        for one in more
        if dependency_of(one) is not None
    ]
    return True if True in answers else None if None in answers else False
