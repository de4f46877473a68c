"""JUnit XML: a test case for each check, so that any CI shows the audit as a checklist.

A finding that shuts the gate is a failure; one that does not is told in
`system-out`, and the case passes, as the gate does. What was accepted with a reason is skipped, a
layer that could not be looked at is an error. The form is the one of Jenkins' junit plugin
(jenkins-junit.xsd), which GitLab, CircleCI and Azure read too; it knows no attribute for a file, so the place is
in the name.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.model import Finding, Report, Rule, Suppressed

_PLAIN = ("evaluated", "nothing found", "not asked")
_REFUSED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write (section 2.2)."""


def render(report: Report, rules: Sequence[Rule]) -> str:
    """Return the report; `rules` are those that could be asked."""
    layers = [layer for layer, state in report.layers.items() if state not in {"not asked", "nothing found"}]
    layers += sorted({finding.layer for finding in report.findings}.difference(layers))
    suites = [_Suite(layer, report, rules) for layer in layers]
    tests, failures = sum(len(one.cases) for one in suites), sum(one.failures for one in suites)
    errors = sum(one.errors for one in suites)
    head = f'<testsuites name="batten" tests="{tests}" failures="{failures}" errors="{errors}">'
    body = "\n".join(line for suite in suites for line in suite.lines())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{body}\n</testsuites>\n'


class _Suite:
    """The checks of one layer."""

    def __init__(self, layer: str, report: Report, rules: Sequence[Rule]) -> None:
        self.layer = layer
        self.failures = self.errors = self.skipped = 0
        found: dict[str, list[Finding]] = {}
        for finding in report.findings:
            if finding.layer == layer:
                found.setdefault(finding.rule, []).append(finding)
        accepted: dict[str, list[Suppressed]] = {}
        for one in report.suppressed:
            if one.finding.layer == layer:
                accepted.setdefault(one.finding.rule, []).append(one)
        names = {rule.id for rule in rules if rule.layer == layer} | found.keys() | accepted.keys()
        self._titles: Counter[str] = Counter()
        self.cases = [
            line
            for name in sorted(names)
            for line in self._case(name, found.get(name, []), accepted.get(name, []), report)
        ]
        state = report.layers.get(layer, "evaluated")
        if state not in _PLAIN:
            self.errors += 1
            error = f"<error message={_attribute(state)}/>"
            self.cases.append(self._test("the layer could be looked at", error))

    def _case(
        self, name: str, found: Sequence[Finding], accepted: Sequence[Suppressed], report: Report
    ) -> Iterator[str]:
        shut = set(report.gate.shut_by)
        for finding in found:
            title = f"{name} at {finding.at}"
            if finding.fingerprint in shut:
                self.failures += 1
                says = f"{finding.graded.value}: {finding.says}"
                kind = f"type={_attribute(finding.graded.value)} message={_attribute(says)}"
                inner = f"<failure {kind}>{_told(finding)}</failure>"
            else:
                inner = f"<system-out>{_text(finding.graded.value)}: {_told(finding)}</system-out>"
            yield self._test(title, inner)
        for one in accepted:
            self.skipped += 1
            until = f" until {one.until}" if one.until else ""
            inner = f"<skipped message={_attribute(f'accepted{until}: {one.reason}')}/>"
            yield self._test(f"{name} at {one.finding.at}", inner)
        if not found and not accepted:
            yield self._test(name)

    def _test(self, title: str, inner: str = "") -> str:
        """Return a case; where a reader tells cases apart by their names, two of one name would be one."""
        self._titles[title] += 1
        number = self._titles[title]
        name = title if number == 1 else f"{title} ({number})"
        head = f"    <testcase classname={_attribute(f'batten.{self.layer}')} name={_attribute(name)}"
        return f"{head}>{inner}</testcase>" if inner else f"{head}/>"

    def lines(self) -> Iterator[str]:
        """Yield the suite's lines."""
        counts = f'tests="{len(self.cases)}" failures="{self.failures}" errors="{self.errors}" skipped="{self.skipped}"'
        yield f'  <testsuite name="batten.{self.layer}" {counts}>'
        yield from self.cases
        yield "  </testsuite>"


def _told(finding: Finding) -> str:
    lines = [finding.says, f"at {finding.at}, {finding.confidence.value}"]
    lines += [f"{seen.at}: {seen.text}" for seen in finding.evidence]
    if finding.fix and finding.fix.says:
        lines.append(f"fix: {finding.fix.says}")
    return _text("\n".join(lines))


def _text(text: str) -> str:
    return escape(_REFUSED.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_REFUSED.sub("\ufffd", text))
