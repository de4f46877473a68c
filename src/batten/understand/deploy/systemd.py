"""Turns systemd service units into drafts: systemd.service(5), systemd.exec(5)."""

from __future__ import annotations

import posixpath
import re
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.understand.deploy import candidates, envfile, ini
from batten.understand.deploy.commands import parse
from batten.understand.deploy.drafts import Draft, located
from batten.understand.deploy.envfile import below
from batten.understand.deploy.reading import Word
from batten.understand.sources import join
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.understand.deploy.ini import Section
    from batten.understand.deploy.reading import Reading

ONE_SHOT = "it runs once (Type=oneshot)"
_PREFIX = re.compile(r"[-@:+!|]*")
_WHOLE = re.compile(r"\$(\w+)|\$\{(\w+)\}")


def drafts(reading: Reading, path: str) -> Iterator[Draft | str]:
    """Yield the process of a service unit, or the reason why it is not deployed."""
    service = service_of(reading, path)
    commands = service.every("ExecStart") if service is not None else []
    if service is None or not commands:
        return
    if service.last("Type") == "oneshot":
        yield ONE_SHOT
        return
    command = commands[-1]
    at = Location(file=command.file or path, line=command.line)
    written = _PREFIX.sub("", command.value, count=1)
    cwd, home = _place(reading, service, written)
    unread: list[Evidence] = []
    env = _environment(reading, service, path, (cwd, home), unread)
    words = _words(reading, written, at, env)
    name = posixpath.basename(path).removesuffix(".service")
    evidence = (Evidence(at, f"started by the systemd unit {name}"),)
    yield Draft(name, "systemd", words, evidence, env, cwd, home, user=_user(service), unread=tuple(unread))


def service_of(reading: Reading, path: str) -> Section | None:
    """Return `[Service]` of a unit, and after it what its drop-ins add (`NAME.service.d/*.conf`, by their names)."""
    text = reading.text(path)
    sections = {s.name: s for s in reversed(ini.parse(text or "", style="systemd"))}
    service = sections.get("Service")
    folder = f"{posixpath.basename(path)}.d"
    added = [
        file
        for file in reading.files()
        if file.endswith(".conf")
        and posixpath.basename(posixpath.dirname(file)) == folder
        and candidates.aside(f"{posixpath.dirname(file)}/-") is None
    ]
    for file in sorted(added, key=posixpath.basename) if service is not None else ():
        for section in ini.parse(reading.text(file) or "", style="systemd"):
            if section.name == "Service" and service is not None:
                entries = tuple(replace(entry, file=file) for entry in section.entries)
                service = replace(service, entries=service.entries + entries)
    return service


def _user(service: Section) -> str:
    dynamic = service.last("DynamicUser").lower() in ("yes", "true", "1", "on")
    return service.last("User") or ("dynamic" if dynamic else "")


def _place(reading: Reading, service: Section, command: str) -> tuple[str, str | None]:
    """Return the working directory, in the repository and on the server."""
    directory = service.last("WorkingDirectory").lstrip("-")
    if directory.startswith("/"):
        return located(reading, directory, parse(command).target)
    for script in re.findall(r"(?:^|\s)(/\S+\.py)\b", command):
        parts = script.strip("/").split("/")
        for start in range(len(parts)):
            inside = "/".join(parts[start:])
            if reading.is_file(inside):
                return ".", script[: -len(inside)].rstrip("/") or "/"
    return ".", None


def _environment(
    reading: Reading, service: Section, path: str, where: tuple[str, str | None], unread: list[Evidence]
) -> dict[str, Variable]:
    """Return what `Environment=` sets, and over it what `EnvironmentFile=` does (systemd.exec(5))."""
    env: dict[str, Variable] = {}
    for entry in service.every("Environment"):
        at = Location(file=entry.file or path, line=entry.line)
        for word in _split(reading, entry.value, at):
            name, equals, value = word.partition("=")
            if equals:
                env[name] = Variable(name, value, at, "Environment")
    for entry in service.every("EnvironmentFile"):
        file = entry.value.lstrip("-")
        inside = _inside(reading, file, *where)
        text = reading.text(inside) if inside is not None else None
        if inside is not None and text is not None:
            env.update(envfile.systemd(text, inside))
        else:
            at = Location(file=entry.file or path, line=entry.line)
            reading.unsure(f"the EnvironmentFile {file}", "it is not in the repository", at)
            unread.append(Evidence(at, f"the EnvironmentFile {file} is not in the repository"))
            env = below(env)
    return env


def _inside(reading: Reading, file: str, cwd: str, home: str | None) -> str | None:
    """Return the repository path of a file of the server, None when there is none."""
    if home is None or not file.startswith(f"{home.rstrip('/')}/"):
        return None
    found = join(cwd, file[len(home.rstrip("/")) + 1 :])
    return found if reading.is_file(found) else None


def _split(reading: Reading, text: str, at: Location) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        reading.unsure(str(at), "a quote is not closed", at)
        return text.split()


def _words(reading: Reading, command: str, at: Location, env: Mapping[str, Variable]) -> tuple[Word, ...]:
    """Return ExecStart as words; `$X` alone is split into words, `${X}` is not."""
    found: list[Word] = []
    for word in _split(reading, command, at):
        whole = re.fullmatch(r"\$(\w+)", word)
        value = env[whole[1]].value if whole is not None and whole[1] in env else None
        if value is not None:
            found += [Word(part, at) for part in value.split()]
            continue
        found.append(Word(_WHOLE.sub(lambda m: _held(m, env), word).replace("%%", "%"), at))
    return tuple(found)


def _held(match: re.Match[str], env: Mapping[str, Variable]) -> str:
    variable = env.get(match[1] or match[2])
    return match[0] if variable is None or variable.value is None else variable.value
