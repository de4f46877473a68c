"""Turns supervisor's programs into drafts (supervisor 4.2 `options.py`)."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.understand.deploy import ini
from batten.understand.deploy.commands import parse
from batten.understand.deploy.drafts import Draft, located
from batten.understand.deploy.reading import Word
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.understand.deploy.ini import Section
    from batten.understand.deploy.reading import Reading

_EXPANSION = re.compile(r"%(?:\((\w+)\)[sd]|(%))")


def drafts(reading: Reading, path: str, around: Draft | None = None) -> Iterator[Draft]:
    """Yield the programs of a configuration file; `around` is the container that runs it."""
    text = reading.text(path) or ""
    sections = ini.parse(text, style="supervisor") if "[program:" in text else []
    if around is None and sections:
        around = Draft("", "supervisor", (), env=everywhere(reading, path, {}))
    for section in sections:
        name = section.name.partition(":")[2].strip()
        command = section.last("command")
        if not section.name.startswith("program:") or not command:
            continue
        if section.last("autostart").lower() in ("false", "off", "0", "no"):
            continue
        yield _draft(reading, path, section, name, around or Draft(name, "supervisor", ()))


def everywhere(reading: Reading, path: str, around: Mapping[str, Variable]) -> dict[str, Variable]:
    """Return what `[supervisord] environment` gives to every program."""
    text = reading.text(path) or ""
    sections = ini.parse(text, style="supervisor") if "environment" in text else []
    found = [_environment(text, section, path, around) for section in sections if section.name == "supervisord"]
    return {name: variable for env in found for name, variable in env.items()}


def included(reading: Reading, path: str) -> list[str]:
    """Return the patterns of `[include] files`."""
    text = reading.text(path) or ""
    found = [s.last("files").split() for s in ini.parse(text, style="supervisor") if s.name == "include"]
    return [pattern for patterns in found for pattern in patterns]


def _draft(reading: Reading, path: str, section: Section, name: str, around: Draft) -> Draft:
    line = next(entry.line for entry in reversed(section.entries) if entry.name == "command")
    at = Location(file=path, line=line)
    evidence = (Evidence(at, f"started by the supervisor program {name}"),)
    env = {**around.env, **_environment(reading.text(path) or "", section, path, around.env)}
    command = _EXPANSION.sub(lambda match: _held(match, env), section.last("command"))
    try:
        texts = shlex.split(command)
    except ValueError:
        reading.unsure(f"the command of {name}", "a quote is not closed", at)
        texts = command.split()
    directory = section.last("directory")
    cwd, home = around.cwd, around.home
    if directory.startswith("/") and around.image is None and not around.evidence:
        cwd, home = located(reading, directory, parse(command).target)
    elif directory.startswith("/"):
        home = directory
    return replace(
        around,
        name=name,
        words=tuple(Word(text, at) for text in texts),
        evidence=(*around.evidence, *evidence),
        env=env,
        cwd=cwd,
        home=home,
        user=section.last("user") or around.user,
    )


def _environment(text: str, section: Section, path: str, around: Mapping[str, Variable]) -> dict[str, Variable]:
    """Return what the last `environment=A="1",B=2` sets (supervisor 4.3 `dict_of_key_value_pairs`).

    `%` is expanded first, with the variables that supervisord itself has.
    """
    entry = next((entry for entry in reversed(section.entries) if entry.name == "environment"), None)
    env: dict[str, Variable] = {}
    if entry is None or "%" in _EXPANSION.sub("", entry.value):  # supervisord refuses the latter
        return env
    lexer = shlex.shlex(entry.value)
    lexer.wordchars += "/.+-():%"
    try:
        tokens = list(lexer)
    except ValueError:
        return env
    for start in range(0, len(tokens), 4):
        name, equals, *rest = tokens[start : start + 3] + [""] * 2
        if equals != "=" or not rest[0]:
            break
        at = Location(file=path, line=_line_of(name, text, entry.line))
        env[name] = Variable(name, _expanded(rest[0].strip("'\""), section, around), at, "supervisor environment")
    return env


def _line_of(name: str, text: str, first: int) -> int:
    """Return the line of a variable: a list of them may go on over several."""
    lines = text.split("\n")
    written = re.compile(rf"(?<![\w.]){re.escape(name)}\s*=")
    for number, line in enumerate(lines[first - 1 :], start=first):
        if number > first and line[:1] not in (" ", "\t"):
            break
        if written.search(line if number > first else re.sub(r"environment\s*[=:]", "", line, count=1)):
            return number
    return first


def _expanded(text: str, section: Section, around: Mapping[str, Variable]) -> str | None:
    """Return a value with its expansions, None when one is known only on the server."""
    known = {f"ENV_{name}": variable.value for name, variable in around.items()}
    known["program_name"] = section.name.partition(":")[2].strip()
    if any(match[1] and known.get(match[1]) is None for match in _EXPANSION.finditer(text)):
        return None
    return _EXPANSION.sub(lambda match: known[match[1]] or "" if match[1] else "%", text)


def _held(match: re.Match[str], env: Mapping[str, Variable]) -> str:
    """Return what stands for an expansion in a command: a variable that is not known stays one."""
    if match[2]:
        return "%"
    name = match[1].removeprefix("ENV_")
    variable = env.get(name) if name != match[1] else None
    if variable is not None and variable.value is not None:
        return variable.value
    return f"${name}" if name != match[1] else match[0]
