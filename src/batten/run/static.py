"""The static audit, from a directory to a judged report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Picture
from batten.rules import rules_over, static_rules
from batten.run import asking
from batten.run.change.since import known
from batten.run.coverage import coverage, coverage_around, examined
from batten.run.evaluated import EVALUATED, NOTHING, app_layer, doubts, evaluated, masks_of, summary, understood
from batten.run.judged import Looked, judged, not_asked
from batten.run.wanted import wanted
from batten.understand import DictSources, resolve
from batten.understand.evaluate.environ import command_line
from batten.understand.infrastructure import survey
from batten.understand.infrastructure.picture import draw
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.model import Finding, Report, Rule, Unsure
    from batten.run.asking import Thing
    from batten.run.evaluated import Evaluated
    from batten.run.masking import Masks
    from batten.run.request import Request

AROUND = ("server", "container", "data", "cloud", "dependencies")
"""The layers around the apps, which a check looks at too."""
SEEN_STATES = (EVALUATED, NOTHING)
"""States of the app layer in which it was looked at."""


def check(request: Request) -> Report:
    """Return the judged report on a project; its code is read, never run.

    Raises:
        BattenError: the target does not exist, or a setting is malformed.
    """
    held = evaluated(request)
    seen = replace(looked(request, held), before=known(request, held.tree.root, check))
    return judged(request, seen, root=held.tree.root, source=held.tree.read)


def looked(request: Request, held: Evaluated) -> Looked:
    """Return what was seen of a project that was evaluated, for the judge."""
    things: list[Thing] = [*held.seen.apps, *((held.around,) if held.around is not None else ())]
    rules = wanted(request, rules_over(asking.kinds(things), examined(held.around)))
    bugs: list[Unsure] = []
    findings = asking.ask(rules, things, bugs.append)
    return _looked(request, held, findings, doubts(held, bugs), rules)


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
    around = survey(sources, stack, seen, unsure.append)
    found = asking.ask(static_rules() if rules is None else rules, [*seen.apps, around], unsure.append)
    bug = next((doubt for doubt in (*unsure, *seen.unsure) if doubt.detail), None)
    if bug is not None:
        raise RuntimeError(bug.detail)
    return found


def _looked(
    request: Request, held: Evaluated, findings: Sequence[Finding], unsure: tuple[Unsure, ...], rules: tuple[Rule, ...]
) -> Looked:
    tree, seen = held.tree, held.seen
    masks = masks_of(held, findings)
    state = app_layer(seen)
    checks = coverage(rules, seen.apps)
    if state not in SEEN_STATES and not any(app.framework for app in seen.apps):
        # What was found in code beside an app says nothing of the app that could not be evaluated.
        checks = [(rule, False) for rule, _ in checks]
    if held.around is not None:
        checks += coverage_around(rules, held.around)
    return Looked(
        target=request.target,
        findings=tuple(masks.finding(finding, tree.read) for finding in findings),
        unsure=tuple(map(masks.unsure, unsure)),
        layers=_layers(masks.said(state), held, findings),
        checks=tuple(checks),
        rules=rules,
        apps=tuple(summary(app, masks) for app in seen.apps if app.framework),
        not_deployed=tuple(map(masks.not_deployed, seen.not_deployed)),
        notes=held.around.notes if held.around is not None else (),
        inputs=tuple(sorted(seen.inputs)),
        stack=_picture(held, masks),
    )


def _picture(held: Evaluated, masks: Masks) -> Picture:
    """Return the picture of what runs, without secrets: commands may hold some."""
    if held.around is None or held.stack is None:
        return Picture()
    picture = draw(held.around, held.stack, held.seen.apps)
    boxes = (replace(box, says=tuple(masks.line(text) for text in box.says)) for box in picture.boxes)
    return replace(picture, boxes=tuple(boxes))


def _layers(app: str, held: Evaluated, findings: Sequence[Finding]) -> dict[str, str]:
    """Return the state of each layer; without a project there is only the file that was named."""
    if held.around is None:
        return {"app": app, **not_asked("app")}
    found = {finding.layer for finding in findings}
    around = {layer: EVALUATED if layer in found else NOTHING for layer in AROUND}
    return {"app": app, **around, **held.around.layers, **not_asked("app", *AROUND)}
