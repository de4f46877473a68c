"""From a request to what the project deploys, evaluated: what the audit and `batten config` begin with."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.collect import Tree, read_given
from batten.model import AppSummary, BattenError, Entry, State, Unsure
from batten.model.data import dataclass
from batten.run.advisories import service
from batten.run.masking import Masks
from batten.understand import Understanding, look_closely, resolve, understand
from batten.understand.deploy import dotenv
from batten.understand.evaluate.environ import command_line
from batten.understand.infrastructure import survey
from batten.understand.infrastructure.nouns import Container
from batten.understand.stack import Stack, Variable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.model import Finding
    from batten.run.request import Request
    from batten.understand import Sources
    from batten.understand.infrastructure.nouns import Infrastructure
    from batten.understand.subjects import App

DEEPEST = 12_000
"""Python frames that evaluating deeply nested code may use."""
EVALUATED = "evaluated"
NOTHING = "nothing found"


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A project as it was read and understood."""

    tree: Tree
    seen: Understanding
    unsure: tuple[Unsure, ...]
    """Doubts of finding the deployment; `tree` and `seen` hold their own."""
    given: Mapping[str, Variable]
    """Variables of the command line."""
    stack: Stack | None = None
    around: Infrastructure | None = None
    """What stands around the apps; None where only the apps were asked for."""


def evaluated(request: Request, *, code: bool = True) -> Evaluated:
    """Return what the project of a request deploys; its code is read, never run.

    With `code`, a project without an app is looked at too, and what stands
    around the apps; where a file was named, that file is all there is.

    Raises:
        BattenError: the target does not exist.
    """
    directory, file = _target(request.target)
    tree = Tree(directory)
    unsure: list[Unsure] = []
    given = _given(request)
    stack = _only(tree, file) if file else resolve(tree, unsure.append)
    closely = code and request.persona == "auditor"
    seen = understood(tree, stack, given, file, code=code, closely=closely)
    around = None
    if code and not file:
        today = dt.date.today()  # noqa: DTZ011 - the user's own calendar day, as for the judge
        around = survey(tree, stack, seen, unsure.append, today=today, advisories=service(request.advisories))
    return Evaluated(tree, seen, tuple(unsure), given, stack, around)


def understood(
    sources: Sources,
    stack: Stack,
    given: Mapping[str, Variable],
    only: str = "",
    *,
    code: bool = True,
    closely: bool = True,
) -> Understanding:
    """Return what a stack runs, evaluated with room for deeply nested code; `only` is the file that was named.

    Where it is looked at `closely`, what only auditors are told is there too.
    """
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEEPEST))
    try:
        seen = understand(sources, stack, given, only=only, code=code)
        if closely:
            look_closely(sources, seen, only)
    finally:
        sys.setrecursionlimit(limit)
    return seen


def doubts(held: Evaluated, further: Sequence[Unsure] = ()) -> tuple[Unsure, ...]:
    """Return what could not be told, each doubt once, in a fixed order."""
    kept = {(doubt.what, doubt.why): doubt for doubt in (*held.tree.unsure, *held.unsure, *further, *held.seen.unsure)}
    return tuple(sorted(kept.values(), key=lambda d: (d.layer, d.what, d.why)))


def masks_of(held: Evaluated, findings: Sequence[Finding] = ()) -> Masks:
    """Return the masks of all secrets that a project holds.

    Where it does not start, its settings hold none yet, and the message that
    it leaves with may: its files are then searched for what looks like one.
    """
    seen = held.seen
    variables = [variable for program in seen.programs for variable in program.unit.env.values()]
    stopped = any(program.stopped for program in seen.programs)
    texts = [held.tree.read(path) or "" for path in sorted(seen.inputs)] if stopped else ()
    containers = [part for part in (held.around.parts if held.around else ()) if isinstance(part, Container)]
    variables += [variable for container in containers for variable in container.env.values()]
    return Masks(seen.apps, findings, (*variables, *held.given.values()), texts, held.tree.files())


def app_layer(seen: Understanding) -> str:
    """Return the state of the app layer: evaluated, nothing found, or why it could not be."""
    # Where something was found, a start of our own guess that fails says nothing of it.
    programs = [p for p in seen.programs if p.stopped and not (seen.apps and p.unit.kind == "assumed")]
    stopped = next((f"{p.unit.name}: {p.stopped}" for p in programs), "")
    if stopped:
        return stopped
    for app in seen.apps:
        why = unread(app)
        if why:
            return f"{app.name}: nothing of what it is configured with is known: {why}"
    return EVALUATED if seen.apps else NOTHING


def unread(app: App) -> str:
    """Return why none of an app's settings is known; empty where one is, and for an app without settings."""
    held = [value for name, value in app.settings.items() if name.isupper()]
    if not held or any(value.state is not State.UNKNOWN for value in held):
        return ""
    return held[0].why or "its settings could not be read"


def summary(app: App, masks: Masks | None) -> AppSummary:
    """Return an app as the report shows it; without masks its secrets are shown."""
    unit = app.unit
    command, trace = unit.command, unit.evidence
    if masks is not None:
        command, trace = masks.line(command), tuple(masks.seen(seen) for seen in trace)
    return AppSummary(
        name=app.name,
        framework=app.framework,
        root=app.root,
        entry=Entry(command, unit.at, assumed=unit.kind == "assumed", unit=unit.name, origin=trace),
        settings={name: masks.value(value) if masks else value.bared() for name, value in app.settings.items()},
    )


def variables_given(request: Request) -> dict[str, str]:
    """Return the variables that the user says production sets, by name; one without a value is empty.

    Raises:
        BattenError: a file of them cannot be read.
    """
    return {name: variable.value or "" for name, variable in _given(request).items()}


def _target(target: str) -> tuple[str, str]:
    """Return the directory to look at, and the file in it that was named, if one was."""
    if target.endswith(".py"):
        directory, _, name = target.rpartition("/")
        return directory or ".", name
    return target, ""


def _only(tree: Tree, file: str) -> Stack:
    """Return the stack in which nothing runs but the file that was named."""
    if not tree.exists(file):
        message = f"there is no {file!r} in {tree.root!r}"
        raise BattenError(message, hint="give a directory, or a Python file that exists")
    return replace(resolve(tree, lambda _: None), units=())


def _given(request: Request) -> dict[str, Variable]:
    given: dict[str, Variable] = {}
    for path in request.env_files:
        for name, variable in dotenv.parse(read_given(path), path).items():
            given[name] = replace(variable, says="--env-file", at=command_line(name))
    for name, value in request.env.items():
        given[name] = Variable(name, value, command_line(name), "--env")
    return given
