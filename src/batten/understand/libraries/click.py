"""`click` 8: what the options of a command are, as the deployment's command passes them.

Facts from click 8.3 `core.Option`, `parser.OptionParser` and `decorators`: an
option's value is the command line's, else its environment variable's, else its
default; `--on/--off` is a flag; its type is its default's where none is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.evaluate import environ
from batten.understand.evaluate.library import ALIASES, CALLS, Call, calls
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Builtin,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Unknown,
    each,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.command_line import command_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

COMMAND = "click.Command"
_PARAMETERS = "click parameters"
_TRUE = frozenset("1 true t yes y on".split())
_FALSE = frozenset("0 false f no n off".split())
for _name in ("command", "group", "option", "argument", "pass_context", "pass_obj", "version_option", "help_option"):
    ALIASES[f"rich_click.{_name}"] = f"click.{_name}"


@dataclass(slots=True)
class _Parameter:
    name: str
    on: tuple[str, ...]
    off: tuple[str, ...]
    call: Call
    flag: bool
    """It takes no value."""


def declared(call: Call, *, option: bool) -> _Parameter | None:
    """Return what `@click.option(...)` declares, None where it is not followed."""
    words = [arg.value if isinstance(arg, Known) else None for arg in call.args]
    texts = [word for word in words if isinstance(word, str)]
    if call.open or len(texts) < len(words) or not texts or not call.kwargs.keys() <= _FOLLOWED:
        return None
    explicit = [text for text in texts if text.isidentifier()]
    on: list[str] = []
    off: list[str] = []
    for text in texts:
        first, slash, second = text.partition("/")
        on += [first.strip()] if first.startswith("-") else []
        off += [second.strip()] if slash and second.strip() else []
    longest = max(on, key=lambda text: len(text) - len(text.lstrip("-")), default="")
    name = explicit[0] if explicit else longest.lstrip("-").replace("-", "_").lower()
    is_flag = call.kwargs.get("is_flag")
    flag = bool(off) or (isinstance(is_flag, Known) and bool(is_flag.value))
    return _Parameter(name, tuple(on), tuple(off), call, flag) if name and bool(on) is option else None


_FOLLOWED = frozenset(
    "default is_flag type envvar help show_default required show_envvar metavar hidden prompt flag_value".split()
)


def _declares(*, option: bool) -> Callable[[Interpreter, Call], Abstract]:
    def model(_machine: Interpreter, call: Call) -> Abstract:
        def decorate(_inner: Interpreter, given: Call) -> Abstract:
            made = _declared(given.args[0], given)
            made.facts["parameters"].insert(0, declared(call, option=option))
            return made

        return Builtin("click.option", decorate)

    return model


CALLS["click.option"] = _declares(option=True)
CALLS["click.argument"] = _declares(option=False)


def _declared(function: Abstract, call: Call) -> Instance:
    """Return a function with the parameters that decorators declare for it."""
    target = plain_object(function)
    if isinstance(target, Instance) and target.library in {_PARAMETERS, COMMAND}:
        return target
    made = Instance(Library(_PARAMETERS), call.place, Origin(call.place))
    made.facts.update({"function": function, "parameters": [], "commands": {}, "given": 0})
    return made


@calls(f"{_PARAMETERS}.__call__")
def _uncommanded(machine: Interpreter, call: Call) -> Abstract:
    receiver = call.receiver
    assert isinstance(receiver, Instance)  # noqa: S101 - a method of it
    return machine.call(receiver.facts["function"], call.bound(None))


@calls("click.pass_context", "click.pass_obj")
def _pass_context(machine: Interpreter, call: Call) -> Abstract:
    del machine
    made = _declared(call.args[0] if call.args else Known(None), call)
    made.facts["given"] = 1
    return made


@calls("click.version_option", "click.help_option")
def _as_it_is(machine: Interpreter, call: Call) -> Abstract:
    del machine, call
    return Builtin("click.version_option", lambda _machine, given: given.args[0])


def _command(call: Call, *, group: bool, into: Instance | None = None) -> Abstract:
    """Return the decorator that makes a command; without parentheses, the command."""
    name = call.get("name", 0)

    def decorate(_machine: Interpreter | None, given: Call) -> Abstract:
        noted = _declared(given.args[0], given)
        made = Instance(Library(COMMAND), given.place, Origin(given.place))
        made.facts.update({**noted.facts, "group": group, "commands": {}, "call": call})
        function = plain_object(noted.facts["function"])
        told = name.value if isinstance(name, Known) and isinstance(name.value, str) else None
        if into is not None:
            own = function.name.lower().replace("_", "-") if isinstance(function, Function) else ""
            into.facts["commands"][told or own] = made
        return made

    bare = plain_object(call.args[0]) if call.args else None
    if isinstance(bare, Function | Instance):
        name = None
        return decorate(None, call)
    return Builtin("click.command", decorate)


@calls("click.command")
def _make_command(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return _command(call, group=False)


@calls("click.group")
def _make_group(machine: Interpreter, call: Call) -> Abstract:
    of = plain_object(call.kwargs.get("cls", Known(None)))
    if isinstance(of, Library) and of.name == "flask.cli.FlaskGroup":
        made = machine.call(of, Call([], {k: v for k, v in call.kwargs.items() if k == "create_app"}, call.place))
        return Builtin("click.group", lambda _machine, _given: made)
    return _command(call, group=True)


def _adds(*, group: bool) -> Callable[[Interpreter, Call], Abstract]:
    def model(_machine: Interpreter, call: Call) -> Abstract:
        return _command(call, group=group, into=_self(call))

    return model


CALLS[f"{COMMAND}.command"] = _adds(group=False)
CALLS[f"{COMMAND}.group"] = _adds(group=True)


def _self(call: Call) -> Instance:
    receiver = plain_object(call.receiver or Known(None))
    assert isinstance(receiver, Instance)  # noqa: S101 - a method of it
    return receiver


@calls(f"{COMMAND}.add_command")
def _add_command(machine: Interpreter, call: Call) -> Abstract:
    del machine
    added, name = plain_object(call.get("cmd", 0) or Known(None)), call.get("name", 1)
    if isinstance(added, Instance) and added.library == COMMAND:
        function = plain_object(added.facts["function"])
        own = function.name.lower().replace("_", "-") if isinstance(function, Function) else ""
        _self(call).facts["commands"][str(name.value) if isinstance(name, Known) else own] = added
    return Known(None)


# Running a command


@calls(f"{COMMAND}.__call__", f"{COMMAND}.main")
def _run(machine: Interpreter, call: Call) -> Abstract:
    """Run the command with what the process was started with; it ends the program."""
    if "parameters" not in _self(call).facts:  # a class of the project's own that is a command, made by itself
        machine.doubt("a click command", "what it runs is not known", call.place)
        return Unknown("what a command returns", Origin(call.place), kind="runtime")
    given = call.get("args", 0)
    told = command_words(machine)
    if given is not None and not (isinstance(given, Known) and given.value is None):
        plain = machine.plain(given)
        told = (list(plain[0]), Origin(call.place)) if plain else None
    _invoke(machine, _self(call), told, call)
    return Unknown("what a command returns", Origin(call.place), kind="runtime")


def _invoke(machine: Interpreter, command: Instance, told: tuple[list[str], Origin] | None, call: Call) -> None:
    words = list(told[0]) if told is not None else None
    origin = told[1] if told is not None else Origin(call.place)
    values, left = _values(machine, command, words, origin, call)
    context: list[Abstract] = [Unknown("the context of click", Origin(call.place), kind="runtime", truth=True)]
    machine.call(command.facts["function"], Call(context[: command.facts["given"]], values, call.place))
    commands: dict[str, Instance] = command.facts["commands"]
    if command.facts["group"] and left is not None:
        if not left or left[0] not in commands:
            raise ThrownError(("SystemExit", "BaseException"), "the command line names no command", call.place)
        _invoke(machine, commands[left[0]], (left[1:], origin), call)
    elif command.facts["group"]:
        machine.doubt("a click command", "which one is started is not known", call.place)


def _values(
    machine: Interpreter, command: Instance, words: list[str] | None, origin: Origin, call: Call
) -> tuple[dict[str, Abstract], list[str] | None]:
    """Return the value of each parameter, and the words that are left for a group's command."""
    parameters: list[_Parameter | None] = command.facts["parameters"]
    known = [parameter for parameter in parameters if parameter is not None]
    if words is not None and len(known) == len(parameters):
        words, more = _passed_on(command, known, words)
        given, left = _taken(known, words, call, stop=bool(command.facts["group"]) or bool(more))
    else:
        given, left = None, None
    values: dict[str, Abstract] = {}
    for parameter in known:
        if given is None:
            values[parameter.name] = Unknown("an option of a command line that is not known", Origin(call.place))
        elif parameter.name in given:
            text = given[parameter.name]
            values[parameter.name] = _typed(machine, parameter, machine.lift(text, origin))
        else:
            values[parameter.name] = _unset(machine, parameter)
    return values, left


def _passed_on(command: Instance, parameters: list[_Parameter], words: list[str]) -> tuple[list[str], list[str]]:
    """Return the words that are read, and those from the first unknown option on, where the command passes them on."""
    made: Call | None = command.facts.get("call")
    settings = plain_object(made.kwargs.get("context_settings", Known(None))) if made is not None else None
    if not isinstance(settings, Mapping) or "ignore_unknown_options" not in settings.cells:
        return words, []
    options = {name for parameter in parameters for name in (*parameter.on, *parameter.off)}
    for index, word in enumerate(words):
        if word.startswith("-") and word.partition("=")[0] not in options:
            return words[:index], words[index:]
    return words, []


def _taken(
    parameters: list[_Parameter], words: list[str], call: Call, *, stop: bool
) -> tuple[dict[str, object], list[str]]:
    """Return what the words say of each parameter, and the words that are left.

    Raises:
        ThrownError: there is no such option.
    """
    found: dict[str, object] = {}
    arguments = [parameter for parameter in parameters if not parameter.on]
    while words:
        word = words[0]
        name, equals, attached = word.partition("=")
        parameter = next((one for one in parameters if name in (*one.on, *one.off)), None)
        if parameter is None and word.startswith("-") and word != "-":
            raise ThrownError(("SystemExit", "BaseException"), f"no such option: {word}", call.place)
        if parameter is None:
            if not arguments:
                break
            found[arguments.pop(0).name] = words.pop(0)
        elif parameter.flag:
            words.pop(0)
            found[parameter.name] = name in parameter.on
        else:
            words.pop(0)
            found[parameter.name] = attached if equals else (words.pop(0) if words else "")
    if words and not stop:
        raise ThrownError(("SystemExit", "BaseException"), f"unexpected argument: {words[0]}", call.place)
    return found, words


def _unset(machine: Interpreter, parameter: _Parameter) -> Abstract:
    """Return the value of a parameter that the command line does not give."""
    call = parameter.call
    default = call.kwargs.get("default") or Known(value=False if parameter.flag else None, origin=Origin(call.place))
    if isinstance(default, Function):
        default = machine.call_with(default, [], call.place)
    variable = call.kwargs.get("envvar")
    if isinstance(variable, Known) and isinstance(variable.value, str):
        default = environ.read(machine, machine.environ.cells, variable.value, default, call.place)
    elif variable is not None:
        return Unknown("an option that may come from a variable", Origin(call.place))
    return _typed(machine, parameter, default)


def _typed(machine: Interpreter, parameter: _Parameter, held: Abstract) -> Abstract:
    """Return a text as the parameter's type makes it."""
    if not any(isinstance(choice, Known) and isinstance(choice.value, str) for choice in each(held)):
        return held
    kind, call = parameter.call.kwargs.get("type"), parameter.call
    default = call.kwargs.get("default")
    if parameter.flag or _named(kind) in {"bool", "click.BOOL"} or (kind is None and _of(default) is bool):
        return machine.compute(call.place, _truth, held, of="bool")
    if _named(kind) in {"int", "click.INT", "click.IntRange"} or (kind is None and _of(default) is int):
        return machine.compute(call.place, int, held, of="int")
    if kind is None or _named(kind) in {"str", "click.STRING", "click.Path", "click.Choice"}:
        return held
    return machine.unknown_of(call.place, held)


def _named(kind: Abstract | None) -> str:
    target = plain_object(kind) if kind is not None else None
    if isinstance(target, Instance):
        return target.library
    return target.name if isinstance(target, Builtin | Library) else ""


def _of(default: Abstract | None) -> type | None:
    return type(default.value) if isinstance(default, Known) else None


def _truth(text: object) -> object:
    lowered = str(text).strip().lower()
    if isinstance(text, bool) or lowered in _TRUE | _FALSE:
        return text if isinstance(text, bool) else lowered in _TRUE
    message = f"{text!r} is not a valid boolean"
    raise ValueError(message)
