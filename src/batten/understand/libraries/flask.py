"""Flask 3.1: the app object, its configuration, hooks and its own server.

Facts from Flask 3.1.3 `flask.app`, `flask.config`, `flask.sansio.app` and
`flask.helpers.get_debug_flag`; older behaviour where the pinned version asks
for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.builtins import find as builtin
from batten.understand.evaluate.environ import read as read_variable
from batten.understand.evaluate.library import (
    ALIASES,
    ATTRIBUTES,
    BASES,
    CALLS,
    SETTERS,
    Call,
    attribute,
    calls,
    inits,
    load,
)
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Builtin,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import flask_http, panels
from batten.understand.libraries.flask_config import written

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

FLASK = "flask.Flask"
BLUEPRINT = "flask.Blueprint"
ALIASES.update(
    {
        "flask.app.Flask": FLASK,
        "flask.blueprints.Blueprint": BLUEPRINT,
        "flask.json.jsonify": "flask.jsonify",
        "flask.helpers.make_response": "flask.make_response",
        "flask.globals.current_app": "flask.current_app",
        "flask.config.Config": "flask.Config",
        "flask.wrappers.Response": "flask.Response",
        "werkzeug.wrappers.Response": "flask.Response",
        "flask.templating.render_template": "flask.render_template",
        "flask.templating.render_template_string": "flask.render_template_string",
    }
)
BASES["flask_openapi3.OpenAPI"] = (FLASK,)
BASES["apiflask.APIFlask"] = (FLASK,)
BASES["connexion.FlaskApp"] = ()

DEFAULTS: dict[str, Any] = {
    "DEBUG": None,
    "TESTING": False,
    "PROPAGATE_EXCEPTIONS": None,
    "SECRET_KEY": None,
    "SECRET_KEY_FALLBACKS": None,
    "USE_X_SENDFILE": False,
    "TRUSTED_HOSTS": None,
    "SERVER_NAME": None,
    "APPLICATION_ROOT": "/",
    "SESSION_COOKIE_NAME": "session",
    "SESSION_COOKIE_DOMAIN": None,
    "SESSION_COOKIE_PATH": None,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SECURE": False,
    "SESSION_COOKIE_PARTITIONED": False,
    "SESSION_COOKIE_SAMESITE": None,
    "SESSION_REFRESH_EACH_REQUEST": True,
    "MAX_CONTENT_LENGTH": None,
    "MAX_FORM_MEMORY_SIZE": 500_000,
    "MAX_FORM_PARTS": 1_000,
    "SEND_FILE_MAX_AGE_DEFAULT": None,
    "TRAP_BAD_REQUEST_ERRORS": None,
    "TRAP_HTTP_EXCEPTIONS": False,
    "EXPLAIN_TEMPLATE_LOADING": False,
    "PREFERRED_URL_SCHEME": "http",
    "TEMPLATES_AUTO_RELOAD": None,
    "MAX_COOKIE_SIZE": 4093,
    "PROVIDE_AUTOMATIC_OPTIONS": True,
}
"""`Flask.default_config` of 3.1; PERMANENT_SESSION_LIFETIME is a timedelta and stays out."""


def debug_flag(machine: Interpreter, place: Place, variable: str = "FLASK_DEBUG") -> Abstract:
    """Return `flask.helpers.get_debug_flag()`; before Flask 2.3 FLASK_ENV counts too.

    Quart 0.22 `quart.helpers.get_debug_flag` is the same with another variable.
    """
    unset = Known("", Origin(place))
    found = read_variable(machine, machine.environ.cells, variable, unset, place)
    if variable == "FLASK_DEBUG" and not machine.world.at_least("flask", 2, 3):
        stage = read_variable(machine, machine.environ.cells, "FLASK_ENV", unset, place)
        held = machine.environ.cells.get("FLASK_DEBUG", ABSENT)
        if held is ABSENT:
            return machine.compute(place, lambda text: text == "development", stage, of="bool")
    result = machine.compute(
        place, lambda text: bool(text) and text.lower() not in ("0", "false", "no"), found, of="bool"
    )
    if isinstance(result, Known) and not result.origin.pinned:
        return Known(result.value, Origin(None, (), frozenset()))
    return result


@calls("flask.helpers.get_debug_flag")
def _get_debug_flag(machine: Interpreter, call: Call) -> Abstract:
    return debug_flag(machine, call.place)


def config_of(app: Abstract) -> Mapping | None:
    """Return the configuration of an app object."""
    app = plain_object(app)
    if isinstance(app, Instance):
        held = app.cells.get("config")
        return held if isinstance(held, Mapping) else None
    return None


@inits(FLASK, "apiflask.APIFlask", "flask_openapi3.OpenAPI")
def init(machine: Interpreter, instance: Instance, call: Call) -> None:
    """Make an object a Flask app, as `Flask.__init__` does."""
    config = Mapping(origin=Origin(call.place), of="flask.Config")
    for name, default in DEFAULTS.items():
        config.cells[name] = Known(default)
    config.cells["DEBUG"] = debug_flag(machine, call.place)
    machine.put(instance.cells, "config", config)
    instance.facts.update(
        framework="flask",
        routes=[],
        hooks={},
        extensions={},
        made=call.place,
        defaults=dict(config.cells),
    )
    for option in ("static_folder", "static_url_path", "instance_path", "root_path", "instance_relative_config"):
        given = call.get(option)
        if given is not None:
            instance.facts[option] = given
    import_name = call.get("import_name", 0)
    if isinstance(import_name, Known):
        machine.put(instance.cells, "import_name", import_name)
        machine.put(instance.cells, "name", import_name)
    instance.facts["path"] = call.place[0]
    machine.record.append(("app", instance))


@inits("flask.Config")
def _init_config(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["call"] = call


def _setting(name: str) -> None:
    def get(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
        del machine
        config = config_of(instance)
        return config.cells.get(name, Known(None)) if config else Unknown(f"{name} of the app", Origin(place))

    def put(machine: Interpreter, instance: Instance, held: Abstract, place: Place) -> None:
        config = config_of(instance)
        if config is not None:
            machine.put(config.cells, name, written(held, place))

    attribute_name = {"DEBUG": "debug", "TESTING": "testing", "SECRET_KEY": "secret_key"}.get(name, name.lower())
    ATTRIBUTES[f"{FLASK}.{attribute_name}"] = get
    SETTERS[f"{FLASK}.{attribute_name}"] = put


for _name in ("DEBUG", "TESTING", "SECRET_KEY", "PERMANENT_SESSION_LIFETIME", "USE_X_SENDFILE"):
    _setting(_name)
for _base in ("apiflask.APIFlask", "flask_openapi3.OpenAPI"):
    BASES[_base] = (FLASK,)
_setting("SESSION_COOKIE_NAME")


@attribute(f"{FLASK}.jinja_env")
def _jinja(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine
    load("jinja2")
    held = instance.facts.get("jinja_env")
    if held is None:
        held = Instance(Library("jinja2.Environment"), place)
        held.facts["app"] = instance
        instance.facts["jinja_env"] = held
    return held


@attribute(f"{FLASK}.wsgi_app")
def _wsgi(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, place
    inner = Instance(Library("flask.Flask.wsgi_app"))
    inner.facts["app"] = instance
    return inner


@attribute(f"{FLASK}.logger", f"{FLASK}.cli", f"{FLASK}.json", f"{FLASK}.url_map", f"{FLASK}.view_functions")
def _part(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine
    return Instance(Library(f"{instance.library}.part"), place)


def _dictionary(name: str) -> None:
    def get(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
        made = Mapping(origin=Origin(place))
        made.more["rest"] = Known(value=True)
        del machine
        return instance.facts.setdefault(f"dict:{name}", made)  # type: ignore[no-any-return]

    ATTRIBUTES[f"{FLASK}.{name}"] = get


for _name in ("extensions", "jinja_options", "template_context_processors"):
    _dictionary(_name)


# Routes and hooks


def keeper(kind: str) -> Callable[[Interpreter, Call], Abstract]:
    """Return a model of a decorator (with or without arguments) that keeps the function for `kind`."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        owner = call.receiver
        first = plain_object(call.args[0]) if call.args else None
        if isinstance(first, Function) and kind not in ("route", "errorhandler", "app_errorhandler"):
            note(machine, owner, kind, first, call, None)
            return first

        def mark(inner: Any, later: Call) -> Abstract:  # noqa: ANN401 - the evaluator
            function = plain_object(later.args[0]) if later.args else Known(None)
            note(inner, owner, kind, function, call, call.args[0] if call.args else None)
            return later.args[0] if later.args else Known(None)

        return Builtin("decorator", mark)

    return model


def note(
    machine: Interpreter, owner: Abstract | None, kind: str, function: Abstract, call: Call, subject: Abstract | None
) -> None:
    """Note a function registered on an app or blueprint."""
    owner = plain_object(owner) if owner is not None else None
    if isinstance(owner, Instance):
        machine.put(owner.cells, f"hook:{kind}:{len(owner.cells)}", function)
        owner.facts.setdefault("hooks", {}).setdefault(kind, []).append((function, call, subject))
        machine.record.append((kind, owner, function, call, subject))
        if kind == "route":
            panels.mount(machine, function, owner, subject if subject is not None else "", call.place)


for _verb in ("route", "get", "post", "put", "delete", "patch", "websocket"):
    for _owner in (FLASK, BLUEPRINT):
        CALLS[f"{_owner}.{_verb}"] = keeper("route")
for _owner in (FLASK, BLUEPRINT):
    CALLS[f"{_owner}.errorhandler"] = keeper("errorhandler")
    CALLS[f"{_owner}.app_errorhandler"] = keeper("app_errorhandler")
    for _hook in (
        "before_request after_request teardown_request teardown_appcontext context_processor url_defaults "
        "url_value_preprocessor template_filter template_test template_global shell_context_processor "
        "before_first_request after_app_request before_app_request app_context_processor app_template_filter "
        "app_template_global record record_once before_serving after_serving"
    ).split():
        CALLS[f"{_owner}.{_hook}"] = keeper(_hook)


@calls(f"{FLASK}.add_url_rule", f"{BLUEPRINT}.add_url_rule")
def _add_rule(machine: Interpreter, call: Call) -> Abstract:
    function = call.get("view_func", 2) or Known(None)
    note(machine, call.receiver, "route", plain_object(function), call, call.get("rule", 0))
    return Known(None)


@calls(f"{FLASK}.register_error_handler", f"{BLUEPRINT}.register_error_handler")
def _add_handler(machine: Interpreter, call: Call) -> Abstract:
    function = call.get("f", 1) or Known(None)
    note(machine, call.receiver, "errorhandler", plain_object(function), call, call.get("code_or_exception", 0))
    return Known(None)


@calls(f"{FLASK}.register_blueprint", f"{BLUEPRINT}.register_blueprint")
def _register(machine: Interpreter, call: Call) -> Abstract:
    app, blueprint = (
        plain_object(call.receiver or Known(None)),
        plain_object(call.args[0]) if call.args else Known(None),
    )
    if isinstance(app, Instance) and isinstance(blueprint, Instance):
        app.facts.setdefault("blueprints", []).append(blueprint)
        machine.record.append(("blueprint", app, blueprint, call))
        panels.mount(machine, blueprint, app, call.kwargs.get("url_prefix") or "/", call.place)
    return Known(None)


@inits(BLUEPRINT)
def _init_blueprint(machine: Interpreter, instance: Instance, call: Call) -> None:
    name = call.get("name", 0)
    if name is not None:
        machine.put(instance.cells, "name", name)
    instance.facts.update(routes=[], hooks={}, made=call.place)


@calls(f"{FLASK}.app_context", f"{FLASK}.test_request_context", f"{FLASK}.request_context")
def _context(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return Instance(Library("flask.ctx"), call.place)


# Its own server


@calls(f"{FLASK}.run")
def _run(machine: Interpreter, call: Call) -> Abstract:
    """`Flask.run(host, port, debug, load_dotenv, **options)` of Flask 3.1."""
    app = plain_object(call.receiver or Known(None))
    config = config_of(app)
    if not isinstance(app, Instance) or config is None:
        return Known(None)
    from batten.understand.libraries.dotenv import flask_files  # noqa: PLC0415 - used by few apps

    if machine.truth(call.get("load_dotenv", 3) or Known(value=True)) is not False:
        flask_files(machine, call.place)
        if "FLASK_DEBUG" in machine.environ.cells:
            machine.put(config.cells, "DEBUG", debug_flag(machine, call.place))
    given = call.get("debug", 2)
    if given is not None and not (isinstance(given, Known) and given.value is None):
        as_bool = machine.call(builtin("bool") or Known(None), Call([given], {}, call.place))
        if isinstance(as_bool, Known) and isinstance(given, Known):
            as_bool = Known(as_bool.value, given.origin)
        if isinstance(given, Known) and given.value is None:
            as_bool = config.cells["DEBUG"]
        machine.put(config.cells, "DEBUG", as_bool)
    debug = config.cells["DEBUG"]
    host = call.get("host", 0)
    if host is None or (isinstance(host, Known) and not host.value):
        host = Known("127.0.0.1")
    machine.record.append(
        (
            "serve",
            "werkzeug",
            app,
            {
                "host": host,
                "port": call.get("port", 1) or Known(5000),
                "debug": debug,
                "debugger": call.get("use_debugger") or debug,
                "evalex": call.get("use_evalex") or Known(value=True),
                "reload": call.get("use_reloader") or debug,
                "open": Known(call.open),
            },
            call,
            machine.control,
        )
    )
    app.facts.setdefault("frozen", dict(config.cells))
    return Known(None)


__all__ = ["DEFAULTS", "config_of", "debug_flag", "flask_http", "init", "keeper", "note"]
