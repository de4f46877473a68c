"""dynaconf 3.3: `Dynaconf(…)` and how settings are read.

Facts from dynaconf 3.3.5 `dynaconf.base`. Settings are loaded when they are first
used; how is told in `dynaconf_load`, what a text stands for in `dynaconf_values`.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, CALLS, VALUES, Call, calls, inits
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Instance,
    Known,
    Library,
    Mapping,
    Sequence,
    Unknown,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.dynaconf_late import made_late
from batten.understand.libraries.dynaconf_load import DEFAULT_FILES, Loader
from batten.understand.libraries.dynaconf_options import OPTIONS, NotFollowedError, upper
from batten.understand.libraries.dynaconf_values import CASTS, as_dicts, failed
from batten.understand.libraries.lookup import found as looked_up

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

SETTINGS = "dynaconf.Dynaconf"
_MISSING = ("AttributeError",)
ALIASES.update(
    {
        "dynaconf.LazySettings": SETTINGS,
        "dynaconf.base.LazySettings": SETTINGS,
        "dynaconf.contrib.FlaskDynaconf": "dynaconf.FlaskDynaconf",
        "dynaconf.contrib.DjangoDynaconf": "dynaconf.DjangoDynaconf",
        "dynaconf.contrib.django_dynaconf_v2.load": "dynaconf.DjangoDynaconf",
        "dynaconf.validator.Validator": "dynaconf.Validator",
    }
)


@inits(SETTINGS)
def init(machine: Interpreter, instance: Instance, call: Call) -> None:
    """Remember how a settings object was made."""
    del machine
    instance.facts.update(call=call, validators=call.kwargs.get("validators"))


def _global(machine: Interpreter, place: Place) -> Abstract:
    """Return `dynaconf.settings`, the object that every file shares."""
    held = machine.hooks.setdefault("dynaconf.settings", [])
    if not held:
        made = Instance(Library(SETTINGS), place)
        on = Known(value=True)
        init(machine, made, Call([], {"environments": on, "load_dotenv": on}, place))
        made.facts["default files"] = DEFAULT_FILES
        held.append(made)
    return held[0]  # type: ignore[no-any-return]


VALUES["dynaconf.settings"] = _global


# Loading


def loader_of(machine: Interpreter, settings: Instance, place: Place) -> Loader:
    """Return the loader of a settings object, run when its settings are first used.

    Raises:
        ThrownError: dynaconf raises.
    """
    held = settings.facts.get("loader")
    if held is None:
        call: Call = settings.facts["call"]
        held = Loader(machine, call.kwargs, call.place)
        settings.facts["loader"] = held
        held.default_files = settings.facts.get("default files", [])
        held.skip = settings.facts.get("skip", frozenset())
        _run(machine, held, call)
        from batten.understand.libraries.dynaconf_validators import validate  # noqa: PLC0415 - they read settings

        validate(machine, held, settings.facts.get("validators"), place)
    found: Loader = held
    return found


def _run(machine: Interpreter, loader: Loader, call: Call) -> None:
    try:
        loader.load(closed=not (call.open or call.args))
    except NotFollowedError as error:
        why = str(error)
        machine.doubt("dynaconf's settings", why, call.place)
        loader.store.cells.clear()
        loader.store.more["rest"] = Unknown(why, Origin(call.place))
    for name, held in list(loader.store.cells.items()):
        loader.store.cells[name] = made_late(machine, loader, held, call.place)


# Reading


def _settings(call: Call) -> Instance | None:
    held = plain_object(call.receiver or Known(None))
    return held if isinstance(held, Instance) and "call" in held.facts else None


def value_of(
    machine: Interpreter, loader: Loader, name: str, default: Abstract | None, place: Place, error: tuple[str, ...]
) -> Abstract:
    """Return a setting; without a default it has to be there.

    Raises:
        ThrownError: it is not, and the program catches that.
    """
    first, *inner = name.replace("__", ".").split(".")
    held = loader.store.cells.get(upper(first), ABSENT)
    if held is ABSENT and loader.store.open:
        return loader.store.more["rest"]
    if held is ABSENT and loader.missing:
        why = f"{first} may be set in {loader.missing[0]}, which is not in the repository"
        hop = (place, why, None)
        kept = Unknown(why, Origin(place, (hop,)), kind="external")
        return kept if default is None else join(default, kept)
    if held is ABSENT:
        prefix = loader.plain("ENVVAR_PREFIX")
        variable = f"{str(prefix).split(',')[0].upper()}_{upper(first)}" if prefix else upper(first)
        if machine.environ.held(variable) is not ABSENT:  # a variable that dynaconf was told not to take
            if default is None:
                raise failed("AttributeError", f"'Settings' object has no attribute {first!r}", place)
            return default
        options = looked_up(machine, variable, ABSENT, default, place, error)
        return reduce(join, [one for one, _ in options], options[0][0])
    for key in inner:
        step = plain_object(held)
        if not isinstance(step, Mapping):
            return Unknown(f"{name} is not followed", Origin(place))
        held = (
            machine.looked_up(step, Known(key), default, place)
            if default
            else machine.get_item(step, Known(key), place)
        )
    return held


@calls(f"{SETTINGS}.__getattr__", f"{SETTINGS}.__getitem__")
def _attribute(machine: Interpreter, call: Call) -> Abstract:
    settings, name = _settings(call), call.args[0]
    if settings is None or not isinstance(name, Known):
        return Unknown("a setting that is not known", Origin(call.place))
    key = str(name.value)
    if key == "_REGISTERED_HOOKS":
        raise failed("AttributeError", f"'Settings' object has no attribute {key!r}", call.place)
    if key.startswith("_") or key in _METHODS or hasattr_of_library(key):
        return Library(f"{SETTINGS}.{key}")
    own = settings.cells.get(upper(key), ABSENT)
    if own is not ABSENT:
        return own
    loader = loader_of(machine, settings, call.place)
    if key == "current_env":
        return Known(loader.environment[0], Origin(call.place))
    if key.endswith("_FOR_DYNACONF") and key.removesuffix("_FOR_DYNACONF") in OPTIONS:
        return loader.option(key.removesuffix("_FOR_DYNACONF"))
    return value_of(machine, loader, key, None, call.place, _MISSING if "." not in key else ("KeyError",))


_METHODS = frozenset(
    "update setenv using_env from_env load_file reload clean unset unset_all populate_obj validators store path_for "
    "find_file flag fresh environ loaders loaded_envs logger dynaconf settings_module hooks configure".split()
)


def hasattr_of_library(name: str) -> bool:
    """Return whether a name is a method that is modelled."""
    return f"{SETTINGS}.{name}" in CALLS


@calls(f"{SETTINGS}.get", f"{SETTINGS}.__call__", f"{SETTINGS}.get_fresh")
def _get_setting(machine: Interpreter, call: Call) -> Abstract:
    """`settings.get(key, default, cast)`."""
    settings, key = _settings(call), call.get("key", 0) or Unknown("no key")
    if settings is None or not isinstance(key, Known):
        return machine.unknown_of(call.place, key, Unknown("a setting that is not known"))
    own = settings.cells.get(upper(str(key.value)), ABSENT)
    default = call.get("default", 1) or Known(None, Origin(call.place))
    loader = loader_of(machine, settings, call.place)
    held = own if own is not ABSENT else value_of(machine, loader, str(key.value), default, call.place, _MISSING)
    cast = call.get("cast", 2) or Known(None)
    if isinstance(cast, Known) and cast.value is None:
        return held
    if isinstance(cast, Known) and cast.value in CASTS:
        return machine.compute(call.place, CASTS[str(cast.value)], held)
    return machine.unknown_of(call.place, held, Unknown("a cast that is not followed"))


def _cast(name: str) -> None:
    def model(machine: Interpreter, call: Call) -> Abstract:
        key = call.get("key", 0) or Unknown("no key")
        return _get_setting(machine, Call([key], {"cast": Known(f"@{name}")}, call.place, receiver=call.receiver))

    CALLS[f"{SETTINGS}.as_{name}"] = model


for _name in ("bool", "int", "float", "json"):
    _cast(_name)


@calls(f"{SETTINGS}.exists", f"{SETTINGS}.__contains__")
def _exists(machine: Interpreter, call: Call) -> Abstract:
    settings, key = _settings(call), call.args[0] if call.args else Unknown("no key")
    if settings is None or not isinstance(key, Known):
        return Unknown("whether a setting is there", Origin(call.place), of="bool")
    loader = loader_of(machine, settings, call.place)
    there = upper(str(key.value)) in {**loader.store.cells, **settings.cells}
    if not there and (loader.store.open or loader.missing or "." in str(key.value)):
        return Unknown("whether a setting is there", Origin(call.place), of="bool")
    return Known(there, Origin(call.place))


@calls(f"{SETTINGS}.as_dict", f"{SETTINGS}.to_dict", f"{SETTINGS}.__store__")
def as_dict(machine: Interpreter, call: Call) -> Abstract:
    """Return all settings as a dict."""
    settings = _settings(call)
    if settings is None:
        return Unknown("settings that are not known", Origin(call.place))
    loader = loader_of(machine, settings, call.place)
    more = dict(loader.store.more) or ({"rest": Known(value=True)} if loader.missing else {})
    return Mapping({**loader.store.cells, **settings.cells}, Origin(call.place), "dict", more)


@calls(f"{SETTINGS}.items")
def _items(machine: Interpreter, call: Call) -> Abstract:
    held = as_dict(machine, call)
    return machine.call(machine.get_attribute(held, "items", call.place), Call([], {}, call.place))


@calls(f"{SETTINGS}.keys", f"{SETTINGS}.__iter__")
def _keys(machine: Interpreter, call: Call) -> Abstract:
    held = as_dict(machine, call)
    if not isinstance(held, Mapping) or held.open:
        return Sequence("list", Unknown("names of settings that are not known"))
    return Sequence("list", tuple(Known(key) for key in held.cells))


@calls(f"{SETTINGS}.__dir__")
def _dir(machine: Interpreter, call: Call) -> Abstract:
    """Return what `dir()` lists: with the settings a name that is not there, so that `from_object` raises."""
    held = _keys(machine, call)
    return Sequence("list", (Known("_REGISTERED_HOOKS"), *(held.items or ()))) if isinstance(held, Sequence) else held


@calls(f"{SETTINGS}.set", f"{SETTINGS}.__setitem__", f"{SETTINGS}.__setattr__")
def _set(machine: Interpreter, call: Call) -> Abstract:
    settings, key = _settings(call), call.get("key", 0)
    value = call.get("value", 1) or Unknown("no value")
    if settings is not None and isinstance(key, Known) and not set("._") & {str(key.value)[0]}:
        name = str(key.value)
        plain = "." not in name and "__" not in name
        held = as_dicts(value) if plain else Unknown("a part of it was set", Origin(call.place))
        machine.put(settings.cells, upper(name.partition(".")[0].partition("__")[0]), held)
    return Known(None)


def _changed(machine: Interpreter, call: Call) -> Abstract:
    """Note that any setting may have changed."""
    settings = _settings(call)
    if settings is not None:
        why = "a call changes dynaconf's settings in a way that is not followed"
        machine.doubt("dynaconf's settings", why, call.place)
        store = loader_of(machine, settings, call.place).store
        for name, held in list(store.cells.items()):
            machine.put(store.cells, name, join(held, Unknown(why, Origin(call.place))))
        machine.put(store.more, "rest", Unknown(why, Origin(call.place)))
    return Unknown("what it returns", Origin(call.place))


for _name in "update setenv using_env load_file reload clean unset unset_all configure".split():
    CALLS[f"{SETTINGS}.{_name}"] = _changed


@calls(f"{SETTINGS}.from_env")
def _from_env(machine: Interpreter, call: Call) -> Abstract:
    """`settings.from_env(name)`: the same options, another environment, no validators."""
    settings, name = _settings(call), call.get("env", 0) or Known("")
    if settings is None or len(call.args) > 1 or set(call.kwargs) - {"env"} or call.open:
        return Unknown("settings of another environment", Origin(call.place))
    first: Call = settings.facts["call"]
    options = {key: held for key, held in first.kwargs.items() if key != "validators"}
    made = Instance(Library(SETTINGS), call.place)
    init(machine, made, Call(first.args, {**options, "force_env": name}, first.place, open=first.open))
    made.facts["default files"] = settings.facts.get("default files", [])
    return made
