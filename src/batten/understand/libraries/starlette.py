"""Starlette: the app object, its routes, mounts, middleware and error handlers.

Facts from Starlette 1.10 `starlette.applications` and `starlette.routing`; the
same holds back to 0.27 unless a version is named. What is registered is kept
as entries of the app or router: a branch that is not taken registers nothing,
one that is not decided registers perhaps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.containers import by_class
from batten.understand.evaluate.library import (
    ALIASES,
    ATTRIBUTES,
    BASES,
    CALLS,
    INITS,
    SETTERS,
    Call,
    attribute,
    calls,
    inits,
)
from batten.understand.evaluate.objects import (
    Abstract,
    Builtin,
    Instance,
    Known,
    Library,
    Mapping,
    Unknown,
    each,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import (
    asgi_extensions,  # noqa: F401 - registers its models
    asgi_panels,  # noqa: F401 - likewise
    starlette_config,  # noqa: F401 - likewise
    starlette_http,  # noqa: F401 - likewise
    starlette_middleware,  # noqa: F401 - likewise
)
from batten.understand.libraries.extension import given, is_none
from batten.understand.libraries.starlette_entries import Entry, disturb, register

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

STARLETTE = "starlette.applications.Starlette"
ROUTER = "starlette.routing.Router"
MIDDLEWARE = "starlette.middleware.Middleware"
BASE_MIDDLEWARE = "starlette.middleware.base.BaseHTTPMiddleware"
ROUTES = ("starlette.routing.Route", "starlette.routing.WebSocketRoute")
MOUNTS = ("starlette.routing.Mount", "starlette.routing.Host")
BASES[STARLETTE] = (ROUTER,)
ALIASES["starlette.exceptions.ExceptionMiddleware"] = "starlette.middleware.exceptions.ExceptionMiddleware"


# The app


@inits(STARLETTE)
def _init(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`Starlette(debug, routes, middleware, exception_handlers, lifespan)`."""
    begin(machine, instance, call, "starlette")
    machine.put(instance.cells, "debug", given(call, "debug", 0, otherwise=False))
    take_routes(machine, instance, call.get("routes", 1), call)
    take_common(
        machine, instance, call, middleware=call.get("middleware", 2), handlers=call.get("exception_handlers", 3)
    )


def begin(machine: Interpreter, instance: Instance, call: Call, framework: str) -> None:
    """Make an object an app."""
    instance.facts.update(
        framework=framework, routes=[], hooks={}, made=call.place, path=call.place[0], given=set(call.kwargs), call=call
    )
    machine.record.append(("app", instance))


def take_common(
    machine: Interpreter, instance: Instance, call: Call, *, middleware: Abstract | None, handlers: Abstract | None
) -> None:
    """Register the middleware, error handlers and start-up functions that an app is made with."""
    if call.open and middleware is None:
        disturb(machine, instance, "middleware", "it may be among arguments that are not known")
    for item in _items(machine, instance, middleware, "middleware"):
        take_middleware(machine, instance, item, call)
    held = plain_object(handlers) if handlers is not None else None
    if isinstance(held, Mapping):
        for subject, function in (*((Known(key), one) for key, one in held.cells.items()), *by_class(held)):
            register(machine, instance, Entry("handler", call, subject=subject, function=function))
    for item in _items(machine, instance, call.kwargs.get("on_startup"), "startup"):
        register(machine, instance, Entry("startup", call, function=item))
    if "max_body_size" in call.kwargs:
        machine.put(instance.cells, "max_body_size", call.kwargs["max_body_size"])


def _items(machine: Interpreter, owner: Instance, held: Abstract | None, kind: str) -> list[Abstract]:
    """Return the elements of a list that an app is made with."""
    if held is None or is_none(held):
        return []
    items = machine.iterate(held)
    if items is None:
        disturb(machine, owner, kind, "it is a list that could not be read")
    return items or []


def take_middleware(machine: Interpreter, owner: Abstract, item: Abstract, call: Call) -> None:
    """Register a `Middleware(cls, …)` object."""
    for choice in each(item):
        one = plain_object(choice)
        made = one.facts.get("args") if isinstance(one, Instance) and one.library == MIDDLEWARE else None
        if isinstance(made, Call):
            register(machine, owner, Entry("middleware", made, cls=made.get("cls", 0), options=_rest(made)))
        else:
            disturb(machine, owner, "middleware", "a piece of it could not be read")
    del call


def _rest(call: Call) -> Call:
    """Return the arguments for the middleware itself."""
    kwargs = {name: held for name, held in call.kwargs.items() if name not in ("cls", "middleware_class")}
    return Call(call.args[1:], kwargs, call.place, node=call.node, frame=call.frame, open=call.open)


INITS[MIDDLEWARE] = lambda _machine, instance, call: instance.facts.update(args=call)


@inits(BASE_MIDDLEWARE)
def _init_base(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`BaseHTTPMiddleware(app, dispatch)`; a subclass has its own `dispatch`."""
    for name, held in (("app", call.get("app", 0)), ("dispatch_func", call.get("dispatch", 1))):
        if held is not None:
            machine.put(instance.cells, name, held)


@calls(f"{STARLETTE}.add_middleware")
def _add_middleware(machine: Interpreter, call: Call) -> Abstract:
    cls = call.get("middleware_class", 0)
    register(machine, call.receiver, Entry("middleware", call, cls=cls, options=_rest(call)))
    return Known(None)


@calls(f"{STARLETTE}.middleware")
def _middleware_decorator(machine: Interpreter, call: Call) -> Abstract:
    """`@app.middleware("http")`."""
    owner = call.receiver
    del machine

    def mark(inner: Any, later: Call) -> Abstract:  # noqa: ANN401 - the evaluator
        function = later.args[0] if later.args else Known(None)
        options = Call([], {"dispatch": function}, call.place, node=call.node)
        register(inner, owner, Entry("middleware", call, cls=Library(BASE_MIDDLEWARE), options=options))
        return function

    return Builtin("decorator", mark)


# Routes


def take_routes(machine: Interpreter, owner: Instance, held: Abstract | None, call: Call) -> None:
    """Register a list of `Route`, `Mount` and the like."""
    if held is None:
        if call.open:
            disturb(machine, owner, "route", "routes may be among arguments that are not known")
        return
    for item in _items(machine, owner, held, "route"):
        take_route(machine, owner, item)


def take_route(machine: Interpreter, owner: Abstract | None, item: Abstract, *, before: bool = False) -> None:
    """Register one `Route`, `Mount` or the like; `before` all others."""
    for choice in each(item):
        one = plain_object(choice)
        entry = one.facts.get("entry") if isinstance(one, Instance) else None
        if isinstance(entry, Entry):
            register(machine, owner, Entry(entry.kind, entry.call, **entry.facts, before=before))
        else:
            disturb(machine, owner, "route", "a route could not be read")


@inits(*ROUTES)
def _init_route(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["entry"] = Entry(
        "route",
        call,
        path=call.get("path", 0),
        endpoint=call.get("endpoint", 1),
        methods=call.kwargs.get("methods"),
        socket=instance.library.endswith("WebSocketRoute"),
    )


@inits(*MOUNTS)
def _init_mount(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`Mount(path, app, routes, name, middleware=)`."""
    inner = call.get("app", 1)
    is_host = instance.library.endswith("Host")
    if is_none(inner) and not is_host:
        made = Instance(Library(ROUTER), call.place)
        take_routes(machine, made, call.get("routes", 2), call)
        inner = made
    instance.facts["entry"] = Entry("mount", call, path=Known("") if is_host else call.get("path", 0), app=inner)


@inits(ROUTER)
def _init_router(machine: Interpreter, instance: Instance, call: Call) -> None:
    take_routes(machine, instance, call.get("routes", 0), call)


def deferred(make: Callable[[Call, Abstract], Entry]) -> Callable[[Interpreter, Call], Abstract]:
    """Return the model of a decorator that registers the function which it is given."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        del machine

        def mark(inner: Any, later: Call) -> Abstract:  # noqa: ANN401 - the evaluator
            function = later.args[0] if later.args else Known(None)
            register(inner, call.receiver, make(call, function))
            return function

        return Builtin("decorator", mark)

    return model


def _route(call: Call, function: Abstract) -> Entry:
    path, methods = call.get("path", 0), call.get("methods", 1)
    return Entry("route", call, path=path, endpoint=function, methods=methods)


def _socket(call: Call, function: Abstract) -> Entry:
    return Entry("route", call, path=call.get("path", 0), endpoint=function, methods=None, socket=True)


CALLS[f"{ROUTER}.route"] = deferred(_route)
CALLS[f"{ROUTER}.websocket_route"] = deferred(_socket)


@calls(f"{ROUTER}.add_route")
def _add_route(machine: Interpreter, call: Call) -> Abstract:
    """`add_route(path, endpoint, methods)`: the endpoint is called `route` by an app and `endpoint` by a router."""
    endpoint = call.get("route", 1) or call.get("endpoint", 1)
    entry = Entry("route", call, path=call.get("path", 0), endpoint=endpoint, methods=call.get("methods", 2))
    register(machine, call.receiver, entry)
    return Known(None)


@calls(f"{ROUTER}.add_websocket_route")
def _add_socket(machine: Interpreter, call: Call) -> Abstract:
    endpoint = call.get("route", 1) or call.get("endpoint", 1)
    entry = Entry("route", call, path=call.get("path", 0), endpoint=endpoint, methods=None, socket=True)
    register(machine, call.receiver, entry)
    return Known(None)


@calls(f"{ROUTER}.mount")
def _mount(machine: Interpreter, call: Call) -> Abstract:
    register(machine, call.receiver, Entry("mount", call, path=call.get("path", 0), app=call.get("app", 1)))
    return Known(None)


@calls(f"{ROUTER}.host")
def _host(machine: Interpreter, call: Call) -> Abstract:
    """Everything is served at a host's own root."""
    register(machine, call.receiver, Entry("mount", call, path=Known(""), app=call.get("app", 1), host=True))
    return Known(None)


@attribute(f"{STARLETTE}.router")
def _router(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    """An app hands its routes on to its router: here they are one."""
    del machine, place
    return instance


# Lists that code changes by itself


def _list(kind: str) -> Callable[[Interpreter, Instance, Place], Abstract]:
    def get(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
        del machine
        made = Instance(Library(f"starlette {kind} list"), place)
        made.facts["owner"] = instance
        return made

    return get


def _replaced(kind: str) -> Callable[[Interpreter, Instance, Abstract, Place], None]:
    def put(machine: Interpreter, instance: Instance, held: Abstract, place: Place) -> None:
        del held, place
        disturb(machine, instance, kind, f"the list of {kind}s is replaced by another", taken=True)

    return put


def _changed(kind: str, take: Callable[[Interpreter, Abstract, Abstract, Call], None]) -> None:
    library = f"starlette {kind} list"

    def add(*, before: bool) -> Callable[[Interpreter, Call], Abstract]:
        def model(machine: Interpreter, call: Call) -> Abstract:
            owner = call.receiver.facts["owner"] if isinstance(call.receiver, Instance) else Known(None)
            for item in call.args[-1:]:
                take(machine, owner, item, Call([Known(before)], {}, call.place))
            return Known(None)

        return model

    def extend(machine: Interpreter, call: Call) -> Abstract:
        owner = call.receiver.facts["owner"] if isinstance(call.receiver, Instance) else Known(None)
        items = machine.iterate(call.args[0]) if call.args else []
        if items is None:
            disturb(machine, owner, kind, f"{kind}s are added that are not known")
        for item in items or ():
            take(machine, owner, item, Call([Known(value=False)], {}, call.place))
        return Known(None)

    def other(machine: Interpreter, call: Call) -> Abstract:
        if isinstance(call.receiver, Instance):
            disturb(machine, call.receiver.facts["owner"], kind, f"a {kind} is taken out of the list", taken=True)
        return Unknown(f"a {kind}", Origin(call.place))

    CALLS[f"{library}.append"] = add(before=False)
    CALLS[f"{library}.insert"] = add(before=True)
    CALLS[f"{library}.extend"] = extend
    for name in ("remove", "pop", "clear", "__delitem__", "__setitem__"):
        CALLS[f"{library}.{name}"] = other


def _take_listed(machine: Interpreter, owner: Abstract, item: Abstract, call: Call) -> None:
    before = call.args[0]
    take_route(machine, owner, item, before=isinstance(before, Known) and bool(before.value))


_changed("route", _take_listed)
_changed("middleware", take_middleware)
for _owner, _name, _kind in ((ROUTER, "routes", "route"), (STARLETTE, "user_middleware", "middleware")):
    ATTRIBUTES[f"{_owner}.{_name}"] = _list(_kind)
    SETTERS[f"{_owner}.{_name}"] = _replaced(_kind)


# Error handlers, start-up


def _handler(call: Call, function: Abstract) -> Entry:
    return Entry("handler", call, subject=call.get("exc_class_or_status_code", 0), function=function)


CALLS[f"{STARLETTE}.exception_handler"] = deferred(_handler)


@calls(f"{STARLETTE}.add_exception_handler")
def _add_handler(machine: Interpreter, call: Call) -> Abstract:
    function = call.get("handler", 1) or Known(None)
    register(machine, call.receiver, _handler(call, function))
    return Known(None)


def _startup(call: Call, function: Abstract) -> Entry:
    event = call.get("event_type", 0)
    is_start = not (isinstance(event, Known) and event.value != "startup")
    return Entry("startup" if is_start else "shutdown", call, function=function)


CALLS[f"{ROUTER}.on_event"] = deferred(_startup)


@calls(f"{ROUTER}.add_event_handler")
def _add_startup(machine: Interpreter, call: Call) -> Abstract:
    register(machine, call.receiver, _startup(call, call.get("func", 1) or Known(None)))
    return Known(None)


@attribute(f"{STARLETTE}.state")
def _state(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    held = Instance(Library("starlette.datastructures.State"), place)
    machine.put(instance.cells, "state", held)
    return held
