"""What a Starlette or FastAPI app registers: its entries in order, and its routes as requests meet them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Confidence, State, Value
from batten.model.data import dataclass
from batten.understand.evaluate.objects import ABSENT, Abstract, Instance, Known, Sequence, each, plain_object
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Evidence
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.libraries.starlette_entries import Entry

DEEPEST = 8
"""How deep apps and routers are mounted in one another."""


@dataclass(frozen=True, slots=True)
class Present:
    """An entry, and whether it is there."""

    entry: Entry
    confidence: Confidence
    evidence: tuple[Evidence, ...]
    """The conditions under which it is registered."""
    owner: Instance

    @property
    def is_certain(self) -> bool:
        """Whether every way through the program registers it."""
        return self.confidence is not Confidence.POSSIBLE


@dataclass(frozen=True, slots=True)
class Served:
    """A route, a mounted app or the app's own documentation, at its whole path."""

    present: Present
    path: str | None
    """None: not known."""
    guards: tuple[Abstract, ...]
    """`Depends(…)` of the routers above it and of the route itself."""
    certain: bool
    """It is there, and so is every router and app above it."""
    apps: tuple[tuple[str | None, Instance], ...]
    """The apps that a request for it passes, outermost first, each with the path at which it is mounted."""


def entries(machine: Interpreter, owner: Instance, *kinds: str) -> list[Present]:
    """Return what is registered on an app or router, in order."""
    found: list[Present] = []
    for key, entry in owner.facts.get("entries", {}).items():
        held = owner.cells.get(key, ABSENT)
        if held is ABSENT or (kinds and entry.kind not in kinds):
            continue
        value = value_of(machine, held, "", locate(entry.place))
        if value.state is State.UNSET:
            continue
        sure = value.confidence if value.state is State.KNOWN else Confidence.POSSIBLE
        sure = Confidence.POSSIBLE if ("taken", entry.kind) in owner.cells else sure
        at = locate(entry.place)
        trace = tuple(e for e in value.evidence if e.at != at or not e.says.startswith("set here"))
        one = Present(entry, sure, trace, owner)
        found.insert(0, one) if entry.facts.get("before") else found.append(one)
    return found


def disturbed(owner: Instance, kind: str) -> str:
    """Return why entries of that kind may be others than those that were seen, or nothing."""
    held = owner.cells.get(("disturbed", kind), ABSENT)
    reasons = [str(choice.value) for choice in each(held) if isinstance(choice, Known)]
    return reasons[0] if reasons else ""


def under(value: Value, present: Present) -> Value:
    """Return a value that holds only where an entry is there."""
    if present.confidence is Confidence.CERTAIN:
        return value
    return replace(
        value,
        confidence=value.confidence.weakest(present.confidence),
        evidence=(*value.evidence, *present.evidence),
        cases_=tuple(under(case, present) for case in value.cases_),
        plain=value.plain,
    )


def text_of(machine: Interpreter, held: Abstract | None) -> str | None:
    """Return a path that is known, None otherwise."""
    if held is None:
        return None
    if isinstance(held, Known):
        return held.value if isinstance(held.value, str) else None
    inner = plain_object(held)
    made = machine.special(inner, "__str__", [], None) if isinstance(inner, Instance) else None
    return made.value if isinstance(made, Known) and isinstance(made.value, str) else None


def served(machine: Interpreter, app: Instance) -> list[Served]:
    """Return everything that an app serves, in the order in which a request looks at it."""
    return list(_walk(machine, app, _Way("", (), (("", app),), certain=True)))


@dataclass(frozen=True, slots=True)
class _Way:
    """How a request comes to an app or router."""

    prefix: str | None
    guards: tuple[Abstract, ...]
    apps: tuple[tuple[str | None, Instance], ...]
    certain: bool
    depth: int = 0


def _walk(machine: Interpreter, owner: Instance, way: _Way) -> Iterator[Served]:
    prefix, guards = way.prefix, way.guards
    own = _dependencies(machine, owner.facts.get("call"))
    for present in entries(machine, owner, "route", "mount", "include", "docs", "panel"):
        entry = present.entry
        sure = way.certain and present.is_certain
        if entry.kind == "docs":
            yield Served(present, prefix, (), sure, way.apps)
            continue
        path = _joined(prefix, text_of(machine, entry.facts.get("path")))
        if entry.kind in {"route", "panel"}:
            asked = (*guards, *own, *_dependencies(machine, entry.call)) if entry.facts.get("api") else ()
            yield Served(present, path, asked, sure, way.apps)
            continue
        inner = _mounted(entry.facts.get("app"))
        if inner is None or way.depth > DEEPEST:
            yield Served(present, path, guards, sure, way.apps)
        elif entry.kind == "include":
            below_it = _joined(path, text_of(machine, inner.facts.get("prefix", Known(""))))
            asked = (*guards, *own, *_dependencies(machine, entry.call))
            yield from _walk(machine, inner, _Way(below_it, asked, way.apps, sure, way.depth + 1))
        else:
            root = path if path is None else path.rstrip("/")
            apps = (*way.apps, (root, inner)) if "framework" in inner.facts else way.apps
            yield from _walk(machine, inner, _Way(root, (), apps, sure, way.depth + 1))
            yield Served(present, path, (), sure, apps)


def _mounted(held: Abstract | None) -> Instance | None:
    """Return the app or router that is mounted, None when it is none whose routes are known."""
    inner = plain_object(held) if held is not None else None
    while isinstance(inner, Instance) and "entries" not in inner.facts and isinstance(inner.facts.get("app"), Instance):
        inner = inner.facts["app"]
    is_one = isinstance(inner, Instance) and (
        "entries" in inner.facts or "call" in inner.facts or inner.library.endswith("Router")
    )
    return inner if is_one and isinstance(inner, Instance) and not inner.library.endswith("StaticFiles") else None


def _joined(prefix: str | None, path: str | None) -> str | None:
    if prefix is None or path is None:
        return None
    return prefix.rstrip("/") + path if path.startswith("/") else prefix + path


def _dependencies(machine: Interpreter, call: object) -> tuple[Abstract, ...]:
    held = getattr(call, "kwargs", {}).get("dependencies")
    if held is None:
        return ()
    items = machine.iterate(held) if isinstance(plain_object(held), Sequence) else None
    return tuple(items) if items is not None else ((held,) if not isinstance(held, Known) else ())


def matches(path: str, wanted: str) -> bool:
    """Return whether a route's path takes a request's (Starlette 1.10 `routing.compile_path`)."""
    pattern, end = "", 0
    for found in re.finditer(r"{([a-zA-Z_]\w*)(?::(\w+))?}", path):
        pattern += re.escape(path[end : found.start()]) + _KINDS.get(found[2] or "str", "[^/]+")
        end = found.end()
    return re.fullmatch(pattern + re.escape(path[end:]), wanted) is not None


_KINDS = {"str": "[^/]+", "path": ".*", "int": "[0-9]+", "float": r"[0-9]+(\.[0-9]+)?", "uuid": "[0-9a-fA-F-]+"}


def below(path: str, wanted: str) -> bool:
    """Return whether a mount at `path` takes a request's path."""
    return matches(f"{path.rstrip('/')}/{{path:path}}", wanted)
