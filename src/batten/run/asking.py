"""Asks each rule about each subject, of an app or of a site; a rule that breaks becomes an `Unsure`."""

from __future__ import annotations

import traceback
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from batten.model import Confidence, Unsure
from batten.rules import tags
from batten.understand.answers.site import Site
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from batten.model import Finding, Rule

LIVE_LAYER = "http"


def ask(rules: Sequence[Rule], things: Sequence[App | Site], note: Callable[[Unsure], None]) -> tuple[Finding, ...]:
    """Return what the rules find in apps and sites, stamped with rule, app and standards."""
    found: list[Finding] = []
    labels = {rule.id: tags(rule) for rule in rules}
    for thing in things:
        for rule in rules:
            try:
                found += [_stamped(_weighed(one, thing), rule, thing, labels[rule.id]) for one in _answers(rule, thing)]
            except Exception as error:  # noqa: BLE001 - a bug of ours must not end the audit
                why = f"a bug in Batten: {type(error).__name__}: {error}"
                layer = _layer(rule, thing)
                note(Unsure(f"{rule.id} on {thing.name}", why, thing.at, layer, traceback.format_exc()))
    return tuple(found)


def _answers(rule: Rule, thing: App | Site) -> Iterator[Finding]:
    for over, check in rule.questions:
        for subject in subjects(over, thing):
            yield from check(subject)


def subjects(over: type, thing: App | Site) -> Iterator[object]:
    """Yield what a rule looks at in an app or a site: the thing itself, or its parts of the rule's kind."""
    if isinstance(thing, over):
        yield thing
        return
    if over in (App, Site):
        return
    for part in fields(thing):
        held = getattr(thing, part.name)
        if isinstance(held, tuple):
            yield from (one for one in held if isinstance(one, over))
        elif isinstance(held, over):
            yield held


def _layer(rule: Rule, thing: App | Site) -> str:
    return LIVE_LAYER if isinstance(thing, Site) else rule.layer


def _weighed(finding: Finding, thing: App | Site) -> Finding:
    """Return the finding, only possible where production may not get to the line that it is about."""
    if finding.confidence is Confidence.POSSIBLE or not isinstance(thing, App):
        return finding
    told = next((one.evidence for one in thing.conditions if one.covers(finding.at)), None)
    if told is None:
        return finding
    return replace(finding, confidence=Confidence.POSSIBLE, evidence=(*finding.evidence, told))


def _stamped(finding: Finding, rule: Rule, thing: App | Site, labels: tuple[str, ...]) -> Finding:
    is_live = isinstance(thing, Site)
    return replace(
        finding,
        severity=finding.severity or rule.severity,
        confidence=Confidence.CONFIRMED if is_live else finding.confidence,
        rule=rule.id,
        topic=rule.topic,
        layer=_layer(rule, thing),
        app=thing.name,
        cwe=rule.cwe,
        tags=labels,
    )
