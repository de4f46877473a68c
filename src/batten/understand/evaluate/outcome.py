"""What the evaluator computed, as the values that rules and reports see."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from batten.model import UNSET, Confidence, Evidence, State, Value, shown
from batten.understand.evaluate import frozen
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Instance,
    Items,
    Known,
    Mapping,
    OneOf,
    Ref,
    Sequence,
    Unknown,
    each,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, evidence, hops_of, locate

if TYPE_CHECKING:
    from batten.model import Location
    from batten.understand.evaluate.interpreter import Interpreter

MOST_EXPANDED = 16
MAYBE_UNSET = "it may be unset"
DEEPEST_PART = 3
"""How deep in a container the places are looked for that decide its parts."""


_VEILS = ("pydantic.SecretStr", "pydantic.SecretBytes")
"""Classes whose objects hide a text."""


def value_of(machine: Interpreter, held: Abstract, name: str = "", fallback: Location | None = None) -> Value:
    """Return a value for rules; `name` is the setting it is for, `fallback` where a missing one would be."""
    choices = [one for choice in each(held) for one in _expanded(choice)]
    if len(choices) == 1:
        return _one(machine, choices[0], name, fallback)
    values = [_one(machine, choice, name, fallback) for choice in choices]
    cases = tuple(replace(value, confidence=Confidence.POSSIBLE) for value in values if value.state is State.KNOWN)
    doubts = [value for value in values if value.state is not State.KNOWN]
    absent = any(choice is ABSENT for choice in choices)
    if doubts and not (absent and len(doubts) == 1):
        doubt = next(value for value in doubts if value.state is not State.UNSET)
        return replace(doubt, cases_=cases, state=State.UNKNOWN if cases else doubt.state)
    if not cases:
        return UNSET
    first = cases[0]
    return Value(
        State.ONE_OF,
        cases_=cases,
        confidence=Confidence.POSSIBLE,
        at=first.at,
        evidence=first.evidence,
        why=MAYBE_UNSET if absent else "",
    )


def _expanded(choice: Abstract) -> list[Abstract]:
    """Return a list whose content is undecided as one list for each content."""
    inner = plain_object(choice)
    if isinstance(inner, Sequence):
        content = inner.cells["items"]
        if isinstance(content, OneOf):
            return [Sequence(inner.of, c, inner.origin) for c in content.choices]
        if isinstance(content, Items):
            for index, item in enumerate(content.items):
                if isinstance(item, OneOf) and len(item.choices) <= MOST_EXPANDED:
                    head, tail = content.items[:index], content.items[index + 1 :]
                    made: list[Abstract] = [
                        Sequence(inner.of, (*head, c, *tail), inner.origin) for c in item.choices if c is not ABSENT
                    ]
                    return made if len(made) > 1 else [choice]
    return [choice]


def _one(machine: Interpreter, held: Abstract, name: str, fallback: Location | None) -> Value:
    if held is ABSENT:
        return replace(UNSET, at=fallback)
    origin = _history(held)
    inner = plain_object(held)
    if isinstance(inner, Instance) and inner.library in _VEILS:
        return value_of(machine, inner.cells.get("hidden", Unknown("a secret")), name, fallback).hidden()
    member = frozen.constant(inner) if isinstance(inner, Instance) else None
    plain = (member[0].value,) if member is not None and isinstance(member[0], Enum) else machine.data(held)
    at = locate(origin.home) or fallback
    if plain is None:
        return _not_known(machine, held, origin, at)
    value = plain[0]
    confidence = Confidence.LIKELY if origin.unset else Confidence.CERTAIN
    trace = list(evidence(origin.hops))
    unread = machine.world.unread(origin.unset)
    if unread:
        confidence = Confidence.POSSIBLE
        trace += [replace(one, says=f"{one.says}: it may set {', '.join(sorted(origin.unset))}") for one in unread]
    if at is not None and not any(e.at.file == at.file and e.at.line == at.line for e in trace):
        trace.insert(0, Evidence(at, f"{name} is set here to" if name else "set here to", shown(value)))
    return Value(
        State.KNOWN,
        value,
        confidence=confidence,
        at=at,
        evidence=tuple(trace),
        plain=origin.plain and isinstance(held, Known) and not origin.pinned,
    )


def _history(held: Abstract, depth: int = 0) -> Origin:
    """Return the origin of a value, for a container the origins of its parts too."""
    parts: list[Origin] = []
    inner = plain_object(held)
    if isinstance(held, Ref):
        parts.append(held.origin)
    origin = getattr(inner, "origin", Origin())
    if depth > DEEPEST_PART:
        return origin
    if isinstance(inner, Sequence):
        parts += [_history(item, depth + 1) for item in machine_items(inner)[:MOST_EXPANDED]]
    elif isinstance(inner, Mapping):
        parts += [_history(item, depth + 1) for item in list(inner.cells.values())[:MOST_EXPANDED]]
    if not parts:
        return origin
    pinned = next((part for part in parts if part.pinned), None)
    return Origin(
        pinned.home if pinned else origin.home,
        hops_of(origin, *parts),
        origin.unset.union(*(part.unset for part in parts)),
        pinned=pinned is not None,
    )


def machine_items(sequence: Sequence) -> tuple[Abstract, ...]:
    """Return the elements of a sequence that are known."""
    return sequence.items or ()


def _not_known(machine: Interpreter, held: Abstract, origin: Origin, at: Location | None) -> Value:
    why, state = "it is not plain data", State.UNKNOWN
    inner = plain_object(held)
    if isinstance(inner, Unknown):
        why = inner.why
        state = {"runtime": State.RUNTIME, "error": State.ERROR}.get(inner.kind, State.UNKNOWN)
    elif isinstance(inner, Known):
        why = "it depends on where the project is installed"
    elif isinstance(inner, Instance):
        why = f"an object of {inner.of.name}"
        text = machine.special(inner, "__str__", [], None) if inner.library == "pathlib.Path" else None
        if isinstance(text, Known):
            why = "a path that depends on where the project is installed"
    elif isinstance(inner, Sequence | Mapping):
        why = "a part of it is not known"
    external = isinstance(inner, Unknown) and inner.kind == "external"
    return Value(state, at=at, evidence=evidence(origin.hops), why=why, external=external)


def known_value(value: object, at: Location | None, says: str, *, default: bool = False) -> Value:
    """Return a known value with one piece of evidence."""
    trace = (Evidence(at, says, shown(value)),) if at is not None else ()
    return Value(State.KNOWN, value, at=at, evidence=trace, default=default)
