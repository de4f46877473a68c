"""Reads the files of hosting platforms: fly.toml, render.yaml, heroku.yml, app.json.

DigitalOcean's has a file of its own, as it says more.
"""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from dataclasses import field
from typing import TYPE_CHECKING, Any

from batten.model import Evidence, Location
from batten.model.data import dataclass
from batten.understand.deploy.reading import Word
from batten.understand.deploy.yamltree import Table, Text, documents, entries, items, text_of
from batten.understand.sources import join
from batten.understand.stack import Reach, Variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.deploy.reading import Reading


_MOST_VARIABLES = 300


@dataclass(frozen=True, slots=True)
class Hosted:
    """One process of a platform."""

    name: str
    evidence: Evidence
    folder: str
    dockerfile: str | None = None
    """The image it runs in, where it runs in one."""
    words: tuple[Word, ...] = ()
    """What it starts; empty: what the image starts."""
    through_shell: bool = True
    env: dict[str, Variable] = field(default_factory=dict)
    reach: Reach = Reach.PLATFORM


def hosted(reading: Reading, path: str) -> Iterator[Hosted]:
    """Yield the processes that a platform's file describes."""
    name = posixpath.basename(path).lower()
    if name.endswith(".toml"):
        yield from _fly(reading, path)
    elif name.startswith("render"):
        yield from _render(reading, path)
    elif name.startswith("heroku"):
        yield from _heroku(reading, path)
    elif ".do/" in path:
        from batten.understand.deploy import digitalocean  # noqa: PLC0415 - only where there is such a file

        yield from digitalocean.hosted(reading, path)


def app_json(reading: Reading, path: str) -> dict[str, Variable]:
    """Return what Heroku's app.json sets beside a Procfile; whoever deploys may change it."""
    text = reading.text(path) or ""
    try:
        data = json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        reading.unsure(path, f"it is not valid JSON: {error}", Location(file=path, line=1))
        return {}
    told = data.get("env") if isinstance(data, dict) else None
    env: dict[str, Variable] = {}
    for name, value in list(told.items())[:_MOST_VARIABLES] if isinstance(told, dict) else ():
        at = Location(file=path, line=_line(text, rf'"{re.escape(name)}"\s*:'))
        if isinstance(value, str):
            env[name] = Variable(name, value, at, "app.json", default=True)
        elif isinstance(value, dict) and isinstance(value.get("value"), str):
            env[name] = Variable(name, value["value"], at, "app.json", default=True)
        elif isinstance(value, dict) and value.get("required", True) is not False:
            env[name] = Variable(name, None, at, "app.json")
    return env


def _line(text: str, pattern: str, start: int = 0) -> int:
    match = re.compile(pattern, re.MULTILINE).search(text, start)
    return text.count("\n", 0, match.start()) + 1 if match else 1


def shell(text: str, at: Location) -> tuple[Word, ...]:
    """Return the words that run a line in a shell."""
    return Word("sh", at), Word("-c", at), Word(text, at)


# fly.toml


def _fly(reading: Reading, path: str) -> Iterator[Hosted]:
    import tomllib  # noqa: PLC0415 - only where such a file exists

    text = reading.text(path) or ""
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reading.unsure(path, f"it is not valid TOML: {error}", Location(file=path, line=1))
        return
    folder = posixpath.dirname(path) or "."
    build = data.get("build") if isinstance(data.get("build"), dict) else {}
    written = build.get("dockerfile") if isinstance(build, dict) else None
    file = join(folder, written if isinstance(written, str) else "Dockerfile")
    dockerfile = file if reading.is_file(file) else None
    env = {
        name: Variable(name, str(value), Location(file=path, line=_in_table(text, "env", name)), "fly.toml env")
        for name, value in list(_table(data.get("env")).items())[:_MOST_VARIABLES]
    }
    routed = "http_service" in data or "services" in data
    reach = Reach.PLATFORM if routed else Reach.INTERNAL
    processes = {n: c for n, c in _table(data.get("processes")).items() if isinstance(c, str)}
    if not processes and dockerfile is not None:
        evidence = Evidence(Location(file=path, line=1), f"built from {dockerfile} by fly.toml")
        yield Hosted("app", evidence, folder, dockerfile, (), env=env, reach=reach)
    for name, command in processes.items():
        at = Location(file=path, line=_in_table(text, "processes", name))
        try:
            words = tuple(Word(word, at) for word in shlex.split(command))
        except ValueError:
            words = tuple(Word(word, at) for word in command.split())
        evidence = Evidence(at, f"started by the fly.toml process {name}")
        yield Hosted(name, evidence, folder, dockerfile, words, through_shell=False, env=env, reach=reach)


def _in_table(text: str, table: str, name: str) -> int:
    """Return the line of a key in a table of TOML text."""
    head = re.search(rf"^\s*\[{table}\]", text, re.MULTILINE)
    return _line(text, rf"""^\s*["']?{re.escape(name)}["']?\s*=""", head.end() if head else 0)


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


# render.yaml


def _render(reading: Reading, path: str) -> Iterator[Hosted]:
    found = documents(reading, path)
    root = found[0] if found and isinstance(found[0], Table) else None
    if root is None:
        return
    groups = {
        text_of(group.get("name")): group for group in items(root.get("envVarGroups")) if isinstance(group, Table)
    }
    for service in items(root.get("services")):
        if not isinstance(service, Table) or text_of(service.get("type")) not in ("web", "worker", "pserv"):
            continue
        folder = join(posixpath.dirname(path) or ".", text_of(service.get("rootDir")) or ".") or "."
        env: dict[str, Variable] = {}
        for item in items(service.get("envVars")):
            group = groups.get(text_of(item.get("fromGroup"))) if isinstance(item, Table) else None
            for told in items(group.get("envVars")) if group is not None else (item,):
                _render_variable(path, told, env)
        name = text_of(service.get("name")) or "web"
        runtime = text_of(service.get("runtime")) or text_of(service.get("env"))
        dockerfile = None
        if runtime == "docker":
            file = join(folder, text_of(service.get("dockerfilePath")) or "Dockerfile")
            dockerfile = file if reading.is_file(file) else None
        command = service.get("startCommand") or service.get("dockerCommand")
        words: tuple[Word, ...] = ()
        at = Location(file=path, line=service.line)
        if isinstance(command, Text) and not command.is_null:
            at = Location(file=path, line=command.line)
            words = shell(command.text, at)
        reach = Reach.PLATFORM if text_of(service.get("type")) == "web" else Reach.INTERNAL
        evidence = Evidence(at, f"started by the Render service {name}")
        if words or dockerfile is not None:
            yield Hosted(name, evidence, folder, dockerfile, words, env=env, reach=reach)


def _render_variable(path: str, item: object, env: dict[str, Variable]) -> None:
    name = text_of(item.get("key")) if isinstance(item, Table) else None
    if name is None or not isinstance(item, Table):
        return
    value = item.get("value")
    known = value.text if isinstance(value, Text) and not value.is_null else None
    line = value.line if isinstance(value, Text) else item.line
    env[name] = Variable(name, known, Location(file=path, line=line), "render.yaml")


# heroku.yml


def _heroku(reading: Reading, path: str) -> Iterator[Hosted]:
    found = documents(reading, path)
    root = found[0] if found and isinstance(found[0], Table) else None
    if root is None:
        return
    folder = posixpath.dirname(path) or "."
    env = {
        name: Variable(name, text_of(value), Location(file=path, line=key.line), "heroku.yml")
        for name, (key, value) in entries(root.get("setup", "config")).items()
    }
    built = {name: (key.line, text_of(value)) for name, (key, value) in entries(root.get("build", "docker")).items()}
    runs = entries(root.get("run"))
    for name in dict.fromkeys([*built, *runs]):
        if name == "release":
            continue
        line, file = built.get(name, (1, None))
        words: tuple[Word, ...] = ()
        if name in runs:
            key, node = runs[name]
            line = key.line
            if isinstance(node, Table):
                file = file or built.get(text_of(node.get("image")) or "", (1, None))[1]
                node = next(items(node.get("command")), node)
            command = text_of(node)
            words = shell(command, Location(file=path, line=node.line)) if command else ()
        dockerfile = join(folder, file) if file else None
        evidence = Evidence(Location(file=path, line=line), f"started by the heroku.yml process {name}")
        if words or reading.is_file(dockerfile):
            yield Hosted(name, evidence, folder, dockerfile if reading.is_file(dockerfile) else None, words, env=env)
