"""Flask 3.1: the app object, its configuration, hooks and its own server.

Facts from Flask 3.1.3 `flask.app`, `flask.config`, `flask.sansio.app` and
`flask.helpers.get_debug_flag`; older behaviour where the pinned version asks
for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.builtins import find as builtin
from batten.understand.evaluate.containers import DICT_METHODS
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
    value,
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
    OneOf,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import NOWHERE, Origin, Place

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
        "quart.Quart": "quart.Quart",
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


def debug_flag(machine: Interpreter, place: Place) -> Abstract:
    """Return `flask.helpers.get_debug_flag()`; before Flask 2.3 FLASK_ENV counts too."""
    unset = Known("", Origin(place))
    found = read_variable(machine, machine.environ.cells, "FLASK_DEBUG", unset, place)
    if not machine.world.at_least("flask", 2, 3):
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


@inits(FLASK, "apiflask.APIFlask", "flask_openapi3.OpenAPI", "quart.Quart")
def _init(machine: Interpreter, instance: Instance, call: Call) -> None:
    config = Mapping(origin=Origin(call.place), of="flask.Config")
    for name, default in DEFAULTS.items():
        config.cells[name] = Known(default)
    config.cells["DEBUG"] = debug_flag(machine, call.place)
    machine.put(instance.cells, "config", config)
    instance.facts.update(routes=[], hooks={}, extensions={}, made=call.place, defaults=dict(config.cells))
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


def written(held: Abstract, place: Place) -> Abstract:
    """Return a value with the hop that says where the app takes it."""
    if isinstance(held, Known):
        if isinstance(held.origin.home, tuple) and place and held.origin.home[0] == place[0]:
            return held
        return Known(held.value, held.origin.then((place, "the app takes it here", None)))
    return held


for _name in ("DEBUG", "TESTING", "SECRET_KEY", "PERMANENT_SESSION_LIFETIME", "USE_X_SENDFILE"):
    _setting(_name)
for _base in ("apiflask.APIFlask", "flask_openapi3.OpenAPI", "quart.Quart"):
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
    return held  # type: ignore[no-any-return]


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


@attribute(f"{FLASK}.extensions", f"{FLASK}.jinja_options", f"{FLASK}.template_context_processors")
def _dictionary(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    made = Mapping(origin=Origin(place))
    made.more["rest"] = Known(value=True)
    del machine
    return instance.facts.setdefault(f"dict:{place[1].attr if place and place[1] is not None else ''}", made)  # type: ignore[no-any-return]


# Routes and hooks


def keeper(kind: str) -> Callable[[Interpreter, Call], Abstract]:
    """Return a model of a decorator (with or without arguments) that keeps the function for `kind`."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        owner = call.receiver
        first = plain_object(call.args[0]) if call.args else None
        if isinstance(first, Function) and kind not in ("route", "errorhandler"):
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


for _verb in ("route", "get", "post", "put", "delete", "patch", "websocket"):
    for _owner in (FLASK, BLUEPRINT):
        CALLS[f"{_owner}.{_verb}"] = keeper("route")
for _owner in (FLASK, BLUEPRINT):
    CALLS[f"{_owner}.errorhandler"] = keeper("errorhandler")
    CALLS[f"{_owner}.app_errorhandler"] = keeper("errorhandler")
    for _hook in (
        "before_request after_request teardown_request teardown_appcontext context_processor url_defaults "
        "url_value_preprocessor template_filter template_test template_global shell_context_processor "
        "before_first_request after_app_request before_app_request app_context_processor app_template_filter "
        "app_template_global record record_once before_serving after_serving"
    ).split():
        CALLS[f"{_owner}.{_hook}"] = keeper(_hook.replace("after_app_request", "after_request"))


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


# Configuration


def put(machine: Interpreter, config: Mapping, name: str, held: Abstract, place: Place) -> None:
    """Write one setting."""
    machine.put(config.cells, name, written(held, place))


def _config(call: Call) -> Mapping | None:
    receiver = plain_object(call.receiver) if call.receiver is not None else None
    return receiver if isinstance(receiver, Mapping) else None


def from_object(machine: Interpreter, config: Mapping, source: Abstract, place: Place) -> None:
    """Write the upper-case attributes of a module, class or instance, as `Config.from_object` does."""
    origin: Origin = NOWHERE
    if isinstance(source, OneOf):
        _either(machine, config, source, place)
        return
    if isinstance(source, Known) and isinstance(source.value, str):
        origin = source.origin
        source = _import_string(machine, source.value, place)
    if not isinstance(source, Unknown) and hasattr(source, "target"):
        origin = source.origin
        source = plain_object(source)
    names = _attribute_names(source)
    if names is None:
        why = source.why if isinstance(source, Unknown) else "it is not a module or class of the project"
        machine.doubt("app.config.from_object()", why, place)
        machine.put(config.more, "rest", Known(value=True))
        return
    for name in names:
        if name.isupper():
            held = machine.tainted(machine.get_attribute(source, name, place), origin)
            put(machine, config, name, held, place)


def _either(machine: Interpreter, config: Mapping, source: OneOf, place: Place) -> None:
    before = dict(config.cells)
    results = []
    for choice in source.choices:
        mark = machine.mark()
        if choice is not ABSENT:
            from_object(machine, config, choice, place)
        machine.rollback(mark)
        machine.unmark()
        mark = machine.mark()
        if choice is not ABSENT:
            from_object(machine, config, choice, place)
        results.append({key: cells_value for _, (_, key, cells_value) in machine.rollback(mark).items()})
        machine.unmark()
    for key in {key for result in results for key in result}:
        found: Abstract | None = None
        for result in results:
            one = result.get(key, before.get(key, ABSENT))
            found = one if found is None else join(found, one)
        machine.put(config.cells, key, found or ABSENT)


def _import_string(machine: Interpreter, name: str, place: Place) -> Abstract:
    dotted = name.replace(":", ".")
    if machine.find(dotted.partition(".")[0]) is None:
        return Unknown(f"{dotted} is not in the project")
    if machine.find(dotted) is not None:
        return machine.import_module(dotted, place)
    module, _, last = dotted.rpartition(".")
    if not module:
        return machine.import_module(dotted, place)
    return machine.get_attribute(machine.import_module(module, place), last, place)


def _attribute_names(source: Abstract) -> list[str] | None:
    from batten.understand.evaluate.objects import Class, Module  # noqa: PLC0415 - keeps the list above short

    if isinstance(source, Module):
        return [str(name) for name in source.cells]
    if isinstance(source, Instance):
        names = [str(name) for name in source.cells if not str(name).startswith("hook:")]
        return names + (_attribute_names(source.of) or [])
    if isinstance(source, Class):
        found: dict[str, None] = {}
        for base in source.order:
            if isinstance(base, Class):
                found.update(dict.fromkeys(str(name) for name in base.cells))
        return list(found)
    return None


def config_method(machine: Interpreter, config: Mapping, name: str, call: Call) -> Abstract | None:
    """Return the result of a method that Flask's Config adds to dict, None when it is not one."""
    model = _METHODS.get(name)
    return model(machine, config, call) if model else None


def _from_object(machine: Interpreter, config: Mapping, call: Call) -> Abstract:
    from_object(machine, config, call.get("obj", 0) or Unknown("no object"), call.place)
    return Known(None)


def _from_mapping(machine: Interpreter, config: Mapping, call: Call) -> Abstract:
    source = Mapping()
    for arg in call.args:
        machine.update_mapping(source, arg)
    source.cells.update(call.kwargs)
    for key, held in source.cells.items():
        if isinstance(key, str) and key.isupper():
            put(machine, config, key, held, call.place)
    if source.open or call.open:
        machine.put(config.more, "rest", Known(value=True))
    return Known(value=True)


def _update(machine: Interpreter, config: Mapping, call: Call) -> Abstract:
    source = Mapping()
    for arg in call.args:
        machine.update_mapping(source, arg)
    source.cells.update(call.kwargs)
    for key, held in source.cells.items():
        put(machine, config, key, held, call.place)
    if source.open or call.open:
        machine.put(config.more, "rest", Known(value=True))
    return Known(None)


def _file_of(machine: Interpreter, name: Abstract, call: Call) -> tuple[str | None, str]:
    """Return the repository path of a configuration file, relative to the app's root, and its name."""
    from batten.understand.libraries.paths import text_of  # noqa: PLC0415 - used rarely

    text = text_of(machine, name, call.place)
    if not isinstance(text, Known) or not isinstance(text.value, str):
        return None, "a file that is not known"
    if text.value.startswith("/"):
        return machine.world.repo_path(text.value), text.value.replace("\0", "").lstrip("/")
    from batten.understand.sources import join as join_path  # noqa: PLC0415 - used rarely

    owner = next((r[1] for r in machine.record if r[0] == "app"), None)
    directory = ""
    if owner is not None:
        directory = str(owner.facts.get("path", "")).rpartition("/")[0]
        relative = owner.facts.get("instance_relative_config")
        if relative is not None and machine.truth(relative):
            package = str(owner.facts.get("path", "")).endswith("/__init__.py")
            directory = join_path(directory, "..", "instance") or "" if package else f"{directory}/instance"
    return join_path(directory, text.value), text.value


def _from_pyfile(machine: Interpreter, config: Mapping, call: Call) -> Abstract:
    from batten.understand.evaluate.objects import Module  # noqa: PLC0415 - used rarely

    path, name = _file_of(machine, call.get("filename", 0) or Unknown("no file"), call)
    text = machine.world.read(path) if path else None
    if path is None or text is None:
        machine.doubt(
            f"app.config.from_pyfile({name!r})", "the file is not in the repository; production may have it", call.place
        )
        silent = call.get("silent", 1)
        if silent is None or not machine.truth(silent):
            may_be_replaced(machine, config, f"{name} may set it, and is not in the repository")
        return Unknown("whether the file is there", of="bool")
    tree = machine.parse(path, text)
    if tree is None:
        machine.put(config.more, "rest", Known(value=True))
        return Known(value=True)
    from batten.understand.evaluate.frame import Frame  # noqa: PLC0415 - used rarely

    module = Module("config", path, package=False)
    module.cells["__file__"] = Known(machine.world.process_path(path))
    machine.block(tree.body, Frame(path, module.cells, module.cells, None, module))
    for key, held in list(module.cells.items()):
        if str(key).isupper():
            put(machine, config, str(key), held, call.place)
    return Known(value=True)


def may_be_replaced(machine: Interpreter, config: Mapping, why: str) -> None:
    """Note that something which cannot be read may set any setting."""
    for name, held in list(config.cells.items()):
        machine.put(config.cells, name, join(held, Unknown(why)))
    machine.put(config.more, "rest", Known(value=True))


def _from_envvar(machine: Interpreter, config: Mapping, call: Call) -> Abstract:
    name = call.get("variable_name", 0)
    if not isinstance(name, Known):
        machine.put(config.more, "rest", Known(value=True))
        return Unknown("an environment variable that is not known")
    found = read_variable(machine, machine.environ.cells, str(name.value), Known(None), call.place)
    if isinstance(found, Known) and isinstance(found.value, str) and found.value:
        return _from_pyfile(machine, config, Call([found], {}, call.place))
    if not isinstance(found, Known):
        machine.doubt(
            f"app.config.from_envvar({name.value!r})", "the file it names is not in the repository", call.place
        )
        may_be_replaced(machine, config, f"the file that {name.value} names may set it")
        return Known(value=True)
    silent = call.get("silent", 1)
    if silent is not None and machine.truth(silent):
        return Known(value=False)
    machine.doubt(
        f"app.config.from_envvar({name.value!r})",
        f"{name.value} has to be set: the file it names is not read",
        call.place,
    )
    may_be_replaced(machine, config, f"the file that {name.value} names may set it")
    return Known(value=True)


def _from_prefixed_env(machine: Interpreter, config: Mapping, call: Call) -> Abstract:
    """`Config.from_prefixed_env`: sorted names, JSON where it parses, `__` for nested keys."""
    import json  # noqa: PLC0415 - used rarely

    prefix = call.get("prefix", 0) or Known("FLASK")
    if not isinstance(prefix, Known) or call.get("loads") is not None:
        machine.put(config.more, "rest", Known(value=True))
        return Known(value=True)
    start = f"{prefix.value}_"

    def loads(text: str) -> Any:  # noqa: ANN401 - any JSON
        try:
            return json.loads(text)
        except ValueError:
            return text

    for name in sorted(str(n) for n in machine.environ.cells):
        if not name.startswith(start):
            continue
        held = machine.compute(call.place, loads, read_variable(machine, machine.environ.cells, name, None, call.place))
        key, *nested = name[len(start) :].split("__")
        if not nested:
            put(machine, config, key, held, call.place)
            continue
        inner = plain_object(config.cells.get(key, ABSENT))
        if not isinstance(inner, Mapping):
            inner = Mapping()
            put(machine, config, key, inner, call.place)
        for part in nested[:-1]:
            deeper = inner.cells.get(part)
            if not isinstance(deeper, Mapping):
                deeper = Mapping()
                machine.put(inner.cells, part, deeper)
            inner = deeper
        machine.put(inner.cells, nested[-1], held)
    config_facts(machine, start)
    return Known(value=True)


def config_facts(machine: Interpreter, prefix: str) -> None:
    """Note that variables with a prefix become settings, so that rules can say how to set them."""
    machine.record.append(("prefix", prefix))


def _from_file(machine: Interpreter, config: Mapping, call: Call) -> Abstract:
    path, name = _file_of(machine, call.get("filename", 0) or Unknown("no file"), call)
    text = machine.world.read(path) if path else None
    load = call.get("load", 1)
    kind = load.name if isinstance(load, Library) else ""
    data = _parsed(kind, text) if text is not None else None
    if data is None or path is None:
        machine.doubt(f"app.config.from_file({name!r})", "the file could not be read", call.place)
        machine.put(config.more, "rest", Known(value=True))
        return Known(value=True)
    origin = Origin((path, None), ((call.place, f"{path} is read", None),), pinned=True)
    for key, item in data.items():
        if isinstance(key, str) and key.isupper():
            put(machine, config, key, machine.lift(item, origin), call.place)
    return Known(value=True)


def _parsed(kind: str, text: str) -> dict[str, Any] | None:
    import json  # noqa: PLC0415 - used rarely
    import tomllib  # noqa: PLC0415 - used rarely

    try:
        data = (
            json.loads(text)
            if kind == "json.load"
            else tomllib.loads(text)
            if kind.endswith("toml.load") or kind == "tomllib.load"
            else None
        )
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


_METHODS = {
    "from_object": _from_object,
    "from_mapping": _from_mapping,
    "update": _update,
    "from_pyfile": _from_pyfile,
    "from_envvar": _from_envvar,
    "from_prefixed_env": _from_prefixed_env,
    "from_file": _from_file,
    "from_json": _from_file,
}

DICT_METHODS["flask.Config"] = config_method

# Requests and responses


@value("flask.current_app")
def _current(machine: Interpreter, place: Place) -> Abstract:
    apps = [r[1] for r in machine.record if r[0] == "app"]
    return apps[-1] if apps else Unknown("the app in charge", Origin(place), kind="runtime")


@value("flask.session")
def _session(machine: Interpreter, place: Place) -> Abstract:
    machine.record.append(("session", place))
    return Unknown("what a visitor's session holds", Origin(place), kind="runtime")


@value("flask.request", "flask.g")
def _request(machine: Interpreter, place: Place) -> Abstract:
    del machine
    return Instance(Library("flask.Request"), place)


@attribute("flask.Request.is_secure")
def _is_secure(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    """Take production to be served over HTTPS."""
    del machine, instance
    return Known(value=True, origin=Origin(place))


@attribute("flask.Request.scheme")
def _scheme(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Known("https", Origin(place))


@attribute("flask.Request.headers")
def _request_headers(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Instance(Library("flask.Request.headers"), place)


@calls("flask.Request.headers.get", "flask.Request.headers.__getitem__")
def _request_header(machine: Interpreter, call: Call) -> Abstract:
    del machine
    name = call.args[0] if call.args else Known("")
    origin = isinstance(name, Known) and str(name.value).lower() == "origin"
    labels = frozenset({"origin"} if origin else ())
    return Unknown("a header of the request", Origin(call.place), kind="runtime", labels=labels, of="str")


def _flows(of: str) -> Callable[[Interpreter, Call], Abstract]:
    """Return a model of a function whose result holds what its arguments hold."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        made = Instance(Library("flask.Response"), call.place)
        made.facts["body"] = [*call.args, *call.kwargs.values()]
        del machine
        return made

    del of
    return model


for _name in (
    "flask.jsonify flask.make_response flask.render_template_string flask.Response flask.render_template "
    "werkzeug.Response flask.json.dumps json.dumps markupsafe.Markup markupsafe.escape html.escape flask.escape"
).split():
    CALLS[_name] = _flows(_name)


@calls("flask.flash")
def _flash(machine: Interpreter, call: Call) -> Abstract:
    machine.record.append(("session", call.place))
    return Known(None)


@attribute("flask.Response.headers")
def _headers(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    held = instance.cells.get("headers")
    if held is None:
        held = Mapping(origin=Origin(place), of="headers")
        machine.put(instance.cells, "headers", held)
    return held


@calls("flask.Response.set_cookie")
def _set_cookie(machine: Interpreter, call: Call) -> Abstract:
    machine.record.append(("set_cookie", call))
    return Known(None)


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


__all__ = ["DEFAULTS", "config_method", "config_of", "each", "keeper", "note"]
