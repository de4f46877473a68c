"""PasteDeploy 3.1: apps and servers named by `.ini` files, as pserve and gunicorn's `--paste` load them.

Facts from PasteDeploy 3.1.0 `paste.deploy.loadwsgi`, plaster-pastedeploy 1.0 and Pyramid 2.1
`pyramid.scripts.pserve`: `[DEFAULT]` is the global configuration, handed to the factory apart from the
section's own lines; `%(name)s` is replaced from both; `use` names an egg's entry point, a callable,
another section or another file.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from batten.model import Location
from batten.model.data import dataclass
from batten.understand.deploy import ini
from batten.understand.evaluate import library
from batten.understand.evaluate.library import CALLS, Call, calls
from batten.understand.evaluate.objects import Abstract, Instance, Known, Mapping, Module, Unknown, plain_object
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.serving import note
from batten.understand.sources import join as join_path

if TYPE_CHECKING:
    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter

DEEPEST = 6
_VARIABLE = re.compile(r"%\((\w+)\)s")
_SERVERS = {
    "waitress": "waitress",
    "gunicorn": "gunicorn",
    "pyramid": "wsgiref",
    "cherrypy": "cheroot",
    "paste": "paste",
}
"""Egg of a `[server:main]` to the kind of server."""


@dataclass(slots=True)
class File:
    """One `.ini` file."""

    path: str
    sections: dict[str, ini.Section] = field(default_factory=dict)

    def lines(self, name: str) -> dict[str, ini.Entry]:
        """Return the entries of a section by name, the last one wins."""
        section = self.sections.get(name)
        return {entry.name: entry for entry in section.entries} if section is not None else {}


def read(machine: Interpreter, name: str) -> File | None:
    """Return an `.ini` file as the process names it, None when it is not in the repository."""
    path = machine.world.repo_path(name)
    text = machine.world.read(path) if path else None
    if path is None or text is None:
        return None
    found = File(path)
    for section in ini.parse(text, style="paste"):
        known = found.sections.get(section.name)
        entries = (*(known.entries if known is not None else ()), *section.entries)
        found.sections[section.name] = ini.Section(section.name, section.line, entries)
    return found


class Loader:
    """Loads what one file names, for one process."""

    def __init__(self, machine: Interpreter, file: File, given: dict[str, str]) -> None:
        """`given` are the `name=value` words of the command line."""
        self.machine = machine
        self.file = file
        self.given = given

    def values(self, section: str, depth: int = 0) -> dict[str, Abstract]:
        """Return what a section hands to its factory, other sections that it uses included."""
        found: dict[str, Abstract] = {}
        lines = self.file.lines(section)
        used = lines.get("use")
        if used is not None and depth < DEEPEST:
            found.update(self._inherited(used.value, section, depth))
        for name, entry in lines.items():
            if name != "use" and not name.startswith("set "):
                found[name] = self._value(section, entry)
        return found

    def _inherited(self, use: str, section: str, depth: int) -> dict[str, Abstract]:
        if use.startswith("config:"):
            path, _, name = use.removeprefix("config:").partition("#")
            directory = self.file.path.rpartition("/")[0]
            other = read(self.machine, self.machine.world.process_path(join_path(directory, path) or path))
            if other is None:
                return {}
            kind = section.partition(":")[0]
            return Loader(self.machine, other, self.given).values(f"{kind}:{name or 'main'}", depth + 1)
        kind = section.partition(":")[0]
        return (
            self.values(f"{kind}:{use}", depth + 1) if ":" not in use and f"{kind}:{use}" in self.file.sections else {}
        )

    def defaults(self) -> dict[str, Abstract]:
        """Return the global configuration."""
        entries = self.file.lines("DEFAULT")
        return {name: self._value("DEFAULT", entry) for name, entry in entries.items()}

    def _value(self, section: str, entry: ini.Entry) -> Known | Unknown:
        at = Location(file=self.file.path, line=entry.line)
        text = self._replaced(section, entry.value, 0)
        if text is None:
            return Unknown(f"{entry.name} holds something that is not in the file", Origin(at))
        hop = (at, f"{self.file.path} sets {entry.name} to", repr(text))
        return Known(text, Origin(at, (hop,), pinned=True))

    def _replaced(self, section: str, text: str, depth: int) -> str | None:
        """Return a text with its `%(name)s` replaced, None when one is not known."""
        lines = {**self.file.lines("DEFAULT"), **self.file.lines(section)}
        directory = self.file.path.rpartition("/")[0] or "."
        unknown = False

        def one(match: re.Match[str]) -> str:
            nonlocal unknown
            name = match[1]
            if name in self.given:
                return self.given[name]
            if name == "here":
                return self.machine.world.process_path(directory)
            found = self._replaced(section, lines[name].value, depth + 1) if name in lines and depth < DEEPEST else None
            unknown = unknown or found is None
            return found or ""

        result = _VARIABLE.sub(one, text).replace("%%", "%")
        return None if unknown else result

    def apps(self, name: str = "main", depth: int = 0) -> list[Abstract]:
        """Return the apps behind a name: of its section, its pipeline's end, or each of a composite."""
        if depth > DEEPEST:
            return []
        pipeline = self.file.lines(f"pipeline:{name}").get("pipeline")
        if pipeline is not None and pipeline.value.split():
            return self.apps(pipeline.value.split()[-1], depth + 1)
        composite = self.file.lines(f"composite:{name}")
        if composite:
            targets = [entry.value for key, entry in composite.items() if key.startswith(("/", "http")) or key == "app"]
            return [app for target in targets for app in self.apps(target, depth + 1)]
        filtered = self.file.lines(f"filter-app:{name}").get("next")
        if filtered is not None:
            return self.apps(filtered.value, depth + 1)
        for section in (f"app:{name}", name):
            if section in self.file.sections:
                return [self._app(section)]
        return []

    def _app(self, section: str) -> Abstract:
        factory = self.factory(section, 0)
        at = Location(file=self.file.path, line=self.file.sections[section].line)
        if factory is None:
            self.machine.doubt(f"{self.file.path} [{section}]", "the app's factory is not in the repository", at)
            return Unknown("the app's factory is not in the repository", Origin(at))
        settings = self.values(section)
        call = Call([Mapping(dict(self.defaults()))], settings, at)
        return self.machine.call(factory, call)

    def factory(self, section: str, depth: int) -> Abstract | None:
        """Return the function that makes the app of a section."""
        lines = self.file.lines(section)
        for key, entry in lines.items():
            if key == "paste.app_factory":
                return self._named(entry.value)
        use = lines["use"].value if "use" in lines else ""
        if use.startswith("call:"):
            return self._named(use.removeprefix("call:"))
        if use.startswith("egg:"):
            egg, _, point = use.removeprefix("egg:").partition("#")
            return self._named(entry_point(self.machine, egg.strip(), point.strip() or "main"))
        if use.startswith("config:") and depth < DEEPEST:
            path, _, name = use.removeprefix("config:").partition("#")
            directory = self.file.path.rpartition("/")[0]
            other = read(self.machine, self.machine.world.process_path(join_path(directory, path) or path))
            return (
                None if other is None else Loader(self.machine, other, {}).factory(f"app:{name or 'main'}", depth + 1)
            )
        if use and f"app:{use}" in self.file.sections and depth < DEEPEST:
            return self.factory(f"app:{use}", depth + 1)
        return None

    def _named(self, target: str) -> Abstract | None:
        module, _, name = target.partition(":")
        if not name:
            module, _, name = target.rpartition(".")
        if self.machine.find(module) is None:
            return None
        found = self.machine.import_module(module, None)
        return self.machine.get_attribute(found, name, None) if isinstance(found, Module) else None

    def server(self, app: Abstract, place: Place, *, reload: bool) -> None:
        """Note the server of `[server:main]`."""
        values, lines = self.values("server:main"), self.file.lines("server:main")
        egg = lines["use"].value if "use" in lines else "egg:waitress"
        kind = _SERVERS.get(egg.removeprefix("egg:").partition("#")[0].lower(), "wsgi")
        if kind == "wsgiref" or egg.endswith("#wsgiref"):
            kind = "wsgiref"
        call = Call([app], {}, place)
        marked = [fact for fact in self.machine.record if fact[0] == "serve"]
        if kind == "waitress":
            kwargs = {name: held for name, held in values.items() if name in {"host", "port", "listen", "unix_socket"}}
            library.load("waitress")
            self.machine.call_library("waitress.serve", Call([app], kwargs, place))
        else:
            where = values.get("bind") or values.get("host") or Known("127.0.0.1", Origin(place))
            note(self.machine, kind, app, where, values.get("port") or Known(8080, Origin(place)), call)
        for fact in self.machine.record:
            if fact[0] == "serve" and fact not in marked and reload:
                fact[3]["reload"] = Known(value=True, origin=Origin(place))


def entry_point(machine: Interpreter, distribution: str, name: str) -> str:
    """Return `module:function` of a `paste.app_factory` entry point; by default `main` of the package."""
    for path in ("setup.py", "setup.cfg", "pyproject.toml"):
        text = machine.world.sources.read(path) or ""
        _, mark, after = text.partition("paste.app_factory")
        found = re.search(rf"^[\s\"']*{re.escape(name)}\s*=\s*[\"']?([\w.]+:[\w.]+)", after, re.MULTILINE)
        if mark and found:
            return found[1]
    return f"{distribution.replace('-', '_')}:{name}"


def load(machine: Interpreter, name: str, given: dict[str, str] | None = None) -> tuple[Loader | None, list[Abstract]]:
    """Return the loader of a file, and the apps that it names (`file.ini#section`)."""
    path, _, section = name.removeprefix("config:").partition("#")
    file = read(machine, path)
    if file is None:
        machine.doubt(path, "it is not in the repository")
        return None, []
    loader = Loader(machine, file, given or {})
    return loader, loader.apps(section or "main")


@calls("paste.deploy.loadapp", "pyramid.paster.get_app")
def _loadapp(machine: Interpreter, call: Call) -> Abstract:
    held = call.get("uri", 0) or call.kwargs.get("config_uri")
    if not (isinstance(held, Known) and isinstance(held.value, str)):
        return Unknown("an app of a file that is not known", Origin(call.place))
    relative = call.kwargs.get("relative_to")
    text = held.value.removeprefix("config:")
    if isinstance(relative, Known) and not text.startswith("/"):
        text = f"{relative.value}/{text}"
    _, apps = load(machine, text)
    return apps[0] if apps else Unknown("an app that is not in the repository", Origin(call.place))


@calls("pyramid.paster.get_appsettings", "paste.deploy.appconfig")
def _settings(machine: Interpreter, call: Call) -> Abstract:
    held = call.get("config_uri", 0) or call.kwargs.get("uri")
    made = Mapping(origin=Origin(call.place))
    path, _, section = (
        str(held.value).removeprefix("config:").partition("#") if isinstance(held, Known) else ("", "", "")
    )
    file = read(machine, path) if path else None
    if file is None:
        made.more["rest"] = Known(value=True)
        return made
    made.cells.update(Loader(machine, file, {}).values(f"app:{section or 'main'}"))
    return made


for _name in ("setup_logging", "bootstrap"):
    CALLS[f"pyramid.paster.{_name}"] = lambda _machine, _call: Known(None)


def command(program: Program) -> None:
    """Do what `pserve [--reload] FILE.ini[#NAME] [name=value …]` does."""
    machine, unit = program.machine, program.unit
    words = str(unit.start.options.get("arguments", "")).split()
    given = dict(word.split("=", 1) for word in words if "=" in word)
    loader, apps = load(machine, unit.start.target, given)
    for app in apps:
        program.served.append(app)
        one = plain_object(app)
        if loader is not None and isinstance(one, Instance):
            loader.server(app, unit.at, reload=bool(unit.start.options.get("reload")))
