"""dynaconf 3.3: settings files and environment variables.

Facts from dynaconf 3.3.5 `dynaconf.base.Settings`, `dynaconf.loaders`, `dynaconf.utils.files`
and `dynaconf.default_settings`: the files in their order, their `.local.` twins, `DYNACONF_*`
and the variables of the prefix.
"""

from __future__ import annotations

import json
import posixpath
import tomllib
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from batten.understand.committed import stays_outside
from batten.understand.evaluate import environ
from batten.understand.evaluate.frame import Frame
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Known,
    Mapping,
    Module,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import NOWHERE, Origin, Place
from batten.understand.libraries import dotenv, structured, yaml
from batten.understand.libraries.dynaconf_options import AS_THEY_ARE, OPTIONS, SUFFIX, NotFollowedError, Store, upper
from batten.understand.libraries.dynaconf_values import boolean_fix, parsed
from batten.understand.libraries.paths import content
from batten.understand.sources import join as join_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.evaluate.interpreter import Interpreter

ENDINGS = ("py", "toml", "tml", "yaml", "yml", "ini", "conf", "properties", "json")
DEFAULT_FILES = [*(f"settings.{ending}" for ending in ENDINGS), *(f".secrets.{ending}" for ending in ENDINGS)]
_INI = (".ini", ".conf", ".properties")
_NOT_FOLLOWED = frozenset({"filter_strategy", "post_hooks", "loaders", "dynaboxify", "fresh", "validate_only"})


class Loader(Store):
    """Loads the settings of one object."""

    def __init__(self, machine: Interpreter, given: dict[str, Abstract], place: Place) -> None:
        """Take the keywords of the call, as they are written."""
        super().__init__(machine, given, place)
        self.loaded: list[str] = []
        self.missing: list[str] = []
        """Files that are named, not in the repository, and may be where the app runs."""
        self.root: str | None = None
        self.skip: frozenset[str] = frozenset()
        self.default_files: list[str] = []
        self.environment: tuple[str, Origin] = ("", NOWHERE)

    def load(self, *, closed: bool) -> None:
        """Fill the store; `closed` when all arguments of the call are known.

        Raises:
            NotFollowedError: something decides the settings that is not followed.
            ThrownError: dynaconf raises.
        """
        if not closed:
            raise NotFollowedError("the arguments of dynaconf are not known")
        for name in self.given:
            if name in _NOT_FOLLOWED:
                raise NotFollowedError(f"dynaconf's option {name} is not followed")
        self._dotenv()
        for name in AS_THEY_ARE:
            if self.plain(name) != OPTIONS[name]:
                raise NotFollowedError(f"dynaconf's option {name.lower()} is not followed")
        for name, held in self.given.items():
            if not name.endswith(SUFFIX) and name not in {"load_dotenv", "LOAD_DOTENV", "validators"}:
                self.set(name, held)
        root = self.plain("ROOT_PATH")
        self.root = None if root is None else self._repository(str(root))
        self.environment = self.current()
        self.files(self._named())
        self.variables()
        includes = _listed(self._value("DYNACONF_INCLUDE")) + _listed(self.plain("INCLUDES"))
        if includes:
            self._include(includes)
            self.variables()

    def _value(self, name: str) -> Any:  # noqa: ANN401 - plain data
        held = self.store.cells.get(name)
        found = self.machine.plain(held) if held is not None else (None,)
        if found is None:
            raise NotFollowedError(f"{name} is not known")
        return found[0]

    def _dotenv(self) -> None:
        """Put `.env` into the environment (`default_settings.start_dotenv`)."""
        machine, told = self.machine, self.machine.environ.held(f"LOAD_DOTENV{SUFFIX}")
        given = self.given.get("load_dotenv", self.given.get("LOAD_DOTENV"))
        if given is None and told is not ABSENT:
            given = parsed(machine, machine.compute(self.place, boolean_fix, told), self.place, toml=True)
        wanted = machine.truth(given) if given is not None else False
        if wanted is False:
            return
        override = self.plain("DOTENV_OVERRIDE")
        root, path = self.plain("ROOT_PATH"), self.plain("DOTENV_PATH")
        found = self.find(str(path or ".env"), None if root is None else self._repository(str(root)))
        if wanted is None:
            raise NotFollowedError("whether an environment file is loaded is not known")
        if found is None:
            machine.record.append(("dotenv missing", str(path or ".env"), self.place))
        else:
            dotenv.load(machine, found, self.place, override=bool(override))

    # Files

    def _repository(self, path: str) -> str:
        """Return the repository directory of a path of the process."""
        if path.startswith("/") or "\0" in path:
            return self.machine.world.repo_path(path) or "."
        return join_path(self.machine.world.unit.cwd or ".", path) or "."

    def _places(self, root: str | None) -> Iterator[str]:
        """Yield the directories that are searched for a file (`files.find_file`)."""
        start = self.machine.world.unit.start
        cwd = self.machine.world.unit.cwd or "."
        script = posixpath.dirname(start.target) if start.server == "python" and not start.is_module else cwd
        for begin, end in ((root, cwd), (join_path(cwd, script), None), (cwd, None)):
            place = begin
            while place is not None:
                yield place
                yield join_path(place, "config") or "."
                place = None if place in {".", end} else posixpath.dirname(place) or "."

    def find(self, name: str, root: str | None) -> str | None:
        """Return the repository file that dynaconf finds under a name."""
        world = self.machine.world
        if name.startswith("/") or "\0" in name:
            found = world.repo_path(name)
            return found if found is not None and world.read(found) is not None else None
        for place in self._places(root):
            path = world.beside(place, name)
            if path is not None and path not in self.skip:
                return path
        return None

    def _named(self) -> list[str]:
        """Return the files that are to be loaded, as they are named."""
        variable = self.machine.environ.held(f"SETTINGS_FILE{SUFFIX}")
        if isinstance(variable, Unknown):
            raise NotFollowedError("which settings files are read is not known")
        return _listed(self.plain("SETTINGS_FILE")) or self.default_files

    def files(self, names: list[str]) -> None:
        """Load settings files, then their `.local.` twins (`loaders.settings_loader`)."""
        if not names:
            return
        modules: list[str] = []
        found: list[str] = []
        for name in [*names, *_listed(self.plain("SECRETS"))]:
            root = self._root() or (posixpath.dirname(found[0]) or "." if found else None)
            if any(letter in name for letter in "*?["):
                found += self._globbed(name, root or self.machine.world.unit.cwd or ".")
            elif name.rpartition(".")[2] in ENDINGS and "." in name:
                path = self.find(name, root)
                found += [path] if path is not None else []
                if path is None:
                    self._absent(join_path(root or self.machine.world.unit.cwd or ".", name))
            else:
                modules.append(name)
        if modules:
            raise NotFollowedError(f"settings of the module {modules[0]} are not followed")
        self._with_twins(found)

    def _with_twins(self, found: list[str]) -> None:
        """Load files, then those beside them that are named `.local.`."""
        for path in list(found):
            if ".local." not in path:
                stem, _, ending = path.rpartition(".")
                twin = f"{stem}.local.{ending}"
                found += [twin] if self.machine.world.read(twin) is not None else []
                self._absent(None if twin in found else twin)
        for path in found:
            self.file(path)

    def _absent(self, path: str | None) -> None:
        """Note a file that is not in the repository, if it is one that is kept out of it."""
        if path is None or self.machine.world.sources.exists(path):
            return
        name = path.rpartition("/")[2]
        listed = name.startswith(".secrets") and not self.default_files
        if listed or stays_outside(self.machine.world.sources, path):
            self.missing.append(path)

    def _root(self) -> str | None:
        if self.root is None and self.loaded:
            self.root = posixpath.dirname(self.loaded[0]) or "."
        return self.root

    def _globbed(self, pattern: str, root: str) -> list[str]:
        whole = join_path(root, pattern)
        return [] if whole is None else self._matching(whole)

    def _matching(self, whole: str) -> list[str]:
        world, parts = self.machine.world, whole.split("/")
        if "**" in whole:
            raise NotFollowedError("which files ** finds is not followed")
        return sorted(
            path
            for path in world.sources.files()
            if path.count("/") == len(parts) - 1
            and all(fnmatchcase(one, part) for one, part in zip(path.split("/"), parts, strict=True))
            and world.read(path) is not None
        )

    def _include(self, names: list[str]) -> None:
        """Load the files that settings include (`Settings.load_file`)."""
        root = self._root() or self.machine.world.unit.cwd or "."
        done: list[str] = []
        for name in names:
            whole = self.machine.world.repo_path(name) if name.startswith("/") else join_path(root, name)
            paths = self._matching(whole) if whole is not None else []
            self._absent(whole if not paths and not set("*?[") & set(name) else None)
            paths.sort(key=lambda path: ".local." in path)
            for path in paths:
                self._with_twins([] if path in done else [path])
            done += paths

    def file(self, path: str) -> None:
        """Load one settings file."""
        if path.endswith(".py"):
            self._python(path)
            return
        if path.endswith(_INI):
            raise NotFollowedError(f"{path}: ini files of dynaconf are not followed")
        machine, place = self.machine, self.place
        text = content(machine, Known(machine.world.process_path(path)), place)
        if path.endswith(".json"):
            data = structured.read(machine, text, json.loads, structured.json_lines, place)
        elif path.endswith((".yaml", ".yml")):
            data = yaml.values_12(machine, text, place)
        else:
            data = structured.read(machine, text, tomllib.loads, structured.toml_lines, place)
        self.loaded.append(path)
        target = plain_object(data)
        if isinstance(target, Known) and not target.value:
            return
        if not isinstance(target, Mapping) or target.open:
            raise NotFollowedError(f"{path} could not be read")
        layered = self.plain("ENVIRONMENTS") is not False
        for section, why in self._sections(target) if layered else [(target, NOWHERE)]:
            self._table(section, target.cells.get("dynaconf_merge"), why)

    def _sections(self, data: Mapping) -> list[tuple[Mapping, Origin]]:
        """Return the parts of a file that are read, in order (`loaders.base.build_env_list`)."""
        names = [(str(self.plain("DEFAULT_ENV") or "default")).lower()]
        names += [str(self.plain("ENVVAR_PREFIX") or "dynaconf").lower()]
        current, why = self.environment
        chosen = [name.strip().lower() for name in current.split(",") if name]
        parts = {str(key).lower(): held for key, held in data.cells.items()}
        found: list[tuple[Mapping, Origin]] = []
        for name in dict.fromkeys([*names, *chosen, "global"]):
            held = plain_object(parts.get(name, Known(None)))
            if isinstance(held, Mapping):
                found.append((held, why if name in chosen else NOWHERE))
            elif not (isinstance(held, Known) and not held.value):
                raise NotFollowedError(f"[{name}] is no table")
        return found

    def _table(self, data: Mapping, of_file: Abstract | None, why: Origin) -> None:
        merge = of_file
        for key, held in data.cells.items():
            if str(key).upper() == "DYNACONF_MERGE":
                merge = held
        cells = {upper(str(key)): held for key, held in data.cells.items()}  # of two spellings, the last one
        with self.machine.under(why):
            for key, held in cells.items():
                if key not in {"DYNACONF_MERGE", "DYNACONF_DOTTED_LOOKUP"}:
                    self.set(key, self.machine.controlled(held), merge=self._said(merge))

    def _said(self, merge: Abstract | None) -> bool | None:
        if merge is None:
            return None
        truth = self.machine.truth(merge)
        if truth is None:
            raise NotFollowedError("whether settings are merged is not known")
        return truth

    def _python(self, path: str, *, twins: bool = True) -> None:
        """Run a settings file of Python, then those named after the environment (`loaders.py_loader`)."""
        machine = self.machine
        tree = machine.parse(path, machine.world.read(path) or "")
        if tree is None:
            raise NotFollowedError(f"{path} could not be read")
        module = Module(posixpath.basename(path)[:-3], path, package=False)
        module.cells["__file__"] = Known(machine.world.process_path(path))
        machine.block(tree.body, Frame(path, module.cells, module.cells, None, module))
        self.loaded.append(path)
        merge = self._said(module.cells.get("dynaconf_merge", module.cells.get("DYNACONF_MERGE")))
        for name in sorted(map(str, module.cells)):
            if name.startswith("_dynaconf_hook"):
                raise NotFollowedError("hooks of dynaconf are not followed")
            if name.split("__")[0].isupper():
                self.set(name, module.cells[name], merge=merge)
        folder, _, name = path.rpartition("/")
        for stage in [*self.environment[0].lower().split(","), "global"] if twins else []:
            twin = self.find(posixpath.join(folder, f"{stage}_{name}"), ".")
            if twin is not None:
                self._python(twin, twins=False)

    # Variables

    def variables(self) -> None:
        """Load the variables of the environment (`loaders.env_loader`)."""
        prefix = self.plain("ENVVAR_PREFIX")
        if prefix is None:
            return
        prefixes = str(prefix).split(",") if prefix is not False else [""]
        if prefix is False or str(prefix).upper() != "DYNACONF":
            prefixes.insert(0, "DYNACONF")
        known_only = bool(self.plain("IGNORE_UNKNOWN_ENVVARS"))
        for one in prefixes:
            start = f"{one.upper()}_" if one or prefix is not False else ""
            names = [str(name) for name in self.machine.environ.cells if str(name).startswith(start)]
            for name in names:
                key = name[len(start) :]
                if not known_only or key.partition("__")[0].upper() in self.store.cells:
                    self._variable(name, key)

    def _variable(self, name: str, key: str) -> None:
        machine = self.machine
        held = machine.environ.held(name)
        found = [choice for choice in each(held) if choice is not ABSENT]
        for choice in found:
            read = environ.found(choice, name, self.place)
            fixed = read
            if isinstance(read, Known) and isinstance(read.value, str):
                fixed = Known(boolean_fix(read.value), read.origin)
            before = self.store.cells.get(upper(key), ABSENT)
            self.set(key, parsed(machine, fixed, self.place, toml=True))
            if len(found) < len(list(each(held))) or len(found) > 1:
                self.store.cells[upper(key)] = join(before, self.store.cells.get(upper(key), ABSENT))


def _listed(data: Any) -> list[str]:  # noqa: ANN401 - plain data
    """Return `utils.ensure_a_list`, of texts."""
    if not data:
        return []
    if isinstance(data, list | tuple | set):
        return [str(item) for item in data]
    text = str(data)
    separator = next((sign for sign in (";", ",") if sign in text), None)
    return [part.strip() for part in text.strip().split(separator)] if separator else [text]
