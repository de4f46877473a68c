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

from batten.model import Confidence, Evidence, State, Value
from batten.model.data import dataclass
from batten.understand import requests
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
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
from batten.understand.frameworks.starlette_entries import Served, below, disturbed, entries, matches, under
from batten.understand.frameworks.starlette_logins import asks_login
from batten.understand.frameworks.starlette_middleware import Gate, gate
from batten.understand.frameworks.starlette_requests import typed
from batten.understand.libraries.fastapi import DOCS
from batten.understand.subjects import NoEffect, Panel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.libraries.starlette_entries import Entry

OK, MISSING, WRONG_METHOD, BROKEN = 200, 404, 405, 500
DEEPEST = 5


class Docs:
    """The documentation of one app and of those that are mounted in it."""

    def __init__(self, machine: Interpreter, made: Instance, routes: list[Served]) -> None:
        """Look at the routes of an app."""
        self.machine = machine
        self.made = made
        self.routes = routes
        self._gates: dict[tuple[Instance, str], Gate] = {}

    def gate(self, served: Served | None, path: str) -> Gate:
        """Return what may answer for a path before a route does: the middleware of each app above it."""
        found = Gate()
        for _, app in served.apps if served is not None else (("", self.made),):
            if (app, path) not in self._gates:
                self._gates[app, path] = gate(self.machine, app, path)
            one = self._gates[app, path]
            found = Gate(found.asks or one.asks, found.fails or one.fails)
        return found

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
        why = disturbed(self.made, "route")
        if why:
            return self._unknown(why)
        found: list[Value] = []
        wrong_method = False
        for served in self.routes:
            answer = self._answer(served, path)
            if answer == WRONG_METHOD:
                wrong_method = True
            elif isinstance(answer, Value):
                before = self.gate(served, path)
                if before.asks or before.fails:
                    answer = self._unknown(before.asks or before.fails)
                found.append(answer)
                if answer.state is State.UNKNOWN or answer.confidence is not Confidence.POSSIBLE:
                    break
        else:
            before = self.gate(None, path)
            doubt = before.asks or before.fails
            found.append(self._unknown(doubt) if doubt else self._missing(wrong_method=wrong_method))
        return _one_of(found)

    def reached(self, served: Served, path: str) -> Value | None:
        """Return the answer of one route for a path, None when an earlier one takes it."""
        for earlier in self.routes:
            if earlier is served:
                break
            answer = self._answer(earlier, path)
            if isinstance(answer, Value) and (
                answer.state is State.UNKNOWN or answer.confidence is not Confidence.POSSIBLE
            ):
                return None
        answer = self._answer(served, path)
        return answer if isinstance(answer, Value) else None

    def _missing(self, *, wrong_method: bool) -> Value:
        for present in entries(self.machine, self.made, "handler"):
            subject = plain_object(present.entry.facts.get("subject") or Known(None))
            if getattr(subject, "value", None) == MISSING or "HTTPException" in str(getattr(subject, "name", "")):
                return self._unknown("an error handler of the app answers where no route does")
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
        page = _shows(self.machine, entry)
        if page is None or methods is None:
            return self._unknown("a view of the app answers")
        if asks_login(self.machine, served) is not False or not page.always:
            return self._unknown("the view, or a dependency of it, may ask for a login")
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
        """Yield what FastAPI's own pages of one app come to: one panel for all of them."""
        owner, at = served.present.owner, made_at(served.present.owner)
        pages = [("docs_url", "Swagger UI"), ("redoc_url", "ReDoc"), ("openapi_url", "the API's schema")]
        shown: list[tuple[str, str, str, Value]] = []
        for name, what in pages:
            for case in self._value(owner, name).cases():
                path = (served.path or "") + case.value if isinstance(case.value, str) and case.value else ""
                answer = self.reached(served, path) if path else None
                if answer is not None and answer.value in (OK, BROKEN):
                    shown.append((name, what, path, answer))
        if not shown:
            off = self._value(owner, "openapi_url")
            if off.state is State.KNOWN:
                closed = replace(off, value=False, plain=False, default=False)
                yield Panel("openapi", "the API's documentation", "", closed, at, setting="openapi_url")
            return
        name, what, path, answer = shown[0]
        others = list(dict.fromkeys(one[1] for one in shown[1:] if one[1] != what))
        what = " and ".join([", ".join([what, *others[:-1]]), *others[-1:]]) if others else what
        guarded = self._guard(served, path, answer)
        yield Panel("openapi", what, path, _enabled(answer), at, guarded, name, answer.evidence)

    def _guard(self, served: Served, path: str, answer: Value) -> Value:
        """Return whether a login stands before a page."""
        why = disturbed(self.made, "route") or self.gate(served, path).asks
        if why:
            return Value(State.UNKNOWN, at=answer.at, why=why)
        return known_value(value=False, at=answer.at, says=f"nothing asks for a login before {path}")

    def _by_hand(self, served: Served) -> Iterator[Panel]:
        entry = served.present.entry
        page = _shows(self.machine, entry)
        at = locate(entry.place)
        if page is None or not page.what or at is None or served.path is None:
            return
        for earlier in self.routes[: self.routes.index(served)]:
            if isinstance(self._answer(earlier, served.path), Value):
                return  # another route answers first
        asks = asks_login(self.machine, served)
        why = self.gate(served, served.path).asks or ("" if page.always else "the view may ask for a login")
        if why or asks is None:
            guarded = Value(State.UNKNOWN, at=at, why=why or "a dependency may ask for a login")
        else:
            guarded = known_value(
                asks, at, "a dependency asks for a login" if asks else "no dependency asks for a login"
            )
        here = Value(State.KNOWN, value=True, at=at, evidence=(Evidence(at, "it is a route of the app"),))
        enabled = self._sure(here, served)
        yield Panel("openapi", page.what, served.path, enabled, at, guarded, evidence=enabled.evidence)

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


def _methods(machine: Interpreter, entry: Entry) -> set[str] | None:
    """Return the methods that a route takes, None when they are not known."""
    facts = entry.facts
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


@dataclass(frozen=True, slots=True)
class Page:
    """What a view answers with."""

    what: str
    always: bool
    """It is all that the view answers."""


def _shows(machine: Interpreter, entry: Entry) -> Page | None:
    """Return which page a view answers with, None when it is another view."""
    endpoint = plain_object(entry.facts.get("endpoint") or Known(None))
    if not isinstance(endpoint, Function):
        return None
    visitor = requests.Visitor(machine, typed)
    if not visitor.mentions(endpoint, _PAGES):
        return None
    machine.looks.clear()
    was, endpoint.wrapped = endpoint.wrapped, ""
    try:
        answer = visitor.call(endpoint)
    finally:
        endpoint.wrapped = was
    what = shown(answer)
    if what is None or answer is None:
        return None
    return Page(what, not was and not _raises(endpoint) and all(shown(choice) for choice in each(answer)))


def _raises(function: Function) -> bool:
    """Return whether a view may answer with an error instead."""
    return any(isinstance(node, ast.Raise) or "HTTPException" in ast.dump(node) for node in ast.walk(function.node))


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
