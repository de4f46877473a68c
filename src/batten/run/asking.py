"""Asks each rule about each subject; a rule that breaks becomes an `Unsure`, and the audit goes on."""

from __future__ import annotations

import traceback
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from batten.model import Unsure
from batten.rules import tags
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from batten.model import Finding, Rule


def ask(rules: Sequence[Rule], apps: Sequence[App], note: Callable[[Unsure], None]) -> tuple[Finding, ...]:
    """Return what the rules find, stamped with rule, app and standards."""
    found: list[Finding] = []
    labels = {rule.id: tags(rule) for rule in rules}
    for app in apps:
        for rule in rules:
            try:
                found += [_stamped(finding, rule, app, labels[rule.id]) for finding in _answers(rule, app)]
            except Exception as error:  # noqa: BLE001 - a bug of ours must not end the audit
                why = f"a bug in Batten: {type(error).__name__}: {error}"
                note(Unsure(f"{rule.id} on {app.name}", why, app.at, rule.layer, traceback.format_exc()))
    return tuple(found)


def _answers(rule: Rule, app: App) -> Iterator[Finding]:
    for subject in subjects(rule, app):
        yield from rule.check(subject)


def subjects(rule: Rule, app: App) -> Iterator[object]:
    """Yield what a rule looks at in an app: the app, or its parts of the rule's kind."""
    if rule.over is App:
        yield app
        return
    for part in fields(app):
        held = getattr(app, part.name)
        if isinstance(held, tuple):
            yield from (one for one in held if isinstance(one, rule.over))
        elif isinstance(held, rule.over):
            yield held


def _stamped(finding: Finding, rule: Rule, app: App, labels: tuple[str, ...]) -> Finding:
    return replace(
        finding,
        severity=finding.severity or rule.severity,
        rule=rule.id,
        topic=rule.topic,
        layer=rule.layer,
        app=app.name,
        cwe=rule.cwe,
        tags=labels,
    )
