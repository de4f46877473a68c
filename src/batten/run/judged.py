"""The judged report on what was looked at, whichever eyes looked."""

from __future__ import annotations

import datetime as dt
from dataclasses import field
from typing import TYPE_CHECKING

from batten.judge import Terms, judge, salt_for
from batten.model import Picture, Report
from batten.model.data import dataclass
from batten.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from batten.judge import Ignore
    from batten.judge.baseline import Baseline, Known
    from batten.model import AppSummary, Finding, NotDeployed, Rule, Unsure
    from batten.run.request import Request

LAYERS = ("app", "server", "container", "data", "cloud", "dependencies", "http", "ports")


@dataclass(frozen=True, slots=True)
class Looked:
    """What an audit saw, masked, and not judged yet."""

    target: str
    findings: tuple[Finding, ...]
    unsure: tuple[Unsure, ...]
    layers: Mapping[str, str]
    checks: tuple[tuple[str, bool], ...]
    """Of each check that had something of its kind: the rule, and whether there was evidence."""
    rules: tuple[Rule, ...]
    """Those that were asked."""
    apps: tuple[AppSummary, ...] = ()
    not_deployed: tuple[NotDeployed, ...] = ()
    notes: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    http: tuple[Mapping[str, object], ...] = ()
    listeners: tuple[Mapping[str, object], ...] = ()
    sent: Mapping[str, str] = field(default_factory=dict)
    """Headers, in lower case, that every page of the site carried; to the address of the site."""
    stack: Picture = field(default_factory=Picture)
    before: Mapping[str, Known] = field(default_factory=dict)
    """Findings that an older revision had, by their fingerprints."""


def not_asked(*asked: str) -> dict[str, str]:
    """Return the state of the layers that were not asked for."""
    return {layer: "not asked" for layer in LAYERS if layer not in asked}


def judged(request: Request, looked: Looked, *, root: str, source: Callable[[str], str | None]) -> Report:
    """Return the report; `root` names the repository, `source` gives the text of its files."""
    held = baseline_of(request, root)
    name = request.name or held.name or root.rstrip("/").rpartition("/")[2]
    verdict = judge(
        looked.findings,
        looked.unsure,
        terms=Terms(
            today=dt.date.today(),  # noqa: DTZ011 - the user's own calendar day
            salt=salt_for(name),
            fail_on=request.fail_on,
            min_score=request.min_score,
            strict=request.strict,
            persona=request.persona,
        ),
        rules=looked.rules,
        others=all_rules,
        layers=looked.layers,
        evaluated=sum(seen for _, seen in looked.checks),
        applicable=len(looked.checks),
        source=source,
        files=looked.inputs,
        ignores=_accepted(request),
        ran={rule.id for rule in looked.rules},
        known={**{row.fingerprint: row for row in held.rows}, **looked.before},
    )
    return Report(
        target=looked.target,
        score=verdict.score,
        gate=verdict.gate,
        layers=looked.layers,
        apps=looked.apps,
        findings=verdict.findings,
        unsure=looked.unsure,
        suppressed=verdict.suppressed,
        not_deployed=looked.not_deployed,
        notes=(*looked.notes, *held.problems, *verdict.notes),
        inputs=looked.inputs,
        stack=looked.stack,
        checks=_checks(looked),
        http=looked.http,
        listeners=looked.listeners,
    )


def _accepted(request: Request) -> Sequence[Ignore]:
    if request.accepted is not None:
        return request.accepted
    from batten.run.doors import settings  # noqa: PLC0415 - only where the caller did not read them

    return settings(request.target).accepted


def baseline_of(request: Request, root: str) -> Baseline:
    """Return the project's baseline, empty where it has none or none is wanted."""
    from batten.collect import read_anywhere  # noqa: PLC0415 - as in `doors`
    from batten.judge.baseline import FILE, Baseline, parse  # noqa: PLC0415 - few projects have one

    text = read_anywhere(f"{root}/{FILE}") if request.baseline else None
    return parse(text, FILE) if text is not None else Baseline()


def _checks(looked: Looked) -> dict[str, bool]:
    """Return the rules that had something of their kind, each with whether all of it could be told."""
    found: dict[str, bool] = {}
    for rule, seen in looked.checks:
        found[rule] = found.get(rule, True) and seen
    return found
