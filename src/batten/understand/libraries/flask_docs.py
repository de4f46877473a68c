"""API documentation inside Flask apps: flasgger, Flask-RESTX, flask-smorest, APIFlask, flask-openapi3.

Facts from flasgger 0.9.7 `Swagger.DEFAULT_CONFIG`, Flask-RESTX 1.3.2
`Api._register_doc` (Flask-RESTPlus 0.13 does the same), flask-smorest 0.47
`DocBlueprintMixin`, APIFlask 3.1 `APIFlask.__init__` and flask-openapi3 4.3
`OpenAPI.__init__`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, INITS, Call, inits
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Instance,
    Known,
    Mapping,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries import flask as flask_model
from batten.understand.libraries.extension import as_bool, extension, given, is_none, setting
from batten.understand.libraries.panels import Noted, serve, text

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

ALIASES.update(
    {
        "flasgger.base.Swagger": "flasgger.Swagger",
        "flask_restx.api.Api": "flask_restx.Api",
        "flask_restplus.Api": "flask_restx.Api",
        "flask_restplus.api.Api": "flask_restx.Api",
        "apiflask.app.APIFlask": "apiflask.APIFlask",
        "flask_openapi3.openapi.OpenAPI": "flask_openapi3.OpenAPI",
    }
)


def _may_ask(machine: Interpreter, decorators: Abstract | None, call: Call) -> Abstract | None:
    """Return what is known of a login when the pages have these decorators."""
    if is_none(decorators) or (decorators is not None and machine.truth(decorators) is False):
        return None
    return Unknown("decorators may ask for a login", Origin(call.place))


@extension("flasgger.Swagger")
def _flasgger(machine: Interpreter, instance: Instance, app: Instance | None, call: Call) -> None:
    """`Swagger(app, config=…)`, or `app.config["SWAGGER"]`."""
    options = {**instance.facts.get("options", {}), **call.kwargs}
    config = options.get("config") or setting(machine, app, "SWAGGER", Known(None), call.place)
    route = Known("/apidocs/", Origin(call.place))
    held = plain_object(config)
    if isinstance(held, Mapping):
        found = machine.looked_up(held, Known("specs_route"), route, call.place)
        panel = Noted("openapi", "Flasgger's Swagger UI", text(found, "/apidocs/"), call.place, app)
    else:
        panel = Noted("openapi", "Flasgger's Swagger UI", "/apidocs/", call.place, app)
    panel.guarded = _may_ask(machine, options.get("decorators"), call)
    serve(machine, panel)


@extension("flask_restx.Api")
def _restx(machine: Interpreter, instance: Instance, app: Instance | None, call: Call) -> None:
    """`Api(app_or_blueprint, doc="/")`; a false `doc` serves no page."""
    options = {**instance.facts.get("options", {}), **call.kwargs}
    doc = options.get("doc") or given(call, "doc", 12, "/")
    panel = Noted("openapi", "Flask-RESTX's Swagger UI", text(doc), call.place, app)
    panel.setting = "doc"
    panel.guarded = _may_ask(machine, options.get("decorators"), call)
    specs = given(call, "add_specs", None, otherwise=True)
    serve(machine, panel, as_bool(machine, doc, call.place) if machine.truth(specs) is not False else specs)


@extension("flask_smorest.Api")
def _smorest(machine: Interpreter, instance: Instance, app: Instance | None, call: Call) -> None:
    """Serve the specification below OPENAPI_URL_PREFIX; without one, nothing."""
    prefix = instance.facts.get("options", {}).get("config_prefix") or call.kwargs.get("config_prefix")
    before = text(prefix).strip("_").upper()
    name = f"{before}_OPENAPI_URL_PREFIX" if before else "OPENAPI_URL_PREFIX"
    url = setting(machine, app, name, Known(None), call.place)
    panel = Noted("openapi", "flask-smorest's API documentation", text(url), call.place, app)
    panel.setting = name
    serve(machine, panel, _is_given(url, call))


def _is_given(value: Abstract, call: Call) -> Abstract:
    """Return `value is not None`, with the value's own history."""
    found: Abstract | None = None
    for choice in each(value):
        one: Abstract = (
            Known(choice.value is not None, choice.origin)
            if isinstance(choice, Known)
            else Known(value=False, origin=Origin(call.place))
            if choice is ABSENT
            else Unknown("whether it is set", Origin(call.place))
        )
        found = one if found is None else join(found, one)
    return found or Unknown("whether it is set", Origin(call.place))


_flask_init = INITS[flask_model.FLASK]


@inits("apiflask.APIFlask")
def _apiflask(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`APIFlask(__name__, docs_path="/docs", spec_path="/openapi.json", enable_openapi=True)`."""
    _flask_init(machine, instance, call)
    docs, spec = given(call, "docs_path", 4, "/docs"), given(call, "spec_path", 3, "/openapi.json")
    panel = Noted("openapi", "APIFlask's API documentation", text(docs, text(spec)), call.place, instance)
    panel.setting = "enable_openapi"
    panel.guarded = lambda: _decorated(machine, instance, call)
    enabled = as_bool(machine, given(call, "enable_openapi", 10, otherwise=True), call.place)
    if is_none(docs) and is_none(spec):
        enabled = Known(value=False, origin=Origin(call.place))
    serve(machine, panel, enabled)


def _decorated(machine: Interpreter, app: Instance, call: Call) -> Abstract:
    """Return whether the settings DOCS_DECORATORS or SPEC_DECORATORS may ask for a login."""
    for name in ("DOCS_DECORATORS", "SPEC_DECORATORS"):
        found = _may_ask(machine, setting(machine, app, name, Known(None), call.place), call)
        if found is not None:
            return found
    return Known(value=False, origin=Origin(call.place))


@inits("flask_openapi3.OpenAPI")
def _openapi3(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`OpenAPI(__name__, doc_ui=True, doc_prefix="/openapi")`."""
    _flask_init(machine, instance, call)
    panel = Noted("openapi", "flask-openapi3's API documentation", "/openapi", call.place, instance)
    panel.path = given(call, "doc_prefix", None, "/openapi")
    panel.setting = "doc_ui"
    serve(machine, panel, as_bool(machine, given(call, "doc_ui", None, otherwise=True), call.place))
