"""Asks each rule about each subject, of an app, a site or what stands around; a broken rule is an `Unsure`."""

from __future__ import annotations

import traceback
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from batten.model import Confidence, Unsure
from batten.rules import tags
from batten.understand.answers.site import Site
from batten.understand.host import Host
from batten.understand.infrastructure.nouns import Infrastructure
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from batten.model import Finding, Question, Rule

Thing = App | Site | Infrastructure | Host
"""What rules are asked about."""

LIVE_LAYER = "http"
HOST_LAYER = "ports"


def ask(rules: Sequence[Rule], things: Sequence[Thing], note: Callable[[Unsure], None]) -> tuple[Finding, ...]:
    """Return what the rules find in things, stamped with rule, app and standards."""
    found: list[Finding] = []
    labels = {rule.id: tags(rule) for rule in rules}
    for thing in things:
        for rule in rules:
            try:
                answers = _answers(rule, thing)
                found += [_stamped(_weighed(one, thing), rule, thing, labels[rule.id], layer) for one, layer in answers]
            except Exception as error:  # noqa: BLE001 - a bug of ours must not end the audit
                why = f"a bug in Batten: {type(error).__name__}: {error}"
                layer = _layer(rule.questions[0], thing)
                note(Unsure(f"{rule.id} on {thing.name}", why, thing.at, layer, traceback.format_exc()))
    return tuple(_once(found))


def _once(found: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings without what surrounds an app and the app itself both told: the app's own word stands."""
    told = {(one.rule, one.at) for one in found if one.app}
    yield from (one for one in found if one.app or (one.rule, one.at) not in told)


def _answers(rule: Rule, thing: Thing) -> Iterator[tuple[Finding, str]]:
    """Yield what a rule finds, with the layer that it belongs to."""
    for question in rule.questions:
        for subject in subjects(question.over, thing):
            for finding in question.check(subject):
                yield finding, _layer(question, thing)


def subjects(over: type, thing: Thing) -> Iterator[object]:
    """Yield what a rule looks at in a thing: the thing itself, or its parts of the rule's kind."""
    if isinstance(thing, over):
        yield thing
        return
    if over in (App, Site, Infrastructure, Host):
        return
    yield from _MEMORY.of(over, thing)


class _Memory:
    """The parts of the thing that was asked about last, by the kinds that were asked for: rules ask in a row."""

    def __init__(self) -> None:
        self._thing: object = None
        self._parts: list[object] = []
        self._by_kind: dict[type, list[object]] = {}

    def of(self, kind: type, thing: Thing) -> list[object]:
        """Return the thing's parts of a kind."""
        if self._thing is not thing:
            self._thing, self._parts, self._by_kind = thing, list(parts(thing)), {}
        found = self._by_kind.get(kind)
        if found is None:
            found = self._by_kind[kind] = [one for one in self._parts if isinstance(one, kind)]
        return found


_MEMORY = _Memory()


def parts(thing: Thing) -> Iterator[object]:
    """Yield all that a thing holds and rules may look at."""
    for part in fields(thing):
        held = getattr(thing, part.name)
        if isinstance(held, tuple):
            yield from held
        else:
            yield held


def kinds(things: Sequence[Thing]) -> set[str]:
    """Return the full names of all classes that things and their parts are of."""
    found = {kind for thing in things for kind in type(thing).__mro__}
    found |= {kind for thing in things for part in parts(thing) for kind in type(part).__mro__}
    return {f"{kind.__module__}.{kind.__qualname__}" for kind in found}


def _layer(question: Question, thing: Thing) -> str:
    return LIVE_LAYER if isinstance(thing, Site) else HOST_LAYER if isinstance(thing, Host) else question.layer


def _weighed(finding: Finding, thing: Thing) -> Finding:
    """Return the finding, only possible where production may not get to the line that it is about."""
    if finding.confidence is Confidence.POSSIBLE or not isinstance(thing, App):
        return finding
    told = next((one.evidence for one in thing.conditions if one.covers(finding.at)), None)
    if told is None:
        return finding
    return replace(finding, confidence=Confidence.POSSIBLE, evidence=(*finding.evidence, told))


def _stamped(finding: Finding, rule: Rule, thing: Thing, labels: tuple[str, ...], layer: str) -> Finding:
    is_live = isinstance(thing, (Site, Host))
    return replace(
        finding,
        severity=finding.severity or rule.severity,
        confidence=Confidence.CONFIRMED if is_live else finding.confidence,
        rule=rule.id,
        topic=rule.topic,
        layer=layer,
        app=thing.name,
        cwe=rule.cwe,
        tags=labels,
    )
