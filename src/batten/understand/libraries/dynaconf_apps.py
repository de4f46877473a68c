"""dynaconf 3.3 in Flask and Django: `FlaskDynaconf(app)`, `DjangoDynaconf(__name__)`.

Facts from dynaconf 3.3.5 `dynaconf.contrib.flask_dynaconf` and
`dynaconf.contrib.django_dynaconf_v2`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import Call, calls, inits
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Instance,
    Known,
    Library,
    Mapping,
    Module,
    Unknown,
    each,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.dynaconf_load import DEFAULT_FILES
from batten.understand.libraries.extension import app_of, config_of

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

from batten.understand.libraries.dynaconf import SETTINGS, as_dict, init, loader_of

# Flask


@inits("dynaconf.FlaskDynaconf")
def _flask(machine: Interpreter, instance: Instance, call: Call) -> None:
    names = ("app", "instance_relative_config", "dynaconf_instance", "extensions_list")
    given = {**dict(zip(names, call.args, strict=False)), **call.kwargs}
    rest = {name: held for name, held in given.items() if name not in names}
    instance.facts.update(rest=rest, own=given.get("dynaconf_instance"), open=call.open)
    if app_of(given.get("app")) is not None:
        _install(machine, instance, given["app"], call)


@calls("dynaconf.FlaskDynaconf.init_app")
def _init_app(machine: Interpreter, call: Call) -> Abstract:
    extension, app = plain_object(call.receiver or Known(None)), call.get("app", 0)
    if isinstance(extension, Instance) and app is not None:
        _install(machine, extension, app, call)
    return Known(None)


def _install(machine: Interpreter, extension: Instance, app: Abstract, call: Call) -> None:
    """Put the settings over those of the app, where Flask reads them."""
    on, target = Known(value=True), app_of(app)
    own = plain_object(extension.facts.get("own") or Known(None))
    rest = {
        **extension.facts["rest"],
        **{k: v for k, v in call.kwargs.items() if k not in {"app", "dynaconf_instance"}},
    }
    if isinstance(own, Instance) and "call" in own.facts:
        settings = own
    else:
        settings = Instance(Library(SETTINGS), call.place)
        options = {name.upper(): held for name, held in rest.items() if name != "validators"}
        prefix = options.setdefault("ENVVAR_PREFIX", Known("FLASK"))
        switcher = machine.compute(call.place, lambda text: f"{text}_ENV", prefix)
        options = {"ENV_SWITCHER": switcher, "ENVIRONMENTS": on, "LOAD_DOTENV": on, **options}
        init(machine, settings, Call([], options, call.place, open=bool(extension.facts.get("open"))))
        settings.facts["validators"] = rest.get("validators")
        settings.facts["default files"] = DEFAULT_FILES
    config = config_of(target)
    held = as_dict(machine, Call([], {}, call.place, receiver=settings))
    if config is not None and isinstance(held, Mapping):
        machine.update_mapping(config, held)
    if target is not None:
        machine.put(target.cells, "dynaconf", settings)


# Django


@calls("dynaconf.DjangoDynaconf")
def _django(machine: Interpreter, call: Call) -> Abstract:
    """Take the settings of the module as defaults, and put what was loaded into it."""
    name = call.get("django_settings_module_name", 0) or Known(None)
    module = machine.modules.get(str(name.value)) if isinstance(name, Known) else None
    if not isinstance(module, Module):
        return Unknown("the settings module is not known", Origin(call.place))
    own = {str(key): held for key, held in module.cells.items() if str(key).isupper()}
    if any(choice is ABSENT for held in own.values() for choice in each(held)):
        own = {key: held for key, held in own.items() if ABSENT not in tuple(each(held))}
    named = {key: held for key, held in call.kwargs.items() if key != "django_settings_module_name"}
    options = {"ROOT_PATH_FOR_DYNACONF": Known(machine.world.process_path(module.path.rpartition("/")[0] or "."))}
    options |= {"ENVVAR_PREFIX_FOR_DYNACONF": Known("DJANGO"), "ENV_SWITCHER_FOR_DYNACONF": Known("DJANGO_ENV")}
    options |= {"ENVIRONMENTS_FOR_DYNACONF": Known(value=True), "load_dotenv": Known(value=True)}
    settings = Instance(Library(SETTINGS), call.place)
    init(machine, settings, Call([], {**options, **own, **named}, call.place, open=call.open))
    settings.facts.update({"default files": DEFAULT_FILES, "skip": frozenset({module.path})})
    loader = loader_of(machine, settings, call.place)
    for key, held in loader.store.cells.items():
        machine.put(module.cells, key, held)
    if loader.store.open and call.frame is not None:
        machine.may_bind(call.frame, "dynaconf may set it, in a way that is not followed")
        machine.put(module.cells, "*", Known(value=True))
    return settings
