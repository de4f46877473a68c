"""Panels inside Starlette and FastAPI apps: admins, metrics, GraphQL's page.

Facts from SQLAdmin 0.32 `sqladmin.Admin`, starlette-admin 1.0
`starlette_admin.base.BaseAdmin`, fastapi-admin 1.0, prometheus-client 0.26
`make_asgi_app`, prometheus-fastapi-instrumentator 8.1 `Instrumentator.expose`,
starlette-exporter 0.24, starlette-prometheus 0.10, Strawberry 0.341
`strawberry.fastapi.GraphQLRouter` and `strawberry.asgi.GraphQL`, Ariadne 1.1
`ariadne.asgi.GraphQL` and starlette-graphene3 0.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.library import ALIASES, BASES, CALLS, Call, calls, inits, value
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library, Unknown, each, join, plain_object
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.extension import as_bool, given, is_none
from batten.understand.libraries.starlette_entries import Entry, register

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

INSTRUMENTATOR = "prometheus_fastapi_instrumentator.Instrumentator"
ROUTER = "strawberry.fastapi.GraphQLRouter"
ALIASES.update(
    {
        "sqladmin.application.Admin": "sqladmin.Admin",
        "prometheus_client.asgi.make_asgi_app": "prometheus_client.make_asgi_app",
        "prometheus_fastapi_instrumentator.PrometheusFastApiInstrumentator": INSTRUMENTATOR,
        "prometheus_fastapi_instrumentator.instrumentation.PrometheusFastApiInstrumentator": INSTRUMENTATOR,
        "starlette_exporter.handle_openmetrics": "starlette_exporter.handle_metrics",
        "strawberry.fastapi.router.GraphQLRouter": ROUTER,
        "ariadne.asgi.graphql.GraphQL": "ariadne.asgi.GraphQL",
    }
)
BASES[ROUTER] = ("fastapi.APIRouter", "starlette.routing.Router")


class Shown:
    """A panel that an object is: where an app takes the object in, the panel is served."""

    __slots__ = ("enabled", "guarded", "kind", "power", "setting", "what")

    def __init__(self, kind: str, what: str) -> None:
        """Hold the kind (`admin`, `metrics`, `graphql`) and the name."""
        self.kind = kind
        self.what = what
        self.enabled: Abstract = Known(value=True)
        self.guarded: Abstract = Known(value=False)
        self.power = ""
        self.setting = ""


def _serve(machine: Interpreter, app: Abstract | None, path: Abstract, shown: Shown, call: Call, *, api: bool) -> None:
    """Register a panel as something that an app serves."""
    register(machine, app, Entry("panel", call, path=path, panel=shown, api=api))


def _login(given_: Abstract | None, place: Place) -> Abstract:
    """Return whether a login is given to a panel."""
    result: Abstract | None = None
    for choice in each(given_ if given_ is not None else Known(None)):
        one: Abstract = Known(not is_none(choice), Origin(place))
        if isinstance(choice, Unknown):
            one = Unknown("a login that may be given", Origin(place))
        result = one if result is None else join(result, one)
    return result or Known(value=False)


# Admins


@inits("sqladmin.Admin")
def _sqladmin(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`Admin(app, engine, session_maker, base_url="/admin", …, authentication_backend=None)`."""
    shown = Shown("admin", "SQLAdmin")
    shown.guarded = _login(call.get("authentication_backend", 11), call.place)
    if call.open:
        shown.guarded = Unknown("authentication_backend may be among arguments that are not known")
    shown.power, shown.setting = "changes data", "authentication_backend"
    _serve(machine, call.get("app", 0), given(call, "base_url", 3, "/admin"), shown, call, api=False)
    del instance


_STARLETTE_ADMIN = "starlette_admin.BaseAdmin"
for _module in ("sqla", "mongoengine", "odmantic", "beanie", "sqlmodel", "tortoise"):
    BASES[f"starlette_admin.contrib.{_module}.Admin"] = (_STARLETTE_ADMIN,)
ALIASES["starlette_admin.base.BaseAdmin"] = _STARLETTE_ADMIN


@inits(_STARLETTE_ADMIN, *(name for name, bases in BASES.items() if _STARLETTE_ADMIN in bases))
def _starlette_admin(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`Admin(…, base_url="/admin", auth_provider=None)`, served by `mount_to(app)`."""
    del machine
    shown = Shown("admin", "starlette-admin")
    shown.guarded = _login(call.kwargs.get("auth_provider"), call.place)
    shown.power, shown.setting = "changes data", "auth_provider"
    instance.facts.update(panel=shown, call=call)


@calls(f"{_STARLETTE_ADMIN}.mount_to")
def _mount_admin(machine: Interpreter, call: Call) -> Abstract:
    admin = plain_object(call.receiver or Known(None))
    if isinstance(admin, Instance) and isinstance(admin.facts.get("panel"), Shown):
        path = admin.facts["call"].kwargs.get("base_url") or Known("/admin")
        _serve(machine, call.get("app", 0), path, admin.facts["panel"], call, api=False)
    return Known(None)


@value("fastapi_admin.app.app")
def _fastapi_admin(machine: Interpreter, place: Place) -> Abstract:
    """Return the app of fastapi-admin: its login is part of what `configure` is given."""
    held = machine.hooks.setdefault("fastapi_admin", [])
    if not held:
        made = Instance(Library("fastapi_admin.app.FastAPIAdmin"), place)
        shown = Shown("admin", "fastapi-admin")
        shown.guarded = Unknown("its providers may ask for a login", Origin(place))
        made.facts["panel"] = shown
        held.append(made)
    return held[0]  # type: ignore[no-any-return]


CALLS["fastapi_admin.app.FastAPIAdmin.configure"] = lambda _machine, _call: Known(None)


# Metrics


def _metrics(what: str) -> Callable[[Interpreter, Instance, Call], None]:
    def init(machine: Interpreter, instance: Instance, call: Call) -> None:
        del machine, call
        instance.facts["panel"] = Shown("metrics", what)

    return init


inits("prometheus_client.make_asgi_app")(_metrics("prometheus_client"))


def _handler(what: str) -> Callable[[Interpreter, Place], Abstract]:
    def get(machine: Interpreter, place: Place) -> Abstract:
        del machine
        made = Instance(Library("a view that serves metrics"), place)
        made.facts["panel"] = Shown("metrics", what)
        return made

    return get


value("starlette_exporter.handle_metrics")(_handler("starlette_exporter"))
value("starlette_prometheus.metrics")(_handler("starlette_prometheus"))


@inits(INSTRUMENTATOR)
def _instrumentator(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["call"] = call


def _same(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return call.receiver or Known(None)


for _name in ("instrument", "add"):
    CALLS[f"{INSTRUMENTATOR}.{_name}"] = _same


@calls(f"{INSTRUMENTATOR}.expose")
def _expose(machine: Interpreter, call: Call) -> Abstract:
    """`expose(app, should_gzip, endpoint="/metrics", …, dependencies=…)`; a variable may switch it off."""
    instance = plain_object(call.receiver or Known(None))
    made = instance.facts.get("call") if isinstance(instance, Instance) else None
    shown = Shown("metrics", "prometheus_fastapi_instrumentator")
    asked = made.kwargs.get("should_respect_env_var") if isinstance(made, Call) else None
    if isinstance(made, Call) and isinstance(asked, Abstract) and machine.truth(asked) is not False:
        shown.enabled = _by_variable(machine, made)
    _serve(machine, call.get("app", 0), given(call, "endpoint", 2, "/metrics"), shown, call, api=True)
    return call.receiver or Known(None)


def _by_variable(machine: Interpreter, made: Call) -> Abstract:
    """`should_respect_env_var`: on only where `ENABLE_METRICS` says so."""
    from batten.understand.evaluate.environ import read  # noqa: PLC0415 - used rarely

    name = made.kwargs.get("env_var_name") or Known("ENABLE_METRICS")
    if not isinstance(name, Known):
        return machine.unknown_of(made.place, name)
    held = read(machine, machine.environ.cells, str(name.value), Known("false"), made.place)
    return machine.compute(made.place, lambda text: text.lower() in ("true", "1"), held, of="bool")


# GraphQL


@inits(ROUTER)
def _router(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`GraphQLRouter(schema, path, graphql_ide="graphiql")`; before 0.213 the page was `graphiql=True`."""
    instance.facts.update(prefix=given(call, "prefix", None, ""), call=call)
    shown = _page(machine, call)
    _serve(machine, instance, given(call, "path", 1, ""), shown, call, api=True)


@inits("strawberry.asgi.GraphQL")
def _strawberry(machine: Interpreter, instance: Instance, call: Call) -> None:
    instance.facts["panel"] = _page(machine, call)


def _page(machine: Interpreter, call: Call) -> Shown:
    shown = Shown("graphql", "GraphiQL")
    old = call.kwargs.get("graphiql")
    held = old if old is not None else given(call, "graphql_ide", None, "graphiql")
    shown.enabled = as_bool(machine, held, call.place)
    shown.setting = "graphiql" if old is not None else "graphql_ide"
    return shown


@inits("ariadne.asgi.GraphQL")
def _ariadne(machine: Interpreter, instance: Instance, call: Call) -> None:
    """Its explorer answers a GET; `introspection=False` or an `ExplorerHttp405` serves no page."""
    del machine
    shown = Shown("graphql", "Ariadne's explorer")
    explorer = plain_object(call.kwargs.get("explorer", Known(None)))
    name = explorer.library if isinstance(explorer, Instance) else ""
    off = name.endswith("ExplorerHttp405")
    shown.enabled = Known(value=not off, origin=Origin(call.place))
    shown.setting = "explorer"
    instance.facts["panel"] = shown


@inits("starlette_graphene3.GraphQLApp", "starlette_graphene.GraphQLApp")
def _graphene(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`GraphQLApp(schema, on_get=None)`: `make_graphiql_handler()` and `make_playground_handler()` show a page."""
    del machine
    shown = Shown("graphql", "GraphiQL")
    held = call.kwargs.get("on_get")
    shown.enabled = _login(held, call.place)
    shown.setting = "on_get"
    instance.facts["panel"] = shown


@inits("starlette.graphql.GraphQLApp")
def _old_graphene(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`GraphQLApp(schema, graphiql=True)` of Starlette before 0.17."""
    shown = Shown("graphql", "GraphiQL")
    shown.enabled = as_bool(machine, given(call, "graphiql", None, otherwise=True), call.place)
    shown.setting = "graphiql"
    instance.facts["panel"] = shown


def of(held: Abstract | None) -> Any:  # noqa: ANN401 - a `Shown`, or what another model noted alike
    """Return the panel that a mounted app or a view is, None when it is none."""
    inner = plain_object(held) if held is not None else None
    return inner.facts.get("panel") if isinstance(inner, Instance) else None
