"""`flask.cli.FlaskGroup` (Flask 3.1 `cli`): the project's own `flask` command serves what its factory makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import Call, calls, inits
from batten.understand.evaluate.objects import Abstract, Instance, Known, plain_object
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.command_line import command_words

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

GROUP = "flask.cli.FlaskGroup"
_VALUES = {
    "-A": "app",
    "--app": "app",
    "-e": "env-file",
    "--env-file": "env-file",
    "-h": "host",
    "--host": "host",
    "-p": "port",
    "--port": "port",
    "--cert": "cert",
    "--key": "key",
    "--extra-files": "extra-files",
    "--exclude-patterns": "exclude-patterns",
}
_SWITCHES = {
    "--debug": ("debug", True),
    "--no-debug": ("debug", False),
    "--reload": ("use_reloader", True),
    "--no-reload": ("use_reloader", False),
    "--debugger": ("use_debugger", True),
    "--no-debugger": ("use_debugger", False),
}


@inits(GROUP)
def _made(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["create_app"] = call.get("create_app", 1)


@calls(f"{GROUP}.__call__", f"{GROUP}.main")
def _run(machine: Interpreter, call: Call) -> Abstract:
    """Do what `run` does: make the app, with FLASK_DEBUG as it was asked for, and serve it."""
    group = plain_object(call.receiver or Known(None))
    told = command_words(machine)
    make = group.facts["create_app"] if isinstance(group, Instance) else None
    if told is None or make is None:
        machine.doubt("a command of Flask's own", "what it starts is not known", call.place)
        return Known(None)
    words, origin = told
    command, options = _read(words)
    if command != "run":
        return Known(None)
    if "debug" in options:
        value = Known("1" if options["debug"] else "0", origin)
        machine.put(machine.environ.cells, "FLASK_DEBUG", value)
    app = machine.call(make, Call([], {}, call.place))
    given: dict[str, Abstract] = {
        name: Known(options[name], origin) for name in ("host", "use_reloader", "use_debugger") if name in options
    }
    if "port" in options:
        given["port"] = machine.compute(call.place, int, Known(options["port"], origin), of="int")
    run = machine.get_attribute(app, "run", call.place)
    machine.call(run, Call([], given, call.place, node=call.node, frame=call.frame))
    return Known(None, Origin(call.place))


def _read(words: list[str]) -> tuple[str, dict[str, object]]:
    """Return the command and its options, those of the group among them."""
    command, options, left = "", dict[str, object](), list(words)
    while left:
        word = left.pop(0)
        name, equals, value = word.partition("=")
        if name in _VALUES:
            options[_VALUES[name]] = value if equals else (left.pop(0) if left else "")
        elif word in _SWITCHES:
            option, on = _SWITCHES[word]
            options[option] = on
        elif not word.startswith("-") and not command:
            command = word
    return command, options
