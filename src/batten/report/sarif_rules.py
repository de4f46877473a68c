"""Rules as SARIF describes them: title, page, tags and severity for GitHub's alert list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Severity
from batten.report.pages import prose, why

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from batten.model import Finding, Rule

Object = dict[str, object]

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
"""SARIF's own words for severity."""


def described(
    layer: str,
    rules: Sequence[Rule],
    findings: Sequence[Finding],
    tags: Mapping[str, Sequence[str]],
) -> Iterator[Object]:
    """Yield the descriptor of each rule of the layer, and of each rule that has a finding in it."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.rule, []).append(finding)
    known = {rule.id: rule for rule in rules if rule.id in found or rule.layer == layer}
    for name in sorted({*known, *found}):
        words = dict.fromkeys(tag for finding in found.get(name, ()) for tag in finding.tags)
        given = tags.get(name, tuple(words))
        if name in known:
            yield _descriptor(known[name], given)
        else:
            yield _stranger(found[name][0], given)


def _descriptor(rule: Rule, tags: Iterable[str]) -> Object:
    words = prose(rule.doc)
    sections = {
        "Why it matters": words.why,
        "How it is attacked": words.attack,
        "When the rule is silent": words.silent,
        "Fix": words.fix,
    }
    body = "\n\n".join(f"## {head}\n\n{text}" for head, text in sections.items() if text)
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.replace("/", "-").split("-")),
        "shortDescription": {"text": words.title},
        "fullDescription": {"text": _cut(f"{words.title}. {why(rule.doc)}".strip())},
        "help": {"text": rule.doc.strip(), "markdown": f"**{words.title}.**\n\n{body}".strip()},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": _properties(rule.topic, rule.cwe, rule.severity, tags),
    }


def _stranger(finding: Finding, tags: Iterable[str]) -> Object:
    """Return a descriptor for a rule whose page was not passed in."""
    text = {"text": finding.rule}
    return {
        "id": finding.rule,
        "shortDescription": text,
        "fullDescription": text,
        "help": text,
        "defaultConfiguration": {"level": LEVELS[finding.graded]},
        "properties": _properties(finding.topic, finding.cwe, finding.graded, tags),
    }


def _properties(topic: str, cwe: int, severity: Severity, tags: Iterable[str]) -> Object:
    # GitHub reads the CWE from a tag of this form, as CodeQL writes it: three digits at least.
    first = [f"external/cwe/cwe-{cwe:03d}"] if cwe else []
    words = dict.fromkeys([*first, "security", topic, *tags])
    return {
        "tags": [word for word in words if word][:_MOST_TAGS],
        "security-severity": _SECURITY_SEVERITY[severity],
    }


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


_SECURITY_SEVERITY = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "0.1",
}
"""Text, as GitHub wants it: above 9.0 is critical, from 7.0 high, from 4.0 medium, above 0 low."""
_MOST_TAGS = 10
_LONGEST = 1000
"""GitHub shows 1024 characters of a description."""
