"""Turns supervisor's programs into drafts (supervisor 4.2 `options.py`)."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.understand.deploy import ini
from batten.understand.deploy.drafts import Draft, located
from batten.understand.deploy.reading import Word
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.understand.deploy.ini import Section
    from batten.understand.deploy.reading import Reading

_PAIR = re.compile(r"""\s*([A-Za-z_]\w*)\s*=\s*("[^"]*"|'[^']*'|[^,"']*)\s*(?:,|\Z)""")
_ENVIRONMENT = re.compile(r"%\(ENV_(\w+)\)s")


def drafts(reading: Reading, path: str, around: Draft | None = None) -> Iterator[Draft]:
    """Yield the programs of a configuration file; `around` is the container that runs it."""
    text = reading.text(path) or ""
    sections = ini.parse(text, style="supervisor") if "[program:" in text else []
    for section in sections:
        name = section.name.partition(":")[2].strip()
        command = section.last("command")
        if not section.name.startswith("program:") or not command:
            continue
        if section.last("autostart").lower() in ("false", "off", "0", "no"):
            continue
        yield _draft(reading, path, section, name, around)


def included(reading: Reading, path: str) -> list[str]:
    """Return the patterns of `[include] files`."""
    text = reading.text(path) or ""
    found = [s.last("files").split() for s in ini.parse(text, style="supervisor") if s.name == "include"]
    return [pattern for patterns in found for pattern in patterns]


def _draft(reading: Reading, path: str, section: Section, name: str, around: Draft | None) -> Draft:
    line = next(entry.line for entry in reversed(section.entries) if entry.name == "command")
    at = Location(file=path, line=line)
    evidence = (Evidence(at, f"started by the supervisor program {name}"),)
    base = around or Draft(name, "supervisor", ())
    env = {**base.env, **_environment(section, path)}
    command = _ENVIRONMENT.sub(lambda match: _held(match, env), section.last("command"))
    try:
        texts = shlex.split(command.replace("%%", "%"))
    except ValueError:
        reading.unsure(f"the command of {name}", "a quote is not closed", at)
        texts = command.split()
    directory = section.last("directory")
    cwd, home = base.cwd, base.home
    if directory.startswith("/") and around is None:
        cwd, home = located(reading, directory)
    elif directory.startswith("/"):
        home = directory
    return replace(
        base,
        name=name,
        words=tuple(Word(text, at) for text in texts),
        evidence=(*base.evidence, *evidence),
        env=env,
        cwd=cwd,
        home=home,
        user=section.last("user") or base.user,
    )


def _environment(section: Section, path: str) -> dict[str, Variable]:
    """Return what `environment=A="1",B=2` sets."""
    env: dict[str, Variable] = {}
    for entry in section.entries:
        for match in _PAIR.finditer(entry.value) if entry.name == "environment" else ():
            value = match[2][1:-1] if match[2][:1] in ("'", '"') else match[2].strip()
            at = Location(file=path, line=entry.line)
            env[match[1]] = Variable(match[1], value, at, "supervisor environment")
    return env


def _held(match: re.Match[str], env: Mapping[str, Variable]) -> str:
    variable = env.get(match[1])
    return f"${match[1]}" if variable is None or variable.value is None else variable.value
