"""FastAPI: the app object with its own documentation, routers and dependencies.

Facts from FastAPI 0.165 `fastapi.applications`, `fastapi.routing` and
`fastapi.openapi.docs`; the same holds back to 0.100. The pages of the
documentation are routes that the constructor adds: what is written to
`app.docs_url` later changes nothing, and neither `dependencies` nor the
dependencies of a router stand before them.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.library import ALIASES, BASES, CALLS, INITS, Call, attribute, calls, inits
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.extension import given
from batten.understand.libraries.starlette import (
    ROUTER,
    STARLETTE,
    begin,
    deferred,
    take_common,
    take_routes,
)
from batten.understand.libraries.starlette_entries import Entry, register

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

FASTAPI = "fastapi.FastAPI"
API_ROUTER = "fastapi.APIRouter"
DEPENDS = "fastapi.Depends"
BASES[FASTAPI] = (STARLETTE, ROUTER)
BASES[API_ROUTER] = (ROUTER,)
ALIASES.update(
    {
        "fastapi.applications.FastAPI": FASTAPI,
        "fastapi.routing.APIRouter": API_ROUTER,
        "fastapi.param_functions.Depends": DEPENDS,
        "fastapi.params.Depends": DEPENDS,
        "fastapi.Security": DEPENDS,
        "fastapi.param_functions.Security": DEPENDS,
        "fastapi.staticfiles.StaticFiles": "starlette.staticfiles.StaticFiles",
        "fastapi.middleware.wsgi.WSGIMiddleware": "starlette.middleware.wsgi.WSGIMiddleware",
        "a2wsgi.WSGIMiddleware": "starlette.middleware.wsgi.WSGIMiddleware",
    }
)

DOCS: dict[str, object] = {"openapi_url": "/openapi.json", "docs_url": "/docs", "redoc_url": "/redoc"}
"""Where the schema, Swagger UI and ReDoc are served unless told otherwise."""
_OTHERS: dict[str, object] = {
    "title": "FastAPI",
    "version": "0.1.0",
    "description": "",
    "root_path": "",
    "swagger_ui_oauth2_redirect_url": "/docs/oauth2-redirect",
}


@inits(FASTAPI)
def _init(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`FastAPI(*, debug, routes, title, openapi_url, docs_url, redoc_url, dependencies, middleware, …)`.

    Raises:
        ThrownError: the schema is on and has no title.
    """
    begin(machine, instance, call, "fastapi")
    machine.put(instance.cells, "debug", given(call, "debug", None, otherwise=False))
    for name, otherwise in {**DOCS, **_OTHERS}.items():
        held = given(call, name, None, otherwise)
        machine.put(instance.cells, name, held)
        if name in DOCS:
            instance.facts.setdefault("docs", {})[name] = held
    if machine.truth(instance.cells["openapi_url"]) and machine.truth(instance.cells["title"]) is False:
        raise ThrownError(("AssertionError", "Exception"), "A title must be provided for OpenAPI", call.place)
    take_routes(machine, instance, call.kwargs.get("routes"), call)
    register(machine, instance, Entry("docs", call))
    take_common(
        machine,
        instance,
        call,
        middleware=call.kwargs.get("middleware"),
        handlers=call.kwargs.get("exception_handlers"),
    )


@inits(API_ROUTER)
def _init_router(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`APIRouter(*, prefix, tags, dependencies, routes, …)`."""
    instance.facts["prefix"] = given(call, "prefix", None, "")
    instance.facts["call"] = call
    take_routes(machine, instance, call.kwargs.get("routes"), Call([], {}, call.place))


@calls(f"{ROUTER}.include_router")
def _include(machine: Interpreter, call: Call) -> Abstract:
    """`include_router(router, *, prefix, dependencies, …)`."""
    entry = Entry("include", call, app=call.get("router", 0), path=call.kwargs.get("prefix") or Known(""))
    register(machine, call.receiver, entry)
    return Known(None)


# Path operations


def _api_route(methods: tuple[str, ...] | None) -> Callable[[Call, Abstract], Entry]:
    def make(call: Call, function: Abstract) -> Entry:
        held = call.kwargs.get("methods")
        return Entry("route", call, path=call.get("path", 0), endpoint=function, methods=held, verbs=methods, api=True)

    return make


for _verb in "get put post delete options head patch trace query".split():
    CALLS[f"{API_ROUTER}.{_verb}"] = CALLS[f"{FASTAPI}.{_verb}"] = deferred(_api_route((_verb.upper(),)))
for _owner in (API_ROUTER, FASTAPI):
    CALLS[f"{_owner}.api_route"] = deferred(_api_route(None))


def _socket(call: Call, function: Abstract) -> Entry:
    return Entry("route", call, path=call.get("path", 0), endpoint=function, methods=None, socket=True, api=True)


for _owner in (API_ROUTER, FASTAPI):
    CALLS[f"{_owner}.websocket"] = deferred(_socket)


@calls(f"{FASTAPI}.add_api_route", f"{API_ROUTER}.add_api_route")
def _add_api_route(machine: Interpreter, call: Call) -> Abstract:
    function = call.get("endpoint", 1) or Known(None)
    register(machine, call.receiver, _api_route(None)(call, function))
    return Known(None)


@calls(f"{FASTAPI}.add_api_websocket_route", f"{API_ROUTER}.add_api_websocket_route")
def _add_api_socket(machine: Interpreter, call: Call) -> Abstract:
    register(machine, call.receiver, _socket(call, call.get("endpoint", 1) or Known(None)))
    return Known(None)


@inits("fastapi.routing.APIRoute")
def _init_api_route(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["entry"] = _api_route(None)(call, call.get("endpoint", 1) or Known(None))


@calls(f"{FASTAPI}.frontend", f"{API_ROUTER}.frontend")
def _frontend(machine: Interpreter, call: Call) -> Abstract:
    """`app.frontend(path, directory=…)` serves the files of a built page."""
    made = Instance(Library("starlette.staticfiles.StaticFiles"), call.place)
    made.facts["call"] = call
    register(machine, call.receiver, Entry("mount", call, path=call.get("path", 0), app=made))
    machine.record.append(("pages", call.place))
    return Known(None)


# The documentation, made by hand


def _page(what: str) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        del machine
        made = Instance(Library("starlette.responses.HTMLResponse"), call.place, Origin(call.place))
        made.facts["shows"] = what
        return made

    return model


CALLS["fastapi.openapi.docs.get_swagger_ui_html"] = _page("Swagger UI")
CALLS["fastapi.openapi.docs.get_redoc_html"] = _page("ReDoc")
CALLS["fastapi.openapi.docs.get_swagger_ui_oauth2_redirect_html"] = _page("")
CALLS["scalar_fastapi.get_scalar_api_reference"] = _page("Scalar")


@calls("fastapi.openapi.utils.get_openapi", f"{FASTAPI}.openapi")
def _schema(machine: Interpreter, call: Call) -> Abstract:
    """Return the schema as a dict that remembers what it is."""
    made = Mapping(origin=Origin(call.place), of="openapi")
    made.more["rest"] = Known(value=True)
    del machine
    return made


@attribute(f"{FASTAPI}.openapi_schema")
def _no_schema(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Unknown("the schema, made when it is asked for", Origin(place), kind="runtime")


# Dependencies


@calls(DEPENDS)
def _depends(machine: Interpreter, call: Call) -> Abstract:
    del machine
    made = Instance(Library(DEPENDS), call.place, Origin(call.place))
    made.facts["dependency"] = call.get("dependency", 0)
    return made


SCHEMES = frozenset(
    "HTTPBasic HTTPBearer HTTPDigest OAuth2 OAuth2PasswordBearer OAuth2AuthorizationCodeBearer OpenIdConnect "
    "APIKeyHeader APIKeyQuery APIKeyCookie".split()
)
"""Classes of `fastapi.security` that answer 401 or 403 to a visitor who shows nothing (`auto_error`)."""


def _scheme(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["auto_error"] = given(call, "auto_error", None, otherwise=True)


for _name in SCHEMES:
    INITS[f"fastapi.security.{_name}"] = _scheme
    for _module in ("http", "oauth2", "api_key", "open_id_connect_url"):
        ALIASES[f"fastapi.security.{_module}.{_name}"] = f"fastapi.security.{_name}"


def dependency_of(held: Abstract) -> Abstract | None:
    """Return what a `Depends(…)` calls, None when the value is none."""
    one = plain_object(held)
    if isinstance(one, Instance) and one.library == DEPENDS:
        found: Abstract | None = one.facts.get("dependency")
        return plain_object(found) if found is not None else Unknown("a dependency named by its type")
    return None


def parameters(machine: Any, function: Function) -> list[tuple[ast.arg, Abstract | None, list[Abstract]]]:  # noqa: ANN401 - the evaluator
    """Return each parameter of a function with its type and what `Annotated` says beside the type."""
    arguments = function.node.args
    found = []
    for parameter in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        kind: Abstract | None = None
        more: list[Abstract] = []
        if parameter.annotation is not None:
            kind, more = _annotated(machine, function, parameter.annotation)
        default = function.defaults.get(parameter.arg)
        found.append((parameter, kind, [*more, *([default] if default is not None else [])]))
    return found


def _annotated(machine: Any, function: Function, written: ast.expr) -> tuple[Abstract | None, list[Abstract]]:  # noqa: ANN401 - likewise
    """Return a type as it is written, and the further arguments of an `Annotated`."""
    if isinstance(written, ast.Constant) and isinstance(written.value, str):
        try:
            written = ast.parse(written.value, mode="eval").body
        except (SyntaxError, ValueError):
            return None, []
    try:
        held = plain_object(machine.eval(written, function.frame))
    except ThrownError:
        return None, []
    from batten.understand.evaluate import generics  # noqa: PLC0415 - used rarely

    if isinstance(held, Instance) and held.library == generics.ALIAS:
        parts = generics.arguments(held)
        name = getattr(held.facts["origin"], "name", "")
        if name.endswith("Annotated"):
            return (plain_object(parts[0]), parts[1:]) if parts else (None, [])
        return held.facts["origin"], []
    return held, []
