"""What Flask extensions have in common: how they meet an app and read its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.library import CALLS, INITS, Call
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Builtin,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

    Install = Callable[[Interpreter, Instance, "Instance | None", Call], None]

DEEPEST_WRAPPING = 8


def config_of(app: Abstract | None) -> Mapping | None:
    """Return the configuration of an app object, None when it has none."""
    if isinstance(app, Instance):
        held = plain_object(app.cells.get("config", ABSENT))
        return held if isinstance(held, Mapping) else None
    return None


def app_of(value: Abstract | None) -> Instance | None:
    """Return the app object that a value is, None when it is none that is known."""
    for choice in each(value) if value is not None else ():
        one = plain_object(choice)
        if isinstance(one, Instance) and (config_of(one) is not None or "framework" in one.facts):
            return one
    return None


def served_app(value: Abstract | None, depth: int = 0) -> Abstract:
    """Return the app inside its WSGI middleware, or the value itself when none is found in it."""
    one = plain_object(value) if value is not None else Known(None)
    found = app_of(one)
    if found is not None:
        return found
    for part in _parts(one) if depth < DEEPEST_WRAPPING else ():
        deeper = served_app(part, depth + 1)
        if app_of(deeper) is not None:
            return deeper
    return value if value is not None else Unknown("no app is given")


def _parts(one: Abstract) -> list[Abstract]:
    if isinstance(one, Sequence):
        return list(one.items or ())
    if isinstance(one, Mapping):
        return list(one.cells.values())
    if not isinstance(one, Instance):
        return []
    inner, call = one.facts.get("app"), one.facts.get("args")
    if isinstance(inner, Abstract):
        return [inner]
    return [*call.args, *call.kwargs.values()] if isinstance(call, Call) else list(one.cells.values())


def default(value: Any, place: Place) -> Known:  # noqa: ANN401 - any constant
    """Return a constant that a library takes when nothing is given at `place`."""
    return Known(value, Origin(place))


def given(call: Call, name: str, index: int | None, otherwise: Any) -> Abstract:  # noqa: ANN401 - any constant
    """Return an argument, or the library's default for it, which arguments that are not known may replace."""
    held = call.get(name, index)
    if held is not None:
        return held
    if call.open:
        return Unknown(f"{name} may be among arguments that are not known", Origin(call.place))
    return otherwise if isinstance(otherwise, Abstract) else default(otherwise, call.place)


def setting(machine: Interpreter, app: Instance | None, name: str, otherwise: Abstract, place: Place) -> Abstract:
    """Return `app.config.get(name, otherwise)`."""
    config = config_of(app)
    if config is None:
        return otherwise if app is None else Unknown(f"{name} of the app", Origin(place))
    return machine.looked_up(config, Known(name), otherwise, place)


def set_default(machine: Interpreter, app: Instance | None, name: str, value: Abstract) -> None:
    """Do `app.config.setdefault(name, value)`; what was not set counts among the app's defaults."""
    config = config_of(app)
    if config is None:
        return
    held = config.cells.get(name, ABSENT)
    if held is ABSENT and not config.open and app is not None:
        machine.put(config.cells, name, value)
        app.facts.setdefault("defaults", {})[name] = config.cells[name]
        return
    if all(choice is not ABSENT for choice in each(held)):
        return
    if config.open:
        value = join(value, Unknown(f"{name} may be set in a way that is not known"))
    for choice in each(held):
        value = value if choice is ABSENT else join(choice, value)
    machine.put(config.cells, name, value)


def as_bool(machine: Interpreter, value: Abstract, place: Place) -> Abstract:
    """Return the truth of a value as a bool, with the value's own history; a library's value could be either."""
    result: Abstract | None = None
    for choice in each(value):
        if isinstance(choice, Known):
            one: Abstract = choice if isinstance(choice.value, bool) else Known(bool(choice.value), choice.origin)
        else:
            foreign = isinstance(plain_object(choice), Library)
            truth = None if foreign else machine.truth(choice)
            one = machine.unknown_of(place, choice, of="bool") if truth is None else Known(truth, Origin(place))
        result = one if result is None else join(result, one)
    return result or Unknown("it has no value", Origin(place))


def negated(machine: Interpreter, value: Abstract, place: Place) -> Abstract:
    """Return `not value`, with the value's own history."""
    result: Abstract | None = None
    for choice in each(as_bool(machine, value, place)):
        one = Known(not choice.value, choice.origin) if isinstance(choice, Known) else choice
        result = one if result is None else join(result, one)
    return result or Unknown("it has no value", Origin(place))


def is_none(value: Abstract | None) -> bool:
    """Return whether an argument is not there, or is None for certain."""
    return value is None or (isinstance(value, Known) and value.value is None)


def extension(name: str, *also: str, app_argument: str = "app") -> Callable[[Install], Install]:
    """Register a function as what installing the extension class `name` does.

    It is called for `Extension(app, …)`, for `Extension().init_app(app, …)`
    and for the methods `also` that do the same; each is recorded.
    """

    def mark(install: Install) -> Install:
        def run(machine: Interpreter, instance: Instance, call: Call) -> None:
            app = app_of(call.get(app_argument, 0))
            machine.record.append(("extension", name, app, call.place))
            install(machine, instance, app, call)

        def init(machine: Interpreter, instance: Instance, call: Call) -> None:
            instance.facts["options"] = {k: v for k, v in call.kwargs.items() if k != app_argument}
            if not is_none(call.get(app_argument, 0)):
                run(machine, instance, call)

        def init_app(machine: Interpreter, call: Call) -> Abstract:
            instance = plain_object(call.receiver) if call.receiver is not None else None
            if isinstance(instance, Instance):
                run(machine, instance, call)
            return Known(None)

        INITS[name] = init
        for method in ("init_app", *also):
            CALLS[f"{name}.{method}"] = init_app
        return install

    return mark


def keeps(*names: str) -> None:
    """Register decorators, used with or without arguments, that leave the function what it is."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        del machine
        if len(call.args) == 1 and isinstance(plain_object(call.args[0]), Function):
            return call.args[0]
        return Builtin("decorator", lambda _machine, later: later.args[0] if later.args else Known(None))

    for name in names:
        CALLS[name] = model


def runtime(*names: str, why: str, of: str = "", truth: bool | None = None) -> None:
    """Register functions whose result is settled while the app runs."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        del machine
        return Unknown(why, Origin(call.place), kind="runtime", of=of, truth=truth)

    for name in names:
        CALLS[name] = model
