"""SARIF 2.1.0, as GitHub code scanning and DefectDojo accept it at the first try.

One run per layer, each with its own category, so that an upload of one layer
never closes the alerts of another. Every result has a relative path and a
line: GitHub refuses a whole file for one result without (codeql-action #754,
#2456). What is suppressed is left out, or its alerts would open again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from batten import __version__
from batten.report.anchors import anchor, inside, under
from batten.report.sarif_rules import LEVELS, described
from batten.report.wording import written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.model import Edit, Evidence, Finding, Location, Report, Rule, Unsure

Object = dict[str, object]


def render(
    report: Report,
    rules: Sequence[Rule],
    *,
    tags: Mapping[str, Sequence[str]] | None = None,
    prefix: str = "",
) -> str:
    """Return the report as SARIF text.

    `rules` are those that were asked, `tags` their standards by rule id;
    without it a rule has the tags of its findings. `prefix` is the directory of
    the target inside the repository, where that is not the same.
    """
    runs = [_Run(report, layer, prefix).render(rules, tags or {}) for layer in _layers(report)]
    return written({"$schema": _SCHEMA, "version": "2.1.0", "runs": runs})


def _layers(report: Report) -> list[str]:
    """Return the layers to show, at least one: a file without runs is no upload.

    A layer that was not asked, or that could not be looked at, has no run: an
    empty one would close its alerts as if they were fixed.
    """
    seen = [name for name, state in report.layers.items() if state in _SEEN]
    found = {finding.layer for finding in report.findings}
    return [*seen, *sorted(found.difference(seen))] or ["none"]


class _Run:
    """The run of one layer."""

    def __init__(self, report: Report, layer: str, prefix: str) -> None:
        self._report = report
        self._layer = layer
        self._prefix = prefix.strip("/")
        self._findings = [f for f in report.findings if f.layer == layer][:_MOST_RESULTS]

    def render(self, rules: Sequence[Rule], tags: Mapping[str, Sequence[str]]) -> Object:
        """Return the run object."""
        descriptors = list(described(self._layer, rules, self._findings, tags))
        index = {str(rule["id"]): number for number, rule in enumerate(descriptors)}
        seen = self._report.layers.get(self._layer) in _SEEN
        invocation: Object = {"executionSuccessful": seen}
        doubts = [self._doubt(d) for d in self._report.unsure if d.layer == self._layer]
        if doubts:
            invocation["toolExecutionNotifications"] = doubts
        return {
            "tool": {
                "driver": {
                    "name": "batten",
                    "fullName": f"Batten, {self._layer} layer",
                    "semanticVersion": __version__,
                    "rules": descriptors,
                }
            },
            "automationDetails": {"id": f"batten/{self._layer}/"},
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation],
            "results": [self._result(f, index[f.rule]) for f in self._findings],
        }

    def _result(self, finding: Finding, rule_index: int) -> Object:
        result: Object = {
            "ruleId": finding.rule,
            "ruleIndex": rule_index,
            "level": LEVELS[finding.graded],
            "message": {"text": _message(finding)},
            "locations": [self._anchored(finding)],
            "partialFingerprints": {"batten/v1": finding.fingerprint},
            "properties": {
                "severity": finding.graded.value,
                "confidence": finding.confidence.value,
                "app": finding.app,
                "environment": finding.environment,
            },
        }
        steps = [e for e in finding.evidence if self._uri(e.at)][:_MOST_LOCATIONS]
        related = [e for e in steps if (e.at.file, e.at.line) != (finding.at.file, finding.at.line)]
        if related:
            result["relatedLocations"] = [{"id": number, **self._step(one)} for number, one in enumerate(related, 1)]
        if len(steps) > 1:
            flow = [{"location": self._step(one)} for one in steps]
            result["codeFlows"] = [{"threadFlows": [{"locations": flow}]}]
        changes = self._changes(finding)
        if finding.fix and changes:
            fix = {"description": {"text": finding.fix.says}, "artifactChanges": changes}
            result["fixes"] = [fix]
        return result

    def _anchored(self, finding: Finding) -> Object:
        """Return the location of a finding; what has no file stands where a file explains it."""
        if self._uri(finding.at):
            return self._place(finding.at)
        name = {"fullyQualifiedName": str(finding.at), "kind": "resource"}
        return {**self._place(anchor(finding, self._report)), "logicalLocations": [name]}

    def _doubt(self, doubt: Unsure) -> Object:
        notification: Object = {
            "level": "note",
            "message": {"text": f"{doubt.what}: {doubt.why}"},
        }
        if doubt.at and self._uri(doubt.at):
            notification["locations"] = [self._place(doubt.at)]
        return notification

    def _step(self, evidence: Evidence) -> Object:
        return {**self._place(evidence.at), "message": {"text": evidence.text}}

    def _place(self, at: Location) -> Object:
        artifact = {"uri": self._uri(at)}
        return {"physicalLocation": {"artifactLocation": artifact, "region": _region(at)}}

    def _changes(self, finding: Finding) -> list[Object]:
        """Return the edits of a fix by file; none when one of them could not be written down."""
        edits = finding.fix.edits if finding.fix else ()
        if not all(_spans(edit) and self._uri(edit.at) for edit in edits):
            return []
        files: dict[str, list[Object]] = {}
        for edit in edits:
            replacement = {
                "deletedRegion": _region(edit.at),
                "insertedContent": {"text": edit.text},
            }
            files.setdefault(self._uri(edit.at), []).append(replacement)
        return [{"artifactLocation": {"uri": uri}, "replacements": replacements} for uri, replacements in files.items()]

    def _uri(self, at: Location) -> str:
        """Return the relative URI of a place, or nothing when it has no file inside the target."""
        file = inside(at)
        return quote(under(self._prefix, file).encode("utf-8", "surrogateescape")) if file else ""


def _message(finding: Finding) -> str:
    """Return the sentence, how sure it is, the place where no file can show it, and the fix."""
    place = "" if finding.at.file is not None else f" at {finding.at}"
    text = f"{finding.says}{place} ({finding.confidence.value})."
    if finding.note:
        text += f" Note: {finding.note}."
    return f"{text} Fix: {finding.fix.says}" if finding.fix and finding.fix.says else text


def _region(at: Location) -> Object:
    """Return the lines and columns of a place, as far as they make sense together."""
    start = max(at.line or 1, 1)
    region: Object = {"startLine": start}
    if at.column is not None and at.line is not None:
        region["startColumn"] = max(at.column, 1)
        end = (at.end_line or 0, at.end_column or 0)
        if end >= (start, at.column) and end[1]:
            region["endLine"], region["endColumn"] = end
    return region


def _spans(edit: Edit) -> bool:
    return "endColumn" in _region(edit.at)


_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_SEEN = ("evaluated", "nothing found")
_MOST_RESULTS = 25_000
"""GitHub refuses a run with more; the findings are worst first."""
_MOST_LOCATIONS = 100
"""GitHub keeps no more for one result."""
