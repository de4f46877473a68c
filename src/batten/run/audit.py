"""The static audit, from a directory to a judged report."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from batten.judge import Terms, judge, salt_for
from batten.model import Report, Unsure
from batten.rules import all_rules, find
from batten.run import asking, masking
from batten.run.coverage import coverage
from batten.run.evaluated import app_layer, doubts, evaluated, masks_of, summary, understood
from batten.understand import DictSources, resolve
from batten.understand.evaluate.environ import command_line
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.model import Finding, Rule
    from batten.run.evaluated import Evaluated
    from batten.run.request import Request

OTHER_LAYERS = ("server", "container", "data", "cloud", "dependencies", "http", "ports")


def check(request: Request) -> Report:
    """Return the judged report on a project; its code is read, never run.

    Raises:
        BattenError: the target does not exist, or a setting is malformed.
    """
    held = evaluated(request)
    rules = _wanted(request)
    bugs: list[Unsure] = []
    findings = asking.ask(rules, held.seen.apps, bugs.append)
    return _judged(request, held, findings, doubts(held, bugs), rules)


def check_files(
    files: Mapping[str, str], env: Mapping[str, str] | None = None, rules: Sequence[Rule] | None = None
) -> tuple[Finding, ...]:
    """Return the findings on a project held in memory, unjudged: for examples and tests.

    `rules` are those to ask, all of ours by default.
    """
    sources = DictSources(files)
    unsure: list[Unsure] = []
    stack = resolve(sources, unsure.append)
    given = {name: Variable(name, value, command_line(name), "--env") for name, value in (env or {}).items()}
    seen = understood(sources, stack, given)
    found = asking.ask(all_rules() if rules is None else rules, seen.apps, unsure.append)
    bug = next((doubt for doubt in unsure if doubt.detail), None)
    if bug is not None:
        raise RuntimeError(bug.detail)
    return found


def _wanted(request: Request) -> tuple[Rule, ...]:
    selected = {rule.id for name in request.select for rule in find(name)}
    ignored = {rule.id for name in request.ignore for rule in find(name)}
    return tuple(
        rule
        for rule in all_rules()
        if (not selected or rule.id in selected)
        and rule.id not in ignored
        and (rule.persona == "regular" or request.persona == "auditor")
    )


def _judged(
    request: Request, held: Evaluated, findings: Sequence[Finding], unsure: tuple[Unsure, ...], rules: tuple[Rule, ...]
) -> Report:
    tree, seen = held.tree, held.seen
    masks = masks_of(held, findings)
    findings = [masks.finding(finding, tree.read) for finding in findings]
    evaluated, applicable = coverage(rules, seen.apps)
    unsure = tuple(map(masks.unsure, unsure))
    layers = {"app": masks.said(app_layer(seen)), **dict.fromkeys(OTHER_LAYERS, "not asked")}
    verdict = judge(
        findings,
        unsure,
        terms=Terms(
            today=dt.date.today(),  # noqa: DTZ011 - the user's own calendar day
            salt=salt_for(tree.root.rstrip("/").rpartition("/")[2]),
            fail_on=request.fail_on,
            min_score=request.min_score,
            strict=request.strict,
            persona=request.persona,
        ),
        rules=all_rules(),
        layers=layers,
        evaluated=evaluated,
        applicable=applicable,
        source=tree.read,
        files=sorted(seen.inputs),
        ignores=_accepted(request),
        ran={rule.id for rule in rules},
    )
    return Report(
        target=request.target,
        score=verdict.score,
        gate=verdict.gate,
        layers=layers,
        apps=tuple(summary(app, masks) for app in seen.apps if app.framework),
        findings=verdict.findings,
        unsure=unsure,
        suppressed=verdict.suppressed,
        not_deployed=tuple(map(masks.not_deployed, seen.not_deployed)),
        notes=verdict.notes,
        inputs=tuple(sorted(seen.inputs)),
    )


def _accepted(request: Request) -> Sequence[masking.Ignore]:
    if request.accepted is not None:
        return request.accepted
    from batten.run.doors import settings  # noqa: PLC0415 - only where the caller did not read them

    return settings(request.target).accepted
