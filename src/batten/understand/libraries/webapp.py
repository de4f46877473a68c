"""What the models of the smaller frameworks have in common: an app object, a cookie, an answer, a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.library import CALLS, Call
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Builtin,
    Cells,
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

_REQUEST_HEADERS = "request headers"


def begin(
    machine: Interpreter,
    instance: Instance,
    place: Place,
    framework: str,
    settings: Mapping,
    *,
    defaults: Cells | None = None,
) -> None:
    """Make an object an app of `framework`, made at `place`, with that configuration.

    `defaults` are the entries that the framework put there itself.
    """
    instance.facts.update(
        framework=framework,
        routes=[],
        hooks={},
        made=place,
        path=place[0] if isinstance(place, tuple) else getattr(place, "file", None) or "",
        settings=settings,
        defaults=defaults or {},
    )
    machine.record.append(("app", instance))


def settings_of(app: Abstract | None) -> Mapping | None:
    """Return the configuration of an app that `begin` made, None when the value is none."""
    one = plain_object(app) if app is not None else None
    held = one.facts.get("settings") if isinstance(one, Instance) else None
    return held if isinstance(held, Mapping) else None


def latest(machine: Interpreter, framework: str) -> Instance | None:
    """Return the app of a framework that was made last, None when there is none."""
    for fact in reversed(machine.record):
        if fact[0] == "app" and fact[1].facts.get("framework") == framework:
            found: Instance = fact[1]
            return found
    return None


def route(app: Instance, view: Abstract, call: Call, path: Abstract | None) -> None:
    """Note a view of the app, with the call that registers it."""
    app.facts["hooks"].setdefault("route", []).append((plain_object(view), call, path))


def registers(
    *, methods: tuple[str, ...] = (), index: int | None = None, asked: str = "methods", path_at: int = 0
) -> Any:  # noqa: ANN401 - a model
    """Return the model of a decorator (or call with `callback`) that registers a view on its receiver.

    `methods` are those of the decorator itself; else the argument `asked` (at `index`) names them.
    """

    def model(machine: Interpreter, call: Call) -> Abstract:
        app = plain_object(call.receiver) if call.receiver is not None else None
        told = _methods(machine, call.get(asked, index), methods)
        registered = Call([], {"methods": told}, call.place, node=call.node)
        path = call.args[path_at] if len(call.args) > path_at else call.kwargs.get("path")
        path = path if isinstance(path, Known) else None

        def keep(function: Abstract) -> Abstract:
            if isinstance(app, Instance) and "hooks" in app.facts:
                route(app, function, registered, path)
            return function

        given = call.kwargs.get("callback") or call.kwargs.get("handler")
        if given is not None:
            return keep(given)
        if call.args and isinstance(plain_object(call.args[0]), Function) and path is None:
            return keep(call.args[0])
        return Builtin("decorator", lambda _machine, later: keep(later.args[0]) if later.args else Known(None))

    return model


def _methods(machine: Interpreter, given: Abstract | None, otherwise: tuple[str, ...]) -> Sequence:
    if isinstance(given, Known) and isinstance(given.value, str):
        return Sequence("list", (given,))
    names = entries(machine, given) if given is not None and not otherwise else []
    return Sequence("list", tuple(names) or tuple(Known(name) for name in otherwise))


def hooks(kind: str | None = None) -> Callable[[Interpreter, Call], Abstract]:
    """Return the model of a decorator that keeps a function for requests; `kind` names the hook, else the argument."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        del machine
        app = plain_object(call.receiver) if call.receiver is not None else None
        first = call.args[0] if call.args else None
        name = kind or (str(first.value) if isinstance(first, Known) else "hook")

        def keep(function: Abstract) -> Abstract:
            if isinstance(app, Instance) and "hooks" in app.facts:
                app.facts["hooks"].setdefault(f"every {name}", []).append((plain_object(function), call, None))
            return function

        bare = first is not None and isinstance(plain_object(first), Function)
        if bare and first is not None:
            return keep(first)
        return Builtin("decorator", lambda _machine, later: keep(later.args[0]) if later.args else Known(None))

    return model


def note_key(machine: Interpreter, setting: str, held: Abstract | None, place: Place, signs: str) -> None:
    """Note a key that signs something, given to a call."""
    if held is not None and not (isinstance(held, Known) and not held.value):
        machine.record.append(("signing_key", setting, held, place, signs))


def note_cookie(
    machine: Interpreter, call: Call, flags: dict[str, Abstract | None], *, signed: bool = False
) -> Abstract:
    """Note a cookie that is set by hand; `flags` are its key, secure, httponly and samesite, None for not given."""
    kwargs = {name: held for name, held in flags.items() if held is not None}
    if signed:
        kwargs["signed"] = Known(value=True)
    machine.record.append(("set_cookie", Call([], kwargs, call.place, node=call.node, open=call.open)))
    return Known(None)


def note_answer(machine: Interpreter, call: Call) -> Abstract:
    """Note what goes back to the visitor."""
    machine.record.append(("answer", [*call.args, *call.kwargs.values()], call.place))
    return Known(None)


def note_header(machine: Interpreter, name: Abstract | None, held: Abstract | None, place: Place) -> Abstract:
    """Note a header that is set on an answer."""
    if isinstance(name, Known) and held is not None:
        machine.record.append(("set_header", str(name.value).lower(), held, place))
    return Known(None)


def request_headers(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    """Return the headers of a request; the one named Origin is known again where it is sent back."""
    del machine, instance
    return Instance(Library(_REQUEST_HEADERS), place)


def _header(machine: Interpreter, call: Call) -> Abstract:
    name = call.args[0] if call.args else Known("")
    origin = isinstance(name, Known) and str(name.value).lower() == "origin"
    labels = frozenset({"origin"} if origin and not machine.vouched else ())
    return Unknown("a header of the request", Origin(call.place), kind="runtime", labels=labels, of="str")


for _name in ("get", "__getitem__", "getone", "get_list"):
    CALLS[f"{_REQUEST_HEADERS}.{_name}"] = _header


def holding(name: str) -> Callable[[Interpreter, Call], Abstract]:
    """Return a model of the class or function `name`, whose answer holds what it is given."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        del machine
        made = Instance(Library(name), call.place)
        made.facts["body"] = [*call.args, *call.kwargs.values()]
        return made

    return model


def either(held: Abstract, change: Callable[[Abstract], Abstract]) -> Abstract:
    """Return `change` of each alternative of a value."""
    found: Abstract | None = None
    for choice in each(held):
        one = change(choice)
        found = one if found is None else join(found, one)
    return found if found is not None else held


def implied(
    machine: Interpreter, switch: Abstract | None, value: object, otherwise: Abstract, place: Place
) -> Abstract:
    """Return `value` where the switch is on, with the switch's own history; else `otherwise`."""

    def one(choice: Abstract) -> Abstract:
        truth = False if choice is ABSENT else machine.truth(choice)
        if truth is None:
            return machine.unknown_of(place, choice)
        if not truth:
            return otherwise
        return Known(value, choice.origin if isinstance(choice, Known) else Origin(place))

    return either(switch if switch is not None else ABSENT, one)


def entries(machine: Interpreter, held: Abstract | None) -> list[Abstract]:
    """Return the elements of a list or tuple that are known."""
    one = plain_object(held) if held is not None else None
    return (machine.iterate(one) or []) if isinstance(one, Sequence) else []
