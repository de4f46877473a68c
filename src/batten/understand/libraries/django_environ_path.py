"""`environ.Path` of django-environ 0.14: directories counted from one, always absolute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate import library
from batten.understand.evaluate.library import Call, attribute, calls, inits
from batten.understand.evaluate.machine import ANY_ERROR
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library, Unknown, plain_object
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import django_environ
from batten.understand.libraries.files import opened
from batten.understand.libraries.paths import text_of

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

PATH = "environ.Path"
library.load("os.path")


def _joined(machine: Interpreter, parts: list[Abstract], call: Call) -> Abstract:
    """Return `os.path.abspath(os.path.join(*parts))`."""
    texts = [text_of(machine, part, call.place) for part in parts]
    if machine.truth(call.kwargs.get("required", Known(value=False))) is not False:
        machine.may_throw(ANY_ERROR)
    joined = machine.call_library("os.path.join", Call(texts, {}, call.place))
    return machine.call_library("os.path.abspath", Call([joined], {}, call.place))


def _path(machine: Interpreter, text: Abstract, call: Call) -> Instance:
    made = Instance(Library(PATH), call.place, Origin(call.place))
    machine.put(made.cells, "__root__", text)
    return made


def _root(call: Call) -> Abstract:
    target = plain_object(call.receiver or Known(None))
    return target.cells["__root__"] if isinstance(target, Instance) else Unknown("a path that is not known")


@inits(PATH)
def _init(machine: Interpreter, instance: Instance, call: Call) -> None:
    start = call.get("start", 0) or Known("")
    if machine.truth(call.kwargs.get("is_file", Known(value=False))):
        start = machine.call_library("os.path.dirname", Call([text_of(machine, start, call.place)], {}, call.place))
    machine.put(instance.cells, "__root__", _joined(machine, [start, *call.args[1:]], call))


@calls(f"{PATH}.__call__")
def _call(machine: Interpreter, call: Call) -> Abstract:
    return _joined(machine, [_root(call), *call.args], call)


@calls(f"{PATH}.path", f"{PATH}.__add__")
def _below(machine: Interpreter, call: Call) -> Abstract:
    return _path(machine, _joined(machine, [_root(call), *call.args], call), call)


@calls(f"{PATH}.__sub__")
def _above(machine: Interpreter, call: Call) -> Abstract:
    count = call.args[0]
    if isinstance(count, Known) and isinstance(count.value, int):
        return _path(machine, _joined(machine, [_root(call), Known("../" * count.value)], call), call)
    return machine.unknown_of(call.place, count, Unknown("a part of a path is taken away"))


@calls(f"{PATH}.file")
def _file(machine: Interpreter, call: Call) -> Abstract:
    path = _joined(machine, [_root(call), *call.args[:1]], call)
    return opened(machine, Call([path, *call.args[1:]], call.kwargs, call.place))


@calls(f"{PATH}.__str__", f"{PATH}.__fspath__")
def _text(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return _root(call)


@attribute(f"{PATH}.root")
def _as_text(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, place
    return instance.cells["__root__"]


def from_variable(machine: Interpreter, call: Call) -> Abstract:
    """Return `env.path(name, default)`: the variable's value as such a path."""
    held = django_environ.read(machine, call, Known(None), call.get("default", 1))
    options = {name: value for name, value in call.kwargs.items() if name not in {"var", "default"}}
    return machine.call_library(PATH, Call([held], options, call.place))
