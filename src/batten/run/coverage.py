"""How many checks had evidence: the number beside the score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import State
from batten.run.asking import subjects
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.model import Rule, Value

READS = {
    "debug-mode": ("DEBUG", "TESTING"),
    "dev-server": ("run.debug",),
    "secret-key": ("SECRET_KEY",),
    "bind-all": ("run.host",),
    "cookie-flags": ("SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE"),
    "csrf": ("WTF_CSRF_ENABLED",),
    "cors": ("cors.allow_origin",),
}
"""The settings that a topic's rules read."""


def coverage(rules: Sequence[Rule], apps: Sequence[App]) -> tuple[int, int]:
    """Return how many of the applicable checks had evidence, and how many were applicable.

    A check is one rule on one app that has something of the rule's kind. It
    had no evidence when a setting that it reads could not be told.
    """
    evaluated = applicable = 0
    for app in apps:
        for rule in rules:
            if not _applies(rule, app):
                continue
            applicable += 1
            names = READS.get(rule.topic, ())
            if not any(_unseen(app.setting(name), rule.topic) for name in names):
                evaluated += 1
    return evaluated, applicable


PARTS = {
    "cookie-flags": "cookies",
    "default-credentials": "credentials",
    "secret-key": "keys",
    "secrets-in-repo": "credentials",
}
"""The parts that rules over a whole app look at in code without one."""


def _applies(rule: Rule, app: App) -> bool:
    """Return whether an app has something of the rule's kind."""
    if rule.over is not App:
        return any(True for _ in subjects(rule, app))
    return bool(app.framework) or bool(getattr(app, PARTS.get(rule.topic, ""), ()))


def _unseen(value: Value, topic: str) -> bool:
    """Return whether a value tells nothing; a key that an operator sets is what the rule wants to see."""
    return value.state is State.UNKNOWN and not (value.external and topic == "secret-key")
