"""How many checks had evidence: the number beside the score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import UNSET, State, Value
from batten.run.asking import subjects
from batten.understand.infrastructure.nouns import Examined
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from batten.model import Question, Rule
    from batten.understand.infrastructure.nouns import Infrastructure
    from batten.understand.subjects import Headers


def _headers_seen(headers: Headers) -> Value:
    """Return whether it is known which headers are set, as a value."""
    return Value(State.UNKNOWN, why=headers.unsure) if headers.unsure else UNSET


READS: Mapping[str, Callable[[App], Iterable[Value]]] = {
    "debug-mode": lambda app: (app.setting("DEBUG"), app.setting("TESTING"), *(server.debug for server in app.servers)),
    "dev-server": lambda app: (app.setting("run.debug"),),
    "secret-key": lambda app: (key.value for key in app.keys),
    "default-credentials": lambda app: (credential.value for credential in app.credentials),
    "bind-all": lambda app: (server.host for server in app.servers),
    "cookie-flags": lambda app: (
        flag for cookie in app.cookies if cookie.used for flag in (cookie.secure, cookie.httponly, cookie.samesite)
    ),
    "csrf": lambda app: (guard.enabled for guard in app.csrf),
    "cors": lambda app: (policy.origins for policy in app.cors),
    "allowed-hosts": lambda app: (check.allowed for check in app.hosts),
    "proxy-trust": lambda app: (trust.trusted for trust in app.proxies),
    "docs-exposed": lambda app: (value for panel in app.panels for value in (panel.enabled, panel.guarded)),
    "password-policy": lambda app: (v for policy in app.passwords for v in (policy.validators, policy.hashers)),
    "security-headers": lambda app: map(_headers_seen, app.headers),
    "https": lambda app: map(_headers_seen, app.headers),
    "request-limits": lambda app: (limit.size_bytes for limit in app.body_limits),
}
"""What a topic's rules read of an app, whichever framework it is made with."""

SET_BY_AN_OPERATOR = frozenset({"secret-key", "default-credentials"})
"""Topics that want to see a value which only the operator knows."""


Checks = list[tuple[str, bool]]
"""Rule ids, each with whether it had evidence."""


def coverage(rules: Sequence[Rule], apps: Sequence[App]) -> Checks:
    """Return the applicable checks, and which of them had evidence.

    A check is one rule on one app that has something of the rule's kind. It
    had no evidence when something that it reads could not be told.
    """
    found: Checks = []
    for app in apps:
        unseen = {topic for topic, values in READS.items() if any(_unseen(value, topic) for value in values(app))}
        for rule in rules:
            if _applies(rule, app):
                found.append((rule.id, rule.topic not in unseen))
    return found


def coverage_around(rules: Sequence[Rule], around: Infrastructure) -> Checks:
    """Return the same for what stands around the apps: a check is one rule that has something of its kind.

    It had no evidence when what it reads says itself (`unsure`) that it could
    not be told.
    """
    found: Checks = []
    known = examined(around)
    for rule in rules:
        for question in rule.questions:
            held = list(subjects(question.over, around))
            if held:
                found.append((rule.id, not any(getattr(subject, "unsure", "") for subject in held)))
            elif {rule.id, rule.topic} & known and _is_around(question, rule):
                found.append((rule.id, True))
    return found


def examined(around: Infrastructure | None) -> set[str]:
    """Return the topics and rules whose subject is there and in order: they found nothing, and that is told."""
    parts = around.parts if around is not None else ()
    return {name for part in parts if isinstance(part, Examined) for name in part.names}


def _is_around(question: Question, rule: Rule) -> bool:
    """Return whether a question is about what stands around the apps."""
    return question is rule.around or (question.check is rule.check and rule.layer not in {"app", "http", "ports"})


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
        return any(True for _ in subjects(rule.over, app))
    return bool(app.framework) or bool(getattr(app, PARTS.get(rule.topic, ""), ()))


def _unseen(value: Value, topic: str) -> bool:
    """Return whether a value tells nothing; a key that an operator sets is what the rule wants to see."""
    return value.state is State.UNKNOWN and not (value.external and topic in SET_BY_AN_OPERATOR)
