"""From evaluated programs to the apps that rules look at."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from batten.model import Evidence, Location, NotDeployed, Unsure
from batten.understand import assumed, console_scripts, frameworks, named_apps, own_commands, unserved
from batten.understand.entry import Program, Trees, evaluate
from batten.understand.evaluate.environ import World
from batten.understand.evaluate.interpreter import Interpreter
from batten.understand.evaluate.objects import Abstract, Instance, each, plain_object
from batten.understand.evaluate.origin import locate
from batten.understand.idle import idle_servers
from batten.understand.reader import NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batten.understand.sources import Sources
    from batten.understand.stack import Stack, Unit, Variable
    from batten.understand.subjects import App

WEB_SERVERS = (
    frozenset("python flask gunicorn uvicorn hypercorn waitress uwsgi gevent mod_wsgi daphne granian django".split())
    | own_commands.COMMANDS.keys()
)

MOST_PARSED = 100_000
"""Characters of unreached Python that are parsed only to see whether they can be."""


class Understanding:
    """What the project deploys, and what would be wrong if it were deployed."""

    def __init__(self) -> None:
        """Start empty."""
        self.apps: list[App] = []
        self.not_deployed: list[NotDeployed] = []
        self.unsure: list[Unsure] = []
        self.inputs: set[str] = set()
        self.programs: list[Program] = []
        self.trees = Trees(self.unsure.append)


def understand(
    sources: Sources,
    stack: Stack,
    given: Mapping[str, Variable],
    on_unit: Callable[[Unit], None] = lambda _: None,
    *,
    only: str = "",
    code: bool = True,
) -> Understanding:
    """Return the apps that production runs, evaluated; where there is none, and with `code`, what the code does.

    `given` are variables that stand over what the repository sets; `only` is
    the one file that was asked for.
    """
    seen = Understanding()
    trees = seen.trees
    units = [unit for unit in stack.units if unit.start.server in WEB_SERVERS]
    named = named_apps.units(sources, stack.units, WEB_SERVERS)
    own = console_scripts.units(sources, stack.units, WEB_SERVERS)
    units += [*named, *(unit for unit in own if unit.name not in {one.name for one in named})]
    if only:
        units.append(assumed.named(sources, only, trees))
    _evaluate_all(sources, stack, units, given, trees, seen, on_unit)
    followed = {program.unit.name for program in seen.programs if _apps_of(program)}
    left = [unit for unit in stack.units if unit.name not in followed]
    seen.unsure += named_apps.unknown(sources, left, WEB_SERVERS)
    if not seen.apps:
        guessed = [unit for unit in assumed.units(sources, trees) if not units or not seen.programs]
        known = list(seen.unsure)
        _evaluate_all(sources, stack, guessed, given, trees, seen, on_unit)
        if seen.apps:
            _forget_failed_guesses(seen, known)
    lost = [] if seen.apps else _serving_nothing(sources, seen)
    if code and not seen.apps:
        _read_code(sources, stack, given, trees, seen, only)
    for program in lost:
        program.stopped = "it serves no app that was found"
        doubt = Unsure(f"{program.unit.name} ({program.unit.command})", program.stopped, program.unit.at)
        if doubt.what not in {told.what for told in seen.unsure}:
            seen.unsure.append(doubt)
    idle_servers(sources, trees, stack, seen)
    _parse_the_rest(sources, trees, seen)
    return seen


def _serving_nothing(sources: Sources, seen: Understanding) -> list[Program]:
    """Return the deployed Python programs that ended without serving an app, where the repository makes one."""
    ended = [program for program in seen.programs if program.unit.start.server == "python" and not program.stopped]
    deployed = [program for program in ended if program.unit.kind != "assumed"]
    return deployed if deployed and assumed.makers(sources) else []


def _forget_failed_guesses(seen: Understanding, known: list[Unsure]) -> None:
    """Take back what was not known of starts of our own guess that make no app, where another one does."""
    kept = [p for p in seen.programs if p.unit.kind != "assumed" or (_apps_of(p) and not p.stopped)]
    told = [doubt for program in kept for doubt in program.machine.unsure.values()]
    failed = [d for program in seen.programs if program not in kept for d in program.machine.unsure.values()]
    # In place: the trees go on telling this list of files that cannot be parsed.
    seen.unsure[:] = [doubt for doubt in seen.unsure if doubt in known or doubt in told or doubt not in failed]


def _read_code(
    sources: Sources, stack: Stack, given: Mapping[str, Variable], trees: Trees, seen: Understanding, only: str
) -> None:
    """Take what the code does as the subject, where there is no app."""
    subject, programs = unserved.understood(sources, stack, given, trees, seen.programs, only)
    for program in programs:
        seen.inputs |= program.machine.world.used
        seen.unsure += [doubt for doubt in program.machine.unsure.values() if doubt.what == NAME]
    if subject is not None:
        seen.apps.append(subject)


def _parse_the_rest(sources: Sources, trees: Trees, seen: Understanding) -> None:
    """Parse files that nothing imports, as far as it costs little, so that a broken one is told."""
    left = MOST_PARSED
    for path in sources.files():
        if path.endswith(".py") and path not in seen.inputs:
            text = sources.read(path)
            left -= len(text or "")
            if left < 0:
                break
            if text:
                trees(path, text)


def _evaluate_all(  # noqa: PLR0913, PLR0917 - all of them are the setting of one step
    sources: Sources,
    stack: Stack,
    units: list[Unit],
    given: Mapping[str, Variable],
    trees: Trees,
    seen: Understanding,
    on_unit: Callable[[Unit], None],
) -> None:
    made: set[object] = set()
    for unit in units:
        on_unit(unit)
        alike = [
            p.required for p in seen.programs if p.unit.start.target == unit.start.target and p.unit.cwd == unit.cwd
        ]
        demanded = alike[-1] if alike and unit.start.target else None
        try:
            program = evaluate(sources, stack, unit, given, trees, demanded)
            apps = [(locate(app.facts.get("made")), frameworks.app(program, app)) for app in _apps_of(program)]
        except Exception as error:  # noqa: BLE001 - a bug of ours must not end the audit
            program, apps = (
                _broken(Program(unit, Interpreter(World(sources, unit, stack, given, {}), trees)), error),
                [],
            )
        seen.programs.append(program)
        seen.inputs |= program.machine.world.used
        for place, app in apps:
            if unit.kind == "assumed" and place in made:
                continue
            made.add(place)
            seen.apps.append(app)
        if unit.kind == "assumed":  # what it makes and mounts is no deployment of its own
            made.update(locate(fact[1].facts.get("made")) for fact in program.machine.record if fact[0] == "app")
        seen.unsure += [doubt for doubt in program.machine.unsure.values() if doubt not in seen.unsure]


def _broken(program: Program, error: Exception) -> Program:
    """Return a program of which nothing is known, because evaluating it met a bug of ours."""
    what = f"{program.unit.name} ({program.unit.command})"
    program.stopped = f"a bug in Batten: {type(error).__name__}: {error}"
    told = Unsure(what, program.stopped, program.unit.at, detail="".join(traceback.format_exception(error)))
    program.machine.unsure[what, program.stopped] = told
    return program


def _apps_of(program: Program) -> list[Instance]:
    """Return the app objects that a program serves, else those that it makes."""
    found: list[Instance] = []

    def add(value: Abstract | None) -> None:
        for choice in each(value) if value is not None else ():
            inner = plain_object(choice)
            while (
                isinstance(inner, Instance)
                and "routes" not in inner.facts
                and isinstance(inner.facts.get("app"), Instance)
            ):
                inner = inner.facts["app"]
            if (
                isinstance(inner, Instance)
                and "routes" in inner.facts
                and inner.library != "flask.Blueprint"
                and inner not in found
            ):
                found.append(inner)

    for value in program.served:
        add(value)
    for fact in program.machine.record:
        if fact[0] == "serve":
            add(fact[2])
    if not found and not console_scripts.is_function(program.unit):  # its other commands import the app as well
        for fact in program.machine.record:
            if fact[0] == "app":
                add(fact[1])
    return found


__all__ = ["Evidence", "Location", "Understanding", "understand"]
