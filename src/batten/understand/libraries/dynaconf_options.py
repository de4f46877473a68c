"""dynaconf 3.3: the options of a settings object, of the call and of variables `*_FOR_DYNACONF`; what it holds.

Facts from dynaconf 3.3.5 `dynaconf.base.Settings.set`, `dynaconf.default_settings`
and `dynaconf.utils.normalize_kwargs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import environ
from batten.understand.evaluate.containers import spelled
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Instance,
    Known,
    Mapping,
    Sequence,
    each,
    plain_object,
)
from batten.understand.evaluate.origin import NOWHERE, Origin, Place
from batten.understand.libraries.dynaconf_values import DICT, META, as_dicts, before_set, failed, merged, parsed, same
from batten.understand.libraries.paths import text_of

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

_MISSPELT = {"settings_files": "settings_file", "SETTINGS_FILES": "SETTINGS_FILE"} | {
    "environment": "environments",
    "ENVIRONMENT": "ENVIRONMENTS",
}
OPTIONS: dict[str, Any] = {
    "ROOT_PATH": None,
    "SETTINGS_FILE": [],
    "ENVIRONMENTS": False,
    "MAIN_ENV": "MAIN",
    "LOWERCASE_READ": True,
    "ENV_SWITCHER": "ENV_FOR_DYNACONF",
    "ENV": "DEVELOPMENT",
    "FORCE_ENV": None,
    "DEFAULT_ENV": "DEFAULT",
    "ENVVAR_PREFIX": "DYNACONF",
    "IGNORE_UNKNOWN_ENVVARS": False,
    "AUTO_CAST": True,
    "ENCODING": "utf-8",
    "MERGE_ENABLED": False,
    "DOTTED_LOOKUP": True,
    "NESTED_SEPARATOR": "__",
    "INDEX_SEPARATOR": None,
    "ENVVAR": "SETTINGS_FILE_FOR_DYNACONF",
    "REDIS_ENABLED": False,
    "VAULT_ENABLED": False,
    "CORE_LOADERS": ["YAML", "TOML", "INI", "JSON", "PY"],
    "LOADERS": ["dynaconf.loaders.env_loader"],
    "SILENT_ERRORS": True,
    "FRESH_VARS": [],
    "DOTENV_PATH": None,
    "DOTENV_VERBOSE": False,
    "DOTENV_OVERRIDE": False,
    "YAML_LOADER": "safe_load",
    "COMMENTJSON_ENABLED": False,
    "SECRETS": None,
    "INCLUDES": [],
    "PRELOAD": [],
    "SKIP_FILES": [],
    "APPLY_DEFAULT_ON_NONE": None,
    "VALIDATE_ON_UPDATE": False,
    "SYSENV_FALLBACK": False,
}
"""Options that this model reads or that change no value, with dynaconf's defaults."""
AS_THEY_ARE = (
    *("AUTO_CAST", "DOTTED_LOOKUP", "INDEX_SEPARATOR", "ENVVAR", "REDIS_ENABLED", "VAULT_ENABLED"),
    *("CORE_LOADERS", "LOADERS", "YAML_LOADER", "COMMENTJSON_ENABLED", "PRELOAD", "SYSENV_FALLBACK"),
    *("SILENT_ERRORS", "VALIDATE_ON_UPDATE", "APPLY_DEFAULT_ON_NONE"),
)
"""Options that are followed with their default only."""
SUFFIX = "_FOR_DYNACONF"


class NotFollowedError(Exception):
    """Something decides the settings that this model does not follow."""


class Store:
    """What one settings object holds, and the options that say how it is filled."""

    def __init__(self, machine: Interpreter, given: dict[str, Abstract], place: Place) -> None:
        """Take the keywords of the call, as they are written."""
        self.machine = machine
        self.place = place
        self.given = {_normal(name): held for name, held in given.items()}
        self.store = Mapping(origin=Origin(place), of=DICT)

    def option(self, name: str) -> Abstract:
        """Return an option: of a variable, of the call, else dynaconf's default."""
        variable = f"{name}{SUFFIX}"
        if name == "ENV":
            switcher = self.given.get(f"ENV_SWITCHER{SUFFIX}", Known(variable))
            variable = str(switcher.value).upper() if isinstance(switcher, Known) else variable
        held = self.machine.environ.held(variable)
        default = self.given.get(f"{name}{SUFFIX}", self.machine.lift(OPTIONS[name], Origin(self.place)))
        if held is ABSENT:
            return self._stage(variable, default) if name == "ENV" else default
        if any(choice is ABSENT for choice in each(held)):
            raise NotFollowedError(f"whether {variable} is set is not known")
        return parsed(self.machine, held, self.place, toml=True)

    def _stage(self, switcher: str, default: Abstract) -> Abstract:
        """Return the environment where its own variable is not set: the usual one may be (`default_settings`)."""
        usual = self.machine.environ.held("ENV_FOR_DYNACONF")
        if isinstance(usual, Known) and f"ENV{SUFFIX}" not in self.given:
            return usual
        return environ.defaulted(self.machine, switcher, default, self.place)

    def plain(self, name: str) -> Any:  # noqa: ANN401 - plain data
        """Return an option as plain data, paths as texts.

        Raises:
            NotFollowedError: it is not known.
        """
        found = self.machine.plain(self._texts(self.option(name)))
        if found is None:
            raise NotFollowedError(f"dynaconf's option {name.lower()} is not known")
        return found[0]

    def _texts(self, held: Abstract) -> Abstract:
        target = plain_object(held)
        if isinstance(target, Sequence) and target.items is not None:
            return Sequence("list", tuple(map(self._texts, target.items)))
        return text_of(self.machine, target, self.place)

    def current(self) -> tuple[str, Origin]:
        """Return the names of the environments that are read, and what chose them."""
        if self.plain("ENVIRONMENTS") is False:
            return str(self.plain("MAIN_ENV")).lower(), NOWHERE
        forced = self.plain("FORCE_ENV")
        if forced is not None:
            return str(forced), NOWHERE
        name, option = self.plain("ENV"), self.option("ENV")
        said = ",".join(map(str, name)) if isinstance(name, list) else str(name)
        return said, Origin(None, option.origin.hops, option.origin.unset)

    # Writing

    def set(self, key: str, held: Abstract, *, merge: bool | None = None, toml: bool = False) -> None:
        """Write one setting (`Settings.set`)."""
        machine = self.machine
        separator = self.plain("NESTED_SEPARATOR")
        if separator:
            key = key.replace(str(separator), ".")
        if "." in key:
            self._dotted(key.split("."), parsed(machine, held, self.place, toml=toml))
            return
        key = upper(key.strip())
        value = parsed(machine, held, self.place, toml=toml)
        old = self.store.cells.get(key)
        if isinstance(value, Instance) and value.library == META:
            if value.facts["kind"] == "@del":
                self.store.cells.pop(key, None)
                return
            inner: Abstract = value.facts["value"]
            unique = value.facts["kind"] == "@merge_unique"
            value = inner if old is None or not _full(machine, old) else merged(machine, old, inner, unique=unique)
        nothing = old is None or (isinstance(old, Known) and old.value is None)
        if not nothing and old is not None and not same(machine, old, value):
            if merge:
                value = merged(machine, old, value)
            else:
                context = bool(self.plain("MERGE_ENABLED")) if merge is None else False
                value = before_set(machine, old, value, context=context)
        self.store.cells[key] = as_dicts(value)

    def _dotted(self, keys: list[str], value: Abstract) -> None:
        """Write a setting inside of another (`Settings._dotted_set`)."""
        machine = self.machine
        first = upper(keys[0])
        old = self.store.cells.get(first)
        if old is not None and isinstance(value, Instance) and value.facts.get("kind") == "@del":
            old = _without(old, keys[1:])
            machine.put(self.store.cells, first, old)
        for key in reversed(keys[1:]):
            value = Mapping({key: value}, Origin(self.place), DICT)
        if old is not None and _full(machine, old):
            whole = merged(machine, Mapping({first: old}, of=DICT), Mapping({first: value}, of=DICT), lists=False)
            value = whole.cells[first] if isinstance(whole, Mapping) else value
        if isinstance(value, Instance) and value.library == META:
            raise failed("ValueError", f"{'.'.join(keys)} is merged into nothing", self.place)
        self.set(first, value)


def _without(held: Abstract, keys: list[str]) -> Abstract:
    """Return a table without one of its entries: `handle_metavalues` takes it out of the old one too."""
    target = plain_object(held)
    if not isinstance(target, Mapping):
        return held
    cells = dict(target.cells)
    inner = cells.pop(spelled(target, keys[0]), None)
    if inner is not None and len(keys) > 1:
        cells[spelled(target, keys[0])] = _without(inner, keys[1:])
    return Mapping(cells, target.origin, DICT, dict(target.more))


def _full(machine: Interpreter, held: Abstract) -> bool:
    """Return whether there is something to merge with."""
    return machine.truth(held) is not False


def _normal(name: str) -> str:
    """Return a keyword of the call as dynaconf names the option, a setting as it is (`utils.normalize_kwargs`)."""
    name = _MISSPELT.get(name, name)
    return f"{name.upper()}{SUFFIX}" if name.upper() in OPTIONS else name


def upper(key: str) -> str:
    """Return a key in upper case as far as its first `__` (`utils.upperfy`)."""
    first, mark, rest = key.partition("__")
    return f"{first.upper()}{mark}{rest}"
