"""`typer` 0.29: commands whose options are the parameters of their functions, read as click's.

Facts from typer 0.29 `main`: a parameter with a default is the option
`--its-name`, one without is an argument, `bool` is `--x/--no-x`; an app with
one command and no callback is that command.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from batten.understand.evaluate.library import BASES, Call, calls, inits
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Builtin,
    Function,
    Instance,
    Known,
    Library,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries import click

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

APP = "typer.Typer"
BASES[APP] = (click.COMMAND,)
_DECLARATIONS = frozenset({"typer.Option", "typer.Argument"})
_NOTHING = Builtin("callback", lambda _machine, _call: Known(None))
_TYPES = {"bool": "bool", "int": "int", "str": "str"}


@inits(APP)
def _made(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine, call
    instance.facts.update({"function": _NOTHING, "parameters": [], "commands": {}, "given": 0, "group": True})


@inits(*_DECLARATIONS)
def _declaration(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["call"] = call


@calls(f"{APP}.command", f"{APP}.callback")
def _command(machine: Interpreter, call: Call) -> Abstract:
    """Return the decorator that adds a command, or makes the function that runs before each."""
    del machine
    app = plain_object(call.receiver or Known(None))
    name = call.get("name", 0)
    is_callback = getattr(getattr(call.node, "func", None), "attr", "") == "callback"

    def decorate(inner: Interpreter, given: Call) -> Abstract:
        function = plain_object(given.args[0])
        if isinstance(app, Instance) and isinstance(function, Function):
            facts = _facts(inner, function)
            if is_callback:
                app.facts.update({key: facts[key] for key in ("function", "parameters", "given")}, own=True)
            else:
                made = Instance(Library(click.COMMAND), given.place, Origin(given.place))
                made.facts.update(facts, call=call)
                told = name.value if isinstance(name, Known) and isinstance(name.value, str) else ""
                app.facts["commands"][told or function.name.lower().replace("_", "-")] = made
        return given.args[0]

    return Builtin("typer.command", decorate)


@calls(f"{APP}.add_typer")
def _add(machine: Interpreter, call: Call) -> Abstract:
    app, added, name = plain_object(call.receiver or Known(None)), plain_object(call.args[0]), call.get("name", 1)
    if not isinstance(app, Instance) or not isinstance(added, Instance) or added.library != APP:
        return machine.unknown_of(call.place, *call.args)
    if isinstance(name, Known):
        app.facts["commands"][str(name.value)] = added
    else:
        app.facts["commands"].update(added.facts["commands"])
    return Known(None)


@calls(f"{APP}.__call__")
def _run(machine: Interpreter, call: Call) -> Abstract:
    app = plain_object(call.receiver or Known(None))
    commands = app.facts["commands"] if isinstance(app, Instance) else {}
    if isinstance(app, Instance) and len(commands) == 1 and "own" not in app.facts:
        only = next(iter(commands.values()))
        app = only if only.library == click.COMMAND else app
    return machine.call_library(f"{click.COMMAND}.__call__", call.bound(app))


@calls("typer.run")
def _run_function(machine: Interpreter, call: Call) -> Abstract:
    function = plain_object(call.args[0]) if call.args else None
    if not isinstance(function, Function):
        return machine.unknown_of(call.place, *call.args)
    made = Instance(Library(click.COMMAND), call.place, Origin(call.place))
    made.facts.update(_facts(machine, function))
    return machine.call_library(f"{click.COMMAND}.__call__", Call([], {}, call.place).bound(made))


def _facts(machine: Interpreter, function: Function) -> dict[str, object]:
    """Return a function as what click's decorators would have noted of it."""
    parameters: list[object] = []
    given = 0
    arguments = function.node.args
    for arg in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if arg.annotation is not None and ast.unparse(arg.annotation).endswith("Context"):
            given += 1
        else:
            parameters.append(_parameter(machine, function, arg))
    return {"function": function, "parameters": parameters, "commands": {}, "given": given, "group": False}


def _parameter(machine: Interpreter, function: Function, arg: ast.arg) -> object:
    """Return a parameter as click declares it, None where that is not followed."""
    default = function.defaults.get(arg.arg, ABSENT)
    annotation, declared = _annotated(machine, function, arg.annotation)
    held = plain_object(default)
    if isinstance(held, Instance) and held.library in _DECLARATIONS:
        declared, default = held, held.facts["call"].get("default", 0) or ABSENT
        names = held.facts["call"].args[1:]
    else:
        names = declared.facts["call"].args if declared is not None else []
    plain = plain_object(default)
    needed = default is ABSENT or (isinstance(plain, Known) and plain.value is ...)
    is_argument = declared.library == "typer.Argument" if declared is not None else needed
    kwargs: dict[str, Abstract] = {} if needed else {"default": default}
    if declared is not None and "envvar" in declared.facts["call"].kwargs:
        kwargs["envvar"] = declared.facts["call"].kwargs["envvar"]
    if annotation in _TYPES:
        kwargs["type"] = Library(_TYPES[annotation])
    elif annotation:
        kwargs["type"] = Library("typer.Other")
    words: list[Abstract] = [Known(arg.arg)]
    dashed = arg.arg.replace("_", "-")
    if not is_argument:
        words += names or [Known(f"--{dashed}/--no-{dashed}" if annotation == "bool" else f"--{dashed}")]
    if annotation == "bool" and not is_argument:
        kwargs["is_flag"] = Known(value=True)
    return click.declared(Call(words, kwargs, (function.path, arg)), option=not is_argument)


def _annotated(machine: Interpreter, function: Function, node: ast.expr | None) -> tuple[str, Instance | None]:
    """Return the type that an annotation names, and what `Annotated` declares beside it."""
    declared: Instance | None = None
    if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("Annotated"):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        for part in parts[1:]:
            held = plain_object(machine.eval(part, function.frame))
            if isinstance(held, Instance) and held.library in _DECLARATIONS:
                declared = held
        node = parts[0]
    text = ast.unparse(node) if node is not None else ""
    text = text.removesuffix(" | None")
    if text.rpartition(".")[2].startswith("Optional["):
        text = text[text.index("[") + 1 : -1]
    return text, declared
