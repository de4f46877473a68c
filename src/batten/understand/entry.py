"""From a unit's command to the program that it starts, evaluated."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from batten.model import Location, Unsure
from batten.understand import console_scripts, gunicorn_file, own_commands
from batten.understand.evaluate import library
from batten.understand.evaluate.environ import World
from batten.understand.evaluate.frame import Frame
from batten.understand.evaluate.interpreter import Interpreter, parse_python
from batten.understand.evaluate.library import Call
from batten.understand.evaluate.machine import ExhaustedError, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Function,
    Instance,
    Known,
    Module,
    OneOf,
    Unknown,
    each,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place, locate
from batten.understand.sources import join as join_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batten.understand.sources import Sources
    from batten.understand.stack import Stack, Unit, Variable

MOST_RESTARTS = 16
DEEPEST = 6_000

APP_NAMES = ("app", "application")
FACTORY_NAMES = ("create_app", "make_app")
REFUSES = "the app refuses to start"


class Program:
    """One process, evaluated: the machine with all it recorded, and the app object it serves."""

    def __init__(self, unit: Unit, machine: Interpreter) -> None:
        """Start with nothing served."""
        self.unit = unit
        self.machine = machine
        self.served: list[Abstract] = []
        """App objects that the command serves, as it names them."""
        self.stopped = ""
        """Why evaluation ended early, or nothing."""
        self.required: Mapping[str, str] = {}
        """Variables without which it refuses to start, with the reason."""
        self.trees: dict[str, ast.Module] = {}


class Trees:
    """Parses files of the project once, for all programs."""

    def __init__(self, note: Callable[[Unsure], None]) -> None:
        """Tell `note` about files that cannot be parsed."""
        self._trees: dict[str, ast.Module | None] = {}
        self._note = note

    def __call__(self, path: str, text: str) -> ast.Module | None:
        """Return the syntax tree of a file, None when it has none."""
        if path not in self._trees:
            self._trees[path] = parse_python(path, text, self._tell)
        return self._trees[path]

    def _tell(self, path: str, why: str, line: int) -> None:
        self._note(Unsure(path, why, Location(file=path, line=line)))


def evaluate(
    sources: Sources,
    stack: Stack,
    unit: Unit,
    given: Mapping[str, Variable],
    trees: Trees,
    demanded: Mapping[str, str] | None = None,
) -> Program:
    """Return the program that `unit` starts, evaluated.

    Where it refuses to start because a variable is missing, it is evaluated
    again with that variable set to something unknown: production is bound to
    set it. `demanded` are variables that the same program asked for, started
    by another unit, with the reason. Where it refuses what is set, before there
    is an app, it is evaluated past the refusal to see what would not start.
    """
    required = {name: why for name, why in (demanded or {}).items() if name not in unit.env and name not in given}
    refusals: dict[ast.AST, ThrownError] = {}
    for _ in range(MOST_RESTARTS):
        machine = Interpreter(World(sources, unit, stack, given, required), trees)
        machine.pardoned = frozenset(refusals)
        program = Program(unit, machine)
        error = _attempt(program)
        program.required = required
        first = next(iter(refusals.values()), error)
        if first is None:
            return program
        name = _culprit(error, required) if error is not None else None
        refusal = _refusal(machine, error) if name is None else None
        if refusal is not None and error is not None and refusal not in refusals:
            refusals[refusal] = error
            continue
        if error is None or name is None:
            program.stopped = f"{REFUSES}: {first.message}"
            machine.doubt(_subject(unit), program.stopped, first.place)
            return program
        at = locate(error.place)
        required[name] = f"{REFUSES} without {name}: {error.message} ({at})" if at else f"{REFUSES} without {name}"
    program.stopped = f"{REFUSES} for more reasons than were followed"
    machine.doubt(_subject(unit), program.stopped)
    return program


def _subject(unit: Unit) -> str:
    return f"{unit.name} ({unit.command})"


def _attempt(program: Program) -> ThrownError | None:
    machine = program.machine
    try:
        _start(program)
    except ThrownError as error:
        if "SystemExit" in error.kinds and error.message in ("0", "None"):
            return None
        return error
    except ExhaustedError:
        program.stopped = "evaluating it takes more steps than are allowed"
        machine.doubt(_subject(program.unit), program.stopped)
    except RecursionError:
        program.stopped = "its code is nested too deeply to be followed"
        machine.doubt(_subject(program.unit), program.stopped)
    return None


_REFUSED = frozenset({"SystemExit", "ValueError", "KeyError"})
"""What a program raises that does not take what its environment holds."""


def _refusal(machine: Interpreter, error: ThrownError | None) -> ast.AST | None:
    """Return where the program refuses to start before it has an app, None where something else ends it."""
    node = error.place[1] if error is not None and isinstance(error.place, tuple) else None
    if error is None or any(fact[0] == "app" for fact in machine.record):
        return None
    taken = isinstance(node, ast.Raise) or (isinstance(node, ast.expr) and not _REFUSED.isdisjoint(error.kinds))
    return node if taken else None


def _culprit(error: ThrownError, required: Mapping[str, str]) -> str | None:
    """Return the unset variable whose absence most likely raises, None when there is none."""
    names: list[str] = []
    for origin in (*reversed(error.control), error.unset):
        names += sorted(name for name in origin.unset if name not in required and name not in names)
    for name in names:
        if name in error.message:
            return name
    for name in names:
        if any(word in name.upper() for word in ("SECRET", "KEY", "PASSWORD", "TOKEN")):
            return name
    return names[-1] if names else None


def _start(program: Program) -> None:
    library.load("builtins")
    unit, machine = program.unit, program.machine
    start = unit.start
    server = start.server
    if server in {"python", "django"}:
        # Flask-Script's manage.py has Django's name; what it is shows when it is evaluated.
        _run_main(program, start.target, is_module=start.is_module)
        return
    if server == "flask":
        _flask_command(program)
        return
    if server in own_commands.COMMANDS:
        own_commands.start(program)
        return
    if server == "gunicorn":
        gunicorn_file.prepare(program)
        start = program.unit.start
    if start.options.get("paste") or start.options.get("paster"):
        library.load("pyramid")
        from batten.understand.libraries.paste import load  # noqa: PLC0415 - used by few apps

        program.served += load(machine, str(start.options.get("paste") or start.options["paster"]))[1]
        return
    if start.target:
        factory = bool(start.options.get("factory") or start.options.get("call"))
        found = _target(machine, start.target, _default_name(server), factory=factory)
        target = plain_object(found)
        if isinstance(target, Function) and isinstance(target.node, ast.AsyncFunctionDef) and not target.node.args.args:
            machine.call(found, Call([], {}, (target.path, target.node)))  # aiohttp's worker awaits a factory
        program.served.append(found)


def _default_name(server: str) -> str:
    return {"uvicorn": "app", "hypercorn": "app", "waitress": "app", "granian": "app"}.get(server, "application")


def _run_main(program: Program, target: str, *, is_module: bool) -> None:
    machine, unit = program.machine, program.unit
    if console_scripts.is_function(unit):
        _run_function(program, target)
        return
    if is_module:
        found = machine.find(target)
        package = target if found and found[1] else target.rpartition(".")[0]
        if found and found[1]:
            found = machine.find(f"{target}.__main__")
        if found is None:
            machine.doubt(_subject(unit), f"no module {target} in the repository")
            return
        path = found[0]
    else:
        path, package = _script(machine, target) or "", ""
        if not path:
            machine.doubt(_subject(unit), f"{target} is not in the repository")
            return
        directory = path.rpartition("/")[0] or "."
        machine.path.insert(0, directory)
    module = Module("__main__", path, package=False)
    module.within = package
    machine.modules["__main__"] = module
    machine.run_module(module)


def _run_function(program: Program, target: str) -> None:
    """Call the function that a command of the project's own is."""
    machine, unit = program.machine, program.unit
    name, _, function = target.partition(":")
    held: Abstract = machine.import_module(name, unit.at)
    if not isinstance(held, Module):
        machine.doubt(_subject(unit), f"no module {name} in the repository")
        return
    for part in function.split("."):
        held = machine.get_attribute(held, part, unit.at)
    machine.call(held, Call([], {}, unit.at))


def _script(machine: Interpreter, target: str) -> str | None:
    found = machine.world.repo_path(target)
    if found and machine.world.visible(f"{found}/__main__.py"):
        return f"{found}/__main__.py"
    return found if found and machine.world.visible(found) else None


def _target(machine: Interpreter, target: str, default: str, *, factory: bool = False) -> Abstract:
    """Return the object that `module:expression` names."""
    name, _, expression = target.partition(":")
    name = name.removesuffix(".py").replace("/", ".").lstrip(".")
    module = machine.import_module(name, None)
    if not isinstance(module, Module):
        machine.doubt(f"{target}", "it is not in the repository")
        return Unknown(f"{name} is not in the repository")
    return named(machine, module, expression or default, factory=factory)


def named(machine: Interpreter, module: Module, expression: str, *, factory: bool = False) -> Abstract:
    """Return an expression (a name, or a call) evaluated among a module's names."""
    try:
        tree = ast.parse(expression, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        machine.doubt(expression[:80], "the command's app expression is not valid Python")
        return Unknown("the app expression is not valid Python")
    frame = Frame(module.path, module.cells, module.cells, None, module)
    if isinstance(tree.body, ast.Name | ast.Attribute):
        found = machine.eval(tree.body, frame)
        target = plain_object(found)
        if factory and isinstance(target, Function):
            return machine.call(found, Call([], {}, (module.path, target.node)))
        return found
    return _called(machine, tree.body, frame) or machine.eval(tree.body, frame)


def _called(machine: Interpreter, node: ast.expr, frame: Frame) -> Abstract | None:
    """Return what `factory(argument, name=argument)` gives; the arguments stand where the command does.

    They are literals (gunicorn 23 `util.import_app`, Flask 3.1 `cli.find_app_by_string`); None of anything else.
    """
    at = machine.world.unit.at
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or at is None:
        return None
    origin = Origin(at, ((at, f"started by {machine.world.unit.command}", None),), pinned=True)
    try:
        args = [machine.lift(ast.literal_eval(arg), origin) for arg in node.args]
        kwargs = {key.arg: machine.lift(ast.literal_eval(key.value), origin) for key in node.keywords if key.arg}
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
    if len(kwargs) != len(node.keywords):
        return None
    return machine.call(machine.eval(node.func, frame), Call(args, kwargs, (frame.path, node), node=node, frame=frame))


# The flask command


def _flask_command(program: Program) -> None:
    """Find and make the app as `flask.cli.locate_app` does (Flask 3.1)."""
    machine, unit = program.machine, program.unit
    library.load("flask")
    from batten.understand.libraries.dotenv import flask_files  # noqa: PLC0415 - only for this command

    place: Place = unit.at
    flask_files(machine, place)
    debug = unit.start.options.get("debug")
    if debug is not None:
        says = "the flask command sets debug"
        machine.put(
            machine.environ.cells,
            "FLASK_DEBUG",
            Known("1" if debug else "0", Origin(place, ((place, says, str(bool(debug))),), pinned=True)),
        )
    named_app = unit.start.options.get("app") or variable(machine, "FLASK_APP")
    if named_app:
        program.served.append(located(machine, str(named_app)))
        return
    for candidate in ("wsgi", "app"):
        found = machine.find(candidate)
        if found is not None and not found[1]:
            program.served.append(_find_app(machine, machine.import_module(candidate, place)))
            return
    machine.doubt(_subject(unit), "the flask command would find no app: no FLASK_APP, wsgi.py or app.py")


def variable(machine: Interpreter, name: str) -> str:
    """Return an environment variable that is known, or nothing."""
    held = machine.environ.cells.get(name, ABSENT)
    return str(held.value) if isinstance(held, Known) else ""


def located(machine: Interpreter, text: str) -> Abstract:
    """Return the app that `FLASK_APP` or `QUART_APP` names: `module`, `file.py`, `module:name`, `module:factory()`."""
    path, _, name = text.partition(":")
    module_name = path.removesuffix(".py").removesuffix("/__init__")
    directory, _, last = module_name.rpartition("/")
    if directory:
        root = (
            join_path(machine.world.unit.cwd, directory)
            if not directory.startswith("/")
            else machine.world.repo_path(directory)
        )
        while root and root != "." and machine.world.visible(f"{root}/__init__.py"):
            root, _, package = root.rpartition("/")
            last = f"{package}.{last}"
            root = root or "."
        if root:
            machine.path.insert(0, root)
    module = machine.import_module(last, machine.world.unit.at)
    if not isinstance(module, Module):
        machine.doubt(text, "it is not in the repository")
        return Unknown(f"{text} is not in the repository")
    return named(machine, module, name, factory=True) if name else _find_app(machine, module)


def _find_app(machine: Interpreter, module: Abstract) -> Abstract:
    if not isinstance(module, Module):
        return Unknown("the app is not in the repository")
    for name in APP_NAMES:
        if is_app(module.cells.get(name, ABSENT)):
            return module.cells[name]
    apps = [held for held in module.cells.values() if is_app(held)]
    if len(apps) == 1:
        return apps[0]
    if apps:
        return Unknown("the module has several apps, and none of them is called app or application")
    for name in FACTORY_NAMES:
        held = plain_object(module.cells.get(name, ABSENT))
        if isinstance(held, Function):
            return machine.call(held, Call([], {}, (module.path, held.node)))
    return Unknown("no app was found in the module")


def is_app(value: Abstract) -> bool:
    """Return whether a value is (or may be) a web app object."""
    return any(
        isinstance(one := plain_object(choice), Instance) and one.facts.get("routes") is not None
        for choice in each(value)
    )


__all__ = ["OneOf", "Program", "Trees", "evaluate", "is_app", "named"]
