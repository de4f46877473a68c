"""The static audit, from a directory to a judged report."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.collect import Tree, read_given
from batten.judge import Terms, judge, salt_for
from batten.model import AppSummary, BattenError, Entry, Location, Report, Unsure
from batten.rules import all_rules, find
from batten.run import asking, masking
from batten.run.coverage import coverage
from batten.understand import DictSources, Understanding, resolve, understand
from batten.understand.deploy import dotenv
from batten.understand.evaluate.environ import command_line
from batten.understand.stack import Stack, Start, Unit, Variable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.model import Finding, Rule
    from batten.run.request import Request
    from batten.understand import Sources
    from batten.understand.subjects import App

DEEPEST = 12_000
"""Python frames that evaluating deeply nested code may use."""
OTHER_LAYERS = ("server", "container", "data", "cloud", "dependencies", "http", "ports")


def check(request: Request) -> Report:
    """Return the judged report on a project; its code is read, never run.

    Raises:
        BattenError: the target does not exist, or a setting is malformed.
    """
    directory, file = _target(request.target)
    tree = Tree(directory)
    unsure: list[Unsure] = []
    given = _given(request)
    stack = _only(tree, file) if file else resolve(tree, unsure.append)
    seen = _understood(tree, stack, given)
    rules = _wanted(request)
    findings = asking.ask(rules, seen.apps, unsure.append)
    unsure = [*tree.unsure, *unsure, *seen.unsure]
    return _judged(request, tree, seen, findings, _distinct(unsure), rules)


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
    seen = _understood(sources, stack, given)
    found = asking.ask(all_rules() if rules is None else rules, seen.apps, unsure.append)
    bug = next((doubt for doubt in unsure if doubt.detail), None)
    if bug is not None:
        raise RuntimeError(bug.detail)
    return found


def _target(target: str) -> tuple[str, str]:
    """Return the directory to look at, and the file in it that was named, if one was."""
    if target.endswith(".py"):
        directory, _, name = target.rpartition("/")
        return directory or ".", name
    return target, ""


def _only(tree: Tree, file: str) -> Stack:
    if not tree.exists(file):
        message = f"there is no {file!r} in {tree.root!r}"
        raise BattenError(message, hint="give a directory, or a Python file that exists")
    found = resolve(tree, lambda _: None)
    unit = Unit(
        name=file,
        kind="assumed",
        start=Start("python", file),
        command=f"python {file}",
        at=Location(file=file, line=1),
    )
    return replace(found, units=(unit,))


def _understood(sources: Sources, stack: Stack, given: Mapping[str, Variable]) -> Understanding:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEEPEST))
    try:
        return understand(sources, stack, given)
    finally:
        sys.setrecursionlimit(limit)


def _given(request: Request) -> dict[str, Variable]:
    given: dict[str, Variable] = {}
    for path in request.env_files:
        for name, variable in dotenv.parse(read_given(path), path).items():
            given[name] = replace(variable, says="--env-file", at=command_line(name))
    for name, value in request.env.items():
        given[name] = Variable(name, value, command_line(name), "--env")
    return given


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


def _distinct(unsure: Sequence[Unsure]) -> tuple[Unsure, ...]:
    kept = {(doubt.what, doubt.why): doubt for doubt in unsure}
    return tuple(sorted(kept.values(), key=lambda d: (d.layer, d.what, d.why)))


def _judged(
    request: Request,
    tree: Tree,
    seen: Understanding,
    findings: Sequence[Finding],
    unsure: tuple[Unsure, ...],
    rules: tuple[Rule, ...],
) -> Report:
    masks = masking.Masks(seen.apps, findings)
    findings = [masks.finding(finding, tree.read) for finding in findings]
    evaluated, applicable = coverage(rules, seen.apps)
    layers = {"app": _app_layer(seen), **dict.fromkeys(OTHER_LAYERS, "not asked")}
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
        apps=tuple(_summary(app, masks) for app in seen.apps),
        findings=verdict.findings,
        unsure=unsure,
        suppressed=verdict.suppressed,
        not_deployed=tuple(seen.not_deployed),
        notes=verdict.notes,
        inputs=tuple(sorted(seen.inputs)),
    )


def _app_layer(seen: Understanding) -> str:
    stopped = next((f"{p.unit.name}: {p.stopped}" for p in seen.programs if p.stopped), "")
    if stopped:
        return stopped
    return "evaluated" if seen.apps else "nothing found"


def _accepted(request: Request) -> Sequence[masking.Ignore]:
    if request.accepted is not None:
        return request.accepted
    from batten.run.doors import settings  # noqa: PLC0415 - only where the caller did not read them

    return settings(request.target).accepted


def _summary(app: App, masks: masking.Masks) -> AppSummary:
    unit = app.unit
    return AppSummary(
        name=app.name,
        framework=app.framework,
        root=app.root,
        entry=Entry(unit.command, unit.at, assumed=unit.kind == "assumed"),
        settings={name: masks.value(value) for name, value in app.settings.items()},
    )
