"""Pyramid 2.1: the Configurator, its settings and views; the debug toolbar.

Facts from Pyramid 2.1 `pyramid.config`, `pyramid.config.settings` and pyramid_debugtoolbar 4.12. The
variables PYRAMID_DEBUG_… stand over the settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.code_facts import use
from batten.understand.evaluate.environ import read as read_variable
from batten.understand.evaluate.library import CALLS, METHODS, Call, attribute, calls, inits
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Builtin,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Module,
    Sequence,
    Unknown,
    each,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import webapp
from batten.understand.libraries.extension import given, is_none

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

CONFIGURATOR = "pyramid.config.Configurator"
ROUTER = "pyramid.router.Router"
TRUE = frozenset({"t", "true", "y", "yes", "on", "1"})
"""`pyramid.settings.truthy`."""
_SWITCHES = ("debug_authorization", "debug_notfound", "debug_routematch", "debug_templates")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "127.0.0.1/32", "::1/128", "127.0.0.0/8", "localhost"})


def asbool(held: Any) -> bool:  # noqa: ANN401 - any setting
    """Return what `pyramid.settings.asbool` makes of a constant."""
    return held if isinstance(held, bool) else held is not None and str(held).strip().lower() in TRUE


@calls("pyramid.settings.asbool")
def _asbool(machine: Interpreter, call: Call) -> Abstract:
    return machine.compute(call.place, asbool, call.args[0] if call.args else Known(None), of="bool")


@calls("pyramid.settings.aslist")
def _aslist(machine: Interpreter, call: Call) -> Abstract:
    held = call.args[0] if call.args else Known("")
    if isinstance(held, Known) and isinstance(held.value, str):
        return Sequence("list", tuple(Known(word, held.origin) for word in held.value.split()), Origin(call.place))
    return held if isinstance(plain_object(held), Sequence) else machine.unknown_of(call.place, held)


# Settings


def _settled(machine: Interpreter, cells: dict[Any, Abstract], place: Place) -> dict[Any, Abstract]:
    """Return the settings with Pyramid's own (`pyramid.config.settings.Settings`), and those that are its defaults."""
    defaults: dict[Any, Abstract] = {}
    for name in ("debug_all", *_SWITCHES, "reload_all", "prevent_http_cache"):
        held = cells.get(f"pyramid.{name}", cells.get(name, ABSENT))
        one: Abstract = Known(value=False) if held is ABSENT else machine.compute(place, asbool, held, of="bool")
        if isinstance(one, Known) and isinstance(held, Known):
            one = Known(one.value, held.origin)
        variable = f"PYRAMID_{name.upper()}"
        if variable in machine.environ.cells:
            found = read_variable(machine, machine.environ.cells, variable, None, place)
            one = machine.compute(place, asbool, found, of="bool")
        elif held is ABSENT:
            defaults[f"pyramid.{name}"] = one
        if name in _SWITCHES and machine.truth(one) is not True:
            every = cells.get("pyramid.debug_all", Known(value=False))
            if machine.truth(every) is not False:
                one = webapp.implied(machine, every, value=True, otherwise=one, place=place)
                defaults.pop(f"pyramid.{name}", None)
        for key in (name, f"pyramid.{name}"):
            machine.put(cells, key, one)
    return defaults


# The Configurator


@inits(CONFIGURATOR)
def _configurator(machine: Interpreter, instance: Instance, call: Call) -> None:
    settings = Mapping(origin=Origin(call.place))
    told = call.get("settings", 2)
    if told is not None and not is_none(told):
        machine.update_mapping(settings, told)
        one = plain_object(told)
        if not isinstance(one, Mapping) or one.open:
            settings.more["rest"] = Known(value=True)
    instance.facts.update(
        settings=settings,
        defaults=_settled(machine, settings.cells, call.place),
        hooks={},
        made=call.place,
        package=_package(machine, call),
    )
    machine.record.append(("configurator", instance))
    includes = settings.cells.get("pyramid.includes")
    for choice in each(includes) if includes is not None else ():
        if isinstance(choice, Known) and isinstance(choice.value, str):
            for name in choice.value.split():
                _included(machine, instance, Known(name, choice.origin), call.place)


def _package(machine: Interpreter, call: Call) -> str:
    """Return the name of the package that the call is written in."""
    path = call.place[0] if isinstance(call.place, tuple) else ""
    module = next((m for m in machine.modules.values() if m.path == path), None)
    if module is None:
        return ""
    return module.name if module.package else module.name.rpartition(".")[0] or module.name


def _receiver(call: Call) -> Instance | None:
    one = plain_object(call.receiver) if call.receiver is not None else None
    return one if isinstance(one, Instance) and isinstance(one.facts.get("settings"), Mapping) else None


@calls(f"{CONFIGURATOR}.__enter__")
def _enter(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return call.receiver or Known(None)


@calls(f"{CONFIGURATOR}.get_settings")
def _get_settings(machine: Interpreter, call: Call) -> Abstract:
    del machine
    config = _receiver(call)
    return config.facts["settings"] if config is not None else Unknown("the settings", Origin(call.place))


@calls(f"{CONFIGURATOR}.add_settings")
def _add_settings(machine: Interpreter, call: Call) -> Abstract:
    config = _receiver(call)
    if config is not None:
        for held in (*call.args[:1], call.kwargs.get("settings"), Mapping(dict(call.kwargs))):
            if held is not None:
                machine.update_mapping(config.facts["settings"], held)
    return Known(None)


@attribute(f"{CONFIGURATOR}.registry", "pyramid.request.Request.registry")
def _registry(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    found = instance if "settings" in instance.facts else latest(machine)
    made = Instance(Library("pyramid.registry.Registry"), place)
    if found is not None:
        made.cells["settings"] = found.facts["settings"]
    return made


def latest(machine: Interpreter) -> Instance | None:
    """Return the Configurator that was made last."""
    return next((fact[1] for fact in reversed(machine.record) if fact[0] == "configurator"), None)


@calls(f"{CONFIGURATOR}.include")
def _include(machine: Interpreter, call: Call) -> Abstract:
    config = _receiver(call)
    if config is not None and call.args:
        _included(machine, config, call.args[0], call.place)
    return Known(None)


def _included(machine: Interpreter, config: Instance, held: Abstract, place: Place) -> None:
    """Run `includeme(config)` of a module of the project; a library's is noted."""
    one = plain_object(held)
    if isinstance(one, Known) and isinstance(one.value, str):
        name = one.value
        absolute = f"{config.facts['package']}{name}" if name.startswith(".") else name
        absolute, _, function = absolute.strip(".").partition(":")
        if machine.find(absolute) is None:
            _library(machine, config, absolute, one, place)
            return
        found = machine.import_module(absolute, place)
        one = plain_object(machine.get_attribute(found, function, place)) if function else found
    if isinstance(one, Library):
        _library(machine, config, one.name, Known(one.name, Origin(place)), place)
    if isinstance(one, Module):
        before, config.facts["package"] = (
            config.facts["package"],
            one.name if one.package else one.name.rpartition(".")[0],
        )
        one = plain_object(one.cells.get("includeme", Known(None)))
        if isinstance(one, Function):
            machine.call_with(one, [config], place)
        config.facts["package"] = before
    elif isinstance(one, Function):
        machine.call_with(one, [config], place)


def _library(machine: Interpreter, config: Instance, name: str, said: Known, place: Place) -> None:
    machine.record.append(("extension", name, config, place))
    if name.partition(".")[0] != "pyramid_debugtoolbar":
        return
    cells = config.facts["settings"].cells
    enabled = machine.compute(place, asbool, cells.get("debugtoolbar.enabled", Known("true", said.origin)), of="bool")
    if isinstance(enabled, Known) and "debugtoolbar.enabled" not in cells:
        enabled = Known(enabled.value, said.origin)
    hosts = cells.get("debugtoolbar.hosts", Known(""))
    told = machine.plain(hosts)
    names = told[0].split() if told is not None and isinstance(told[0], str) else None
    wide = names is None or not set(names) <= _LOOPBACK
    console = wide and str(getattr(cells.get("debugtoolbar.intercept_exc"), "value", "debug")).lower() in TRUE | {
        "debug"
    }
    what = "pyramid_debugtoolbar" if wide else "pyramid_debugtoolbar (to 127.0.0.1, which a proxy on the host is too)"
    machine.record.append(("tool", what, enabled, said.origin.home or place, console))


@calls(f"{CONFIGURATOR}.scan")
def _scan(machine: Interpreter, call: Call) -> Abstract:
    """Import every module of the package, so that its decorators are known."""
    config = _receiver(call)
    package = call.get("package", 0)
    one = plain_object(package) if package is not None else Known(None)
    name = one.name if isinstance(one, Module) else config.facts["package"] if config is not None else ""
    if isinstance(one, Known) and isinstance(one.value, str):
        name = f"{name}{one.value}" if one.value.startswith(".") else one.value
    found = machine.find(name) if name else None
    if found is None or not found[1]:
        return Known(None)
    root = found[0].removesuffix("/__init__.py")
    for path in machine.world.sources.files():
        inside = path.removeprefix(f"{root}/").removesuffix(".py")
        if path.startswith(f"{root}/") and path.endswith(".py") and not _is_test(inside):
            module = ".".join((name, *inside.split("/"))).removesuffix(".__init__")
            if machine.find(module) is not None:
                machine.import_module(module, call.place)
    return Known(None)


def _is_test(path: str) -> bool:
    return any(part.startswith("test") or part in {"scripts", "migrations", "alembic"} for part in path.split("/"))


# Views


def _view(machine: Interpreter, call: Call) -> Abstract:
    """Note `@view_config(…)`, on a function or a method."""

    def mark(inner: Any, later: Call) -> Abstract:  # noqa: ANN401 - the evaluator
        held = later.args[0] if later.args else Known(None)
        view = plain_object(held)
        inner.record.append(("pyramid view", view, call))
        required = call.kwargs.get("require_csrf")
        if required is not None and inner.truth(required) is False:
            inner.record.append(("csrf exempt", str(getattr(view, "name", "a view")), call.place, view))
        return held

    del machine
    return Builtin("decorator", mark)


for _name in ("view_config", "notfound_view_config", "forbidden_view_config", "exception_view_config"):
    CALLS[f"pyramid.view.{_name}"] = _view


def _defaults(machine: Interpreter, call: Call) -> Abstract:
    """Note what `@view_defaults(…)` exempts; what it says else is said of every view again, or of none."""
    if "require_csrf" not in call.kwargs:
        return Builtin("decorator", lambda _inner, later: later.args[0] if later.args else Known(None))
    return _view(machine, Call([], {"require_csrf": call.kwargs["require_csrf"]}, call.place, node=call.node))


CALLS["pyramid.view.view_defaults"] = _defaults


@calls(f"{CONFIGURATOR}.add_view", f"{CONFIGURATOR}.add_exception_view", f"{CONFIGURATOR}.add_notfound_view")
def _add_view(machine: Interpreter, call: Call) -> Abstract:
    view = call.get("view", 0)
    if view is not None:
        machine.record.append(("pyramid view", plain_object(view), call))
    return Known(None)


@calls(f"{CONFIGURATOR}.add_route")
def _add_route(machine: Interpreter, call: Call) -> Abstract:
    machine.record.append(("pyramid route", call.get("name", 0), call.get("pattern", 1)))
    return Known(None)


@calls(f"{CONFIGURATOR}.set_default_csrf_options")
def _csrf(machine: Interpreter, call: Call) -> Abstract:
    required = given(call, "require_csrf", 0, otherwise=True)
    origin = given(call, "check_origin", 4, otherwise=True)
    machine.record.append(("pyramid csrf", required, origin, call.place))
    _options(machine, call)
    return Known(None)


def _options(machine: Interpreter, call: Call, dotted: str = "") -> None:
    """Note `set_default_csrf_options(require_csrf=True, …, check_origin=True)`, of any Configurator."""
    del dotted
    for name, position in (("require_csrf", 0), ("check_origin", 4)):
        held = call.get(name, position)
        if held is not None:
            use(machine, "csrf", "pyramid set_default_csrf_options", call.place, option=name, checks=held)


METHODS["set_default_csrf_options"] = _options


@calls(f"{CONFIGURATOR}.make_wsgi_app")
def _make(machine: Interpreter, call: Call) -> Abstract:
    config = _receiver(call)
    made = Instance(Library(ROUTER), call.place, Origin(call.place))
    if config is None:
        return made
    place = config.facts["made"]
    webapp.begin(machine, made, place, "pyramid", config.facts["settings"], defaults=config.facts["defaults"])
    top = config.facts["package"].partition(".")[0]
    if top and top != "__main__":
        machine.put(made.cells, "import_name", Known(top))
    made.facts["arguments"] = [Instance(Library("pyramid.request.Request"))]
    patterns = {
        fact[1].value: fact[2] for fact in machine.record if fact[0] == "pyramid route" and isinstance(fact[1], Known)
    }
    for _, view, told in (fact for fact in machine.record if fact[0] == "pyramid view"):
        name = told.kwargs.get("route_name")
        path = patterns.get(name.value) if isinstance(name, Known) else None
        methods = told.kwargs.get("request_method", Known(None))
        names = webapp.entries(machine, methods) or ([methods] if isinstance(methods, Known) and methods.value else [])
        listed = Sequence("list", tuple(names) or tuple(Known(verb) for verb in ("GET", "POST")))
        webapp.route(made, view, Call([], {"methods": listed}, told.place, node=told.node), path)
    return made
