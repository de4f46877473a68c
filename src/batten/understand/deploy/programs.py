"""Understands the servers that start Python web apps, by their command lines."""

from __future__ import annotations

import posixpath
import re
import shlex
from dataclasses import field, replace
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.deploy import supplied
from batten.understand.deploy.grammars import PROGRAMS, Program
from batten.understand.deploy.options import Grammar, Line, read
from batten.understand.deploy.reading import Word
from batten.understand.stack import EnvFile, Start, Variable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.model import Evidence

_PYTHON = re.compile(r"(python|pypy)[0-9.]*(t|\.exe)?")
_PYTHON_RUNS = re.compile(r"-[bBdEhiIOPqsSuvx]*([mc])(.*)", re.DOTALL)
_PYTHON_VALUES = ("-X", "-W", "--check-hash-based-pycs")
_UNKNOWN_ONLY = re.compile(r"\$(\w+|\{\w+\})|\$\(.*\)|`.*`", re.DOTALL)


@dataclass(slots=True)
class Command:
    """What is known about a command before its program is read."""

    words: Sequence[Word]
    env: list[Variable] = field(default_factory=list)
    user: str = ""
    cwd: str | None = None
    env_files: tuple[EnvFile, ...] = ()
    unread: tuple[Evidence, ...] = ()
    """What wrappers add from outside the repository."""
    extra: dict[str, str | bool] = field(default_factory=dict)
    """Options that wrappers add: `reload`, `debugpy`."""


def name_of(word: Word) -> str:
    """Return the program's name without its directory."""
    return posixpath.basename(word.text)


def is_python(name: str) -> bool:
    """Return whether a program is a Python interpreter."""
    return _PYTHON.fullmatch(name) is not None


def start(command: Command, environ: Mapping[str, Variable]) -> Start:
    """Return what a command starts; wrappers have been taken off."""
    if not command.words:
        return Start("")
    name = name_of(command.words[0])
    if is_python(name):
        return _python(command, environ)
    if name in ("manage.py", "django-admin"):
        return _django(command, command.words)
    program = PROGRAMS.get(name)
    if program is not None:
        return _server(command, program, environ)
    if name.endswith(".py"):
        return _file(command, command.words)
    line = read(command.words[1:], Grammar())
    arguments = shlex.join(word.text for word in command.words[1:])
    options = {**line.options, "arguments": arguments} if arguments else line.options
    return _start(command, name, rest_of(line.rest), options)


def rest_of(words: Sequence[Word]) -> str:
    """Return the first argument that is more than an expansion nobody knows."""
    known = [word.text for word in words if not _UNKNOWN_ONLY.fullmatch(word.text)]
    return known[0] if known else words[0].text if words else ""


def _start(command: Command, server: str, target: str, options: Mapping[str, str | bool]) -> Start:
    return Start(
        server,
        target,
        options={**options, **command.extra},
        cwd=command.cwd,
        env=tuple(command.env),
        user=command.user,
        env_files=command.env_files,
        unread=command.unread,
    )


def _python(command: Command, environ: Mapping[str, Variable]) -> Start:
    words = command.words
    position = 1
    while position < len(words):
        text = words[position].text
        given = _PYTHON_RUNS.fullmatch(text)
        if given is not None:
            rest = words[position + 1 :]
            if given[2]:
                rest = (replace(words[position], text=given[2]), *rest)
            if given[1] == "c":
                return _start(command, "python", "", {"code": rest[0].text if rest else ""})
            return _module(command, rest, environ) if rest else _start(command, "python", "", {})
        if not text.startswith("-"):
            break
        position += 2 if text in _PYTHON_VALUES else 1
    rest = words[position:]
    if not rest:
        return _start(command, "python", "", {})
    name = name_of(rest[0])
    if name in ("manage.py", "django-admin"):
        return _django(command, rest)
    if name in PROGRAMS and "." not in name:
        return start(replace(command, words=rest), environ)
    return _file(command, rest)


def _module(command: Command, words: Sequence[Word], environ: Mapping[str, Variable]) -> Start:
    """Read `python -m`: the module's name and what follows."""
    name = words[0].text
    if name in PROGRAMS:
        return start(replace(command, words=words), environ)
    if name == "django":
        return _django(command, words)
    return replace(_file(command, words), is_module=True)


def _file(command: Command, words: Sequence[Word]) -> Start:
    arguments = [word.text for word in words[1:]]
    options: dict[str, str | bool] = {"arguments": shlex.join(arguments)} if arguments else {}
    return _start(command, "python", words[0].text, options)


def _django(command: Command, words: Sequence[Word]) -> Start:
    """Read `manage.py runserver [ADDRESS:PORT]` and its like."""
    grammar = Grammar({"p": "port"}, frozenset(("noreload", "nothreading", "insecure", "nostatic", "ipv6")))
    line = read(words[1:], grammar)
    if not line.rest or not line.rest[0].text.startswith(("runserver", "testserver")):
        return _file(command, words)
    options = line.options
    if "noreload" in options:
        options["reload"] = False
    if len(line.rest) > 1:
        host, _, port = line.rest[1].text.rpartition(":")
        options.setdefault("port", port)
        if host:
            options.setdefault("host", host)
    options["command"] = line.rest[0].text
    return _start(command, "django", words[0].text, options)


def _server(command: Command, program: Program, environ: Mapping[str, Variable]) -> Start:
    line = read(command.words[1:], program.grammar)
    if program.server == "gunicorn":
        _gunicorn_arguments(line, program, environ)
    places = supplied.options(program.server, line, program.grammar.flags, environ)
    command = replace(command, env=[*command.env, *_variables(line, program)], extra=dict(command.extra))
    if program.cwd in line.options:
        command.cwd = posixpath.join(command.cwd or "", str(line.options[program.cwd]))
    if program.user in line.options:
        command.user = str(line.options[program.user])
    rest = line.rest
    if program.commands:
        used = next((word for word in rest if word.text in program.commands), None)
        if used is None:
            return replace(_start(command, program.server, "", line.options), server=_once(program, rest))
        command.extra["command"] = used.text
        rest = [word for word in rest if word is not used]
    if program.server == "fastapi" and command.extra["command"] == "dev":
        line.options.setdefault("reload", True)
    named = line.options.get(program.named)
    target = named if isinstance(named, str) else rest_of(rest)
    if program.server == "pserve":
        line.options["arguments"] = " ".join(word.text for word in rest[1:])
    if program.server == "uwsgi":
        target = uwsgi_target(line.options)
        places = {name: word.at for name, word in line.given} | dict(places)  # its file has a line for each
    if not target and isinstance(line.options.get("app"), str):
        target = str(line.options["app"])  # UVICORN_APP
    command.env_files = (*command.env_files, *_files(program, line))
    return replace(_start(command, program.server, target, line.options), places=places)


def _files(program: Program, line: Line) -> list[EnvFile]:
    """Return the files of `--env-file` (granian: `--env-files`), the one that counts more first."""
    given = [word for name, word in line.given if name in {"env-file", "env-files"}]
    if program.server == "waitress":
        return []
    return [EnvFile(word.text, word.at, program.server) for word in reversed(given)]


def _once(program: Program, rest: Sequence[Word]) -> str:
    """Return a name for a command that ends after its work: `flask db`."""
    return f"{program.server} {rest_of(rest)}".strip()


def _variables(line: Line, program: Program) -> list[Variable]:
    found = []
    for option, word in line.given:
        name, equals, value = word.text.partition("=")
        if option == program.env and equals:
            known = value if word.known else None
            found.append(Variable(name, known, word.at, f"{program.server} --env", word.default))
    return found


def _gunicorn_arguments(line: Line, program: Program, environ: Mapping[str, Variable]) -> None:
    """Add what GUNICORN_CMD_ARGS says; the command line stands over it (gunicorn 23 settings)."""
    variable = environ.get("GUNICORN_CMD_ARGS")
    if variable is None or not variable.value:
        return
    try:
        texts = shlex.split(variable.value)
    except ValueError:
        return
    more = read([Word(text, variable.at) for text in texts], program.grammar)
    line.options = {**more.options, **line.options}
    line.given = more.given + line.given


def uwsgi_target(options: Mapping[str, str | bool]) -> str:
    """Return `module:callable` or `file.py:callable` of uWSGI options."""
    module = options.get("module") or options.get("wsgi") or options.get("wsgi-file") or options.get("file")
    if not isinstance(module, str):
        return ""
    called = options.get("callable")
    return f"{module}:{called}" if isinstance(called, str) and ":" not in module else module
