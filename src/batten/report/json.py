"""The JSON report, `batten/1`: for programs, with a published schema beside this file.

Fields are only ever added within version 1. A key that does not apply is null
or left out as the schema says, never guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten import __version__
from batten.model import State
from batten.report.wording import Data, data, known, trail, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.model import (
        AppSummary,
        Configuration,
        Edit,
        Entry,
        Evidence,
        Finding,
        Fix,
        Gate,
        Location,
        NotDeployed,
        Picture,
        Report,
        Score,
        Suppressed,
        Unsure,
        Value,
    )

Object = dict[str, Data]


def render(report: Report) -> str:
    """Return the report as JSON text, the same for the same report."""
    return written(document(report))


def document(report: Report) -> Mapping[str, object]:
    """Return the report as the data that `render` writes."""
    return {
        "schema": "batten/1",
        "batten": __version__,
        "target": report.target,
        "score": _score(report.score),
        "gate": _gate(report.gate),
        "layers": dict(report.layers),
        "apps": [_app(app) for app in report.apps],
        "findings": [_finding(finding) for finding in report.findings],
        "unsure": [_unsure(doubt) for doubt in report.unsure],
        "suppressed": [_suppressed(one) for one in report.suppressed],
        "not_deployed": [_not_deployed(one) for one in report.not_deployed],
        "notes": list(report.notes),
        "inputs": list(report.inputs),
        "stack": _stack(report.stack),
        "http": [dict(one) for one in report.http],
        "listeners": [dict(one) for one in report.listeners],
    }


def configuration(held: Configuration) -> str:
    """Return an effective configuration as JSON text: the report's own form, less what a verdict adds."""
    return written(
        {
            "schema": "batten/1",
            "batten": __version__,
            "target": held.target,
            "layers": dict(held.layers),
            "apps": [_app(app) for app in held.apps],
            "unsure": [_unsure(doubt) for doubt in held.unsure],
            "not_deployed": [_not_deployed(one) for one in held.not_deployed],
            "notes": list(held.notes),
            "inputs": list(held.inputs),
        }
    )


def _score(score: Score) -> Object:
    return {
        "version": score.version,
        "points": score.points,
        "letter": score.letter,
        "cap": score.cap,
        "coverage": {"evaluated": score.evaluated, "applicable": score.applicable},
        "table": [{"fingerprint": one.fingerprint, "rule": one.rule, "cost": one.cost} for one in score.table],
        "next": [{"fingerprint": one.fingerprint, "rule": one.rule, "gain": one.gain} for one in score.next],
    }


def _gate(gate: Gate) -> Object:
    return {"passed": gate.passed, "why": list(gate.why), "code": gate.code, "shut_by": list(gate.shut_by)}


def _app(app: AppSummary) -> Object:
    return {
        "name": app.name,
        "framework": app.framework,
        "root": app.root,
        "entry": _entry(app.entry),
        "environments": list(app.environments),
        "settings": {name: _setting(app.settings[name]) for name in sorted(app.settings)},
    }


def _entry(entry: Entry) -> Object:
    at = _location(entry.at) if entry.at else None
    origin: list[Data] = [_evidence(one) for one in entry.origin]
    return {"command": entry.command, "at": at, "assumed": entry.assumed, "unit": entry.unit, "origin": origin}


def _setting(value: Value) -> Object:
    setting: Object = {"state": value.state.value, "confidence": value.confidence.value}
    if value.state is State.KNOWN:
        setting = {"value": known(value), **setting}
    elif value.state is State.ONE_OF:
        cases = value.hidden().cases_ if value.secret else value.cases_
        setting["values"] = [known(case) for case in cases if case.state is State.KNOWN]
    elif value.state in (State.UNKNOWN, State.ERROR) or value.why:
        setting["why"] = value.why
    setting["origin"] = [_evidence(one) for one in trail(value)]
    return setting


def _finding(finding: Finding) -> Object:
    return {
        "rule": finding.rule,
        "topic": finding.topic,
        "layer": finding.layer,
        "app": finding.app,
        "environment": finding.environment,
        "severity": finding.graded.value,
        "confidence": finding.confidence.value,
        "message": finding.says,
        "note": finding.note,
        "location": _location(finding.at),
        "evidence": [_evidence(one) for one in finding.evidence],
        "fix": _fix(finding.fix) if finding.fix else None,
        "fingerprint": finding.fingerprint,
        "cwe": finding.cwe,
        "tags": list(finding.tags),
    }


def _suppressed(one: Suppressed) -> Object:
    suppression: Object = {
        "reason": one.reason,
        "until": one.until,
        "owner": one.owner,
        "at": _location(one.at),
    }
    return {**_finding(one.finding), "suppression": suppression}


def _not_deployed(one: NotDeployed) -> Object:
    return {"what": one.what, "why": one.why, "at": _location(one.at), "topics": list(one.topics)}


def _stack(picture: Picture) -> Object:
    boxes: list[Data] = [
        {
            "name": box.name,
            "kind": box.kind,
            "runs": box.runs,
            "at": _location(box.at) if box.at else None,
            "says": list(box.says),
            "networks": list(box.networks),
            "doors": [
                {
                    "address": door.address,
                    "port": door.port,
                    "inside": door.inside,
                    "open": door.is_open,
                    "at": _location(door.at) if door.at else None,
                }
                for door in box.doors
            ],
        }
        for box in picture.boxes
    ]
    links: list[Data] = [
        {"from": link.begin, "to": link.end, "says": link.says, "known": link.is_known} for link in picture.links
    ]
    return {"boxes": boxes, "links": links}


def _unsure(doubt: Unsure) -> Object:
    return {
        "what": doubt.what,
        "why": doubt.why,
        "at": _location(doubt.at) if doubt.at else None,
        "layer": doubt.layer,
        "detail": doubt.detail,
    }


def _location(at: Location) -> Object:
    """Return a place: file, line, URL and port always, the rest where it is known."""
    return {"file": at.file, "line": at.line, "url": at.url, "port": at.port, **_finer(at)}


def _evidence(one: Evidence) -> Object:
    """Return one step of a trail: file and line always, what else there is, and what was seen."""
    step: Object = {"file": one.at.file, "line": one.at.line, **_finer(one.at)}
    step |= {key: value for key, value in (("url", one.at.url), ("port", one.at.port)) if value}
    step["says"] = one.text
    if one.source is not None:
        step["source"] = one.source
    return step


def _finer(at: Location) -> Object:
    finer = {
        "column": at.column,
        "end_line": at.end_line,
        "end_column": at.end_column,
        "variable": at.variable,
    }
    return {key: data(value) for key, value in finer.items() if value is not None}


def _fix(fix: Fix) -> Object:
    return {
        "kind": fix.kind.value,
        "says": fix.says,
        "edits": [_edit(edit) for edit in fix.edits],
    }


def _edit(edit: Edit) -> Object:
    return {
        "file": edit.at.file,
        "line": edit.at.line,
        "column": edit.at.column,
        "end_line": edit.at.end_line,
        "end_column": edit.at.end_column,
        "text": edit.text,
    }
